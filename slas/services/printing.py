"""The document of an agreement: printed, signed and stored once, by a worker, when all parties have signed.

As with certificates: whoever comes second stores nothing, and a worker that dies on the way leaves the row free.
"""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import trail
from core.printing import Attachment
from core.signing import check_facts, sign_facts, sign_pdf
from slas.documents import agreement_pdf
from slas.facts import FACTS_FILE, SIGNED_FACTS_FILE, facts_text
from slas.models import Agreement, AgreementText
from slas.signals import agreement_changed


def print_document(text: AgreementText) -> bool:
    """Print, sign and store. False when there is a document already or the text is void. Needs `for_document`."""
    if text.document or text.voided_at is not None:
        return False
    facts = facts_text(text)
    jws = sign_facts(facts)
    attachments = (
        Attachment(FACTS_FILE, "application/json", facts.encode(), "What this agreement says, as data"),
        Attachment(SIGNED_FACTS_FILE, "application/jose", jws.encode(), "The same, signed (JWS)"),
    )
    reason = f"Agreement {text.agreement.reference}, signed by all parties"
    return attach_document(
        text=text, pdf=sign_pdf(agreement_pdf(text, attachments), reason=reason), facts=facts, jws=jws
    )


@transaction.atomic
def attach_document(*, text: AgreementText, pdf: bytes, facts: str, jws: str) -> bool:
    """Store the document and its facts once: their bytes never change afterwards. False when there was one already.

    The row is taken before the file is written, so that of two workers only one writes.
    """
    name = f"agreements/{text.agreement.reference}-{text.number}.pdf"
    sha256 = hashlib.sha256(pdf).hexdigest()
    values = {
        "document": name,
        "document_sha256": sha256,
        "document_made_at": timezone.now(),
        "facts": facts,
        "facts_jws": jws,
        "key_id": check_facts(jws).key_id,
    }
    if not AgreementText.objects.standing().filter(pk=text.pk, document="").update(**values):
        return False
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    if stored != name:
        raise OSError(f"the storage took {name} as {stored}")
    text.refresh_from_db(fields=list(values))
    trail.record("printed", text, by=None, after={"sha256": sha256, "bytes": len(pdf), "key": text.key_id})
    agreement_changed.send(sender=Agreement, agreement=text.agreement)
    return True

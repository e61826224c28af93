"""The document of a certificate: printed, signed and stored once, by a worker.

A signature holds a time, so that two prints of one certificate differ. Whoever comes second therefore stores nothing,
and a worker that dies on the way leaves the row free: the next one prints anew.
"""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from certification.documents import certificate_pdf
from certification.facts import FACTS_FILE, SIGNED_FACTS_FILE, facts_text
from certification.models import Certificate
from certification.signals import certificate_changed
from core import trail
from core.printing import Attachment
from core.signing import check_facts, sign_facts, sign_pdf


def print_document(certificate: Certificate) -> bool:
    """Print, sign and store. False when somebody else was quicker. Needs what `for_document` loads."""
    facts = facts_text(certificate)
    jws = sign_facts(facts)
    pdf = certificate_pdf(certificate, attachments(facts, jws))
    reason = f"Certificate {certificate.reference}, issued by {certificate.body_name}"
    return attach_document(certificate=certificate, pdf=sign_pdf(pdf, reason=reason), facts=facts, jws=jws)


def attachments(facts: str, jws: str) -> tuple[Attachment, ...]:
    """The facts as they stand in the PDF: to be read, and to be checked without it."""
    return (
        Attachment(FACTS_FILE, "application/json", facts.encode(), "What this certificate says, as data"),
        Attachment(SIGNED_FACTS_FILE, "application/jose", jws.encode(), "The same, signed (JWS)"),
    )


@transaction.atomic
def attach_document(*, certificate: Certificate, pdf: bytes, facts: str, jws: str) -> bool:
    """Store the document and its facts once: their bytes never change afterwards. False when there was one already.

    The row is taken before the file is written, so that of two workers only one writes; a worker that dies in between
    leaves the row free and a file that the next one overwrites.
    """
    name, sha256 = f"certificates/{certificate.reference}.pdf", hashlib.sha256(pdf).hexdigest()
    free = Certificate.objects.filter(pk=certificate.pk, document="")
    values = {
        "document": name,
        "document_sha256": sha256,
        "document_made_at": timezone.now(),
        "facts": facts,
        "facts_jws": jws,
        "key_id": check_facts(jws).key_id,
    }
    if not free.update(**values):
        return False
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    if stored != name:
        raise OSError(f"the storage took {name} as {stored}")
    certificate.refresh_from_db(fields=list(values))
    after = {"sha256": sha256, "bytes": len(pdf), "key": certificate.key_id}
    trail.record("printed", certificate, by=None, after=after)
    certificate_changed.send(sender=Certificate, certificate=certificate)
    return True

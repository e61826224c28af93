"""Signed assessments on paper: printed once by a worker and kept among the evidence, where whoever asks finds them."""

import hashlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from compliance.models import CameraSystem, Dpia
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence import add_file
from core import jobs, trail
from core.dates import LONDON

PRINT_DPIA = "compliance.print_dpia"
TITLE_LIMIT = 150


def promise_dpia(dpia: Dpia) -> None:
    """The document of a signature; call it inside the transaction that signs."""
    jobs.promise(PRINT_DPIA, {"dpia_id": dpia.pk}, key=f"{PRINT_DPIA}:{dpia.pk}")


@transaction.atomic
def keep_document(*, dpia: Dpia, pdf: bytes) -> bool:
    """Keep the document once, as evidence about its systems that is due with it. False when there was one already.

    Of two workers the row lets one through; a file without its row is removed again.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    if not Dpia.objects.filter(pk=dpia.pk, document_sha256="").update(document_sha256=sha256):
        return False
    with override("en-gb"):
        title = _("DPIA: %(title)s") % {"title": dpia.title}
    signed_on = dpia.signed_at.astimezone(LONDON).date() if dpia.signed_at else None
    in_force = dpia.status == Dpia.Status.SIGNED_OFF
    evidence = add_file(
        operator=dpia.operator,
        upload=SimpleUploadedFile(f"{dpia.reference}.pdf", pdf, content_type="application/pdf"),
        kind=DocumentKind.DPIA,
        title=title[:TITLE_LIMIT],
        systems=list(systems_of(dpia)),
        by=dpia.signed_by,
        dated=signed_on,
        review_on=dpia.review_on if in_force else None,
    )
    Dpia.objects.filter(pk=dpia.pk).update(evidence=evidence)
    dpia.evidence, dpia.document_sha256 = evidence, sha256
    trail.record("printed", dpia, by=None, after={"sha256": sha256, "bytes": len(pdf)})
    return True


def systems_of(dpia: Dpia) -> list[CameraSystem]:
    """The systems that it names."""
    return list(dpia.systems.all())


def retire_document(dpia: Dpia, *, by: User) -> None:
    """What is replaced is no longer due for review; its file stays."""
    evidence = dpia.evidence
    if evidence is None or evidence.review_on is None:
        return
    before, evidence.review_on = {"review_on": evidence.review_on}, None
    evidence.save(update_fields=["review_on"])
    trail.record("changed", evidence, by=by, before=before, after={"review_on": None})

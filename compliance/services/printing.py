"""Self-assessments on paper, made by workers: the signed one once and for ever, unsigned copies when asked for."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from compliance import frozen
from compliance.exchange.content import blank_content, filled_content
from compliance.models import Assessment, SignedAssessment
from compliance.models.assessment import signed_document_path
from core import jobs, trail

PRINT_SIGNED = "compliance.print_signed"
PRINT_COPY = "compliance.print_copy"


def promise_signed_document(signed: SignedAssessment) -> None:
    """The document of a signature; call it inside the transaction that signs."""
    jobs.promise(PRINT_SIGNED, {"signed_id": signed.pk}, key=f"{PRINT_SIGNED}:{signed.pk}")


@transaction.atomic
def attach_signed_document(*, signed: SignedAssessment, pdf: bytes) -> bool:
    """Store the document once: its bytes never change afterwards. False when there was one already.

    The row is taken before the file is written, so that of two workers only one writes; a worker that dies in between
    leaves the row free and a file that the next one overwrites.
    """
    name = signed_document_path(signed, "")
    sha256 = hashlib.sha256(pdf).hexdigest()
    free = SignedAssessment.objects.filter(pk=signed.pk, document="")
    if not free.update(document=name, document_sha256=sha256):
        return False
    store(name, pdf)
    signed.refresh_from_db(fields=["document", "document_sha256"])
    trail.record("printed", signed, by=None, after={"sha256": sha256, "bytes": len(pdf)})
    return True


# --- copies of what is not signed: of the answers as they stand, or of the bare questions ---


def copy_name(assessment: Assessment, *, blank: bool) -> str:
    """Where the copy of exactly what stands there now lies once it is printed. As many queries as the content."""
    content = blank_content(assessment) if blank else filled_content(assessment, None)
    sha256 = frozen.digest(frozen.canonical(content))
    return f"copies/{assessment.reference}/{'blank' if blank else 'answers'}-{sha256}.pdf"


def find_copy(name: str) -> bool:
    return default_storage.exists(name)


@transaction.atomic
def ask_for_copy(*, assessment: Assessment, blank: bool) -> None:
    """Promise a printed copy unless it is there or promised. Nothing of the record changes by it."""
    name = copy_name(assessment, blank=blank)
    arguments = {"assessment_id": assessment.pk, "blank": blank}
    under_way = jobs.Job.objects.open().filter(kind=PRINT_COPY)
    asked = any(job.arguments == arguments for job in under_way.order_by("pk"))
    if not asked and not find_copy(name):
        jobs.promise(PRINT_COPY, arguments)


def keep_copy(*, name: str, pdf: bytes) -> None:
    """Store a copy and drop the older ones of its kind: they say what is not so any more."""
    path = PurePath(name)
    kind = path.name.split("-")[0]
    store(name, pdf)
    _, files = default_storage.listdir(str(path.parent))
    for file in files:
        if file != path.name and file.startswith(f"{kind}-"):
            default_storage.delete(str(path.with_name(file)))


def store(name: str, pdf: bytes) -> None:
    """Write a document under exactly this name, over one that is there. Raises OSError."""
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    if stored != name:
        raise OSError(f"the storage took {name} as {stored}")

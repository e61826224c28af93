"""Files of an application, opened in place: documents, evidence of answers, files of the matter; as they were frozen.

Each file has two addresses, and who asks is asked of both: its bytes, which are compared with the hash that was
recorded before any is sent, and a page that frames them. The bytes of PDFs and pictures come under `CSP: sandbox`,
everything else as an attachment (core.downloads).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from certification.models import MatterFile, VisitPhoto
from certification.submission import Submission
from certification.views import rows
from certification.views.finding import Found, find_at_work
from compliance.models import Evidence
from compliance.models.vocabulary import DocumentKind
from core.downloads import SHOWN, download

CHUNK = 1024 * 1024
SHA256_LENGTH = 64


@dataclass(frozen=True)
class Kept:
    """A file as one of its addresses names it."""

    title: str
    facts: list[dict[str, Any]]
    name: str
    media_type: str
    sha256: str
    size: int
    stored: FieldFile
    url: str
    is_private: bool = False  # between manager and operator: quote and engagement

    @property
    def is_picture(self) -> bool:
        return self.media_type in SHOWN and self.media_type.startswith("image/")

    @property
    def is_framed(self) -> bool:
        return self.media_type in SHOWN and not self.is_picture


def _readable(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Found:
    """The application, for whoever reads its documents; a draft has none that are frozen."""
    return find_at_work(request, organisation, reference, "read_documents")


def document_file(found: Found, position: int) -> Kept:
    """A document of the submission by its place in the list. Two queries."""
    document = get_object_or_404(
        found.application.documents.select_related("evidence"), position=position, application__frozen__gt=""
    )
    stored = document.evidence.file_of(document.sha256) or document.evidence.file
    if not document.sha256 or not stored:
        raise Http404
    kind = rows.document_names(found.application).get(document.kind, _("Other document"))
    return Kept(
        title=document.title,
        facts=[{"key": _("Kind"), "value": kind}],
        name=document.file_name,
        media_type=document.media_type,
        sha256=document.sha256,
        size=document.size,
        stored=stored,
        url=found.address("application_document", position),
    )


def evidence_file(found: Found, sha256: str) -> Kept:
    """Evidence of an answer by the hash under which it was signed; a file replaced since is kept. Two queries."""
    if not found.application.frozen or len(sha256) != SHA256_LENGTH:
        raise Http404
    piece = Submission.of(found.application).evidence(sha256)
    if piece is None:
        raise Http404
    evidence = get_object_or_404(Evidence, operator=found.application.operator_id, reference=piece.reference)
    version = None if evidence.sha256 == sha256 else evidence.versions.filter(sha256=sha256).first()
    stored = version.file if version else evidence.file
    if not stored:
        raise Http404
    return Kept(
        title=piece.title,
        facts=[{"key": _("Kind"), "value": DocumentKind(piece.kind).label if piece.kind else ""}],
        name=piece.file_name,
        media_type=version.media_type if version else evidence.media_type,
        sha256=sha256,
        size=version.size if version else evidence.size,
        stored=stored,
        url=found.address("submitted_evidence", sha256),
    )


def matter_file(found: Found, number: int) -> Kept:
    """A file that one side gave to the other. One query; one more for the operator's look at a photo of a visit, which
    is the operator's to read with the record, once the auditor has signed it.
    """
    kept = get_object_or_404(
        MatterFile.objects.select_related("organisation"), application=found.application, number=number
    )
    unsigned = VisitPhoto.objects.filter(file=kept, visit__auditor_signed_at__isnull=True)
    if found.is_operator and kept.purpose == MatterFile.Purpose.VISIT and unsigned.exists():
        raise Http404
    return Kept(
        title=kept.title,
        facts=[
            {"key": _("Given by"), "value": kept.organisation.local_name},
            {"key": _("Purpose"), "value": capfirst(kept.get_purpose_display())},
        ],
        name=kept.file_name,
        media_type=kept.media_type,
        sha256=kept.sha256,
        size=kept.size,
        stored=kept.file,
        url=found.address("matter_file", number),
        is_private=kept.purpose in (MatterFile.Purpose.QUOTE, MatterFile.Purpose.ENGAGEMENT),
    )


SOURCES: dict[str, Callable[..., Kept]] = {
    "document": document_file,
    "evidence": evidence_file,
    "matter": matter_file,
}


@require_safe
def raw(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, source: str, **place: Any
) -> HttpResponseBase:
    """The bytes; a clear page (409) when they are no longer those that were hashed."""
    found = _readable(request, organisation, reference)
    kept = SOURCES[source](found, **place)
    if kept.is_private:
        require(request.user, "certification.read_engagement", found.application)
    try:
        file = kept.stored.open("rb")
    except (FileNotFoundError, ValueError):
        return altered(request, found, _("The file is not in the store any more."))
    if _sha256(file) != kept.sha256:
        file.close()
        return altered(request, found, _("The file in the store is not the one that was given: its hash differs."))
    return download(file, name=kept.name, media_type=kept.media_type, in_own_pages=True)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # a view behind the sign-in
@require_safe
def view(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, source: str, **place: Any
) -> HttpResponse:
    """A file in place, with its hash; what no browser shows is offered to be saved."""
    found = _readable(request, organisation, reference)
    kept = SOURCES[source](found, **place)
    if kept.is_private:
        require(request.user, "certification.read_engagement", found.application)
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "kept": kept,
        "facts": [
            *(fact for fact in kept.facts if fact["value"]),
            {"key": _("File name"), "value": kept.name},
            {"key": _("Size"), "value": filesizeformat(kept.size)},
        ],
        "back_url": _back(request, found),
        "breadcrumbs": found.trail((kept.title, "")),
    }
    return render(request, "certification/viewer.html", context)


def _back(request: AuthenticatedHttpRequest, found: Found) -> str:
    """To the criterion or thread that led here, if it is a page of this application."""
    here = found.address("application")
    wanted = request.GET.get("back", "")
    return wanted if wanted.startswith(here) and "//" not in wanted and "\\" not in wanted else here


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def altered(request: AuthenticatedHttpRequest, found: Found, sentence: str) -> HttpResponse:
    """A clear page in place of bytes that are not those that were hashed."""
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "sentence": sentence,
        "back_url": found.address("application"),
        "breadcrumbs": found.trail((_("Document"), "")),
    }
    return render(request, "certification/altered.html", context, status=409)

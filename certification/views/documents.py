"""Documents: which go with a draft, and the frozen ones as they were submitted, under this app's own predicate."""

import hashlib
from typing import IO

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.forms import DocumentsForm
from certification.models import Application
from certification.services import applications as services
from certification.services.found_documents import AskedFor, asked_for, found_documents
from certification.submission import holds
from certification.views.finding import Found, find, require_move
from core.downloads import download
from core.errors import RuleBroken, StaleRecord
from core.registry import Document

OTHER = "other"
CHUNK = 1024 * 1024


@get_or_post
def choose(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the scheme asks for, what the records hold of it, and which of that goes with the draft."""
    found = find(request, organisation, reference, "change_application")
    record = found.application
    require_move(record, Application.Status.DRAFT, wanted=Application.Status.DRAFT)
    prefetch_related_objects([record], "documents__evidence")
    in_records = found_documents(record.systems.all())
    asked = asked_for(record, in_records)
    other = _others(record, asked, in_records)
    initial = {"version": record.version}
    form = DocumentsForm(posted(request), asked=asked, other=other, initial=initial)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.choose_documents(application=record, evidence=form.chosen(), version=version, by=request.user)
        except StaleRecord:
            raise
        except RuleBroken as refusal:
            require_move(record, Application.Status.DRAFT, wanted=Application.Status.DRAFT)
            form.add_error(None, str(refusal.sentence))
            status = 422
        else:
            messages.success(request, _("The choice of documents is saved."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "not_found": [wanted for wanted in asked if not wanted.found],
        "has_found": bool(form.found),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Documents"), "")),
    }
    return render(request, "certification/application_documents.html", context, status=status)


def _others(application: Application, asked: list[AskedFor], in_records: list[Document]) -> AskedFor:
    """Documents of kinds that the scheme does not name."""
    named = {wanted.key for wanted in asked}
    return AskedFor(
        key=OTHER,
        name=_("Other documents"),
        required=False,
        found=[document for document in in_records if document.kind not in named],
        chosen=[document for document in application.documents.all() if document.kind not in named],
    )


@require_safe
def document(request: AuthenticatedHttpRequest, organisation: str, reference: str, position: int) -> HttpResponseBase:
    """A document as it was submitted; a clear page when the file is no longer the one that was hashed."""
    found = _readable(request, organisation, reference)
    kept = next((d for d in found.application.documents.all() if d.position == position), None)
    if kept is None or not kept.sha256:
        raise Http404
    stored = kept.evidence.file_of(kept.sha256) or kept.evidence.file  # a replaced file is kept under its own hash
    try:
        file = stored.open("rb")
    except (FileNotFoundError, ValueError):
        return _altered(request, found, _("The file is not in the store any more."))
    if _sha256(file) != kept.sha256:
        file.close()
        return _altered(request, found, _("The file in the store is not the one that was submitted: its hash differs."))
    return download(file, name=kept.file_name, media_type=kept.media_type)


@require_safe
def submission(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The frozen text, byte for byte as it was hashed."""
    found = _readable(request, organisation, reference)
    if not holds(found.application):
        return _altered(request, found, _("The text of the submission does not have the hash that was recorded."))
    response = HttpResponse(found.application.frozen, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.application.reference}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _readable(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Found:
    """Drafts have no frozen documents: the operator opens them among its evidence."""
    found = find(request, organisation, reference, "read_documents")
    if not found.application.frozen:
        raise Http404
    return found


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _altered(request: AuthenticatedHttpRequest, found: Found, sentence: str) -> HttpResponse:
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "sentence": sentence,
        "back_url": found.address("application"),
        "breadcrumbs": found.trail((_("Document"), "")),
    }
    return render(request, "certification/altered.html", context, status=409)

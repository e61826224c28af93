"""Which documents go with a draft: found in the records and chosen; what is missing is added, or asked of somebody."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification.applying_forms import AskForm, DocumentsForm
from certification.models import Application, DocumentRequest
from certification.services import applications as services
from certification.services import document_requests
from certification.services.found_documents import AskedFor, asked_for, found_documents, kind_in_records
from certification.views.finding import Found, find, require_move
from certification.views.terms import take_version
from core.dates import today
from core.errors import RuleBroken, StaleRecord
from core.forms import refused
from core.registry import Document

OTHER = "other"
Status = Application.Status


def _draft(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Found:
    found = find(request, organisation, reference, "edit_draft")
    require_move(found.application, Status.DRAFT, wanted=Status.DRAFT)
    return found


@get_or_post
def choose(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the scheme asks for, what the records hold of it, and which of that goes with the draft."""
    found = _draft(request, organisation, reference)
    record = found.application
    prefetch_related_objects([record], "documents__evidence")
    in_records = found_documents(record.systems.all())
    asked = asked_for(record, in_records)
    form = DocumentsForm(
        posted(request), asked=asked, other=_others(record, asked, in_records), initial={"version": record.version}
    )
    status, overtaken = (422 if form.errors else 200), False
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.choose_documents(application=record, evidence=form.chosen(), version=version, by=request.user)
        except StaleRecord:
            status, overtaken = 409, True
            take_version(form, record)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The choice of documents is saved."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "missing": _missing(found, asked),
        "has_found": bool(form.found),
        "overtaken": overtaken,
        "stored": [document.title for document in record.documents.all()] if overtaken else [],
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Documents"), "")),
    }
    return render(request, "certification/application_documents.html", context, status=status)


def _others(application: Application, asked: list[AskedFor], in_records: list[Document]) -> AskedFor:
    """Documents of kinds that the scheme does not name."""
    named = {kind_in_records(wanted.key) for wanted in asked}
    return AskedFor(
        key=OTHER,
        name=_("Other documents"),
        required=False,
        found=[document for document in in_records if document.kind not in named],
        chosen=[document for document in application.documents.all() if document.kind not in named],
    )


def _missing(found: Found, asked: list[AskedFor]) -> list[dict[str, Any]]:
    """What is not in the records, with whoever is asked for it. One query."""
    requests = {request.kind: request for request in document_requests.open_requests(found.application)}
    return [
        {
            "name": wanted.name,
            "required": wanted.required,
            "add_url": found.address("application_document_add", wanted.key),
            "ask_url": found.address("application_document_ask", wanted.key),
            "cancel_url": found.address("application_document_cancel", wanted.key),
            "asked": requests.get(wanted.key),
            "is_late": _is_late(requests.get(wanted.key)),
        }
        for wanted in asked
        if not wanted.found or wanted.key in requests
    ]


def _is_late(request: DocumentRequest | None) -> bool:
    return request is not None and request.due_on is not None and request.due_on < today()


@require_safe
def add(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """On to the page that adds evidence, with the kind and the systems of the application filled in, and back here."""
    found = _draft(request, organisation, reference)
    _name_or_404(found, kind)
    query: list[tuple[str, str]] = [("kind", kind_in_records(kind))]
    query += [("system", system.reference) for system in found.application.systems.all()]
    query.append(("back", found.address("application_documents")))
    return redirect(f"{reverse('compliance:evidence_add', args=[found.organisation.slug])}?{urlencode(query)}")


def _name_or_404(found: Found, kind: str) -> str:
    name = document_requests.name_of(found.application, kind)
    if not name:
        raise Http404
    return name


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """Ask a colleague by name for a document that the records lack."""
    found = _draft(request, organisation, reference)
    name = _name_or_404(found, kind)
    people = document_requests.who_can_be_asked(found.organisation, request.user)
    form = AskForm(posted(request), people=people)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            document_requests.ask_for(application=found.application, kind=kind, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            asked_of = form.cleaned_data["asked_of"].get_full_name()
            messages.success(request, _("Asked, and told of it: %(name)s") % {"name": asked_of})
            return redirect(found.address("application_documents"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": _("Ask a colleague for: %(name)s") % {"name": name},
        "lead": "" if people else _("Nobody else in your organisation may add evidence. Invite somebody under People."),
        "no_form": not people,
        "submit_label": _("Ask"),
        "cancel_url": found.address("application_documents"),
        "breadcrumbs": found.trail((_("Documents"), found.address("application_documents")), (_("Ask"), "")),
    }
    return render(request, "certification/act.html", context, status=status)


@require_POST
def cancel(request: AuthenticatedHttpRequest, organisation: str, reference: str, kind: str) -> HttpResponse:
    """Nobody is asked for it any more."""
    found = _draft(request, organisation, reference)
    asked = get_object_or_404(document_requests.open_requests(found.application), kind=kind)
    document_requests.cancel(request=asked, by=request.user)
    messages.success(
        request, _("Not asked for any more. Told of it: %(name)s") % {"name": asked.asked_of.get_full_name()}
    )
    return redirect(found.address("application_documents"))

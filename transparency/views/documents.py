"""Documents that the public may read: the list of an operator, what a file gives away, publish, summarise, withdraw."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.leaks import words_of
from compliance.models import CameraSystem
from compliance.services.evidence_changes import LeaksFound
from compliance.views.system_finding import operator_or_404
from core.errors import RuleBroken
from core.forms import refused
from transparency.addresses import document_path
from transparency.document_forms import DocumentForm, SummaryForm, WithdrawDocumentForm
from transparency.document_sources import Source, find_source, sources_of
from transparency.examining import examine, found_in
from transparency.models import PublishedDocument
from transparency.pages.documents import size_text
from transparency.services.documents import publish_document, summarise, withdraw_document
from transparency.views.publishing_parts import Trail, operators_trail

PAGE_SIZE = 20


@require_safe
def documents(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The documents of an operator: what is public, what was withdrawn, which ones not everybody can read."""
    operator = operator_or_404(request, organisation)
    own = PublishedDocument.objects.visible_to(request.user).filter(organisation=operator).newest().for_list()
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": operator,
        "page_obj": page,
        "lacking": own.without_summary().count(),
        "may_publish": request.user.has_perm("transparency.publish_document", operator),
        "breadcrumbs": operators_trail(operator, (_("Documents"), "")),
    }
    return render(request, "publishing/documents.html", context)


@require_safe
def choose(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """From which file: the evidence library, and what the portal printed."""
    operator = operator_or_404(request, organisation)
    require(request.user, "transparency.publish_document", operator)
    page = Paginator(sources_of(operator), PAGE_SIZE).get_page(request.GET.get("page"))
    replaces = request.GET.get("replaces", "")
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [{"source": each, "kind": PublishedDocument.Kind(each.kind).label} for each in page],
        "replaced": _replaced(operator, replaces),
        "breadcrumbs": _trail(operator, (_("Choose a file"), "")),
    }
    return render(request, "publishing/document_choose.html", context)


@get_or_post
def check(request: AuthenticatedHttpRequest, organisation: str, source: str, reference: str) -> HttpResponse:
    """What was found in this file, what the public will be told of it, and publishing it."""
    operator = operator_or_404(request, organisation)
    require(request.user, "transparency.publish_document", operator)
    found = find_source(operator, source, reference)
    if found is None:
        raise Http404
    data = _read(found)
    leaks = found_in(data, found.media_type)
    replaced = _replaced(operator, request.GET.get("replaces", ""))
    form = DocumentForm(
        posted(request),
        initial=_initial(found, replaced, request.GET.get("system", "")) | {"seen": hashlib.sha256(data).hexdigest()},
        systems=list(CameraSystem.objects.filter(operator=operator).order_by("name", "pk")),
        whole=_("Everything that the organisation runs"),
        is_welsh=operator.is_welsh,
        has_leaks=bool(leaks),
    )
    if request.method == "POST" and form.is_valid():
        try:
            document = publish_document(
                organisation=operator,
                source=found,
                told=form.told(),
                seen_sha256=form.cleaned_data["seen"],
                leaks_reason=form.cleaned_data.get("leaks_reason", ""),
                replaces=replaced,
                by=request.user,
            )
        except LeaksFound:  # the look was another a moment ago
            return redirect(request.get_full_path())
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Published: %(title)s") % {"title": document.local_title})
            return redirect("publishing:document", operator.slug, document.reference)
    context = {
        "organisation": operator,
        "source": found,
        "replaced": replaced,
        "leaks": [words_of(leak) for leak in leaks],
        "examined": examine(data, found.media_type),
        "is_pdf": found.media_type == "application/pdf",
        "size": size_text(len(data)),
        "form": form,
        "back": reverse("publishing:documents", args=[operator.slug]),
        "breadcrumbs": _trail(operator, (_("Publish a document"), "")),
    }
    return render(request, "publishing/document_check.html", context, status=422 if form.errors else 200)


def _read(found: Source) -> bytes:
    try:
        return found.read()
    except FileNotFoundError as error:
        raise Http404 from error


def _initial(found: Source, replaced: PublishedDocument | None, system: str) -> dict[str, Any]:
    """What the record says of the file; of a new edition what the public was told of the one before."""
    if replaced is None:
        values = {"kind": found.kind, "title": found.title, "system": system, "language": "en"}
    else:
        names = ("kind", "title", "title_cy", "language")
        values = {name: getattr(replaced, name) for name in names}
        values["system"] = replaced.system.reference if replaced.system else ""
    return {**values, "dated": found.dated, "review_on": found.review_on}


def _replaced(operator: Organisation, reference: str) -> PublishedDocument | None:
    """The newest edition of the document that is to get a new one. Raises Http404 for an unknown reference."""
    if not reference:
        return None
    return get_object_or_404(
        PublishedDocument.objects.filter(organisation=operator).newest().select_related("system"), reference=reference
    )


@require_safe
def document(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One document: what the public sees, whether everybody can read it, its editions."""
    newest = _newest_or_404(request, organisation, reference)
    operator = newest.organisation
    editions = PublishedDocument.objects.filter(reference=newest.reference).select_related("published_by")
    context = {
        "organisation": operator,
        "document": newest,
        "rows": _facts(newest),
        "editions": editions.order_by("-edition"),
        "may_change": request.user.has_perm("transparency.change_document", newest),
        "breadcrumbs": _trail(operator, (newest.local_title, "")),
    }
    return render(request, "publishing/document.html", context)


def _facts(document: PublishedDocument) -> list[dict[str, str]]:
    """What is known of it, for the list of its facts; what is not given is left out."""
    days = (document.dated, document.reviewed_on, document.review_on)
    dated, reviewed_on, review_on = (date_format(day, "j F Y") if day else "" for day in days)
    facts = (
        (_("About"), document.system.local_name if document.system else _("the whole organisation")),
        (_("Version"), document.version),
        (_("Date of the document"), dated),
        (_("Last reviewed on"), reviewed_on),
        (_("Next review by"), review_on),
        (_("Language"), document.get_language_display()),
        (_("File"), f"{document.ending.upper()}, {size_text(document.size)}"),
        (_("SHA-256"), document.sha256),
        (_("Taken from"), document.source_reference),
    )
    address = document_path(document)
    rows = [{"key": key, "value": str(value)} for key, value in facts if value]
    return [{"key": _("Public address"), "value": address, "link": address}, *rows]


@get_or_post
def summary(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Write what the document says."""
    newest = _newest_or_404(request, organisation, reference)
    require(request.user, "transparency.change_document", newest)
    form = SummaryForm(posted(request), initial={"summary": newest.summary, "summary_cy": newest.summary_cy})
    if request.method == "POST" and form.is_valid():
        try:
            summarise(document=newest, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved. The public reads it at the address of the document."))
            return redirect("publishing:document", newest.organisation.slug, newest.reference)
    return _form_page(request, newest, form, _("What the document says"), _("Save"))


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take it back, with a reason."""
    newest = _newest_or_404(request, organisation, reference)
    require(request.user, "transparency.change_document", newest)
    form = WithdrawDocumentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        withdraw_document(document=newest, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Withdrawn. The address of the document says so."))
        return redirect("publishing:document", newest.organisation.slug, newest.reference)
    return _form_page(request, newest, form, _("Withdraw the document"), _("Withdraw the document"))


def _form_page(
    request: AuthenticatedHttpRequest, newest: PublishedDocument, form: Any, title: str, label: str
) -> HttpResponse:
    here = reverse("publishing:document", args=[newest.organisation.slug, newest.reference])
    context = {
        "organisation": newest.organisation,
        "title": title,
        "caption": newest.local_title,
        "takes_no_file": True,
        "form": form,
        "submit_label": label,
        "cancel_url": here,
        "breadcrumbs": _trail(newest.organisation, (newest.local_title, here), (title, "")),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


def _newest_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> PublishedDocument:
    operator = operator_or_404(request, organisation)
    own = PublishedDocument.objects.visible_to(request.user).filter(organisation=operator).newest().for_list()
    return get_object_or_404(own, reference=reference)


def _trail(operator: Organisation, *further: tuple[str, str]) -> Trail:
    return operators_trail(operator, (_("Documents"), reverse("publishing:documents", args=[operator.slug])), *further)

"""Consultations of an operator: list, draft, one of them, opening, outcome, withdrawal."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.consultations import ConcludeForm, ConsultationForm, OpenForm, WithdrawForm
from compliance.models import Camera, Consultation, ConsultationResponse
from compliance.services import consultations as services
from compliance.services.consultation_answers import counts
from compliance.views.system_finding import operator_or_404
from core.dates import days_in_words, today
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from core.registry import Link

PAGE_SIZE = 20
Status = Consultation.Status
COLOURS = {
    Status.DRAFT: "grey",
    Status.OPEN: "green",
    Status.CLOSED: "yellow",
    Status.CONCLUDED: "blue",
    Status.WITHDRAWN: "red",
}


def tag_of(consultation: Consultation) -> dict[str, Any]:
    """The state in a word, as the days have it."""
    if consultation.status == Status.OPEN and consultation.opens_on > today():
        return {"label": _("begins later"), "colour": "blue"}
    if consultation.is_over:
        return {"label": Status.CLOSED.label, "colour": COLOURS[Status.CLOSED]}
    return {"label": consultation.get_status_display(), "colour": COLOURS[Status(consultation.status)]}


def asked_of(consultation: Consultation) -> str:
    if consultation.asks_police and consultation.asks_public:
        return _("Police and public")
    return _("Police") if consultation.asks_police else _("The public")


def consultation_row(consultation: Consultation, url: str) -> dict[str, Any]:
    """One consultation in a list; with its organisation loaded."""
    return {
        "title": consultation.local_title,
        "url": url,
        "organisation": consultation.organisation.local_name,
        "days": days_in_words(consultation.opens_on, consultation.closes_on),
        "asked": asked_of(consultation),
        **tag_of(consultation),
    }


def crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:consultations", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Consultations"), url), *further]


@require_safe
def consultations(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those of an operator; for a police force, also those in which it is asked."""
    operator = operator_or_404(request, organisation)
    own = Consultation.objects.visible_to(request.user).filter(organisation=operator)
    page = Paginator(own.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = Consultation.objects.for_police(request.user).filter(organisation__police_forces=operator)
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [consultation_row(each, each.get_absolute_url()) for each in page],
        "asked": [
            consultation_row(each, reverse("compliance:police_consultation", args=[operator.slug, each.reference]))
            for each in asked.for_list()[:PAGE_SIZE]
        ],
        "may_draft": request.user.has_perm("compliance.draft_consultation", operator),
        "breadcrumbs": crumbs(operator),
    }
    return render(request, "compliance/consultations.html", context)


def found_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Consultation:
    operator = operator_or_404(request, organisation)
    own = Consultation.objects.visible_to(request.user).filter(organisation=operator)
    return get_object_or_404(own.select_related("organisation", "made_by"), reference=reference)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Draft a consultation; `?camera=` ticks a proposed camera."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.draft_consultation", operator)
    initial = {"version": 0, "cameras": request.GET.getlist("camera")}
    form = ConsultationForm(posted(request), organisation=operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft(organisation=operator, by=request.user, **_drafted(form))
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Kept as a draft. Nobody else sees it before it is opened."))
            return redirect(made)
    title = _("Draft a consultation")
    return _form_page(request, operator, form, title, crumbs(operator, (title, "")))


def _drafted(form: ConsultationForm) -> dict[str, Any]:
    cleaned = form.cleaned_data
    return {
        "values": form.values(),
        "cameras": list(cleaned.get("cameras", ())),
        "documents": list(cleaned.get("documents", ())),
    }


def _form_page(
    request: AuthenticatedHttpRequest,
    operator: Organisation,
    form: Any,
    title: str,
    breadcrumbs: list[tuple[str, str]],
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    context = {
        "organisation": operator,
        "form": form,
        "title": title,
        "breadcrumbs": breadcrumbs,
        "cancel_url": breadcrumbs[-2][1],
        **more,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "compliance/consultation_form.html", context, status=status)


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A draft. A save over somebody else's change is a conflict: 409, what was typed is kept."""
    found = found_or_404(request, organisation, reference)
    operator = found.organisation
    require(request.user, "compliance.draft_consultation", operator)
    if found.status != Status.DRAFT:
        raise IllegalMove(found, Status.DRAFT)
    form = ConsultationForm(posted(request), organisation=operator, initial=ConsultationForm.initial_of(found))
    title = _("Change the draft")
    trail = crumbs(operator, (found.local_title, found.get_absolute_url()), (title, ""))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_draft(
                consultation=found, version=form.cleaned_data["version"], by=request.user, **_drafted(form)
            )
        except StaleRecord:
            found.refresh_from_db()
            keep_typed(form, version=found.version)
            return _form_page(request, operator, form, title, trail, status=409, stored=facts_of(found))
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(found)
    return _form_page(request, operator, form, title, trail)


@require_safe
def consultation(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One consultation: what is asked, how many answered, what comes next."""
    found = found_or_404(request, organisation, reference)
    user = request.user
    is_draft, is_running = found.status == Status.DRAFT, found.status in (Status.OPEN, Status.CLOSED)
    may_open = user.has_perm("compliance.open_consultation", found)
    withdrawn = found.changes.filter(after=Status.WITHDRAWN).first() if found.status == Status.WITHDRAWN else None
    context = {
        "organisation": found.organisation,
        "consultation": found,
        "tag": tag_of(found),
        "rows": facts_of(found),
        "figures": [] if is_draft else figures_of(found),
        "police_answers": [] if is_draft else list(found.responses.filter(force__isnull=False).select_related("force")),
        "unread": 0 if is_draft else found.responses.unread().count(),
        "withdrawn": withdrawn,
        "may_edit": is_draft and user.has_perm("compliance.draft_consultation", found.organisation),
        "may_open": is_draft and may_open,
        "may_conclude": is_running and found.is_over and may_open,
        "may_withdraw": may_open and found.can_move_to(Status.WITHDRAWN) and not found.is_over,
        "may_read": not is_draft and user.has_perm("compliance.read_responses", found),
        "public_path": f"/consultations/{found.reference.lower()}/" if found.asks_public and not is_draft else "",
        "breadcrumbs": crumbs(found.organisation, (found.local_title, "")),
    }
    return render(request, "compliance/consultation.html", context)


def facts_of(found: Consultation) -> list[dict[str, Any]]:
    """What is asked, of whom, between which days. Two queries."""
    cameras = [_camera(camera) for camera in found.cameras.select_related("system").order_by("pk")]
    documents = [document.title for document in found.documents.order_by("title", "pk")]
    rows: list[dict[str, Any]] = [
        {"key": _("Who is asked"), "value": asked_of(found)},
        {"key": _("First day for answers"), "value": date_format(found.opens_on, "j F Y")},
        {"key": _("Last day for answers"), "value": date_format(found.closes_on, "j F Y")},
        {"key": _("Title in Welsh"), "value": found.title_cy or _("not given"), "lang": "cy" if found.title_cy else ""},
        {"key": _("What is proposed, and why"), "value": found.summary},
        {
            "key": _("That in Welsh"),
            "value": found.summary_cy or _("not given"),
            "lang": "cy" if found.summary_cy else "",
        },
        {"key": _("Proposed cameras"), "values": cameras or [_("none chosen")]},
    ]
    if found.questions:
        rows.append({"key": _("Own questions"), "values": [question["text"] for question in found.questions]})
    if documents:
        rows.append({"key": _("Documents"), "values": documents})
    if found.asks_police:
        seen = _("every place in full") if found.police_see_places else _("no more of a place than the public")
        rows.append({"key": _("The police see"), "value": seen})
    if found.welsh_missing_reason:
        rows.append({"key": _("Why the Welsh is missing"), "value": found.welsh_missing_reason})
    if found.outcome:
        rows.append({"key": _("Outcome"), "value": found.outcome})
    if found.outcome_cy:
        rows.append({"key": _("Outcome in Welsh"), "value": found.outcome_cy, "lang": "cy"})
    return rows


def _camera(camera: Any) -> str:
    place = camera.location if camera.location != camera.name else ""
    return ", ".join(filter(None, [camera.name, place, camera.ward, camera.system.local_name]))


def figures_of(found: Consultation) -> list[dict[str, Any]]:
    """How many answered, and with which view. One query."""
    counted = counts(found)
    view = ConsultationResponse.View
    return [
        {"label": _("answers of the public"), "value": counted["all"]["public"]},
        *({"label": each.label, "value": counted["view"].get(each, 0)} for each in view),
        {"label": _("answers of police forces"), "value": counted["all"]["police"]},
    ]


@get_or_post
def open_it(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Check what will be asked, then open it."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.open_consultation", found)
    if not found.can_move_to(Status.OPEN):
        raise IllegalMove(found, Status.OPEN)
    form = OpenForm(posted(request), welsh_is_missing=services.missing_welsh(found))
    problems = services.obstacles(found, welsh_may_be_missing=True)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("welsh_missing_reason", "")
        services.open_consultation(consultation=found, by=request.user, welsh_missing_reason=reason)
        messages.success(request, _("Opened. The police of the area were told; the public page is being built."))
        return redirect(found)
    title = _("Check it, then open it")
    context = {
        "organisation": found.organisation,
        "consultation": found,
        "title": title,
        "form": form,
        "problems": problems,
        "rows": facts_of(found),
        "breadcrumbs": crumbs(found.organisation, (found.local_title, found.get_absolute_url()), (title, "")),
    }
    return render(request, "compliance/consultation_open.html", context, status=422 if form.errors else 200)


@get_or_post
def conclude(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give the outcome when the last day is past and every answer was read."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.open_consultation", found)
    if not found.is_over:
        raise IllegalMove(found, Status.CONCLUDED)
    form = ConcludeForm(posted(request), organisation=found.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            services.conclude(consultation=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            if isinstance(refusal, IllegalMove):
                raise
            found = found_or_404(request, organisation, reference)
            refused(form, refusal)
        else:
            messages.success(request, _("Concluded. Those who were asked can read the outcome."))
            return redirect(found)
    title = _("Give the outcome")
    trail = crumbs(found.organisation, (found.local_title, found.get_absolute_url()), (title, ""))
    return _form_page(request, found.organisation, form, title, trail, submit_label=title, figures=figures_of(found))


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take it back, with a reason."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.open_consultation", found)
    if not found.can_move_to(Status.WITHDRAWN) or found.is_over:
        raise IllegalMove(found, Status.WITHDRAWN)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.withdraw(consultation=found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Withdrawn. Its address says so, with your reason."))
        return redirect(found)
    title = _("Withdraw the consultation")
    trail = crumbs(found.organisation, (found.local_title, found.get_absolute_url()), (title, ""))
    return _form_page(request, found.organisation, form, title, trail, submit_label=title, warning=True)


def consultation_acts(request: AuthenticatedHttpRequest, camera: Camera) -> Iterator[Link]:
    """On the page of a proposed camera. No query."""
    operator = camera.system.operator
    if camera.status in services.TAKEN and request.user.has_perm("compliance.draft_consultation", operator):
        url = reverse("compliance:consultation_new", args=[operator.slug])
        yield Link(_("Draft a consultation about it"), f"{url}?camera={camera.reference}")

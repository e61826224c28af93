"""Reports: the list with their states, asking for one, one as a page, as a PDF and as the frozen text."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance import frozen
from compliance.forms.reports import AskReportForm, year_choices
from compliance.models import AnnualReview, CameraSystem, Report
from compliance.reports.blocks import day_of, prepared
from compliance.services import reports as services
from compliance.services.reports import State
from compliance.views.camera_reviews import crumbs
from compliance.views.system_finding import operator_or_404
from core.dates import today
from core.downloads import frozen_text
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE_SIZE = 50
COLOURS = {State.MAKING: "blue", State.READY: "green", State.FAILED: "red"}


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:reports", args=[operator.slug]) if further else ""
    return crumbs(operator, (_("Reports"), url), *further)


@require_safe
def reports(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All reports of an operator, the newest first."""
    operator = operator_or_404(request, organisation)
    own = Report.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(own.defer("content").for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    states = services.states_of(page)
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_row(report, states[report.pk]) for report in page],
        "may_ask": request.user.has_perm("compliance.ask_report", operator),
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/reports.html", context)


def _row(report: Report, state: State) -> dict[str, Any]:
    return {
        "url": _address("report", report),
        "pdf_url": _address("report_pdf", report) if state == State.READY else "",
        "reference": report.reference,
        "kind": capfirst(str(report.get_kind_display())),
        "system": report.system.local_name if report.system else _("All systems"),
        "period_from": report.period_from,
        "period_until": report.period_until,
        "asked_at": report.asked_at,
        "by": report.by.get_full_name() if report.by else "",
        "label": state.label,
        "colour": COLOURS[state],
    }


def _address(name: str, report: Report) -> str:
    return reverse(f"compliance:{name}", args=[report.operator.slug, report.reference])


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Ask for a report."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.ask_report", operator)
    systems = {
        system.reference: system
        for system in CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name")
    }
    years = year_choices(today())
    initial = {"kind": request.GET.get("kind"), "system": request.GET.get("system"), "year": years[1][0]}
    names = [(reference, system.local_name) for reference, system in systems.items()]
    form = AskReportForm(posted(request), systems=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_report(
                operator=operator,
                system=systems.get(form.cleaned_data["system"]),
                kind=form.cleaned_data["kind"],
                period=form.period(),
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            return redirect(_address("report", made))
    title = _("Ask for a report")
    context = {
        "organisation": operator,
        "title": title,
        "caption": operator.local_name,
        "form": form,
        "submit_label": _("Make it"),
        "cancel_url": reverse("compliance:reports", args=[operator.slug]),
        "breadcrumbs": _crumbs(operator, (title, "")),
    }
    return render(request, "compliance/annual_review_form.html", context, status=422 if form.errors else 200)


@require_POST
def print_annual_review(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Ask for the sheet of an authorised annual review."""
    operator = operator_or_404(request, organisation)
    own = AnnualReview.objects.visible_to(request.user).filter(system__operator=operator)
    found = get_object_or_404(own.select_related("system__operator"), reference=reference)
    require(request.user, "compliance.ask_report", operator)
    if found.status != AnnualReview.Status.AUTHORISED:
        raise IllegalMove(found, AnnualReview.Status.AUTHORISED)
    period = (found.period_from, found.period_until)
    kind = Report.Kind.ANNUAL_REVIEW
    made = services.ask_report(operator=operator, system=found.system, kind=kind, period=period, by=request.user)
    messages.success(request, _("The sheet is being made."))
    return redirect(_address("report", made))


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Report:
    """Two queries."""
    operator = operator_or_404(request, organisation)
    own = Report.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.select_related("operator", "system", "by"), reference=reference)


@require_safe
def report(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What a report says, read from its frozen text alone; before that, how it stands."""
    found = _found(request, organisation, reference)
    state = services.states_of([found])[found.pk]
    content = json.loads(found.content) if found.content else {}
    title = content.get("title") or capfirst(str(found.get_kind_display()))
    context = {
        "organisation": found.operator,
        "report": found,
        "state": state.value,
        "tag": {"label": state.label, "colour": COLOURS[state]},
        "title": title,
        "content": content,
        "read_on": day_of(content["as_of"]) if content else "",
        "blocks": prepared(content) if content else [],
        "holds": bool(content) and frozen.digest(found.content) == found.sha256,
        "breadcrumbs": _crumbs(found.operator, (found.reference, "")),
    }
    return render(request, "compliance/report.html", context)


@require_safe
def pdf(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponseBase:
    """The document, always the same bytes."""
    found = _found(request, organisation, reference)
    if not found.pdf:
        raise Http404
    answer = FileResponse(
        found.pdf.open("rb"), as_attachment=True, filename=f"{found.kind}-{found.reference}.pdf".replace("_", "-")
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
def text(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that were frozen and hashed."""
    found = _found(request, organisation, reference)
    if not found.content:
        raise Http404
    return frozen_text(found.content, name=f"report-{found.reference}.json")

"""Entering statistics: opening a period, its figures, what splits them, and confirming that they are complete."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance import periods
from compliance.forms.statistics import ConfirmPeriodForm, FiguresForm, OpenPeriodForm, SplitRowForm
from compliance.measures import MEASURES, Measure
from compliance.models import PeriodStatistics
from compliance.services import statistics as services
from compliance.statistics_checks import shown
from compliance.statistics_records import from_records
from compliance.views.statistics import name_of, period_address, period_or_404, trail_to_statistics
from compliance.views.system_finding import system_address, system_or_404
from core.dates import today
from core.errors import RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from core.templatetags.govuk import FormProblem, form_problems

BLANK_ROWS = 5
MOST_ROWS = 400


def _enterable(request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str) -> PeriodStatistics:
    """Raises Http404, PermissionDenied."""
    found = period_or_404(request, organisation, reference, period)
    require(request.user, "compliance.enter_statistics", found.system)
    return found


@get_or_post
def open_period(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Choose a year or a month and go on to its figures."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.enter_statistics", system)
    others = Organisation.objects.other_operators(system.operator)
    form = OpenPeriodForm(posted(request), others=others, day=today())
    if request.method == "POST" and form.is_valid():
        length, starts_on = form.chosen()
        whose = form.cleaned_data["for_organisation"]
        try:
            found = services.open_period(
                system=system, length=length, starts_on=starts_on, for_organisation=whose, by=request.user
            )
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            return redirect(period_address("period_figures", found))
    title = _("Enter figures")
    context = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "form": form,
        "submit_label": _("Continue"),
        "cancel_url": system_address("system_statistics", system),
        "breadcrumbs": trail_to_statistics(system, (title, "")),
    }
    return render(request, "compliance/statistics_form.html", context, status=422 if form.errors else 200)


@get_or_post
def figures(request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str) -> HttpResponse:
    """All measures of a period on one page. A save over somebody else's keeps what was typed: 409."""
    found = _enterable(request, organisation, reference, period)
    state = services.checked(found)
    initial = {
        key: value.normalize() for (key, area, category), value in state.figures.items() if not area and not category
    }
    form = FiguresForm(
        posted(request),
        initial={key: f"{value:f}" for key, value in initial.items()} | {"version": found.version},
        last_year=state.last_year,
        records=from_records(found.system, found.starts_on, found.ends_on) if found.for_organisation is None else {},
        last_name=periods.in_words(found.length, periods.before(found.length, found.starts_on)),
    )
    overtaken = False
    if request.method == "POST" and form.is_valid():
        try:
            services.save_figures(
                period=found, version=form.cleaned_data["version"], figures=form.figures(), by=request.user
            )
        except StaleRecord:
            overtaken = True
            keep_typed(form, version=found.version)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The figures are saved."))
            return redirect(period_address("period", found))
    context = {
        **_context(found, _("Figures of %(period)s") % {"period": name_of(found)}),
        "form": form,
        "overtaken": [
            {"key": MEASURES[key].label, "value": shown(MEASURES[key], value)} for key, value in initial.items()
        ]
        if overtaken
        else [],
        "lead": _("Leave empty what is not known: that is not the same as 0."),
    }
    return render(request, "compliance/statistics_form.html", context, status=_status(form, overtaken))


def _status(form: forms.Form, overtaken: bool) -> int:
    return 409 if overtaken else 422 if form.errors else 200


def _context(period: PeriodStatistics, title: str) -> dict[str, Any]:
    return {
        "organisation": period.system.operator,
        "system": period.system,
        "period": period,
        "title": title,
        "cancel_url": period_address("period", period),
        "breadcrumbs": trail_to_statistics(
            period.system, (name_of(period), period_address("period", period)), (title, "")
        ),
    }


@get_or_post
def split(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str, measure: str
) -> HttpResponse:
    """Areas and categories of one measure, row by row; more rows are asked for by a button."""
    found = _enterable(request, organisation, reference, period)
    kept = MEASURES.get(measure)
    if kept is None or not (kept.by_area or kept.by_category):
        raise Http404
    rows = _rows(request, kept, found)
    problems: list[FormProblem] = []
    overtaken = False
    if request.method == "POST" and "more" not in request.POST and _all_valid(rows):
        sent = request.POST.get("version", "")
        try:
            version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
            wanted = [entry for row in rows if (entry := row.row())]
            services.split(period=found, version=version, measure=kept, rows=wanted, by=request.user)
        except StaleRecord:
            overtaken = True
        except RuleBroken as refusal:
            problems = refusal_problems(refusal)
        else:
            messages.success(request, _("The rows are saved."))
            return redirect(period_address("period", found))
    wrong = bool(problems) or ("more" not in request.POST and any(row.errors for row in rows))
    context = {
        **_context(found, _("Split: %(measure)s") % {"measure": kept.label}),
        "measure": kept,
        "rows": rows,
        "summary": [*problems, *problems_of(rows)],
        "overtaken": overtaken,
        "version": found.version,
        "may_have_more": len(rows) < MOST_ROWS,
    }
    return render(
        request, "compliance/statistics_split.html", context, status=409 if overtaken else 422 if wrong else 200
    )


def problems_of(forms_in_order: Sequence[forms.Form]) -> list[FormProblem]:
    """Every error of several forms on one page, each with the field that it is about."""
    return [problem for form in forms_in_order for problem in form_problems(form)]


def refusal_problems(refusal: RuleBroken) -> list[FormProblem]:
    """The same of what a service refused."""
    return [FormProblem(str(problem.text), "") for problem in refusal.problems]


def _all_valid(rows: list[SplitRowForm]) -> bool:
    """Every row is looked at, so that all faults stand on the page at once."""
    return not [row for row in rows if not row.is_valid()]


def _rows(request: AuthenticatedHttpRequest, measure: Measure, period: PeriodStatistics) -> list[SplitRowForm]:
    """What stands there and some blank rows; as sent where something was sent."""
    if request.method == "POST":
        sent = request.POST.get("rows", "")
        number = min(int(sent), MOST_ROWS) if sent.isdecimal() and len(sent) < 6 else 0
        rows = [SplitRowForm(request.POST, prefix=f"row-{n}", measure=measure) for n in range(number)]
        if "more" in request.POST:
            typed = [{name: row[name].data for name in row.fields} for row in rows]
            typed += [{}] * min(BLANK_ROWS, MOST_ROWS - number)
            return [_row(n, measure, entry) for n, entry in enumerate(typed)]
        return rows
    known = sorted(
        (area, category, value)
        for (key, area, category), value in services.figures_of(period).items()
        if key == measure.key and (area or category)
    )
    values = [
        {"area": area, "category": category, "value": f"{value.normalize():f}"} for area, category, value in known
    ]
    return [_row(n, measure, entry) for n, entry in enumerate([*values, *({} for _blank in range(BLANK_ROWS))])]


def _row(number: int, measure: Measure, initial: dict[str, Any]) -> SplitRowForm:
    return SplitRowForm(initial=initial, prefix=f"row-{number}", measure=measure)


@get_or_post
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str) -> HttpResponse:
    """Every figure once more with what is odd; confirmed with a note where something is."""
    found = _enterable(request, organisation, reference, period)
    state = services.checked(found)
    seen = ",".join(remark.key for remark in state.remarks)
    form = ConfirmPeriodForm(posted(request), initial={"version": found.version, "note": found.note, "seen": seen})
    overtaken = False
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(
                period=found,
                version=form.cleaned_data["version"],
                seen=form.cleaned_data["seen"].split(","),
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except StaleRecord:
            overtaken = True
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The figures are confirmed."))
            return redirect(period_address("period", found))
    if overtaken or form.errors:
        keep_typed(form, version=found.version, seen=seen)
    whole = [(key, value) for (key, *split_by), value in state.figures.items() if not any(split_by)]
    context = {
        **_context(found, _("Confirm the figures of %(period)s") % {"period": name_of(found)}),
        "form": form,
        "submit_label": _("Confirm that these figures are complete"),
        "rows": [{"key": MEASURES[key].label, "value": shown(MEASURES[key], value)} for key, value in whole],
        "remarks": state.remarks,
        "changed_meanwhile": overtaken,
    }
    return render(request, "compliance/statistics_form.html", context, status=_status(form, overtaken))

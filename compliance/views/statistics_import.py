"""Statistics from a file: brought, looked at period by period, then taken over, all or none."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance import periods
from compliance.forms.statistics import FiguresFileForm
from compliance.measures import MEASURES
from compliance.models import CameraSystem, PeriodStatistics, StatisticFigure
from compliance.services import statistics as services
from compliance.services.kept_lists import keep_upload, kept_upload
from compliance.statistics_checks import shown
from compliance.statistics_files import COLUMNS, SAYS_WHAT, FoundFigures, read_figures
from compliance.views.previews import Preview
from compliance.views.statistics import trail_to_statistics
from compliance.views.system_finding import system_address, system_or_404
from compliance.views.tables import csv_answer
from core.dates import add_months, today
from core.errors import RuleBroken, StaleRecord
from core.files import safe_name
from core.forms import refused

PROBLEMS_SHOWN = 100
CHANGES_SHOWN = 200


class FiguresPreview(Preview):
    """A look at a file of figures."""

    SALT = "compliance.statistics.preview"


@get_or_post
def upload(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take a file and go on to look at it. What is no table of figures is refused here, with one sentence."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.enter_statistics", system)
    form = FiguresFileForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sha256 = keep_upload(upload=file)
            read_figures(kept_upload(sha256))
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            look = FiguresPreview(system.pk, request.user.pk, sha256, safe_name(file.name))
            return redirect(system_address("statistics_import_preview", system, look.token()))
    title = _("Bring figures in from a file")
    context = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "form": form,
        "columns": ", ".join(COLUMNS),
        "measures": [{"key": measure.key, "label": capfirst(str(measure.label))} for measure in MEASURES.values()],
        "submit_label": _("Look at the figures"),
        "cancel_url": system_address("system_statistics", system),
        "breadcrumbs": trail_to_statistics(system, (title, "")),
    }
    return render(request, "compliance/statistics_import.html", context, status=422 if form.errors else 200)


@get_or_post
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, token: str) -> HttpResponse:
    """What the file would change, period by period. Figures that changed since it was looked at: 409."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.enter_statistics", system)
    look = FiguresPreview.read(token, system=system, user=request.user)
    found = read_figures(kept_upload(look.sha256))
    status, problems = 200, []
    if request.method == "POST":
        try:
            number = services.import_figures(
                system=system, figures=found.figures, versions=_versions(request.POST.get("seen", "")), by=request.user
            )
        except StaleRecord:
            status = 409
        except RuleBroken as refusal:
            status, problems = 422, [str(problem.text) for problem in refusal.problems]
        else:
            sentence = ngettext("%(number)d figure was taken over.", "%(number)d figures were taken over.", number)
            messages.success(request, sentence % {"number": number})
            return redirect(system_address("system_statistics", system))
    context = _preview_context(system, look, found) | {"problems": problems, "overtaken": status == 409}
    return render(request, "compliance/statistics_preview.html", context, status=status)


def _preview_context(system: CameraSystem, look: FiguresPreview, found: FoundFigures) -> dict[str, Any]:
    brought = services.lay_beside(system=system, figures=found.figures)
    title, upload_url = _("What the file would change"), system_address("statistics_import", system)
    changes = [
        {
            "period": periods.in_words(each.length, each.starts_on),
            "measure": ", ".join(filter(None, (str(MEASURES[key].label), area, category))),
            "before": shown(MEASURES[key], before),
            "after": shown(MEASURES[key], after),
        }
        for each in brought
        for (key, area, category), before, after in each.changed
    ]
    blocked = [text for each in brought for text in each.problems]
    return {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "file_name": look.file_name,
        "rows": [
            {
                "period": periods.in_words(each.length, each.starts_on),
                "new": each.new,
                "changed": len(each.changed),
                "unchanged": each.unchanged,
            }
            for each in brought
        ],
        "changes": changes[:CHANGES_SHOWN],
        "more_changes": max(len(changes) - CHANGES_SHOWN, 0),
        "blocked": blocked[:PROBLEMS_SHOWN],
        "not_read": found.problems[:PROBLEMS_SHOWN],
        "more_not_read": max(len(found.problems) - PROBLEMS_SHOWN, 0),
        "seen": ";".join(f"{each.length}:{each.starts_on.isoformat()}={each.version}" for each in brought),
        "may_take": bool(found.count) and not blocked and any(each.new or each.changed for each in brought),
        "upload_url": upload_url,
        "breadcrumbs": trail_to_statistics(system, (_("Bring figures in from a file"), upload_url), (title, "")),
    }


def _versions(sent: str) -> dict[tuple[str, dt.date], int]:
    """What the page said it showed; what cannot be read was not seen."""
    found = {}
    for entry in sent.split(";"):
        key, _equals, version = entry.partition("=")
        length, _colon, start = key.partition(":")
        try:
            found[length, dt.date.fromisoformat(start)] = int(version)
        except ValueError:
            continue
    return found


@require_safe
def export(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every figure of a system as CSV, in the columns that the import takes; formulas are neutralised."""
    system = system_or_404(request, organisation, reference)
    own = PeriodStatistics.objects.visible_to(request.user).filter(system=system, for_organisation=None)
    rows = StatisticFigure.objects.filter(period__in=own, value__isnull=False).select_related("period")
    table = (
        (row.measure, _as_written(row.period), row.area, row.category, f"{row.value.normalize():f}")
        for row in rows.order_by("period__starts_on", "measure", "area", "category")
        if row.value is not None
    )
    return csv_answer(COLUMNS, table, name=f"statistics-{system.reference}")


@require_safe
def template(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """An empty table to fill in: measures down; the last whole year and its months across."""
    system = system_or_404(request, organisation, reference)
    year = periods.before(periods.Length.YEAR, periods.year_of(today()))
    months = [add_months(year, number) for number in range(12)]
    spans = [periods.in_words(periods.Length.YEAR, year), *(f"{month:%Y-%m}" for month in months)]
    table = ((each.key, str(each.label), str(each.unit.label), *("" for _span in spans)) for each in MEASURES.values())
    return csv_answer(("measure", *SAYS_WHAT, *spans), table, name=f"statistics-to-fill-in-{system.reference}")


def _as_written(period: PeriodStatistics) -> str:
    if period.length == periods.Length.YEAR:
        return periods.in_words(period.length, period.starts_on)
    return f"{period.starts_on:%Y-%m}"

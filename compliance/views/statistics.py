"""Statistics of systems: which periods there are, a system over its years, one period as inside and as in public."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models import Organisation
from compliance import periods
from compliance.measures import MEASURES, Group, Measure, Unit, measures_of
from compliance.models import CameraSystem, PeriodStatistics, StatisticFigure
from compliance.models.statistics import PeriodStatisticsQuerySet
from compliance.reports.figures import can_be_added, in_words, statistics_of
from compliance.services.statistics import Checked, checked, taken_back_on
from compliance.statistics_checks import Figures, shown
from compliance.suppression import TOTAL, Counts, Shown, suppress
from compliance.system_totals import withheld_of
from compliance.views.system_finding import (
    Crumbs,
    operator_or_404,
    system_address,
    system_or_404,
    trail_to_system,
)
from core.charts import Chart, Row, Table, columns
from core.dates import today
from core.registry import Link

YEARS_SHOWN = 5
PAGE_SIZE = 25
Length = PeriodStatistics.Length
PER = {
    "evidence_packages": gettext_lazy("Cost per evidence package"),
    "cameras_in_use": gettext_lazy("Cost per camera"),
}


def period_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str
) -> PeriodStatistics:
    """The period of that system, with both. Raises Http404."""
    system = system_or_404(request, organisation, reference)
    own = PeriodStatistics.objects.visible_to(request.user).filter(system=system)
    found = get_object_or_404(own.select_related("for_organisation"), reference=period)
    found.system = system
    return found


def period_address(name: str, period: PeriodStatistics, *args: object) -> str:
    return system_address(name, period.system, period.reference, *args)


def name_of(period: PeriodStatistics) -> str:
    """`2025/26` or `March 2026`, with whose areas where they are another's."""
    words = periods.in_words(period.length, period.starts_on)
    if period.for_organisation is None:
        return words
    return _("%(period)s, for %(organisation)s") % {
        "period": words,
        "organisation": period.for_organisation.local_name,
    }


def trail_to_statistics(system: CameraSystem, *further: tuple[str, str]) -> Crumbs:
    return trail_to_system(
        system, (_("Statistics"), system_address("system_statistics", system) if further else ""), *further
    )


def link_to_statistics(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """From the page of a system. No query."""
    yield Link(_("Statistics"), system_address("system_statistics", system))


# --- All of an organisation ---


@require_safe
def statistics(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The systems of an operator with their newest year, and what is missing."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator).select_related("operator")
    page = Paginator(own.order_by("name"), PAGE_SIZE).get_page(request.GET.get("page"))
    newest: dict[int, PeriodStatistics] = {}
    years = _counted(PeriodStatistics.objects.visible_to(request.user).filter(system__in=list(page)))
    for period in years.filter(length=Length.YEAR, for_organisation=None).order_by("starts_on"):
        newest[period.system_id] = period
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_system_row(system, newest.get(system.pk)) for system in page],
        "totals": _totals(operator) if page.paginator.count > 1 else None,
        "due": periods.in_words(Length.YEAR, periods.before(Length.YEAR, periods.year_of(today()))),
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Statistics"), "")],
    }
    return render(request, "compliance/statistics.html", context)


def _totals(operator: Organisation) -> dict[str, Any] | None:
    """All systems together over the last years, for measures that can be added up. Two queries. None without any."""
    years = statistics_of(operator, None, today(), for_the_public=False)
    rows = [
        {"label": measure.label, "values": [in_words(own.get(key), key) or _("not by all") for own in years.values()]}
        for key, measure in MEASURES.items()
        if can_be_added(key) and any(key in own for own in years.values())
    ]
    return {"names": [periods.in_words(Length.YEAR, start) for start in years], "rows": rows} if rows else None


def _counted(found: PeriodStatisticsQuerySet) -> PeriodStatisticsQuerySet:
    """With how many measures are known."""
    whole = Q(figures__area="", figures__category="", figures__value__isnull=False)
    return found.annotate(known=Count("figures", filter=whole))


def _system_row(system: CameraSystem, period: PeriodStatistics | None) -> dict[str, Any]:
    return {
        "name": system.local_name,
        "url": system_address("system_statistics", system),
        "period": name_of(period) if period else "",
        "known": getattr(period, "known", 0),
        "confirmed_at": period.confirmed_at if period else None,
    }


# --- One system over its years ---


@require_safe
def system_statistics(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The last years side by side, a picture of one measure, and all periods on record."""
    system = system_or_404(request, organisation, reference)
    own = PeriodStatistics.objects.visible_to(request.user).filter(system=system)
    every = list(_counted(own.for_list()))
    years = [p for p in every if p.length == Length.YEAR and p.for_organisation is None][:YEARS_SHOWN]
    years.reverse()
    figures = _whole_figures(years)
    measure = MEASURES.get(request.GET.get("measure", ""), MEASURES["evidence_packages"])
    context = {
        "organisation": system.operator,
        "system": system,
        "names": [name_of(year) for year in years],
        "groups": _year_groups(years, figures),
        "measures": [{"key": m.key, "label": m.label, "chosen": m is measure} for m in MEASURES.values()],
        "chart": _chart(measure, years, figures),
        "measure": measure.label,
        "periods": [_period_row(period) for period in every],
        "may_enter": request.user.has_perm("compliance.enter_statistics", system),
        "breadcrumbs": trail_to_statistics(system),
    }
    return render(request, "compliance/statistics_system.html", context)


def _whole_figures(found: Iterable[PeriodStatistics]) -> dict[int, dict[str, Decimal]]:
    """By period and measure, not split. One query."""
    figures: dict[int, dict[str, Decimal]] = {}
    rows = StatisticFigure.objects.filter(
        period__in=[period.pk for period in found], area="", category="", value__isnull=False
    )
    for period, measure, value in rows.values_list("period", "measure", "value"):
        if value is not None:
            figures.setdefault(period, {})[measure] = value
    return figures


def _year_groups(years: list[PeriodStatistics], figures: Mapping[int, Mapping[str, Decimal]]) -> list[dict[str, Any]]:
    """For each section the measures that are known in one of the years; what is not known is said in words."""
    groups, by_year = [], [figures.get(year.pk, {}) for year in years]
    for group in Group:
        rows = [
            {"label": measure.label, "values": [_value(measure, own.get(measure.key)) for own in by_year]}
            for measure in measures_of(group)
            if any(measure.key in own for own in by_year)
        ]
        if group == Group.PEOPLE_AND_MONEY:
            rows += [
                {"label": label, "values": [_cost_per(own, key) for own in by_year]}
                for key, label in PER.items()
                if any(own.get(key) and "cost_gross" in own for own in by_year)
            ]
        if rows:
            groups.append({"label": group.label, "rows": rows})
    return groups


def _value(measure: Measure, value: Decimal | None) -> str:
    return shown(measure, value) if value is not None else _("not recorded")


def _cost_per(figures: Mapping[str, Decimal], measure: str) -> str:
    """The gross cost for each of what `measure` counts, where both are known."""
    cost, number = figures.get("cost_gross"), figures.get(measure)
    return f"£{cost / number:,.2f}" if cost is not None and number else _("not recorded")


def _chart(
    measure: Measure, years: list[PeriodStatistics], figures: Mapping[int, Mapping[str, Decimal]]
) -> Chart | None:
    """One measure over the years; a year without a figure has no bar and says so in the table. None without any."""
    values = [(name_of(year), figures.get(year.pk, {}).get(measure.key)) for year in years]
    if not any(value is not None for _name, value in values):
        return None
    label = str(measure.label)
    return columns(
        "years",
        _("%(measure)s by year") % {"measure": label},
        _("Years run from April to March. A year without a bar has no figure on record."),
        series=(label,),
        rows=[Row(name, ((float(value or 0),),)) for name, value in values],
        table=Table(_("Year"), (label,), tuple((name, (_value(measure, value),)) for name, value in values)),
    )


def _period_row(period: PeriodStatistics) -> dict[str, Any]:
    return {
        "name": name_of(period),
        "url": period_address("period", period),
        "known": period.known,  # type: ignore[attr-defined]
        "confirmed_at": period.confirmed_at,
    }


# --- One period ---


@require_safe
def period(request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str) -> HttpResponse:
    """Every figure of a period with last year's, its splits, and what is odd."""
    found = period_or_404(request, organisation, reference, period)
    state = checked(found)
    may_enter = request.user.has_perm("compliance.enter_statistics", found.system)
    whole = {key: value for (key, area, category), value in state.figures.items() if not area and not category}
    context = {
        "organisation": found.system.operator,
        "system": found.system,
        "period": found,
        "title": name_of(found),
        "last_name": periods.in_words(found.length, periods.before(found.length, found.starts_on)),
        "groups": _period_groups(found, state, may_enter=may_enter),
        "splits": [_split_part(found, measure, state.figures) for measure in _split_measures(state.figures)],
        "remarks": state.remarks,
        "taken_back_on": taken_back_on(found, state.remarks),
        "costs": [{"key": label, "value": _cost_per(whole, key)} for key, label in PER.items()],
        "may_enter": may_enter,
        "may_confirm": may_enter and state.figures and found.ends_on < today() and not found.confirmed_at,
        "breadcrumbs": trail_to_statistics(found.system, (name_of(found), "")),
    }
    return render(request, "compliance/statistics_period.html", context)


def _period_groups(period: PeriodStatistics, state: Checked, *, may_enter: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": group.label,
            "rows": [_figure_row(period, measure, state, may_enter) for measure in measures_of(group)],
        }
        for group in Group
    ]


def _figure_row(period: PeriodStatistics, measure: Measure, state: Checked, may_enter: bool) -> dict[str, Any]:
    key = (measure.key, "", "")
    can_split = may_enter and (measure.by_area or measure.by_category) and measure.unit == Unit.COUNT
    return {
        "label": measure.label,
        "value": _value(measure, state.figures.get(key)),
        "last": _value(measure, state.last_year.get(key)),
        "split_url": period_address("period_split", period, measure.key) if can_split and key in state.figures else "",
    }


def _split_measures(figures: Figures) -> list[Measure]:
    split = {key for key, area, category in figures if area or category}
    return [measure for measure in MEASURES.values() if measure.key in split]


def _split_part(period: PeriodStatistics, measure: Measure, figures: Figures) -> dict[str, Any]:
    """The splits of one measure as a list: area, category, figure."""
    rows = sorted(
        (area, category, value)
        for (key, area, category), value in figures.items()
        if key == measure.key and (area or category)
    )
    return {
        "key": measure.key,
        "label": measure.label,
        "category": measure.by_category,
        "has_areas": any(area for area, _category, _value in rows),
        "has_categories": any(category for _area, category, _value in rows),
        "rows": [
            {"area": area, "category": category, "value": shown(measure, value)} for area, category, value in rows
        ],
    }


@require_safe
def public(request: AuthenticatedHttpRequest, organisation: str, reference: str, period: str) -> HttpResponse:
    """A year as the public may see it: small counts of people by area withheld so that they cannot be worked out."""
    found = period_or_404(request, organisation, reference, period)
    if found.length != Length.YEAR:
        raise Http404  # below a year nothing is shown by area
    state = checked(found)
    withheld = _withheld(found)
    context = {
        "organisation": found.system.operator,
        "system": found.system,
        "period": found,
        "withheld": bool(withheld),
        "title": _("%(period)s as the public may see it") % {"period": name_of(found)},
        "groups": [
            {
                "label": group.label,
                "rows": [
                    {
                        "label": measure.label,
                        "value": _("withheld")
                        if measure.key in withheld
                        else _value(measure, state.figures.get((measure.key, "", ""))),
                    }
                    for measure in measures_of(group)
                ],
            }
            for group in Group
        ],
        "tables": [
            table
            for measure in _split_measures(state.figures)
            if measure.key not in withheld and (table := _public_table(measure, state.figures))
        ],
        "confirmed": date_format(found.confirmed_at, "j F Y") if found.confirmed_at else "",
        "breadcrumbs": trail_to_statistics(
            found.system,
            (name_of(found), reverse("compliance:period", args=[organisation, reference, found.reference])),
            (_("As the public may see it"), ""),
        ),
    }
    return render(request, "compliance/statistics_public.html", context)


def _withheld(period: PeriodStatistics) -> set[str]:
    """Measures of which the whole is withheld: small counts of one system of several. Two queries at most."""
    if period.for_organisation_id is not None:
        return set()
    found = withheld_of(period.system.operator, [period.starts_on])[period.starts_on].figures
    return {measure for measure, system in found if system == period.system_id}


def _public_table(measure: Measure, figures: Figures) -> dict[str, Any] | None:
    """Areas by categories, or areas alone, of one measure. None where it is not split by area."""
    cells = {
        (area, category): int(value) for (key, area, category), value in figures.items() if key == measure.key and area
    }
    both = {cell: count for cell, count in cells.items() if cell[1]}
    counts = Counts(both or cells)
    if len(counts.areas) < 2:
        return None
    found = suppress(counts) if measure.about_people else None
    heads = [*counts.categories, TOTAL] if both else counts.categories

    def cell(area: str, category: str) -> str:
        value = found.value(area, category) if found else counts.of(area, category)
        return _("withheld") if isinstance(value, Shown) else f"{value:,}"

    return {
        "label": measure.label,
        "heads": [_("All") if head == TOTAL else head or measure.label for head in heads],
        "rows": [{"area": area, "cells": [cell(area, head) for head in heads]} for area in counts.areas],
        "withheld": bool(found and found.hidden),
    }

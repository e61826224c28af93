"""Figures that several reports show: statistics by year, reviews, decisions, cameras at their public precision."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.annual_review import in_words as figure_in_words
from compliance.measures import MEASURES, Unit
from compliance.models import (
    Camera,
    CameraDecision,
    CameraReview,
    CameraSystem,
    PeriodStatistics,
    StatisticFigure,
)
from compliance.models.camera import CameraQuerySet, Precision
from compliance.services.systems import FINAL
from compliance.suppression import Shown
from compliance.system_totals import Withheld, withheld_of

YEARS = 5
Years = dict[dt.date, dict[str, Decimal | Shown]]


def cameras_of(operator: Organisation, system: CameraSystem | None) -> CameraQuerySet:
    """The cameras that a report is about: of one system, else of all that are not over."""
    if system is not None:
        return Camera.objects.filter(system=system)
    return Camera.objects.filter(system__operator=operator).exclude(system__status__in=FINAL)


def statistics_of(
    operator: Organisation, system: CameraSystem | None, until: dt.date, *, for_the_public: bool = True
) -> Years:
    """Totals by the first day of each of the last five years, the oldest first. Four queries.

    Several systems are added up where a measure can be added, and then only in a year in which each system that ever
    gave the figure gave it. What is watched for other bodies stands apart, and not here (domain 7.3). Counts of people
    of one system of several are below authority level: small ones are withheld (`compliance.system_totals`),
    unless it is for colleagues alone.
    """
    periods = PeriodStatistics.objects.filter(
        system__operator=operator, for_organisation=None, length=PeriodStatistics.Length.YEAR, starts_on__lte=until
    )
    if system is not None:
        periods = periods.filter(system=system)
    starts = sorted(set(periods.values_list("starts_on", flat=True)))[-YEARS:]
    totals = StatisticFigure.objects.filter(
        period__in=periods.filter(starts_on__in=starts), area="", category="", value__isnull=False
    )
    found: defaultdict[tuple[dt.date, str], dict[int, Decimal]] = defaultdict(dict)
    givers: defaultdict[str, set[int]] = defaultdict(set)
    for start, measure, giver, value in totals.values_list("period__starts_on", "measure", "period__system", "value"):
        if value is not None:
            found[start, measure][giver] = value
            givers[measure].add(giver)
    years: Years = {start: {} for start in starts}
    withheld = withheld_of(operator, starts) if for_the_public else {start: Withheld() for start in starts}
    for (start, measure), values in found.items():
        whole = values.keys() == givers[measure]
        if whole and (len(values) == 1 or can_be_added(measure)):
            hidden = _is_withheld(measure, system, withheld[start])
            years[start][measure] = Shown.WITHHELD if hidden else sum(values.values(), Decimal(0))
    return years


def _is_withheld(measure: str, system: CameraSystem | None, withheld: Withheld) -> bool:
    if system is None:
        return measure in withheld.totals
    return (measure, system.pk) in withheld.figures


def in_words(value: Decimal | Shown | None, measure: str) -> str | None:
    """A figure with its unit, or that it is withheld; None stays None."""
    return _("withheld") if isinstance(value, Shown) else figure_in_words(value, measure)


def why_withheld(years: Years) -> str:
    """The sentence that a report needs where something is withheld; else nothing."""
    if not any(isinstance(value, Shown) for values in years.values() for value in values.values()):
        return ""
    return _(
        "“Withheld” stands for a count of 1 to 4 people in one of several systems, or for a figure from which such a"
        " count could be worked out."
    )


def not_confirmed(operator: Organisation, system: CameraSystem | None, years: Years) -> str:
    """The sentence that a report needs where nobody confirmed the figures of a year, or not those of each system; else
    nothing. One query.
    """
    waiting = PeriodStatistics.objects.filter(
        system__operator=operator,
        for_organisation=None,
        length=PeriodStatistics.Length.YEAR,
        starts_on__in=list(years),
        confirmed_at=None,
        figures__value__isnull=False,
    )
    if system is not None:
        waiting = waiting.filter(system=system)
    starts = sorted(set(waiting.values_list("starts_on", flat=True)))
    if not starts:
        return ""
    return _("Not confirmed as complete: the figures of %(years)s.") % {"years": ", ".join(map(year_name, starts))}


def can_be_added(measure: str) -> bool:
    """Counts, money and people of several systems add up; percentages and medians do not."""
    return measure in MEASURES and MEASURES[measure].unit in (Unit.COUNT, Unit.POUNDS, Unit.FTE)


def year_name(start: dt.date) -> str:
    """2025/26."""
    return f"{start.year}/{(start.year + 1) % 100:02}"


def reviews_in(cameras: CameraQuerySet, start: dt.date, end: dt.date) -> dict[str, int]:
    """How many cameras had a review in a period, and with which outcomes. Two queries."""
    made = CameraReview.objects.filter(camera__in=cameras, on__range=(start, end))
    by_outcome = dict(made.values_list("outcome").annotate(number=Count("pk")).order_by("outcome"))
    return {"cameras": made.values("camera").distinct().count()} | {
        str(outcome): by_outcome.get(outcome, 0) for outcome in CameraReview.Outcome.values
    }


def decisions_in(cameras: CameraQuerySet, start: dt.date, end: dt.date) -> dict[str, int]:
    """How many decisions about cameras of each outcome were taken in a period. One query."""
    made = CameraDecision.objects.filter(camera__in=cameras, at__date__range=(start, end))
    by_outcome = dict(made.values_list("outcome").annotate(number=Count("pk")).order_by("outcome"))
    return {str(outcome): by_outcome.get(outcome, 0) for outcome in CameraDecision.Outcome.values}


def complaints_at_reviews(cameras: CameraQuerySet, start: dt.date, end: dt.date) -> int | None:
    """Complaints about single cameras as their reviews recorded them; None where no review did. One query."""
    made = CameraReview.objects.filter(camera__in=cameras, on__range=(start, end))
    return made.aggregate(total=Sum("complaints"))["total"]


def public_place(camera: Camera) -> str:
    """The place of a camera as far as its precision lets the public know it."""
    if camera.precision in (Precision.EXACT, Precision.STREET):
        return camera.location
    return ""


def latest_of(years: Mapping[dt.date, Mapping[str, object]], measures: Iterable[str]) -> dt.date | None:
    """The newest year with any of `measures`."""
    wanted = set(measures)
    return max((start for start, figures in years.items() if wanted & figures.keys()), default=None)

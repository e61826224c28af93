"""The annual review of a system in the layout that councils use (domain 7.4): its lines as data, by key.

Three columns: the requirement, the review of compliance, further action required. A line's answer, comment and action
stand in `AnnualReview.items` under its key. Figures are taken from the records (`figures_of`), kept with the draft
with their day, and frozen with the rest.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from compliance import frozen
from compliance.measures import MEASURES, Unit
from compliance.models import AnnualReview, Camera, CameraReview, CameraSystem, PeriodStatistics, StatisticFigure
from compliance.statistics_records import from_records
from core.dates import add_months
from core.errors import Text

SCHEMA = "ccp/annual-review/1"
FROZEN_IN = "en-gb"


class Answer(models.TextChoices):
    YES = "yes", pgettext_lazy("answer", "Yes")
    PARTLY = "partly", pgettext_lazy("answer", "Partly")
    NO = "no", pgettext_lazy("answer", "No")
    NONE = "none", pgettext_lazy("answer", "None")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("answer", "Does not apply")


class Section(models.TextChoices):
    OPERATIONAL = "operational", gettext_lazy("Operational")
    SERVICE = "service", gettext_lazy("Service standards")
    PERFORMANCE = "performance", gettext_lazy("Performance")


@dataclass(frozen=True)
class Line:
    """One line of the form. `figures` are keys of `figures_of` that belong beside it."""

    key: str
    section: Section
    requirement: Text
    help: Text = ""
    figures: tuple[str, ...] = ()


LINES: Sequence[Line] = (
    Line(
        "purpose",
        Section.OPERATIONAL,
        gettext_lazy("Does the system still meet the purpose it was installed for?"),
        gettext_lazy("Name the purposes and what shows that they are met."),
    ),
    Line(
        "complaints",
        Section.OPERATIONAL,
        gettext_lazy("Were there complaints about a camera or the system, and with what outcome?"),
        gettext_lazy("Numbers and outcomes. Name nobody."),
        ("complaints", "complaints_upheld"),
    ),
    Line(
        "locations",
        Section.OPERATIONAL,
        gettext_lazy("Was the location of each camera reviewed?"),
        gettext_lazy("The portal counts the reviews of cameras in the period."),
        ("cameras_in_use", "cameras_reviewed", "cameras_never_reviewed"),
    ),
    Line(
        "developments",
        Section.OPERATIONAL,
        gettext_lazy("Are there new developments for which cameras should be added or moved?"),
        gettext_lazy("Buildings, roads, changes in crime."),
        ("cameras_added", "cameras_moved", "cameras_removed"),
    ),
    Line(
        "maintenance",
        Section.OPERATIONAL,
        gettext_lazy("Is there a full regime of maintenance and cleaning?"),
        gettext_lazy("Who does it, how often."),
        ("faults", "fault_days_median"),
    ),
    Line(
        "signs",
        Section.OPERATIONAL,
        gettext_lazy("Are there enough signs, and are they right?"),
        gettext_lazy("Where you looked, and what is to be replaced."),
        ("signs_seen",),
    ),
    Line(
        "code_of_practice",
        Section.OPERATIONAL,
        gettext_lazy("Is the local code of practice up to date?"),
        gettext_lazy("Its edition, and when it is reviewed next."),
    ),
    Line(
        "staffing_hours",
        Section.SERVICE,
        gettext_lazy("Was the control room staffed in the hours agreed?"),
        figures=("staff_fte",),
    ),
    Line(
        "evidence_in_time",
        Section.SERVICE,
        gettext_lazy("Was evidence handed over within the time agreed?"),
        gettext_lazy("Which time was agreed, and how often it was kept."),
        ("evidence_packages",),
    ),
    Line(
        "sia",
        Section.SERVICE,
        gettext_lazy("Do all operators who need one hold a licence for public space surveillance?"),
        gettext_lazy("The licence follows the contract, not the camera."),
        ("sia_licensed",),
    ),
    Line(
        "cameras_working",
        Section.SERVICE,
        gettext_lazy("Did the cameras work as much as was agreed?"),
        gettext_lazy("The portal works the availability out from the times of faults."),
        ("uptime",),
    ),
    Line(
        "police_code",
        Section.SERVICE,
        gettext_lazy("Is there an agreed code of practice with the police, and is it kept?"),
    ),
    Line(
        "maintenance_contract",
        Section.SERVICE,
        gettext_lazy("Is there a maintenance contract, and was it kept?"),
        gettext_lazy("With whom, until when, how fast repairs must be."),
    ),
    Line(
        "use",
        Section.PERFORMANCE,
        gettext_lazy("What did the cameras do in the period?"),
        figures=("log_entries", "incidents", "arrests_assisted", "missing_persons", "safeguarding"),
    ),
    Line(
        "requests",
        Section.PERFORMANCE,
        gettext_lazy("How many requests for images came, and what became of them?"),
        figures=(
            "reviews_requested",
            "reviews_done",
            "images_released_police",
            "images_released_other",
            "requests_refused",
            "sars_received",
            "sars_in_time",
            "foi_received",
        ),
    ),
    Line(
        "cost",
        Section.PERFORMANCE,
        gettext_lazy("What did the system cost, and who paid?"),
        figures=("cost_gross", "police_contribution"),
    ),
)
BY_KEY: Mapping[str, Line] = {line.key: line for line in LINES}
EMPTY: Mapping[str, str] = {"answer": "", "comment": "", "action": "", "due_on": ""}


def lines_of(section: str) -> list[Line]:
    """Those of one section, in their order."""
    return [line for line in LINES if line.section == section]


def item_of(review: AnnualReview, key: str) -> dict[str, str]:
    """What was answered on a line, empty values included."""
    return {**EMPTY, **review.items.get(key, {})}


CAMERA_FIGURES: Mapping[str, Text] = {
    "cameras_in_use": gettext_lazy("Cameras in use"),
    "cameras_reviewed": gettext_lazy("Cameras reviewed in the period"),
    "cameras_never_reviewed": gettext_lazy("Cameras in use that were never reviewed"),
    "signs_seen": gettext_lazy("Reviews at which the sign was seen"),
}


def figures_of(review: AnnualReview) -> dict[str, dict[str, Any]]:
    """The figures beside the lines, to be kept with the draft: as the year's statistics say, else counted from the
    records here; `last` is that of the year before. None: not recorded, which is not 0. About 14 queries.
    """
    system, start, end = review.system, review.period_from, review.period_until
    typed = _statistics(system, start)
    before = _statistics(system, add_months(start, -12))
    counted = from_records(system, start, end)
    found: dict[str, dict[str, Any]] = {}
    for key in MEASURES:
        value, last = in_words(typed.get(key, counted.get(key)), key), in_words(before.get(key), key)
        found[key] = {"value": value, "last": last, "counted": value is not None and key not in typed}
    return found | _of_cameras(system, start, end)


def label_of(key: str) -> str:
    """What a figure is called."""
    return str(CAMERA_FIGURES[key] if key in CAMERA_FIGURES else MEASURES[key].label)


def _statistics(system: CameraSystem, start: dt.date) -> dict[str, Decimal]:
    """The totals of the year that begins on that day, as they were entered. One query."""
    rows = StatisticFigure.objects.filter(
        period__system=system,
        period__for_organisation=None,
        period__length=PeriodStatistics.Length.YEAR,
        period__starts_on=start,
        area="",
        category="",
        value__isnull=False,
    )
    return {measure: value for measure, value in rows.values_list("measure", "value") if value is not None}


def in_words(value: Decimal | None, key: str) -> str | None:
    """A figure with its unit, as it is written in English and Welsh alike; None stays None."""
    if value is None:
        return None
    measure = MEASURES[key]
    if measure.unit == Unit.POUNDS:
        return f"£{value:,.0f}" if value == int(value) else f"£{value:,.2f}"
    number = f"{value:,.{measure.decimals}f}"
    return f"{number}%" if measure.unit == Unit.PERCENT else number


def _of_cameras(system: CameraSystem, start: dt.date, end: dt.date) -> dict[str, dict[str, Any]]:
    """Cameras and their reviews. Two queries."""
    counts = Camera.objects.filter(system=system).aggregate(
        cameras_in_use=Count("pk", filter=Q(status__in=Camera.IN_USE)),
        cameras_never_reviewed=Count("pk", filter=Q(status__in=Camera.IN_USE, reviewed_on=None)),
    )
    looks = CameraReview.objects.filter(camera__system=system, on__range=(start, end)).aggregate(
        cameras_reviewed=Count("camera", distinct=True),
        signs_seen=Count("pk", filter=Q(picture_check__sign_seen=True)),
    )
    if not looks["cameras_reviewed"]:  # no review on record is not the same as no review
        looks = dict.fromkeys(looks)
    return {
        key: {"value": None if value is None else f"{value:,}", "last": None, "counted": True}
        for key, value in (counts | looks).items()
    }


def content_of(review: AnnualReview) -> dict[str, Any]:
    """All that the review says, as plain values in the language in which it is frozen."""
    with override(FROZEN_IN):
        return {
            "schema": SCHEMA,
            "reference": review.reference,
            "operator": {"name": review.system.operator.name, "slug": review.system.operator.slug},
            "system": {"name": review.system.name, "reference": review.system.reference},
            "period": [review.period_from.isoformat(), review.period_until.isoformat()],
            "reviewed_on": _day(review.reviewed_on),
            "responsible_post": review.responsible_post,
            "contact": review.contact,
            "authorising_post": review.authorising_post,
            "next_review_on": _day(review.next_review_on),
            "figures_as_of": review.figures.get("as_of", ""),
            "sections": [
                {
                    "key": section.value,
                    "title": str(section.label),
                    "lines": [_line(review, line) for line in lines_of(section)],
                }
                for section in Section
            ],
        }


def _line(review: AnnualReview, line: Line) -> dict[str, Any]:
    item = item_of(review, line.key)
    return {
        "key": line.key,
        "requirement": str(line.requirement),
        "answer": item["answer"],
        "answer_label": str(Answer(item["answer"]).label) if item["answer"] else "",
        "comment": item["comment"],
        "action": item["action"],
        "due_on": item["due_on"],
        "figures": [figure_of(review, key) for key in line.figures],
    }


def figure_of(review: AnnualReview, key: str) -> dict[str, Any]:
    """One figure as the draft keeps it, with its label."""
    nothing = {"value": None, "last": None, "counted": False}
    return {"key": key, "label": label_of(key), **review.figures.get("values", {}).get(key, nothing)}


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def text_to_authorise(review: AnnualReview) -> str:
    """The canonical JSON that is hashed and frozen."""
    return frozen.canonical(content_of(review))

"""What of a system's statistics, impact assessments, annual reviews and consultations is public, as plain values.

Each field that leaves is named here. Of an impact assessment: what it is for, that the screening asked for one or not,
days and posts, whether the data protection officer's advice was followed, the residual risk in one word, whether people
were consulted. Never its risks and measures (they tell how a system can be attacked), its answers, or who wrote it. Of
an annual review: days, posts, the answer on the purpose, how many actions follow. Documents themselves are published
one by one (services/documents.py) and looked up when a page is built, as certificates are.
"""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.db.models import F

from compliance.measures import MEASURES, Measure
from compliance.models import (
    AnnualReview,
    CameraSystem,
    Consultation,
    Dpia,
    EqualityAssessment,
    PeriodStatistics,
    StatisticFigure,
)
from compliance.suppression import TOTAL, Counts, Shown, suppress
from compliance.system_totals import withheld_of
from core.dates import LONDON

MOST_YEARS = 6
MOST_REVIEWS = 6
PURPOSE_LINE = "purpose"  # of compliance/annual_review.py
Figures = dict[tuple[str, str, str], Decimal]
Year = dict[str, Any]


def gather_documents(system: CameraSystem) -> dict[str, Any]:
    """The keys that this module adds to a system's frozen content. Four to eight queries."""
    return {
        "statistics": _statistics(system),
        "dpias": _dpias(system),
        "annual_reviews": _annual_reviews(system),
        "consultations": _consultations(system),
    }


def _statistics(system: CameraSystem) -> list[Year]:
    """Years that the manager confirmed as complete, newest first; below the whole system the newest one alone."""
    own = PeriodStatistics.objects.filter(
        system=system, for_organisation=None, length=PeriodStatistics.Length.YEAR, confirmed_at__isnull=False
    )
    periods = list(own.order_by("-starts_on")[:MOST_YEARS])
    if not periods:
        return []
    figures: dict[int, Figures] = {period.pk: {} for period in periods}
    rows = StatisticFigure.objects.filter(period__in=periods, value__isnull=False)
    for pk, measure, area, category, value in rows.values_list("period", "measure", "area", "category", "value"):
        if value is not None:
            figures[pk][measure, area, category] = value
    withheld = withheld_of(system.operator, [period.starts_on for period in periods])
    years: list[Year] = []
    for period in periods:
        known = figures[period.pk]
        hidden = {measure for measure, of in withheld[period.starts_on].figures if of == system.pk}
        year = {
            "from": period.starts_on.isoformat(),
            "until": period.ends_on.isoformat(),
            "note": period.note,
            "figures": _whole(known, hidden),
            "tables": [] if years else _tables(known, hidden),
        }
        years.append(year)
    return years


def _whole(figures: Figures, hidden: set[str]) -> list[dict[str, Any]]:
    """One figure of each measure, for the whole system; null where a small count of people is withheld."""
    return [
        {"measure": key, "value": None if key in hidden else format(figures[key, "", ""].normalize(), "f")}
        for key in MEASURES
        if (key, "", "") in figures
    ]


def _tables(figures: Figures, hidden: set[str]) -> list[dict[str, Any]]:
    """Areas by categories of each measure that is split; what is withheld cannot be worked out from the rest."""
    found = (_table(measure, figures) for key, measure in MEASURES.items() if key not in hidden)
    return [table for table in found if table]


def _table(measure: Measure, figures: Figures) -> dict[str, Any] | None:
    cells = {
        (area, category): int(value) for (key, area, category), value in figures.items() if key == measure.key and area
    }
    both = {cell: count for cell, count in cells.items() if cell[1]}
    counts = Counts(both or cells)
    if len(counts.areas) < 2:  # one area alone is the system itself
        return None
    suppressed = suppress(counts) if measure.about_people else None
    categories = [*counts.categories, TOTAL] if both else counts.categories

    def cell(area: str, category: str) -> int | None:
        value = suppressed.value(area, category) if suppressed else counts.of(area, category)
        return None if isinstance(value, Shown) else value

    return {
        "measure": measure.key,
        "categories": ["" if category == TOTAL else category for category in categories] if both else [],
        "rows": [{"area": area, "values": [cell(area, each) for each in categories]} for area in counts.areas],
    }


def _dpias(system: CameraSystem) -> list[dict[str, Any]]:
    """Those in force that name the system, and those that a screening found not to be required. Two queries at most."""
    shown = (Dpia.Status.SIGNED_OFF, Dpia.Status.NOT_REQUIRED)
    rows = Dpia.objects.filter(systems=system, status__in=shown).order_by(F("signed_at").desc(nulls_last=True), "pk")
    return [_dpia(dpia) for dpia in rows.prefetch_related("equality_assessments")]


def _dpia(dpia: Dpia) -> dict[str, Any]:
    """The public part of one. Nothing but this leaves."""
    if dpia.status == Dpia.Status.NOT_REQUIRED:
        return {"title": dpia.title, "required": False}
    signed: dict[str, Any] = json.loads(dpia.content) if dpia.content else {}
    advice = signed.get("advice") or {}
    return {
        "title": dpia.title,
        "required": True,
        "signed_on": _day(dpia.signed_at),
        "post": dpia.signed_post,
        "review_on": dpia.review_on.isoformat() if dpia.review_on else None,
        "made_outside_the_portal": dpia.made_elsewhere,
        "residual_risk": signed.get("residual_risk") or "",
        "advice_on": advice.get("on"),
        "advice_followed": advice.get("followed"),
        "consulted": bool(dpia.consulted.strip()),
        "equality_signed_on": _equality(dpia),
    }


def _equality(dpia: Dpia) -> str | None:
    """The day on which the equality assessment beside it was signed."""
    done = EqualityAssessment.Status.SIGNED_OFF
    days = [each.signed_at for each in dpia.equality_assessments.all() if each.status == done and each.signed_at]
    return _day(max(days)) if days else None


def _annual_reviews(system: CameraSystem) -> list[dict[str, Any]]:
    """Those that were authorised and not replaced, newest first. One query."""
    rows = AnnualReview.objects.filter(system=system, status=AnnualReview.Status.AUTHORISED)
    return [_review(review) for review in rows.order_by("-period_until", "-pk")[:MOST_REVIEWS]]


def _review(review: AnnualReview) -> dict[str, Any]:
    content = json.loads(review.content)
    lines = [line for section in content["sections"] for line in section["lines"]]
    return {
        "from": review.period_from.isoformat(),
        "until": review.period_until.isoformat(),
        "reviewed_on": content["reviewed_on"] or None,
        "authorised_on": _day(review.authorised_at),
        "post": review.typed_post,
        "next_review_on": content["next_review_on"] or None,
        "meets_purpose": next((line["answer"] for line in lines if line["key"] == PURPOSE_LINE), ""),
        "actions": sum(bool(line["action"]) for line in lines),
    }


def _consultations(system: CameraSystem) -> list[str]:
    """References of those about its cameras that were opened to the public. One query."""
    asked = Consultation.objects.filter(cameras__system=system, asks_public=True)
    asked = asked.exclude(status=Consultation.Status.DRAFT)
    return list(asked.order_by("reference").values_list("reference", flat=True).distinct())


def _day(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(LONDON).date().isoformat() if moment else None

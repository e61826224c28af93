"""What everybody reads of the strategies: all of it is public by its nature, and readings are frozen when taken."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from strategy import shares
from strategy.measures import MEASURES, State
from strategy.models import Deliverable, MeasureReading, Objective, Strand, Strategy
from strategy.models.plan import RAG_COLOURS, Rag

ROWS_A_PAGE = 50

# What stands beside the plans: a title, what is there, and the name of its page
DOORS = (
    (_("Working groups and boards"), _("Who sits in them, when they meet, and their minutes."), "strategy:groups"),
    (_("Bulletins and news"), _("What national bodies tell."), "strategy:bulletins"),
    (_("Consultations"), _("What is asked now, and what came of what was asked."), "transparency:consultations"),
    (_("Single points of contact"), _("Who answers for the cameras of an authority."), "strategy:spocs"),
    (_("Guidance and good practice"), _("What to read, and what councils tell of their work."), "strategy:resources"),
    (_("Trials and research"), _("Technology that is tried out, and what was decided."), "strategy:trials"),
    (_("Surveys"), _("What authorities answered about their cameras, and figures from earlier."), "strategy:surveys"),
    (_("Training"), _("Courses and awards, self-tests, and how many people are trained."), "strategy:training"),
    (_("Agreements"), _("What councils and police agreed, signed and published."), "transparency:agreements"),
)


def doors() -> list[dict[str, Any]]:
    """The tiles of the page of all strategies, in the language of the page. No query."""
    return [{"title": title, "text": text, "url": reverse(name)} for title, text, name in DOORS]


def strategies() -> list[dict[str, Any]]:
    """One query."""
    return [
        {
            "key": strategy.key,
            "name": strategy.local_name,
            "owner": local_text(strategy, "owner"),
            "summary": local_text(strategy, "summary"),
            "as_of": strategy.as_of,
            "is_proposal": strategy.is_proposal,
            "is_archive": strategy.kind == Strategy.Kind.ARCHIVE,
        }
        for strategy in Strategy.objects.public()
    ]


def plan_of(strategy: Strategy, on: dt.date) -> dict[str, Any]:
    """A plan with its strands, objectives and deliverables, each with its newest reading; or an archive. Seven queries
    at most.
    """
    strands = strategy.strands.prefetch_related("holders")
    deliverables = with_newest(Deliverable.objects.all())
    objectives = strategy.objectives.select_related("strand").prefetch_related(
        Prefetch("deliverables", deliverables, to_attr="listed")
    )
    found = list(objectives)
    readings = _newest(each for objective in found for each in _listed(objective))
    said = list(strategy.recommendations.all())
    return {
        "strategy": strategy,
        "name": strategy.local_name,
        "owner": local_text(strategy, "owner"),
        "about": local_text(strategy, "summary"),
        "aims": [_words(aim) for aim in strategy.aims],
        "strands": [_strand(strand) for strand in strands],
        "objectives": [_objective(objective, readings, on) for objective in found],
        "recommendations": [
            {
                "number": each.number,
                "text": local_text(each, "text"),
                "standing": each.get_standing_display(),
                "note": local_text(each, "note"),
            }
            for each in said
            if each.text
        ],
        "without_text": sum(not each.text for each in said),
        "numbers": [each.number for each in said if not each.text],
        "documents": [
            {"title": each.local_title, "kind": each.get_kind_display(), "dated": each.dated, "source": each.source}
            for each in strategy.documents.all()
        ],
    }


def plans_to_work_on(on: dt.date, organisation: Organisation) -> list[dict[str, Any]]:
    """The plans with their deliverables, for whoever reports on them, its own drafts among them. Four queries."""
    deliverables = with_newest(Deliverable.objects.all())
    objectives = Objective.objects.select_related("strand").prefetch_related(
        Prefetch("deliverables", deliverables, to_attr="listed")
    )
    plans = Strategy.objects.filter(Q(is_draft=False) | Q(organisation=organisation), kind=Strategy.Kind.PLAN)
    strategies = list(plans.prefetch_related(Prefetch("objectives", objectives)))
    listed = [each for plan in strategies for objective in plan.objectives.all() for each in _listed(objective)]
    readings = _newest(listed)
    return [
        {
            "key": plan.key,
            "name": plan.local_name,
            "is_proposal": plan.is_proposal,
            "is_draft": plan.is_draft,
            "organisation": plan.organisation_id,
            "deliverables": [
                {**deliverable_row(each, readings.get(each.newest_reading), on), "reference": each.reference}
                for objective in plan.objectives.all()
                for each in _listed(objective)
            ],
        }
        for plan in strategies
    ]


def with_newest(deliverables: Any) -> Any:
    """With `newest_reading`, the primary key of the newest reading."""
    newest = MeasureReading.objects.filter(deliverable=OuterRef("pk")).order_by("-on").values("pk")[:1]
    return deliverables.annotate(newest_reading=Subquery(newest))


def _newest(deliverables: Iterable[Any]) -> dict[int, MeasureReading]:
    return MeasureReading.objects.in_bulk([each.newest_reading for each in deliverables if each.newest_reading])


def _listed(objective: Objective) -> list[Any]:
    """Its deliverables as the page loaded them."""
    found: list[Any] = vars(objective)["listed"]
    return found


def _words(both: dict[str, str]) -> str:
    return both["cy"] if (get_language() or "").startswith("cy") and both.get("cy") else both["en"]


def _strand(strand: Strand) -> dict[str, Any]:
    return {
        "name": strand.local_name,
        "holders": [
            {"name": holder.name, "body": holder.body, "as_of": holder.as_of} for holder in strand.holders.all()
        ],
    }


def _objective(objective: Objective, readings: dict[int, MeasureReading], on: dt.date) -> dict[str, Any]:
    return {
        "number": objective.number,
        "statement": objective.local_statement,
        "strand": objective.strand.local_name if objective.strand else "",
        "deliverables": [deliverable_row(each, readings.get(each.newest_reading), on) for each in _listed(objective)],
    }


def deliverable_row(deliverable: Deliverable, reading: MeasureReading | None, on: dt.date) -> dict[str, Any]:
    rag = deliverable.rag(on)
    return {
        "number": deliverable.number,
        "text": deliverable.local_text,
        "success_measure": local_text(deliverable, "success_measure"),
        "contribution": local_text(deliverable, "contribution"),
        "rag": rag.label,
        "colour": RAG_COLOURS[rag],
        "status_word": deliverable.status_word,
        "target_on": deliverable.target_on,
        "target_percent": deliverable.target_percent,
        "reading": shares.in_words(reading) if reading else "",
        "share": shares.percent(reading.numerator, reading.denominator) if reading else "",
        "measured": reading,
    }


def deliverable_page(deliverable: Deliverable, on: dt.date, asked: dt.date | None, page: str = "") -> dict[str, Any]:
    """One deliverable with its history, what was reported, and the list behind the newest number, or behind that of
    the day that was asked for, a `page` of it. Four queries.
    """
    readings = list(deliverable.readings.order_by("on"))
    newest = readings[-1] if readings else None
    chosen = next((each for each in readings if each.on == asked), None) if asked else newest
    rows = chosen.detail.rows() if chosen else []
    measure = MEASURES.get(deliverable.measure)
    page_obj = Paginator(rows, ROWS_A_PAGE).get_page(page)
    return {
        **deliverable_row(deliverable, newest, on),
        "chart": shares.chart_of(readings, deliverable.target_percent),
        "chosen": shares.in_words(chosen) if chosen else "",
        "chosen_on": chosen.on if chosen else None,
        "unknown_day": bool(asked and chosen is None),
        "measure_label": measure.label if measure else "",
        "measure_of": measure.of if measure else "",
        "measure_source": measure.source if measure else "",
        "splits": [
            {"key": by, "parts": shares.parts(rows, by)}
            for by in ("nation", "region", "force_name")
            if len({row[by] for row in rows}) > 1
        ],
        "rows": [_list_row(row) for row in page_obj.object_list],
        "page_obj": page_obj,
        "excluded": sum(row["state"] == State.EXCLUDED for row in rows),
        "reports": [
            {
                "title": Rag(_rag_of(report.status)).label,
                "at": report.at,
                "by": report.organisation.local_name,
                "note": local_text(report, "text"),
                "evidence": report.evidence,
                "moved": _moved(report),
                "reason": report.reason,
            }
            for report in deliverable.reports.select_related("organisation")
        ],
    }


def _rag_of(status: str) -> str:
    words = {Deliverable.Status.PROPOSED: Rag.NOT_STARTED, Deliverable.Status.ACTIVE: Rag.ON_TRACK}
    superseded = {Deliverable.Status.SUPERSEDED: Rag.CLOSED}
    return {**words, **superseded}.get(Deliverable.Status(status), status)


def _moved(report: Any) -> str:
    """The target date before and after, where it was changed."""
    if report.changed_from is None or report.target_on is None:
        return ""
    return f"{date_format(report.changed_from, 'j F Y')} → {date_format(report.target_on, 'j F Y')}"


def _list_row(row: dict[str, Any]) -> dict[str, Any]:
    label, colour = shares.STATE_WORDS[row["state"]]
    return {**row, "label": label, "colour": colour}

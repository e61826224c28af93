"""A plan and the lists behind its numbers as data for programs."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from strategy.models import Deliverable, MeasureReading, Strategy

PLAN_COLUMNS = (
    "number",
    "text",
    "success_measure",
    "status",
    "target_on",
    "measure",
    "target_percent",
    "numerator",
    "denominator",
    "no_data",
    "excluded",
    "on",
)
LIST_COLUMNS = ("body", "name", "kind", "nation", "region", "force", "force_name", "state", "since", "why")


def _deliverables(strategy: Strategy) -> list[Deliverable]:
    """With their readings, the oldest first. Two queries."""
    rows = Deliverable.objects.filter(objective__strategy=strategy).order_by("objective__position", "position", "pk")
    return list(rows.prefetch_related("readings"))


def plan_rows(strategy: Strategy, on: dt.date) -> Iterator[list[Any]]:
    for deliverable in _deliverables(strategy):
        readings = list(deliverable.readings.all())
        facts = _facts(deliverable, on)
        last = _reading(readings[-1]) if readings else {}
        yield [facts.get(column, last.get(column, "")) for column in PLAN_COLUMNS]


def plan_json(strategy: Strategy, on: dt.date) -> dict[str, Any]:
    return {
        "strategy": strategy.key,
        "name": strategy.name,
        "name_cy": strategy.name_cy,
        "is_proposal": strategy.is_proposal,
        "as_of": strategy.as_of,
        "source": strategy.source,
        "deliverables": [
            {**_facts(deliverable, on), "readings": [_reading(each) for each in deliverable.readings.all()]}
            for deliverable in _deliverables(strategy)
        ],
    }


def _facts(deliverable: Deliverable, on: dt.date) -> dict[str, Any]:
    return {
        "number": deliverable.number,
        "text": deliverable.text,
        "success_measure": deliverable.success_measure,
        "status": deliverable.rag(on).value,
        "target_on": deliverable.target_on.isoformat() if deliverable.target_on else "",
        "measure": deliverable.measure,
        "target_percent": deliverable.target_percent if deliverable.target_percent is not None else "",
    }


def _reading(reading: MeasureReading) -> dict[str, Any]:
    return {
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "no_data": reading.no_data,
        "excluded": reading.excluded,
        "on": reading.on.isoformat(),
    }


def list_rows(reading: MeasureReading) -> Iterator[list[str]]:
    for row in reading.detail.rows():
        yield [row[column] for column in LIST_COLUMNS]

"""The rows of the permission table for strategies and reports on their deliverables."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.models import MeasureReading, ReadingDetail
from tests.factories.strategy import deliverable, plan
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, Row, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

LEADS = {Role.ADMINISTRATOR, Role.STRAND_LEAD}
PLAN: Any = {"parts": {"key": "@plan"}}
DELIVERABLE: Any = {"parts": {"key": "@plan", "number": "1.1"}}
READ_ON = dt.date(2026, 11, 1)

STRATEGY_PLANS: list[Row] = [
    *public("strategy:strategies"),
    *public("strategy:plan", **PLAN),
    *public("strategy:plan_csv", **PLAN),
    *public("strategy:plan_json", **PLAN),
    *public("strategy:deliverable", **DELIVERABLE),
    *public("strategy:list_csv", parts={**DELIVERABLE["parts"], "on": "2026-11-01"}),
    *page("national:plans", NATIONAL),
    *page("national:plans", COUNCIL, ()),
    *page("national:plans", OPERATOR, ()),
    *page("national:plans", BODY, ()),
    *form("national:plan_report", NATIONAL, LEADS, parts={"reference": "@deliverable"}),
    *page("national:plan_report", COUNCIL, (), parts={"reference": "@deliverable"}),
]


def add_plan(world: "World") -> None:
    """A plan with a deliverable that was counted on a day."""
    strategy = plan(f"plan-of-{world.operator.slug}")
    made = world.records["deliverable"] = deliverable(strategy)
    world.words |= {"deliverable": made.reference, "plan": strategy.key}

    detail, _ = ReadingDetail.objects.get_or_create(sha256="0" * 64, defaults={"content": "[]"})
    MeasureReading.objects.create(
        deliverable=made, measure="made_up", on=READ_ON, numerator=0, denominator=0, no_data=0, detail=detail
    )

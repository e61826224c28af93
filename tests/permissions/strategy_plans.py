"""The rows of the permission table for strategies and reports on their deliverables."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.models import MeasureReading, ReadingDetail, Recommendation, RecommendationComment
from tests.factories.strategy import deliverable, plan
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, Row, act, everyone, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

LEADS = {Role.ADMINISTRATOR, Role.STRAND_LEAD}
PLAN: Any = {"parts": {"key": "@plan"}}
DELIVERABLE: Any = {"parts": {"key": "@plan", "number": "1.1"}}
RECOMMENDATION: Any = {"parts": {"key": "@plan", "number": 1}}
COMMENT: Any = {"parts": {"reference": "@public comment"}}
WRITES = {Role.ADMINISTRATOR}


def _of(**parts: str) -> dict[str, Any]:
    return {"parts": {"key": "@own plan", **parts}}


OWN = _of()
READ_ON = dt.date(2026, 11, 1)

STRATEGY_PLANS: list[Row] = [
    *public("strategy:strategies"),
    *public("strategy:plan", **PLAN),
    *public("strategy:plan_csv", **PLAN),
    *public("strategy:plan_json", **PLAN),
    *public("strategy:plan_pdf", 404, **PLAN),
    *public("strategy:deliverable", **DELIVERABLE),
    *public("strategy:list_csv", parts={**DELIVERABLE["parts"], "on": "2026-11-01"}),
    *public("strategy:recommendation", **RECOMMENDATION),
    everyone("strategy:recommendation", "POST", signed_in=422, anonymous=422, **RECOMMENDATION),
    *page("national:recommendations", NATIONAL),
    *page("national:recommendations", COUNCIL, ()),
    *form("national:recommendation", NATIONAL, {Role.SECRETARY}, parts={"pk": "@recommendation"}),
    *page("national:recommendation", COUNCIL, (), parts={"pk": "@recommendation"}),
    *form("national:comment_publish", NATIONAL, {Role.SECRETARY}, **COMMENT),
    *page("national:comment_publish", COUNCIL, (), **COMMENT),
    *act("national:comment_refuse", NATIONAL, {Role.SECRETARY}, **COMMENT),
    *act("national:comment_refuse", COUNCIL, (), **COMMENT),
    *page("national:plans", NATIONAL),
    *page("national:plans", COUNCIL, ()),
    *page("national:plans", OPERATOR, ()),
    *page("national:plans", BODY, ()),
    *form("national:plan_report", NATIONAL, LEADS, parts={"reference": "@deliverable"}),
    *form("national:plan_new", NATIONAL, WRITES),
    *page("national:plan_new", COUNCIL, ()),
    *page("national:plan_edit", NATIONAL, WRITES, **OWN),
    *page("national:plan_edit", COUNCIL, (), **OWN),
    *page("national:plan_file", NATIONAL, WRITES, **OWN),
    *form("national:plan_words", NATIONAL, WRITES, **OWN),
    *form("national:plan_strand_new", NATIONAL, WRITES, **OWN),
    *form("national:plan_strand", NATIONAL, WRITES, **_of(strand="towns")),
    *form("national:plan_lead", NATIONAL, WRITES, **_of(strand="towns")),
    *act("national:plan_lead_remove", NATIONAL, WRITES, **_of(pk="@lead")),
    *form("national:plan_objective_new", NATIONAL, WRITES, **OWN),
    *form("national:plan_objective", NATIONAL, WRITES, **_of(number="1")),
    *form("national:plan_deliverable_new", NATIONAL, WRITES, **_of(objective="1")),
    *form("national:plan_deliverable", NATIONAL, WRITES, **_of(number="1.1")),
    *act("national:plan_take_out", NATIONAL, WRITES, **OWN),
    *act("national:plan_publish", NATIONAL, WRITES, **OWN),
    *page("national:plan_report", COUNCIL, (), parts={"reference": "@deliverable"}),
]


def add_plan(world: "World") -> None:
    """A plan with a deliverable that was counted on a day."""
    strategy = plan(f"plan-of-{world.operator.slug}")
    made = world.records["deliverable"] = deliverable(strategy)
    world.words |= {"deliverable": made.reference, "plan": strategy.key}

    own = plan(f"towns-of-{world.operator.slug}", organisation=world.organisations[NATIONAL], is_draft=True)
    strand = own.strands.create(key="towns", name="Towns")
    deliverable(own)
    world.words |= {"own plan": own.key, "lead": strand.holders.create(name="A board", as_of="2026").pk}

    detail, _ = ReadingDetail.objects.get_or_create(sha256="0" * 64, defaults={"content": "[]"})
    MeasureReading.objects.create(
        deliverable=made, measure="made_up", on=READ_ON, numerator=0, denominator=0, no_data=0, detail=detail
    )

    recommendation = Recommendation.objects.create(strategy=strategy, number=1)
    comment = RecommendationComment.objects.create(recommendation=recommendation, text="So it was.", sha256="0" * 64)
    world.words |= {"recommendation": str(recommendation.pk), "public comment": comment.reference}

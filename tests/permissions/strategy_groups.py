"""The rows of the permission table for groups, their meetings and their actions."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from core.dates import today
from strategy.models import Attendance
from strategy.services import actions, meetings
from strategy.services.actions import Task
from strategy.services.meetings import Item
from tests.factories.compliance import PDF
from tests.factories.strategy_groups import GroupFactory, seat
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, PEOPLE, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

KEEPS = {Role.SECRETARY}
GROUP: Any = {"group": "@group"}
PLANNED: Any = {"parts": {**GROUP, "reference": "@planned meeting"}}
HELD: Any = {"parts": {**GROUP, "reference": "@held meeting"}}
ITEM: Any = {"parts": {**HELD["parts"], "number": 1}}
SEAT: Any = {"parts": {**GROUP, "member": "@seat"}}


def button(name: str) -> Any:
    return {"parts": {**HELD["parts"], "act": name}}


STRATEGY_GROUPS: list[Row] = [
    *page("national:groups", NATIONAL),
    *page("national:groups", COUNCIL),
    *page("national:groups", OPERATOR),
    *page("national:group_actions", NATIONAL),
    *page("national:group_actions", COUNCIL),
    *page("national:group_actions_csv", COUNCIL),
    *form("national:group_new", NATIONAL, KEEPS),
    *page("national:group_new", COUNCIL, ()),
    *page("national:group_new", BODY, ()),
    *page("national:group", NATIONAL, parts=GROUP),
    *page("national:group", COUNCIL, parts=GROUP),
    *page("national:group", OPERATOR, (), refused=404, parts=GROUP),
    *form("national:meetings_plan", NATIONAL, KEEPS, parts=GROUP),
    *page("national:meetings_plan", COUNCIL, (), parts=GROUP),
    *form("national:group_member_add", NATIONAL, KEEPS, parts=GROUP),
    *form("national:group_member_end", NATIONAL, KEEPS, **SEAT),
    *page("national:group_member_end", COUNCIL, (), **SEAT),
    *act("national:group_mail", COUNCIL, PEOPLE[COUNCIL], **SEAT),
    *act("national:group_mail", NATIONAL, (), refused=404, **SEAT),
    *page("national:meeting", NATIONAL, **HELD),
    *page("national:meeting", COUNCIL, **HELD),
    *page("national:meeting", OPERATOR, (), refused=404, **HELD),
    *form("national:meeting_item", NATIONAL, KEEPS, **PLANNED),
    *page("national:meeting_item", COUNCIL, (), **PLANNED),
    *page("national:meeting_held", NATIONAL, KEEPS, 409, **PLANNED),
    *act("national:meeting_held", NATIONAL, KEEPS, 409, **PLANNED),
    *form("national:meeting_action", NATIONAL, KEEPS, **HELD),
    *form("national:meeting_minute", NATIONAL, KEEPS, **ITEM),
    *page("national:meeting_minute", COUNCIL, (), **ITEM),
    *page("national:meeting_papers", COUNCIL, **HELD),
    *page("national:meeting_papers", OPERATOR, (), refused=404, **HELD),
    *page("national:meeting_paper", COUNCIL, **ITEM),
    *page("national:meeting_paper", OPERATOR, (), refused=404, **ITEM),
    *form("national:group_action", NATIONAL, KEEPS, **ITEM),
    *page("national:group_action", COUNCIL, **ITEM),
    *page("national:group_action", OPERATOR, (), refused=404, **ITEM),
    *act("national:meeting_act", NATIONAL, KEEPS, **button("draft")),
    *act("national:meeting_act", NATIONAL, KEEPS, 409, **button("agenda")),
    *act("national:meeting_act", COUNCIL, (), **button("draft")),
]


def add_group(world: "World") -> None:
    """A group of the national body in which the council sits, with a meeting that was held and one that is planned."""
    group = world.records["group"] = GroupFactory(
        body=world.organisations[NATIONAL], slug=f"board-beside-{world.operator.slug}"
    )
    council = world.organisations[COUNCIL]
    member = seat(group, council)
    days = [today() - dt.timedelta(days=3), today() + dt.timedelta(days=90)]
    held, planned = meetings.plan_meetings(group=group, days=days, starts_at=dt.time(10), venue="", by=None)
    paper = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
    meetings.add_item(meeting=held, item=Item("The plan", upload=paper), by=None)
    meetings.publish_agenda(meeting=held, by=None)
    held.refresh_from_db()
    meetings.hold(meeting=held, attendance={member: Attendance.State.PRESENT}, chair=member, by=None)
    held.refresh_from_db()
    actions.give_action(meeting=held, task=Task("Write.", council, today() + dt.timedelta(days=9)), by=None)
    world.words |= {"group": group.slug, "seat": member.reference}
    world.words |= {"held meeting": held.reference, "planned meeting": planned.reference}

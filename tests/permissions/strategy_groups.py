"""The rows of the permission table for groups, their meetings and their actions."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from core.dates import today
from strategy.models import Attendance
from strategy.services import actions, correspondence, group_calendars, groups, meetings, publish_group
from strategy.services.actions import Task
from strategy.services.meetings import Item, Words
from tests.factories.accounts import UserFactory
from tests.factories.compliance import PDF
from tests.factories.strategy_groups import GroupFactory, held_with_papers, seat
from tests.permissions.rows import (
    BODY,
    COUNCIL,
    NATIONAL,
    OPERATOR,
    PEOPLE,
    Row,
    act,
    everyone,
    form,
    page,
    public,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

KEEPS = {Role.SECRETARY}
GROUP: Any = {"group": "@group"}
PLANNED: Any = {"parts": {**GROUP, "reference": "@planned meeting"}}
HELD: Any = {"parts": {**GROUP, "reference": "@held meeting"}}
ITEM: Any = {"parts": {**HELD["parts"], "number": 1}}
DECISION: Any = {"parts": {**GROUP, "number": 1}}
PUBLIC: Any = {"group": "@public group"}
AGREED: Any = {"parts": {**PUBLIC, "reference": "@agreed meeting"}}
MINUTES: Any = {"slug": "@public group", "label": "1"}
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
    *form("national:group_end", NATIONAL, KEEPS, parts=GROUP),
    *page("national:group_end", COUNCIL, (), parts=GROUP),
    *form("national:group_member_end", NATIONAL, KEEPS, **SEAT),
    *page("national:group_member_end", COUNCIL, (), **SEAT),
    *act("national:group_mail", COUNCIL, PEOPLE[COUNCIL], parts=GROUP),
    *act("national:group_mail", NATIONAL, PEOPLE[NATIONAL], parts=GROUP),
    *act("national:group_mail", OPERATOR, (), refused=404, parts=GROUP),
    *page("national:group_interests", COUNCIL, **SEAT),
    *act("national:group_interests", COUNCIL, PEOPLE[COUNCIL], **SEAT),
    *page("national:group_interests", NATIONAL, KEEPS, **SEAT),
    *page("national:group_calendar", COUNCIL),
    *act("national:group_calendar", COUNCIL, PEOPLE[COUNCIL], 200),
    *act("national:group_calendar_revoke", COUNCIL, PEOPLE[COUNCIL]),
    *page("national:group_versions", NATIONAL, parts=GROUP),
    *page("national:group_versions", COUNCIL, parts=GROUP),
    *page("national:group_versions", OPERATOR, (), refused=404, parts=GROUP),
    *form("national:group_terms", NATIONAL, KEEPS, parts=GROUP),
    *page("national:group_terms", COUNCIL, (), parts=GROUP),
    *form("national:group_report", NATIONAL, KEEPS, parts=GROUP),
    *form("national:group_ask", NATIONAL, KEEPS, parts=GROUP),
    *page("national:group_ask", COUNCIL, (), parts=GROUP),
    *page("national:group_decision", NATIONAL, **DECISION),
    *page("national:group_decision", COUNCIL, **DECISION),
    *page("national:group_decision", OPERATOR, (), refused=404, **DECISION),
    *act("national:group_decision", NATIONAL, KEEPS, 422, **DECISION),
    *act("national:group_decision", COUNCIL, PEOPLE[COUNCIL], 422, **DECISION),
    *form("national:group_conclude", NATIONAL, KEEPS, **DECISION),
    *page("national:group_conclude", COUNCIL, (), **DECISION),
    *page("national:group_public", NATIONAL, KEEPS, parts=GROUP),
    *act("national:group_public", NATIONAL, KEEPS, parts=GROUP),
    *page("national:group_public", COUNCIL, (), parts=GROUP),
    *form("national:group_withdraw", NATIONAL, KEEPS, parts=PUBLIC),
    *page("national:group_withdraw", NATIONAL, KEEPS, 404, parts=GROUP),
    *page("national:meeting_public", NATIONAL, KEEPS, **AGREED),
    *act("national:meeting_public", NATIONAL, KEEPS, **AGREED),
    *page("national:meeting_public", NATIONAL, KEEPS, 409, **HELD),
    *page("national:meeting_public", COUNCIL, (), **AGREED),
    *form("national:meeting_withdraw", NATIONAL, KEEPS, **AGREED),
    *form("national:meeting_move", NATIONAL, KEEPS, **PLANNED),
    *page("national:meeting_move", COUNCIL, (), **PLANNED),
    *page("national:meeting_move", NATIONAL, KEEPS, 409, **HELD),
    *page("national:meeting", NATIONAL, **HELD),
    *page("national:meeting", COUNCIL, **HELD),
    *page("national:meeting", OPERATOR, (), refused=404, **HELD),
    *form("national:meeting_item", NATIONAL, KEEPS, **PLANNED),
    *page("national:meeting_item", COUNCIL, (), **PLANNED),
    *form("national:meeting_item_change", NATIONAL, KEEPS, **ITEM),
    *page("national:meeting_item_change", COUNCIL, (), **ITEM),
    *act("national:meeting_item_remove", NATIONAL, KEEPS, 409, **ITEM),
    *act("national:meeting_item_remove", COUNCIL, (), **ITEM),
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
    *act("national:meeting_act", NATIONAL, KEEPS, 409, **button("addendum")),
    *act("national:meeting_act", NATIONAL, KEEPS, parts={**AGREED["parts"], "act": "addendum"}),
    *public("strategy:groups"),
    *public("strategy:group", parts={"slug": "@public group"}),
    *public("strategy:group", 404, parts={"slug": "@group"}),
    *public("strategy:group_dates", parts={"slug": "@public group"}),
    *public("strategy:meeting", parts=MINUTES),
    *public("strategy:meeting", 404, parts={**MINUTES, "label": "2"}),
    *public("strategy:meeting_paper", parts={**MINUTES, "number": 1}),
    *public("strategy:meeting_paper", 404, parts={**MINUTES, "number": 2}),
    *public("strategy:group_calendar", parts={"secret": "@calendar secret"}),
    *public("strategy:group_mail_end", parts={"token": "@mail link"}),
    everyone("strategy:group_mail_end", "POST", signed_in=200, anonymous=200, parts={"token": "@mail link"}),
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
    correspondence.ask(group=group, question="Shall we?", answers_by=today(), by=None)
    _add_public_group(world)
    world.words |= {"held meeting": held.reference, "planned meeting": planned.reference}


def _add_public_group(world: "World") -> None:
    """Another group with public minutes, an open paper and a closed one; a calendar and a link of somebody in it."""
    group = GroupFactory(body=world.organisations[NATIONAL], slug=f"public-beside-{world.operator.slug}")
    member = seat(group, world.organisations[COUNCIL])
    days = [today() - dt.timedelta(days=number) for number in (60, 30)]
    made = meetings.plan_meetings(group=group, days=days, starts_at=dt.time(10), venue="", by=None)
    first, second = (held_with_papers(meeting, member) for meeting in made)
    for item in first.items.all():
        meetings.write_minute(item=item, words=Words("All is well."), by=None)
    meetings.send_draft(meeting=first, by=None)
    meetings.agree_minutes(meeting=first, at=second, by=None)
    publish_group.publish_minutes(meeting=first, by=None)
    user = UserFactory()
    secret = group_calendars.make_address(user=user)
    token = groups.no_mail_link(group, user).rstrip("/").rpartition("/")[2]
    world.words |= {"public group": group.slug, "agreed meeting": first.reference}
    world.words |= {"calendar secret": secret, "mail link": token}

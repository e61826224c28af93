"""A working group that reports to a programme board: public minutes with a withheld passage, minutes in draft, a
meeting ahead with its agenda, actions carried forward, decisions in writing.
"""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role, User
from ccp_portal.demonstration.pdf import write_pdf
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.models import Attendance, Group, GroupMembership, Meeting
from strategy.models.correspondence import View
from strategy.services import actions, correspondence, groups, meetings, publish_group
from strategy.services.actions import Task
from strategy.services.groups import Seat, Terms
from strategy.services.meetings import Item, Words

TERMS = """The group brings councils, police and other users of public-space cameras together.

1. It meets three times a year. A third of its seats is a quorum.
2. It advises the programme board and reports to it once a year.
3. Agendas go to members two weeks before. Minutes are published once the next meeting has agreed them.
4. Members declare interests each year."""
ITEMS = (
    Item("Apologies and declarations of interest", "Ymddiheuriadau a datganiadau o fuddiant"),
    Item("Progress of the delivery plan", "Cynnydd y cynllun cyflawni"),
    Item("Faults of street cameras in winter", "Namau camerâu stryd yn y gaeaf"),
)
WORDS = (
    Words("Apologies were received. No interests were declared.", "Derbyniwyd ymddiheuriadau. Ni ddatganwyd buddiant."),
    Words(
        "The group read the figures of the delivery plan and asked that councils without a named contact hear from it.",
        decision="The board's office writes to each council without a named contact.",
    ),
    Words(
        "One supplier, [[Example Cameras Ltd]], repaired late in two of three areas. The others kept their times.",
        decision="Repair times are compared again at the next meeting.",
        withheld_reason="The contract is being argued about.",
    ),
)


def make_groups(world: World) -> None:
    """By the services that pages use."""
    _Making(world).make()


class _Making:
    def __init__(self, world: World) -> None:
        self.world, self.body = world, world.organisations["board"]
        self.secretary = world.holder("board", Role.SECRETARY)
        self.began = add_months(today(), -12)

    def make(self) -> None:
        board = self._set_up("programme-board", "Cameras programme board", Group.Kind.PROGRAMME_BOARD, None)
        group = self._set_up("working-group", "Public space cameras working group", Group.Kind.WORKING_GROUP, board)
        self.chair = self._seat(group, "norwold", Role.POLICE_SPOC, "Partnerships sergeant", is_chair=True)
        self.council = self._seat(group, "marlbridge", Role.SPOC, "CCTV manager")
        self.welsh = self._seat(group, "helyg", Role.SPOC, "CCTV manager")
        days = [add_months(today(), months) for months in (-8, -4, 1, 5)]
        first, second, third, _fourth = meetings.plan_meetings(
            group=group, days=days, starts_at=dt.time(10, 30), venue="Town hall, Marlbridge", by=self.secretary
        )
        self._hold(first)
        self._give(first, "Write to each council without a named contact.", self.council, 11)
        self._give(first, "Compare repair times of the three areas.", self.chair, 3)
        self._draft(first)
        self._hold(second)
        self._draft(second)
        meetings.agree_minutes(meeting=_fresh(first), at=_fresh(second), by=self.secretary)
        self._agenda(third)
        self._decide(group)
        groups.record_report(
            group=group, title="First report of the group", sent_to=board.name, sent_on=days[1], by=self.secretary
        )
        publish_group.publish_minutes(meeting=_fresh(first), by=self.secretary)

    def _set_up(self, slug: str, name: str, kind: str, to: Group | None) -> Group:
        terms = Terms(name=name, terms=TERMS, kind=kind, reports_to=to)
        return groups.set_up(body=self.body, slug=slug, terms=terms, by=self.secretary, began_on=self.began)

    def _seat(self, group: Group, key: str, role: str, post: str, *, is_chair: bool = False) -> GroupMembership:
        person: User = self.world.holder(key, role)
        seat = Seat(post=post, person=person, is_chair=is_chair, interests="None", from_on=self.began)
        organisation = self.world.organisations[key]
        return groups.seat_member(group=group, organisation=organisation, seat=seat, by=self.secretary)

    def _agenda(self, meeting: Meeting) -> None:
        for item in ITEMS:
            meetings.add_item(meeting=meeting, item=item, by=self.secretary)
        paper = SimpleUploadedFile("repair-contracts.pdf", _paper(), "application/pdf")
        closed = Item("Repair contracts", "Contractau trwsio", upload=paper, is_closed=True)
        meetings.add_item(meeting=meeting, item=closed, by=self.secretary)
        meetings.publish_agenda(meeting=meeting, by=self.secretary)

    def _hold(self, meeting: Meeting) -> None:
        self._agenda(meeting)
        came = {
            self.chair: Attendance.State.PRESENT,
            self.council: Attendance.State.PRESENT,
            self.welsh: Attendance.State.APOLOGIES,
        }
        meetings.hold(meeting=_fresh(meeting), attendance=came, chair=self.chair, by=self.secretary)

    def _draft(self, meeting: Meeting) -> None:
        words = (*WORDS, Words("The group read the paper. It stays with members."))
        for item, said in zip(_fresh(meeting).items.all(), words, strict=True):
            meetings.write_minute(item=item, words=said, by=self.secretary)
        meetings.send_draft(meeting=_fresh(meeting), by=self.secretary)

    def _give(self, meeting: Meeting, text: str, member: GroupMembership, months: int) -> None:
        due = add_months(meeting.held_on, months)
        task = Task(text, member.organisation, due, owner_post=member.post, person=member.person)
        actions.give_action(meeting=_fresh(meeting), task=task, by=self.secretary)

    def _decide(self, group: Group) -> None:
        asked = correspondence.ask(
            group=group,
            question="Shall the group ask all forces for their repair times?",
            asked_on=add_months(today(), -3),
            answers_by=add_months(today(), -2),
            by=self.secretary,
        )
        for seat, view in ((self.chair, View.SUPPORTS), (self.council, View.SUPPORTS), (self.welsh, View.ABSTAINS)):
            correspondence.answer(decision=asked, member=seat, view=view, by=self.secretary)
        correspondence.conclude(
            decision=asked,
            outcome="All forces are asked once a year.",
            decided_on=add_months(today(), -2),
            by=self.secretary,
        )
        correspondence.ask(
            group=group,
            question="Shall the next meeting be held by video call?",
            answers_by=today() + dt.timedelta(days=10),
            by=self.secretary,
        )


def _fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_related("group__body").get(pk=meeting.pk)


def _paper() -> bytes:
    return write_pdf(title="Repair contracts", subtitle="For members alone", paragraphs=["What each supplier charges."])

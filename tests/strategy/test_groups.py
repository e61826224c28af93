"""Groups: who sits, how a meeting goes from plan to agreed minutes, actions that are carried forward, measure 5.6."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Notification, Organisation, Role, User
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from strategy.measures import MEASURES, State
from strategy.models import Attendance, Group, GroupAction, Meeting
from strategy.services import actions, groups, meetings
from strategy.services.actions import Task
from strategy.services.group_end import end_group
from strategy.services.groups import Seat, Terms
from strategy.services.meetings import Item, When, Words
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.compliance import PDF
from tests.factories.strategy_groups import GroupFactory, seat
from tests.strategy.recount import sql

pytestmark = pytest.mark.django_db
Status = Meeting.Status


@dataclass
class Board:
    """A group with a secretary, a council and a force in it."""

    body: Organisation = field(default_factory=NationalBodyFactory)
    council: Organisation = field(default_factory=OrganisationFactory)
    force: Organisation = field(default_factory=PoliceForceFactory)

    def __post_init__(self) -> None:
        self.secretary: User = member(self.body, Role.SECRETARY)
        self.officer: User = member(self.council, Role.SPOC)
        self.group: Group = GroupFactory(body=self.body)
        self.seat = seat(self.group, self.council)
        self.other = seat(self.group, self.force, "npcc")

    def planned(self, *before: int) -> list[Meeting]:
        days = [today() - dt.timedelta(days=number) for number in before]
        return meetings.plan_meetings(
            group=self.group, days=days, starts_at=dt.time(10), venue="Town hall", by=self.secretary
        )

    def held(self, meeting: Meeting) -> Meeting:
        meetings.add_item(meeting=meeting, item=Item("Apologies"), by=self.secretary)
        meetings.publish_agenda(meeting=meeting, by=self.secretary)
        came = {self.seat: Attendance.State.PRESENT, self.other: Attendance.State.APOLOGIES}
        meeting.refresh_from_db()
        meetings.hold(meeting=meeting, attendance=came, chair=self.seat, by=self.secretary)
        meeting.refresh_from_db()
        return meeting

    def drafted(self, meeting: Meeting) -> Meeting:
        for item in self.held(meeting).items.all():
            meetings.write_minute(item=item, words=Words("All is well."), by=self.secretary)
        meetings.send_draft(meeting=meeting, by=self.secretary)
        meeting.refresh_from_db()
        return meeting

    def task(self, meeting: Meeting) -> GroupAction:
        due = Task("Write to all.", self.council, today() + dt.timedelta(days=9), person=self.officer)
        return actions.give_action(meeting=meeting, task=due, by=self.secretary)


@pytest.fixture
def board() -> Board:
    return Board()


def test_for_whom_a_member_speaks_follows_from_the_kind_of_its_organisation_or_is_said(board):
    made = groups.seat_member(group=board.group, organisation=board.force, seat=Seat("Chief"), by=None)
    assert made.represents == "npcc"
    with pytest.raises(Incomplete, match="for whom"):
        groups.seat_member(group=board.group, organisation=board.body, seat=Seat("Head"), by=None)


def test_only_a_national_body_keeps_a_group_and_each_address_is_taken_once(board):
    with pytest.raises(RuleBroken, match="national body"):
        groups.set_up(body=board.council, slug="a", terms=Terms("A", "B"), by=None)
    with pytest.raises(Incomplete, match="address"):
        groups.set_up(body=board.body, slug=board.group.slug, terms=Terms("A", "B"), by=None)


def test_who_reads_a_group_are_its_body_and_organisations_that_sit_in_it_today(board):
    assert board.group in Group.objects.visible_to(board.secretary)
    assert board.group in Group.objects.visible_to(User.objects.get(pk=board.officer.pk))
    groups.end_membership(member=board.seat, until_on=today() - dt.timedelta(days=1), by=None)
    assert board.group not in Group.objects.visible_to(board.officer)
    with pytest.raises(StaleRecord):
        groups.end_membership(member=board.seat, until_on=today(), by=None)


def test_three_meetings_are_planned_in_one_act_under_the_next_numbers(board):
    made = board.planned(30, 90, 60)
    assert [(each.number, (today() - each.held_on).days) for each in made] == [(1, 90), (2, 60), (3, 30)]
    with pytest.raises(Incomplete, match="already"):
        board.planned(45)
    with pytest.raises(Incomplete, match="order"):
        meetings.move_meeting(
            meeting=made[0], to=When(made[1].held_on, dt.time(9)), reason="A clash.", by=board.secretary
        )


def test_the_agenda_goes_to_members_who_take_mail(board):
    (meeting,) = board.planned(5)
    with pytest.raises(Incomplete, match="no item"):
        meetings.publish_agenda(meeting=meeting, by=board.secretary)
    paper = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    item = meetings.add_item(meeting=meeting, item=Item("Papers", upload=paper, is_closed=True), by=board.secretary)
    with item.paper.open() as kept:
        assert (item.paper_name, kept.read()) == ("paper.pdf", PDF)
    chief = member(board.force, Role.POLICE_SPOC)
    groups.choose_mail(group=board.group, user=chief, takes_mail=False)
    meetings.publish_agenda(meeting=meeting, by=board.secretary)
    told = Notification.objects.get()
    assert told.user == board.officer
    assert told.url == f"/workspace/{board.council.slug}/groups/{board.group.slug}/meetings/{meeting.reference}/"


def test_a_meeting_is_not_held_before_its_day_without_a_chair_or_with_strangers(board):
    day = today() + dt.timedelta(days=1)
    (meeting,) = meetings.plan_meetings(
        group=board.group, days=[day], starts_at=dt.time(9), venue="", by=board.secretary
    )
    meetings.add_item(meeting=meeting, item=Item("One"), by=None)
    with pytest.raises(IllegalMove):
        meetings.hold(meeting=meeting, attendance={}, chair=None, by=None)
    meetings.publish_agenda(meeting=meeting, by=None)
    stranger = seat(GroupFactory(body=board.body), board.council)
    with pytest.raises(Incomplete) as refusal:
        meetings.hold(meeting=meeting, attendance={stranger: "apologies"}, chair=None, by=None)
    assert len(refusal.value.problems) == 4


def test_minutes_are_agreed_at_the_next_meeting_of_the_group_alone(board):
    first, second, third = board.planned(30, 20, 10)
    board.drafted(first)
    with pytest.raises(RuleBroken, match="next meeting"):
        meetings.agree_minutes(meeting=first, at=second, by=None)  # not held yet
    board.drafted(second)
    board.drafted(third)
    for wrong in (first, third):
        with pytest.raises(RuleBroken, match="next meeting"):
            meetings.agree_minutes(meeting=first, at=wrong, by=None)
    meetings.agree_minutes(meeting=first, at=second, by=board.secretary)
    first.refresh_from_db()
    assert (first.status, first.agreed_at) == (Status.MINUTES_AGREED, second)
    with pytest.raises(IllegalMove):
        meetings.write_minute(item=first.items.get(), words=Words("Other words."), by=None)
    addendum = meetings.begin_addendum(meeting=first, by=None)
    assert (addendum.label, addendum.status, meetings.next_meeting(addendum)) == ("1.1", Status.HELD, third)


def test_a_withheld_part_needs_a_reason_and_every_item_a_minute(board):
    meeting = board.held(board.planned(5)[0])
    with pytest.raises(Incomplete, match="no minute"):
        meetings.send_draft(meeting=meeting, by=None)
    with pytest.raises(Incomplete, match="reason"):
        meetings.write_minute(item=meeting.items.get(), words=Words("Open.", withheld="Secret."), by=None)


def test_what_is_not_done_is_carried_forward_to_each_next_meeting(board):
    first, second, third = board.planned(30, 20, 10)
    done, left = board.task(board.held(first)), board.task(first)
    assert (done.label, left.label) == ("M1/1", "M1/2")
    actions.tell_of_action(action=done, text="Sent.", status=GroupAction.Status.DONE, by=board.officer)
    board.held(second)
    board.held(third)
    left.refresh_from_db()
    done.refresh_from_db()
    assert (left.status, left.carried_to, left.notes.count()) == ("carried_forward", third, 2)
    assert (done.status, done.carried_to) == ("done", None)
    with pytest.raises(IllegalMove):
        actions.tell_of_action(action=done, text="Again.", status="in_progress", by=board.officer)


def test_overdue_is_derived_from_the_date(board):
    action = board.task(board.held(board.planned(5)[0]))
    assert not action.is_overdue()
    later = action.due_on + dt.timedelta(days=1)
    assert action.is_overdue(later)
    assert list(GroupAction.objects.overdue(later)) == [action]
    assert not GroupAction.objects.overdue().exists()


def kinds_by_sql(day):
    return sql(
        """
        SELECT COUNT(DISTINCT m.represents) FROM strategy_groupmembership m
        JOIN strategy_group g ON g.id = m.group_id
        JOIN accounts_organisation b ON b.id = g.body_id
        JOIN accounts_organisation o ON o.id = m.organisation_id
        WHERE g.kind = 'working_group' AND g.began_on <= %s AND (g.ended_on IS NULL OR g.ended_on >= %s)
        AND m.from_on <= %s AND (m.until_on IS NULL OR m.until_on >= %s)
        AND m.represents IN ('la', 'opcc', 'npcc')
        AND NOT b.is_demonstration AND NOT b.is_training AND NOT o.is_demonstration AND NOT o.is_training
        """,
        *[day] * 4,
    )


def test_5_6_counts_the_kinds_that_sit_on_a_day(board, settings):
    settings.PORTAL_DEMONSTRATION = False

    def on(day):
        counted = MEASURES["working_group"].on(day)
        assert counted.numerator == kinds_by_sql(day)
        return (counted.numerator, counted.denominator, [row.state for row in counted.rows])

    assert on(today()) == (2, 3, [State.COUNTED, State.NOT_COUNTED, State.COUNTED])
    assert on(board.group.began_on - dt.timedelta(days=1)) == (0, 3, [State.NO_DATA] * 3)
    groups.end_membership(member=board.other, until_on=today(), by=None)
    assert on(today())[0] == 2
    assert on(today() + dt.timedelta(days=1))[0] == 1
    seat(GroupFactory(body=board.body, kind=Group.Kind.PROGRAMME_BOARD), board.council, "opcc")
    assert on(today())[0] == 2  # a board is no working group
    Organisation.objects.filter(pk=board.body.pk).update(is_demonstration=True)
    assert on(today())[2] == [State.NO_DATA] * 3


def test_a_group_ends_with_its_seats_and_what_is_planned_for_later():
    board = Board()
    early, late = board.planned(10, -10)
    board.held(early)
    last = today() - dt.timedelta(days=1)
    ended = end_group(group=board.group, ended_on=last, by=board.secretary)
    assert (ended.ended_on, list(board.group.meetings.all())) == (last, [early])
    assert set(board.group.memberships.values_list("until_on", flat=True)) == {last}
    entry = TrailEntry.objects.filter(verb="ended").latest("pk")
    assert entry.after == {"ended_on": last.isoformat(), "taken_off": [late.held_on.isoformat()]}
    with pytest.raises(StaleRecord):
        end_group(group=board.group, ended_on=last, by=None)
    board.group.refresh_from_db()
    with pytest.raises(Incomplete, match="ended by then"):
        board.planned(-30)


def test_a_group_does_not_end_before_a_meeting_that_has_an_agenda_or_before_it_began():
    board = Board()
    (ahead,) = board.planned(-10)
    meetings.add_item(meeting=ahead, item=Item("Apologies"), by=None)
    for day, word in ((today(), "agenda"), (board.group.began_on - dt.timedelta(days=1), "began")):
        with pytest.raises(Incomplete, match=word):
            end_group(group=board.group, ended_on=day, by=None)
    assert board.group.memberships.current().count() == 2

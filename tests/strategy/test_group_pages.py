"""Groups on their pages: a secretary leads a meeting to agreed minutes; members read, and tell of actions."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, User
from core.dates import today
from strategy.group_sockets import waiting_for_members, waiting_for_secretary
from strategy.models import Group, GroupAction, Meeting
from strategy.services import correspondence
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, member
from tests.factories.compliance import PDF
from tests.strategy.test_groups import Board

pytestmark = pytest.mark.django_db
WAITING = (waiting_for_secretary, waiting_for_members)


def day(name: str, value: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def address(board: Board, organisation, meeting: Meeting, name: str = "meeting", *more: object) -> str:
    return reverse(f"national:{name}", args=[organisation.slug, board.group.slug, meeting.reference, *more])


def test_a_secretary_sets_up_a_group_seats_a_member_and_plans_three_meetings(client):
    body, council = NationalBodyFactory(), OrganisationFactory()
    client.force_login(member(body, Role.SECRETARY))
    new = reverse("national:group_new", args=[body.slug])
    assert client.post(new, {}).status_code == 422
    sent = {"kind": "working_group", "name": "CCTV working group", "slug": "cctv", "terms": "Three meetings a year."}
    assert client.post(new, {**sent, "slug": "actions"}).status_code == 422
    assert client.post(new, sent).status_code == 302
    group = Group.objects.get(slug="cctv")
    add = reverse("national:group_member_add", args=[body.slug, "cctv"])
    unknown = client.post(add, {"organisation": "Nowhere", "post": "Chair"})
    assert "No organisation has such a name." in unknown.content.decode()
    assert client.post(add, {"organisation": council.name, "post": "Chair", "is_chair": "on"}).status_code == 302
    assert group.memberships.get().represents == "la"
    days = {}
    for number in (1, 2, 3):
        days |= day(f"day_{number}", today() + dt.timedelta(days=100 * number))
    plan = reverse("national:meetings_plan", args=[body.slug, "cctv"])
    assert client.post(plan, {**days, "starts_at": "10:30", "venue": "Town hall"}).status_code == 302
    page = client.get(reverse("national:group", args=[body.slug, "cctv"])).content.decode()
    assert all(f"Meeting {number}" in page for number in (1, 2, 3))
    assert council.name in page


def test_a_meeting_goes_from_agenda_to_minutes_that_the_next_one_agrees(client):
    board = Board()
    first, second = board.planned(40, 5)
    client.force_login(board.secretary)
    paper = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
    here = address(board, board.body, first)
    sent = {"title": "The delivery plan", "upload": paper, "is_closed": "on"}
    assert client.post(address(board, board.body, first, "meeting_item"), sent).status_code == 302
    assert client.post(address(board, board.body, first, "meeting_act", "agenda")).status_code == 302
    came = {
        board.seat.reference: "present",
        board.other.reference: "apologies",
        "chair": board.seat.reference,
        "guests": "Manager, Kent\nClerk, Ely",
    }
    assert client.post(address(board, board.body, first, "meeting_held"), came).status_code == 302
    minute = {"text": "It goes well.", "decision": "Go on.", "withheld": "A name.", "withheld_reason": "A person."}
    assert client.post(address(board, board.body, first, "meeting_minute", 1), minute).status_code == 302
    task = {"text": "Write to all.", "owner": board.council.slug, **day("due_on", today() + dt.timedelta(days=9))}
    assert client.post(address(board, board.body, first, "meeting_action"), task).status_code == 302
    assert client.post(address(board, board.body, first, "meeting_act", "draft")).status_code == 302
    early = client.post(address(board, board.body, first, "meeting_act", "agree"), follow=True)
    assert "agreed at the next meeting" in early.content.decode()
    board.held(second)
    client.post(address(board, board.body, first, "meeting_act", "agree"))
    first.refresh_from_db()
    assert (first.status, first.agreed_at) == ("minutes_agreed", second)
    page = client.get(here).content.decode()
    assert "The minutes were agreed at meeting 2." in page
    assert "M1/1" in page
    assert "Clerk, Ely" in page
    again = client.post(address(board, board.body, first, "meeting_act", "agenda"))
    assert again.status_code == 409


def test_an_item_is_changed_and_taken_off_before_the_agenda_is_out(client):
    board = Board()
    (meeting,) = board.planned(3)
    client.force_login(board.secretary)
    for title in ("First", "Second", "Third"):
        paper = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
        client.post(address(board, board.body, meeting, "meeting_item"), {"title": title, "upload": paper})
    assert client.post(address(board, board.body, meeting, "meeting_item_remove", 1)).status_code == 302
    assert [str(item) for item in meeting.items.all()] == ["1. Second", "2. Third"]
    change = address(board, board.body, meeting, "meeting_item_change", 1)
    assert "Another paper in place" in client.get(change).content.decode()
    assert client.post(change, {"title": "Mended", "is_closed": "on"}).status_code == 302
    item = meeting.items.get(number=1)
    assert (item.title, item.is_closed, item.paper_name) == ("Mended", True, "plan.pdf")
    client.post(address(board, board.body, meeting, "meeting_act", "agenda"))
    assert client.post(address(board, board.body, meeting, "meeting_item_remove", 1)).status_code == 409


def test_members_read_papers_and_minutes_and_tell_of_their_actions(client):
    board = Board()
    (meeting,) = board.planned(3)
    client.force_login(board.secretary)
    paper = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
    client.post(address(board, board.body, meeting, "meeting_item"), {"title": "Plan", "upload": paper})
    client.post(address(board, board.body, meeting, "meeting_act", "agenda"))
    client.force_login(board.officer)
    assert "Plan" in client.get(address(board, board.council, meeting)).content.decode()
    pack = b"".join(client.get(address(board, board.council, meeting, "meeting_papers")).streaming_content)
    with zipfile.ZipFile(io.BytesIO(pack)) as bundle:
        assert bundle.namelist() == ["01-plan.pdf"]
        assert bundle.read("01-plan.pdf") == PDF
    assert client.get(address(board, board.council, meeting, "meeting_item")).status_code == 403


def test_an_owner_tells_of_its_action_in_the_tracker(client):
    board = Board()
    (meeting,) = board.planned(3)
    action = board.task(board.held(meeting))
    client.force_login(board.officer)
    tracker = reverse("national:group_actions", args=[board.council.slug])
    assert "M1/1" in client.get(tracker).content.decode()
    told = address(board, board.council, meeting, "group_action", 1)
    assert client.post(told, {"status": "done", "text": "Written."}).status_code == 302
    action.refresh_from_db()
    assert action.status == GroupAction.Status.DONE
    assert "M1/1" not in client.get(tracker).content.decode()
    file = client.get(reverse("national:group_actions_csv", args=[board.council.slug]) + "?standing=all")
    assert "M1/1,Write to all." in file.content.decode("utf-8-sig")


def test_a_stranger_finds_no_group_and_a_member_keeps_nothing(client):
    board = Board()
    stranger = OrganisationFactory()
    client.force_login(member(stranger, Role.SPOC))
    assert client.get(reverse("national:group", args=[stranger.slug, board.group.slug])).status_code == 404
    assert client.get(reverse("national:groups", args=[stranger.slug])).status_code == 200
    client.force_login(board.officer)
    assert client.get(reverse("national:group", args=[board.council.slug, board.group.slug])).status_code == 200
    assert client.get(reverse("national:meetings_plan", args=[board.council.slug, board.group.slug])).status_code == 403


def test_a_member_takes_no_mail_of_the_group_any_more(client):
    board = Board()
    client.force_login(board.officer)
    choose = reverse("national:group_mail", args=[board.council.slug, board.group.slug])
    assert client.post(choose, {"takes_mail": ""}).status_code == 302
    assert board.group.mail_refusals.get().user == board.officer
    page = client.get(reverse("national:group", args=[board.council.slug, board.group.slug])).content.decode()
    assert "Send me mail of this group" in page
    assert client.post(choose, {"takes_mail": "1"}).status_code == 302
    assert not board.group.mail_refusals.exists()


def waits(user: User) -> list[str]:
    return [str(each.label) for plug in WAITING for each in plug(user)]


def test_what_waits_for_secretary_and_members():
    board = Board()
    (meeting,) = board.planned(3)
    board.task(board.held(meeting))
    asked = correspondence.ask(group=board.group, question="Shall we?", answers_by=today(), by=None)
    secretary, officer = User.objects.get(pk=board.secretary.pk), User.objects.get(pk=board.officer.pk)
    assert waits(secretary) == [f"Write the minutes: {board.group.name}, meeting 1"]
    assert waits(officer) == [f"Action M1/1 of {board.group.name}", f"Answer a question of {board.group.name}"]
    correspondence.answer(decision=asked, member=board.seat, view="abstains", by=officer)
    assert waits(officer) == [f"Action M1/1 of {board.group.name}"]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_any_number(client, number, django_assert_num_queries):
    board = Board()
    for place in range(number):
        (meeting,) = board.planned(30 - place)
        board.task(board.held(meeting))
    client.force_login(board.secretary)
    urls = [
        (reverse("national:groups", args=[board.body.slug]), 5),
        (reverse("national:group", args=[board.body.slug, board.group.slug]), 11),
        (reverse("national:group_actions", args=[board.body.slug]), 7),
        (address(board, board.body, meeting), 10),
    ]
    for url, queries in urls:
        client.get(url)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200

"""What of groups becomes public and what never does; decisions in writing; calendars; mail that somebody ends."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import Signer
from django.urls import reverse

from accounts.models import Notification
from ccp_portal.demonstration.pdf import write_pdf
from core.dates import today
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.jobs import Job
from strategy.models import Meeting
from strategy.models.correspondence import View
from strategy.services import correspondence, group_calendars, groups, meetings, publish_group
from strategy.services.groups import Terms
from strategy.services.meetings import Item, When, Words
from strategy.services.redaction import is_balanced, parts_of
from tests.compliance.test_ics import events, plain
from tests.factories.compliance import PDF
from tests.factories.strategy_groups import seat
from tests.strategy.test_groups import Board
from transparency.models import Publication, Subscription
from transparency.services import subscriptions

pytestmark = pytest.mark.django_db
CLOSED = write_pdf(title="zqclosed paper", subtitle="", paragraphs=["For members."])
SAID = Words(
    "The [[zqpassage]] was heard.",
    text_cy="Clywyd y [[zqdarn]].",
    decision="Go on.",
    withheld="zqfurther",
    withheld_reason="It is argued about.",
)


@pytest.fixture
def board() -> Board:
    made = Board()
    made.group.memberships.filter(pk=made.seat.pk).update(name="Zqname Hidden", interests="zqinterests")
    made.group.memberships.filter(pk=made.other.pk).update(name="Ann Shown", shows_name=True)
    return made


def agreed(board: Board, words: Words = SAID) -> Meeting:
    """The first of two meetings, with a closed paper and an open one; its minutes are agreed."""
    first, second = board.planned(40, 5)
    for name, content, is_closed in (("zqclosed.pdf", CLOSED, True), ("open.pdf", PDF, False)):
        upload = SimpleUploadedFile(name, content, "application/pdf")
        meetings.add_item(meeting=first, item=Item("Papers", upload=upload, is_closed=is_closed), by=None)
    board.held(first)
    board.task(first)
    for item in first.items.all():
        meetings.write_minute(item=item, words=words, by=None)
    meetings.send_draft(meeting=first, by=None)
    board.held(second)
    meetings.agree_minutes(meeting=first, at=second, by=None)
    first.refresh_from_db()
    return first


def public(client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode(errors="replace")


def test_minutes_are_public_without_closed_papers_withheld_passages_and_names(client, board):
    meeting = agreed(board)
    here = f"/groups/{board.group.slug}/meetings/1/"
    assert client.get(here).status_code == 404
    publish_group.publish_minutes(meeting=meeting, by=board.secretary)
    pages = {path: public(client, path) for path in (here, f"/cy{here}", f"/groups/{board.group.slug}/", "/groups/")}
    assert {status for status, _text in pages.values()} == {200}
    everything = "".join(text for _status, text in pages.values())
    frozen = "".join(Publication.objects.values_list("content", flat=True))
    for secret in ("zqpassage", "zqdarn", "zqfurther", "zqclosed", "Zqname", "zqinterests", board.officer.email):
        assert secret not in everything, secret
        assert secret not in frozen, secret
    text = pages[here][1]
    assert "6 passages of these minutes are withheld" in text  # two in each of three items
    assert text.count("It is argued about.") == 3
    assert "1 name is withheld" in text
    assert "Ann Shown" in text
    assert "Write to all." in text
    assert "Write to all." in pages[f"/groups/{board.group.slug}/"][1]
    assert "Clywyd y" in pages[f"/cy{here}"][1]
    assert public(client, f"{here}papers/1/")[0] == 404
    assert public(client, f"{here}papers/2/") == (200, PDF.decode(errors="replace"))


def test_a_paper_that_is_closed_later_is_gone_at_once_and_withdrawn_minutes_say_so(client, board):
    meeting = agreed(board)
    published = publish_group.publish_minutes(meeting=meeting, by=None)
    here = f"/groups/{board.group.slug}/meetings/1/"
    meeting.items.filter(number=2).update(is_closed=True)
    assert public(client, f"{here}papers/2/")[0] == 404
    with pytest.raises(Incomplete):
        publish_group.withdraw(publication=published, by=None, reason=" ")
    publish_group.withdraw(publication=published, by=board.secretary, reason="A mistake in item 1.")
    status, text = public(client, here)
    assert status == 410
    assert "A mistake in item 1." in text
    assert "was heard" not in text
    status, text = public(client, f"/groups/{board.group.slug}/")
    assert "(withdrawn)" in text
    assert "Write to all." not in text  # actions leave with their minutes


def test_a_page_that_was_withdrawn_is_not_published_again_by_new_minutes(board):
    page = publish_group.publish_group(group=board.group, by=None)
    publish_group.withdraw(publication=page, by=None, reason="It was wrong.")
    publish_group.publish_minutes(meeting=agreed(board), by=None)
    newest = publish_group.newest_of_group(board.group.slug)
    assert newest is not None
    assert newest.is_withdrawn


def test_only_agreed_minutes_are_published_and_none_that_name_somebody_who_did_not_agree(board):
    (draft,) = board.planned(90)
    with pytest.raises(IllegalMove):
        publish_group.publish_minutes(meeting=draft, by=None)
    meeting = agreed(board, Words("Mr Hidden spoke."))
    with pytest.raises(Incomplete, match="did not agree to be named"):
        publish_group.publish_minutes(meeting=meeting, by=None)
    assert not Publication.objects.exists()


def test_the_same_again_is_no_new_version_and_a_moved_date_is(board):
    meeting = agreed(board)
    first = publish_group.publish_minutes(meeting=meeting, by=None)
    assert publish_group.publish_minutes(meeting=meeting, by=None) == first
    page = publish_group.newest_of_group(board.group.slug)
    assert page is not None
    assert page.version == 1
    days = [today() + dt.timedelta(days=30)]
    (ahead,) = meetings.plan_meetings(group=board.group, days=days, starts_at=dt.time(10), venue="", by=None)
    assert publish_group.group_differs(page, board.group)
    assert publish_group.publish_group(group=board.group, by=None).version == 2
    meetings.move_meeting(meeting=ahead, to=When(days[0], dt.time(11)), reason="A clash.", by=None)
    assert publish_group.publish_group(group=board.group, by=None).facts()["ahead"][0]["moves"] == 1


@pytest.mark.parametrize("text", ["[[open", "shut]]", "[[a [[b]] c", "[[]] ", "a ]] b [["])
def test_passages_that_do_not_end_are_refused(board, text):
    assert not is_balanced(text)
    (meeting,) = board.planned(3)
    item = board.held(meeting).items.get()
    with pytest.raises(Incomplete):
        meetings.write_minute(item=item, words=Words(text, withheld_reason="Why."), by=None)


def test_a_passage_needs_a_reason_and_leaves_a_gap(board):
    assert parts_of("a [[b]] c [[d]]") == ["a ", None, " c ", None]
    (meeting,) = board.planned(3)
    item = board.held(meeting).items.get()
    with pytest.raises(Incomplete, match="why"):
        meetings.write_minute(item=item, words=Words("a [[b]]"), by=None)


def test_a_decision_in_writing_is_asked_answered_by_each_seat_and_concluded(client, board):
    asked = correspondence.ask(group=board.group, question="Shall we?", answers_by=today(), by=board.secretary)
    assert Notification.objects.filter(user=board.officer, subject__contains="in writing").count() == 1
    here = reverse("national:group_decision", args=[board.council.slug, board.group.slug, 1])
    client.force_login(board.officer)
    assert client.post(here, {"member": board.other.reference, "view": "supports"}).status_code == 422
    said = {"member": board.seat.reference, "view": "opposes", "remark": "zqremark"}
    assert client.post(here, said).status_code == 302
    assert client.post(here, {**said, "view": "supports"}).status_code == 302
    correspondence.answer(decision=asked, member=board.other, view=View.ABSTAINS, by=board.secretary)
    with pytest.raises(Incomplete):
        correspondence.conclude(decision=asked, outcome="", decided_on=today(), by=None)
    correspondence.conclude(decision=asked, outcome="We shall.", decided_on=today(), by=None)
    with pytest.raises(StaleRecord):
        correspondence.answer(decision=asked, member=board.seat, view=View.OPPOSES, by=None)
    assert client.post(here, said).status_code == 409
    published = publish_group.publish_group(group=board.group, by=None)
    assert {each["view"] for each in published.facts()["decisions"][0]["answers"]} == {"supports", "abstains"}
    assert "zqremark" not in published.content
    text = public(client, f"/groups/{board.group.slug}/")[1]
    assert f"Supports it: {board.council.name}" in text


def test_terms_have_versions_and_reports_their_days(client, board):
    groups.change_terms(group=board.group, terms=Terms("Group", "Other terms."), by=None, agreed_on=today())
    assert [each.number for each in board.group.versions.all()] == [1]
    early = today() - dt.timedelta(days=2)
    with pytest.raises(Incomplete):
        groups.change_terms(group=board.group, terms=Terms("Group", "More."), by=None, agreed_on=early)
    client.force_login(board.secretary)
    report = reverse("national:group_report", args=[board.body.slug, board.group.slug])
    day = {"sent_on_day": "1", "sent_on_month": "2", "sent_on_year": "2026"}
    assert client.post(report, {"title": "Report", "sent_to": "The board", **day}).status_code == 302
    page = client.get(reverse("national:group", args=[board.body.slug, board.group.slug])).content.decode()
    assert "Report: sent to The board on 1 February 2026" in page


def test_dates_come_to_calendars_and_the_address_of_a_call_does_not(client, board):
    days = [dt.date(today().year + 1, 1, 15), dt.date(today().year + 1, 7, 15)]
    call = "https://calls.example/zqcall"
    meetings.plan_meetings(group=board.group, days=days, starts_at=dt.time(10, 30), venue=call, by=None)
    publish_group.publish_group(group=board.group, by=None)
    answer = client.get(f"/groups/{board.group.slug}/dates.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"zqcall" not in answer.content
    winter, summer = events(answer.content)
    assert plain(winter["DTSTART"]).endswith("T103000Z")
    assert plain(summer["DTSTART"]).endswith("T093000Z")  # half past ten in London, whatever the season
    secret = group_calendars.make_address(user=board.officer)
    private = client.get(reverse("strategy:group_calendar", args=[secret]))
    assert b"zqcall" in private.content
    assert "private" in private["Cache-Control"]
    newer = group_calendars.make_address(user=board.officer)
    assert client.get(reverse("strategy:group_calendar", args=[secret])).status_code == 404
    groups.end_membership(member=board.seat, until_on=board.seat.from_on, by=None)
    left = client.get(reverse("strategy:group_calendar", args=[newer]))
    assert (left.status_code, b"VEVENT" in left.content) == (200, False)


def test_mail_is_ended_by_a_link_without_an_account_and_a_look_ends_nothing(client, board):
    board.planned(9)
    link = groups.no_mail_link(board.group, board.officer).replace("http://testserver", "")
    assert "Send me no mail of this group" in client.get(link).content.decode()
    assert not board.group.mail_refusals.exists()
    assert client.post(link).status_code == 200
    assert board.group.mail_refusals.get().user == board.officer
    assert client.post(link[:-3] + "xx/").status_code == 404
    correspondence.ask(group=board.group, question="Shall we?", answers_by=today(), by=None)
    assert not Notification.objects.filter(user=board.officer).exists()


def test_anybody_is_told_by_mail_of_new_minutes_and_ends_it_by_a_link(board):
    publish_group.publish_group(group=board.group, by=None)
    subscriptions.subscribe(kind="group", key=board.group.slug, email="reader@example.org", language="en")
    row = Subscription.objects.get()
    subscriptions.confirm(token=Signer(salt=subscriptions.CONFIRM).sign(row.reference))
    assert subscriptions.tell() == 0
    publish_group.publish_minutes(meeting=agreed(board), by=None)
    assert subscriptions.tell() == 1
    mail = Job.objects.filter(kind="accounts.send_mail").latest("pk").arguments
    assert f"/groups/{board.group.slug}/meetings/1/" in mail["body"]
    assert "unsubscribe" in mail


def test_mails_carry_the_link_of_their_own_reader(board):
    correspondence.ask(group=board.group, question="Shall we?", answers_by=today(), by=None)
    told = Notification.objects.get(user=board.officer)
    assert groups.no_mail_link(board.group, board.officer) in told.body


@pytest.mark.parametrize("number", [1, 3])
def test_public_pages_cost_the_same_for_any_number(client, board, number, django_assert_num_queries):
    for _each in range(number):
        seat(board.group, board.council, post="Another")
    meeting = agreed(board)
    publish_group.publish_minutes(meeting=meeting, by=None)
    for path, queries in (("/groups/", 2), (f"/groups/{board.group.slug}/", 2)):
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200
    with django_assert_num_queries(3):
        assert client.get(f"/groups/{board.group.slug}/meetings/1/").status_code == 200

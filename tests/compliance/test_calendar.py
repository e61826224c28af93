"""The calendar of due dates: month by month, and at secret addresses for calendar programs."""

import datetime as dt
import hashlib

import pytest
from django.conf import settings
from django.core.cache import cache

from accounts.models import Membership, Role
from compliance.models import ActionItem, CalendarFeed
from compliance.services.calendars import hash_of, make_feed, open_feed, revoke_feed
from core.dates import today
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.compliance.test_ics import events, lines, plain
from tests.factories.accounts import CertificationBodyFactory, MembershipFactory, UserFactory, member
from tests.factories.compliance import ActionItemFactory, AssessmentFactory, EvidenceFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 3, 31)


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def viewer(client):
    membership = MembershipFactory(role=Role.VIEWER)
    client.force_login(membership.user)
    return membership


def at(membership, rest=""):
    return f"/workspace/{membership.organisation.slug}/actions/calendar/{rest}"


def an_action(organisation, **fields):
    return ActionItemFactory(
        assessment=None, principle=None, **{"operator": organisation, "system": None, "due_on": DAY, **fields}
    )


# --- the month ---


def entries(page):
    days = [day for week in page.context["weeks"] for day in week]
    return {day["date"]: [entry["text"] for entry in day["entries"]] for day in days if day["entries"]}


def test_a_month_shows_what_is_due_in_it(client, viewer):
    own = viewer.organisation
    an_action(own, description="last")
    an_action(own, description="first", due_on=dt.date(2027, 3, 1), owner=viewer.user)
    an_action(own, description="next month", due_on=dt.date(2027, 4, 1))
    an_action(own, description="dropped", status="dropped")
    ActionItemFactory(description="of others", due_on=DAY)
    EvidenceFactory(operator=own, title="DPIA", review_on=DAY)
    EvidenceFactory(title="of others", review_on=DAY)
    page = client.get(at(viewer, "?month=2027-03"))
    assert entries(page) == {dt.date(2027, 3, 1): ["first"], DAY: ["last", "DPIA"]}
    mine = client.get(at(viewer, "?month=2027-03&who=mine"))
    assert entries(mine) == {dt.date(2027, 3, 1): ["first"]}
    assert mine.context["next"]["url"].endswith("?month=2027-04&who=mine")


def test_weeks_begin_on_monday_and_neighbouring_months_are_blank(client, viewer):
    page = client.get(at(viewer, "?month=2027-02"))  # 1 February 2027 is a Monday
    weeks = page.context["weeks"]
    assert [day["date"].day for week in weeks for day in week if day["date"]] == list(range(1, 29))
    assert [len(week) for week in weeks] == [7] * 4
    march = client.get(at(viewer, "?month=2027-05")).context["weeks"]  # begins on a Saturday
    assert [day["date"] for day in march[0]] == [None] * 5 + [dt.date(2027, 5, 1), dt.date(2027, 5, 2)]
    assert "Nothing is due in this month." in page.content.decode()


def test_previous_and_next_pass_the_turn_of_the_year(client, viewer):
    context = client.get(at(viewer, "?month=2026-12")).context
    assert [context[way]["label"] for way in ("previous", "next")] == ["November 2026", "January 2027"]


def test_overdue_and_done_are_said_in_words(client, viewer):
    an_action(viewer.organisation, due_on=dt.date(2026, 1, 5), description="late")
    an_action(viewer.organisation, due_on=dt.date(2026, 1, 5), description="finished", status="done")
    weeks = client.get(at(viewer, "?month=2026-01")).context["weeks"]
    tags = {entry["text"]: entry["tag"] for week in weeks for day in week for entry in day["entries"]}
    assert tags == {"late": "overdue", "finished": "done"}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("2026-13", 200),
        ("x", 200),
        ("9" * 5000 + "-01", 200),
        ("99999999999-01", 200),
        ("1999-12", 404),
        ("2100-01", 404),
    ],
)
def test_a_month_that_is_none_is_this_one_and_one_out_of_range_is_404(client, viewer, asked, status):
    page = client.get(at(viewer, f"?month={asked}"))
    assert page.status_code == status
    if status == 200:
        assert page.context["is_current"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_month_at_constant_cost(client, django_assert_num_queries, viewer, rows):
    for _row in range(rows):
        an_action(viewer.organisation)
        EvidenceFactory(operator=viewer.organisation, review_on=DAY)
    with django_assert_num_queries(6):
        client.get(at(viewer, "?month=2027-03"))


@pytest.mark.parametrize("rest", ["", "addresses/"])
def test_strangers_and_organisations_without_cameras_get_404(client, viewer, rest):
    assert client.get(at(MembershipFactory(), rest)).status_code == 404
    body = CertificationBodyFactory()
    client.force_login(member(body, Role.BODY_MANAGER))
    assert client.get(f"/workspace/{body.slug}/actions/calendar/{rest}").status_code == 404


# --- secret addresses ---


def read(client, secret):
    client.logout()
    return client.get(f"/calendar/{secret}.ics")


def summaries(response):
    return [plain(event["SUMMARY"]) for event in events(response.content)]


def test_a_person_reads_the_own_open_actions_everywhere_and_nothing_else(client, viewer):
    other = MembershipFactory(user=viewer.user, role=Role.CONTRIBUTOR).organisation
    here = an_action(viewer.organisation, owner=viewer.user, description="Survey; all\nmasts, " + "and posts " * 20)
    there = an_action(other, owner=viewer.user, description="Signs", due_on=dt.date(2027, 1, 1))
    an_action(viewer.organisation, description="of a colleague", owner=UserFactory())
    an_action(viewer.organisation, owner=viewer.user, status="done")
    EvidenceFactory(operator=viewer.organisation, review_on=DAY)
    response = read(client, make_feed(user=viewer.user, organisation=None))
    first, second = events(response.content)
    assert plain(first["SUMMARY"]) == f"{there.reference} Signs"
    assert plain(second["SUMMARY"]).startswith(f"{here.reference} Survey; all masts, and posts and")
    assert plain(second["SUMMARY"]).endswith("posts…")
    assert len(plain(second["SUMMARY"])) <= len(here.reference) + 61
    assert (first["DTSTART;VALUE=DATE"], first["DTEND;VALUE=DATE"]) == ("20270101", "20270102")
    assert first["URL"] == f"{settings.PORTAL_ORIGIN}/workspace/{other.slug}/actions/{there.reference}/"
    assert first["UID"] == f"{there.reference}@cctv-compliance-portal"


def test_an_organisation_feed_has_all_open_actions_and_reviews_of_evidence(client, viewer):
    own = viewer.organisation
    action = an_action(own)
    an_action(own, status="dropped")
    evidence = EvidenceFactory(operator=own, title="DPIA", review_on=DAY)
    EvidenceFactory(operator=own, review_on=None)
    ActionItemFactory()
    EvidenceFactory(review_on=DAY)
    response = read(client, make_feed(user=viewer.user, organisation=own))
    assert summaries(response) == [
        f"{action.reference} Check every sign.",
        f"Review evidence {evidence.reference}: DPIA",
    ]
    assert f"X-WR-CALNAME:CCTV dates: {own.name}" in lines(response.content)


def test_no_name_of_a_person_stands_in_a_feed(client, viewer):
    an_action(viewer.organisation, owner=UserFactory(name="Glenys Pritchard-Bowen"))
    response = read(client, make_feed(user=viewer.user, organisation=viewer.organisation))
    assert b"Glenys" not in response.content
    assert viewer.user.email.encode() not in response.content


def test_a_change_counts_up_and_the_uid_stays(client, viewer):
    action = an_action(viewer.organisation)
    secret = make_feed(user=viewer.user, organisation=viewer.organisation)
    (before,) = events(read(client, secret).content)
    ActionItem.objects.filter(pk=action.pk).update(version=2)
    (after,) = events(read(client, secret).content)
    assert (before["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (after["UID"], "0", "1")


def test_what_a_feed_answers_with(client, viewer):
    secret = make_feed(user=viewer.user, organisation=None)
    response = read(client, secret)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, max-age=900"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response
    assert client.head(f"/calendar/{secret}.ics").status_code == 200
    assert client.post(f"/calendar/{secret}.ics").status_code == 405


def test_only_a_hash_of_the_secret_is_kept(viewer):
    secret = make_feed(user=viewer.user, organisation=None)
    feed = CalendarFeed.objects.get()
    assert feed.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest() == hash_of(secret)
    assert len(secret) >= 43
    kept = [str(value) for row in CalendarFeed.objects.values_list() for value in row]
    kept += [f"{entry.before}{entry.after}{entry.personal}" for entry in TrailEntry.objects.all()]
    assert not any(secret in value for value in kept)


def test_a_new_address_ends_the_one_before_and_leaves_others_alone(client, viewer):
    own = viewer.organisation
    first = make_feed(user=viewer.user, organisation=own)
    personal = make_feed(user=viewer.user, organisation=None)
    of_colleague = make_feed(user=member(own, Role.SPOC), organisation=own)
    second = make_feed(user=viewer.user, organisation=own)
    answers = [read(client, secret).status_code for secret in (first, second, personal, of_colleague)]
    assert answers == [404, 200, 200, 200]
    assert revoke_feed(user=viewer.user, organisation=own)
    assert not revoke_feed(user=viewer.user, organisation=own)
    assert [read(client, secret).status_code for secret in (second, personal)] == [404, 200]
    assert [entry.verb for entry in TrailEntry.objects.of_organisation(own.pk)] == [
        "ended",
        "created",
        "ended",
        "created",
        "created",
    ]


def test_nobody_makes_an_address_for_an_organisation_of_others(viewer):
    with pytest.raises(RuleBroken):
        make_feed(user=viewer.user, organisation=MembershipFactory().organisation)
    assert CalendarFeed.objects.count() == 0


def test_who_left_reads_nothing_of_the_organisation_any_more(client, viewer):
    an_action(viewer.organisation, owner=viewer.user)
    EvidenceFactory(operator=viewer.organisation, review_on=DAY)
    secrets = [make_feed(user=viewer.user, organisation=which) for which in (None, viewer.organisation)]
    assert [len(summaries(read(client, secret))) for secret in secrets] == [1, 2]
    Membership.objects.update(ends_on=today() - dt.timedelta(days=1))
    assert [summaries(read(client, secret)) for secret in secrets] == [[], []]


def test_an_account_that_was_closed_has_no_feed(client, viewer):
    secret = make_feed(user=viewer.user, organisation=None)
    viewer.user.is_active = False
    viewer.user.save()
    assert read(client, secret).status_code == 404


def test_unknown_and_revoked_cost_the_same_one_query(client, django_assert_num_queries, viewer):
    revoked = make_feed(user=viewer.user, organisation=None)
    revoke_feed(user=viewer.user, organisation=None)
    for secret in (revoked, "unknown", "x" * 500):
        with django_assert_num_queries(1):
            assert open_feed(secret=secret) is None
        assert read(client, secret).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_feed_at_constant_cost(client, django_assert_num_queries, viewer, rows):
    for _row in range(rows):
        an_action(viewer.organisation)
        EvidenceFactory(operator=viewer.organisation, review_on=DAY)
    secret = make_feed(user=viewer.user, organisation=viewer.organisation)
    read(client, secret)
    with django_assert_num_queries(4):
        client.get(f"/calendar/{secret}.ics")


def test_reading_is_noted_once_an_hour(client, viewer):
    secret = make_feed(user=viewer.user, organisation=None)
    read(client, secret)
    first = CalendarFeed.objects.get().read_at
    read(client, secret)
    assert CalendarFeed.objects.get().read_at == first
    CalendarFeed.objects.update(read_at=first - dt.timedelta(hours=2))
    read(client, secret)
    assert CalendarFeed.objects.get().read_at > first


def test_who_asks_too_often_has_to_wait_and_the_address_stays_out_of_the_log(client, viewer, caplog):
    secret = make_feed(user=viewer.user, organisation=None)
    answers = [read(client, secret).status_code for _n in range(13)]
    assert answers == [200] * 12 + [429]
    assert secret not in caplog.text


# --- the page of addresses ---


def test_the_page_shows_a_new_address_once(client, viewer):
    page = client.post(at(viewer, "addresses/"), {"which": "organisation"})
    (shown,) = [row["address"] for row in page.context["feeds"] if row["address"]]
    assert shown.startswith(f"{settings.PORTAL_ORIGIN}/calendar/")
    assert page["Cache-Control"] == "private, no-store"
    again = client.get(at(viewer, "addresses/"))
    assert "/calendar/" + shown.rsplit("/", 1)[1] not in again.content.decode()
    assert [bool(row["feed"]) for row in again.context["feeds"]] == [False, True]
    assert client.get(shown.removeprefix(settings.PORTAL_ORIGIN)).status_code == 200
    assert client.post(at(viewer, "addresses/end/"), {"which": "organisation"}).status_code == 302
    assert client.get(shown.removeprefix(settings.PORTAL_ORIGIN)).status_code == 404


def test_feeds_of_colleagues_and_of_other_organisations_are_not_shown(client, viewer):
    make_feed(user=member(viewer.organisation, Role.SPOC), organisation=viewer.organisation)
    other = MembershipFactory(user=viewer.user).organisation
    make_feed(user=viewer.user, organisation=other)
    page = client.get(at(viewer, "addresses/"))
    assert [row["feed"] for row in page.context["feeds"]] == [None, None]


@pytest.mark.parametrize("rest", ["addresses/", "addresses/end/"])
def test_an_act_says_which(client, viewer, rest):
    assert client.post(at(viewer, rest), {"which": "x"}).status_code == 404
    assert CalendarFeed.objects.count() == 0


def test_an_action_of_an_assessment_stands_in_the_month_too(client, viewer):
    assessment = AssessmentFactory(system__operator=viewer.organisation)
    ActionItemFactory(assessment=assessment, description="gap", due_on=DAY)
    assert entries(client.get(at(viewer, "?month=2027-03"))) == {DAY: ["gap"]}

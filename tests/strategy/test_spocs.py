"""Single points of contact: named, told, acknowledged, published, and confirmed once a year by a link."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from core import jobs
from core.dates import today
from core.errors import Incomplete, StaleRecord
from core.jobs import Job
from core.trail import TrailEntry
from strategy import tasks
from strategy.measures import MEASURES, State
from strategy.models import NoSystemDeclaration, SpocConfirmation, SpocEntry, SpocPublication
from strategy.services import declarations, spoc_confirmation, spocs
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.compliance import CameraSystemFactory
from tests.strategy.recount import sql

pytestmark = pytest.mark.django_db
MAILBOX = "safety@council.example.org"
SENT = {
    "post": "Head of community safety",
    "name": "Ann Example",
    "email": MAILBOX,
    "telephone": "01632 960001",
    "language": "en-gb",
    "named_on_day": "1",
    "named_on_month": "5",
    "named_on_year": "2026",
}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


def named(council, **more):
    details = {"post": "Head of community safety", "email": MAILBOX, "name": "Ann Example", **more}
    return spocs.name_spoc(organisation=council, details=spocs.Details(**details), by=None)


def complete(council, **more):
    """Named, told, acknowledged and public."""
    entry = named(council, **more)
    spocs.tell_association(entry=entry, by=None)
    spocs.acknowledge(entries=[entry], body=NationalBodyFactory(), by=None)
    spocs.publish_spoc(entry=entry, by=None)
    entry.refresh_from_db()
    return entry


def asked(entry, mailoutbox):
    """The link in the mail that was really sent."""
    SpocConfirmation.objects.filter(entry=entry).update(asked_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    mailoutbox.clear()
    spoc_confirmation.ask(entry=entry, by=None)
    jobs.drain()
    mail = next(mail for mail in mailoutbox if mail.to == [entry.email])
    return re.search(r"(/(?:cy/)?spocs/confirm/\S+)", mail.body)[1]


def counted(day=None):
    found = MEASURES["spoc_known"].on(day or today())
    return found.numerator, found.denominator, found.no_data


def counted_by_sql(day):
    return sql(
        """
        SELECT COUNT(DISTINCT o.id) FROM accounts_organisation o
        JOIN strategy_spocentry e ON e.organisation_id = o.id
        JOIN strategy_spocpublication p ON p.entry_id = e.id
        WHERE o.kind = 'principal_authority' AND NOT o.is_demonstration AND NOT o.is_training
        AND (o.starts_on IS NULL OR o.starts_on <= %s) AND (o.ends_on IS NULL OR o.ends_on >= %s)
        AND e.made_on <= %s AND (e.ended_on IS NULL OR e.ended_on >= %s)
        AND e.told_on <= %s AND e.acknowledged_on <= %s
        AND p.published_on <= %s AND (p.ended_on IS NULL OR p.ended_on >= %s)
        """,
        *[day] * 8,
    )


def days_ago(entry, days, **fields):
    """As if all that happened to it had happened so many days ago."""
    day = today() - dt.timedelta(days=days)
    known = {name: day for name in ("made_on", "named_on", "told_on", "acknowledged_on") if getattr(entry, name)}
    SpocEntry.objects.filter(pk=entry.pk).update(**{**known, **fields})
    entry.publications.update(published_on=day)
    entry.refresh_from_db()


def test_a_council_names_tells_and_publishes_and_the_association_acknowledges(client, mailoutbox):
    council, body = OrganisationFactory(region="North West"), NationalBodyFactory()
    secretary = member(body, Role.SECRETARY)
    spoc = member(council, Role.SPOC)
    client.force_login(spoc)
    page = reverse("national:spoc", args=[council.slug])
    assert "Nobody is named." in client.get(page).content.decode()
    assert client.post(reverse("national:spoc_name", args=[council.slug]), SENT).url == page
    entry = council.spocs.get()
    assert (entry.named_on, entry.made_on, entry.email) == (dt.date(2026, 5, 1), today(), MAILBOX)
    for act in ("tell", "publish", "tell", "publish"):
        assert client.post(reverse("national:spoc_act", args=[council.slug, act])).url == page
    jobs.drain()
    (mail,) = (mail for mail in mailoutbox if mail.to == [secretary.email])  # told once
    assert council.name in mail.subject
    assert counted() == (0, 1, 0)
    client.force_login(secretary)
    listed = client.get(reverse("national:spocs", args=[body.slug]) + "?state=told").content.decode()
    assert MAILBOX in listed
    sent = client.post(reverse("national:spocs_acknowledge", args=[body.slug]), {"entries": [entry.reference]})
    assert sent.status_code == 302
    entry.refresh_from_db()
    assert (entry.acknowledged_on, entry.acknowledged_by) == (today(), body)
    assert counted() == (1, 1, 0)
    assert spoc.notifications.filter(subject__contains="acknowledged").count() == 1
    verbs = TrailEntry.objects.filter(subject_reference=entry.reference).values_list("verb", flat=True)
    assert [*verbs.order_by("pk")] == ["named", "told", "published", "acknowledged"]


def test_the_public_reads_the_post_and_only_what_the_entry_lets_it_read(client):
    council = OrganisationFactory(name="Elm Council", region="Wales", nation="wales", name_cy="Cyngor Llwyfen")
    entry = complete(council, telephone="01632 960001", post_cy="Pennaeth diogelwch")
    for address in ("/spocs/", "/spocs/spocs.csv", "/spocs/spocs.json"):
        text = client.get(address).content.decode()
        assert "Head of community safety" in text
        assert not [hidden for hidden in ("Ann Example", MAILBOX, "01632") if hidden in text]
    welsh = client.get("/cy/spocs/").content.decode()
    assert "Cyngor Llwyfen" in welsh
    assert "Pennaeth diogelwch" in welsh
    shown = spocs.Details(post="Head of community safety", email=MAILBOX, name="Ann Example", shows_name=True)
    spocs.change_spoc(entry=entry, details=shown, by=None)
    text = client.get("/spocs/").content.decode()
    assert "Ann Example" in text
    assert MAILBOX not in text
    assert "Elm Council" not in client.get("/spocs/?nation=england").content.decode()
    assert client.get("/spocs/spocs.json?region=Wales").json()["spocs"][0]["authority"] == council.slug
    spocs.withdraw_spoc(entry=entry, by=None)
    assert "Ann Example" not in client.get("/spocs/").content.decode()
    assert set(SpocPublication.objects.values_list("name", "email")) == {("", "")}  # nothing personal is left of it


def test_a_formula_in_a_post_is_text_in_both_files(client):
    council, body = OrganisationFactory(), NationalBodyFactory()
    complete(council, post='=HYPERLINK("x")')
    client.force_login(member(body, Role.STRAND_LEAD))
    for address in ("/spocs/spocs.csv", reverse("national:spocs_csv", args=[body.slug])):
        (row,) = csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig")))
        assert row["post"] == '\'=HYPERLINK("x")'


def test_the_association_reads_name_and_contact_only_once_it_is_told(client):
    council, body = OrganisationFactory(), NationalBodyFactory()
    entry = named(council)
    client.force_login(member(body, Role.SECRETARY))
    addresses = [reverse(f"national:{name}", args=[body.slug]) for name in ("spocs", "spocs_csv")]
    assert not [address for address in addresses if MAILBOX in client.get(address).content.decode()]
    untold = client.post(reverse("national:spocs_acknowledge", args=[body.slug]), {"entries": [entry.reference]})
    assert untold.status_code == 422
    spocs.tell_association(entry=entry, by=None)
    assert not [address for address in addresses if MAILBOX not in client.get(address).content.decode()]


def test_another_person_is_another_entry_and_must_be_told_and_published_anew():
    council = OrganisationFactory()
    first = complete(council, telephone="01632 960001")
    second = named(council, post="Director of places")
    first.refresh_from_db()
    assert (first.ended_on, first.email, first.telephone) == (today(), "", "")
    assert not second.publications.exists()
    assert counted() == (1, 1, 0)  # the day of the change is the last one of the entry before
    assert counted(today() + dt.timedelta(days=1)) == (0, 1, 0)
    with pytest.raises(StaleRecord):
        spocs.tell_association(entry=first, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpocEntry.objects.create(organisation=council, post="A third", named_on=today())
    with pytest.raises(Incomplete) as refusal:
        named(council, post=" ", email="nowhere")
    assert [problem.field for problem in refusal.value.problems] == ["post", "email"]


def test_a_past_day_counts_the_same_later():
    whole, told, silent, gone = (OrganisationFactory(name=name) for name in ("A", "B", "C", "D"))
    PoliceForceFactory()  # no principal authority
    entry = complete(whole)
    days_ago(entry, 20)
    half = named(told)
    spocs.tell_association(entry=half, by=None)
    half.refresh_from_db()
    days_ago(half, 10)
    ended = complete(gone)
    days_ago(ended, 20)
    before = [counted(today() - dt.timedelta(days=days)) for days in (30, 15, 5, 1)]
    assert before == [(0, 4, 4), (2, 4, 2), (2, 4, 1), (2, 4, 1)]
    spocs.withdraw_spoc(entry=entry, by=None)
    spocs.end_spoc(entry=ended, by=None)
    spocs.acknowledge(entries=[half], body=NationalBodyFactory(), by=None)
    spocs.publish_spoc(entry=half, by=None)
    assert [counted(today() - dt.timedelta(days=days)) for days in (30, 15, 5, 1)] == before
    tomorrow = {row.name: row for row in MEASURES["spoc_known"].on(today() + dt.timedelta(days=1)).rows}
    assert {name: row.state for name, row in tomorrow.items()} == {
        "A": State.NOT_COUNTED,
        "B": State.COUNTED,
        "C": State.NO_DATA,
        "D": State.NOT_COUNTED,
    }
    assert tomorrow["A"].why.endswith("not published")
    assert tomorrow["B"].since == today().isoformat()
    assert silent.spocs.count() == 0
    for days in (-1, 1, 5, 15, 30):
        day = today() - dt.timedelta(days=days)
        assert counted_by_sql(day) == counted(day)[0]


def test_the_mailbox_is_asked_once_a_year_and_answers_without_an_account(client, mailoutbox):
    entry = complete(OrganisationFactory())
    assert spoc_confirmation.ask_due(today()) == 0
    days_ago(entry, 366)
    tasks.promise_spocs()
    jobs.drain()
    (mail,) = (mail for mail in mailoutbox if mail.to == [MAILBOX])
    link = re.search(r"(/spocs/confirm/\S+)", mail.body)[1]
    assert spoc_confirmation.ask_due(today()) == 0
    assert link.split("/")[3] not in str([*Job.objects.values_list("arguments"), *SpocConfirmation.objects.values()])
    page = client.get(link)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert SpocConfirmation.objects.get().answered_at is None  # a look confirms nothing
    assert client.post(link, {}).status_code == 422
    assert "asked again in a year" in client.post(link, {"answer": "still_right"}).content.decode()
    entry.refresh_from_db()
    assert entry.confirmed_on == today()
    assert client.get(link).status_code == client.post(link, {"answer": "not_me"}).status_code == 410
    assert SpocConfirmation.objects.get().answer == "still_right"


def test_somebody_else_goes_to_the_organisation_which_takes_it_over(client, mailoutbox):
    council = OrganisationFactory(nation="wales")
    sro = member(council, Role.SRO)
    entry = complete(council, language="cy")
    link = asked(entry, mailoutbox)
    assert link.startswith("/cy/")
    assert "Anfon" in client.get(link).content.decode()
    sent = {"answer": "somebody_else", "name": "Ben Example", "post": "Director of places", "email": "nowhere"}
    assert client.post(link, sent).status_code == 422
    assert client.post(link, {**sent, "email": "places@council.example.org"}).status_code == 200
    entry.refresh_from_db()
    assert (entry.ended_on, entry.post) == (None, "Head of community safety")  # nothing changed by itself
    client.force_login(sro)
    assert "Director of places" in client.get(reverse("national:spoc", args=[council.slug])).content.decode()
    assert "/spoc/" in client.get(reverse("accounts:home")).content.decode()
    name = reverse("national:spoc_name", args=[council.slug])
    assert "places@council.example.org" in client.get(f"{name}?from=answer").content.decode()
    assert client.post(name, {**SENT, "post": "Director of places"}).status_code == 302
    said = SpocConfirmation.objects.get(answer="somebody_else")
    assert (said.new_name, said.new_post, said.new_email, said.settled_on) == ("", "", "", today())


def test_links_that_are_forged_old_replaced_or_of_an_ended_entry_answer_nothing(client, mailoutbox):
    council = OrganisationFactory()
    entry = complete(council)
    first = asked(entry, mailoutbox)
    second = asked(entry, mailoutbox)
    said = {"answer": "not_me"}
    assert client.post(first, said).status_code == 410  # a newer one was sent
    for guess in (second[:-2] + "/", "/spocs/confirm/" + SpocConfirmation.objects.first().token_sha256 + "/"):
        assert client.get(guess).status_code == client.post(guess, said).status_code == 404
    SpocConfirmation.objects.update(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert client.post(second, said).status_code == 410
    third = asked(entry, mailoutbox)
    spocs.end_spoc(entry=entry, by=None)
    assert client.post(third, said).status_code == 410
    assert set(SpocConfirmation.objects.values_list("answer", flat=True)) == {""}


def test_two_answers_at_once_are_one(mailoutbox):
    entry = complete(OrganisationFactory())
    link = asked(entry, mailoutbox)
    both = [spoc_confirmation.request_of(link.split("/")[3]) for _time in range(2)]
    spoc_confirmation.answer(asked=both[0], answer="still_right")
    with pytest.raises(spoc_confirmation.LinkClosed):
        spoc_confirmation.answer(asked=both[1], answer="not_me")
    assert SpocConfirmation.objects.get().answer == "still_right"


def test_nobody_of_another_organisation_finds_or_changes_an_entry(client):
    council, other = OrganisationFactory(), OrganisationFactory()
    entry = complete(council)
    client.force_login(member(other, Role.SPOC))
    for name in ("spoc", "spoc_name", "spoc_change", "spoc_end"):
        assert client.get(reverse(f"national:{name}", args=[council.slug])).status_code == 404
    assert client.post(reverse("national:spoc_end", args=[council.slug])).status_code == 404
    entry.refresh_from_db()
    assert entry.ended_on is None


def test_the_officer_declares_that_there_is_no_system_and_takes_it_back(client):
    council = OrganisationFactory()
    client.force_login(member(council, Role.SRO))
    page = reverse("national:no_system", args=[council.slug])
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": "The last one was closed in March."}).url == page
    assert "The last one was closed in March." in client.get(page).content.decode()
    declarations.declare_no_system(organisation=council, reason="Again.", by=None)
    word = NoSystemDeclaration.objects.get()
    assert (word.declared_on, word.ended_on) == (today(), None)
    assert client.post(reverse("national:no_system_back", args=[council.slug])).url == page
    assert client.post(reverse("national:no_system_back", args=[council.slug])).status_code == 409
    word.refresh_from_db()
    assert word.ended_on == today()


def test_nobody_declares_that_there_is_none_while_the_records_have_a_main_system_in_use(client):
    council = OrganisationFactory()
    CameraSystemFactory(operator=council, is_main=True, status="active")
    client.force_login(member(council, Role.SRO))
    answer = client.post(reverse("national:no_system", args=[council.slug]), {"reason": "We think so."})
    assert answer.status_code == 422
    assert "main system that is in use" in answer.content.decode()
    assert not NoSystemDeclaration.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_and_the_measure_cost_the_same_however_many(client, number, django_assert_num_queries):
    body = NationalBodyFactory()
    for _one in range(number):
        complete(OrganisationFactory())
    with django_assert_num_queries(2):
        client.get("/spocs/")
    with django_assert_num_queries(4):
        counted()
    client.force_login(member(body, Role.SECRETARY))
    client.get(reverse("national:spocs", args=[body.slug]))
    with django_assert_num_queries(7):
        client.get(reverse("national:spocs", args=[body.slug]))

"""One person's data: counted, handed over, erased by a job; counts, days and seals stay. Old enquiries go in time."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kind, Role
from core import jobs
from core.jobs import Job
from core.trail import TrailEntry, seal_all, verify
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.enquiries import enquiry as asked_of
from transparency.enquiry_tasks import promise_daily
from transparency.models import Enquiry, EnquiryMessage
from transparency.services import enquirers, enquiry_desk

pytestmark = pytest.mark.django_db
REPLY = {"text": "Dear Ann Owen", "post": "CCTV manager", "outcome": ""}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def council():
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)
    council.spoc, council.dpo = member(council, Role.SPOC), member(council, Role.DPO)
    return council


@pytest.fixture
def found(council):
    found = asked_of(council, place="My street", camera="7", incident_on=dt.date(2026, 11, 3))
    enquiry_desk.answer(enquiry=found, by=council.spoc, **REPLY)
    return found


def stored(found):
    """All that the tables of enquiries hold of it."""
    return repr([*Enquiry.objects.filter(pk=found.pk).values(), *EnquiryMessage.objects.filter(enquiry=found).values()])


def test_erasing_takes_words_and_person_and_keeps_counts_days_and_seals(council, found):
    other = asked_of(council, email="ben@example.org")
    seal_all()
    moves = list(found.changes.values_list("after", flat=True))
    counts = enquirers.erase_person(who="ANN@example.org", by=council.dpo)
    assert counts["enquiries"] == 1
    words = ("ann@", "Ann", "Why is it", "My street", "2026, 11, 3", found.token_sha256)
    assert not [word for word in words if word in stored(found)]
    again = Enquiry.objects.get(pk=found.pk)
    assert (again.kind, again.received_at, again.messages.count()) == ("question", found.received_at, 2)
    assert list(again.changes.values_list("after", flat=True)) == moves
    assert "Why is it" in stored(other)
    seal_all()
    assert verify().broken is None
    assert enquirers.held_of(who="ann@example.org")["enquiries"] == 0


def test_by_reference_one_enquiry_goes(council, found):
    other = asked_of(council)
    enquirers.erase_person(who=found.reference.lower(), by=council.dpo)
    assert "Why is it" not in stored(found)
    assert "Why is it" in stored(other)


def test_the_private_address_of_what_was_erased_leads_nowhere(client, council):
    found = asked_of(council, token="a-secret")
    enquirers.erase(enquiry=found, by=council.dpo)
    assert client.get("/ask-about-cameras/follow/a-secret/").status_code == 404


def test_a_mail_that_was_promised_to_the_person_is_not_sent(council, found, mailoutbox):
    enquirers.erase_person(who="ann@example.org", by=council.dpo)
    jobs.drain()
    assert {each.to[0] for each in mailoutbox} == {council.spoc.email}


def test_what_was_closed_a_year_ago_is_erased_once_a_day(council, found):
    recent = asked_of(council)
    enquiry_desk.answer(enquiry=recent, by=council.spoc, **REPLY)
    for enquiry, days in ((found, 370), (recent, 300)):
        enquiry_desk.close(enquiry=enquiry, by=council.spoc)
        Enquiry.objects.filter(pk=enquiry.pk).update(closed_at=timezone.now() - dt.timedelta(days=days))
    promise_daily()
    promise_daily()
    jobs.drain()
    assert "Why is it" not in stored(found)
    assert "Why is it" in stored(recent)
    assert Job.objects.filter(kind="transparency.daily").count() == 1


def test_the_command_counts_exports_and_erases(council, found, capsys):
    def run(*options):
        call_command("erase_person", "ann@example.org", "--json", *options)
        return json.loads(capsys.readouterr().out)

    held = {"enquiries": 1, "answers_to_consultations": 0, "requests_for_cameras": 0, "subscriptions": 0}
    assert run("--dry-run") == held
    (exported,) = run("--export")["enquiries"]
    assert (exported["email"], [each["text"] for each in exported["messages"]]) == (
        "ann@example.org",
        ["Why is it there?", "Dear Ann Owen"],
    )
    assert run() == {**held, "erased": True}
    assert run("--dry-run") == dict.fromkeys(held, 0)


def test_on_the_page_a_dry_run_comes_first_and_a_job_erases_and_forgets_whom(client, council, found):
    client.force_login(council.dpo)
    address = reverse("publishing:enquirer", args=[council.slug])
    looked = client.post(address, {"who": "ann@example.org", "look": "1"})
    assert looked.context["held"]["enquiries"] == 1
    saved = client.post(address, {"who": "ann@example.org", "export": "1"})
    assert json.loads(saved.content)["enquiries"][0]["reference"] == found.reference
    assert client.post(address, {"who": "nobody@example.org", "erase": "1"}).status_code == 422
    assert client.post(address, {"who": "ann@example.org", "erase": "1"}).status_code == 302
    jobs.drain()
    assert "Why is it" not in stored(found)
    assert "ann@example.org" not in repr(list(Job.objects.values_list("arguments", flat=True)))
    assert "ann@example.org" not in repr(list(TrailEntry.objects.values_list("before", "after", "personal")))


def test_an_organisation_erases_nothing_of_others(council, found):
    other = OrganisationFactory()
    assert enquirers.held_of(who="ann@example.org", organisation=other)["enquiries"] == 0
    enquirers.erase_person(who="ann@example.org", organisation=other, by=council.dpo)
    assert "Why is it" in stored(found)

"""Being told by mail: confirmed by the owner of the mailbox, at most one mail a day, ended by one click."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Kind
from core import jobs
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory
from tests.factories.transparency import published, system_of
from transparency.models import Subscription
from transparency.services import enquirers, subscriptions
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db
ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def council():
    return OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)


def ask(client, council, email=ANN, language=""):
    return client.post(f"{language}/tell-me/?kind=authority&key={council.slug}", {"email": email})


def link_in(mail, page):
    return re.search(rf"(/(?:cy/)?tell-me/{page}/\S+)", mail.body)[1]


def confirmed(client, council, mailoutbox):
    ask(client, council)
    jobs.drain()
    client.post(link_in(mailoutbox[-1], "confirm"))
    mailoutbox.clear()
    return Subscription.objects.get(email=ANN)


def test_nothing_is_told_before_the_owner_of_the_mailbox_confirms(client, council, mailoutbox):
    assert ask(client, council).status_code == 200
    jobs.drain()
    (mail,) = mailoutbox
    link = link_in(mail, "confirm")
    page = client.get(link)
    assert page.status_code == 200
    assert council.local_name in page.content.decode()  # what of
    assert Subscription.objects.get().confirmed_at is None
    published(operator=council)
    assert subscriptions.tell() == 0
    assert client.post(link).status_code == 200
    assert Subscription.objects.get().confirmed_at
    assert client.get("/tell-me/confirm/forged/").status_code == 410
    assert client.post("/tell-me/confirm/forged/").status_code == 410


def test_the_page_says_the_same_whether_the_address_is_known_or_not(client, council, mailoutbox):
    confirmed(client, council, mailoutbox)
    known, unknown = ask(client, council), ask(client, council, "ben@example.org")
    assert known.content == unknown.content
    jobs.drain()
    assert [mail.to for mail in mailoutbox] == [["ben@example.org"]]


def test_a_mailbox_is_not_flooded_by_whoever_types_it(client, council, mailoutbox):
    for _time in range(3):
        ask(client, council)
    jobs.drain()
    assert len(mailoutbox) == 1


def test_what_changed_is_told_in_one_mail_a_day(client, council, mailoutbox):
    row = confirmed(client, council, mailoutbox)
    first = published(operator=council)
    published()  # of another authority
    assert subscriptions.tell() == 1
    system = system_of(first)
    system.pressing_need = "Another reason."
    system.save()
    publish_system(system=system, by=None)
    assert subscriptions.tell() == 0
    jobs.drain()
    (mail,) = mailoutbox
    assert first.path in mail.body
    assert mail.body.count("/authorities/") == 1
    Subscription.objects.filter(pk=row.pk).update(mailed_on=dt.date(2026, 1, 1))
    assert subscriptions.tell() == 1
    assert subscriptions.tell() == 0


def test_one_click_ends_it_and_erases_the_address(client, council, mailoutbox):
    confirmed(client, council, mailoutbox)
    published(operator=council)
    subscriptions.tell()
    jobs.drain()
    header = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert mailoutbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = header[header.index("/tell-me/") :]
    assert client.get(link).status_code == 200
    assert Subscription.objects.count() == 1
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert client.post(link).status_code == 200
    assert ANN not in repr(list(Job.objects.values_list("arguments", flat=True)))


def test_an_address_that_nobody_confirmed_goes_after_a_week(client, council):
    ask(client, council)
    Subscription.objects.update(asked_at=timezone.now() - dt.timedelta(days=8))
    assert subscriptions.forget_unconfirmed() == 1


def test_erasing_the_person_ends_the_subscriptions(client, council, mailoutbox):
    confirmed(client, council, mailoutbox)
    assert enquirers.erase_person(who=ANN, by=None)["subscriptions"] == 1
    assert not Subscription.objects.exists()


def test_in_welsh_the_mail_is_welsh_and_leads_to_welsh_pages(client, council, mailoutbox):
    ask(client, council, language="/cy")
    jobs.drain()
    assert "/cy/tell-me/confirm/" in mailoutbox[0].body


@pytest.mark.parametrize("query", ["?kind=nothing", "?kind=authority&key=nobody", "?kind=system&key=CS-0"])
def test_what_is_not_there_is_not_told_of(client, query):
    assert client.get(f"/tell-me/{query}").status_code == 404

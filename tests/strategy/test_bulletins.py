"""Bulletins and news: numbered, published as they stand, corrected with a word, told by mail to who asked."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Role
from core import jobs
from core.dates import today
from core.errors import Incomplete, RuleBroken, StaleRecord
from strategy.models import Bulletin, BulletinItem
from strategy.services import bulletins
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.strategy_bulletins import BulletinFactory
from transparency.models import Publication, Subscription
from transparency.services import subscriptions

pytestmark = pytest.mark.django_db
WRITTEN = {"title": "A title", "title_cy": "", "text": "", "text_cy": "", "expires_on": None}
ITEM = {"headline": "A headline", "headline_cy": "", "text": "Words", "text_cy": "", "link": ""}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def board():
    return NationalBodyFactory()


def write(board, kind="bulletin", **more):
    return bulletins.write(body=board, kind=kind, facts={**WRITTEN, **more}, by=None)


def fresh(record):
    record.refresh_from_db()
    return record


def test_each_body_numbers_its_bulletins_and_news_has_no_number(board):
    assert [write(board).number, write(board, "news").number, write(board).number] == [1, None, 2]
    assert write(NationalBodyFactory()).number == 1


def test_what_is_missing_is_said_at_once(board):
    for kind in ("bulletin", "news"):
        draft = write(board, kind)
        with pytest.raises(Incomplete):
            bulletins.publish(bulletin=draft, version=draft.version, by=None)
    with pytest.raises(Incomplete):
        write(board, title=" ")
    with pytest.raises(Incomplete):
        write(board, "news", expires_on=today() - dt.timedelta(days=1))
    assert not Publication.objects.exists()


def test_in_wales_each_piece_is_written_in_welsh_too():
    board = NationalBodyFactory(nation="wales")
    made = BulletinFactory(body=board)
    with pytest.raises(Incomplete) as refusal:
        bulletins.publish(bulletin=made, version=made.version, by=None)
    assert len(refusal.value.problems) == 1  # the item; title and headline have their Welsh
    BulletinItem.objects.filter(bulletin=made).update(text_cy="Geiriau.")
    bulletins.publish(bulletin=made, version=made.version, by=None)


def test_a_change_is_public_only_once_it_is_published_with_its_reason(client):
    made = BulletinFactory()
    bulletins.publish(bulletin=made, version=made.version, by=None)
    bulletins.change(bulletin=made, facts={**WRITTEN, "title": "Another"}, version=made.version, by=None)
    address = f"/bulletins/{made.reference}/"
    assert "Another" not in client.get(address).content.decode()
    with pytest.raises(Incomplete) as refusal:
        bulletins.publish(bulletin=made, version=fresh(made).version, by=None)
    assert [each.field for each in refusal.value.problems] == ["note"]
    bulletins.publish(bulletin=made, version=made.version, by=None, note="The title was wrong.")
    page = client.get(address).content.decode()
    assert "Another" in page
    assert "The title was wrong." in page


def test_who_saves_an_older_version_is_told(board):
    made = write(board)
    bulletins.put_item(bulletin=made, facts=ITEM, by=None)
    with pytest.raises(StaleRecord):
        bulletins.change(bulletin=made, facts={**WRITTEN, "title": "Late"}, version=1, by=None)
    assert fresh(made).title == "A title"


def test_items_are_put_moved_and_taken_off(board):
    made = write(board)
    first = bulletins.put_item(bulletin=made, facts={**ITEM, "headline": "One"}, by=None)
    second = bulletins.put_item(bulletin=made, facts={**ITEM, "headline": "Two"}, by=None)
    bulletins.move_item(item=second, by=None)
    bulletins.move_item(item=fresh(second), by=None)  # it is the first already
    assert [item.headline for item in made.items.all()] == ["Two", "One"]
    bulletins.drop_item(item=fresh(first), by=None)
    assert [item.headline for item in made.items.all()] == ["Two"]


def test_news_leaves_the_list_when_it_ran_out_and_its_page_stays(client, board):
    made = write(board, "news", text="The office is closed.", expires_on=today())
    bulletins.publish(bulletin=made, version=made.version, by=None)
    assert made.reference in client.get("/bulletins/").content.decode()
    Bulletin.objects.filter(pk=made.pk).update(expires_on=today() - dt.timedelta(days=1))
    bulletins.publish(bulletin=made, version=fresh(made).version, by=None, note="Shorter.")
    assert made.reference not in client.get("/bulletins/").content.decode()
    assert "The office is closed." in client.get(f"/bulletins/{made.reference}/").content.decode()


def test_what_is_withdrawn_says_so_and_nothing_else(client):
    made = BulletinFactory()
    with pytest.raises(RuleBroken):
        bulletins.withdraw(bulletin=made, reason="Early.", by=None)
    bulletins.publish(bulletin=made, version=made.version, by=None)
    bulletins.withdraw(bulletin=made, reason="Sent by mistake.", by=None)
    page = client.get(f"/bulletins/{made.reference}/").content.decode()
    assert "Sent by mistake." in page
    assert "Headline 0" not in page
    assert made.reference not in client.get("/bulletins/").content.decode()


def test_a_secretary_writes_and_publishes_on_pages(client, board):
    client.force_login(member(board, Role.SECRETARY))
    new = reverse("national:bulletin_new", args=[board.slug, "bulletin"])
    refused = client.post(new, {"title": "", "text": "Kept words", "version": 1})
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()
    assert client.post(new, {"title": "October", "text": "", "version": 1}).status_code == 302
    made = Bulletin.objects.get()
    own = [board.slug, made.reference]
    item = reverse("national:bulletin_item_new", args=own)
    assert client.post(item, {"headline": "Signs", "text": "New signs are out."}).status_code == 302
    publish = reverse("national:bulletin_publish", args=own)
    assert client.post(publish, {"version": fresh(made).version}).status_code == 302
    jobs.drain()
    public = client.get(f"/bulletins/{made.reference}/").content.decode()
    assert "New signs are out." in public
    assert made.reference in client.get("/search/?q=signs").content.decode()
    welsh = client.get(f"/cy/bulletins/{made.reference}/").content.decode()
    assert 'lang="en"' in welsh


def test_who_asked_is_told_of_a_new_one_and_can_end_it(client, mailoutbox):
    client.post(reverse("transparency:subscribe") + "?kind=bulletins", {"email": "ann@example.org"})
    jobs.drain()
    link = re.search(r"(/\S*/confirm/\S+)", mailoutbox[-1].body)[1]
    client.post(link)
    assert Subscription.objects.get().kind == "bulletins"
    Subscription.objects.update(told_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    made = BulletinFactory()
    bulletins.publish(bulletin=made, version=made.version, by=None)
    mailoutbox.clear()
    subscriptions.tell()
    jobs.drain()
    assert f"/bulletins/{made.reference}/" in mailoutbox[-1].body


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_a_fixed_number_of_times(client, board, number, django_assert_num_queries):
    for _each in range(number):
        made = BulletinFactory(body=board, items=number)
        bulletins.publish(bulletin=made, version=made.version, by=None)
    with django_assert_num_queries(1):
        client.get("/bulletins/")
    client.force_login(member(board, Role.SECRETARY))
    for address, queries in (
        (reverse("national:bulletins", args=[board.slug]), 6),
        (reverse("national:bulletin", args=[board.slug, made.reference]), 8),
    ):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)

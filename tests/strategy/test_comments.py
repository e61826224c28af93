"""Recommendations of the past: told with dates, commented on by the public, read before it is public."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Role
from core.errors import IllegalMove, Incomplete
from strategy.models import RecommendationComment
from strategy.services import comments
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.strategy import CommentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def waiting():
    return CommentFactory(text="Mrs Smith of 3 High Street was filmed.", name="A resident")


def address(recommendation):
    return f"/strategy/{recommendation.strategy.key}/recommendations/{recommendation.number}/"


def test_what_is_told_stands_with_its_day_and_the_older_stays(client, waiting):
    board, recommendation = NationalBodyFactory(), waiting.recommendation
    for standing, text in (("open", "Nobody began."), ("done", "It is in the Code.")):
        comments.tell(recommendation=recommendation, organisation=board, standing=standing, text=text, by=None)
    page = client.get(address(recommendation)).content.decode()
    assert page.index("Done: " if "Done: " in page else "Done") < page.index("Nobody began.")
    assert "It is in the Code." in page
    with pytest.raises(Incomplete):
        comments.tell(recommendation=recommendation, organisation=board, standing="never", text="", by=None)


def test_nobody_reads_a_comment_before_a_secretary_did(client, waiting):
    where = address(waiting.recommendation)
    sent = client.post(where, {"text": "It is done in Rhondda.", "name": ""})
    assert sent.status_code == 200
    assert "Rhondda" not in client.get(where).content.decode()
    board = NationalBodyFactory()
    client.force_login(member(board, Role.SECRETARY))
    kept = RecommendationComment.objects.get(text="It is done in Rhondda.")
    assert "Read comments on recommendations: 2" in client.get("/workspace/").content.decode()
    publish = reverse("national:comment_publish", args=[board.slug, kept.reference])
    assert client.post(publish, {"text": "It is done in Rhondda.", "name": ""}).status_code == 302
    assert "It is done in Rhondda." in client.get(where).content.decode()


def test_what_a_secretary_takes_out_is_public_nowhere(client, waiting):
    board = NationalBodyFactory()
    comments.publish(comment=waiting, organisation=board, text="Somebody was filmed.", name="", by=None)
    page = client.get(address(waiting.recommendation)).content.decode()
    assert "Somebody was filmed." in page
    assert "Smith" not in page
    assert "A resident" not in page
    comments.refuse(comment=waiting, organisation=board, by=None)
    waiting.refresh_from_db()
    assert (waiting.text, waiting.published_text, waiting.name) == ("", "", "")
    assert "Somebody was filmed" not in client.get(address(waiting.recommendation)).content.decode()
    with pytest.raises(IllegalMove):
        comments.publish(comment=waiting, organisation=board, text="Again", name="", by=None)


def test_sent_twice_it_is_one_and_a_filled_trap_is_none(client, waiting):
    where = address(waiting.recommendation)
    for _time in range(2):
        client.post(where, {"text": "The same  words.", "name": ""})
    client.post(where, {"text": "Buy cheap cameras.", "name": "", "website": "https://example.org"})
    assert RecommendationComment.objects.count() == 2  # this one and the one that waited


def test_without_words_nothing_is_kept_and_the_name_stays_typed(client, waiting):
    refused = client.post(address(waiting.recommendation), {"text": " ", "name": "Ann"})
    assert refused.status_code == 422
    assert 'value="Ann"' in refused.content.decode()


def test_a_network_that_floods_is_asked_to_wait(client, waiting):
    where = address(waiting.recommendation)
    answers = [client.post(where, {"text": f"Number {n}", "name": ""}).status_code for n in range(22)]
    assert answers[19:] == [200, 429, 429]
    assert RecommendationComment.objects.count() == 21

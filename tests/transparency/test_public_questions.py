"""A question on one principle and its reply stand beside it: with consent, after an answer, without the person."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Role
from core.errors import Incomplete, RuleBroken
from tests.factories.accounts import member
from tests.factories.certification import Parties
from tests.factories.enquiries import enquiry as asked_of
from tests.transparency.test_public_copy import publish, read, signed_system
from transparency.models import Publication
from transparency.services import enquirers, enquiry_desk
from transparency.services.publish_question import publish_question, take_back_question

pytestmark = pytest.mark.django_db
TEXTS = {"question": "Why so long?", "reply": "Thirty-one days, for the police."}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def system():
    return signed_system().system


@pytest.fixture
def spoc(system):
    return member(system.operator, Role.SPOC)


def answered(system, spoc, **fields):
    given = {"kind": "principle", "principle": 1, "may_publish": True, "text": "I, Ann Owen, ask why.", **fields}
    found = asked_of(system.operator, system=system, **given)
    enquiry_desk.answer(enquiry=found, text="Dear Ann Owen, 31.", post="CCTV manager", outcome="", by=spoc)
    return found


def test_what_was_made_fit_is_shown_beside_the_principle_and_nothing_of_the_person(system, spoc):
    copy = publish(signed_copy(system))
    found = answered(system, spoc)
    publish_question(enquiry=found, by=spoc, **TEXTS)
    shown = read(copy)
    assert TEXTS["question"] in shown
    assert TEXTS["reply"] in shown
    assert shown.index('id="principle-1"') < shown.index(TEXTS["question"])
    kept = Publication.objects.get(kind=Publication.Kind.QUESTION)
    assert not [word for word in ("Ann", "ann@example.org", found.token_sha256) if word in shown + kept.content]
    assert set(kept.facts()) == {"schema", "system", "principle", "language", "question", "reply"}


def test_taken_back_or_erased_it_is_shown_no_more(system, spoc):
    copy = publish(signed_copy(system))
    for act in (take_back_question, enquirers.erase):
        found = answered(system, spoc)
        publish_question(enquiry=found, by=spoc, **TEXTS)
        assert TEXTS["question"] in read(copy)
        act(enquiry=found, by=spoc)
        assert TEXTS["question"] not in read(copy)


def test_it_needs_consent_an_answer_a_public_copy_and_both_texts(system, spoc):
    found = answered(system, spoc)
    with pytest.raises(RuleBroken):  # no public copy yet
        publish_question(enquiry=found, by=spoc, **TEXTS)
    publish(signed_copy(system))
    with pytest.raises(RuleBroken):
        publish_question(enquiry=answered(system, spoc, may_publish=False), by=spoc, **TEXTS)
    waiting = asked_of(system.operator, system=system, kind="principle", principle=1, may_publish=True)
    with pytest.raises(RuleBroken):
        publish_question(enquiry=waiting, by=spoc, **TEXTS)
    with pytest.raises(Incomplete):
        publish_question(enquiry=found, by=spoc, question="", reply="Yes.")
    assert not Publication.objects.filter(kind=Publication.Kind.QUESTION).exists()


def test_the_auditor_reads_what_is_published_beside_that_principle_and_nowhere_else(client):
    parties = Parties.make()
    application = parties.in_review()
    system = application.systems.get()
    publish(signed_copy(system))
    found = answered(system, parties.spoc)
    client.force_login(parties.auditor)
    address = [application.body.slug, application.reference]
    beside = reverse("certification:review_principle", args=[*address, 1])
    assert "Ann Owen" not in client.get(beside).content.decode()
    publish_question(enquiry=found, by=parties.spoc, **TEXTS)
    page = client.get(beside).content.decode()
    assert TEXTS["question"] in page
    assert TEXTS["reply"] in page
    assert "Ann Owen" not in page
    other = reverse("certification:review_principle", args=[*address, 2])
    assert TEXTS["question"] not in client.get(other).content.decode()
    take_back_question(enquiry=found, by=parties.spoc)
    assert TEXTS["question"] not in client.get(beside).content.decode()


def signed_copy(system):
    return system.assessments.get()

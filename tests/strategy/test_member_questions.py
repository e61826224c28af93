"""Questions between members: asked, answered by colleagues, hidden by a secretary, never for the public."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Kind, Notification, Role
from core.dates import today
from strategy.models import HelpOffer, MemberAnswer, MemberQuestion
from strategy.services import member_questions as services
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.strategy_questions import MemberQuestionFactory

pytestmark = pytest.mark.django_db
ASKED = {"title": "Who masks windows?", "text": "We have forty domes.", "topic": "privacy"}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(organisation, name: str, *more) -> str:
    return reverse(f"national:{name}", args=[organisation.slug, *more])


@pytest.fixture
def council():
    return OrganisationFactory(name="Abbot")


@pytest.fixture
def force():
    return OrganisationFactory(name="North force", kind=Kind.POLICE_FORCE)


@pytest.fixture
def body():
    return OrganisationFactory(kind=Kind.NATIONAL_BODY)


def test_a_question_goes_to_who_offers_help_and_its_answer_to_who_asked(council, force):
    asker, helper, other = member(council, Role.SPOC), member(force, Role.POLICE_SPOC), member(force, Role.POLICE_SPOC)
    assert signed_in(helper).post(at(force, "question_help"), {"topics": []}).status_code == 422
    offered = {"topics": ["privacy"], "note": "Masks of homes."}
    assert signed_in(helper).post(at(force, "question_help"), offered).status_code == 302
    services.offer_help(organisation=force, topics=["law"], note="", by=other)
    assert signed_in(asker).post(at(council, "question_new"), {**ASKED, "title": " "}).status_code == 422
    made = signed_in(asker).post(at(council, "question_new"), ASKED)
    question = MemberQuestion.objects.get()
    assert made.url == at(council, "question", question.reference)
    assert [each.user for each in Notification.objects.all()] == [helper]
    own = at(force, "question", question.reference)
    assert Notification.objects.get().url == own
    assert "We have forty domes." in signed_in(helper).get(own).content.decode()
    answer = at(force, "question_answer", question.reference)
    assert signed_in(helper).post(answer, {"text": ""}).status_code == 422
    assert signed_in(helper).post(answer, {"text": "We mask all of them."}).status_code == 302
    assert Notification.objects.get(user=asker).subject == "Your question was answered: Who masks windows?"
    page = signed_in(asker).get(at(council, "question", question.reference)).content.decode()
    assert "We mask all of them." in page
    assert f"{helper.get_full_name()}, North force" in page
    refused = signed_in(helper).post(
        at(force, "question_mark", question.reference), {"status": "answered"}, follow=True
    )
    assert "Who asked says whether it is answered." in refused.content.decode()
    mark = at(council, "question_mark", question.reference)
    assert signed_in(asker).post(mark, {"status": "answered"}).status_code == 302
    assert signed_in(asker).post(mark, {"status": "answered"}).status_code == 409
    listed = signed_in(helper).get(f"{at(force, 'questions')}?state=answered&q=wind").content.decode()
    assert "Who masks windows?" in listed
    assert "Masks of homes." in listed
    assert "Who masks windows?" not in signed_in(helper).get(f"{at(force, 'questions')}?topic=law").content.decode()


def test_a_secretary_hides_a_question_and_an_answer_and_their_writers_read_why(council, force, body):
    asker, helper, secretary = member(council, Role.SPOC), member(force, Role.POLICE_SPOC), member(body, Role.SECRETARY)
    question = services.ask(organisation=council, by=asker, **ASKED)
    given = services.answer(question=question, organisation=force, text="Ask Mr Example.", by=helper)
    hide = at(body, "question_answer_hide", question.reference, given.pk)
    assert signed_in(helper).get(at(force, "question_hide", question.reference)).status_code == 403
    assert signed_in(secretary).post(hide, {"reason": ""}).status_code == 422
    assert signed_in(secretary).post(hide, {"reason": "It names a person."}).status_code == 302
    own = at(council, "question", question.reference)
    assert "Ask Mr Example." not in signed_in(asker).get(own).content.decode()
    theirs = signed_in(helper).get(at(force, "question", question.reference)).content.decode()
    assert "It names a person." in theirs
    hide = at(body, "question_hide", question.reference)
    assert signed_in(secretary).post(hide, {"reason": "Sold by a firm."}).status_code == 302
    assert signed_in(helper).get(at(force, "question", question.reference)).status_code == 404
    assert "Sold by a firm." in signed_in(asker).get(own).content.decode()
    assert signed_in(asker).get(at(council, "question_answer", question.reference)).status_code == 409
    assert signed_in(secretary).post(at(body, "question_mark", question.reference)).status_code == 302
    assert signed_in(helper).get(at(force, "question", question.reference)).status_code == 200


def test_who_left_is_not_named_and_helps_no_more(council, force):
    asker, helper = member(council, Role.SPOC), member(force, Role.POLICE_SPOC)
    question = services.ask(organisation=council, by=asker, **ASKED)
    services.answer(question=question, organisation=force, text="Yes.", by=helper)
    services.offer_help(organisation=force, topics=["privacy"], note="", by=helper)
    own = at(council, "question", question.reference)
    assert helper.get_full_name() in signed_in(asker).get(own).content.decode()
    helper.memberships.update(ends_on=today() - dt.timedelta(days=1))
    page = signed_in(asker).get(own).content.decode()
    assert helper.get_full_name() not in page
    assert "North force" in page
    assert services.helpers("privacy") == []


def test_help_that_was_stopped_leaves_nothing(force):
    helper = member(force, Role.POLICE_SPOC)
    services.offer_help(organisation=force, topics=["privacy"], note="", by=helper)
    assert signed_in(helper).post(at(force, "question_help_stop")).status_code == 302
    assert not HelpOffer.objects.exists()


def test_certification_bodies_and_practice_councils_read_nothing(council):
    question = services.ask(organisation=council, by=member(council, Role.SPOC), **ASKED)
    auditors = OrganisationFactory(kind=Kind.CERTIFICATION_BODY)
    practice = OrganisationFactory(is_training=True)
    for organisation, role in ((auditors, Role.AUDITOR), (practice, Role.SPOC)):
        client = signed_in(member(organisation, role))
        assert client.get(at(organisation, "questions")).status_code == 403
        assert client.get(at(organisation, "question", question.reference)).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_a_fixed_number_of_times(django_assert_num_queries, council, force, number):
    asker = member(council, Role.SPOC)
    for _each in range(number):
        question = MemberQuestionFactory()
        services.offer_help(organisation=force, topics=["privacy"], note="", by=member(force, Role.POLICE_SPOC))
    for _each in range(number):
        person = member(force, Role.POLICE_SPOC)
        MemberAnswer.objects.create(question=question, organisation=force, answered_by=person, text="Yes.")
    client = signed_in(asker)
    for address, queries in ((at(council, "questions"), 6), (at(council, "question", question.reference), 6)):
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200

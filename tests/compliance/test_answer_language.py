"""An answer says in which language it is written: who is asked, what stands there first, which doors keep it."""

import json
import re

import pytest

from accounts.models import Role
from accounts.models.organisation import Nation
from compliance.models import Answer, AnswerRevision, SignedAssessment
from compliance.services.signing import send_for_sign_off, sign
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import AnswerFactory, AssessmentFactory, answer_everything

pytestmark = pytest.mark.django_db


def in_wales():
    council = OrganisationFactory(nation=Nation.WALES)
    return AssessmentFactory(system__operator=council)


def boxes(client, assessment, page):
    """The languages that are chosen in the forms of answers on a page."""
    body = client.get(at(assessment, page)).content.decode()
    selects = re.findall(r'<select name="language".*?</select>', body, re.DOTALL)
    return [re.search(r'<option value="(..)" selected', select).group(1) for select in selects]


@pytest.mark.parametrize(
    ("welsh_council", "pages", "stored", "expected"),
    [
        (False, "en-gb", "", []),
        (False, "en-gb", "en", []),
        (False, "en-gb", "cy", ["cy"]),
        (False, "cy", "", ["cy"]),
        (False, "cy", "en", ["en"]),
        (True, "en-gb", "", ["en"]),
        (True, "en-gb", "cy", ["cy"]),
        (True, "cy", "", ["cy"]),
    ],
)
def test_who_is_asked_and_what_stands_there(client, welsh_council, pages, stored, expected):
    assessment = in_wales() if welsh_council else AssessmentFactory()
    person = sign_in(client, assessment)
    type(person).objects.filter(pk=person.pk).update(language=pages)
    if stored:
        AnswerFactory(assessment=assessment, language=stored)
    assert boxes(client, assessment, "questions/1/") == expected


def test_a_new_answer_starts_in_the_language_of_most_others(client):
    assessment = in_wales()
    questions = list(assessment.edition.questions.order_by("number"))
    for question, language in zip(questions[1:], ("cy", "cy", "en"), strict=False):
        AnswerFactory(assessment=assessment, question=question, language=language)
    sign_in(client, assessment)
    assert boxes(client, assessment, "questions/1/") == ["cy"]
    assert boxes(client, assessment, "questions/4/") == ["en"]
    assert boxes(client, assessment, "principles/2/answer/") == ["en", "cy", "cy"]


def test_the_button_and_the_autosave_both_keep_the_language(client):
    assessment = in_wales()
    sign_in(client, assessment)
    sent = {"text": "Yr angen.", "language": "cy", "version": "0"}
    assert client.post(at(assessment, "questions/1/"), sent).status_code == 302
    assert list(Answer.objects.values_list("text", "language", "version")) == [("Yr angen.", "cy", 1)]
    sent = {"text": "Yr angen.", "language": "en", "version": "1"}
    assert client.post(at(assessment, "questions/1/autosave/"), sent).status_code == 200
    sent = {"text": "The need.", "version": "2"}  # no box: what is stored stays
    assert client.post(at(assessment, "questions/1/autosave/"), sent).status_code == 200
    said = AnswerRevision.objects.order_by("version").values_list("text", "language")
    assert list(said) == [("Yr angen.", "cy"), ("Yr angen.", "en"), ("The need.", "en")]
    history = client.get(at(assessment, "questions/1/history/")).content.decode()
    assert history.count("The language of the answer changed to:") == 1
    assert '<p class="govuk-body ccp-prewrap" lang="cy">Yr angen.</p>' in history


@pytest.mark.parametrize("page", ["questions/1/", "questions/1/autosave/"])
def test_a_language_that_is_not_offered_is_422(client, page):
    assessment = in_wales()
    sign_in(client, assessment)
    refused = client.post(at(assessment, page), {"text": "Un nodyn", "language": "fr", "version": "0"})
    assert refused.status_code == 422
    assert Answer.objects.count() == 0


def test_a_conflict_over_the_language_alone_says_so_and_carries_it_along(client):
    assessment = in_wales()
    AnswerFactory(assessment=assessment, text="Yr angen.", language="cy", version=2)
    sign_in(client, assessment)
    sent = {"text": "Yr angen.", "language": "en", "version": "1"}
    page = client.post(at(assessment, "questions/1/"), sent)
    assert page.status_code == 409
    assert (page.context["mine"]["language"], page.context["theirs"]["language"]) == (
        "Written in: English",
        "Written in: Welsh",
    )
    mine = {name: str(value) for name, value in page.context["mine_fields"]}
    assert client.post(at(assessment, "questions/1/"), mine).status_code == 302
    assert Answer.objects.values_list("language", "version").get() == ("en", 3)


def test_the_same_text_in_another_language_sent_late_is_a_conflict_not_a_replay(client):
    assessment = in_wales()
    sign_in(client, assessment)
    sent = {"text": "CCTV", "language": "en", "version": "0"}
    assert client.post(at(assessment, "questions/1/autosave/"), sent).status_code == 200
    assert client.post(at(assessment, "questions/1/autosave/"), sent | {"language": "cy"}).status_code == 409
    assert client.post(at(assessment, "questions/1/autosave/"), sent).status_code == 200


def test_pages_and_the_signed_text_say_the_language_of_each_answer(client):
    assessment = in_wales()
    answer_everything(assessment)
    Answer.objects.filter(question__number=1).update(language="cy")
    sign_in(client, assessment)
    shown = '<p class="govuk-body ccp-prewrap govuk-!-margin-bottom-1" lang="cy">About question 1.</p>'
    assert client.get(at(assessment, "whole/")).content.decode().count(shown) == 1
    send_for_sign_off(assessment=assessment, by=member(assessment.system.operator, Role.SPOC))
    assert 'lang="cy">About question 1.</p>' in client.get(at(assessment, "questions/1/")).content.decode()
    sro = member(assessment.system.operator, Role.SRO)
    sign(assessments=[assessment], by=sro, typed_name="Sian Rees", post="Director", password_checked=True)
    first = json.loads(SignedAssessment.objects.get().content)["assessments"][0]["principles"][0]["questions"][0]
    assert first["answer"]["language"] == "cy"
    assert client.get(at(assessment, "signed/")).content.decode().count(shown) == 1

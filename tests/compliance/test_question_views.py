"""The page of one question: what it saves, what it refuses without losing it, two writers, gaps and their actions."""

import pytest
from django.contrib.messages import get_messages

from accounts.models import Role
from compliance.models import ActionItem, Answer
from compliance.services.answers import save_answer
from tests.compliance.pages import an_action, at, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    finished_assessment,
    real_edition,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db


def messages_of(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


def test_nothing_is_ticked_before_it_was_answered(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for number in range(1, 10):
        assert " checked" not in client.get(at(assessment, f"questions/{number}/")).content.decode()


def test_a_saved_answer_leads_to_the_next_question_that_is_asked(client):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment, Role.CONTRIBUTOR)
    page = client.post(at(assessment, "questions/4/"), {"choice": "no", "text": "", "version": "0"})
    assert (page.status_code, page.url) == (302, at(assessment, "questions/7/"))
    assert messages_of(page) == ["Question 4 is saved."]
    answer = Answer.objects.get()
    assert (answer.choice, answer.version, answer.updated_by) == ("no", 1, person)
    page = client.post(at(assessment, "questions/4/"), {"choice": "yes", "text": "", "version": "1"})
    assert page.url == at(assessment, "questions/5/")
    page = client.post(at(assessment, "questions/9/"), {"choice": "no", "text": "", "version": "0"})
    assert page.url == at(assessment, "check/")
    page = client.post(at(assessment, "questions/7/"), {"text": "x", "version": "0", "then": "list"})
    assert page.url == at(assessment, "principles/2/")


def test_not_applicable_is_a_tick_beside_an_open_question(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    client.post(at(assessment, "questions/7/"), {"text": "No rooms.", "not_applicable": "on", "version": "0"})
    answer = Answer.objects.get()
    assert (answer.choice, answer.text) == ("na", "No rooms.")
    assert " checked" in client.get(at(assessment, "questions/7/")).content.decode()


@pytest.mark.parametrize(
    ("number", "sent", "kept"),
    [
        (1, {"text": "Long " + "x" * 4000, "version": "0"}, "Long xxx"),
        (1, {"text": "Bell \x07 here", "version": "0"}, "Bell"),
        (1, {"text": "My words", "version": "-1"}, "My words"),
        (1, {"text": "My words", "version": "99"}, "My words"),
        (1, {"text": "My words", "version": "9" * 30}, "My words"),
        (1, {"text": "My words", "version": "one"}, "My words"),
        (1, {"text": "My words"}, "My words"),
        (4, {"choice": "na", "text": "My words", "version": "0"}, "My words"),
        (4, {"choice": "compliant", "text": "My words", "version": "0"}, "My words"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client, number, sent, kept):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.post(at(assessment, f"questions/{number}/"), sent)
    assert page.status_code == 422
    assert kept in page.content.decode()
    assert page.context["summary"]
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    "rest", ["questions/0/", "questions/76/", "questions/999999999999999999999/", "principles/0/", "principles/13/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_questions_and_principles_that_do_not_exist(client, rest, method):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert getattr(client, method)(at(assessment, rest)).status_code in ({404} if "q" in rest else {404, 405})


@pytest.mark.parametrize("rest", ["questions/76/history/", "questions/99999999999999999999/history/"])
def test_histories_that_do_not_exist(client, rest):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert client.get(at(assessment, rest)).status_code == 404


def test_a_question_that_is_not_asked_says_why_and_shows_what_is_kept(client):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=5), text="Forty people")
    sign_in(client, assessment)
    page = client.get(at(assessment, "questions/5/")).content.decode()
    assert "Asked only if the answer to question 4 is yes." in page
    assert "Forty people" in page
    assert "Save and continue" not in page
    assert "Does not apply, because" in client.get(at(assessment, "questions/6/")).content.decode()


def test_two_writers_see_both_texts_and_nothing_is_lost(client):
    assessment = AssessmentFactory()
    other = UserFactory(name="Other Writer")
    question = assessment.edition.questions.get(number=1)
    save_answer(assessment=assessment, question=question, choice="", text="Theirs <b>", version=0, by=other)
    sign_in(client, assessment)
    url = at(assessment, "questions/1/")
    page = client.post(url, {"text": "Mine", "version": "0"})
    assert page.status_code == 409
    body = page.content.decode()
    assert "Mine" in body
    assert "Theirs &lt;b&gt;" in body
    assert "Other Writer" in body
    assert page.context["mine_fields"] == [("choice", ""), ("text", "Mine"), ("version", 1)]
    merged = page.context["form"]
    assert (merged.initial["text"], merged.initial["version"]) == ("Mine\n\nTheirs <b>", 1)
    assert client.post(url, dict(page.context["mine_fields"])).status_code == 302
    answer = Answer.objects.get()
    assert (answer.text, answer.version) == ("Mine", 2)
    assert set(answer.revisions.values_list("text", flat=True)) == {"Mine", "Theirs <b>"}


def test_a_third_writer_during_the_merger_is_a_conflict_again(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    url, question = at(assessment, "questions/1/"), assessment.edition.questions.get(number=1)
    save_answer(assessment=assessment, question=question, choice="", text="A", version=0, by=UserFactory())
    save_answer(assessment=assessment, question=question, choice="", text="B", version=1, by=UserFactory())
    assert client.post(url, {"text": "Merged", "version": "1"}).status_code == 409
    assert Answer.objects.get().text == "B"


def test_a_double_click_saves_once(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for _ in range(2):
        assert client.post(at(assessment, "questions/1/"), {"text": "Once", "version": "0"}).status_code == 302
    assert Answer.objects.get().version == 1


def test_an_action_typed_beside_a_conflicting_answer_goes_along(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    question = assessment.edition.questions.get(number=3)
    save_answer(assessment=assessment, question=question, choice="no", text="", version=0, by=UserFactory())
    sent = {"choice": "yes", "text": "", "version": "0", **an_action()}
    page = client.post(at(assessment, "questions/3/"), sent)
    assert page.status_code == 409
    assert ActionItem.objects.count() == 0
    assert client.post(at(assessment, "questions/3/"), dict(page.context["mine_fields"])).status_code == 302
    assert ActionItem.objects.get().description == "New signs"
    assert Answer.objects.get().choice == "yes"


@pytest.mark.parametrize("rest", ["questions/1/", "scope/"])
def test_a_save_after_it_was_sent_is_409_and_shows_what_was_typed(client, rest):
    assessment = waiting_assessment()
    sign_in(client, assessment)
    page = client.post(at(assessment, rest), {"text": "Too late", "scope": "Too late", "version": "1"})
    assert page.status_code == 409
    assert "Too late" in page.content.decode()
    assert "Save and continue" not in page.content.decode()


def test_two_writers_of_the_scope(client):
    assessment = finished_assessment()
    sign_in(client, assessment)
    page = client.post(at(assessment, "scope/"), {"scope": "Mine", "version": "0"})
    assert page.status_code == 409
    assert "The cameras of the town centre." in page.content.decode()
    assert client.post(at(assessment, "scope/"), dict(page.context["mine_fields"])).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.scope, assessment.scope_version) == ("Mine", 2)


def test_the_history_lists_every_version(client):
    assessment = AssessmentFactory()
    question = assessment.edition.questions.get(number=2)
    for version, text in enumerate(("First", "Second")):
        save_answer(
            assessment=assessment, question=question, choice="yes", text=text, version=version, by=UserFactory()
        )
    sign_in(client, assessment, Role.VIEWER)
    versions = client.get(at(assessment, "questions/2/history/")).context["versions"]
    assert [(v["number"], v["choice"], v["text"]) for v in versions] == [(2, "Yes", "Second"), (1, "Yes", "First")]


def test_a_gap_without_an_action_stays_on_its_page_and_asks_for_one(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    url = at(assessment, "questions/3/")
    nothing = an_action(description="", priority="medium", day="", month="", year="")
    page = client.post(url, {"choice": "yes", "text": "", "version": "0", **nothing})
    assert page.url == f"{url}#actions"
    assert "plan at least one action" in client.get(url).content.decode()
    page = client.post(url, {"choice": "yes", "text": "", "version": "1", **an_action()})
    assert page.url == f"{url}#actions"
    action = ActionItem.objects.get()
    assert (action.description, action.priority, action.question.number) == ("New signs", "high", 3)
    page = client.post(url, {"choice": "yes", "text": "", "version": "1", **nothing})
    assert page.url == at(assessment, "questions/4/")


@pytest.mark.parametrize(
    "changes",
    [{"day": "31", "month": "2"}, {"year": "2020"}, {"description": ""}, {"owner": "999"}, {"priority": "no"}],
)
def test_a_half_filled_action_is_refused_and_the_answer_waits_with_it(client, changes):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    sent = {"choice": "yes", "text": "My words", "version": "0", **an_action(**changes)}
    page = client.post(at(assessment, "questions/3/"), sent)
    assert page.status_code == 422
    assert "My words" in page.content.decode()
    assert page.context["summary"]
    assert (Answer.objects.count(), ActionItem.objects.count()) == (0, 0)


def test_ready_made_words_fill_the_form(client):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    url = at(assessment, "actions/add/?principle=3")
    page = client.get(url)
    assert [link["text"] for link in page.context["ready_made"]] == [
        "Survey all signs and replace those without operator, purpose or contact",
        "Name the single point of contact and publish how to reach the post",
    ]
    filled = client.get(page.context["ready_made"][0]["url"])
    assert filled.context["form"].initial["description"].startswith("Survey all signs")
    sent = {"description": "Mine", "priority": "low", "due_on_day": "1", "due_on_month": "2", "due_on_year": "2027"}
    assert client.post(url, sent).url == at(assessment, "principles/3/")
    assert ActionItem.objects.get().principle.number == 3


@pytest.mark.parametrize("principle", ["13", "0", "", "x", "-1", "99999999999999999999", "٣"])
def test_an_action_under_no_principle(client, principle):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert client.get(at(assessment, f"actions/add/?principle={principle}")).status_code == 404

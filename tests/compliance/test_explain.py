"""Explain this: every amber, red or overdue mark has its rule, what the rule looked at, and who can change it."""

import datetime as dt

import pytest

from compliance import explain
from compliance.models import ActionItem, Assessment, Evidence, QuestionRequest
from compliance.rules import Progress, Standing
from compliance.states import state_of
from compliance.views import rows
from compliance.views.working import REQUEST_COLOURS
from core.dates import today
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    EvidenceFactory,
    answer_everything,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db
LOUD = {"red", "orange", "yellow"}


def loud(colours):
    return {str(value) for value, colour in colours.items() if colour in LOUD}


def test_every_loud_mark_has_an_explanation():
    assert loud(rows.STANDING_COLOURS) <= explain.QUESTION_MARKS.keys()
    assert loud(rows.PROGRESS_COLOURS) <= explain.PRINCIPLE_MARKS.keys()
    assert loud(rows.STATUS_COLOURS) == {Assessment.Status.READY}
    assert explain.WAITS in explain.WHOLE_MARKS
    assert loud(rows.ACTION_COLOURS) == set()
    assert tuple(explain.RECORD_MARKS) == (explain.OVERDUE, explain.EVIDENCE_DUE)
    assert loud(REQUEST_COLOURS) == {QuestionRequest.Status.ANSWERED}  # its own page says what to do


def told(explanation):
    return [(str(given.label), str(given.value)) for given in explanation.inputs]


def test_no_explanation_lacks_a_rule_an_input_or_somebody_who_can_change_it():
    assessment = AssessmentFactory()
    answer_everything(assessment, gaps=True)
    state = state_of(assessment)
    made = [function(state, asked) for function in explain.QUESTION_MARKS.values() for asked in state.questions]
    made += [function(state, part) for function in explain.PRINCIPLE_MARKS.values() for part in state.principles]
    made += [function(state) for function in explain.WHOLE_MARKS.values()]
    made += [explain.overdue(ActionItemFactory()), explain.review_due(EvidenceFactory())]
    for explanation in made:
        assert explanation.mark
        assert str(explanation.rule).endswith(".")
        assert explanation.inputs
        assert all(str(sentence).endswith(".") for sentence in explanation.change)
        assert explanation.change
        assert "compliant" not in str(explanation.rule)
        assert "%" not in str(explanation.rule)


def test_an_unanswered_question_says_why_it_is_asked():
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=4), choice="yes", text="")
    state = state_of(assessment)
    explanation = explain.unanswered(state, state.by_number[5])
    assert told(explanation)[-1] == ("Asked because of the answer to question 4", "Yes")
    assert explanation.inputs[-1].url == at(assessment, "questions/4/")


def test_an_unfinished_answer_says_what_it_lacks():
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=2), choice="yes", text="")
    state = state_of(assessment)
    explanation = explain.unfinished(state, state.by_number[2])
    assert "Question 2 needs an explanation with this answer." in str(explanation.rule)
    assert ("Answer chosen", "Yes") in told(explanation)
    assert ("A text is needed with this answer", "Yes") in told(explanation)


def test_gaps_without_an_action_name_the_actions_that_do_not_count():
    assessment = AssessmentFactory()
    answer_everything(assessment, gaps=True)
    closed = ActionItemFactory(assessment=assessment, status=ActionItem.Status.DONE, due_on=dt.date(2026, 3, 1))
    state = state_of(assessment)
    first, second = state.principles
    assert [mark.key for mark in explain.marks_of_principle(first)] == [explain.GAP_WITHOUT_ACTION]
    assert told(explain.gap_without_action(state, first)) == [
        ("Gaps under principle 1", "Yes"),
        (closed.description, "done, due 1 March 2026"),
    ]
    assert ("Open actions under this principle", "None") in told(explain.gap_without_action(state, second))
    ActionItemFactory(assessment=assessment)
    assert [mark.key for mark in explain.marks_of_principle(state_of(assessment).principles[0])] == [
        Progress.GAPS.value
    ]


def test_no_gaps_while_an_answer_differs_names_that_answer():
    assessment = AssessmentFactory()
    answer_everything(assessment)
    assessment.answers.filter(question__number=2).update(choice="yes")
    state = state_of(assessment)
    (mark,) = explain.marks_of_principle(state.principles[0])
    assert mark.key == explain.GAP_DENIED
    assert ("Question 2", "Yes; expected: No") in told(explain.gap_denied(state, state.principles[0]))
    assert [mark.key for mark in explain.marks_of_question(state.by_number[2])] == [explain.DIFFERS]


def test_overdue_and_due_for_review_name_their_dates():
    owner = UserFactory(name="Olwen Owner")
    action = ActionItemFactory(due_on=dt.date(2026, 3, 1), owner=owner)
    assert ("Due", "1 March 2026") in told(explain.overdue(action))
    assert ("Owner", "Olwen Owner") in told(explain.overdue(action))
    assert ("Review date", "2 April 2026") in told(explain.review_due(EvidenceFactory(review_on=dt.date(2026, 4, 2))))


# --- pages ---


def test_every_mark_that_stands_on_the_pages_leads_to_its_explanation(client):
    assessment = AssessmentFactory()
    answer_everything(assessment, gaps=True)
    assessment.answers.filter(question__number=1).update(text="")
    assessment.answers.filter(question__number=2).update(choice="yes", text="")
    assessment.answers.filter(question__number=7).update(carried_from="SA-OLD")
    ActionItemFactory(assessment=assessment, due_on=dt.date(2026, 1, 1))
    EvidenceFactory(operator=assessment.system.operator, systems=[assessment.system], kind="dpia", review_on=today())
    sign_in(client, assessment)
    links = set()
    for rest in ("", "check/", "principles/1/", "principles/2/", "questions/1/", "questions/2/", "questions/7/"):
        text = client.get(at(assessment, rest)).content.decode()
        links |= {part.split('"')[0] for part in text.split('href="') if "/why/" in part.split('"')[0]}
    marks = {link.split("/why/")[1].split("/")[0] for link in links}
    assert marks == {
        Standing.UNANSWERED.value,
        Standing.UNFINISHED.value,
        Standing.CARRIED.value,
        explain.DIFFERS,
        explain.GAP_WITHOUT_ACTION,
        explain.EVIDENCE_DUE,
        explain.OVERDUE,
    }
    for link in links:
        page = client.get(link)
        assert (page.status_code, bool(page.context["rows"])) == (200, True), link


def test_waiting_for_sign_off_explains_itself(client):
    assessment = waiting_assessment()
    sign_in(client, assessment)
    assert at(assessment, "why/waits-for-sign-off/") in client.get(at(assessment)).content.decode()
    assert client.get(at(assessment, "why/waits-for-sign-off/")).status_code == 200


@pytest.mark.parametrize(
    "rest", ["why/nothing/", "why/unanswered/", "why/unanswered/99/", "why/gaps/9/", "why/nothing/1/", "why/scope/1/"]
)
def test_marks_that_do_not_exist(client, rest):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    assert client.get(at(assessment, rest)).status_code == 404


def test_records_of_others_are_not_explained(client):
    action, evidence = ActionItemFactory(), EvidenceFactory()
    stranger = MembershipFactory()
    client.force_login(stranger.user)
    for mark, record in (("overdue", action), ("evidence-due", evidence), ("nothing", action)):
        for slug in (record.operator.slug, stranger.organisation.slug):
            assert client.get(f"/workspace/{slug}/why/{mark}/{record.reference}/").status_code == 404
    client.force_login(member(evidence.operator, "viewer"))
    url = f"/workspace/{evidence.operator.slug}/why/evidence-due/{evidence.reference}/"
    assert client.get(url).status_code == 200
    assert Evidence.objects.count() == 1


def test_everything_that_holds_up_sign_off_or_does_not_fit_is_explained_beside_it(client):
    assessment = AssessmentFactory()
    answer_everything(assessment, gaps=True)
    assessment.answers.filter(question__number=1).update(text="")
    assessment.answers.filter(question__number=9).update(choice="no")
    assessment.answers.filter(question__number=4).update(choice="no")
    Assessment.objects.filter(pk=assessment.pk).update(scope="")
    sign_in(client, assessment)
    page = client.get(at(assessment, "check/"))
    shown = [*page.context["blockers"], *page.context["warnings"]]
    assert [problem["why_url"] for problem in shown] == [
        at(assessment, "why/scope/"),
        at(assessment, "why/unanswered/1/"),
        at(assessment, "why/gap-without-action/1/"),
        at(assessment, "why/gap-denied/2/"),
    ]
    for problem in shown:
        answer = client.get(problem["why_url"])
        assert (answer.status_code, answer.context["stands"]) == (200, True)


def test_a_mark_that_no_longer_stands_says_so(client):
    assessment = AssessmentFactory()
    answer_everything(assessment)
    sign_in(client, assessment)
    for rest in ("scope/", "sro/", "waits-for-sign-off/", "unanswered/1/", "gaps/1/", "evidence-due/1/"):
        page = client.get(at(assessment, f"why/{rest}"))
        assert (page.context["stands"], "does not stand here any more" in page.content.decode()) == (False, True)

"""What changed since I last looked: others' acts, word by word, and the moment that counts as seen."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role
from compliance.changes import changes_since
from compliance.models import AnswerRevision, Assessment, AssessmentLook
from compliance.services.actions import Plan, add_action
from compliance.services.answers import save_answer
from compliance.services.comments import add_comment
from compliance.services.looks import mark_seen
from compliance.services.signing import send_for_sign_off
from core.dates import today
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import AssessmentFactory, QuestionRequestFactory, finished_assessment

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def save(assessment, number, text, version, by, *, choice=""):
    question = assessment.edition.questions.get(number=number)
    save_answer(assessment=assessment, question=question, choice=choice, text=text, version=version, by=by)


def seen_then(assessment, moment=LONG_AGO):
    """All versions so far were saved before `moment`."""
    AnswerRevision.objects.filter(answer__assessment=assessment).update(at=moment - dt.timedelta(days=1))


def test_each_answer_is_compared_with_what_stood_there_then():
    assessment, me, other = AssessmentFactory(), UserFactory(), UserFactory(name="Other")
    save(assessment, 1, "Twelve cameras in Market Street", 0, me)
    seen_then(assessment)
    save(assessment, 1, "Nothing yet", 1, other)
    save(assessment, 1, "Fifteen cameras in Market Street", 2, other)
    save(assessment, 2, "", 0, other, choice="no")
    first, second = changes_since(assessment, LONG_AGO, but=me).answers
    assert first.diff == [("removed", "Twelve"), ("added", "Fifteen"), ("same", " cameras in Market Street")]
    assert (first.question.number, first.by, first.is_new) == (1, "Other", False)
    assert (second.question.number, second.choice, second.is_new) == (2, "no", True)


def test_my_own_acts_are_no_news_but_what_others_wrote_under_mine_is():
    assessment, me, other = AssessmentFactory(), UserFactory(), UserFactory()
    save(assessment, 1, "Mine", 0, me)
    save(assessment, 7, "Theirs", 0, other)
    save(assessment, 7, "Mine again", 1, me)
    add_comment(assessment=assessment, question=assessment.edition.questions.first(), text="Mine", by=me)
    found = changes_since(assessment, LONG_AGO, but=me)
    assert [answer.question.number for answer in found.answers] == [7]
    assert found.comments == []


def test_what_was_changed_and_changed_back_is_no_news():
    assessment, me, other = AssessmentFactory(), UserFactory(), UserFactory()
    save(assessment, 1, "First", 0, me)
    seen_then(assessment)
    save(assessment, 1, "Second", 1, other)
    save(assessment, 1, "First", 2, other)
    assert changes_since(assessment, LONG_AGO, but=me).is_empty


def test_comments_actions_stages_and_suggestions_are_listed():
    assessment = finished_assessment()
    me, other = UserFactory(), member(assessment.system.operator, Role.SPOC)
    question = assessment.edition.questions.first()
    add_comment(assessment=assessment, question=question, text="Look here", by=other)
    plan = Plan(description="New signs", due_on=today())
    add_action(assessment=assessment, principle=question.principle, plan=plan, by=other)
    QuestionRequestFactory(assessment=assessment, status="answered", answered_at=timezone.now())
    QuestionRequestFactory(assessment=assessment)
    send_for_sign_off(assessment=assessment, by=other)
    found = changes_since(assessment, LONG_AGO, but=me)
    assert [comment.text for comment in found.comments] == ["Look here"]
    assert [action.description for action in found.actions] == ["New signs"]
    assert [change.after for change in found.changes] == [Assessment.Status.READY]
    assert len(found.requests) == 1
    assert changes_since(AssessmentFactory(), LONG_AGO, but=me).is_empty
    assert changes_since(assessment, timezone.now(), but=me).is_empty


def test_seen_moves_forward_only_and_never_beyond_now():
    assessment, me = AssessmentFactory(), UserFactory()
    later = LONG_AGO + dt.timedelta(days=2)
    assert mark_seen(assessment=assessment, by=me, until=later) == later
    assert mark_seen(assessment=assessment, by=me, until=LONG_AGO) == later
    assert mark_seen(assessment=assessment, by=me, until=timezone.now() + dt.timedelta(days=9)) <= timezone.now()
    assert AssessmentLook.objects.count() == 1


def test_the_page_shows_it_and_what_came_after_the_page_stays_new(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment, Role.VIEWER)
    other = UserFactory()
    save(assessment, 1, "Words <b>", 0, other)
    page = client.get(at(assessment, "since/"))
    assert "Words &lt;b&gt;" in page.content.decode()
    save(assessment, 7, "After the page", 0, other)
    assert client.post(at(assessment, "since/seen/"), {"until": page.context["now"]}).status_code == 302
    page = client.get(at(assessment, "since/"))
    assert [answer["title"] for answer in page.context["answers"]] == ["7. Title of question 7"]
    client.post(at(assessment, "since/seen/"), {"until": page.context["now"]})
    assert "Nobody else changed anything." in client.get(at(assessment, "since/")).content.decode()


@pytest.mark.parametrize(
    "sent", ["", "soon", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00", "9" * 90, "2999-01-01T00:00Z"]
)
def test_a_moment_that_is_none_is_now(client, sent):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    before = timezone.now()
    assert client.post(at(assessment, "since/seen/"), {"until": sent}).status_code == 302
    assert before <= AssessmentLook.objects.get().at <= timezone.now()


def test_each_person_looks_for_themselves(client):
    assessment = AssessmentFactory()
    save(assessment, 1, "Words", 0, UserFactory())
    for _ in range(2):
        sign_in(client, assessment)
        page = client.get(at(assessment, "since/"))
        assert len(page.context["answers"]) == 1
        client.post(at(assessment, "since/seen/"), {"until": page.context["now"]})


@pytest.mark.parametrize("rows", [1, 3])
def test_what_it_costs(client, django_assert_num_queries, rows):
    assessment = AssessmentFactory()
    other = member(assessment.system.operator, Role.SPOC)
    for number in (1, 5, 7)[:rows]:
        save(assessment, number, "Then", 0, other)
    seen_then(assessment)
    for number in (1, 5, 7)[:rows]:
        save(assessment, number, "Now", 1, other)
        question = assessment.edition.questions.get(number=number)
        add_comment(assessment=assessment, question=question, text="Words", by=other)
        plan = Plan(description=f"Action {number}", due_on=today())
        action = add_action(assessment=assessment, principle=question.principle, plan=plan, by=other)
        action.move_to("in_progress", by=other)
        QuestionRequestFactory(assessment=assessment, status="answered", answered_at=timezone.now())
    AssessmentLook.objects.create(assessment=assessment, user=sign_in(client, assessment), at=LONG_AGO)
    with django_assert_num_queries(13):
        page = client.get(at(assessment, "since/"))
    assert (len(page.context["answers"]), len(page.context["events"])) == (rows, 4 * rows)

"""Comments beside a question: who is told, what is settled, who may, and what the page of the question costs."""

import pytest
from django.test import Client

from accounts.models import Notification, Role
from compliance.models import Comment
from compliance.services.assignments import assign
from compliance.services.comments import add_comment, settle_comment
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import AssessmentFactory, CodeEditionFactory, QuestionRequestFactory

pytestmark = pytest.mark.django_db


def first_question(assessment):
    return assessment.edition.questions.get(number=1)


def told():
    return sorted(Notification.objects.values_list("user__email", flat=True))


def test_who_took_part_or_is_assigned_is_told_once_and_the_writer_is_not():
    assessment = AssessmentFactory()
    operator = assessment.system.operator
    writer, talker, assigned, other = (member(operator, Role.SPOC) for _ in range(4))
    gone = UserFactory()
    question = first_question(assessment)
    assign(assessment=assessment, principles=[question.principle], user=assigned, by=writer)
    add_comment(assessment=assessment, question=question, text="First", by=talker)
    Comment.objects.create(assessment=assessment, question=question, text="Long ago", by=gone)
    add_comment(assessment=assessment, question=assessment.edition.questions.get(number=9), text="Else", by=other)
    Notification.objects.all().delete()
    add_comment(assessment=assessment, question=question, text="See the DPIA", by=writer)
    assert told() == sorted([talker.email, assigned.email])
    message = Notification.objects.first()
    assert message.url == at(assessment, "questions/1/#comments")
    assert "See the DPIA" not in message.body + message.subject


def test_the_trail_names_the_comment_and_holds_none_of_its_words():
    assessment = AssessmentFactory()
    comment = add_comment(
        assessment=assessment, question=first_question(assessment), text="Secret words", by=UserFactory()
    )
    settle_comment(comment=comment, by=UserFactory())
    entries = TrailEntry.objects.filter(subject_kind="compliance.Comment").order_by("pk")
    assert [(entry.verb, entry.after) for entry in entries] == [
        ("commented", {"question": 1}),
        ("settled", {"question": 1}),
    ]
    assert "Secret" not in "".join(str(entry.after) + str(entry.personal) for entry in entries)


def test_a_double_click_is_one_comment_and_settling_twice_keeps_who_was_first():
    assessment, writer, first = AssessmentFactory(), UserFactory(), UserFactory()
    question = first_question(assessment)
    one, two = (add_comment(assessment=assessment, question=question, text=" Same ", by=writer) for _ in range(2))
    assert (one.pk, Comment.objects.count()) == (two.pk, 1)
    settle_comment(comment=one, by=first)
    settle_comment(comment=two, by=UserFactory())
    assert Comment.objects.get().settled_by == first
    add_comment(assessment=assessment, question=question, text="Same", by=writer)
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001, "Bell \x07"])
def test_what_is_no_comment_is_refused(text):
    assessment = AssessmentFactory()
    with pytest.raises(RuleBroken):
        add_comment(assessment=assessment, question=first_question(assessment), text=text, by=UserFactory())
    with pytest.raises(RuleBroken):
        add_comment(
            assessment=assessment, question=CodeEditionFactory().questions.first(), text="Fine", by=UserFactory()
        )
    assert Comment.objects.count() == 0


def test_adding_and_settling_on_the_page(client: Client):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment, Role.CONTRIBUTOR)
    page = client.post(at(assessment, "questions/1/comments/"), {"text": "Ask IT <b>"})
    assert (page.status_code, page.url) == (302, at(assessment, "questions/1/#comments"))
    comment = Comment.objects.get()
    assert (comment.text, comment.by) == ("Ask IT <b>", person)
    assert "Ask IT &lt;b&gt;" in client.get(at(assessment, "questions/1/")).content.decode()
    assert client.post(at(assessment, "questions/2/comments/settle/"), {"comment": comment.pk}).status_code == 404
    assert client.post(at(assessment, "questions/1/comments/settle/"), {"comment": comment.pk}).status_code == 302
    comment.refresh_from_db()
    assert comment.settled_by == person
    text = client.get(at(assessment, "questions/1/")).content.decode()
    assert "1 comment dealt with" in text
    assert text.count('id="id_text"') == 1


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 40, "٣"])
def test_settling_what_is_no_comment(client, sent):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    assert client.post(at(assessment, "questions/1/comments/settle/"), {"comment": sent}).status_code == 404


def test_what_is_refused_keeps_the_text(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.post(at(assessment, "questions/1/comments/"), {"text": "y" * 4001})
    assert page.status_code == 422
    assert "y" * 4001 in page.content.decode()
    assert client.post(at(assessment, "questions/1/comments/"), {"text": ""}).status_code == 422
    assert client.post(at(assessment, "questions/99/comments/"), {"text": "Words"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "may_comment", "may_settle"),
    [
        (Role.CONTRIBUTOR, True, True),
        (Role.SPOC, True, True),
        (Role.SRO, True, False),
        (Role.DPO, True, False),
        (Role.VIEWER, False, False),
    ],
)
def test_who_may_comment_and_settle(client, role, may_comment, may_settle):
    assessment = AssessmentFactory()
    others = add_comment(assessment=assessment, question=first_question(assessment), text="Others", by=UserFactory())
    sign_in(client, assessment, role)
    page = client.get(at(assessment, "questions/1/")).content.decode()
    assert "Others" in page
    assert ("Add a comment" in page) is may_comment
    assert ("Mark as dealt with" in page) is may_settle
    settled = client.post(at(assessment, "questions/1/comments/settle/"), {"comment": others.pk}).status_code
    added = client.post(at(assessment, "questions/1/comments/"), {"text": "Mine"}).status_code
    assert (added, settled) == (302 if may_comment else 403, 302 if may_settle else 403)


def test_who_wrote_a_comment_settles_it_while_they_belong_there(client):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment, Role.SRO)
    own = add_comment(assessment=assessment, question=first_question(assessment), text="Mine", by=person)
    assert client.post(at(assessment, "questions/1/comments/settle/"), {"comment": own.pk}).status_code == 302


def test_strangers_find_no_comment(client):
    assessment = AssessmentFactory()
    client.force_login(MembershipFactory().user)
    assert client.post(at(assessment, "questions/1/comments/"), {"text": "Mine"}).status_code == 404
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_what_the_page_of_a_question_costs_with_its_comments_and_requests(client, django_assert_num_queries, rows):
    assessment = AssessmentFactory()
    for number in range(rows):
        add_comment(
            assessment=assessment,
            question=first_question(assessment),
            text=f"Comment {number}",
            by=member(assessment.system.operator, Role.SPOC),
        )
        QuestionRequestFactory(assessment=assessment, asked_by=UserFactory())
    sign_in(client, assessment)
    client.get(at(assessment, "questions/1/"))
    with django_assert_num_queries(9):
        client.get(at(assessment, "questions/1/"))

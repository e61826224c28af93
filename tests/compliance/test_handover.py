"""The page for a new manager: what is open, what runs out, what nobody explained, who knew what."""

import datetime as dt

import pytest

from accounts.models import Membership, Role
from compliance.models import Answer, Assessment
from core.dates import today
from tests.factories.accounts import CertificationBodyFactory, MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    EvidenceFactory,
    QuestionRequestFactory,
    answer_everything,
    finished_assessment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client):
    membership = MembershipFactory(role=Role.VIEWER, user__name="Vera")
    client.force_login(membership.user)
    return membership


@pytest.fixture
def draft(viewer):
    return AssessmentFactory(system__operator=viewer.organisation, system__name="Town centre")


def opened(client, membership):
    page = client.get(f"/workspace/{membership.organisation.slug}/handover/")
    assert page.status_code == 200
    return page.context


def gone(organisation, name):
    person = UserFactory(name=name)
    MembershipFactory(user=person, organisation=organisation, ends_on=dt.date(2021, 1, 1))
    return person


def test_open_actions_stand_under_their_owners_and_people_who_left_are_marked(client, viewer, draft):
    left = gone(viewer.organisation, "Zoe")
    for number, owner in enumerate((viewer.user, left, None, viewer.user)):
        ActionItemFactory(assessment=draft, owner=owner, description=str(number))
    ActionItemFactory(assessment=draft, owner=left, description="done").move_to("done", by=None)
    ActionItemFactory(description="of others")
    owners = opened(client, viewer)["owners"]
    assert [(o["name"], o["left"], [row["description"] for row in o["actions"]]) for o in owners] == [
        ("Nobody yet", False, ["2"]),
        ("Zoe", True, ["1"]),
        ("Vera", False, ["0", "3"]),
    ]


def test_evidence_runs_out_within_ninety_days(client, viewer):
    for days in (-5, 0, 90, 91):
        EvidenceFactory(operator=viewer.organisation, title=str(days), review_on=today() + dt.timedelta(days=days))
    EvidenceFactory(operator=viewer.organisation, title="without", review_on=None)
    EvidenceFactory(title="of others", review_on=today())
    evidence = opened(client, viewer)["evidence"]
    assert [(row["title"], str(row["due"]["label"])) for row in evidence] == [
        ("-5", "review due"),
        ("0", "review due soon"),
        ("90", "review due soon"),
    ]


def unexplained(client, viewer):
    sentences = [sentence for group in opened(client, viewer)["unexplained"] for sentence in group["sentences"]]
    return [([question["number"] for question in sentence["questions"]], sentence["text"]) for sentence in sentences]


def answer(draft, number, choice="", text="", **fields):
    question = draft.edition.questions.get(number=number)
    return AnswerFactory(assessment=draft, question=question, choice=choice, text=text, **fields)


def test_answers_that_say_too_little_are_listed_with_the_reason(client, viewer, draft):
    answer(draft, 2, "yes")  # needs an explanation
    answer(draft, 4, "no", "We do not.")  # not expected, and no gap is recorded
    answer(draft, 7, "na")  # without a reason
    answer(draft, 1, text="Carried.", carried_from="SA-OLD")
    assert unexplained(client, viewer) == [
        ([1], "Carried over from SA-OLD and not reconfirmed."),
        ([2], "Question 2 needs an explanation with this answer."),
        ([4], "Not the expected answer, and no gap is recorded under its principle."),
        ([7], "Question 7 is marked as not applicable, but no reason is given."),
    ]
    for closing in (3, 9):  # now the gaps are recorded
        answer(draft, closing, "yes")
    Answer.objects.filter(question__number__in=(1, 2)).update(carried_from="", text="Because.")
    Answer.objects.filter(question__number=7).update(text="There are none.")
    assert unexplained(client, viewer) == []


def test_questions_of_which_the_same_is_to_be_said_stand_together(client, viewer, draft):
    for number in (1, 7):
        answer(draft, number, text="Carried.", carried_from="SA-OLD")
    assert unexplained(client, viewer) == [([1, 7], "Carried over from SA-OLD and not reconfirmed.")]


def test_a_finished_one_and_unanswered_questions_are_no_riddles(client, viewer):
    finished_assessment(system__operator=viewer.organisation)
    AssessmentFactory(system__operator=viewer.organisation)
    assert unexplained(client, viewer) == []


def test_who_saved_the_last_answer_of_each_principle(client, viewer, draft):
    left = gone(viewer.organisation, "Zoe")
    days = {number: dt.datetime(2026, 5, number, 12, tzinfo=dt.UTC) for number in (1, 2, 4)}
    answer(draft, 1, text="First.", updated_by=viewer.user, updated_at=days[1])
    answer(draft, 2, "no", updated_by=left, updated_at=days[2])
    answer(draft, 4, "no", updated_by=viewer.user, updated_at=days[4])
    people = opened(client, viewer)["people"]
    assert [(p["name"], p["left"], [(k["principles"], k["last_on"]) for k in p["known"]]) for p in people] == [
        ("Zoe", True, [("1", dt.date(2026, 5, 2))]),
        ("Vera", False, [("2", dt.date(2026, 5, 4))]),
    ]


def test_running_assessments_and_open_requests(client, viewer, draft):
    signed = AssessmentFactory(system__operator=viewer.organisation)
    Assessment.objects.filter(pk=signed.pk).update(status="signed")
    QuestionRequestFactory(assessment=draft, name="Installer")
    QuestionRequestFactory(assessment=draft, name="IT", status="answered")
    QuestionRequestFactory(assessment=draft, name="Late", expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    QuestionRequestFactory(assessment=draft, name="Settled", status="taken")
    QuestionRequestFactory(name="of others")
    context = opened(client, viewer)
    assert [row["reference"] for row in context["running"]] == [draft.reference]
    assert [(row["name"], row["standing"]) for row in context["requests"]] == [
        ("Installer", "waiting"),
        ("IT", "answered, not looked at"),
        ("Late", "ran out"),
    ]
    assert [figure["value"] for figure in context["figures"]] == [1, 0, 0, 0, 3]


def test_superseded_and_abandoned_ones_and_those_of_others_are_left_out(client, viewer, draft):
    for status in ("superseded", "abandoned"):
        old = AssessmentFactory(system__operator=viewer.organisation, edition=draft.edition, status=status)
        answer_everything(old)
    answer_everything(AssessmentFactory(edition=draft.edition))
    assert opened(client, viewer)["people"] == []


def test_an_empty_page_says_so(client, viewer):
    page = client.get(f"/workspace/{viewer.organisation.slug}/handover/").content.decode()
    for sentence in ("No action is open.", "Nothing has been answered yet.", "No question is waiting for a reply."):
        assert sentence in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_at_constant_cost(client, django_assert_num_queries, viewer, rows):
    for _row in range(rows):
        system = CameraSystemFactory(operator=viewer.organisation)
        draft = finished_assessment(system=system)
        ActionItemFactory(assessment=draft, owner=member(viewer.organisation, Role.SPOC))
        EvidenceFactory(operator=viewer.organisation, review_on=today())
        QuestionRequestFactory(assessment=draft)
    with django_assert_num_queries(13):
        client.get(f"/workspace/{viewer.organisation.slug}/handover/")


def test_strangers_and_people_who_left_get_404(client, viewer):
    at = f"/workspace/{viewer.organisation.slug}/handover/"
    client.force_login(MembershipFactory().user)
    assert client.get(at).status_code == 404
    client.force_login(viewer.user)
    Membership.objects.update(ends_on=today() - dt.timedelta(days=1))
    assert client.get(at).status_code == 404
    body = CertificationBodyFactory()
    client.force_login(member(body, Role.BODY_MANAGER))
    assert client.get(f"/workspace/{body.slug}/handover/").status_code == 404

"""Who is asked to answer which principles: telling them, what waits for them, the filter of the task list."""

import pytest

from accounts.models import Notification, Role
from compliance.models import PrincipleAssignment
from compliance.services.assignments import assign, unassign
from compliance.waiting import drafts, suggestions
from core.errors import IllegalMove, RuleBroken
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    AssessmentFactory,
    CodeEditionFactory,
    QuestionRequestFactory,
    answer_everything,
    finished_assessment,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


def principles(assessment):
    return list(assessment.edition.principles.order_by("number"))


def test_who_is_asked_is_told_once_for_all_principles():
    assessment = AssessmentFactory()
    operator = assessment.system.operator
    contributor, manager = member(operator, Role.CONTRIBUTOR), member(operator, Role.SCHEME_MANAGER)
    new = assign(assessment=assessment, principles=principles(assessment), user=contributor, by=manager)
    assert [principle.number for principle in new] == [1, 2]
    message = Notification.objects.get()
    assert (message.user, message.url) == (contributor, at(assessment, "?show=mine"))
    assert "principles 1, 2" in message.body
    assert assign(assessment=assessment, principles=principles(assessment), user=contributor, by=manager) == []
    assert (Notification.objects.count(), PrincipleAssignment.objects.count()) == (1, 2)
    entry = TrailEntry.objects.get(verb="assigned")
    assert (entry.after, entry.personal["person"]) == ({"principles": [1, 2]}, str(contributor))
    assert contributor.email not in str(entry.after)


def test_who_asks_themselves_is_told_nothing():
    assessment = AssessmentFactory()
    manager = member(assessment.system.operator, Role.SPOC)
    assign(assessment=assessment, principles=principles(assessment)[:1], user=manager, by=manager)
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SRO, Role.DPO])
def test_only_those_who_may_answer_are_asked(role):
    assessment = AssessmentFactory()
    person = member(assessment.system.operator, role)
    with pytest.raises(RuleBroken, match="does not answer questions"):
        assign(assessment=assessment, principles=principles(assessment), user=person, by=UserFactory())
    stranger = MembershipFactory(role=Role.SPOC).user
    with pytest.raises(RuleBroken, match="does not answer questions"):
        assign(assessment=assessment, principles=principles(assessment), user=stranger, by=UserFactory())


def test_what_does_not_fit_is_refused():
    assessment, signed = AssessmentFactory(), signed_assessment()
    person = member(assessment.system.operator, Role.CONTRIBUTOR)
    with pytest.raises(RuleBroken, match="another edition"):
        assign(assessment=assessment, principles=list(CodeEditionFactory().principles.all()), user=person, by=person)
    with pytest.raises(RuleBroken, match="at least one"):
        assign(assessment=assessment, principles=[], user=person, by=person)
    there = member(signed.system.operator, Role.CONTRIBUTOR)
    with pytest.raises(IllegalMove):
        assign(assessment=signed, principles=principles(signed), user=there, by=there)
    assert PrincipleAssignment.objects.count() == 0


def test_taking_somebody_off_twice_is_entered_once():
    assessment = AssessmentFactory()
    person = member(assessment.system.operator, Role.CONTRIBUTOR)
    first = principles(assessment)[0]
    assign(assessment=assessment, principles=[first], user=person, by=person)
    for _ in range(2):
        unassign(assessment=assessment, principle=first, user=person, by=person)
    assert PrincipleAssignment.objects.count() == 0
    assert TrailEntry.objects.filter(verb="unassigned").count() == 1


def waits(user):
    return [(str(waiting.label), waiting.url) for waiting in drafts(user)]


def test_my_principles_wait_for_me_until_they_have_no_open_question():
    assessment = AssessmentFactory()
    name = assessment.system.name
    person = member(assessment.system.operator, Role.CONTRIBUTOR)
    assert waits(person) == [(f"Go on with a self-assessment: {name}", at(assessment))]
    assign(assessment=assessment, principles=principles(assessment)[1:], user=person, by=person)
    assert waits(person) == [(f"Answer principle 2 of a self-assessment: {name}", at(assessment, "?show=mine"))]
    answer_everything(assessment)
    assert waits(person) == []


def test_a_suggestion_waits_for_whoever_asked():
    assessment = AssessmentFactory()
    person = member(assessment.system.operator, Role.CONTRIBUTOR)
    found = QuestionRequestFactory(assessment=assessment, asked_by=person, status="answered")
    QuestionRequestFactory(assessment=assessment, asked_by=person, status="taken")
    QuestionRequestFactory(asked_by=person, status="answered")
    (waiting,) = suggestions(person)
    assert waiting.url == f"/workspace/{assessment.system.operator.slug}/requests/{found.reference}/"
    assert list(suggestions(UserFactory())) == []


# --- pages ---


def test_asking_and_taking_off_on_the_page(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment, Role.SCHEME_MANAGER)
    person = member(assessment.system.operator, Role.CONTRIBUTOR)
    member(assessment.system.operator, Role.VIEWER)
    page = client.get(at(assessment, "assignments/"))
    assert [name for pk, name in page.context["form"].fields["user"].choices if pk] == sorted(
        page.context["form"].fields["user"].queryset.values_list("name", flat=True)
    )
    chosen = [principle.pk for principle in principles(assessment)]
    sent = client.post(at(assessment, "assignments/"), {"user": person.pk, "principles": chosen})
    assert (sent.status_code, PrincipleAssignment.objects.count()) == (302, 2)
    page = client.get(at(assessment, "assignments/"))
    assert [(row["number"], row["people"]) for row in page.context["assigned"]] == [
        (number, [{"name": person.name, "reference": person.reference}]) for number in (1, 2)
    ]
    gone = client.post(at(assessment, "assignments/end/"), {"principle": "1", "person": person.reference})
    assert (gone.status_code, PrincipleAssignment.objects.get().principle.number) == (302, 2)


@pytest.mark.parametrize(
    "sent",
    [{}, {"principle": "9", "person": "P-X"}, {"principle": "x", "person": "P-X"}, {"principle": "٣", "person": ""}],
)
def test_taking_off_what_is_not_there(client, sent):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    assert client.post(at(assessment, "assignments/end/"), sent).status_code == 404


@pytest.mark.parametrize("choose", ["nobody", "nothing", "viewer"])
def test_the_page_refuses_what_does_not_fit(client, choose):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment)
    viewer = member(assessment.system.operator, Role.VIEWER)
    first = principles(assessment)[0].pk
    sent = {"user": {"nobody": "", "viewer": viewer.pk}.get(choose, person.pk), "principles": first}
    if choose == "nothing":
        del sent["principles"]
    assert client.post(at(assessment, "assignments/"), sent).status_code == 422
    assert PrincipleAssignment.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SRO, Role.VIEWER])
def test_asking_is_for_the_scheme_manager(client, role):
    assessment = AssessmentFactory()
    sign_in(client, assessment, role)
    for rest in ("assignments/", "assignments/end/"):
        assert client.post(at(assessment, rest)).status_code == 403
    assert "Ask colleagues" not in client.get(at(assessment)).content.decode()


def test_the_task_list_names_who_answers_and_shows_mine_alone(client):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment)
    other = member(assessment.system.operator, Role.CONTRIBUTOR)
    first, second = principles(assessment)
    assign(assessment=assessment, principles=[first, second], user=other, by=person)
    assign(assessment=assessment, principles=[second], user=person, by=person)
    tasks = client.get(at(assessment)).context["tasks"]
    assert len(tasks) == 3
    assert [mark.text for mark in tasks[1]["marks"]] == [f"Answered by: {other.name}"]
    mine = client.get(at(assessment, "?show=mine")).context["tasks"]
    assert [task["title"] for task in mine] == ["2. Principle 2"]
    client.force_login(member(assessment.system.operator, Role.VIEWER))
    assert len(client.get(at(assessment, "?show=mine")).context["tasks"]) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_what_it_costs(client, django_assert_num_queries, rows):
    assessment = finished_assessment()
    manager = sign_in(client, assessment)
    for _ in range(rows):
        person = member(assessment.system.operator, Role.CONTRIBUTOR)
        assign(assessment=assessment, principles=principles(assessment), user=person, by=manager)
        QuestionRequestFactory(assessment=assessment, asked_by=person)
    client.get(at(assessment))
    with django_assert_num_queries(10):
        client.get(at(assessment))
    with django_assert_num_queries(9):
        client.get(at(assessment, "assignments/"))

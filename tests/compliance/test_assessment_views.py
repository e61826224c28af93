"""Pages of a self-assessment: who sees them, list, start, task list, and what they cost."""

import html

import pytest

from accounts.models import Role
from compliance.models import Assessment
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    finished_assessment,
    real_edition,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db

ROLES = [Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER]
EDITORS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}


READING = ["", "scope/", "principles/1/", "questions/1/", "questions/1/history/", "check/"]


@pytest.mark.parametrize("rest", READING)
def test_everybody_of_the_operator_reads_and_strangers_get_404(client, rest):
    assessment = AssessmentFactory()
    for role in ROLES:
        sign_in(client, assessment, role)
        assert client.get(at(assessment, rest)).status_code == 200
    client.force_login(MembershipFactory().user)
    assert client.get(at(assessment, rest)).status_code == 404
    both = member(assessment.system.operator, Role.SPOC)
    other = MembershipFactory(user=both).organisation
    client.force_login(both)
    wrong_place = at(assessment, rest).replace(assessment.system.operator.slug, other.slug)
    assert client.get(wrong_place).status_code == 404


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("rest", "make", "allowed"),
    [
        ("questions/1/", AssessmentFactory, EDITORS),
        ("scope/", AssessmentFactory, EDITORS),
        ("actions/add/?principle=1", AssessmentFactory, EDITORS),
        ("send/", finished_assessment, {Role.SPOC}),
        ("abandon/", finished_assessment, {Role.SPOC}),
        ("sign/", waiting_assessment, {Role.SRO}),
        ("return/", waiting_assessment, {Role.SRO}),
    ],
)
def test_a_colleague_without_the_role_gets_403(client, role, rest, make, allowed):
    assessment = make()
    sign_in(client, assessment, role)
    answer = client.post(at(assessment, rest), {"version": "0"})
    assert (answer.status_code == 403) is (role not in allowed)


@pytest.mark.parametrize("role", ROLES)
def test_starting_is_for_the_scheme_manager(client, role):
    system = CameraSystemFactory()
    CodeEditionFactory()
    client.force_login(member(system.operator, role))
    page = client.post(f"/workspace/{system.operator.slug}/assessments/start/", {"system": system.reference})
    assert page.status_code == (302 if role in {Role.SCHEME_MANAGER, Role.SPOC} else 403)


def test_a_button_that_one_cannot_use_is_not_shown(client):
    assessment = finished_assessment()
    sign_in(client, assessment, Role.VIEWER)
    for rest in ("", "check/", "questions/1/", "scope/", "principles/1/"):
        page = client.get(at(assessment, rest)).content.decode()
        for word in ("Save and continue", "Go on to sign-off", ">Abandon", ">Change<", "Add an action", "next open"):
            assert word not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_shows_own_ones_newest_first_at_constant_cost(client, django_assert_num_queries, rows):
    spoc = MembershipFactory(role=Role.SPOC)
    own = [finished_assessment(system__operator=spoc.organisation) for _ in range(rows)]
    ActionItemFactory.create_batch(2, assessment=own[0])
    AssessmentFactory()
    client.force_login(spoc.user)
    with django_assert_num_queries(7):
        page = client.get(f"/workspace/{spoc.organisation.slug}/assessments/")
    shown = page.context["assessments"]
    assert [row["reference"] for row in shown] == [assessment.reference for assessment in own[::-1]]
    assert (shown[-1]["answered"], shown[-1]["open_actions"]) == (9, 2)


def test_the_list_is_paged(client):
    spoc = MembershipFactory(role=Role.SPOC)
    edition = CodeEditionFactory()
    AssessmentFactory.create_batch(21, system__operator=spoc.organisation, edition=edition)
    client.force_login(spoc.user)
    second = client.get(f"/workspace/{spoc.organisation.slug}/assessments/?page=2")
    assert len(second.context["assessments"]) == 1


def test_a_second_start_is_refused_with_a_link_to_the_first(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment, Role.SCHEME_MANAGER)
    page = client.post(
        f"/workspace/{assessment.system.operator.slug}/assessments/start/", {"system": assessment.system.reference}
    )
    assert page.status_code == 422
    (problem,) = page.context["summary"]
    assert problem.url == at(assessment)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("reference", ["CS-NOTHERE", "", "' OR 1=1"])
def test_a_forged_system_is_refused(client, reference):
    other = CameraSystemFactory()
    spoc = MembershipFactory(role=Role.SPOC)
    client.force_login(spoc.user)
    start = f"/workspace/{spoc.organisation.slug}/assessments/start/"
    assert client.post(start, {"system": reference}).status_code == 422
    assert client.post(start, {"system": other.reference}).status_code == 422
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize(
    ("rest", "queries"),
    [
        ("", 10),
        ("principles/1/", 9),
        ("questions/1/", 9),
        ("questions/5/", 10),
        ("check/", 8),
        ("questions/1/history/", 7),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_much_is_written(client, django_assert_num_queries, rest, queries, rows):
    assessment = AssessmentFactory(edition=real_edition())
    for number in range(1, rows + 1):
        AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=number))
        ActionItemFactory(assessment=assessment, owner=UserFactory())
    sign_in(client, assessment)
    client.get(at(assessment, rest))
    with django_assert_num_queries(queries):
        client.get(at(assessment, rest))


def test_what_the_task_list_says(client):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment)
    sign_in(client, assessment)
    page = client.get(at(assessment))
    tasks = page.context["tasks"]
    assert [(task["status"], task["hint"]) for task in tasks[1:]] == [
        ("In progress", "1 of 3 answered"),
        ("Not started", "0 of 3 answered, 3 do not apply"),
    ]
    assert page.context["next_open"] == at(assessment, "questions/2/")
    assert "%" not in page.context["counts"]
    assert "compliant" not in page.content.decode()


def test_every_page_says_whose_wording_it_is(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for rest in ("", "principles/1/", "questions/1/", "check/"):
        page = html.unescape(client.get(at(assessment, rest)).content.decode())
        assert assessment.edition.wording_note in page
        assert assessment.edition.source_url in page


@pytest.mark.parametrize("status", Assessment.Status.values)
def test_every_page_can_be_read_at_every_stage(client, status):
    assessment = finished_assessment()
    ActionItemFactory(assessment=assessment)
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    sign_in(client, assessment)
    for rest in READING:
        assert client.get(at(assessment, rest)).status_code == 200


@pytest.mark.parametrize("rest", READING)
def test_pages_speak_welsh_with_the_codes_texts(client, rest):
    assessment = finished_assessment()
    person = sign_in(client, assessment)
    person.language = "cy"
    person.save()
    page = client.get(at(assessment, rest)).content.decode()
    assert '<html lang="cy"' in page
    if rest != "scope/":
        assert "Egwyddor 1" in page or "Teitl cwestiwn 1" in page

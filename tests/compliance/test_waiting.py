"""What waits for whom in self-assessments and the action plan, and what it costs."""

import datetime as dt

import pytest

from accounts.models import Role
from compliance.services.signing import return_with_comments
from compliance.sockets.assessments import assessments_panel
from compliance.waiting import assessments_to_sign, drafts, own_actions
from core.dates import today
from tests.factories.accounts import CertificationBodyFactory, MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CameraSystemFactory,
    finished_assessment,
    signed_assessment,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db


def labels(found):
    return [str(waiting.label) for waiting in found]


def everything(user):
    return labels([*assessments_to_sign(user), *drafts(user), *own_actions(user)])


def test_the_sro_signs_what_was_sent_in_the_own_organisation():
    assessment = waiting_assessment(system__name="Parks")
    waiting_assessment()
    finished_assessment(system=CameraSystemFactory(operator=assessment.system.operator))
    sro = member(assessment.system.operator, Role.SRO)
    (waiting,) = assessments_to_sign(sro)
    assert str(waiting.label) == "Read and sign a self-assessment: Parks"
    assert waiting.url == f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/sign/"
    assert (waiting.organisation, waiting.since) == (assessment.system.operator.name, assessment.changes.get().at)
    assert everything(sro) == ["Read and sign a self-assessment: Parks"]


@pytest.mark.parametrize(
    ("make", "role", "expected"),
    [
        (AssessmentFactory, Role.CONTRIBUTOR, ["Go on with a self-assessment: Parks"]),
        (AssessmentFactory, Role.SPOC, ["Go on with a self-assessment: Parks"]),
        (finished_assessment, Role.CONTRIBUTOR, []),
        (finished_assessment, Role.SPOC, ["Send a finished self-assessment for sign-off: Parks"]),
        (waiting_assessment, Role.SPOC, []),
        (signed_assessment, Role.SPOC, []),
        (AssessmentFactory, Role.VIEWER, []),
        (AssessmentFactory, Role.SRO, []),
        (AssessmentFactory, Role.DPO, []),
    ],
)
def test_what_waits_for_whom(make, role, expected):
    assessment = make(system__name="Parks")
    assert everything(member(assessment.system.operator, role)) == expected
    assert everything(MembershipFactory(role=role).user) == []


def test_what_came_back_waits_for_the_spoc():
    assessment = waiting_assessment(system__name="Parks")
    return_with_comments(assessment=assessment, comments="Thin.", by=UserFactory())
    spoc = member(assessment.system.operator, Role.SPOC)
    assert everything(spoc) == ["A self-assessment came back with comments: Parks"]


def test_own_actions_wait_when_they_are_due_soon():
    assessment = AssessmentFactory()
    owner = member(assessment.system.operator, Role.VIEWER)
    for days in (-1, 30, 31):
        day = today() + dt.timedelta(days=days)
        ActionItemFactory(assessment=assessment, owner=owner, due_on=day, description=f"In {days} days")
    ActionItemFactory(assessment=assessment, owner=owner, due_on=today(), description="Done").move_to("done", by=None)
    ActionItemFactory(assessment=assessment, owner=UserFactory(), due_on=today())
    found = list(own_actions(owner))
    assert labels(found) == ["Your action: In -1 days", "Your action: In 30 days"]
    assert found[0].due == today() - dt.timedelta(days=1)


def test_the_owner_who_left_is_asked_nothing():
    action = ActionItemFactory(due_on=today(), owner=UserFactory())
    assert list(own_actions(action.owner)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_it_costs(django_assert_num_queries, rows):
    spoc = MembershipFactory(role=Role.SPOC)
    operator = spoc.organisation
    MembershipFactory(role=Role.SRO, user=spoc.user, organisation=operator)
    for _ in range(rows):
        finished_assessment(system__operator=operator)
        waiting_assessment(system__operator=operator)
        own = AssessmentFactory(system__operator=operator)
        ActionItemFactory(assessment=own, owner=spoc.user, due_on=today())
    assert spoc.user.memberships_now
    with django_assert_num_queries(7):
        assert len(everything(spoc.user)) == 4 * rows


def test_the_panels_of_an_organisation(django_assert_num_queries):
    assessment = signed_assessment()
    operator = assessment.system.operator
    waiting_assessment(system__operator=operator)
    ActionItemFactory(assessment=assessment)
    ActionItemFactory(assessment=assessment, due_on=dt.date(2026, 1, 1))
    ActionItemFactory()
    viewer = member(operator, Role.VIEWER)
    assert viewer.memberships_now
    with django_assert_num_queries(2):
        panels = list(assessments_panel(viewer, operator))
    assert [[figure["value"] for figure in panel["figures"]] for panel in panels] == [[1, 1, 0], [2, 1]]
    assert list(assessments_panel(viewer, CertificationBodyFactory())) == []

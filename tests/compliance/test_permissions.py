"""Who may do what with systems, cameras and evidence: the table of design 3, role by role, in own and other bodies."""

import pytest

from accounts.models import Role
from tests.factories.accounts import CertificationBodyFactory, MembershipFactory, UserFactory, member
from tests.factories.compliance import CameraSystemFactory, EvidenceFactory

pytestmark = pytest.mark.django_db

SYSTEM_ACTS = {
    "compliance.change_system": {Role.SCHEME_MANAGER, Role.SPOC},
    "compliance.activate_system": {Role.SPOC},
    "compliance.close_system": {Role.SRO},
    "compliance.import_cameras": {Role.SCHEME_MANAGER, Role.SPOC},
}
OPERATOR_ACTS = {
    "compliance.create_system": {Role.SCHEME_MANAGER, Role.SPOC},
    "compliance.add_evidence": {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC},
}
ROLES = (Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", SYSTEM_ACTS)
def test_acts_on_a_system(act, role):
    system = CameraSystemFactory()
    own, other = member(system.operator, role), MembershipFactory(role=role).user
    assert own.has_perm(act, system) is (role in SYSTEM_ACTS[act])
    assert other.has_perm(act, system) is False


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", OPERATOR_ACTS)
def test_acts_on_an_operator(act, role):
    system = CameraSystemFactory()
    own, other = member(system.operator, role), MembershipFactory(role=role).user
    assert own.has_perm(act, system.operator) is (role in OPERATOR_ACTS[act])
    assert other.has_perm(act, system.operator) is False


@pytest.mark.parametrize("role", ROLES)
def test_everybody_of_the_operator_reads_its_evidence_and_nobody_else(role):
    evidence = EvidenceFactory()
    own, other = member(evidence.operator, role), MembershipFactory(role=role).user
    assert own.has_perm("compliance.read_evidence", evidence) is True
    assert other.has_perm("compliance.read_evidence", evidence) is False
    assert UserFactory().has_perm("compliance.read_evidence", evidence) is False


@pytest.mark.parametrize("act", OPERATOR_ACTS)
def test_a_body_that_runs_no_cameras_has_none(act):
    body = CertificationBodyFactory()
    assert member(body, Role.SPOC).has_perm(act, body) is False


@pytest.mark.parametrize("act", [*SYSTEM_ACTS, *OPERATOR_ACTS])
def test_a_role_that_ended_gives_nothing(act):
    system = CameraSystemFactory()
    for role in ROLES:
        user = MembershipFactory(
            organisation=system.operator, role=role, starts_on="2020-01-01", ends_on="2020-12-31"
        ).user
        assert user.has_perm(act, system if act in SYSTEM_ACTS else system.operator) is False


@pytest.mark.parametrize("act", SYSTEM_ACTS)
def test_a_refusal_costs_one_query(act, django_assert_num_queries):
    system = CameraSystemFactory()
    viewer = member(system.operator, Role.VIEWER)
    with django_assert_num_queries(1):
        assert viewer.has_perm(act, system) is False

"""Who may do what with organisations and people: one table of role by act, and the scopes that say the same."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import Kind, Membership, Organisation, Role, User
from accounts.models.roles import MANAGING_ROLES, ROLE_HINTS, ROLES_OF_KIND
from accounts.policy import RULES, require
from core.dates import today
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    SiteAdministratorFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db

ACTS = ("view_organisation", "manage_members", "invite_members", "read_trail", "administer_site")
MAY: dict[Role, set[str]] = {
    Role.CONTRIBUTOR: {"view_organisation"},
    Role.SCHEME_MANAGER: {"view_organisation", "invite_members"},
    Role.SPOC: {"view_organisation", "manage_members", "invite_members", "read_trail"},
    Role.SRO: {"view_organisation"},
    Role.DPO: {"view_organisation", "read_trail"},
    Role.VIEWER: {"view_organisation"},
    Role.POLICE_SPOC: {"view_organisation", "manage_members", "invite_members", "read_trail"},
    Role.POLICE_SIGNATORY: {"view_organisation"},
    Role.BODY_MANAGER: {"view_organisation", "manage_members", "invite_members", "read_trail"},
    Role.AUDITOR: {"view_organisation"},
    Role.DECISION_MAKER: {"view_organisation"},
    Role.OBSERVER: {"view_organisation"},
    Role.ADMINISTRATOR: {"view_organisation", "manage_members", "invite_members", "read_trail"},
    Role.STRAND_LEAD: {"view_organisation"},
    Role.SECRETARY: {"view_organisation"},
}
OF_RECORDS = {"change_membership", "end_membership", "name_deputy", "reset_second_step", "withdraw_invitation"}


def home_of(role: Role) -> Organisation:
    kind = next(kind for kind, roles in ROLES_OF_KIND.items() if role in roles)
    organisation: Any = OrganisationFactory(kind=kind)
    return organisation


def acts_of(user: Any, organisation: Organisation) -> set[str]:
    return {act for act in ACTS if user.has_perm(f"accounts.{act}", organisation)}


def test_every_rule_of_accounts_stands_in_a_table_here() -> None:
    assert {name.removeprefix("accounts.") for name in RULES if name.startswith("accounts.")} == set(ACTS) | OF_RECORDS


@pytest.mark.parametrize("role", list(Role))
def test_each_role_at_home_elsewhere_and_when_it_is_over(role: Role) -> None:
    home, elsewhere = home_of(role), home_of(role)
    user = member(home, role)
    assert acts_of(user, home) == MAY[role]
    assert acts_of(user, elsewhere) == set()
    past = MembershipFactory(organisation=home, role=role, ends_on=today().replace(year=2021)).user
    assert acts_of(past, home) == set()
    assert acts_of(UserFactory(), home) == set()


def test_site_administrators_may_all_and_strangers_and_leavers_nothing() -> None:
    organisation = OrganisationFactory()
    assert acts_of(SiteAdministratorFactory(), organisation) == set(ACTS)
    assert acts_of(SiteAdministratorFactory(is_active=False), organisation) == set()
    assert acts_of(AnonymousUser(), organisation) == set()


def test_members_are_changed_by_who_manages_their_role_and_never_by_themselves() -> None:
    force = OrganisationFactory(kind=Kind.POLICE_FORCE)
    users = {role: member(force, role) for role in force.roles}
    spoc, police_spoc = users[Role.SPOC], users[Role.POLICE_SPOC]
    other_spoc = member(force, Role.SPOC)
    memberships = Membership.objects.filter(organisation=force).select_related("organisation")
    for act in ("accounts.change_membership", "accounts.end_membership"):

        def changed_by(user: User, act: str = act) -> set[User]:
            return {m.user for m in memberships if user.has_perm(act, m)}

        operators = {users[r] for r in (Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SRO, Role.DPO, Role.VIEWER)}
        assert changed_by(spoc) == operators | {other_spoc}
        assert changed_by(police_spoc) == {users[Role.POLICE_SIGNATORY]}
        assert changed_by(SiteAdministratorFactory()) == set(users.values()) | {other_spoc}
        for role in set(users) - MANAGING_ROLES:
            assert changed_by(users[role]) == set()


def test_invitations_are_withdrawn_by_who_may_make_them() -> None:
    organisation = OrganisationFactory()
    contributor = InvitationFactory(organisation=organisation, role=Role.CONTRIBUTOR)
    sro = InvitationFactory(organisation=organisation, role=Role.SRO)
    act = "accounts.withdraw_invitation"
    may = {
        role: [member(organisation, role).has_perm(act, invitation) for invitation in (contributor, sro)]
        for role in organisation.roles
    }
    assert may == {
        Role.CONTRIBUTOR: [False, False],
        Role.SCHEME_MANAGER: [True, False],
        Role.SPOC: [True, True],
        Role.SRO: [False, False],
        Role.DPO: [False, False],
        Role.VIEWER: [False, False],
    }


def test_the_scope_and_the_predicate_say_the_same() -> None:
    here, there = OrganisationFactory(), OrganisationFactory()
    for user in (member(here, Role.VIEWER), UserFactory(), SiteAdministratorFactory()):
        seen = set(Organisation.objects.visible_to(user))
        assert seen == {o for o in (here, there) if user.has_perm("accounts.view_organisation", o)}


def test_require_raises_and_knows_its_acts() -> None:
    organisation = OrganisationFactory()
    require(member(organisation, Role.SPOC), "accounts.manage_members", organisation)
    with pytest.raises(PermissionDenied):
        require(UserFactory(), "accounts.manage_members", organisation)
    with pytest.raises(KeyError):
        require(SiteAdministratorFactory(), "accounts.manage_membres", organisation)


def test_every_role_belongs_to_a_kind_and_says_what_it_does() -> None:
    assert set().union(*ROLES_OF_KIND.values()) == set(Role) == set(ROLE_HINTS)
    assert set(ROLES_OF_KIND) == set(Kind)

"""Who may do what with organisations and their people (design 3)."""

from typing import Any

from accounts.models import Invitation, Membership, Organisation, Role, User
from accounts.models.roles import INVITED_BY_SCHEME_MANAGER, MANAGES, MANAGING_ROLES
from accounts.policy import allows


def roles_managed(user: Any, organisation: Organisation) -> tuple[Role, ...]:
    """The roles that the user may give, change and end there, in the order of the list; site administrators all."""
    if user.is_staff:
        return organisation.roles
    managed = {role for held in user.roles_at(organisation) for role in MANAGES.get(held, ())}
    return tuple(role for role in organisation.roles if role in managed)


def roles_invited(user: Any, organisation: Organisation) -> tuple[Role, ...]:
    """The roles to which the user may invite there: those managed; for a scheme manager contributors."""
    managed = roles_managed(user, organisation)
    if managed or not user.holds(Role.SCHEME_MANAGER, at=organisation):
        return managed
    return INVITED_BY_SCHEME_MANAGER


@allows("accounts.view_organisation")
def may_view_organisation(user: User, organisation: Organisation) -> bool:
    """Everybody who belongs to it, and site administrators."""
    return user.is_staff or organisation.pk in user.organisation_ids()


@allows("accounts.manage_members")
def may_manage_members(user: User, organisation: Organisation) -> bool:
    """SPOC, police SPOC, manager of a certification body, administrator of a national body; site administrators."""
    return user.is_staff or user.holds(*MANAGING_ROLES, at=organisation)


@allows("accounts.invite_members")
def may_invite(user: User, organisation: Organisation) -> bool:
    """Those who manage members; a scheme manager too, for contributors only (`invite` holds the role to that)."""
    return bool(roles_invited(user, organisation))


@allows("accounts.withdraw_invitation")
def may_withdraw_invitation(user: User, invitation: Invitation) -> bool:
    """Whoever may invite to that role; also for sending the link again."""
    return invitation.organisation is not None and invitation.role in roles_invited(user, invitation.organisation)


@allows("accounts.change_membership")
def may_change_membership(user: User, membership: Membership) -> bool:
    """Those who manage that role, never on themselves: nobody makes themselves more than others made them."""
    return membership.user_id != user.pk and membership.role in roles_managed(user, membership.organisation)


@allows("accounts.name_deputy")
def may_name_deputy(user: User, membership: Membership) -> bool:
    """Those who manage that role, for their own too: a SPOC who goes away says who stands in."""
    return membership.role in roles_managed(user, membership.organisation)


@allows("accounts.end_membership")
def may_end_membership(user: User, membership: Membership) -> bool:
    """Those who manage that role, never on themselves: the last manager cannot lock the organisation out by a slip."""
    return may_change_membership(user, membership)


@allows("accounts.reset_second_step")
def may_reset_second_step(user: User, membership: Membership) -> bool:
    """Whoever may end the role, since they know the person, and only while it is held: who left is no longer theirs.
    That of a site administrator other ones alone.
    """
    return (
        membership.is_current()
        and may_change_membership(user, membership)
        and (user.is_staff or not membership.user.is_staff)
    )


@allows("accounts.read_trail")
def may_read_trail(user: User, organisation: Organisation) -> bool:
    """The SPOC and the DPO of an operator; whoever manages the members elsewhere."""
    return user.is_staff or user.holds(Role.DPO, *MANAGING_ROLES, at=organisation)


@allows("accounts.administer_site")
def may_administer_site(user: User, organisation: Organisation | User) -> bool:
    """Site administrators; asked of any organisation, or of the user where none is in sight."""
    return user.is_staff

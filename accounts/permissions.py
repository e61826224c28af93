"""Who may do what with organisations and their people (design 3)."""

from accounts.models import Membership, Organisation, Role, User
from accounts.models.roles import MANAGING_ROLES
from accounts.policy import allows


@allows("accounts.manage_members")
def may_manage_members(user: User, organisation: Organisation) -> bool:
    """SPOC, police SPOC, manager of a certification body, administrator of a national body; site administrators."""
    return user.is_staff or user.holds(*MANAGING_ROLES, at=organisation)


@allows("accounts.invite_members")
def may_invite(user: User, organisation: Organisation) -> bool:
    """Those who manage members; a scheme manager too, for contributors only (`invite` holds the role to that)."""
    return may_manage_members(user, organisation) or user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("accounts.end_membership")
def may_end_membership(user: User, membership: Membership) -> bool:
    """Those who manage members, never on themselves: the last manager cannot lock the organisation out by a slip."""
    return may_manage_members(user, membership.organisation) and membership.user_id != user.pk


@allows("accounts.read_trail")
def may_read_trail(user: User, organisation: Organisation) -> bool:
    """The SPOC and the DPO of an operator; whoever manages the members elsewhere."""
    return user.is_staff or user.holds(Role.DPO, *MANAGING_ROLES, at=organisation)


@allows("accounts.administer_site")
def may_administer_site(user: User, organisation: Organisation | User) -> bool:
    """Site administrators; asked of any organisation, or of the user where none is in sight."""
    return user.is_staff

"""Who may do what with guidance and good practice; publishing and moderation are `strategy.secretary`."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows


@allows("strategy.read_resources")
def may_read_resources(user: User, organisation: Organisation) -> bool:
    """What the organisation works on: everybody of an operator or a national body."""
    keeps = organisation.runs_cameras or organisation.kind == Kind.NATIONAL_BODY
    return keeps and bool(user.roles_at(organisation))


@allows("strategy.write_resources")
def may_write_resources(user: User, organisation: Organisation) -> bool:
    """Guidance: the secretary of a national body. Good practice: scheme manager and SPOC of an operator."""
    if organisation.kind == Kind.NATIONAL_BODY:
        return user.holds(Role.SECRETARY, at=organisation)
    writers = (Role.SPOC, Role.SCHEME_MANAGER)
    return organisation.runs_cameras and any(user.holds(role, at=organisation) for role in writers)

"""Who may do what in the national picture (design 3)."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows


@allows("strategy.lead")
def may_lead(user: User, organisation: Organisation) -> bool:
    """Reports on deliverables: strand leads and the administrator of a national body."""
    leads = user.holds(Role.STRAND_LEAD, at=organisation) or user.holds(Role.ADMINISTRATOR, at=organisation)
    return organisation.kind == Kind.NATIONAL_BODY and leads


@allows("strategy.administer")
def may_administer(user: User, organisation: Organisation) -> bool:
    """Reopens deliverables: the administrator of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.ADMINISTRATOR, at=organisation)


@allows("strategy.secretary")
def may_keep_minutes(user: User, organisation: Organisation) -> bool:
    """Groups, meetings, minutes and actions: the secretary of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.SECRETARY, at=organisation)


@allows("strategy.declare_no_system")
def may_declare_no_system(user: User, organisation: Organisation) -> bool:
    """Says that there is no public-space system: the senior responsible officer of an authority."""
    return organisation.kind == Kind.PRINCIPAL_AUTHORITY and user.holds(Role.SRO, at=organisation)

"""Who may do what in the national picture (design 3)."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows


@allows("strategy.lead")
def may_lead(user: User, organisation: Organisation) -> bool:
    """Reports on deliverables: strand leads and the administrator of a national body."""
    leads = user.holds(Role.STRAND_LEAD, at=organisation) or user.holds(Role.ADMINISTRATOR, at=organisation)
    return organisation.kind == Kind.NATIONAL_BODY and leads


@allows("strategy.read_plans")
def may_read_plans(user: User, organisation: Organisation) -> bool:
    """The delivery plans as they are worked on: everybody of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and bool(user.roles_at(organisation))


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


@allows("strategy.read_spoc")
def may_read_spoc(user: User, organisation: Organisation) -> bool:
    """Whom the organisation named: everybody of an operator."""
    return organisation.runs_cameras and bool(user.roles_at(organisation))


@allows("strategy.keep_spoc")
def may_keep_spoc(user: User, organisation: Organisation) -> bool:
    """Names, changes, ends, tells, publishes: the SPOC, and the senior responsible officer, who outlasts the SPOC."""
    keeps = user.holds(Role.SPOC, at=organisation) or user.holds(Role.SRO, at=organisation)
    return organisation.runs_cameras and keeps


@allows("strategy.read_spocs")
def may_read_spocs(user: User, organisation: Organisation) -> bool:
    """The whole register: everybody of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and bool(user.roles_at(organisation))


@allows("strategy.acknowledge_spocs")
def may_acknowledge_spocs(user: User, organisation: Organisation) -> bool:
    """Acknowledges for the managers' association: secretary or administrator of a national body."""
    receives = user.holds(Role.SECRETARY, at=organisation) or user.holds(Role.ADMINISTRATOR, at=organisation)
    return organisation.kind == Kind.NATIONAL_BODY and receives


@allows("strategy.read_picture")
def may_read_picture(user: User, organisation: Organisation) -> bool:
    """The national picture: of a national body all, of a police force its area, of an authority its own row."""
    readers = (Kind.NATIONAL_BODY, Kind.POLICE_FORCE, Kind.PRINCIPAL_AUTHORITY, Kind.PARISH_COUNCIL)
    return organisation.kind in readers and bool(user.roles_at(organisation))

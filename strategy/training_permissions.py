"""Who may do what with training records, accreditations and the catalogue (design 3)."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows

KEEPERS = frozenset({Role.SPOC, Role.SCHEME_MANAGER, Role.POLICE_SPOC})


def _holds(user: User, organisation: Organisation, roles: frozenset[Role]) -> bool:
    return any(user.holds(role, at=organisation) for role in roles)


@allows("strategy.read_staff")
def may_read_staff(user: User, organisation: Organisation) -> bool:
    """Who has which licence and training: those who keep it, and DPO and SRO, who answer for it."""
    return organisation.runs_cameras and _holds(user, organisation, KEEPERS | {Role.DPO, Role.SRO})


@allows("strategy.keep_staff")
def may_keep_staff(user: User, organisation: Organisation) -> bool:
    """Enters and changes: scheme manager and SPOC, of a police force the police SPOC."""
    return organisation.runs_cameras and _holds(user, organisation, KEEPERS)


@allows("strategy.erase_staff")
def may_erase_staff(user: User, organisation: Organisation) -> bool:
    """Erases and exports what is held of a person: the DPO."""
    return organisation.runs_cameras and user.holds(Role.DPO, at=organisation)


@allows("strategy.apply_accreditation")
def may_apply(user: User, organisation: Organisation) -> bool:
    """Asks a national body to accredit somebody: the SPOC."""
    return organisation.runs_cameras and _holds(user, organisation, frozenset({Role.SPOC, Role.POLICE_SPOC}))


@allows("strategy.read_accreditations")
def may_read_accreditations(user: User, organisation: Organisation) -> bool:
    """The applications to a national body: everybody of it."""
    return organisation.kind == Kind.NATIONAL_BODY and bool(user.roles_at(organisation))


@allows("strategy.decide_accreditation")
def may_decide(user: User, organisation: Organisation) -> bool:
    """Decides applications: strand lead and secretary of a national body."""
    deciders = frozenset({Role.STRAND_LEAD, Role.SECRETARY})
    return organisation.kind == Kind.NATIONAL_BODY and _holds(user, organisation, deciders)


@allows("strategy.keep_courses")
def may_keep_courses(user: User, organisation: Organisation) -> bool:
    """The public catalogue of courses and awards: the administrator of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.ADMINISTRATOR, at=organisation)


@allows("strategy.take_self_tests")
def may_take_self_tests(user: User, organisation: Organisation) -> bool:
    """With a record of completion: everybody with a role anywhere."""
    return bool(user.roles_at(organisation))

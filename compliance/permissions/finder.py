"""Who may look for the cameras of a place, and who reads what was looked for."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows


@allows("compliance.find_cameras")
def may_find_cameras(user: User, organisation: Organisation) -> bool:
    """Everybody with a role at a police force, a hub or an operator; in which territory is for `find_cameras`."""
    return organisation.runs_cameras and bool(user.roles_at(organisation))


@allows("compliance.read_finder_log")
def may_read_finder_log(user: User, organisation: Organisation) -> bool:
    """Who answers for the searches of an organisation, and for its cameras that others looked for."""
    readers = (Role.SCHEME_MANAGER, Role.SRO, Role.DPO, Role.POLICE_SPOC)
    return organisation.runs_cameras and user.holds(*readers, at=organisation)

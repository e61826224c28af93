"""Who asks services which cameras they run, and decides what becomes of the answers (design 3)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import EstateRequest


@allows("compliance.run_estate_audit")
def may_run(user: User, organisation: Organisation) -> bool:
    """Scheme managers and the SPOC of an organisation that runs cameras."""
    return organisation.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.erase_answerer")
def may_erase(user: User, request: EstateRequest) -> bool:
    """The data protection officer erases personal data (design 3)."""
    return user.holds(Role.DPO, at=request.audit.operator_id)

"""Who writes, advises on and signs data protection and equality impact assessments (design 3, domain 9.6)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import Dpia


@allows("compliance.start_dpia")
def may_start_dpia(user: User, organisation: Organisation) -> bool:
    """The scheme manager of an organisation that may run cameras."""
    return organisation.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.write_dpia")
def may_write_dpia(user: User, dpia: Dpia) -> bool:
    """Contributors and above write what is in draft."""
    return user.holds(Role.CONTRIBUTOR, at=dpia.operator_id)


@allows("compliance.move_dpia")
def may_move_dpia(user: User, dpia: Dpia) -> bool:
    """The scheme manager screens, asks for advice and answers it, asks the ICO, stops and begins again."""
    return user.holds(Role.SCHEME_MANAGER, at=dpia.operator_id)


@allows("compliance.advise_on_dpia")
def may_advise(user: User, dpia: Dpia) -> bool:
    """The data protection officer alone (UK GDPR Article 39)."""
    return user.holds(Role.DPO, at=dpia.operator_id)


@allows("compliance.sign_dpia")
def may_sign_dpia(user: User, dpia: Dpia) -> bool:
    """The senior responsible officer signs, and confirms what was made outside the portal."""
    return user.holds(Role.SRO, at=dpia.operator_id)


@allows("compliance.return_dpia")
def may_return_dpia(user: User, dpia: Dpia) -> bool:
    """Whoever moves it on, advises or signs can give it back to those who write."""
    return user.holds(Role.SCHEME_MANAGER, Role.DPO, Role.SRO, at=dpia.operator_id)


@allows("compliance.read_dpia")
def may_read_dpia(user: User, dpia: Dpia) -> bool:
    """Everybody with a role at the operator."""
    return bool(user.roles_at(dpia.operator_id))

"""Who may ask police and public, and who answers for a force (design 3, domain 9.2)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import Consultation


@allows("compliance.draft_consultation")
def may_draft(user: User, organisation: Organisation) -> bool:
    """Scheme managers and the SPOC of an organisation that runs cameras."""
    return organisation.runs_cameras and user.holds(Role.SCHEME_MANAGER, at=organisation)


@allows("compliance.open_consultation")
def may_open(user: User, consultation: Consultation) -> bool:
    """The SPOC answers for what the public gets to see: opening, outcome, withdrawal."""
    return user.holds(Role.SPOC, at=consultation.organisation_id)


@allows("compliance.read_responses")
def may_read_responses(user: User, consultation: Consultation) -> bool:
    """Names of residents are for those who work with the answers, who decide, and who look after personal data."""
    return user.holds(Role.SCHEME_MANAGER, Role.SRO, Role.DPO, at=consultation.organisation_id)


@allows("compliance.release_responses")
def may_release(user: User, consultation: Consultation) -> bool:
    """Scheme managers and the SPOC say of each answer that it was read, and whether it may be shown."""
    return user.holds(Role.SCHEME_MANAGER, at=consultation.organisation_id)


@allows("compliance.erase_respondent")
def may_erase(user: User, consultation: Consultation) -> bool:
    """The data protection officer erases personal data (design 3)."""
    return user.holds(Role.DPO, at=consultation.organisation_id)


@allows("compliance.answer_for_force")
def may_answer_for_force(user: User, force: Organisation) -> bool:
    return user.holds(Role.POLICE_SPOC, Role.POLICE_SIGNATORY, at=force)

"""Who may do what with surveys: the secretary of a national body runs them, who is asked reads its own return."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows
from strategy.services.surveys import ASKABLE


@allows("strategy.read_surveys")
def may_read(user: User, organisation: Organisation) -> bool:
    """Everybody of a body that runs surveys or is asked in them; others read nothing of anybody's return."""
    return organisation.kind in (Kind.NATIONAL_BODY, *ASKABLE) and bool(user.roles_at(organisation))


@allows("strategy.run_surveys")
def may_run(user: User, organisation: Organisation) -> bool:
    """Drafts, asks, opens, reads each return, reminds, closes, publishes."""
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.SECRETARY, at=organisation)


@allows("strategy.sign_survey_return")
def may_sign(user: User, organisation: Organisation) -> bool:
    """The senior responsible officer of who is asked; whoever has no account signs by the link that was mailed."""
    return organisation.kind in ASKABLE and user.holds(Role.SRO, at=organisation)

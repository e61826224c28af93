"""Who may do what with national consultations: the secretary runs them (design 3)."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from strategy.services.consultations import may_hold


@allows("strategy.read_national_consultations")
def may_read(user: User, organisation: Organisation) -> bool:
    """Everybody of the national body reads what is asked and how many answered."""
    return may_hold(organisation) and bool(user.roles_at(organisation))


@allows("strategy.run_national_consultations")
def may_run(user: User, organisation: Organisation) -> bool:
    """Drafts, opens, reads answers with their names, concludes, withdraws."""
    return may_hold(organisation) and user.holds(Role.SECRETARY, at=organisation)

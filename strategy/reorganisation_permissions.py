"""Who may reorganise authorities and forces (design 3)."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows


@allows("strategy.reorganise")
def may_reorganise(user: User, organisation: Organisation) -> bool:
    """Brings, rehearses, confirms, withdraws, and reads what was found: the administrator of a national body."""
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.ADMINISTRATOR, at=organisation)

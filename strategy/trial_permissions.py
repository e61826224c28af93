"""Who may do what with trials and research (design 3: the SPOC publishes)."""

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows
from strategy.services.trials import may_hold


@allows("strategy.read_trials")
def may_read_trials(user: User, organisation: Organisation) -> bool:
    """Those of the own organisation, drafts too: everybody of it."""
    return may_hold(organisation) and bool(user.roles_at(organisation))


@allows("strategy.keep_trials")
def may_keep_trials(user: User, organisation: Organisation) -> bool:
    """Enters and changes: scheme manager and SPOC of an operator (of a police force the police SPOC too), secretary and
    administrator of a national body.
    """
    return may_hold(organisation) and any(user.holds(role, at=organisation) for role in _keepers(organisation))


@allows("strategy.publish_trials")
def may_publish_trials(user: User, organisation: Organisation) -> bool:
    """Announces, evaluates, decides, gives up, withdraws: what the public reads at once."""
    publishers = _keepers(organisation) - {Role.SCHEME_MANAGER}
    return may_hold(organisation) and any(user.holds(role, at=organisation) for role in publishers)


def _keepers(organisation: Organisation) -> frozenset[Role]:
    if organisation.kind == Kind.NATIONAL_BODY:
        return frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
    operators = frozenset({Role.SPOC, Role.SCHEME_MANAGER})
    return operators | {Role.POLICE_SPOC} if organisation.kind == Kind.POLICE_FORCE else operators

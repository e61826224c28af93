"""Who may enter statistics (design 3). The scopes are the models' `visible_to`."""

from accounts.models import Role, User
from accounts.policy import allows
from compliance.models import CameraSystem


@allows("compliance.enter_statistics")
def may_enter_statistics(user: User, system: CameraSystem) -> bool:
    """The scheme manager creates statistics; the single point of contact is one too."""
    return user.holds(Role.SCHEME_MANAGER, at=system.operator_id)

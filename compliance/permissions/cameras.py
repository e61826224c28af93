"""Who may read and change the register of cameras (design 3). The scopes are the models' `visible_to`."""

from accounts.models import Role, User
from accounts.policy import allows
from compliance.models import Camera


@allows("compliance.change_camera")
def may_change_camera(user: User, camera: Camera) -> bool:
    """Contributors and above; what a camera is shown as to the public is part of its record."""
    return user.holds(Role.CONTRIBUTOR, at=camera.system.operator_id)

"""Who may read and change the register of cameras (design 3). The scopes are the models' `visible_to`."""

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from compliance.models import Camera, CameraSystem


@allows("compliance.change_camera")
def may_change_camera(user: User, camera: Camera) -> bool:
    """Contributors and above; what a camera is shown as to the public is part of its record."""
    return user.holds(Role.CONTRIBUTOR, at=camera.system.operator_id)


@allows("compliance.add_camera")
def may_add_camera(user: User, system: CameraSystem) -> bool:
    """The same people enter a camera, a placement and a count by hand; lists are brought in by the scheme manager."""
    return user.holds(Role.CONTRIBUTOR, at=system.operator_id)


@allows("compliance.change_cameras")
def may_change_cameras(user: User, organisation: Organisation) -> bool:
    """Who may change one may change many."""
    return organisation.runs_cameras and user.holds(Role.CONTRIBUTOR, at=organisation)

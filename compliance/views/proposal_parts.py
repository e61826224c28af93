"""What stands on a camera's page of its justification: what was proposed and decided, and what can be done now."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from compliance.camera_case import camera_address
from compliance.models import Camera
from compliance.models.camera import CameraOrigin
from compliance.services.camera_decisions import RELOCATABLE
from compliance.views import proposal_rows as rows
from core.registry import Link

Status = Camera.Status
MOST = 5


def decisions_part(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, Any] | None:
    """The decisions about the camera, the newest first. One query."""
    decisions = rows.decision_rows(list(camera.decisions.all()[:MOST]), camera)
    if not decisions and camera.origin != CameraOrigin.PROPOSED:
        return None
    url = camera_address("proposal", camera) if camera.origin == CameraOrigin.PROPOSED else ""
    return {"template": "compliance/_decisions_part.html", "part": {"decisions": decisions, "proposal_url": url}}


def justification_acts(request: AuthenticatedHttpRequest, camera: Camera) -> Iterator[Link]:
    """The next step of the camera, for whoever takes it."""
    user = request.user
    if camera.status in Camera.PROPOSALS and camera.origin == CameraOrigin.PROPOSED:
        yield Link(_("Go on with the proposal"), camera_address("proposal", camera))
    if camera.status in RELOCATABLE and user.has_perm("compliance.decide_camera", camera):
        yield Link(_("Decide on another place"), camera_address("camera_relocate", camera))
    if camera.can_move_to(Status.REMOVE_RECOMMENDED) and user.has_perm("compliance.recommend_removal", camera):
        yield Link(_("Recommend its removal"), camera_address("camera_removal", camera))
    if camera.status == Status.REMOVE_RECOMMENDED:
        operator = camera.system.operator
        removals = f"{reverse('compliance:removals', args=[operator.slug])}?camera={camera.reference}"
        if user.has_perm("compliance.decide_camera", camera):
            yield Link(_("Decide about its removal"), removals)
        elif user.has_perm("compliance.commission_camera", camera):
            yield Link(_("See how far its removal is"), removals)

"""Finding one camera for a page: within what the user may see, with what its pages show; the trail to it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from compliance.models import Camera
from compliance.models.camera import CameraQuerySet
from compliance.views.system_finding import Crumbs, system_address, trail_to_system


def camera_or_404(
    request: AuthenticatedHttpRequest,
    organisation: str,
    reference: str,
    camera: str,
    cameras: CameraQuerySet | None = None,
) -> Camera:
    """The camera of that system and operator, with both. Raises Http404. Two queries."""
    operator = organisation_or_404(request.user, organisation)
    own = (cameras if cameras is not None else Camera.objects.all()).visible_to(request.user)
    own = own.filter(system__operator=operator, system__reference=reference)
    return get_object_or_404(own.select_related("system__operator"), reference=camera)


def camera_title(camera: Camera) -> str:
    return _("Camera %(name)s") % {"name": camera.name}


def trail_to_camera(camera: Camera, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs down to a camera and what lies below it."""
    system = camera.system
    here = (camera_title(camera), camera.get_absolute_url() if further else "")
    return trail_to_system(system, (_("Cameras"), system_address("cameras", system)), here, *further)

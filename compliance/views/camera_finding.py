"""Finding one camera for a page: within what the user may see, with what its pages show."""

from django.shortcuts import get_object_or_404

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from compliance.models import Camera
from compliance.models.camera import CameraQuerySet


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

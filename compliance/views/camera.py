"""One camera: its record, what justifies it, what happened to it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Camera
from compliance.views.camera_finding import camera_or_404
from compliance.views.camera_parts import acts_of, parts_of
from compliance.views.cameras import STATUS_COLOURS
from compliance.views.system_finding import system_address, trail_to_system


@require_safe
def camera(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """All about one camera."""
    found = camera_or_404(request, organisation, reference, camera)
    system = found.system
    title = _("Camera %(name)s") % {"name": found.name}
    context = {
        "organisation": system.operator,
        "system": system,
        "camera": found,
        "title": title,
        "label": found.get_status_display(),
        "colour": STATUS_COLOURS[Camera.Status(found.status)],
        "rows": _record(found),
        "parts": parts_of(request, found),
        "acts": acts_of(request, found),
        "breadcrumbs": trail_to_system(system, (_("Cameras"), system_address("cameras", system)), (title, "")),
    }
    return render(request, "compliance/camera.html", context)


def _record(camera: Camera) -> list[dict[str, object]]:
    return [
        {"key": _("Number"), "value": camera.operator_ref or _("No number")},
        {"key": _("Street or landmark"), "value": camera.location},
        {"key": _("Ward"), "value": camera.ward},
        {"key": _("Type"), "value": capfirst(camera.get_camera_type_display())},
        {"key": _("Shown to the public as"), "value": capfirst(camera.get_precision_display())},
    ]

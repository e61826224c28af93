"""Finding a list that was brought in, for its pages: whoever may bring lists into the system, and nobody else."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.models import CameraSystem, ImportRun
from compliance.views.system_finding import Crumbs, system_address, system_or_404, trail_to_system

Status = ImportRun.Status
COLOURS = {
    Status.UPLOADED: "yellow",
    Status.SORTING: "light-blue",
    Status.SORTED: "yellow",
    Status.APPLYING: "light-blue",
    Status.APPLIED: "green",
    Status.UNDONE: "grey",
    Status.FAILED: "red",
    Status.DISCARDED: "grey",
}


IMPORT = "compliance.import_cameras"


def run_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> ImportRun:
    """The list of that system, with it. Raises Http404, PermissionDenied. A closed system's lists can still be read."""
    system = system_or_404(request, organisation, reference)
    runs = ImportRun.objects.visible_to(request.user).filter(system=system).select_related("by")
    found = get_object_or_404(runs, reference=run)
    require(request.user, IMPORT, system)
    found.system = system
    return found


def run_address(name: str, system: CameraSystem, run: ImportRun) -> str:
    return system_address(name, system, run.reference)


def tag_of_run(run: ImportRun) -> dict[str, Any]:
    return {"label": run.get_status_display(), "colour": COLOURS[Status(run.status)]}


def trail_to_lists(system: CameraSystem, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs down to the lists of a system and what lies below them."""
    lists = system_address("cameras_import", system) if further else ""
    cameras = (_("Cameras"), system_address("cameras", system))
    return trail_to_system(system, cameras, (_("Lists brought in"), lists), *further)

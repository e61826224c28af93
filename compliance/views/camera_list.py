"""Cameras as a list, of one system or of the whole organisation: narrowed, in order, page by page, or as a CSV file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models import Organisation
from compliance.forms.camera_lists import CameraFilterForm
from compliance.models import Camera, CameraReview, CameraSystem
from compliance.models.camera import NEVER_MAPPED, CameraQuerySet, CameraType
from compliance.services.systems import FINAL
from compliance.views.camera_rows import tag_of
from compliance.views.system_finding import (
    Crumbs,
    operator_or_404,
    system_address,
    system_or_404,
    trail_to_system,
)
from compliance.views.tables import csv_answer
from core.dates import today

PAGE_SIZE = 50
SHOWN = (
    "reference",
    "system_id",
    "status",
    "operator_ref",
    "location",
    "ward",
    "latitude",
    "camera_type",
    "precision",
    "justified_on",
    "review_due_on",
)
# Columns of domain 7.5, for the operator itself: every place as exactly as it is known.
COLUMNS = (
    "camera_ref",
    "system",
    "location_description",
    "locality",
    "ward",
    "postcode_district",
    "latitude",
    "longitude",
    "easting",
    "northing",
    "location_precision",
    "camera_type",
    "mount",
    "direction",
    "view_description",
    "purpose",
    "records_audio",
    "anpr_enabled",
    "analytics",
    "status",
    "installed_on",
    "last_reviewed_on",
    "review_outcome",
    "monitored_by",
)


class Listing:
    """The cameras that were asked for, and the form that asks: of `systems`, which all are one operator's."""

    def __init__(self, asked: QueryDict, systems: Sequence[CameraSystem]) -> None:
        self.systems: Mapping[int, CameraSystem] = {system.pk: system for system in systems}
        own = Camera.objects.filter(system__in=list(self.systems))
        known = {name: asked[name] for name in CameraFilterForm.base_fields if name in asked}
        self.form = CameraFilterForm(known or None, wards=own.wards(), systems=systems)
        self.found: CameraQuerySet = self.form.narrow(own)

    def in_order(self) -> CameraQuerySet:
        return self.form.ordered(self.found)

    def with_systems(self, cameras: CameraQuerySet) -> Iterator[Camera]:
        """Each with its system and operator, which were read once for all."""
        for camera in cameras:
            camera.system = self.systems[camera.system_id]
            yield camera


def systems_of(request: AuthenticatedHttpRequest, operator: Organisation) -> list[CameraSystem]:
    """The systems of the operator that this person sees, each with the operator. One query."""
    found = list(CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name", "pk"))
    for system in found:
        system.operator = operator
    return found


@require_safe
def cameras(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The cameras of one system."""
    system = system_or_404(request, organisation, reference)
    is_open = system.status not in FINAL
    more = {
        "system": system,
        "caption": system.local_name,
        "may_import": is_open and request.user.has_perm("compliance.import_cameras", system),
        "may_add": is_open and request.user.has_perm("compliance.add_camera", system),
        "csv_url": system_address("cameras_csv", system),
    }
    return _page(request, system.operator, [system], trail_to_system(system, (_("Cameras"), "")), more)


@require_safe
def all_cameras(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The cameras of all systems of the organisation."""
    operator = operator_or_404(request, organisation)
    crumbs = [(operator.local_name, operator.get_absolute_url()), (_("Cameras"), "")]
    more = {"caption": operator.local_name, "csv_url": reverse("compliance:all_cameras_csv", args=[operator.slug])}
    return _page(request, operator, systems_of(request, operator), crumbs, more)


def _page(
    request: AuthenticatedHttpRequest,
    operator: Organisation,
    systems: list[CameraSystem],
    crumbs: Crumbs,
    more: dict[str, Any],
) -> HttpResponse:
    listing = Listing(request.GET, systems)
    form = listing.form
    page = Paginator(listing.in_order().only(*SHOWN), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(listing.with_systems(page.object_list))  # type: ignore[arg-type]
    day = today()
    may_change = request.user.has_perm("compliance.change_cameras", operator)
    context = {
        "organisation": operator,
        "form": form,
        "page_obj": page,
        "rows": [_row(camera, day) for camera in shown],
        "has_systems": len(systems) > 1,
        "has_types": any(camera.camera_type != CameraType.UNKNOWN for camera in shown),
        "is_narrowed": form.is_narrowed,
        "query": request.GET.urlencode() if form.is_bound else "",
        "may_change": may_change,
        "asked": _asked(form, systems) if may_change else [],
        "breadcrumbs": crumbs,
        **more,
    }
    return render(request, "compliance/cameras.html", context, status=422 if form.errors else 200)


def _asked(form: CameraFilterForm, systems: Sequence[CameraSystem]) -> list[tuple[str, str]]:
    """What goes along to the page that changes several: the filter, and the system where the list is of one."""
    asked = [(name, value) for name, value in form.asked() if name != "sort"]
    if len(systems) == 1:
        asked.append(("of", systems[0].reference))
    return asked


def _row(camera: Camera, day: Any) -> dict[str, Any]:
    due = camera.review_due_on
    return {
        "reference": camera.reference,
        "url": camera.get_absolute_url(),
        "number": camera.operator_ref or _("No number"),
        "system": camera.system.local_name,
        "location": camera.location,
        "ward": camera.ward,
        "type": capfirst(camera.get_camera_type_display()),
        "precision": capfirst(camera.get_precision_display()),
        "lacks_place": camera.latitude is None and camera.camera_type not in NEVER_MAPPED,
        "is_outstanding": camera.status in Camera.IN_USE and camera.justified_on is None,
        "is_due": camera.status in Camera.IN_USE and due is not None and due <= day,
        **tag_of(camera),
    }


# --- As a file ---


@require_safe
def cameras_csv(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The list of one system, narrowed as the page, as a CSV file."""
    system = system_or_404(request, organisation, reference)
    return _file(request, [system], system.slug)


@require_safe
def all_cameras_csv(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The list of the organisation, narrowed as the page, as a CSV file."""
    operator = operator_or_404(request, organisation)
    return _file(request, systems_of(request, operator), operator.slug)


def _file(request: AuthenticatedHttpRequest, systems: list[CameraSystem], name: str) -> HttpResponse:
    listing = Listing(request.GET, systems)
    newest = CameraReview.objects.filter(camera=OuterRef("pk")).order_by("-on", "-pk")
    found = listing.in_order().annotate(review_outcome=Subquery(newest.values("outcome")[:1]))
    rows = (_line(camera) for camera in listing.with_systems(found.select_related("monitored_by")))
    return csv_answer(COLUMNS, rows, name=f"cameras-{name}-{today().isoformat()}")


def _line(camera: Camera) -> list[Any]:
    watched = camera.monitored_by
    return [
        camera.operator_ref,
        camera.system.name,
        camera.location,
        camera.locality,
        camera.ward,
        camera.postcode.split(" ")[0],
        camera.latitude,
        camera.longitude,
        camera.easting,
        camera.northing,
        camera.precision,
        camera.camera_type,
        camera.mount,
        camera.direction,
        camera.view_description,
        "; ".join(camera.purposes or camera.system.purposes),
        _boolean(camera.records_audio),
        _boolean(camera.anpr_enabled),
        camera.analytics,
        camera.status,
        camera.installed_on,
        camera.reviewed_on,
        camera.review_outcome or "",  # type: ignore[attr-defined]
        watched.name if watched else "",
    ]


def _boolean(value: bool) -> str:
    return "true" if value else "false"

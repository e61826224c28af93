"""Placements: where redeployable cameras are now, each placement with its evaluations, placing, ending, evaluating."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from compliance.forms.camera import AsksIfFar
from compliance.forms.placements import EndForm, EvaluationForm, PlaceForm, PlacementForm
from compliance.models import Camera, CameraSystem, Placement
from compliance.models.camera import CameraType
from compliance.placement_standing import is_overdue, lacks_of
from compliance.services import placements as services
from compliance.services.systems import FINAL
from compliance.views.camera_finding import camera_or_404, camera_title, trail_to_camera
from compliance.views.camera_rows import camera_address, purpose_words
from compliance.views.system_finding import system_address, system_or_404, trail_to_system
from core.dates import today
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.forms import keep_typed, refused
from core.registry import Link

PAGE_SIZE = 50
ON_THE_CAMERA = 5


def placement_address(name: str, placement: Placement) -> str:
    """The address of one of the pages of a placement."""
    system = placement.camera.system
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, placement.reference])


def _day(day: dt.date | None) -> str:
    return date_format(day, "j F Y") if day else ""


# --- Lists ---


@require_safe
def placements(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Where the redeployable cameras of a system are now; with `?show=all` all placements, newest first."""
    system = system_or_404(request, organisation, reference)
    show_all = request.GET.get("show") == "all"
    day = today()
    if show_all:
        found: Any = Placement.objects.filter(camera__system=system).for_list().prefetch_related("evaluations")
    else:
        found = _redeployables(system)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": system.operator,
        "system": system,
        "page_obj": page,
        "show_all": show_all,
        "rows": [_row(each, day) for each in page] if show_all else [_now(system, each, day) for each in page],
        "breadcrumbs": trail_to_system(system, (_("Placements"), "")),
    }
    return render(request, "compliance/placements.html", context)


def _redeployables(system: CameraSystem) -> Any:
    """Those in use, each with its open placement and what it was evaluated for. Two queries beside the list."""
    opened = Placement.objects.filter(ends_on=None).prefetch_related("evaluations")
    cameras = Camera.objects.filter(system=system, camera_type=CameraType.REDEPLOYABLE).in_use()
    return cameras.for_list().prefetch_related(Prefetch("placements", opened, to_attr="open_placements"))


def _now(system: CameraSystem, camera: Camera, day: dt.date) -> dict[str, Any]:
    camera.system = system
    opened: list[Placement] = camera.open_placements  # type: ignore[attr-defined]
    row: dict[str, Any] = {"name": camera.name, "camera_url": camera.get_absolute_url()}
    if not opened:
        return row | {"location": camera.location or _("In store"), "url": ""}
    opened[0].camera = camera
    return row | _row(opened[0], day)


def _row(placement: Placement, day: dt.date) -> dict[str, Any]:
    stages = [evaluation.stage for evaluation in placement.evaluations.all()]
    return {
        "name": placement.camera.name,
        "camera_url": placement.camera.get_absolute_url(),
        "url": placement_address("placement", placement),
        "reference": placement.reference,
        "location": placement.location,
        "since": placement.starts_on,
        "planned": placement.planned_end_on,
        "until": placement.ends_on,
        "is_overdue": is_overdue(placement, day),
        "lacks": lacks_of(placement, stages, day),
    }


def placements_part(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, Any] | None:
    """Where the camera was and is, on its own page. One query."""
    found = list(camera.placements.all()[: ON_THE_CAMERA + 1])
    if not found and camera.camera_type != CameraType.REDEPLOYABLE:
        return None
    day = today()
    for placement in found:
        placement.camera = camera
    return {
        "template": "compliance/_camera_placements.html",
        "part": [
            {
                "url": placement_address("placement", placement),
                "location": placement.location,
                "since": placement.starts_on,
                "until": placement.ends_on,
                "planned": placement.planned_end_on,
                "is_overdue": is_overdue(placement, day),
            }
            for placement in found[:ON_THE_CAMERA]
        ],
        "all_url": f"{system_address('placements', camera.system)}?show=all" if len(found) > ON_THE_CAMERA else "",
    }


def placement_acts(request: AuthenticatedHttpRequest, camera: Camera) -> Iterator[Link]:
    """Placing a redeployable one, for those who may."""
    if (
        camera.status in services.PLACEABLE
        and camera.camera_type == CameraType.REDEPLOYABLE
        and camera.system.status not in FINAL
        and request.user.has_perm("compliance.change_camera", camera)
    ):
        yield Link(_("Place it somewhere"), camera_address("camera_place", camera))


# --- One placement ---


def _placement_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str
) -> Placement:
    """The placement at that address, with its camera, system and DPIA. Raises Http404."""
    operator = organisation_or_404(request.user, organisation)
    own = Placement.objects.visible_to(request.user).select_related("camera__system__operator", "dpia", "placed_by")
    return get_object_or_404(
        own.filter(camera__system__operator=operator, camera__system__reference=reference), reference=placement
    )


@require_safe
def placement(request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str) -> HttpResponse:
    """One placement: where, why, until when, what is missing, and what was found."""
    found = _placement_or_404(request, organisation, reference, placement)
    camera = found.camera
    evaluations = list(found.evaluations.select_related("by"))
    day = today()
    context = {
        "organisation": camera.system.operator,
        "system": camera.system,
        "camera": camera,
        "placement": found,
        "title": _("Placement: %(place)s") % {"place": found.location},
        "rows": _record(found),
        "is_open": found.ends_on is None,
        "is_overdue": is_overdue(found, day),
        "lacks": lacks_of(found, [evaluation.stage for evaluation in evaluations], day),
        "evaluations": [
            {
                "title": capfirst(evaluation.get_stage_display()),
                "on": evaluation.on,
                "incidents": evaluation.incidents,
                "findings": evaluation.findings,
                "by": evaluation.by.get_full_name() if evaluation.by else "",
            }
            for evaluation in evaluations
        ],
        "acts": list(_acts(request, found)),
        "breadcrumbs": trail_to_camera(camera, (found.location, "")),
    }
    return render(request, "compliance/placement.html", context)


def _record(placement: Placement) -> list[dict[str, Any]]:
    purposes = purpose_words(placement.purposes)
    rows = [
        {"key": _("Street or landmark"), "value": placement.location},
        {"key": _("Ward"), "value": placement.ward or _("Not given")},
        {"key": _("The public sees"), "value": capfirst(placement.get_precision_display())},
        {"key": _("The problem it is there for"), "value": placement.target},
        {"key": _("Purposes"), "values": purposes} if purposes else {"key": _("Purposes"), "value": _("As the system")},
        {"key": _("From"), "value": _day(placement.starts_on)},
        {"key": _("Planned until"), "value": _day(placement.planned_end_on) or _("Not given")},
        {"key": _("Sign put up on"), "value": _day(placement.sign_up_on) or _("Not given")},
        _dpia_row(placement),
    ]
    if placement.latitude is not None:
        rows.insert(2, {"key": _("Latitude, longitude"), "value": f"{placement.latitude}, {placement.longitude}"})
    if placement.ends_on:
        rows += [
            {"key": _("Until"), "value": _day(placement.ends_on)},
            {"key": _("Why it ended"), "value": placement.end_reason},
        ]
    return rows


def _dpia_row(placement: Placement) -> dict[str, Any]:
    dpia = placement.dpia
    if dpia is None:
        return {"key": _("DPIA"), "value": _("None yet")}
    address = reverse("compliance:dpia", args=[placement.camera.system.operator.slug, dpia.reference])
    return {"key": _("DPIA"), "value": dpia.title, "link": address}


def _acts(request: AuthenticatedHttpRequest, placement: Placement) -> Iterator[Link]:
    camera = placement.camera
    if not request.user.has_perm("compliance.change_camera", camera) or camera.system.status in FINAL:
        return
    yield Link(_("Change purpose, days, sign or DPIA"), placement_address("placement_change", placement))
    yield Link(_("Evaluate the placement"), placement_address("placement_evaluate", placement))
    is_redeployable = camera.camera_type == CameraType.REDEPLOYABLE
    if is_redeployable and placement.ends_on is None and camera.status in services.PLACEABLE:
        yield Link(_("Move the camera on"), camera_address("camera_place", camera))
        yield Link(_("Take the camera into store"), placement_address("placement_end", placement))


# --- Acts ---


def _form_page(
    request: AuthenticatedHttpRequest,
    camera: Camera,
    form: Any,
    save: Callable[[], Placement],
    *,
    title: str,
    current: Callable[[], tuple[int, list[dict[str, Any]]]],
    cancel_url: str,
) -> HttpResponse:
    """Show the form, or save and go on to the placement. A conflict shows what is stored now (`current`) beside what
    was typed.
    """
    context = {
        "organisation": camera.system.operator,
        "caption": camera_title(camera),
        "title": title,
        "form": form,
        "cancel_url": cancel_url,
        "breadcrumbs": trail_to_camera(camera, (title, "")),
    }
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except StaleRecord:
            newest, context["stored"] = current()
            keep_typed(form, version=newest)
            context["form"] = _as_answered(form)
            return render(request, "compliance/camera_form.html", context | {"conflict": True}, status=409)
        except Incomplete as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(placement_address("placement", saved))
    context["form"] = _as_answered(form)
    return render(request, "compliance/camera_form.html", context, status=422 if form.errors else 200)


def _as_answered(form: Any) -> Any:
    return form.as_answered() if isinstance(form, AsksIfFar) else form


@get_or_post
def place(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Bring a redeployable camera to another place."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.change_camera", found)
    if found.status not in services.PLACEABLE:
        raise IllegalMove(found, found.status)
    services.must_be_placeable(found)
    form = PlaceForm(posted(request), camera=found)

    def save() -> Placement:
        return services.place(camera=found, by=request.user, **form.cleaned_data)

    def current() -> tuple[int, list[dict[str, Any]]]:
        now = Camera.objects.get(pk=found.pk)
        return now.version, [{"key": _("Street or landmark"), "value": now.location or _("In store")}]

    return _form_page(
        request,
        found,
        form,
        save,
        title=_("Place the camera"),
        current=current,
        cancel_url=found.get_absolute_url(),
    )


def _changeable_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str
) -> Placement:
    """Raises Http404, PermissionDenied, and IllegalMove where the system is closed."""
    found = _placement_or_404(request, organisation, reference, placement)
    require(request.user, "compliance.change_camera", found.camera)
    if found.camera.system.status in FINAL:
        raise IllegalMove(found.camera.system, found.camera.system.status)
    return found


def _act_page(
    request: AuthenticatedHttpRequest, found: Placement, form: Any, save: Callable[[], Placement]
) -> HttpResponse:
    def current() -> tuple[int, list[dict[str, Any]]]:
        now = Placement.objects.select_related("camera__system__operator", "dpia").get(pk=found.pk)
        return now.version, _record(now)

    return _form_page(
        request,
        found.camera,
        form,
        save,
        title=str(form.title),
        current=current,
        cancel_url=placement_address("placement", found),
    )


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str) -> HttpResponse:
    """Mend what a placement is for, its planned end, sign and DPIA."""
    found = _changeable_or_404(request, organisation, reference, placement)
    form = PlacementForm(posted(request), placement=found)

    def save() -> Placement:
        changes = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return services.change_placement(
            placement=found, version=form.cleaned_data["version"], changes=changes, by=request.user
        )

    return _act_page(request, found, form, save)


@get_or_post
def end(request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str) -> HttpResponse:
    """Take a redeployable camera into store."""
    found = _changeable_or_404(request, organisation, reference, placement)
    form = EndForm(posted(request), initial={"version": found.version, "ends_on": today()})

    def save() -> Placement:
        return services.end_placement(placement=found, by=request.user, **form.cleaned_data)

    return _act_page(request, found, form, save)


@get_or_post
def evaluate(request: AuthenticatedHttpRequest, organisation: str, reference: str, placement: str) -> HttpResponse:
    """Record what was found before, during, at the end of or after a placement."""
    found = _changeable_or_404(request, organisation, reference, placement)
    form = EvaluationForm(posted(request), initial={"on": today()})

    def save() -> Placement:
        return services.evaluate(placement=found, by=request.user, **form.cleaned_data).placement

    return _act_page(request, found, form, save)

"""What happened to one camera: its faults, tests, yearly checks and visits. Behind both doors."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Camera, CommissioningTest, Fault, PictureCheck
from compliance.picture_classes import class_name, edition_title
from compliance.services.commissioning import TESTED
from compliance.views.doors import Door, door_to, own_door
from compliance.views.faults import fault_row, moment_words
from core.registry import Link

SHOWN = 20


@require_safe
def camera_upkeep(
    request: AuthenticatedHttpRequest, reference: str, camera: str, organisation: str | None = None
) -> HttpResponse:
    """The newest of each; for those who come by a grant this is the page of the camera."""
    door = door_to(request, organisation, reference)
    found = door.camera_or_404(camera)
    title = _("Camera %(name)s") % {"name": found.name}
    own = [(title, door.address("camera", found.reference)), (_("Upkeep"), "")]
    faults = found.faults.select_related("camera").order_by("-reported_at", "-pk")[:SHOWN]
    context = door.known() | {
        "camera": found,
        "title": title,
        "rows": record_of(found) if door.granted else [],
        "acts": acts_behind(door, found),
        "faults": [fault_row(door, fault) for fault in faults],
        "tests": [test_row(test) for test in found.commissioning_tests.select_related("by")[:SHOWN]],
        "checks": [check_row(check) for check in found.picture_checks.select_related("by")[:SHOWN]],
        "visits": found.maintenance_visits.select_related("by")[:SHOWN],
        "breadcrumbs": door.crumbs(*([(title, "")] if door.granted else own)),
    }
    return render(request, "compliance/camera_upkeep.html", context)


def record_of(camera: Camera) -> list[dict[str, Any]]:
    """What somebody who looks after a camera needs to know of it, and no more."""
    rows = [
        (_("Number"), camera.operator_ref or _("No number")),
        (_("Street or landmark"), camera.location),
        (_("Ward"), camera.ward),
        (_("Type"), capfirst(camera.get_camera_type_display())),
        (_("Mounted on"), capfirst(camera.get_mount_display()) if camera.mount else ""),
        (_("State"), capfirst(camera.get_status_display())),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def acts_behind(door: Door, camera: Camera) -> list[Link]:
    """What this person can do for the camera now."""
    acts = []
    if camera.status in Camera.IN_USE and door.may("compliance.report_fault"):
        acts.append(Link(_("Report a fault"), door.address("fault_new", camera.reference)))
    if camera.status in TESTED and door.may("compliance.record_upkeep"):
        acts.append(Link(_("Record a commissioning test"), door.address("test_new", camera.reference)))
    if camera.status in Camera.IN_USE and door.may("compliance.check_pictures"):
        acts.append(Link(_("Record the yearly picture check"), door.address("check_new", camera.reference)))
    return acts


def test_row(test: CommissioningTest) -> dict[str, Any]:
    """With whoever recorded it loaded."""
    measured = _("%(figure)s pixels per metre") % {"figure": test.pixels_per_metre} if test.pixels_per_metre else ""
    return {
        "on": test.on,
        "standard": edition_title(test.standard),
        "picture_class": class_name(test.standard, test.picture_class),
        "measured": measured,
        "by_night": test.by_night,
        "label": _("passed") if test.passed else _("not passed"),
        "colour": "green" if test.passed else "red",
        "note": test.note,
        "by": test.by.get_full_name() if test.by else "",
    }


PICTURE_COLOURS = {
    PictureCheck.Picture.AS_COMMISSIONED: "green",
    PictureCheck.Picture.WORSE_USABLE: "yellow",
    PictureCheck.Picture.NOT_GOOD_ENOUGH: "red",
}


def check_row(check: PictureCheck) -> dict[str, Any]:
    """With whoever recorded it loaded."""
    masks = {True: _("in place"), False: _("not in place"), None: _("none")}
    return {
        "on": check.on,
        "label": check.get_picture_display(),
        "colour": PICTURE_COLOURS[PictureCheck.Picture(check.picture)],
        "export": _("works") if check.export_works else _("does not work"),
        "offset": check.time_offset_seconds,
        "masks": masks[check.masks_hold],
        "sign": _("seen") if check.sign_seen else _("not seen"),
        "note": check.note,
        "by": check.by.get_full_name() if check.by else "",
    }


# --- on the camera's own page ---


def upkeep_part(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, Any] | None:
    """The panel: what is open, and when the camera was last tested and looked at. One query."""
    if camera.status not in (*TESTED, Camera.Status.DECOMMISSIONED):
        return None
    of_camera = {"camera": OuterRef("pk")}
    fault = Fault.objects.open().filter(**of_camera).order_by("reported_at", "pk")
    test = CommissioningTest.objects.filter(**of_camera).order_by("-on", "-pk")
    check = PictureCheck.objects.filter(**of_camera).order_by("-on", "-pk")
    known = Camera.objects.filter(pk=camera.pk).values(
        fault=_first(fault, "reference"),
        fault_kind=_first(fault, "kind"),
        fault_since=_first(fault, "reported_at"),
        test_on=_first(test, "on"),
        test_passed=_first(test, "passed"),
        check_on=_first(check, "on"),
        check_picture=_first(check, "picture"),
    )[0]
    slug = camera.system.operator.slug
    address = [slug, camera.system.reference]
    rows = [
        {"key": _("Open fault"), "value": _("None")},
        {"key": _("Last commissioning test"), "value": _("None on record")},
        {"key": _("Last picture check"), "value": _("None on record")},
    ]
    if known["fault"]:
        words = {
            "kind": capfirst(str(Fault.Kind(known["fault_kind"]).label)),
            "moment": moment_words(known["fault_since"]),
        }
        rows[0]["value"] = _("%(kind)s, since %(moment)s") % words
        rows[0]["link"] = reverse("compliance:fault", args=[*address, known["fault"]])
    if known["test_on"]:
        outcome = _("passed") if known["test_passed"] else _("not passed")
        rows[1]["value"] = f"{date_format(known['test_on'], 'j F Y')}, {outcome}"
    if known["check_on"]:
        picture = PictureCheck.Picture(known["check_picture"]).label
        rows[2]["value"] = f"{date_format(known['check_on'], 'j F Y')}, {picture}"
    return {
        "template": "compliance/_upkeep_part.html",
        "rows": rows,
        "url": reverse("compliance:camera_upkeep", args=[*address, camera.reference]),
    }


def _first(rows: "QuerySet[Any, Any]", name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def upkeep_acts(request: AuthenticatedHttpRequest, camera: Camera) -> Iterator[Link]:
    yield from acts_behind(own_door(camera.system, request), camera)

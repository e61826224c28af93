"""Faults: those of a system by age, one of them, and what is done about it. Behind both doors."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance.forms.upkeep import AttendForm, DismissForm, FaultForm, RepairForm
from compliance.models import Camera, Fault
from compliance.services import faults as services
from compliance.uptime import uptime_of
from compliance.views.doors import Door, door_to
from compliance.views.upkeep_forms import form_page
from core.dates import LONDON, today
from core.errors import IllegalMove

PAGE_SIZE = 50
COLOURS = {
    Fault.Status.REPORTED: "red",
    Fault.Status.ATTENDED: "orange",
    Fault.Status.REPAIRED: "green",
    Fault.Status.DISMISSED: "grey",
}
REPORT = "compliance.report_fault"


@require_safe
def faults(request: AuthenticatedHttpRequest, reference: str, organisation: str | None = None) -> HttpResponse:
    """The open faults of a system, the oldest first, or the closed ones; uptime over the last twelve months."""
    door = door_to(request, organisation, reference)
    closed = request.GET.get("closed") == "1"
    own = Fault.objects.filter(camera__in=door.cameras()).select_related("camera")
    chosen = own.exclude(pk__in=own.open()).order_by("-reported_at", "-pk") if closed else own.open()
    ordered = chosen if closed else chosen.order_by("reported_at", "pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    end = today() - dt.timedelta(days=1)
    uptime = uptime_of(door.system, end - dt.timedelta(days=364), end)
    context = door.known() | {
        "page_obj": page,
        "rows": [fault_row(door, fault) for fault in page],
        "closed": closed,
        "figures": _figures(uptime),
        "has_uptime": uptime.percent is not None,
        "cameras_url": door.address("cameras"),
        "may_report": door.may(REPORT),
        "breadcrumbs": door.crumbs((_("Faults"), "")),
    }
    return render(request, "compliance/faults.html", context)


def _figures(uptime: Any) -> list[dict[str, Any]]:
    if uptime.percent is None:
        return []
    return [
        {
            "label": _("of the camera hours of the last 365 days with pictures"),
            "value": f"{uptime.percent}%",
            "words": True,
        },
        {"label": _("camera hours without pictures"), "value": uptime.hours_without_pictures},
        {"label": _("camera hours in use"), "value": uptime.camera_hours},
    ]


def fault_row(door: Door, fault: Fault) -> dict[str, Any]:
    """One fault in a list; with its camera loaded."""
    until = fault.repaired_at or (timezone.now() if fault.status in OPEN else None)
    return {
        "reference": fault.reference,
        "url": door.address("fault", fault.reference),
        "camera": fault.camera.name,
        "location": fault.camera.location,
        "kind": capfirst(fault.get_kind_display()),
        "dark": fault.stops_pictures,
        "since": moment_words(fault.reported_at),
        "lasted": how_long(fault.reported_at, until) if until else "",
        **tag_of(fault),
    }


OPEN = frozenset({Fault.Status.REPORTED, Fault.Status.ATTENDED})


def tag_of(fault: Fault) -> dict[str, str]:
    return {"label": fault.get_status_display(), "colour": COLOURS[Fault.Status(fault.status)]}


def moment_words(moment: dt.datetime) -> str:
    return date_format(moment.astimezone(LONDON), "j F Y, H:i")


def how_long(begins: dt.datetime, ends: dt.datetime) -> str:
    """In whole hours, from two days on in days."""
    hours = int((ends - begins).total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


@require_safe
def fault(
    request: AuthenticatedHttpRequest, reference: str, fault: str, organisation: str | None = None
) -> HttpResponse:
    """One fault, its history, and what can be done about it."""
    door, found = _found(request, organisation, reference, fault)
    may = found.status in OPEN and door.may(REPORT)
    context = door.known() | {
        "fault": found,
        "title": _("Fault of camera %(name)s") % {"name": found.camera.name},
        "tag": tag_of(found),
        "rows": _facts(door, found),
        "history": _history(found),
        "acts": [(door.address(f"fault_{act}", found.reference), label) for act, label in _acts(found)] if may else [],
        "breadcrumbs": _crumbs(door, found),
    }
    return render(request, "compliance/fault.html", context)


def _found(
    request: AuthenticatedHttpRequest, organisation: str | None, reference: str, fault: str
) -> tuple[Door, Fault]:
    door = door_to(request, organisation, reference)
    own = Fault.objects.filter(camera__in=door.cameras()).select_related("camera", "reported_by", "closed_by")
    found = get_object_or_404(own, reference=fault)
    found.camera.system = door.system
    return door, found


def _acts(found: Fault) -> list[tuple[str, str]]:
    acts = [("repair", _("It is repaired"))]
    if found.status == Fault.Status.REPORTED:
        acts.append(("attend", _("Attended, not repaired yet")))
    return [*acts, ("dismiss", _("There is no fault"))]


def _facts(door: Door, found: Fault) -> list[dict[str, Any]]:
    rows = [
        {"key": _("Camera"), "value": found.camera.name, "link": door.address("camera", found.camera.reference)},
        {"key": _("Street or landmark"), "value": found.camera.location},
        {"key": _("What is wrong"), "value": capfirst(found.get_kind_display())},
        {
            "key": _("Pictures meanwhile"),
            "value": _("No usable pictures") if found.stops_pictures else _("There are pictures"),
        },
        {"key": _("What was noticed"), "value": found.description or _("Nothing was written")},
        {"key": _("Since"), "value": moment_words(found.reported_at)},
        {"key": _("Reported by"), "value": found.reported_by.get_full_name() if found.reported_by else _("the portal")},
    ]
    if found.repaired_at:
        rows.append({"key": _("Works again since"), "value": moment_words(found.repaired_at)})
        rows.append({"key": _("It lasted"), "value": how_long(found.reported_at, found.repaired_at)})
    return rows


def _history(found: Fault) -> list[dict[str, Any]]:
    changes = found.changes.select_related("by").order_by("-at", "-pk")
    return [
        {
            "title": capfirst(str(Fault.Status(change.after).label)),
            "at": change.at,
            "by": change.by.get_full_name() if change.by else "",
            "note": change.note,
        }
        for change in changes
    ]


def _crumbs(door: Door, found: Fault, *further: tuple[str, str]) -> list[tuple[str, str]]:
    own = door.address("fault", found.reference) if further else ""
    return door.crumbs((_("Faults"), door.address("faults")), (found.reference, own), *further)


@get_or_post
def report(
    request: AuthenticatedHttpRequest, reference: str, camera: str, organisation: str | None = None
) -> HttpResponse:
    """Report a fault of one camera in use."""
    door = door_to(request, organisation, reference)
    found = door.camera_or_404(camera)
    door.require(REPORT)
    if found.status not in Camera.IN_USE:
        raise IllegalMove(found, Camera.Status.FAULTY)
    form = FaultForm(posted(request))

    def save() -> None:
        names = ("kind", "stops_pictures", "description")
        values = {name: form.cleaned_data[name] for name in names}
        services.report_fault(camera=found, reported_at=form.moment(), by=request.user, **values)

    title = _("Report a fault")
    back = door.address("camera", found.reference)
    return form_page(
        door,
        form,
        title=title,
        caption=_("Camera %(name)s") % {"name": found.name},
        submit_label=title,
        save=save,
        done=_("The fault is reported."),
        back=back,
        crumbs=door.crumbs((_("Camera %(name)s") % {"name": found.name}, back), (title, "")),
    )


@get_or_post
def attend(
    request: AuthenticatedHttpRequest, reference: str, fault: str, organisation: str | None = None
) -> HttpResponse:
    """Somebody was there and could not repair it yet."""
    door, found = _open(request, organisation, reference, fault, Fault.Status.ATTENDED)
    form = AttendForm(posted(request))
    return _act(
        door,
        found,
        form,
        _("Attended, not repaired yet"),
        lambda: services.attend(fault=found, note=form.cleaned_data["note"], by=request.user),
    )


@get_or_post
def repair(
    request: AuthenticatedHttpRequest, reference: str, fault: str, organisation: str | None = None
) -> HttpResponse:
    """It works again, and since when."""
    door, found = _open(request, organisation, reference, fault, Fault.Status.REPAIRED)
    form = RepairForm(posted(request))

    def save() -> None:
        words = form.cleaned_data["repair"]
        services.repair(fault=found, repair=words, repaired_at=form.moment(), by=request.user)

    return _act(door, found, form, _("It is repaired"), save)


@get_or_post
def dismiss(
    request: AuthenticatedHttpRequest, reference: str, fault: str, organisation: str | None = None
) -> HttpResponse:
    """Nothing is wrong with the camera."""
    door, found = _open(request, organisation, reference, fault, Fault.Status.DISMISSED)
    form = DismissForm(posted(request))
    return _act(
        door,
        found,
        form,
        _("There is no fault"),
        lambda: services.dismiss(fault=found, reason=form.cleaned_data["reason"], by=request.user),
    )


def _open(
    request: AuthenticatedHttpRequest, organisation: str | None, reference: str, fault: str, status: str
) -> tuple[Door, Fault]:
    door, found = _found(request, organisation, reference, fault)
    door.require(REPORT)
    if not found.can_move_to(status):
        raise IllegalMove(found, status)
    return door, found


def _act(door: Door, found: Fault, form: Any, title: str, save: Any) -> HttpResponse:
    return form_page(
        door,
        form,
        title=title,
        caption=_("Fault of camera %(name)s") % {"name": found.camera.name},
        submit_label=_("Save"),
        save=save,
        done=_("Saved."),
        back=door.address("fault", found.reference),
        crumbs=_crumbs(door, found, (title, "")),
    )

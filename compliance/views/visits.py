"""Visits to a system and commissioning tests of its cameras. Behind both doors."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance import camera_sets
from compliance.forms.upkeep import CommissioningForm, VisitForm
from compliance.models import Camera
from compliance.picture_classes import editions
from compliance.services.commissioning import TESTED, record_test
from compliance.services.visits import record_visit
from compliance.views.doors import Door, door_to
from compliance.views.upkeep_forms import form_page
from core.errors import IllegalMove, Incomplete

PAGE_SIZE = 50
NAMED = 12  # cameras of a visit that the list names
UPKEEP = "compliance.record_upkeep"


@require_safe
def visits(request: AuthenticatedHttpRequest, reference: str, organisation: str | None = None) -> HttpResponse:
    """The visits to a system, newest first."""
    door = door_to(request, organisation, reference)
    own = door.system.maintenance_visits.select_related("by").prefetch_related("cameras")
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = door.known() | {
        "page_obj": page,
        "rows": [_row(visit) for visit in page],
        "new_url": door.address("visit_new") if door.may(UPKEEP) else "",
        "breadcrumbs": door.crumbs((_("Visits"), "")),
    }
    return render(request, "compliance/visits.html", context)


def _row(visit: Any) -> dict[str, Any]:
    names = [camera.name for camera in visit.cameras.all()]
    more = len(names) - NAMED
    further = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more} if more > 0 else ""
    return {
        "on": visit.on,
        "kind": capfirst(visit.get_kind_display()),
        "cameras": ", ".join(names[:NAMED]) or _("The system as a whole"),
        "more": further,
        "note": visit.note,
        "by": visit.by.get_full_name() if visit.by else "",
    }


@get_or_post
def new_visit(request: AuthenticatedHttpRequest, reference: str, organisation: str | None = None) -> HttpResponse:
    """Record a visit that was made."""
    door = door_to(request, organisation, reference)
    door.require(UPKEEP)
    form = VisitForm(posted(request))

    def save() -> None:
        values = {name: form.cleaned_data[name] for name in ("kind", "on", "note")}
        cameras = _cameras_meant(door, form.cleaned_data["cameras"])
        record_visit(system=door.system, cameras=cameras, by=request.user, **values)

    title, back = _("Record a visit"), door.address("visits")
    return form_page(
        door,
        form,
        title=title,
        submit_label=_("Record it"),
        save=save,
        done=_("The visit is recorded."),
        back=back,
        crumbs=door.crumbs((_("Visits"), back), (title, "")),
    )


def _cameras_meant(door: Door, text: str) -> list[Camera]:
    """The cameras whose numbers were typed. Raises Incomplete with each that is not one."""
    read = camera_sets.expand(text)
    problems = [
        _("Which cameras: “%(text)s” is no number.") % {"text": piece.text[:60]} for piece in read.not_understood
    ]
    matched = camera_sets.match(read.numbers, [door.system]) if read.numbers else None
    if matched:
        unknown = [*matched.missing, *(number for number, _cameras in matched.ambiguous)]
        problems += [_("Which cameras: %(number)s is not one camera of this system.") % {"number": n} for n in unknown]
    if problems:
        raise Incomplete(problems[:20])
    return list(matched.found) if matched else []


@get_or_post
def new_test(
    request: AuthenticatedHttpRequest, reference: str, camera: str, organisation: str | None = None
) -> HttpResponse:
    """Record a commissioning test that was made."""
    door = door_to(request, organisation, reference)
    found = door.camera_or_404(camera)
    door.require(UPKEEP)
    if found.status not in TESTED:
        raise IllegalMove(found, Camera.Status.INSTALLED)
    form = CommissioningForm(posted(request))
    title, back = _("Record a commissioning test"), door.address("camera", found.reference)
    return form_page(
        door,
        form,
        title=title,
        caption=_("Camera %(name)s") % {"name": found.name},
        submit_label=_("Record it"),
        save=lambda: record_test(camera=found, by=request.user, **form.values()),
        done=_("The test is recorded."),
        back=back,
        crumbs=door.crumbs((_("Camera %(name)s") % {"name": found.name}, back), (title, "")),
        template="compliance/commissioning_test.html",
        editions=[_edition(edition) for edition in editions().values()],
    )


def _edition(edition: Any) -> dict[str, Any]:
    rows = []
    for of in edition.classes.values():
        if of.pixels_per_metre is not None:
            figure = _("%(figure)s pixels per metre") % {"figure": of.pixels_per_metre}
        else:
            figure = _("%(figure)s%% of the height of the screen") % {"figure": of.percent_of_height}
        rows.append({"name": of.name, "figure": figure})
    return {"title": edition.title, "note": edition.note, "classes": rows}

"""One camera: its record group by group, what justifies it, what happened to it, and the history of each field."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from accounts.trail_words import trail_row
from compliance.forms.camera import FORMS, NewCameraForm
from compliance.models import Camera
from compliance.services.cameras_register import GONE, add_camera, change_camera
from compliance.services.systems import FINAL
from compliance.views import camera_rows as rows
from compliance.views.camera_finding import camera_or_404, camera_title, trail_to_camera
from compliance.views.camera_parts import acts_of, parts_of
from compliance.views.system_finding import open_system_or_404, system_address, trail_to_system
from core.dates import today
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.forms import keep_typed, refused
from core.trail import TrailEntry

HISTORY_PAGE = 30


@require_safe
def camera(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """All about one camera."""
    found = camera_or_404(
        request, organisation, reference, camera, Camera.objects.select_related("monitored_by", "previous__system")
    )
    context = {
        "organisation": found.system.operator,
        "system": found.system,
        "camera": found,
        "title": camera_title(found),
        "tag": rows.tag_of(found),
        "is_outstanding": found.status in Camera.IN_USE and found.justified_on is None,
        "justification": rows.justification_of(found, today()),
        "groups": rows.groups_of(found, may_change=may_change(request, found)),
        "history_url": rows.camera_address("camera_history", found),
        "parts": parts_of(request, found),
        "acts": acts_of(request, found),
        "breadcrumbs": trail_to_camera(found),
    }
    return render(request, "compliance/camera.html", context)


def may_change(request: AuthenticatedHttpRequest, camera: Camera) -> bool:
    """Whether this person may change the record, and it still changes."""
    lives = camera.status not in GONE and camera.system.status not in FINAL
    return lives and request.user.has_perm("compliance.change_camera", camera)


@require_safe
def history(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Who changed what, when, from what to what: each field and each state, newest first. From the audit trail."""
    found = camera_or_404(request, organisation, reference, camera)
    entries = TrailEntry.objects.filter(subject_kind=Camera._meta.label, subject_id=found.pk).order_by("-pk")
    group = request.GET.get("group", "")
    if group in FORMS:
        fields = list(FORMS[group].base_fields)
        entries = entries.filter(after__has_any_keys=fields)
    page = Paginator(entries.select_related("seal"), HISTORY_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": found.system.operator,
        "camera": found,
        "title": _("History of camera %(name)s") % {"name": found.name},
        "page_obj": page,
        "rows": [_history_row(entry) for entry in page],
        "groups": [{"key": key, "title": form.title, "is_current": key == group} for key, form in FORMS.items()],  # type: ignore[attr-defined]
        "group": group if group in FORMS else "",
        "breadcrumbs": trail_to_camera(found, (_("History"), "")),
    }
    return render(request, "compliance/camera_history.html", context)


def _history_row(entry: TrailEntry) -> dict[str, Any]:
    entry.before, entry.after = _in_order(entry.before), _in_order(entry.after)
    for values in (entry.before, entry.after):
        if "purposes" in values:
            values["purposes"] = rows.purpose_words(values["purposes"])
        if "import" in values:  # of the whole file, which says nothing to a reader
            values["import"] = _("a list that was brought in, file %(start)s…") % {"start": values["import"][:12]}
    return trail_row(entry)


def _in_order(values: dict[str, Any]) -> dict[str, Any]:
    """By the order of the record: a database may keep none."""
    order = {field.name: place for place, field in enumerate(Camera._meta.concrete_fields)}
    return dict(sorted(values.items(), key=lambda item: order.get(item[0], len(order))))


# --- Changing it ---


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str, group: str) -> HttpResponse:
    """One group of a camera's fields. A save over somebody else's change is a conflict: 409, what was typed is kept."""
    found = camera_or_404(request, organisation, reference, camera, Camera.objects.select_related("monitored_by"))
    if group not in FORMS:
        raise Http404
    require(request.user, "compliance.change_camera", found)
    _still_there(found)
    form = FORMS[group](posted(request), instance=found, operator=found.system.operator)
    context = {
        "organisation": found.system.operator,
        "caption": camera_title(found),
        "title": form.title,  # type: ignore[attr-defined]
        "form": form,
        "cancel_url": found.get_absolute_url(),
        "breadcrumbs": trail_to_camera(found, (str(form.title), "")),  # type: ignore[attr-defined]
    }
    if request.method == "POST" and form.is_valid():
        try:
            change_camera(
                camera=found,
                version=form.cleaned_data["version"],
                changes=form.changes(),
                by=request.user,
                even_far=form.is_even_far,
                reason=form.cleaned_data.get("reason", ""),
            )
        except StaleRecord:
            return _conflict(request, found, form, context, group)
        except Incomplete as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    form.as_answered()
    return render(request, "compliance/camera_form.html", context, status=422 if form.errors else 200)


def _still_there(camera: Camera) -> None:
    if camera.status in GONE:
        raise IllegalMove(camera, camera.status)
    if camera.system.status in FINAL:
        raise IllegalMove(camera.system, camera.system.status)


def _conflict(
    request: AuthenticatedHttpRequest, found: Camera, form: Any, context: dict[str, Any], group: str
) -> HttpResponse:
    """What was typed stays in the form; above it stands what is stored now. A second save is a decision."""
    current = Camera.objects.select_related("system__operator", "monitored_by").get(pk=found.pk)
    keep_typed(form, version=current.version)
    form.as_answered()
    context |= {"conflict": True, "stored": rows.ROWS_OF[group](current)}
    return render(request, "compliance/camera_form.html", context, status=409)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Enter a camera that exists already; one that is only wanted is proposed instead."""
    system = open_system_or_404(request, organisation, reference, "compliance.add_camera")
    form = NewCameraForm(posted(request), operator=system.operator)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_camera(system=system, values=form.changes(), by=request.user, even_far=form.is_even_far)
        except Incomplete as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The camera is in the register. Fill in what is still missing."))
            return redirect(added)
    context = {
        "organisation": system.operator,
        "caption": system.local_name,
        "title": form.title,
        "lead": _(
            "For a camera that is there already. It enters as in operation, its justification outstanding until it is "
            "reviewed."
        ),
        "form": form.as_answered(),
        "submit_label": _("Add the camera"),
        "cancel_url": system_address("cameras", system),
        "breadcrumbs": trail_to_system(
            system, (_("Cameras"), system_address("cameras", system)), (str(form.title), "")
        ),
    }
    return render(request, "compliance/camera_form.html", context, status=422 if form.errors else 200)

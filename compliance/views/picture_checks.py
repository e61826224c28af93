"""The yearly look at the pictures: which cameras are due, one camera, and a walk through a ward. Behind both doors."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance.forms.upkeep import CheckForm, LookForm, RoundForm
from compliance.models import Camera
from compliance.services import picture_checks as services
from compliance.views.doors import Door, door_to
from compliance.views.upkeep_forms import form_page
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE_SIZE = 50
ROUND_SIZE = 20  # cameras on one page of a walk
CHECK = "compliance.check_pictures"
# Where all of these are empty, the camera was not looked at; the masks have an answer beforehand.
ANSWERS = ("picture", "export_works", "time_offset_seconds", "sign_seen", "note")


def _due(door: Door, ward: str) -> Any:
    cameras = services.checks_due(door.cameras())
    if ward:
        cameras = cameras.filter(ward=ward)
    never_first = F("checked_on").asc(nulls_first=True)
    return cameras.order_by(never_first, Length("operator_ref"), "operator_ref", "pk")


@require_safe
def picture_checks(request: AuthenticatedHttpRequest, reference: str, organisation: str | None = None) -> HttpResponse:
    """Cameras that nobody looked at within twelve months, the longest first."""
    door = door_to(request, organisation, reference)
    ward = request.GET.get("ward", "")
    page = Paginator(_due(door, ward), PAGE_SIZE).get_page(request.GET.get("page"))
    context = door.known() | {
        "page_obj": page,
        "rows": [_row(door, camera) for camera in page],
        "wards": door.cameras().in_use().wards(),
        "ward": ward,
        "may_check": door.may(CHECK),
        "round_url": door.address("check_round"),
        "breadcrumbs": door.crumbs((_("Picture checks"), "")),
    }
    return render(request, "compliance/picture_checks.html", context)


def _row(door: Door, camera: Any) -> dict[str, Any]:
    return {
        "url": door.address("camera" if door.granted else "camera_upkeep", camera.reference),
        "name": camera.name,
        "location": camera.location,
        "ward": camera.ward,
        "checked_on": camera.checked_on,
    }


@get_or_post
def new_check(
    request: AuthenticatedHttpRequest, reference: str, camera: str, organisation: str | None = None
) -> HttpResponse:
    """Record the look at one camera."""
    door = door_to(request, organisation, reference)
    found = door.camera_or_404(camera)
    door.require(CHECK)
    if found.status not in Camera.IN_USE:
        raise IllegalMove(found, found.status)
    form = CheckForm(posted(request))
    title, back = _("Record the yearly picture check"), door.address("camera", found.reference)
    return form_page(
        door,
        form,
        title=title,
        caption=_("Camera %(name)s") % {"name": found.name},
        lead=_("The result only. Never keep footage or stills here."),
        submit_label=_("Record it"),
        save=lambda: services.record_check(camera=found, by=request.user, **form.cleaned_data),
        done=_("The check is recorded."),
        back=back,
        crumbs=door.crumbs((_("Camera %(name)s") % {"name": found.name}, back), (title, "")),
    )


@get_or_post
def check_round(request: AuthenticatedHttpRequest, reference: str, organisation: str | None = None) -> HttpResponse:
    """A walk: the next cameras of a ward that are due, each with its own answers. Those left empty stay due."""
    door = door_to(request, organisation, reference)
    door.require(CHECK)
    ward = request.GET.get("ward", "")
    cameras = _walked(request, door, ward)
    day = RoundForm(posted(request))
    forms = [(camera, _look(request, camera)) for camera in cameras]
    filled = [(camera, form) for camera, form in forms if form.is_bound and _is_filled(form)]
    back = door.address("picture_checks") + (f"?ward={ward}" if ward else "")
    if request.method == "POST" and all([day.is_valid(), *(form.is_valid() for _camera, form in filled)]):
        try:
            looks = {camera: form.cleaned_data for camera, form in filled}
            number = services.record_round(on=day.cleaned_data["on"], looks=looks, by=request.user)
        except RuleBroken as refusal:
            refused(day, refusal)
        else:
            done = ngettext("%(count)d check is recorded.", "%(count)d checks are recorded.", number)
            messages.success(request, done % {"count": number})
            return redirect(back)
    wrong = day.errors or any(form.errors for _camera, form in filled)
    context = door.known() | {
        "title": _("Walk through the cameras"),
        "ward": ward,
        "form": day,
        "forms": [{"camera": camera, "form": _shown(form, filled)} for camera, form in forms],
        "summary": _summary(day, filled) if wrong else [],
        "cancel_url": back,
        "breadcrumbs": door.crumbs((_("Picture checks"), door.address("picture_checks")), (_("Walk"), "")),
    }
    return render(request, "compliance/picture_round.html", context, status=422 if wrong else 200)


def _walked(request: AuthenticatedHttpRequest, door: Door, ward: str) -> list[Camera]:
    """Those on the page: when it is sent back, the same ones, whoever checked some of them meanwhile."""
    if request.method == "POST":
        references = request.POST.getlist("camera")[:ROUND_SIZE]
        found = {camera.reference: camera for camera in door.cameras().in_use().filter(reference__in=references)}
        cameras = [found[reference] for reference in dict.fromkeys(references) if reference in found]
    else:
        cameras = list(_due(door, ward)[:ROUND_SIZE])
    for camera in cameras:
        camera.system = door.system
    return cameras


def _look(request: AuthenticatedHttpRequest, camera: Camera) -> LookForm:
    return LookForm(posted(request), prefix=camera.reference)


def _is_filled(form: LookForm) -> bool:
    return any(form.data.get(form.add_prefix(name)) for name in ANSWERS)


def _shown(form: LookForm, filled: list[tuple[Camera, LookForm]]) -> LookForm:
    """What was left empty is shown empty and without complaint."""
    return form if any(form is other for _camera, other in filled) else LookForm(prefix=form.prefix)


def _summary(day: RoundForm, filled: list[tuple[Camera, LookForm]]) -> list[dict[str, str]]:
    """All errors of the page, each with the camera that it is about."""
    problems = [{"text": str(error), "url": ""} for error in day.non_field_errors()]
    problems += [{"text": str(e), "url": f"#{field.error_target}"} for field in day for e in field.errors]  # type: ignore[attr-defined]
    for camera, form in filled:
        for field in form:
            for error in field.errors:
                text = _("Camera %(name)s:") % {"name": camera.name}
                problems.append({"text": f"{text} {error}", "url": f"#{field.error_target}"})  # type: ignore[attr-defined]
    return problems

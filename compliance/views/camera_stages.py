"""A camera goes up, into operation, and comes down: installation, operation, removal recommended, decided and done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.camera_case import camera_address
from compliance.forms.proposals import DownForm, InstallForm, OperateForm, RecommendRemovalForm, RemovalsForm, box_of
from compliance.models import Camera, CameraChange
from compliance.services import camera_decisions
from compliance.services import proposals as services
from compliance.views import proposal_rows as rows
from compliance.views.camera_deciding import signature_of, undecided
from compliance.views.camera_finding import camera_or_404
from compliance.views.proposals import crumbs
from compliance.views.system_finding import operator_or_404
from core.errors import IllegalMove, Incomplete
from core.forms import refused

Status = Camera.Status


@dataclass(frozen=True)
class Step:
    """One step of a camera: the stage that it leads to, the service, and the words of its page."""

    to: str
    act: Callable[..., Any]
    title: str
    lead: str = ""


@get_or_post
def install(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """An approved camera is up and passed its test."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.commission_camera", found)
    form = InstallForm(posted(request))
    lead = _("A commissioning test that it passed must be on record.")
    step = Step(Status.INSTALLED, services.install, _("Record that it is up"), lead)
    return _take(request, found, step, form)


@get_or_post
def operate(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """An installed camera begins to watch, under a sign."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.commission_camera", found)
    form = OperateForm(posted(request), initial={"sign_up_on": found.sign_up_on})
    lead = _("From then on it is in the list of cameras, and its need is reviewed once a year.")
    step = Step(Status.OPERATIONAL, services.put_into_operation, _("Put it into operation"), lead)
    return _take(request, found, step, form)


@get_or_post
def recommend(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Say that a camera is not needed any more."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.recommend_removal", found)
    form = RecommendRemovalForm(posted(request))
    step = Step(Status.REMOVE_RECOMMENDED, camera_decisions.recommend_removal, _("Recommend its removal"))
    return _take(request, found, step, form)


def _take(request: AuthenticatedHttpRequest, camera: Camera, step: Step, form: Any) -> HttpResponse:
    """One form, one act, and back to the camera."""
    begun_elsewhere = step.to == Status.OPERATIONAL and camera.status != Status.INSTALLED
    if begun_elsewhere or not camera.can_move_to(step.to):
        raise IllegalMove(camera, step.to)
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            step.act(camera=camera, by=request.user, **form.cleaned_data)
        except Incomplete as refusal:
            problems = tuple(refusal.problems)
        else:
            messages.success(request, _("Recorded."))
            return redirect(camera)
    context = {
        "organisation": camera.system.operator,
        "title": step.title,
        "caption": rows.called(camera),
        "lead": step.lead,
        "form": form,
        "summary": problems,
        "submit_label": step.title,
        "cancel_url": camera.get_absolute_url(),
        "breadcrumbs": crumbs(
            camera.system.operator, (rows.called(camera), camera.get_absolute_url()), (step.title, "")
        ),
    }
    status_code = 422 if form.errors or problems else 200
    return render(request, "compliance/proposal_form.html", context, status=status_code)


# --- Removals, many at once ---


@dataclass(frozen=True)
class Removals:
    """Cameras whose removal waits for a decision, those to be taken down, and whether there are more than fit."""

    operator: Organisation
    waiting: list[Camera]
    decided: list[Camera]
    more: bool

    def empty_form(self) -> RemovalsForm:
        post = self.waiting[0].system.sro_post if self.waiting else ""
        return RemovalsForm(None, cameras=self.waiting, initial={"post": post})


def _removals(request: AuthenticatedHttpRequest, operator: Organisation) -> Removals:
    own = Camera.objects.visible_to(request.user).filter(system__operator=operator, status=Status.REMOVE_RECOMMENDED)
    most = camera_decisions.MOST_AT_ONCE
    found = list(own.for_list().select_related("system__operator")[: most + 1])
    decided = camera_decisions.removals_decided(found)
    waiting = [camera for camera in found[:most] if camera.pk not in decided]
    down = [camera for camera in found[:most] if camera.pk in decided]
    return Removals(operator, waiting, down, more=len(found) > most)


@sensitive_post_parameters("password")
@get_or_post
def removals(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All cameras whose removal is recommended. The SRO decides about any number of them with one signature."""
    operator = operator_or_404(request, organisation)
    if request.method == "POST":
        require(request.user, "compliance.decide_removals", operator)
    found = _removals(request, operator)
    form = RemovalsForm(request.POST, cameras=found.waiting) if request.method == "POST" else found.empty_form()
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        status = undecided(request, form)
        if not status:
            return _decide_many(request, found, form)
    return _removals_page(request, found, form, DownForm(None, cameras=found.decided, auto_id="down_%s"), status=status)


def _decide_many(request: AuthenticatedHttpRequest, found: Removals, form: RemovalsForm) -> HttpResponse:
    chosen = set(form.cleaned_data["cameras"])
    cameras = [camera for camera in found.waiting if box_of(camera) in chosen]
    keep = form.cleaned_data["outcome"] == "keep"
    made = camera_decisions.decide_removal(
        cameras=cameras,
        keep=keep,
        reasons=form.cleaned_data["reasons"],
        by=request.user,
        signature=signature_of(form),
        versions={camera.reference: camera.version for camera in cameras},
    )
    words = (
        ngettext("%(count)d camera is kept.", "%(count)d cameras are kept.", len(made))
        if keep
        else ngettext("%(count)d camera is to be removed.", "%(count)d cameras are to be removed.", len(made))
    )
    messages.success(request, words % {"count": len(made)})
    return redirect("compliance:removals", found.operator.slug)


@require_POST
def down(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Cameras that were to be removed are down, with their signs."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.take_down_cameras", operator)
    found = _removals(request, operator)
    form = DownForm(request.POST, cameras=found.decided, auto_id="down_%s")
    if form.is_valid():
        cleaned = form.cleaned_data
        chosen = set(cleaned.pop("cameras"))
        cameras = [camera for camera in found.decided if camera.reference in chosen]
        try:
            number = camera_decisions.take_down(cameras=cameras, by=request.user, **cleaned)
        except Incomplete as refusal:
            refused(form, refusal)
        else:
            words = ngettext("%(count)d camera is taken down.", "%(count)d cameras are taken down.", number)
            messages.success(request, words % {"count": number})
            return redirect("compliance:removals", operator.slug)
    return _removals_page(request, found, found.empty_form(), form, status=422)


def _removals_page(
    request: AuthenticatedHttpRequest, found: Removals, form: RemovalsForm, down: DownForm, *, status: int
) -> HttpResponse:
    reasons, user = _why(found.waiting + found.decided), request.user
    named = request.GET.get("camera", "")
    ticked = set(form.data.getlist("cameras")) if form.is_bound else set()  # type: ignore[attr-defined]
    taken = set(down.data.getlist("cameras")) if down.is_bound else set()  # type: ignore[attr-defined]
    context = {
        "organisation": found.operator,
        "title": _("Removal of cameras"),
        "form": down if down.is_bound else form,
        "decide": form,
        "down": down,
        "waiting": [
            _removal_row(c, reasons, box_of(c), ticked=box_of(c) in ticked or c.reference == named)
            for c in found.waiting
        ],
        "decided": [_removal_row(c, reasons, c.reference, ticked=c.reference in taken) for c in found.decided],
        "more": found.more,
        "may_decide": user.has_perm("compliance.decide_removals", found.operator),
        "may_take_down": user.has_perm("compliance.take_down_cameras", found.operator),
        "down_url": reverse("compliance:removals_down", args=[found.operator.slug]),
        "removals_url": reverse("compliance:removals", args=[found.operator.slug]),
        "breadcrumbs": crumbs(found.operator, (_("Removal of cameras"), "")),
    }
    return render(request, "compliance/removals.html", context, status=status)


def _why(cameras: list[Camera]) -> dict[int, CameraChange]:
    """Why and when the removal of each was recommended last. One query."""
    moves = CameraChange.objects.filter(record__in=cameras, after=Status.REMOVE_RECOMMENDED)
    return {move.record_id: move for move in moves.order_by("at", "pk")}


def _removal_row(camera: Camera, reasons: dict[int, CameraChange], box: str, *, ticked: bool) -> dict[str, Any]:
    move = reasons.get(camera.pk)
    return {
        "box": box,
        "ticked": ticked,
        "url": camera_address("camera", camera),
        "name": camera.name,
        "location": camera.location,
        "system": camera.system.local_name,
        "why": move.note if move else "",
        "since": move.at if move else None,
    }

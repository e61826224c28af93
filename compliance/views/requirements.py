"""Operational requirements: begun for a camera, answered part by part, checked, and said to be whole."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.camera_case import camera_address, is_defined, requirement_address
from compliance.forms.proposals import PartForm, RequirementStartForm, UseRequirementForm
from compliance.models import Camera, OperationalRequirement
from compliance.operational_requirement import PART_OF, PARTS, RequirementPart, answers_of, lacks, unanswered
from compliance.services import requirements as services
from compliance.views import proposal_rows as rows
from compliance.views.camera_finding import camera_or_404
from compliance.views.proposals import crumbs
from compliance.views.system_finding import Crumbs, operator_or_404
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused

MOST_OTHERS = 100


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> OperationalRequirement:
    operator = operator_or_404(request, organisation)
    own = OperationalRequirement.objects.visible_to(request.user).filter(system__operator=operator)
    return get_object_or_404(own.select_related("system__operator", "evidence"), reference=reference)


def _crumbs(found: OperationalRequirement, *further: tuple[str, str]) -> Crumbs:
    url = requirement_address("requirement", found) if further else ""
    return crumbs(found.system.operator, (found.title, url), *further)


# --- Beginning ---


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Begin one for a proposed camera, or let one that is there serve it, too."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.change_proposal", found)
    if found.status not in services.OPEN:
        raise IllegalMove(found, Camera.Status.OR_DEFINED)
    others = list(_others(found)[:MOST_OTHERS])
    there = OperationalRequirement.objects.filter(system=found.system_id).exclude(cameras=found)
    there = there.exclude(cameras__in=Camera.objects.exclude(status__in=services.OPEN)).order_by("title", "pk")
    is_use = request.method == "POST" and "requirement" in request.POST
    use = UseRequirementForm(request.POST if is_use else None, requirements=there)
    form = RequirementStartForm(
        request.POST if request.method == "POST" and not is_use else None,
        request.FILES or None,
        others=others,
        initial={"title": found.name},
    )
    if is_use and use.is_valid():
        return _use(request, found, use.cleaned_data["requirement"])
    if form.is_bound and form.is_valid():
        try:
            made = _start(request, found, others, form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            return redirect(requirement_address("requirement_check" if made.evidence_id else "requirement", made))
    title = _("Operational requirement")
    context = {
        "organisation": found.system.operator,
        "title": title,
        "caption": found.name,
        "form": use if is_use else form,
        "start": form,
        "use": use if there.exists() else None,
        "breadcrumbs": crumbs(found.system.operator, (found.name, camera_address("proposal", found)), (title, "")),
    }
    status = 422 if form.errors or use.errors else 200
    return render(request, "compliance/requirement_new.html", context, status=status)


def _others(camera: Camera) -> Any:
    """Other cameras of the system that have no requirement yet."""
    own = Camera.objects.filter(system=camera.system_id, status__in=services.OPEN, operational_requirements=None)
    return own.exclude(pk=camera.pk).for_list()


def _use(request: AuthenticatedHttpRequest, camera: Camera, found: OperationalRequirement) -> HttpResponse:
    cameras = [*found.cameras.select_related("system__operator"), camera]
    services.choose_cameras(requirement=found, cameras=cameras, version=found.version, by=request.user)
    messages.success(request, _("The operational requirement serves this camera, too."))
    return redirect(requirement_address("requirement_check", found))


def _start(
    request: AuthenticatedHttpRequest, camera: Camera, others: list[Camera], cleaned: dict[str, Any]
) -> OperationalRequirement:
    chosen = set(cleaned.get("cameras", ()))
    cameras = [camera, *(other for other in others if other.reference in chosen)]
    values = {"system": camera.system, "cameras": cameras, "title": cleaned["title"], "by": request.user}
    if upload := request.FILES.get("file"):
        return services.record_requirement(upload=upload, dated=cleaned["dated"], **values)
    return services.start_requirement(**values)


# --- Answering ---


@require_safe
def requirement(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The list of its parts with what is answered, and the cameras that it serves."""
    found = _found(request, organisation, reference)
    cameras = list(found.cameras.select_related("system__operator").order_by("pk"))
    may_write = services.is_open(cameras) and request.user.has_perm("compliance.write_requirement", found)
    levels = (found.level_1, found.level_2)
    context = {
        "organisation": found.system.operator,
        "requirement": found,
        "title": found.title,
        "cameras": [{"name": each.name, "url": _camera_url(each), **rows.tag_of(each)} for each in cameras],
        "levels": [
            {
                "title": _("Level 1: the need") if level == 1 else _("Level 2: what the camera must do"),
                "prefix": f"level-{level}",
                "tasks": [_task(found, part, levels, may_write) for part in PARTS if part.level == level],
            }
            for level in (1, 2)
        ],
        "left": sum(1 for part in unanswered(levels)),
        "check_url": requirement_address("requirement_check", found),
        "may_write": may_write,
        "evidence_url": found.evidence.get_absolute_url() if found.evidence else "",
        "breadcrumbs": _crumbs(found),
    }
    return render(request, "compliance/requirement.html", context)


def _camera_url(camera: Camera) -> str:
    return camera_address("proposal" if camera.origin == "proposed" else "camera", camera)


def _task(found: OperationalRequirement, part: RequirementPart, levels: Any, may_write: bool) -> dict[str, Any]:
    given, open_ = answers_of(part, levels), lacks(part, levels)
    status, colour = (_("Answered"), "") if not open_ else (_("In part"), "blue") if given else (_("To do"), "grey")
    url = requirement_address("requirement_part", found, part.key) if may_write else ""
    return {"title": part.title, "url": url, "status": status, "colour": colour}


@get_or_post
def part(request: AuthenticatedHttpRequest, organisation: str, reference: str, part: str) -> HttpResponse:
    """One part: its questions, saved together; then the next part."""
    found = _found(request, organisation, reference)
    if part not in PART_OF:
        raise Http404
    asked = PART_OF[part]
    require(request.user, "compliance.write_requirement", found)
    if not services.may_change(found):
        raise IllegalMove(found.cameras.select_related("system__operator").order_by("-status")[0], "or_defined")
    stored = getattr(found, asked.store)
    form = PartForm(posted(request), part=asked, initial={**stored, "version": found.version})
    status, conflict = 422 if form.errors else 200, None
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            services.save_part(
                requirement=found, part=asked, answers=answers, version=form.cleaned_data["version"], by=request.user
            )
        except StaleRecord:
            status, conflict = 409, _found(request, organisation, reference)
            keep_typed(form, version=conflict.version)
        else:
            return redirect(_after(found, asked))
    place = PARTS.index(asked)
    context = {
        "organisation": found.system.operator,
        "title": asked.title,
        "caption": found.title,
        "lead": _("Part %(number)d of %(all)d") % {"number": place + 1, "all": len(PARTS)},
        "form": form,
        "stored": _stored(conflict, asked) if conflict else [],
        "submit_label": _("Save and go on"),
        "cancel_url": requirement_address("requirement", found),
        "cancel_label": _("Back to the list of parts"),
        "breadcrumbs": _crumbs(found, (str(asked.title), "")),
    }
    return render(request, "compliance/proposal_form.html", context, status=status)


def _stored(found: OperationalRequirement, asked: RequirementPart) -> list[dict[str, Any]]:
    number = PARTS.index(asked)
    shown: list[dict[str, Any]] = rows.requirement_answers(found)[number]["rows"]
    return shown


def _after(found: OperationalRequirement, asked: RequirementPart) -> str:
    place = PARTS.index(asked) + 1
    if place == len(PARTS):
        return requirement_address("requirement_check", found)
    return requirement_address("requirement_part", found, PARTS[place].key)


@get_or_post
def check(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All answers on one page; the scheme manager says that it is whole."""
    found = _found(request, organisation, reference)
    cameras = list(found.cameras.select_related("system__operator").order_by("pk"))
    if request.method == "POST":
        require(request.user, "compliance.define_requirement", found)
        services.define_requirement(requirement=found, by=request.user)
        messages.success(request, _("The operational requirement is defined."))
        return redirect(_camera_url(cameras[0]))
    levels = (found.level_1, found.level_2)
    waits = any(camera.status == Camera.Status.PROPOSED for camera in cameras)
    may_define = waits and services.is_open(cameras) and request.user.has_perm("compliance.define_requirement", found)
    context = {
        "organisation": found.system.operator,
        "requirement": found,
        "title": _("Check the answers"),
        "parts": [] if found.evidence_id else rows.requirement_answers(found),
        "missing": [] if is_defined(found) else [part.title for part in unanswered(levels)],
        "cameras": [camera.name for camera in cameras],
        "may_define": may_define,
        "back_url": requirement_address("requirement", found),
        "breadcrumbs": _crumbs(found, (_("Check the answers"), "")),
    }
    return render(request, "compliance/requirement_check.html", context)

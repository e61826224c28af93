"""Proposed cameras: the list of all on their way, proposing one, and the page of a proposal with its next step."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.camera_case import (
    UNDECIDED,
    CameraCase,
    camera_address,
    case_of,
    lacks_for_approval,
    lacks_for_consultation,
    requirement_address,
    with_since,
)
from compliance.forms.proposals import ChangeReasonsForm, PoliceViewForm, ProposeForm
from compliance.models import Camera, CameraSystem, Proposal, Referral
from compliance.services import proposals as services
from compliance.services.systems import FINAL
from compliance.views import proposal_rows as rows
from compliance.views.camera_finding import camera_or_404
from compliance.views.system_finding import Crumbs, operator_or_404
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused

PAGE_SIZE = 50
Status = Camera.Status
STAGES = (*Camera.PROPOSALS, Status.REFUSED)
COPIED = ("location", "ward", "camera_type", "purposes")


def crumbs(operator: Organisation, *further: tuple[str, str]) -> Crumbs:
    """Breadcrumbs: the organisation, its proposals, and what lies below. The last has no address."""
    url = reverse("compliance:proposals", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Proposals"), url), *further]


@require_safe
def proposals(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Every camera that is asked for, with whose move it is and since when; refused ones on request."""
    operator = operator_or_404(request, organisation)
    stage = request.GET.get("stage", "")
    own = Camera.objects.visible_to(request.user).filter(system__operator=operator)
    own = own.filter(status=stage) if stage in STAGES else own.proposals()
    listed = with_since(own).select_related("system__operator").order_by(F("since").desc(), "-pk")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    user = request.user
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [rows.proposal_row(camera) for camera in page],
        "stages": [
            {"value": value, "label": capfirst(str(Status(value).label)), "chosen": value == stage} for value in STAGES
        ],
        "is_narrowed": stage in STAGES,
        "may_propose": user.has_perm("compliance.propose_camera", operator),
        "breadcrumbs": crumbs(operator),
    }
    return render(request, "compliance/proposals.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Ask for a camera. The address may name one that is alike, a refused one to be asked for again, or a referral."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.propose_camera", operator)
    systems = CameraSystem.objects.visible_to(request.user).filter(operator=operator).exclude(status__in=FINAL)
    previous, referral = _again(request, operator), _referral(request, operator)
    like = previous or _named_camera(request, operator, "like")
    form = ProposeForm(
        posted(request), systems=systems.order_by("name", "pk"), initial=_initial(request, like, referral)
    )
    if request.method == "POST" and form.is_valid():
        try:
            camera = services.propose(
                system=form.cleaned_data["system"],
                values=form.values(),
                by=request.user,
                previous=previous,
                referral=referral,
            )
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The camera is proposed. Next comes its operational requirement."))
            return redirect(camera_address("proposal", camera))
    title = _("Propose again") if previous else _("Propose a camera")
    context = {
        "organisation": operator,
        "title": title,
        "form": form,
        "lead": _("A camera comes last: where nothing less does. Police and public are asked before anybody decides."),
        "submit_label": _("Propose it"),
        "cancel_url": reverse("compliance:proposals", args=[operator.slug]),
        "breadcrumbs": crumbs(operator, (title, "")),
    }
    return render(request, "compliance/proposal_form.html", context, status=422 if form.errors else 200)


def _named_camera(request: AuthenticatedHttpRequest, operator: Organisation, name: str) -> Camera | None:
    """The camera of the operator that the address names. Raises Http404 for one that is not there."""
    if not (reference := request.GET.get(name, "")):
        return None
    own = Camera.objects.visible_to(request.user).filter(system__operator=operator)
    return get_object_or_404(own.select_related("system__operator", "proposal"), reference=reference)


def _again(request: AuthenticatedHttpRequest, operator: Organisation) -> Camera | None:
    previous = _named_camera(request, operator, "again")
    if previous is not None and previous.status != Status.REFUSED:
        raise IllegalMove(previous, Status.PROPOSED)
    return previous


def _referral(request: AuthenticatedHttpRequest, operator: Organisation) -> Referral | None:
    if not (reference := request.GET.get("referral", "")):
        return None
    own = Referral.objects.visible_to(request.user).filter(operator=operator)
    referral = get_object_or_404(own.select_related("operator"), reference=reference)
    require(request.user, "compliance.settle_referral", referral)
    if referral.status != Referral.Status.RECEIVED:
        raise IllegalMove(referral, Referral.Status.TAKEN_UP)
    return referral


def _initial(request: AuthenticatedHttpRequest, like: Camera | None, referral: Referral | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"system": request.GET.get("system", "")}
    if like is not None:
        initial |= {name: getattr(like, name) for name in COPIED} | {"system": like.system.reference}
        proposal = getattr(like, "proposal", None)
        if proposal is not None:
            initial |= {name: getattr(proposal, name) for name in services.REASONS}
    if referral is not None:
        problem = "\n\n".join(filter(None, [referral.problem, referral.since]))
        initial |= {"location": referral.location, "problem": problem[:4000], "alternatives": referral.tried}
    return initial


# --- One proposal ---


def _proposed_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str
) -> tuple[Camera, Proposal]:
    """A camera that was proposed here, with its proposal. Raises Http404."""
    found = camera_or_404(
        request,
        organisation,
        reference,
        camera,
        Camera.objects.select_related("proposal", "previous__system__operator"),
    )
    proposal = getattr(found, "proposal", None)
    if proposal is None:
        raise Http404
    return found, proposal


@require_safe
def proposal(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """One proposal: what is asked for and why, how far it is, and what comes next."""
    found, reasons = _proposed_or_404(request, organisation, reference, camera)
    case = case_of(found, proposal=reasons)
    title = _("Proposal: %(place)s") % {"place": found.name}
    context = {
        "organisation": found.system.operator,
        "camera": found,
        "system": found.system,
        "title": title,
        "tag": rows.tag_of(found),
        "case": case,
        "camera_rows": rows.camera_facts(found),
        "reasons": rows.reasons_of(reasons),
        "police_view": rows.police_view_of(reasons),
        "next": _next(request, case),
        "decisions": [] if found.status in UNDECIDED else rows.decision_rows(list(found.decisions.all()), found),
        "edit_url": camera_address("proposal_edit", found) if _may_edit(request, found) else "",
        "police_url": _police_url(request, found),
        "again_url": _further(request, found),
        "previous_url": camera_address("camera", found.previous) if found.previous else "",
        "breadcrumbs": crumbs(found.system.operator, (title, "")),
    }
    return render(request, "compliance/proposal.html", context)


def _may_edit(request: AuthenticatedHttpRequest, camera: Camera) -> bool:
    return camera.status in UNDECIDED and request.user.has_perm("compliance.change_proposal", camera)


def _police_url(request: AuthenticatedHttpRequest, camera: Camera) -> str:
    """Where the view of the police is recorded by hand, for whoever may."""
    may = camera.status in UNDECIDED and request.user.has_perm("compliance.record_police_view", camera)
    return camera_address("police_view", camera) if may else ""


def _further(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, str] | None:
    """Proposing a refused one again, or another one like this."""
    operator = camera.system.operator
    if not request.user.has_perm("compliance.propose_camera", operator):
        return None
    refused = camera.status == Status.REFUSED
    url = reverse("compliance:proposal_new", args=[operator.slug])
    return {
        "url": f"{url}?{'again' if refused else 'like'}={camera.reference}",
        "label": _("Propose it again") if refused else _("Propose another like this"),
    }


def _next(request: AuthenticatedHttpRequest, case: CameraCase) -> dict[str, Any]:
    """Whose move it is, what is still missing for it, and the way there for whoever may."""
    camera, user = case.camera, request.user
    step: dict[str, Any] = {"words": rows.WHOSE_MOVE.get(camera.status, ""), "lacks": [], "links": []}
    links: list[tuple[str, str]] = []
    if camera.status == Status.PROPOSED and _may_edit(request, camera):
        if case.requirement:
            links.append(
                (_("Go on with the operational requirement"), requirement_address("requirement", case.requirement))
            )
        else:
            links.append((_("Write the operational requirement"), camera_address("requirement_new", camera)))
    elif camera.status == Status.OR_DEFINED:
        step["lacks"] = lacks_for_consultation(case)
        links += _beginnings(request, case)
        if user.has_perm("compliance.send_to_consultation", camera):
            links.append((_("Go on to consultation"), camera_address("camera_consult", camera)))
    elif camera.status == Status.CONSULTATION:
        step["lacks"] = lacks_for_approval(case)
        links += _beginnings(request, case)
    elif camera.status == Status.APPROVED and user.has_perm("compliance.commission_camera", camera):
        links.append((_("Record that it is up"), camera_address("camera_install", camera)))
    elif camera.status == Status.INSTALLED and user.has_perm("compliance.commission_camera", camera):
        links.append((_("Put it into operation"), camera_address("camera_operate", camera)))
    if camera.status in UNDECIDED and user.has_perm("compliance.decide_camera", camera):
        links.append((_("Decide"), camera_address("camera_decide", camera)))
    return step | {"links": links}


def _beginnings(request: AuthenticatedHttpRequest, case: CameraCase) -> list[tuple[str, str]]:
    """What a proposal still needs and nobody has begun, filled in for this camera, for whoever may begin it."""
    camera, user = case.camera, request.user
    operator, begun = camera.system.operator, []
    if not (case.signed_dpia or case.draft_dpia) and user.has_perm("compliance.start_dpia", operator):
        url = reverse("compliance:dpia_new", args=[operator.slug])
        begun.append((_("Start an impact assessment"), f"{url}?system={camera.system.reference}"))
    if not case.asked and user.has_perm("compliance.draft_consultation", operator):
        url = reverse("compliance:consultation_new", args=[operator.slug])
        begun.append((_("Ask police and public"), f"{url}?camera={camera.reference}"))
    return begun


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Change the reasons of a proposal while nothing is decided."""
    found, stored = _proposed_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.change_proposal", found)
    _must_be_open(found)
    form = ChangeReasonsForm.of(stored, posted(request))
    return _save(request, found, form, _("Change the reasons"), services.change_proposal)


@get_or_post
def police_view(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Record what the police said by letter or in a meeting."""
    found, stored = _proposed_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.record_police_view", found)
    _must_be_open(found)
    names = ("police_view", "police_post", "police_view_on", "version")
    form = PoliceViewForm(posted(request), initial={name: getattr(stored, name) for name in names})

    def write(*, camera: Camera, version: int, values: dict[str, Any], by: Any) -> Proposal:
        view, post, day = (values[name] for name in services.POLICE)
        return services.record_police_view(camera=camera, view=view, post=post, on=day, version=version, by=by)

    return _save(request, found, form, _("Record the view of the police"), write)


def _must_be_open(camera: Camera) -> None:
    if camera.status not in UNDECIDED:
        raise IllegalMove(camera, Status.PROPOSED)


def _save(request: AuthenticatedHttpRequest, camera: Camera, form: Any, title: str, write: Any) -> HttpResponse:
    """Write a form of the proposal; if somebody else was quicker what was typed stays, beside what is stored (409)."""
    status, stored = 422 if form.errors else 200, None
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            write(camera=camera, version=form.cleaned_data["version"], values=values, by=request.user)
        except StaleRecord:
            status, stored = 409, Proposal.objects.get(camera=camera)
            keep_typed(form, version=stored.version)
        except RuleBroken as refusal:
            refused(form, refusal)
            status = 422
        else:
            messages.success(request, _("Saved."))
            return redirect(camera_address("proposal", camera))
    context = {
        "organisation": camera.system.operator,
        "title": title,
        "caption": camera.name,
        "form": form,
        "stored": rows.reasons_of(stored) + rows.police_view_of(stored),
        "submit_label": _("Save"),
        "cancel_url": camera_address("proposal", camera),
        "breadcrumbs": crumbs(camera.system.operator, (camera.name, camera_address("proposal", camera)), (title, "")),
    }
    return render(request, "compliance/proposal_form.html", context, status=status)


@get_or_post
def consult(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """The check before consultation, and the act."""
    found, reasons = _proposed_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.send_to_consultation", found)
    if request.method == "POST":
        services.send_to_consultation(camera=found, by=request.user)
        messages.success(request, _("The proposal is in consultation. The senior responsible officer is told."))
        return redirect(camera_address("proposal", found))
    if not found.can_move_to(Status.CONSULTATION):
        raise IllegalMove(found, Status.CONSULTATION)
    case = case_of(found, proposal=reasons)
    title = _("Go on to consultation")
    context = {
        "organisation": found.system.operator,
        "camera": found,
        "title": title,
        "case": case,
        "lacks": lacks_for_consultation(case),
        "cancel_url": camera_address("proposal", found),
        "breadcrumbs": crumbs(found.system.operator, (found.name, camera_address("proposal", found)), (title, "")),
    }
    return render(request, "compliance/proposal_consult.html", context)

"""The senior responsible officer decides about a camera: everything on one page, reasons, a signature; and what was
decided, as it was frozen.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, refused_password
from accounts.policy import require
from compliance import frozen
from compliance.camera_case import (
    CameraCase,
    camera_address,
    case_of,
    lacks_for_approval,
    police_answers,
    read_hash,
    requirement_address,
    views_of,
)
from compliance.decision_documents import decided_rows
from compliance.forms.assessments import SignatureForm
from compliance.forms.proposals import DecideForm, DecisionForm, RelocateForm
from compliance.models import Camera, CameraDecision, ConsultationResponse, Dpia
from compliance.services import camera_decisions as services
from compliance.services import decision_printing
from compliance.views import proposal_rows as rows
from compliance.views.camera_finding import camera_or_404
from compliance.views.proposals import crumbs
from core.downloads import download, frozen_text
from core.errors import IllegalMove, Incomplete, Problem

Status = Camera.Status


@sensitive_post_parameters("password")
@get_or_post
def decide(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Approve or refuse a proposed camera, with all that speaks for and against it on the page."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.decide_camera", found)
    if not found.can_move_to(Status.REFUSED):
        if request.method == "POST":
            raise IllegalMove(found, Status.APPROVED)
        return redirect(found)  # an old message leads here: the camera's page says how things stand
    case = case_of(found)
    asks = not case.public_was_asked
    lacks = [each for each in lacks_for_approval(case, public_not_asked="-") if each]
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        may_approve=found.can_move_to(Status.APPROVED) and not lacks,
        asks_for_reason=asks and found.can_move_to(Status.APPROVED),
        initial={"post": found.system.sro_post},
    )
    answer, status, problems = _signed(request, form, lambda: _decided(request, found, form))
    if answer:
        return answer
    form.initial["read_sha256"] = read_hash(case)
    return _decide_page(request, case, form, lacks=lacks, problems=problems, status=status)


def _signed(
    request: AuthenticatedHttpRequest, form: DecisionForm, act: Callable[[], HttpResponse]
) -> tuple[HttpResponse | None, int, Sequence[Problem]]:
    """Act, if a decision was sent, is whole and has the right password: the answer to that, or None, with the status
    of the page and what still stands in the way.
    """
    if request.method != "POST" or not form.is_valid():
        return None, 422 if form.errors else 200, ()
    if status := undecided(request, form):
        return None, status, ()
    try:
        return act(), 302, ()
    except Incomplete as refusal:
        at_fields = [problem for problem in refusal.problems if problem.field in form.fields]
        for problem in at_fields:
            form.add_error(problem.field, str(problem.text))
        return None, 422, [problem for problem in refusal.problems if problem not in at_fields]


def _decided(request: AuthenticatedHttpRequest, camera: Camera, form: DecideForm) -> HttpResponse:
    cleaned = form.cleaned_data
    decision = services.decide(
        camera=camera,
        approve=cleaned["outcome"] == "approve",
        reasons=cleaned["reasons"],
        by=request.user,
        signature=signature_of(form),
        read_sha256=cleaned["read_sha256"],
        public_not_asked=cleaned.get("public_not_asked", ""),
    )
    approved = decision.outcome == CameraDecision.Outcome.APPROVED
    messages.success(request, _("The camera is approved.") if approved else _("The camera is refused."))
    return redirect(camera_address("camera_decision", camera, decision.reference))


def signature_of(form: SignatureForm) -> services.Signature:
    """Of a form whose password was right."""
    return services.Signature(form.cleaned_data["typed_name"], form.cleaned_data["post"], password_checked=True)


def undecided(request: AuthenticatedHttpRequest, form: SignatureForm) -> int:
    """0 when the password that came with a decision is right; else the status of the answer."""
    return refused_password(request, form, _("This is not your password. Nothing is decided yet."))


def _decide_page(
    request: AuthenticatedHttpRequest,
    case: CameraCase,
    form: DecideForm,
    *,
    lacks: Sequence[Problem],
    problems: Sequence[Problem],
    status: int,
) -> HttpResponse:
    camera = case.camera
    in_consultation = camera.can_move_to(Status.APPROVED)
    title = _("Decide: %(place)s") % {"place": camera.name}
    context = {
        "organisation": camera.system.operator,
        "camera": camera,
        "title": title,
        "tag": rows.tag_of(camera),
        "form": form,
        "summary": problems,
        "camera_rows": rows.camera_facts(camera),
        "reasons": rows.reasons_of(case.proposal),
        "police_view": rows.police_view_of(case.proposal),
        "requirement": case.requirement,
        "requirement_url": requirement_address("requirement", case.requirement) if case.requirement else "",
        "requirement_parts": rows.requirement_answers(case.requirement)
        if case.requirement and not case.requirement.evidence_id
        else [],
        "case": case,
        "asked": [_asked(each) for each in case.asked],
        "lacks": lacks,
        "in_consultation": in_consultation,
        "sha256": form.initial["read_sha256"],
        "cancel_url": camera_address("proposal", camera) if case.proposal else camera.get_absolute_url(),
        "breadcrumbs": crumbs(camera.system.operator, (camera.name, camera.get_absolute_url()), (_("Decide"), "")),
    }
    return render(request, "compliance/camera_decide.html", context, status=status)


@sensitive_post_parameters("password")
@get_or_post
def relocate(request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str) -> HttpResponse:
    """Decide that a camera goes to another place."""
    found = camera_or_404(request, organisation, reference, camera)
    require(request.user, "compliance.decide_camera", found)
    if found.status not in services.RELOCATABLE:
        raise IllegalMove(found, found.status)
    case = case_of(found)
    form = RelocateForm(
        request.POST if request.method == "POST" else None,
        dpias=Dpia.objects.of_camera(found).signed().order_by("title", "pk"),
        initial={"post": found.system.sro_post, "ward": found.ward, "read_sha256": read_hash(case)},
    )
    answer, status, problems = _signed(request, form, lambda: _moved(request, found, form))
    if answer:
        return answer
    title = _("Decide on another place")
    context = {
        "organisation": found.system.operator,
        "title": title,
        "caption": rows.called(found),
        "lead": _(
            "Another place is another need. Its reasons are kept for good; the old place stays on record. "
            "Where it stands now: %(place)s"
        )
        % {"place": _standing_at(found)},
        "form": form.as_answered(),
        "summary": problems,
        "submit_label": _("Decide"),
        "cancel_url": found.get_absolute_url(),
        "breadcrumbs": crumbs(found.system.operator, (rows.called(found), found.get_absolute_url()), (title, "")),
    }
    return render(request, "compliance/proposal_form.html", context, status=status)


def _standing_at(camera: Camera) -> str:
    """The present place, with the coordinates from which the distance is taken."""
    degrees = "" if camera.latitude is None else f"{camera.latitude}, {camera.longitude}"
    return ", ".join(filter(None, [camera.location or _("not stated"), camera.ward, degrees]))


def _moved(request: AuthenticatedHttpRequest, camera: Camera, form: RelocateForm) -> HttpResponse:
    cleaned = form.cleaned_data
    names = (*services.PLACED, "requirement", "dpia_review")
    decision = services.relocate(
        camera=camera,
        move=services.Move(**{name: cleaned[name] for name in names if name in cleaned}),
        reasons=form.cleaned_data["reasons"],
        by=request.user,
        signature=signature_of(form),
        read_sha256=form.cleaned_data["read_sha256"],
    )
    messages.success(request, _("The camera has another place. The old one stays on record."))
    return redirect(camera_address("camera_decision", camera, decision.reference))


def _asked(asked: Any) -> dict[str, Any]:
    views = views_of(asked)
    counts = [{"label": label, "value": views[value]} for value, label in ConsultationResponse.View.choices]
    return {"record": asked, "counts": counts, "police": police_answers(asked)}


def _decision_or_404(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str, decision: str
) -> tuple[Camera, CameraDecision]:
    found = camera_or_404(request, organisation, reference, camera)
    return found, get_object_or_404(found.decisions.all(), reference=decision)


@require_safe
def decision(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str, decision: str
) -> HttpResponse:
    """What was decided, by which post, when, why, and on what: read from the frozen text alone."""
    found, shown = _decision_or_404(request, organisation, reference, camera, decision)
    content = json.loads(shown.content)
    title = _("Decision: %(outcome)s") % {"outcome": shown.get_outcome_display()}
    context = {
        "organisation": found.system.operator,
        "camera": found,
        "title": title,
        "decision": shown,
        "caption": rows.called(found),
        "colour": rows.OUTCOME_COLOURS[CameraDecision.Outcome(shown.outcome)],
        "on": rows.day_of(shown.at),
        "content": content,
        "rows": _frozen_rows(content),
        "holds": frozen.digest(shown.content) == shown.sha256,
        "pdf_url": camera_address("camera_decision_pdf", found, shown.reference),
        "json_url": camera_address("camera_decision_json", found, shown.reference),
        "breadcrumbs": crumbs(
            found.system.operator, (rows.called(found), found.get_absolute_url()), (shown.reference, "")
        ),
    }
    return render(request, "compliance/camera_decision.html", context)


def _frozen_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What it rested on, in a few lines; the whole is the file."""
    rested = content["rested_on"]
    proposal = rested["proposal"] or {}
    requirement, dpia = rested["operational_requirement"], rested["dpia"]
    found = [
        (_("Place"), rested["camera"]["location"]),
        (_("System"), rested["system"]["name"]),
        (_("The problem"), proposal.get("problem", "")),
        (_("View of the police"), proposal.get("police_view", "")),
        (_("What the police said"), "\n".join(said["text"] for c in rested["consultations"] for said in c["police"])),
        (_("Operational requirement"), f"{requirement['title']} ({requirement['reference']})" if requirement else ""),
        (_("DPIA"), f"{dpia['title']} ({dpia['reference']})" if dpia else ""),
        (_("Consultations"), "\n".join(f"{c['title']} ({c['reference']})" for c in rested["consultations"])),
        *decided_rows(content),
    ]
    return [{"key": key, "value": value} for key, value in found if value]


@require_safe
def decision_json(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str, decision: str
) -> HttpResponse:
    """The exact bytes that were hashed."""
    _found, shown = _decision_or_404(request, organisation, reference, camera, decision)
    return frozen_text(shown.content, name=f"camera-decision-{shown.reference}.json")


@get_or_post
def decision_pdf(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, camera: str, decision: str
) -> HttpResponseBase:
    """The decision on paper, always the same bytes. A POST asks for one that is not there."""
    found, shown = _decision_or_404(request, organisation, reference, camera, decision)
    if request.method == "POST":
        decision_printing.ask_for_document(decision=shown)
        return redirect(request.path)
    if decision_printing.is_printed(shown):
        file = default_storage.open(decision_printing.document_name(shown))
        return download(file, name=f"camera-decision-{shown.reference}.pdf", media_type="application/pdf")
    back = camera_address("camera_decision", found, shown.reference)
    name = (rows.called(found), found.get_absolute_url())
    context = {
        "organisation": found.system.operator,
        "decision": shown,
        "back_url": back,
        "breadcrumbs": crumbs(found.system.operator, name, (shown.reference, back), (_("PDF"), "")),
    }
    response = render(request, "compliance/camera_decision_printing.html", context, status=404)
    response["Retry-After"] = "5"
    return response

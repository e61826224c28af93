"""What a decision about a proposed camera rests on, gathered once: to be read on one page, judged, and frozen.

The frozen form: docs/decisions/camera-decisions.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from compliance import frozen
from compliance.models import (
    Camera,
    CameraChange,
    Consultation,
    ConsultationResponse,
    Dpia,
    OperationalRequirement,
    Proposal,
)
from compliance.models.camera import CameraQuerySet
from compliance.operational_requirement import unanswered
from compliance.services import consultations, dpias
from compliance.services.consultations import ConsultationState
from core.dates import LONDON
from core.errors import Problem

SCHEMA = "ccp/camera-decision/1"
# Before a decision; until then everything about a proposal may change.
UNDECIDED = (Camera.Status.PROPOSED, Camera.Status.OR_DEFINED, Camera.Status.CONSULTATION)


@dataclass(frozen=True)
class CameraCase:
    """A camera with everything that speaks for or against it. `asked` are the consultations, the newest first."""

    camera: Camera
    proposal: Proposal | None
    requirement: OperationalRequirement | None
    signed_dpia: Dpia | None
    draft_dpia: Dpia | None
    state: ConsultationState
    asked: list[Consultation]

    @property
    def police_view_by_hand(self) -> bool:
        return bool(self.proposal and self.proposal.police_view)

    @property
    def public_was_asked(self) -> bool:
        return any(each.asks_public for each in self.asked)


def case_of(camera: Camera, *, proposal: Proposal | None = None) -> CameraCase:
    """Gather it. `camera.system.operator` is read. Six queries at most, one less with the `proposal` at hand."""
    signed = dpias.signed_for(camera)
    asked = consultations.asked_about(camera)
    undecided = camera.status in UNDECIDED
    return CameraCase(
        camera=camera,
        proposal=proposal or Proposal.objects.filter(camera=camera).first(),
        requirement=requirement_of(camera),
        signed_dpia=signed,
        draft_dpia=dpias.draft_for(camera) if undecided and signed is None else None,
        state=consultations.state_from(asked),
        asked=asked,
    )


def requirement_of(camera: Camera) -> OperationalRequirement | None:
    """The newest operational requirement that serves the camera. One query."""
    own = OperationalRequirement.objects.filter(cameras=camera)
    return own.select_related("evidence", "system__operator").order_by("-made_at", "-pk").first()


def is_defined(requirement: OperationalRequirement) -> bool:
    """Whether it says all that it must: both levels, or a document made outside the portal with its date."""
    if requirement.evidence_id:
        return requirement.dated is not None
    return not any(unanswered((requirement.level_1, requirement.level_2)))


def with_since(cameras: CameraQuerySet) -> CameraQuerySet:
    """With `since`: when each came to its present stage."""
    last = CameraChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk")
    return cameras.annotate(since=Coalesce(Subquery(last.values("at")[:1]), F("added_at")))


# --- What is still missing ---


def lacks_for_consultation(case: CameraCase) -> list[Problem]:
    """What must be there before police and public are asked (domain 9.2): requirement, DPIA in draft, police asked."""
    lacks = []
    if case.requirement is None or not is_defined(case.requirement):
        lacks.append(_requirement_missing(case))
    if case.signed_dpia is None and case.draft_dpia is None:
        lacks.append(
            Problem(
                _("Begin the data protection impact assessment: a draft that covers this camera."), _dpias_url(case)
            )
        )
    if not case.state.police_asked and not case.police_view_by_hand:
        lacks.append(
            Problem(
                _("Ask the police: open a consultation that asks them, or record their view."),
                camera_address("police_view", case.camera),
            )
        )
    return lacks


def lacks_for_approval(case: CameraCase, *, public_not_asked: str = "") -> list[Problem]:
    """What must be there before a camera is approved (domain 9.2): each with the page where it is mended."""
    lacks = []
    if case.requirement is None or not is_defined(case.requirement):
        lacks.append(_requirement_missing(case))
    if case.signed_dpia is None:
        lacks.append(
            Problem(
                _("The data protection impact assessment that covers this camera is not signed yet."),
                _draft_url(case) or _dpias_url(case),
            )
        )
    if not case.state.police_answered and not case.police_view_by_hand:
        lacks.append(Problem(_("The view of the police is missing."), camera_address("police_view", case.camera)))
    if case.asked and not case.state.concluded:
        url = reverse("compliance:consultations", args=[case.camera.system.operator.slug])
        lacks.append(Problem(_("The consultation has no outcome yet: it has to be concluded first."), url))
    elif not case.public_was_asked and not public_not_asked.strip():
        lacks.append(
            Problem(
                _("The public was not asked. Ask them, or say in your decision why that was not proportionate."),
                "#id_public_not_asked",
            )
        )
    return lacks


def _requirement_missing(case: CameraCase) -> Problem:
    url = requirement_address("requirement", case.requirement) if case.requirement else ""
    url = url or camera_address("requirement_new", case.camera)
    return Problem(_("The operational requirement is not complete yet."), url)


def _dpias_url(case: CameraCase) -> str:
    return reverse("compliance:dpias", args=[case.camera.system.operator.slug])


def _draft_url(case: CameraCase) -> str:
    dpia = case.draft_dpia
    return reverse("compliance:dpia", args=[case.camera.system.operator.slug, dpia.reference]) if dpia else ""


def camera_address(name: str, camera: Camera, *further: object) -> str:
    """The address of one of the pages of a camera."""
    system = camera.system
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, camera.reference, *further])


def requirement_address(name: str, requirement: OperationalRequirement, *further: object) -> str:
    """The address of one of the pages of an operational requirement."""
    operator = requirement.system.operator.slug
    return reverse(f"compliance:{name}", args=[operator, requirement.reference, *further])


# --- Frozen ---


def as_values(case: CameraCase) -> dict[str, Any]:
    """What is decided on, as plain values. No name and no mailbox of whoever asked for it, wrote it or answered."""
    camera, operator = case.camera, case.camera.system.operator
    return {
        "operator": {"name": operator.name, "slug": operator.slug, "gss_code": operator.gss_code},
        "system": {"reference": camera.system.reference, "name": camera.system.name},
        "camera": _camera(camera),
        "proposal": _proposal(case.proposal) if case.proposal else None,
        "operational_requirement": _requirement(case.requirement) if case.requirement else None,
        "dpia": _dpia(case.signed_dpia) if case.signed_dpia else None,
        "consultations": [_consultation(each) for each in case.asked],
    }


def read_hash(case: CameraCase) -> str:
    """The SHA-256 of what stands on the page of a decision."""
    return frozen.digest(frozen.canonical(as_values(case)))


def _camera(camera: Camera) -> dict[str, Any]:
    return {
        "reference": camera.reference,
        "number": camera.operator_ref,
        "status": camera.status,
        "location": camera.location,
        "locality": camera.locality,
        "ward": camera.ward,
        "latitude": None if camera.latitude is None else str(camera.latitude),
        "longitude": None if camera.longitude is None else str(camera.longitude),
        "type": camera.camera_type,
        "purposes": sorted(camera.purposes),
        "purpose_note": camera.purpose_note,
        "view": camera.view_description,
        "records_audio": camera.records_audio,
        "anpr": camera.anpr_enabled,
        "analytics": camera.analytics,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "problem": proposal.problem,
        "evidence_of_need": proposal.evidence_of_need,
        "alternatives": proposal.alternatives,
        "expected": proposal.expected,
        "cost_gbp": None if proposal.cost is None else f"{proposal.cost:.2f}",
        "funded_by": proposal.funded_by,
        "police_view": proposal.police_view,
        "police_post": proposal.police_post,
        "police_view_on": _iso(proposal.police_view_on),
        "proposed_on": proposal.proposed_at.astimezone(LONDON).date().isoformat(),
        "version": proposal.version,
    }


def _requirement(requirement: OperationalRequirement) -> dict[str, Any]:
    evidence = requirement.evidence
    return {
        "reference": requirement.reference,
        "title": requirement.title,
        "level_1": requirement.level_1,
        "level_2": requirement.level_2,
        "made_elsewhere": {"reference": evidence.reference, "title": evidence.title, "sha256": evidence.sha256}
        if evidence
        else None,
        "dated": _iso(requirement.dated),
        "version": requirement.version,
    }


def _dpia(dpia: Dpia) -> dict[str, Any]:
    signed = dpia.signed_at.astimezone(LONDON).date() if dpia.signed_at else None
    return {
        "reference": dpia.reference,
        "title": dpia.title,
        "sha256": dpia.sha256,
        "signed_on": _iso(signed),
        "signed_post": dpia.signed_post,
        "residual_risk": dpia.residual_risk,
        "review_on": _iso(dpia.review_on),
    }


def _consultation(asked: Consultation) -> dict[str, Any]:
    """The outcome, how many answered how, and what the police said, without who wrote it."""
    return {
        "reference": asked.reference,
        "title": asked.title,
        "status": asked.status,
        "asked": {"police": asked.asks_police, "public": asked.asks_public},
        "opens_on": asked.opens_on.isoformat(),
        "closes_on": asked.closes_on.isoformat(),
        "outcome": asked.outcome,
        "answers": views_of(asked),
        "police": [{"view": response.view, "text": response.text} for response in police_answers(asked)],
    }


def views_of(asked: Consultation) -> dict[str, int]:
    """How many others than the police answered how, by view; of one that `asked_about` found."""
    return {view: getattr(asked, f"{view}_count") for view in ConsultationResponse.View.values}


def police_answers(asked: Consultation) -> list[ConsultationResponse]:
    """Those that a police force gave, signed in."""
    found: list[ConsultationResponse] = asked.of_police  # type: ignore[attr-defined]
    return found


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def in_words(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""


def content_of(case: CameraCase, *, outcome: str, reasons: str, further: Mapping[str, Any]) -> str:
    """The canonical text of one decision: what was decided, why, and all that it rested on."""
    return frozen.canonical(
        {
            "schema": SCHEMA,
            "decision": {"outcome": outcome, "reasons": reasons, **further},
            "rested_on": as_values(case),
        }
    )

"""How proposed cameras stand in lists and on their pages: whose move it is, and what is known of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.camera_case import camera_address, in_words
from compliance.models import Camera, CameraDecision, OperationalRequirement, Proposal
from compliance.models.vocabulary import Purpose
from compliance.operational_requirement import PARTS
from compliance.operational_requirement import in_words as answer_in_words
from compliance.views.camera_rows import STATUS_COLOURS
from core.dates import LONDON
from core.errors import Text

Status = Camera.Status
WHOSE_MOVE: Mapping[str, Text] = {
    Status.PROPOSED: gettext_lazy("Scheme manager: operational requirement"),
    Status.OR_DEFINED: gettext_lazy("Single point of contact: consultation"),
    Status.CONSULTATION: gettext_lazy("Senior responsible officer: decision"),
    Status.APPROVED: gettext_lazy("Scheme manager: installation and test"),
    Status.INSTALLED: gettext_lazy("Scheme manager: putting it into operation"),
    Status.REMOVE_RECOMMENDED: gettext_lazy("Senior responsible officer: decision about removal"),
}
OUTCOME_COLOURS = {
    CameraDecision.Outcome.APPROVED: "green",
    CameraDecision.Outcome.REFUSED: "grey",
    CameraDecision.Outcome.KEPT: "green",
    CameraDecision.Outcome.REMOVED: "orange",
    CameraDecision.Outcome.RELOCATED: "blue",
}


def called(camera: Camera) -> str:
    """What a camera is called over its pages: a number alone says nothing there."""
    return _("Camera %(name)s") % {"name": camera.name}


def tag_of(camera: Camera) -> dict[str, str]:
    """What `components/status_tag.html` takes."""
    return {"label": camera.get_status_display(), "colour": STATUS_COLOURS[Status(camera.status)]}


def proposal_row(camera: Camera) -> dict[str, Any]:
    """One line of the list; with system, operator and `since` loaded."""
    return {
        "url": camera_address("proposal", camera),
        "place": camera.location or camera.name,
        "reference": camera.reference,
        "ward": camera.ward,
        "system": camera.system.local_name,
        "move": WHOSE_MOVE.get(camera.status, ""),
        "since": camera.since,  # type: ignore[attr-defined]
        **tag_of(camera),
    }


def purposes_in_words(camera: Camera) -> list[str]:
    labels = dict(Purpose.choices)
    return [capfirst(str(labels.get(purpose, purpose))) for purpose in camera.purposes]


def camera_facts(camera: Camera) -> list[dict[str, Any]]:
    """What is proposed."""
    return [
        {"key": _("Street or landmark"), "value": camera.location},
        {"key": _("Ward"), "value": camera.ward or _("not stated")},
        {"key": _("System"), "value": camera.system.local_name, "link": camera.system.get_absolute_url()},
        {"key": _("Type"), "value": capfirst(camera.get_camera_type_display())},
        {"key": _("Purposes"), "values": purposes_in_words(camera)},
    ]


def reasons_of(proposal: Proposal | None) -> list[dict[str, Any]]:
    """Why it is asked for. What is not said reads so."""
    if proposal is None:
        return []
    cost = "" if proposal.cost is None else f"£{proposal.cost:,.2f}"
    rows = (
        (_("The problem"), proposal.problem),
        (_("What shows the need"), proposal.evidence_of_need),
        (_("Alternatives considered"), proposal.alternatives),
        (_("What it is to change, and how that is measured"), proposal.expected),
        (_("Cost"), cost),
        (_("Paid by"), proposal.funded_by),
    )
    return [{"key": key, "value": value or _("not stated")} for key, value in rows]


def police_view_of(proposal: Proposal | None) -> list[dict[str, Any]]:
    if proposal is None or not proposal.police_view:
        return []
    return [
        {"key": _("What the police said"), "value": proposal.police_view},
        {"key": _("Post"), "value": proposal.police_post},
        {"key": _("Date"), "value": in_words(proposal.police_view_on)},
    ]


def requirement_answers(requirement: OperationalRequirement) -> list[dict[str, Any]]:
    """The parts with their answers, as they are read: `title`, `level` and `rows`."""
    found = []
    for part in PARTS:
        stored = getattr(requirement, part.store)
        rows = [
            {"key": asked.label, "value": answer_in_words(asked, stored.get(asked.key, "")) or _("not answered")}
            for asked in part.asked
        ]
        found.append({"title": part.title, "level": part.level, "rows": rows})
    return found


def decision_rows(decisions: list[CameraDecision], camera: Camera) -> list[dict[str, Any]]:
    """The decisions about a camera, the newest first."""
    return [
        {
            "url": camera_address("camera_decision", camera, decision.reference),
            "pdf_url": camera_address("camera_decision_pdf", camera, decision.reference),
            "reference": decision.reference,
            "label": decision.get_outcome_display(),
            "colour": OUTCOME_COLOURS[CameraDecision.Outcome(decision.outcome)],
            "reasons": decision.reasons,
            "post": decision.post,
            "on": day_of(decision.at),
        }
        for decision in decisions
    ]


def day_of(at: dt.datetime) -> str:
    return date_format(at.astimezone(LONDON), "j F Y")

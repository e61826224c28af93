"""A decision about a camera on paper: from the frozen text alone to a tagged PDF, always the same."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.models import CameraDecision, ConsultationResponse
from compliance.models.camera import CameraType
from compliance.models.vocabulary import Purpose
from compliance.operational_requirement import PARTS, in_words
from compliance.places import metres_in_words
from core.dates import LONDON
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"
TEMPLATE = "compliance/print/camera_decision.html"
Rows = list[tuple[str, str]]
Content = Mapping[str, Any]


def decision_pdf(decision: CameraDecision) -> bytes:
    """What was decided, by whom, why, and all that it rested on. No query."""
    with override(LANGUAGE):
        return with_full_tags(html_to_pdf(render_to_string(TEMPLATE, _context(decision))))


def _context(decision: CameraDecision) -> dict[str, Any]:
    content = json.loads(decision.content)
    rested, at = content["rested_on"], decision.at.astimezone(LONDON)
    requirement = rested["operational_requirement"]
    return {
        "document_language": "en-GB",
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "operator": rested["operator"]["name"],
        "place": rested["camera"]["location"] or rested["camera"]["number"],
        "outcome": capfirst(str(CameraDecision.Outcome(content["decision"]["outcome"]).label)),
        "reference": decision.reference,
        "created": at.date().isoformat(),
        "signature": [
            (_("Signed by"), decision.typed_name),
            (_("Post"), decision.post),
            (_("Signed on"), date_format(at, "j F Y, H:i")),
            (_("Reference"), decision.reference),
            (_("Schema of the signed text"), content["schema"]),
        ],
        "sha256": decision.sha256,
        "reasons": content["decision"]["reasons"],
        "decided": decided_rows(content),
        "camera": _camera(rested),
        "proposal": _proposal(rested["proposal"] or {}),
        "requirement": _requirement(requirement) if requirement else None,
        "dpia": _dpia(rested["dpia"]) if rested["dpia"] else None,
        "consultations": [_consultation(each) for each in rested["consultations"]],
    }


def decided_rows(content: Content) -> Rows:
    """What the decision says beside outcome and reasons."""
    decided = content["decision"]
    to = decided.get("to", {})
    return _said(
        (_("Why the public was not asked"), decided.get("public_not_asked")),
        (_("Why removal was recommended"), decided.get("recommended")),
        (_("Decided together, number of cameras"), decided.get("together")),
        (_("The new place"), ", ".join(filter(None, [to.get("location"), to.get("ward")]))),
        (_("From"), _day(to.get("from"))),
        (_("How far from the old place"), distance_in_words(to) if to else ""),
        (_("The problem there"), to.get("target")),
        (_("What the camera must show there"), to.get("requirement")),
        (_("What the DPIA says of the new place"), to.get("dpia_review")),
        (_("DPIA looked at for it"), decided.get("dpia")),
    )


def distance_in_words(to: Content) -> str:
    """How far a camera went; decisions of before distances were kept say nothing."""
    if "metres" not in to:
        return ""
    metres = to["metres"]
    if metres is None:
        return _("not known: one of the places has no coordinates")
    return metres_in_words(metres)


def _camera(rested: Content) -> Rows:
    camera = rested["camera"]
    purposes = dict(Purpose.choices)
    return _said(
        (_("Reference"), camera["reference"]),
        (_("Number"), camera["number"]),
        (_("System"), rested["system"]["name"]),
        (_("Street or landmark"), camera["location"]),
        (_("Ward"), camera["ward"]),
        (_("Type"), capfirst(str(dict(CameraType.choices).get(camera["type"], camera["type"])))),
        (_("Purposes"), capfirst(", ".join(str(purposes.get(each, each)) for each in camera["purposes"]))),
        (_("What it is to see"), camera["view"]),
        (_("Records sound"), _("yes") if camera["records_audio"] else _("no")),
        (_("Reads number plates"), _("yes") if camera["anpr"] else _("no")),
        (_("Analytics"), camera["analytics"]),
    )


def _proposal(proposal: Content) -> Rows:
    cost = proposal.get("cost_gbp")
    return _said(
        (_("The problem"), proposal.get("problem")),
        (_("What shows the need"), proposal.get("evidence_of_need")),
        (_("Alternatives considered"), proposal.get("alternatives")),
        (_("What it is to change, and how that is measured"), proposal.get("expected")),
        (_("Cost"), f"£{float(cost):,.2f}" if cost else ""),
        (_("Paid by"), proposal.get("funded_by")),
        (_("What the police said"), proposal.get("police_view")),
        (_("Post of the police"), proposal.get("police_post")),
        (_("Said on"), _day(proposal.get("police_view_on"))),
    )


def _requirement(requirement: Content) -> dict[str, Any]:
    elsewhere = requirement["made_elsewhere"]
    about = _said(
        (_("Title"), requirement["title"]),
        (_("Reference"), requirement["reference"]),
        (_("Made outside the portal"), elsewhere["title"] if elsewhere else ""),
        (_("SHA-256 of the file"), elsewhere["sha256"] if elsewhere else ""),
        (_("Dated"), _day(requirement["dated"])),
    )
    parts = []
    for part in () if elsewhere else PARTS:
        stored = requirement[part.store]
        rows = _said(*((str(asked.label), in_words(asked, stored.get(asked.key, ""))) for asked in part.asked))
        if rows:
            parts.append({"title": part.title, "level": part.level, "rows": rows})
    return {"about": about, "parts": parts}


def _dpia(dpia: Content) -> Rows:
    return _said(
        (_("Title"), dpia["title"]),
        (_("Reference"), dpia["reference"]),
        (_("Signed on"), _day(dpia["signed_on"])),
        (_("Post"), dpia["signed_post"]),
        (_("Review by"), _day(dpia["review_on"])),
        (_("SHA-256 of the signed text"), dpia["sha256"]),
    )


def _consultation(asked: Content) -> dict[str, Any]:
    views = dict(ConsultationResponse.View.choices)
    counts = ", ".join(f"{views[view]}: {count}" for view, count in asked["answers"].items())
    rows = _said(
        (_("Reference"), asked["reference"]),
        (_("First day for answers"), _day(asked["opens_on"])),
        (_("Last day for answers"), _day(asked["closes_on"])),
        (_("Answers of the public"), capfirst(counts) if asked["asked"]["public"] else _("the public was not asked")),
        *(
            (_("A police force said"), f"{capfirst(str(views[said['view']]))}. {said['text']}")
            for said in asked["police"]
        ),
        (_("Outcome"), asked["outcome"]),
    )
    return {"title": asked["title"], "rows": rows}


def _day(day: str | None) -> str:
    return date_format(dt.date.fromisoformat(day), "j F Y") if day else ""


def _said(*rows: tuple[str, Any]) -> Rows:
    return list(_filled(rows))


def _filled(rows: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    return ((str(key), str(value)) for key, value in rows if value)

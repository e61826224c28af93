"""Site visits on paper: the checklist to take along, and the record as both sides signed it. Always the same bytes."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from certification.models import Observation, SiteVisit
from certification.strata import draw_in_words, stratum_in_words
from certification.visit_checklist import CAMERA, PLACE_KINDS
from certification.visit_record import SIGNED, UNSIGNED
from core.dates import LONDON
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"


def checklist_content(visit: SiteVisit) -> dict[str, Any]:
    """Everything that the printed checklist says, as plain values. Two queries."""
    lines = {kind: [line for line in visit.checklist if line["at"] == kind] for kind in (CAMERA, *PLACE_KINDS)}
    return {
        "visit": visit.reference,
        "application": visit.application.reference,
        "operator": visit.application.operator.name,
        "body": visit.application.body.name,
        "auditor": visit.review.assignment.auditor.get_full_name(),
        "from": visit.starts_at.isoformat(),
        "to": visit.ends_at.isoformat(),
        "place": visit.place,
        "agenda": visit.agenda,
        "seed": visit.seed,
        "rule": visit.rule,
        "cameras": [
            {
                "reference": row.camera_reference,
                "system": row.system.name,
                "location": row.location,
                "stratum": row.stratum,
                "chosen_because": row.reason if row.is_chosen else None,
            }
            for row in visit.sample.select_related("system")
        ],
        "places": visit.places,
        "lines": lines,
    }


def checklist_html(content: Mapping[str, Any]) -> str:
    """Addresses of styles and fonts are relative to `static/`. No query."""
    with override(LANGUAGE):
        context = {
            "document_language": "en-GB",
            "demonstration": settings.PORTAL_DEMONSTRATION,
            "content": content,
            "facts": [
                (_("Operator"), content["operator"]),
                (_("Certification body"), content["body"]),
                (_("Auditor"), content["auditor"]),
                (_("Begins"), _when(content["from"])),
                (_("Ends"), _when(content["to"])),
                (_("Where"), content["place"]),
                (_("Application"), content["application"]),
            ],
            "sample": draw_in_words(content["seed"], content["rule"]),
            "drawn": [_camera(row) for row in content["cameras"] if row["chosen_because"] is None],
            "chosen": [_camera(row) for row in content["cameras"] if row["chosen_because"] is not None],
            "camera_lines": _lines(content["lines"][CAMERA]),
            "places": [
                {
                    "name": place["name"],
                    "kind": PLACE_KINDS[place["kind"]],
                    "lines": _lines(content["lines"][place["kind"]]),
                }
                for place in content["places"]
            ],
            "answers": [capfirst(label) for _value, label in Observation.Seen.choices],
        }
        return render_to_string("certification/print/visit_checklist.html", context)


def checklist_pdf(content: Mapping[str, Any]) -> bytes:
    return with_full_tags(html_to_pdf(checklist_html(content)))


def record_html(visit: SiteVisit) -> str:
    """The record from its frozen text alone. No query."""
    content = json.loads(visit.record)
    signature, unsigned = content.get(SIGNED), content.get(UNSIGNED)
    with override(LANGUAGE):
        context = {
            "document_language": "en-GB",
            "demonstration": settings.PORTAL_DEMONSTRATION,
            "content": content,
            "facts": [
                (_("Operator"), content["operator"]["name"]),
                (_("Certification body"), content["body"]["name"]),
                (_("Application"), content["application"]),
                (_("Agreed from"), _when(content["agreed"]["from"])),
                (_("Agreed to"), _when(content["agreed"]["to"])),
                (_("Where"), content["agreed"]["place"]),
                (_("Begun"), _when(content["begun_at"]) if content["begun_at"] else _("Not recorded")),
            ],
            "sample": draw_in_words(content["sample"]["seed"], content["sample"]) if content["sample"] else None,
            "stops": [
                *({**_camera(row), "title": row["reference"], **_seen(row)} for row in content["cameras"]),
                *(
                    {"title": row["name"], "location": PLACE_KINDS[row["kind"]], **_seen(row)}
                    for row in content["places"]
                ),
            ],
            "auditor": {"name": content["auditor"]["name"], "at": _when(content["auditor"]["signed_at"])},
            "signature": {**signature, "at": _when(signature["signed_at"])} if signature else None,
            "unsigned": {**unsigned, "at": _when(unsigned["recorded_at"]), "days": _days(unsigned["asked_on"])}
            if unsigned
            else None,
            "sha256": visit.record_sha256,
        }
        return render_to_string("certification/print/visit_record.html", context)


def record_pdf(visit: SiteVisit) -> bytes:
    return with_full_tags(html_to_pdf(record_html(visit)))


def _when(text: str) -> str:
    moment = parse_datetime(text)
    return date_format(moment.astimezone(LONDON), "j F Y, H:i") if moment else ""


def _days(days: list[str]) -> str:
    return ", ".join(date_format(dt.date.fromisoformat(day), "j F Y") for day in days)


def _camera(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reference": row["reference"],
        "system": row["system"],
        "location": row["location"],
        "stratum": capfirst(str(stratum_in_words(row["stratum"]))),
        "chosen_because": row["chosen_because"],
    }


def _lines(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"number": n, "text": line["text"]["en"], "principle": line["principle"]} for n, line in enumerate(lines, 1)
    ]


def _seen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lines": [
            {**line, "seen_words": capfirst(Observation.Seen(line["seen"]).label) if line["seen"] else "–"}
            for line in row["lines"]
        ],
        "photos": row["photos"],
    }

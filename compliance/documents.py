"""Self-assessments on paper: from a frozen content alone to html, and on to a tagged PDF, always the same bytes."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.exchange import words
from compliance.models import SignedAssessment
from compliance.system_words import signed_facts
from core.bilingual import WELSH, local_words
from core.dates import LONDON
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"
TEMPLATE = "compliance/print/self_assessment.html"


def signed_pdf(signed: SignedAssessment) -> bytes:
    """The whole that was signed, with the signature and the hash of the signed text. No query but for what is asked."""
    with override(LANGUAGE):
        content = json.loads(signed.content)
        at = signed.signed_at.astimezone(LONDON)
        context = _context(content) | {
            "kind": _("Signed self-assessment"),
            "created": at.date().isoformat(),
            "reference": signed.reference,
            "signature": [
                (_("Signed by"), signed.typed_name),
                (_("Post"), signed.post),
                (_("Signed on"), date_format(at, "j F Y, H:i")),
                (_("Reference of the signature"), signed.reference),
                (_("Schema of the signed text"), content["schema"]),
            ],
            "sha256": signed.sha256,
        }
        return _pdf(context)


def copy_pdf(content: Mapping[str, Any], *, blank: bool) -> bytes:
    """An unsigned copy of answers as they stand, or the questions with room to answer by hand."""
    with override(LANGUAGE):
        kind = _("Questions of the self-assessment") if blank else _("Self-assessment, unsigned copy")
        reference = ", ".join(part["reference"] for part in content["assessments"])
        return _pdf(_context(content) | {"kind": kind, "blank": blank, "reference": reference})


def _pdf(context: Mapping[str, Any]) -> bytes:
    return with_full_tags(html_to_pdf(render_to_string(TEMPLATE, context)))


def _context(content: Mapping[str, Any]) -> dict[str, Any]:
    parts = [_part(part) for part in content["assessments"]]
    return {
        "document_language": "en-GB",
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "operator": content["operator"]["name"],
        "systems": ", ".join(part["system"] for part in parts),
        "parts": parts,
    }


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reference": part["reference"],
        "system": part["system"]["name"],
        "facts": [(row["key"], row.get("values") or [row.get("value", "")]) for row in signed_facts(part["system"])],
        "edition": part["edition"],
        "started_on": _day(part["started_on"]),
        "scope": part["scope"],
        "principles": [
            {
                "number": principle["number"],
                "title": local_words(principle["title"]),
                "questions": [_question(question) for question in principle["questions"]],
            }
            for principle in part["principles"]
        ],
        "actions": [action | {"due": _day(action["due_on"])} for action in words.actions_of(part)],
        "evidence": words.evidence_list(part),
    }


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    answer = words.answer_of(question)
    return {
        "number": question["number"],
        "key": question["key"],
        "title": words.title_of(question),
        "question": words.text_of(question),
        "why": words.why_not_asked(question),
        "standing": words.standing_label(question),
        "choice": words.choice_label(answer["choice"]),
        "text": answer["text"],
        "welsh": answer["language"] == WELSH,
        "carried": words.carried_sentence(answer["carried_from"]),
        "version": answer["version"],
        "saved_on": _day(answer["saved_at"][:10]) if answer["saved_at"] else "",
        "evidence": words.evidence_of(question),
        "choices": question["kind"] != "text",
    }


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "j F Y")

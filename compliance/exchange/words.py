"""What a frozen content says, in the words of the page's language: the same for every kind of file. No queries."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from compliance.models import ActionItem
from compliance.models.assessment import Choice
from compliance.models.vocabulary import DocumentKind
from compliance.rules import NotAsked, Standing
from core.bilingual import local_words

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
# What XML cannot hold (XML 1.0, production 2): Word and Excel get a mark in its place.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


def for_xml(text: str) -> str:
    """The text as Word and Excel can hold it."""
    return NOT_IN_XML.sub(REPLACEMENT, text)


def questions_of(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every question of a self-assessment, in the order of the Code."""
    for principle in part["principles"]:
        yield from principle["questions"]


def answer_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with all its keys; empty ones where there is none. Texts signed under schema 1 lack the last two."""
    answer = question["answer"] or {}
    return {
        "choice": answer.get("choice", ""),
        "text": answer.get("text", ""),
        "language": answer.get("language", "en"),
        "version": answer.get("version", 0),
        "saved_at": answer.get("saved_at") or "",
        "carried_from": answer.get("carried_from", ""),
    }


def evidence_of(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """None in texts signed under schema 1."""
    found: list[dict[str, Any]] = question.get("evidence", [])
    return found


def choice_label(choice: str) -> str:
    return str(Choice(choice).label) if choice else ""


def standing_label(question: Mapping[str, Any]) -> str:
    return str(Standing(question["standing"]).label)


def why_not_asked(question: Mapping[str, Any]) -> str:
    """Why it is not asked, in a sentence, or ''."""
    return NotAsked(**question["not_asked"]).sentence if question["not_asked"] else ""


def carried_sentence(carried_from: str) -> str:
    return _("Carried over, not yet reconfirmed: %(source)s") % {"source": carried_from} if carried_from else ""


def actions_of(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The action plan in the order of the principles, with labels beside the keys."""
    return [
        {
            **action,
            "principle": principle["number"],
            "priority_label": str(ActionItem.Priority(action["priority"]).label),
            "status_label": str(ActionItem.Status(action["status"]).label),
        }
        for principle in part["principles"]
        for action in principle["actions"]
    ]


def evidence_list(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each piece of evidence once, by reference, with the numbers of the questions that it supports."""
    found: dict[str, dict[str, Any]] = {}
    for question in questions_of(part):
        for piece in evidence_of(question):
            row = found.setdefault(
                piece["reference"],
                {**piece, "kind_label": str(DocumentKind(piece["kind"]).label), "questions": []},
            )
            row["questions"].append(question["number"])
    return [found[reference] for reference in sorted(found)]


def title_of(question: Mapping[str, Any]) -> str:
    return local_words(question["title"])


def text_of(question: Mapping[str, Any]) -> str:
    return local_words(question["text"])

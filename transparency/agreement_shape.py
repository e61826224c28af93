"""A published agreement in the form of the text that was signed: for its document and for drafts that begin so."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import override

from slas.models import Redaction
from transparency.languages import LANGUAGES

Content = Mapping[str, Any]


def as_signed(content: Content, *, with_withheld: bool) -> dict[str, Any]:
    """As `slas.frozen_text` has it, as far as it is public; withheld clauses are there without any text, or not."""
    return {
        **{name: content[name] for name in ("reference", "clause_set", "languages", "library", "technologies")},
        **_both("title", content["title"]),
        "parties": [{**party, **_both("name", party["name"])} for party in content["parties"]],
        "systems": [{**system, **_both("name", system["name"])} for system in content["systems"]],
        "clauses": [_clause(clause) for clause in content["clauses"] if with_withheld or not clause["withheld"]],
    }


def withheld_words(content: Content) -> dict[str, dict[str, str]]:
    """For each clause that is withheld the reason in words, in both languages."""
    return {clause["key"]: words_of(clause["withheld"]) for clause in content["clauses"] if clause["withheld"]}


def words_of(withheld: Content) -> dict[str, str]:
    """The reason that was chosen, with what was said about it: `en`, `cy`."""
    found = {}
    for language in LANGUAGES:
        with override(language.code):
            label = capfirst(str(Redaction.Reason(withheld["reason"]).label))
        details = withheld["details"].get(language.tag) or withheld["details"].get("en", "")
        if withheld["reason"] == Redaction.Reason.OTHER:
            found[language.tag] = details
        else:
            found[language.tag] = f"{label}. {details}" if details else f"{label}."
    return found


def _clause(clause: Content) -> dict[str, Any]:
    hidden = bool(clause["withheld"])
    return {
        "number": clause["number"],
        "key": clause["key"],
        **_both("title", clause["title"]),
        "left_out": False if hidden else clause["left_out"],
        "reason": "" if hidden else clause["reason"],
        **_both("text", {} if hidden else clause["text"]),
        "values": {} if hidden else clause["values"],
        "own_wording": False if hidden else clause["own_wording"],
    }


def _both(name: str, words: Mapping[str, str]) -> dict[str, str]:
    return {name: words.get("en", ""), f"{name}_cy": words.get("cy", "")}

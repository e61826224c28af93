"""What the page of a published agreement shows, from its frozen content, in the language of the page."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst

from accounts.models import Organisation
from compliance.models.vocabulary import Technology
from core.bilingual import local_words
from slas.models import Agreement, ClauseSet, PartyRole, Side
from transparency.agreement_figures import shown_measures
from transparency.agreement_register import dated_row, with_page
from transparency.agreement_shape import words_of
from transparency.models import Publication
from transparency.pages.words import OwnText, day, labels, own_text

DAYS = ("completed_on", "starts_on", "ends_on", "review_on", "replaced_from", "ends_early_on")


TYPED = re.compile(r"(?:.*/agreements/)?AG[\s-]*([0-9A-Z]{7})/?", re.IGNORECASE)


def reference_in(typed: str) -> str:
    """The reference of an agreement as somebody typed it, or its address; empty where it is none."""
    found = TYPED.fullmatch(typed.strip())
    return f"AG-{found[1].upper()}" if found else ""


def newest_of(reference: str) -> Publication | None:
    """The newest version of an agreement, withdrawn or not. One query."""
    versions = Publication.objects.of_agreements().filter(subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def what_is_agreed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page says but what the agreement is worth today. Two queries."""
    names = {party["slug"]: local_words(party["name"]) for party in content["parties"]}
    paged = with_page(names)
    references = [system["reference"] for system in content["systems"]]
    systems = Publication.objects.of_systems().current().filter(subject_reference__in=references)
    paths = dict(systems.values_list("subject_reference", "path"))
    clauses = [_clause(clause) for clause in content["clauses"]]
    return {
        "reference": content["reference"],
        "title": _own(content["title"]),
        "clause_set": ClauseSet(content["clause_set"]).label,
        "is_bilingual": "cy" in content["languages"],
        "is_ink": content["origin"] == Agreement.Origin.INK,
        "parties": [_party(party, paged) for party in content["parties"]],
        "systems": [
            {"name": local_words(each["name"]), "path": paths.get(each["reference"], "")} for each in content["systems"]
        ],
        "technologies": labels(content["technologies"], Technology),
        "dates": {name: day(content["dates"][name]) for name in DAYS},
        "notice_months": content["dates"]["notice_months"],
        "signatures": [
            {"party": names.get(each["party"], each["party"]), "post": each["post"], "on": day(each["on"])}
            for each in content["signatures"]
        ],
        "text_sha256": content["text_sha256"],
        "clauses": clauses,
        "withheld": sum(1 for clause in clauses if clause["withheld"]),
        "ink": _ink(content["ink"]),
        "measures": shown_measures(content),
    }


def _own(words: Mapping[str, str]) -> OwnText:
    return own_text({tag: {"text": words.get(tag, "")} for tag in ("en", "cy")}, "text")


def _party(party: Mapping[str, Any], paged: set[str]) -> dict[str, Any]:
    return {
        "name": local_words(party["name"]),
        "slug": party["slug"] if party["slug"] in paged else "",
        "side": capfirst(str(Side(party["side"]).label)),
        "role": capfirst(str(PartyRole(party["role"]).label)),
    }


def _clause(clause: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"number": clause["number"], "anchor": f"clause-{clause['key']}", "title": _own(clause["title"])}
    if clause["withheld"]:
        return {**shown, "withheld": local_words(words_of(clause["withheld"]))}
    return {
        **shown,
        "withheld": "",
        "left_out": clause["left_out"],
        "reason": clause["reason"],
        "text": _own(clause["text"]),
    }


def _ink(ink: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if ink is None:
        return None
    return {"scope": _own(ink["scope"]), "signed_on": day(ink["signed_on"]), "signed_by": ink["signed_by"]}


def agreements_with(organisation: Organisation) -> list[Publication]:
    """The newest versions of those to which it is party, withdrawn ones included. One query."""
    return list(Publication.objects.of_agreements().newest().with_party(organisation).for_list())


def agreements_on(system: str) -> list[dict[str, Any]]:
    """Those that are public and name the system. One query."""
    return dated_rows(Publication.objects.of_agreements().newest().on_system(system).for_list())


def dated_rows(publications: Iterable[Publication]) -> list[dict[str, Any]]:
    """Those that are not withdrawn, for pages that are baked: by their days. No query."""
    return [dated_row(each) for each in publications if not each.is_withdrawn]

"""The register of published agreements: how rows read, and by what it is filtered, on its page and in the API.

There are some hundreds at most: all are read without their texts, and what does not fit is left away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.models.roles import OPERATOR_KINDS
from compliance.models.vocabulary import Technology
from core.bilingual import is_welsh_page, local_words
from slas.models import Side, Standing
from transparency.agreement_standing import PUBLIC, day_of, standing_of, worth
from transparency.asked import chooser, known, says, words
from transparency.folding import folded
from transparency.models import Publication

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Choice:
    """What somebody asked for. An unknown value of a fixed list filters nothing; an unknown name finds nothing."""

    standing: str = ""
    technology: str = ""
    force: str = ""
    council: str = ""
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        """From the parameters of an address; `q` is the text."""
        return cls(
            standing=known(asked, "standing", [each.value for each in PUBLIC]),
            technology=known(asked, "technology", Technology.values),
            force=words(asked, "force"),
            council=words(asked, "council"),
            text=words(asked),
        )

    def __bool__(self) -> bool:
        return self != Choice()


def published() -> list[Publication]:
    """All that are public now, the newest first day first, without their texts. One query."""
    found = Publication.objects.of_agreements().current().for_list()
    return sorted(found, key=lambda each: (each.summary["starts_on"] or "", each.subject_reference), reverse=True)


def filtered(publications: Iterable[Publication], choice: Choice, on: date) -> list[Publication]:
    """Those that fit on that day, in their order. No query."""
    return [each for each in publications if _fits(each, choice, on)]


def _fits(publication: Publication, choice: Choice, on: date) -> bool:
    summary = publication.summary
    if choice.standing and standing_of(summary, on) != Standing(choice.standing):
        return False
    if choice.technology and choice.technology not in summary["technologies"]:
        return False
    sides = ((choice.force, Side.POLICE), (choice.council, Side.COUNCILS))
    if any(slug and (slug, side.value) not in _stands(summary) for slug, side in sides):
        return False
    return _is_found(publication, choice.text)


def _stands(summary: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(party["slug"], party["side"]) for party in summary["parties"]}


def _is_found(publication: Publication, text: str) -> bool:
    """Whether each word asked for begins a word of its titles, its parties or its number."""
    names = [name for party in publication.summary["parties"] for name in party["name"].values()]
    return says([publication.title, publication.title_cy, publication.subject_reference, *names], text)


def row(publication: Publication, on: date) -> dict[str, Any]:
    """One line of a list, in the language of the page. No query."""
    summary = publication.summary
    return {
        "reference": publication.subject_reference,
        "path": publication.path,
        "title": publication.local_title,
        "lang": "en" if is_welsh_page() and not publication.title_cy else "",
        "councils": names_on(summary, Side.COUNCILS),
        "police": names_on(summary, Side.POLICE),
        "technologies": technologies_in(summary),
        "starts_on": day_of(summary["starts_on"]),
        "ends_on": day_of(summary["ends_early_on"] or summary["ends_on"]),
        "worth": worth(summary, on),
    }


def dated_row(publication: Publication) -> dict[str, Any]:
    """The same for a page that is baked: its days, and no word that today decides. No query."""
    summary = publication.summary
    return {
        "reference": publication.subject_reference,
        "path": publication.path,
        "title": publication.local_title,
        "lang": "en" if is_welsh_page() and not publication.title_cy else "",
        "parties": ", ".join([*names_on(summary, Side.COUNCILS), *names_on(summary, Side.POLICE)]),
        "technologies": technologies_in(summary),
        "starts_on": day_of(summary["starts_on"]),
        "ends_on": day_of(summary["ends_early_on"] or summary["ends_on"]),
        "replaced_from": day_of(summary["replaced_from"]),
    }


def technologies_in(summary: Mapping[str, Any]) -> str:
    return ", ".join(str(each.label) for each in Technology if each.value in summary["technologies"])


def names_on(summary: Mapping[str, Any], side: Side) -> list[str]:
    return [local_words(party["name"]) for party in summary["parties"] if party["side"] == side]


def options(publications: Iterable[Publication], choice: Choice) -> list[dict[str, Any]]:
    """The lists to choose from, in the order of the form: parties are those that stand in the register. No query."""
    rows = list(publications)
    standings = [(each.value, each.label) for each in PUBLIC]
    return [
        chooser("standing", _("Standing today"), standings, choice.standing),
        chooser("technology", _("Technology"), Technology.choices, choice.technology),
        chooser("force", _("Police force or agency"), _parties(rows, Side.POLICE), choice.force),
        chooser("council", _("Council"), _parties(rows, Side.COUNCILS), choice.council),
    ]


def _parties(publications: Iterable[Publication], side: Side) -> list[tuple[str, str]]:
    known = {
        party["slug"]: local_words(party["name"])
        for publication in publications
        for party in publication.summary["parties"]
        if party["side"] == side
    }
    return sorted(known.items(), key=lambda pair: folded(pair[1]))


def with_page(slugs: Iterable[str]) -> set[str]:
    """Which of these parties have a page of their own. One query."""
    return set(
        Organisation.objects.outward()
        .filter(slug__in=list(slugs), kind__in=OPERATOR_KINDS)
        .values_list("slug", flat=True)
    )

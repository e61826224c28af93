"""Two surveys beside each other, question by question: what has the same key is the same question. Figures that others
reported are marked as such, and have a rate only where whoever reported them gave one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.bilingual import local_words
from strategy import survey_register, survey_tables, survey_words
from strategy.models.surveys import QuestionKind
from transparency.models import Publication

ANSWERING = "answering"  # the key under which a reported survey says how many answered


@dataclass(frozen=True)
class Side:
    """One of the two: frozen content, or what somebody reported."""

    key: str
    title: str
    address: str
    content: Mapping[str, Any]
    is_reported: bool

    def questions(self) -> dict[str, Mapping[str, Any]]:
        listed = self.content["figures" if self.is_reported else "questions"]
        return {each["key"]: each for each in listed if each["key"] != ANSWERING}


def offered() -> list[tuple[str, str]]:
    """What can be compared: value and words. One query."""
    found = [(each.subject_reference, each.local_title) for each in survey_register.published()]
    return [*found, *((each["key"], _reported_title(each)) for each in survey_tables.reported())]


def _reported_title(survey: Mapping[str, Any]) -> str:
    return _("%(title)s (reported)") % {"title": local_words(survey["title"])}


def sides(wanted: Sequence[str]) -> list[Side]:
    """Those that are public, in the order in which they were asked for; what is unknown is left out. One query."""
    reported = {each["key"]: each for each in survey_tables.reported()}
    rows = Publication.objects.filter(kind=Publication.Kind.SURVEY, subject_reference__in=wanted).current()
    found = {each.subject_reference: each for each in rows.select_related("organisation")}
    made = []
    for key in dict.fromkeys(wanted):
        if key in reported:
            made.append(Side(key, _reported_title(reported[key]), f"/surveys/#{key}", reported[key], is_reported=True))
        elif key in found and found[key].organisation.is_counted:
            each = found[key]
            made.append(Side(key, each.local_title, each.path, each.facts(), is_reported=False))
    return made


def compared(both: Sequence[Side]) -> dict[str, Any]:
    """What stands in both, question by question, and the texts of what only one asked."""
    first, second = (each.questions() for each in both)
    common = [key for key in first if key in second]
    return {
        "sides": both,
        "response": [_response(each) for each in both],
        "questions": [
            {
                "number": number,
                "text": survey_register.own(_texts(first[key])),
                "heads": [each.title for each in both],
                "rows": _rows(first[key], second[key]),
                "is_reworded": _texts(first[key])["en"] != _texts(second[key])["en"],
            }
            for number, key in enumerate(common, start=1)
        ],
        "alone": [
            {
                "title": side.title,
                "texts": [local_words(_texts(each)) for key, each in own.items() if key not in common],
            }
            for side, own in zip(both, (first, second), strict=True)
        ],
    }


def _texts(question: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = question["text"]
    return found


def _response(side: Side) -> str:
    if not side.is_reported:
        response = side.content["response"]
        return survey_register.rate_words(response["answered"], response["asked"])
    figure = next((each for each in side.content["figures"] if each["key"] == ANSWERING), None)
    return _("%(number)s; how many were asked is not known") % {"number": _figure(figure)} if figure else _("not known")


def _figure(figure: Mapping[str, Any]) -> str:
    number = number_format(figure["number"], force_grouping=True)
    return _("More than %(number)s") % {"number": number} if figure["more_than"] else number


def _rows(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """A row for each answer of either, with its words; numbers have one row."""
    cells = [_cells(each) for each in (first, second)]
    words = dict.fromkeys(word for each in cells for word in each)
    return [(word, [each.get(word, _("not asked")) for each in cells]) for word in words]


def _cells(question: Mapping[str, Any]) -> dict[str, str]:
    if "number" in question:
        return {_("All together"): _figure(question)}
    if question["kind"] == QuestionKind.NUMBER:
        told = survey_register.count_words(question["sum"]) if question["counts"]["given"] != 0 else _("no answer")
        return {_("All together"): told}
    words = survey_words.choices(question["kind"], question["options"])
    return {capfirst(word): _share(question["counts"][value], question["total"]) for value, word in words}


def _share(count: int | None, total: int) -> str:
    return survey_register.count_words(None) if count is None else survey_register.rate_words(count, total)

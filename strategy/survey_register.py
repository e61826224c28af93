"""Published surveys as everybody reads them: from frozen publications alone, and never from a return."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from accounts.models.organisation import Nation
from core.bilingual import is_welsh_page, local_words
from core.charts import Chart, Row, Table, compared
from strategy import survey_words
from strategy.models.surveys import QuestionKind
from strategy.shares import percent
from strategy.suppression import SMALLEST
from transparency.models import Publication
from transparency.pages.words import REGIONS, OwnText, day

Content = Mapping[str, Any]
COLUMNS = ("part", "question", "text", "answer", "answer_text", "split", "group", "count", "of", "left_out")
HEADS = ("region", "nation", "kind")
SURVEYED = ("surveillance-camera-2020", "5.5")
MOST_SURVEYS = 10  # that the page of that deliverable reads
UPTAKE = "agreement"  # the key of the question by which a survey measures how far agreements were taken up (5.5)


def published() -> list[Publication]:
    """What is public now, the newest first. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.SURVEY).current().select_related("organisation")
    rows = rows.filter(organisation__in=Organisation.objects.counted()).defer("content")
    return sorted(rows, key=lambda each: (each.summary["closes_on"], each.pk), reverse=True)


def line(publication: Publication) -> dict[str, Any]:
    """One line of the list, in the language of the page. No query."""
    asked, answered = publication.summary["asked"], publication.summary["answered"]
    return {
        "reference": publication.subject_reference,
        "path": publication.path,
        "title": publication.local_title,
        "organisation": publication.organisation.local_name,
        "closed_on": day(publication.summary["closes_on"]),
        "response": rate_words(answered, asked),
    }


def rate_words(part: int, whole: int) -> str:
    """Never a share without its two numbers."""
    return _("%(part)d of %(whole)d (%(share)s)") % {"part": part, "whole": whole, "share": percent(part, whole)}


def own(texts: Mapping[str, str]) -> OwnText:
    """In the language of the page, else in English and marked as such."""
    return OwnText(local_words(texts), "en" if is_welsh_page() and not texts.get("cy") else "")


def shown(content: Content) -> dict[str, Any]:
    """Everything that the page of one survey says, but what its publication says. No query."""
    response = content["response"]
    return {
        "reference": content["reference"],
        "title": own(content["title"]),
        "purpose": own(content["purpose"]),
        "opened_on": day(content["opens_on"]),
        "closed_on": day(content["closes_on"]),
        "counted_on": day(content["counted_on"]),
        "response": rate_words(response["answered"], response["asked"]),
        "led_elsewhere": response["led_elsewhere"],
        "charts": [_response_chart(split, response["by"][split]) for split in HEADS if len(response["by"][split]) > 1],
        "questions": [_question(each, number) for number, each in enumerate(content["questions"], start=1)],
        "smallest": SMALLEST,
    }


def _head(split: str) -> tuple[str, str]:
    """The title of a chart and the first column of its table."""
    return {
        "region": (_("Response by region"), _("Region")),
        "nation": (_("Response by nation"), _("Nation")),
        "kind": (_("Response by kind of organisation"), _("Kind")),
    }[split]


def group_words(split: str, key: str) -> str:
    if not key:
        return _("not known")
    if split == "region":
        return str(REGIONS.get(key, key))
    return str((Nation(key) if split == "nation" else Kind(key)).label)


def _response_chart(split: str, groups: Mapping[str, Mapping[str, int]]) -> Chart:
    title, head = _head(split)
    rows, cells = [], []
    for key, row in groups.items():
        name, asked, answered = capfirst(group_words(split, key)), row["asked"], row["answered"]
        rows.append(Row(name, ((asked, answered),)))
        cells.append((name, (str(asked), str(answered), percent(answered, asked))))
    return compared(
        f"response-{split}",
        title,
        _("How many organisations were asked, and how many signed a return."),
        series=(_("asked"), _("answered")),
        rows=rows,
        table=Table(head, (_("asked"), _("answered"), _("share")), tuple(cells)),
    )


def _question(question: Content, number: int) -> dict[str, Any]:
    facts = {
        "key": question["key"],
        "number": number,
        "text": own(question["text"]),
        "total": question["total"],
        "is_number": question["kind"] == QuestionKind.NUMBER,
        "hides": _hides(question),
    }
    if facts["is_number"]:
        return {**facts, **_number(question)}
    words = survey_words.choices(question["kind"], question["options"])
    regions = [
        {
            "name": capfirst(group_words("region", row["region"])),
            "cells": [count_words(count) for count in row["counts"]],
        }
        for row in question["by_region"]
    ]
    return {
        **facts,
        "chart": _answer_chart(question, words, number) if any(question["counts"].values()) else None,
        "heads": [capfirst(word) for _value, word in words],
        "regions": regions if len(regions) > 1 else [],
        "is_whole": not regions,
    }


def _number(question: Content) -> dict[str, Any]:
    unit, total = local_words(question["unit"]), question["sum"]
    return {
        "given": count_words(question["counts"]["given"]),
        "sum": count_words(total, unit) if question["counts"]["given"] != 0 else _("no answer"),
    }


def count_words(count: int | None, unit: str = "") -> str:
    """A number as the page says it: one that is left out is said in words."""
    return _("left out") if count is None else f"{count:,} {unit}".strip()


def _hides(question: Content) -> bool:
    counts = [*question["counts"].values(), *(n for row in question.get("by_region", ()) for n in row["counts"])]
    return None in counts


def _answer_chart(question: Content, words: list[tuple[str, str]], number: int) -> Chart:
    """A bar for each answer whose number is shown; the table names them all."""
    counts, total = question["counts"], question["total"]
    rows, cells = [], []
    for value, word in words:
        count, label = counts[value], capfirst(word)
        if count is not None:
            rows.append(Row(label if len(label) < 52 else f"{label[:50]}…", ((count,),)))
        cells.append((label, (count_words(count), "–" if count is None else percent(count, total))))
    return compared(
        f"answers-{number}",
        _("Question %(number)d: what was answered") % {"number": number},
        _("Of %(count)d returns that count.") % {"count": total},
        series=(_("answers"),),
        rows=rows,
        table=Table(_("Answer"), (_("answers"), _("share")), tuple(cells)),
    )


Line = tuple[str, str, str, str, str, str, str, int | str, int | str, str]  # as COLUMNS; an empty count is left out


def table(content: Content) -> Iterator[Line]:
    response = content["response"]
    for name in ("asked", "answered", "led_elsewhere"):
        yield ("response", "", "", name, "", "all", "", response[name], "", "no")
    for split in HEADS:
        for group, row in response["by"][split].items():
            for name in ("asked", "answered"):
                yield ("response", "", "", name, "", split, group, row[name], "", "no")
    for question in content["questions"]:
        yield from _answer_lines(question)


def _answer_lines(question: Content) -> Iterator[Line]:
    text, total = local_words(question["text"]), question["total"]

    def made(answer: str, words: str, split: str, group: str, count: int | None) -> Line:
        hidden = count is None
        of: int | str = total if split == "all" else ""
        number: int | str = "" if count is None else count
        return ("answers", question["key"], text, answer, words, split, group, number, of, "yes" if hidden else "no")

    words = dict(survey_words.choices(question["kind"], question["options"]))
    for answer, count in question["counts"].items():
        yield made(answer, words.get(answer, ""), "all", "", count)
    if question["kind"] == QuestionKind.NUMBER:
        yield made("sum", "", "all", "", question["sum"] if question["counts"]["given"] != 0 else 0)
    for row in question.get("by_region", ()):
        for (answer, word), count in zip(words.items(), row["counts"], strict=True):
            yield made(answer, word, "region", row["region"], count)


def is_surveyed(strategy_key: str, number: str) -> bool:
    """Whether the plan says that a survey measures that deliverable too (domain 6.2)."""
    return (strategy_key, number) == SURVEYED


def uptake() -> list[dict[str, Any]]:
    """Response and answers of the newest surveys that ask how far agreements were taken up. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.SURVEY).current().select_related("organisation")
    rows = rows.filter(organisation__in=Organisation.objects.counted()).order_by("-published_at")
    found = []
    for publication in rows[:MOST_SURVEYS]:
        asked = [each for each in publication.facts()["questions"] if each["key"] == UPTAKE]
        if asked and asked[0]["kind"] != QuestionKind.NUMBER:
            found.append({**line(publication), "counts": _uptake_counts(asked[0])})
    return found


def _uptake_counts(question: Content) -> list[tuple[str, str]]:
    words, counts, total = (
        survey_words.choices(question["kind"], question["options"]),
        question["counts"],
        question["total"],
    )
    return [
        (capfirst(word), count_words(None) if counts[value] is None else rate_words(counts[value], total))
        for value, word in words
    ]

"""What pages and files show of a national consultation, from frozen content, in the language of the page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.bilingual import is_welsh_page, local_words
from core.charts import Chart, Row, Table, compared
from strategy.models.consultations import STAGE_COLOURS, Decided, QuestionKind, stage_of
from strategy.services.consultation_questions import choices, words_of
from strategy.services.consultation_responses import moment_words
from strategy.services.consultation_summary import share
from transparency.languages import active
from transparency.models import Publication
from transparency.pages.words import OwnText, day

Content = Mapping[str, Any]
COLUMNS = ("question", "text", "option", "count", "people", "organisations", "answered")


def own(texts: Mapping[str, str]) -> OwnText:
    """A text in the language of the page, else in English and marked as such."""
    return OwnText(local_words(texts), "en" if is_welsh_page() and not texts.get("cy") else "")


def shown(publication: Publication, at: dt.datetime) -> dict[str, Any]:
    """Everything that its pages say at a moment. No query."""
    content = publication.facts()
    opens_at, closes_at = (dt.datetime.fromisoformat(content[name]) for name in ("opens_at", "closes_at"))
    status = "withdrawn" if publication.is_withdrawn else "concluded" if content["outcome"] else "open"
    stage = stage_of(status, opens_at, closes_at, at)
    questions = [question_of(each, number) for number, each in enumerate(content["questions"], start=1)]
    title = own(content["title"])
    return {
        "publication": publication,
        "path": publication.path,
        "reference": content["reference"],
        "organisation": local_words(content["organisation"]["name"]),
        "title": title,
        "about": own(content["summary"]),
        "background": own(content["background"]),
        "contact": content["contact"],
        "keep_months": content["keep_months"],
        "opens": moment_words(opens_at),
        "closes": moment_words(closes_at),
        "stage": str(stage),
        "stage_label": stage.label,
        "colour": STAGE_COLOURS[stage],
        "questions": questions,
        "documents": [{**each, "title": own(each["title"])} for each in content["documents"]],
        "outcome": outcome_of(content["outcome"], questions) if content["outcome"] else None,
        "as_of": publication.published_at,
    }


def question_of(question: Content, number: int) -> dict[str, Any]:
    text = own({"en": question["text"], "cy": question["text_cy"]})
    listed = [] if question["kind"] == QuestionKind.TEXT else [capfirst(words) for _v, words in choices(dict(question))]
    return {
        **question,
        "number": number,
        "words": text.text,
        "label": f"{number}. {text.text}",
        "lang": text.lang,
        "listed": listed,
    }


def outcome_of(outcome: Content, questions: list[dict[str, Any]]) -> dict[str, Any]:
    decided = {each["key"]: each for each in outcome["questions"]}
    counted = {each["key"]: each for each in outcome["summary"]["questions"]}
    return {
        "on": day(outcome["on"]),
        "text": own(outcome["text"]),
        "summary": outcome["summary"],
        "questions": [_result(each, decided[each["key"]], counted[each["key"]]) for each in questions],
        "responses": [_response(each, questions) for each in outcome["responses"]],
    }


def _result(question: dict[str, Any], decided: Content, counted: Content) -> dict[str, Any]:
    return {
        "question": question,
        "heard": own(decided["heard"]),
        "decision": capfirst(str(Decided(decided["decision"]).label)),
        "change": own(decided["change"]) if decided["change"]["en"] else None,
        "answered": counted["answered"],
        "chart": _chart(question, counted) if counted["options"] else None,
        "is_hidden": bool(counted["options"]) and not counted["is_split"],
    }


def _chart(question: dict[str, Any], counted: Content) -> Chart:
    """A bar for each option; the table has the split by who answered, where it may be shown."""
    words, answered = dict(choices(question)), counted["answered"]
    heads = [_("answers"), _("share")]
    if counted["is_split"]:
        heads += [_("people"), _("organisations")]
    rows, cells = [], []
    for option in counted["options"]:
        label = capfirst(words[option["value"]])
        rows.append(Row(label if len(label) < 52 else f"{label[:50]}…", ((option["count"],),)))
        values = [str(option["count"]), share(option["count"], answered) or "–"]
        if counted["is_split"]:
            values += [str(option["people"]), str(option["organisations"])]
        cells.append((label, tuple(values)))
    return compared(
        f"chart-{question['key']}",
        _("Question %(number)d: what was chosen") % {"number": question["number"]},
        _("%(count)d answers to this question.") % {"count": answered},
        series=(_("answers"),),
        rows=rows,
        table=Table(_("Option"), tuple(heads), tuple(cells)),
    )


def _response(response: Content, questions: list[dict[str, Any]]) -> dict[str, Any]:
    who = response["who"] or (_("An organisation") if response["is_organisation"] else _("A person"))
    rows = []
    for question in questions:
        given = response["answers"].get(question["key"])
        if not given:
            continue
        parts = given if question["kind"] == QuestionKind.TEXT else words_of(question, given)
        is_text = question["kind"] == QuestionKind.TEXT
        rows.append({"question": question, "parts": parts, "is_text": is_text})
    lang = response["language"] if response["language"] != active().tag else ""
    return {"who": who, "reference": response["reference"], "lang": lang, "rows": rows}


def in_lines(values: list[str]) -> dict[str, Any]:
    """What a summary list shows: several as a list, one with its own line ends."""
    return {"values": values} if len(values) > 1 else {"value": "".join(values)}


def typed(form: Any) -> list[dict[str, Any]]:
    """Everything that was typed, as it will be kept; '' of a field in which nothing stands."""
    data, rows = form.data, []
    for name, field in form.fields.items():
        words = {str(value): str(label) for value, label in getattr(field, "choices", ())}
        values = [words.get(value, value) for value in data.getlist(name) if value]
        rows.append({"key": field.label, **in_lines(values or [_("not given")])})
    return rows


def table(content: Content) -> Iterator[tuple[Any, ...]]:
    """The rows of the file: an option each; a question in words has one row without an option."""
    counted = {each["key"]: each for each in content["outcome"]["summary"]["questions"]}
    for question in content["questions"]:
        found = counted[question["key"]]
        text = local_words({"en": question["text"], "cy": question["text_cy"]})
        if not found["options"]:
            yield question["key"], text, "", "", "", "", found["answered"]
        words = dict(choices(dict(question))) if found["options"] else {}
        for option in found["options"]:
            split = (option.get("people", ""), option.get("organisations", ""))
            yield question["key"], text, words[option["value"]], option["count"], *split, found["answered"]

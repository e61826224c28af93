"""How many answered, and what, question by question: counts of what was chosen, never words of people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.models import Consultation
from strategy.models.consultations import NationalResponse, QuestionKind
from strategy.services.consultation_questions import choices

FEW = 5  # a figure by who answered is shown from here on: below, somebody might be known by it
ENOUGH_FOR_SHARES = 10  # a share of fewer than ten says more than there is
Answers = Iterable[tuple[bool, Mapping[str, Any]]]


def summary_of(consultation: Consultation) -> dict[str, Any]:
    """Counts of every answer that is not set aside. Two queries."""
    national = NationalResponse.objects.filter(response__consultation=consultation)
    rows = list(
        national.values_list("is_organisation", "is_set_aside", "response__language", "channel", "response__answers")
    )
    counted = [
        (organisation, language, channel, answers)
        for organisation, aside, language, channel, answers in rows
        if not aside
    ]
    keyed = [(organisation, _by_key(consultation.questions, answers)) for organisation, _l, _c, answers in counted]
    return {
        "received": len(rows),
        "set_aside": len(rows) - len(counted),
        "counted": len(counted),
        "organisations": sum(1 for organisation, *_rest in counted if organisation),
        "people": sum(1 for organisation, *_rest in counted if not organisation),
        "in_welsh": sum(1 for _o, language, *_rest in counted if language == "cy"),
        "by_file": sum(1 for *_rest, channel, _a in counted if channel == NationalResponse.Channel.FILE),
        "questions": [_counted(question, keyed) for question in consultation.questions],
    }


def _by_key(questions: list[dict[str, Any]], answers: list[Any]) -> dict[str, Any]:
    return {question["key"]: answer for question, answer in zip(questions, answers, strict=False)}


def _counted(question: dict[str, Any], keyed: Answers) -> dict[str, Any]:
    """One question: how many answered it, and how often each option was chosen, by people and by organisations where
    none of these figures is small.
    """
    key, kind = question["key"], question["kind"]
    given = [(organisation, answers.get(key)) for organisation, answers in keyed if answers.get(key)]
    found: dict[str, Any] = {"key": key, "answered": len(given), "options": []}
    if kind == QuestionKind.TEXT:
        return found
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for organisation, answer in given:
        counts[organisation].update(answer if isinstance(answer, list) else [str(answer)])
    values = [value for value, _words in choices(question, welsh=False)]
    split = _may_be_split(counts, values)
    for value in values:
        row: dict[str, Any] = {"value": value, "count": counts[True][value] + counts[False][value]}
        if split:
            row |= {"organisations": counts[True][value], "people": counts[False][value]}
        found["options"].append(row)
    found["is_split"] = split
    return found


def _may_be_split(counts: Mapping[bool, Counter[str]], values: Iterable[str]) -> bool:
    """One small figure hides the whole split: with the total beside it, it could be worked out from the others."""
    return all(not 0 < counts[side][value] < FEW for value in values for side in (True, False)) and all(
        counts[side].total() for side in (True, False)
    )


def share(count: int, answered: int) -> str:
    """In per cent, whole; '' where too few answered for it."""
    return f"{round(100 * count / answered)}%" if answered >= ENOUGH_FOR_SHARES else ""

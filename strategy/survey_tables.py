"""What signed returns add up to: response by part of the country, and the answers to each question."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from strategy.models.surveys import QuestionKind, Survey, SurveyQuestion, SurveyReturn
from strategy.suppression import suppress, suppress_counts

SPLITS = ("region", "nation", "kind")
REPORTED = Path(__file__).parent / "data" / "surveys" / "reported.yaml"


def reported() -> list[dict[str, Any]]:
    """National figures that others reported, oldest first. The portal counted none of them."""
    found: list[dict[str, Any]] = yaml.safe_load(REPORTED.read_text(encoding="utf-8"))
    return sorted(found, key=lambda each: each["year"])


def counted(returns: Iterable[SurveyReturn]) -> list[SurveyReturn]:
    """Those whose answers count: signed, and of organisations that lead their systems themselves. Who names a lead has
    answered, but its systems stand in the lead's return.
    """
    return [each for each in returns if each.status == SurveyReturn.Status.SIGNED and each.lead_id is None]


def response(returns: Sequence[SurveyReturn]) -> dict[str, Any]:
    """How many were asked and how many signed a return, in all and by part of the country. Whoever names a lead has
    answered too. Who was asked is known, so nothing is left out here.
    """
    signed = [each for each in returns if each.status == SurveyReturn.Status.SIGNED]
    return {
        "asked": len(returns),
        "answered": len(signed),
        "led_elsewhere": sum(each.lead_id is not None for each in signed),
        "by": {split: _by(returns, split) for split in SPLITS},
    }


def _by(returns: Iterable[SurveyReturn], split: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for each in returns:
        row = found.setdefault(getattr(each.organisation, split) or "", {"asked": 0, "answered": 0})
        row["asked"] += 1
        row["answered"] += each.status == SurveyReturn.Status.SIGNED
    return dict(sorted(found.items()))


def answers(questions: Iterable[SurveyQuestion], returns: Iterable[SurveyReturn]) -> list[dict[str, Any]]:
    """Each question with what was answered, small numbers left out; texts are read by the secretary and never shown."""
    rows = counted(returns)
    return [_answered(question, rows) for question in questions if question.kind != QuestionKind.TEXT]


def _answered(question: SurveyQuestion, rows: Sequence[SurveyReturn]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "key": question.key,
        "kind": question.kind,
        "text": {"en": question.text, "cy": question.text_cy},
        "options": question.options,
        "unit": {"en": question.unit, "cy": question.unit_cy},
    }
    if question.kind == QuestionKind.NUMBER:
        given = [each.answers[question.key] for each in rows if question.key in each.answers]
        counts = suppress_counts({"given": len(given), "not_given": len(rows) - len(given)})
        is_shown = counts["given"] is not None and len(given) > 0
        return {**facts, "counts": counts, "total": len(rows), "sum": sum(given) if is_shown else None}
    values = _values(question)
    regions = sorted({each.organisation.region for each in rows})
    table = [[_count(rows, question.key, value, region) for value in values] for region in regions]
    sums = {value: sum(row[place] for row in table) for place, value in enumerate(values)}
    counts, by_region = suppress_counts(sums), list[dict[str, Any]]()
    protected = suppress(table or [[0 for _value in values]])
    if protected.totals == tuple(counts.values()):  # regions never cost a number of the whole: else they are not shown
        by_region = [{"region": name, "counts": list(row)} for name, row in zip(regions, protected.cells, strict=False)]
    return {**facts, "counts": counts, "total": len(rows), "by_region": by_region}


def _values(question: SurveyQuestion) -> list[str]:
    if question.kind == QuestionKind.YES_NO:
        return ["yes", "no", "none"]
    return [*(str(number) for number in range(len(question.options))), "none"]


def _count(rows: Iterable[SurveyReturn], key: str, value: str, region: str) -> int:
    return sum(each.organisation.region == region and each.answers.get(key, "none") == value for each in rows)


def tables_of(survey: Survey) -> dict[str, Any]:
    """Two queries."""
    returns = list(survey.returns.select_related("organisation"))
    return {"response": response(returns), "questions": answers(survey.questions.all(), returns)}

"""What pages and files of surveys call an answer, in the language of the page."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.bilingual import is_welsh_page, local_text
from strategy.models.surveys import QuestionKind, SurveyQuestion

NONE = "none"


def choices_of(question: SurveyQuestion) -> list[tuple[str, str]]:
    """Value and words of everything that can be chosen."""
    return choices(question.kind, question.options)


def choices(kind: str, options: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    last = (NONE, _("not known"))
    if kind == QuestionKind.YES_NO:
        return [("yes", _("yes")), ("no", _("no")), last]
    if kind == QuestionKind.CHOICE:
        return [*((str(number), option_words(each)) for number, each in enumerate(options)), last]
    return []


def option_words(option: Sequence[str]) -> str:
    """English stands first, Welsh second."""
    return option[1] if is_welsh_page() and len(option) > 1 and option[1] else option[0]


def unit_of(question: SurveyQuestion) -> str:
    return local_text(question, "unit")


def answer_words(question: SurveyQuestion, value: Any) -> str:
    """An answer as it is read; '' where there is none."""
    if value is None:
        return ""
    if question.kind == QuestionKind.NUMBER:
        return f"{number_format(value, force_grouping=True)} {unit_of(question)}".strip()
    return dict(choices_of(question)).get(str(value), str(value))

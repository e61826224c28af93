"""The help with a question, as pages show it."""

from typing import Any

from compliance.models import Question
from core.bilingual import is_welsh_page


def help_with(question: Question) -> dict[str, Any]:
    """For `compliance/_question_help.html`: what a good answer shows, and which evidence fits. Empty without either.

    `lang` and `evidence_lang` are set where a Welsh page shows a text in English.
    """
    if not question.help:
        return {}
    kinds = [kind.strip().rstrip(".") for kind in question.local_evidence_help.split(";")]
    return {
        "text": question.local_help,
        "lang": _foreign(question.help_cy),
        "evidence": [kind[:1].upper() + kind[1:] for kind in kinds if kind],
        "evidence_lang": _foreign(question.evidence_help_cy),
    }


def _foreign(welsh: str) -> str:
    return "en" if is_welsh_page() and not welsh else ""

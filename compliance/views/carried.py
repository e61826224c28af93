"""What other pages say of answers that were carried over: the page of a question, and the task list."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from compliance.exchange.words import choice_label
from compliance.models import Answer, Assessment, Question
from compliance.rules import AssessmentState, QuestionState
from compliance.views.finding import address

Status = Assessment.Status


def carried_part(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """On the page of a question: that its answer was carried over, and the button that confirms it. No query."""
    if not asked.is_to_reconfirm:
        return None
    found = state.assessment
    can_confirm = found.status == Status.DRAFT and request.user.has_perm("compliance.edit_answers", found)
    return {
        "template": "compliance/_question_carried.html",
        "above": True,
        "carried_from": asked.carried_from,
        "confirm_url": address("reconfirm_one", found, asked.question.number) if can_confirm else "",
        "value": f"{asked.question.number}:{asked.version}",
    }


def edition_part(
    _request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """On the page of a question that this edition changed: its old words and the old answer. One query, or none."""
    found, question = state.assessment, asked.question
    if not (found.previous_id and question.predecessor_key and asked.is_asked):
        return None
    old = (
        Answer.objects.filter(assessment=found.previous_id, question__key=question.predecessor_key)
        .exclude(question__edition=found.edition_id)
        .select_related("question__edition")
        .first()
    )
    if old is None or (old.question.text == question.text):
        return None
    return {
        "template": "compliance/_question_before.html",
        "above": True,
        "edition": old.question.edition.local_title,
        **old_answer(old.question, old),
    }


def carried_panel(request: AuthenticatedHttpRequest, state: AssessmentState) -> dict[str, Any] | None:
    """On the task list: what it was begun from and what is to be confirmed. One query, or none."""
    found = state.assessment
    if found.previous_id is None and not state.to_reconfirm:
        return None
    previous = (
        Assessment.objects.select_related("system__operator", "edition").get(pk=found.previous_id)
        if found.previous_id
        else None
    )
    can_confirm = found.status == Status.DRAFT and request.user.has_perm("compliance.edit_answers", found)
    return {
        "template": "compliance/_carried_panel.html",
        "previous": previous,
        "reason": found.reopen_reason,
        "to_reconfirm": state.to_reconfirm,
        "principles": [
            {
                "label": _("%(number)d. %(title)s") % {"number": p.principle.number, "title": p.principle.local_title},
                "count": p.to_reconfirm,
                "url": address("reconfirm", found, p.principle.number) if can_confirm else "",
            }
            for p in state.principles
            if p.to_reconfirm
        ],
        "edition_url": address("edition_changes", found)
        if previous and previous.edition_id != found.edition_id
        else "",
    }


def old_answer(question: Question, answer: Answer | None) -> dict[str, Any]:
    return {
        "number": question.number,
        "title": question.local_title,
        "question": question.local_text,
        "choice": choice_label(answer.choice) if answer else "",
        "text": answer.text if answer else "",
        "language": answer.language if answer else "",
    }

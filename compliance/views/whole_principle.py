"""A whole principle on one page: each question with a form of its own that saves by itself or by its button."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.forms.answers import drawn_fields, initial_of
from compliance.models import Assessment
from compliance.rules import AssessmentState, PrincipleState, QuestionState
from compliance.states import state_of
from compliance.views import rows
from compliance.views.finding import address, assessment_or_404, principle_or_404, trail_to
from compliance.views.saving import autosave_of, language_of


@require_safe
def whole_principle(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """All questions of a principle to answer. Once its answers are locked, this leads to the page that shows them."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    if found.status != Assessment.Status.DRAFT:
        return redirect(address("principle", found, number))
    state = state_of(found)
    shown = principle_or_404(state, number)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "principle": shown.principle,
        "counts": rows.counts_of(shown),
        "questions": [_question(request, state, shown, one) for one in shown.questions],
        "needs_action": any(one.is_gap for one in shown.questions) and not shown.open_actions,
        "actions_url": f"{address('principle', found, number)}#actions",
        "principle_url": address("principle", found, number),
        "autosave": {"sign_in_url": ""},
        "breadcrumbs": trail_to(
            found,
            (_("Principle %(number)d") % {"number": number}, address("principle", found, number)),
            (_("All questions"), ""),
        ),
    }
    return render(request, "compliance/principle_answer.html", context)


def whole_panel(request: AuthenticatedHttpRequest, state: AssessmentState) -> dict[str, Any] | None:
    """On the task list: each principle to answer on one page, for those who may. No query."""
    found = state.assessment
    if found.status != Assessment.Status.DRAFT or not request.user.has_perm("compliance.edit_answers", found):
        return None
    return {
        "template": "compliance/_whole_principles.html",
        "principles": [
            {
                "number": one.principle.number,
                "title": one.principle.local_title,
                "url": address("whole_principle", found, one.principle.number),
            }
            for one in state.principles
        ],
    }


def _question(
    request: AuthenticatedHttpRequest, state: AssessmentState, principle: PrincipleState, asked: QuestionState
) -> dict[str, Any]:
    question, assessment = asked.question, state.assessment
    initial = initial_of(asked, language_of(request, state, asked))
    return {
        "question": question,
        "row": rows.question_row(assessment, asked, editable=False),
        "url": address("question", assessment, question.number),
        "fields": drawn_fields(question, initial, prefix_of_ids=f"question-{question.number}"),
        "version": asked.version,
        "autosave": autosave_of(request, assessment, question),
        "answer": asked.answer,
        "saved_by": asked.answer.saved_by if asked.answer else "",
        "history_url": address("answer_history", assessment, question.number),
        "opens": any(other.question.follows_id == question.pk for other in principle.questions),
    }

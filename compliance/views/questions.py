"""One question per page, and answering it by its button."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.policy import require
from compliance.beside import PERSON, beside_question, of_kind
from compliance.exchange.words import choice_label
from compliance.forms.actions import OptionalActionForm
from compliance.forms.answers import AnswerForm, answer_form, drawn_fields, initial_of
from compliance.models import Assessment, Question
from compliance.models.assessment import Choice
from compliance.rules import AssessmentState, QuestionState
from compliance.services.actions import answer_and_plan
from compliance.services.answers import AnswerConflict
from compliance.services.people import members
from compliance.states import state_of
from compliance.views import rows
from compliance.views.both_answers import conflict_page, saved_tag
from compliance.views.finding import address, assessment_or_404, principle_or_404, question_or_404, question_trail
from compliance.views.guidance import help_with
from compliance.views.question_parts import parts_of
from compliance.views.saving import autosave_of, language_of
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from core.templatetags.govuk import form_problems

TO_LIST, TO_WHOLE = "list", "whole"


@get_or_post
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One question. A GET shows it; a POST saves its answer and, on a closing question, an action."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    asked = question_or_404(state, number)
    if request.method == "POST":
        require(request.user, "compliance.edit_answers", found)
        return _save(request, state, asked)
    can_edit = request.user.has_perm("compliance.edit_answers", found)
    return _page(request, state, asked, None, _action_form(asked, found, None), can_edit=can_edit)


def _action_form(asked: QuestionState, assessment: Assessment, data: Any) -> OptionalActionForm | None:
    """The form for an action, on closing questions only."""
    if asked.question.kind != Question.Kind.GAP:
        return None
    return OptionalActionForm(data, owners=members(assessment.system.operator))


def _save(request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState) -> HttpResponse:
    found = state.assessment
    form = answer_form(asked.question, data=request.POST)
    action_form = _action_form(asked, found, request.POST)
    if not form.is_valid() or (action_form and not action_form.is_valid()):
        return _page(request, state, asked, form, action_form, status=422)
    plan = action_form.plan if action_form else None
    try:
        answer_and_plan(
            assessment=found,
            question=asked.question,
            choice=form.given_choice,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            plan=plan,
            by=request.user,
            language=form.written_in,
        )
    except AnswerConflict as conflict:
        return conflict_page(request, found, asked.question, conflict)
    except IllegalMove:
        return _page(request, state, asked, form, None, status=409, refused=form)
    except RuleBroken as refusal:
        refused(form, refusal)
        return _page(request, state, asked, form, action_form, status=422)
    saved = _("Question %(number)d is saved.") % {"number": asked.question.number}
    messages.success(request, saved, extra_tags=saved_tag(found, asked.question))
    return redirect(_where_next(request, found, asked.question, form.given_choice, planned=plan is not None))


def _where_next(
    request: AuthenticatedHttpRequest, assessment: Assessment, question: Question, choice: str, *, planned: bool
) -> str:
    """The next question that is asked now; the same page while a gap has no action, or after one was added."""
    then, principle = request.POST.get("then"), question.principle.number
    if then == TO_LIST:
        return address("principle", assessment, principle)
    if then == TO_WHOLE:
        return f"{address('whole_principle', assessment, principle)}#question-{question.number}"
    state = state_of(assessment)
    here = address("question", assessment, question.number)
    is_gap = question.kind == Question.Kind.GAP and choice == Choice.YES
    if is_gap and (planned or not principle_or_404(state, question.principle.number).open_actions):
        return f"{here}#actions"
    _previous, following = state.neighbours(question.number)
    return address("question", assessment, following.question.number) if following else address("check", assessment)


def _page(
    request: AuthenticatedHttpRequest,
    state: AssessmentState,
    asked: QuestionState,
    form: AnswerForm | None,
    action_form: OptionalActionForm | None,
    *,
    can_edit: bool = True,
    status: int = 200,
    refused: AnswerForm | None = None,
) -> HttpResponse:
    """The page of a question, with the `form` that came back or, without one, the answer as it stands. `refused` is an
    answer that came when the self-assessment was no longer in draft.
    """
    found, shown = state.assessment, asked.question
    principle = principle_or_404(state, shown.principle.number)
    before, after = state.neighbours(shown.number)
    is_draft = found.status == Assessment.Status.DRAFT
    can_edit = can_edit and is_draft and asked.is_asked
    if action_form and not action_form.is_bound:
        action_form.offer((row.pk, row.name) for row in of_kind(beside_question(found, shown), PERSON))
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "question": shown,
        "principle": shown.principle,
        "of": len(state.by_number),
        "row": None if can_edit else rows.question_row(found, asked, editable=False),
        "form": form,
        "fields": _fields(request, state, asked, form) if can_edit else "",
        "version": form["version"].value() if form else asked.version,
        "autosave": autosave_of(request, found, shown, unsaved=form is not None),
        "help": help_with(shown),
        "action_form": action_form,
        "summary": _problems(form, action_form),
        "can_edit": can_edit,
        "is_draft": is_draft,
        "refused": {"choice": choice_label(refused.given_choice), "text": refused.cleaned_data["text"]}
        if refused
        else None,
        "answer": asked.answer,
        "kept": {"choice": choice_label(asked.choice), "text": asked.text}
        if asked.answer and not asked.is_asked
        else None,
        "actions": [rows.action_row(action) for action in principle.actions] if action_form else [],
        "is_gap": shown.kind == Question.Kind.GAP,
        "needs_action": asked.is_gap and not principle.open_actions,
        "action_is_open": asked.is_gap or bool(action_form and action_form.errors),
        "warnings": [w.sentence for w in state.warnings if w.question == shown],
        "previous": _beside(found, before),
        "next": _beside(found, after),
        "principle_url": address("principle", found, shown.principle.number),
        "history_url": address("answer_history", found, shown.number) if asked.answer else "",
        "ready_made_url": address("action_add", found) + f"?principle={shown.principle.number}",
        "parts": parts_of(request, state, asked),
        "breadcrumbs": question_trail(found, shown),
    }
    return render(request, "compliance/question.html", context, status=status)


def _fields(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState, form: AnswerForm | None
) -> SafeString:
    if form is not None:
        return form.drawn()
    return drawn_fields(asked.question, initial_of(asked, language_of(request, state, asked)))


def _beside(assessment: Assessment, other: QuestionState | None) -> dict[str, str] | None:
    """Label and address of the question before or after."""
    if other is None:
        return None
    label = f"{other.question.number}. {other.question.local_title}"
    return {"label": label, "url": address("question", assessment, other.question.number)}


def _problems(form: AnswerForm | None, action_form: OptionalActionForm | None) -> list[Any]:
    """Of both forms, for one summary."""
    return [*form_problems(form), *(form_problems(action_form) if action_form else ())]

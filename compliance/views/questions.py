"""One question per page: answering it, two answers at once, and the history of an answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.forms.actions import OptionalActionForm
from compliance.forms.answers import AnswerForm, answer_form, initial_of
from compliance.models import AnswerRevision, Assessment, Question
from compliance.models.assessment import Choice
from compliance.rules import AssessmentState, QuestionState
from compliance.services.actions import answer_and_plan
from compliance.services.answers import AnswerConflict
from compliance.services.people import members
from compliance.states import state_of
from compliance.views import rows
from compliance.views.finding import address, assessment_or_404, principle_or_404, question_or_404, trail_to
from compliance.views.guidance import help_with
from compliance.views.question_parts import parts_of
from core.errors import IllegalMove, RuleBroken
from core.templatetags.govuk import form_problems

TO_LIST = "list"


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One question. A GET shows it; a POST saves its answer and, on a closing question, an action."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    asked = question_or_404(state, number)
    if request.method == "POST":
        require(request.user, "compliance.edit_answers", found)
        return _save(request, state, asked)
    can_edit = request.user.has_perm("compliance.edit_answers", found)
    form = answer_form(asked.question, initial=initial_of(asked))
    return _page(request, state, asked, form, _action_form(asked, found, None), can_edit=can_edit)


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
        )
    except AnswerConflict as conflict:
        return _conflict(request, state, asked, conflict)
    except IllegalMove:
        return _page(request, state, asked, form, None, status=409, refused=form)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal.sentence))
        return _page(request, state, asked, form, action_form, status=422)
    messages.success(request, _("Question %(number)d is saved.") % {"number": asked.question.number})
    return redirect(_where_next(request, found, asked.question, form.given_choice, planned=plan is not None))


def _where_next(
    request: AuthenticatedHttpRequest, assessment: Assessment, question: Question, choice: str, *, planned: bool
) -> str:
    """The next question that is asked now; the same page while a gap has no action, or after one was added."""
    if request.POST.get("then") == TO_LIST:
        return address("principle", assessment, question.principle.number)
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
    form: AnswerForm,
    action_form: OptionalActionForm | None,
    *,
    can_edit: bool = True,
    status: int = 200,
    refused: AnswerForm | None = None,
) -> HttpResponse:
    """The page of a question. `refused` is an answer that came when the self-assessment was no longer in draft."""
    found, shown = state.assessment, asked.question
    principle = principle_or_404(state, shown.principle.number)
    before, after = state.neighbours(shown.number)
    is_draft = found.status == Assessment.Status.DRAFT
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "question": shown,
        "principle": shown.principle,
        "of": len(state.by_number),
        "row": rows.question_row(found, asked, editable=False),
        "form": form,
        "help": help_with(shown),
        "action_form": action_form,
        "summary": _problems(form, action_form),
        "can_edit": can_edit and is_draft and asked.is_asked,
        "is_draft": is_draft,
        "refused": {"choice": _choice_label(refused.given_choice), "text": refused.cleaned_data["text"]}
        if refused
        else None,
        "answer": asked.answer,
        "kept": asked.answer if asked.answer and not asked.is_asked else None,
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
        "breadcrumbs": _trail(found, shown),
    }
    return render(request, "compliance/question.html", context, status=status)


def _beside(assessment: Assessment, other: QuestionState | None) -> dict[str, str] | None:
    """Label and address of the question before or after."""
    if other is None:
        return None
    label = f"{other.question.number}. {other.question.local_title}"
    return {"label": label, "url": address("question", assessment, other.question.number)}


def _problems(form: AnswerForm, action_form: OptionalActionForm | None) -> list[Any]:
    """Of both forms, for one summary."""
    return [*form_problems(form), *(form_problems(action_form) if action_form else ())]


def _choice_label(choice: str) -> str:
    return str(Choice(choice).label) if choice else ""


def _trail(assessment: Assessment, question: Question, *further: tuple[str, str]) -> list[tuple[str, str]]:
    number = question.principle.number
    return trail_to(
        assessment,
        (_("Principle %(number)d") % {"number": number}, address("principle", assessment, number)),
        (
            _("Question %(number)d") % {"number": question.number},
            address("question", assessment, question.number) if further else "",
        ),
        *further,
    )


def _conflict(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState, conflict: AnswerConflict
) -> HttpResponse:
    """Both answers side by side; whatever is chosen is saved against the newest version, so a third one shows again."""
    found, theirs = state.assessment, conflict.theirs
    merged = {
        "choice": conflict.choice if conflict.choice == theirs.choice else "",
        "not_applicable": conflict.choice == theirs.choice == Choice.NOT_APPLICABLE,
        "text": _both(conflict.text, theirs.text),
        "version": theirs.version,
    }
    own = {"choice": conflict.choice, "text": conflict.text, "version": theirs.version}
    if conflict.choice == Choice.NOT_APPLICABLE and asked.question.kind == Question.Kind.TEXT:
        own["not_applicable"] = "on"
    context = {
        "organisation": found.system.operator,
        "title": _("Somebody else changed this answer"),
        "question": asked.question,
        "mine": {"choice": _choice_label(conflict.choice), "text": conflict.text},
        "theirs": {
            "choice": _choice_label(theirs.choice),
            "text": theirs.text,
            "by": theirs.updated_by.get_full_name() if theirs.updated_by else "",
            "at": theirs.updated_at,
        },
        "mine_fields": [*own.items(), *_carried(request)],
        "carried": _carried(request),
        "form": answer_form(asked.question, initial=merged),
        "url": address("question", found, asked.question.number),
        "breadcrumbs": _trail(found, asked.question, (_("Both answers"), "")),
    }
    return render(request, "compliance/conflict.html", context, status=409)


def _both(mine: str, theirs: str) -> str:
    """The text to begin a merger with: one text where they agree."""
    return mine if mine == theirs else "\n\n".join(filter(None, (mine, theirs)))


def _carried(request: AuthenticatedHttpRequest) -> list[tuple[str, str]]:
    """What was typed about an action goes along, so that it is not lost over the answer."""
    return [(name, str(value)) for name, value in request.POST.items() if name.startswith("action-") and value]


@require_safe
def answer_history(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Every accepted version of an answer, newest first."""
    found = assessment_or_404(request, organisation, reference)
    shown = get_object_or_404(Question.objects.select_related("principle"), edition=found.edition_id, number=number)
    revisions = AnswerRevision.objects.filter(answer__assessment=found, answer__question=shown).select_related("by")
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "question": shown,
        "versions": [
            {
                "number": revision.version,
                "choice": _choice_label(revision.choice),
                "text": revision.text,
                "by": revision.by.get_full_name() if revision.by else "",
                "at": revision.at,
            }
            for revision in revisions
        ],
        "breadcrumbs": _trail(found, shown, (_("History"), "")),
    }
    return render(request, "compliance/answer_history.html", context)

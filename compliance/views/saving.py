"""Saving an answer while it is typed: a small answer about what became of it, never a page.

The form on the page saves by its button without any of this (`compliance.views.questions`).
"""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.policy import require
from compliance.forms.answers import AnswerForm, answer_form
from compliance.models import Answer, Assessment, Question
from compliance.rules import AssessmentState, QuestionState
from compliance.services.answers import AnswerConflict, save_answer
from compliance.views.finding import address, asked_or_404
from core.addresses import address_of
from core.bilingual import WELSH
from core.errors import IllegalMove, RuleBroken

SAVED, CHANGED, LOCKED, REFUSED = "saved", "conflict", "locked", "refused"


@require_POST
def autosave(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Save one answer and say so: 200 saved, 409 somebody was quicker or it is locked, 422 refused. Ten queries."""
    found, asked = asked_or_404(request, organisation_or_404(request.user, organisation), reference, number)
    require(request.user, "compliance.edit_answers", found)
    form = answer_form(asked, data=request.POST)
    if not form.is_valid():
        return _state(request, asked, REFUSED, status=422, sentence=_first_error(form))
    try:
        answer = save_answer(
            assessment=found,
            question=asked,
            choice=form.given_choice,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            by=request.user,
            language=form.written_in,
        )
    except AnswerConflict as conflict:
        if conflict.accepted is None:
            return _state(request, asked, CHANGED, status=409)
        # The same save a second time: it was accepted then, as that version, and what came after it stands.
        return _state(
            request, asked, SAVED, version=conflict.accepted.version, at=timezone.localtime(conflict.accepted.at)
        )
    except IllegalMove:
        return _state(request, asked, LOCKED, status=409)
    except RuleBroken as refusal:
        return _state(request, asked, REFUSED, status=422, sentence=str(refusal.sentence))
    return _saved(request, found, answer)


def language_of(request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState) -> str:
    """The language that stands in the form of an answer: its own, else that of most answers of this self-assessment,
    else that of the person's pages. '' where nobody is asked: nothing there is in Welsh.
    """
    own = request.user.language[:2]
    if asked.answer and (asked.choice or asked.text):
        usual = asked.answer.language
    else:
        used = Counter(one.answer.language for one in state.questions if one.answer and one.text)
        usual = max(used, key=lambda language: (used[language], language == own), default=own)
    is_asked = WELSH in {own, usual} or state.assessment.system.operator.is_welsh
    return usual if is_asked else ""


def autosave_of(
    request: AuthenticatedHttpRequest, assessment: Assessment, question: Question, *, unsaved: bool = False
) -> dict[str, Any]:
    """What the form of a question tells the script that saves it. `unsaved`: the page came back with what was
    refused.
    """
    here = urlencode({"next": request.path})
    return {
        "number": question.number,
        "url": address("autosave", assessment, question.number),
        "user": request.user.reference,
        "assessment": assessment.reference,
        "unsaved": unsaved,
        "drop_sent": "theirs" in request.GET,  # both were shown, and the other one was kept
        "sign_in_url": f"{address_of('account_login')}?{here}",
    }


def _saved(request: AuthenticatedHttpRequest, assessment: Assessment, answer: Answer) -> HttpResponse:
    words: dict[str, Any] = {
        "answer": answer if answer.version else None,
        "saved_by": request.user.get_full_name() if answer.updated_by_id == request.user.pk else "",
        "history_url": address("answer_history", assessment, answer.question.number),
    }
    at = timezone.localtime(answer.updated_at)
    return _state(request, answer.question, SAVED, version=answer.version, at=at, **words)


def _state(
    request: AuthenticatedHttpRequest, question: Question, state: str, *, status: int = 200, **words: Any
) -> HttpResponse:
    context = {"number": question.number, "state": state, **words}
    return render(request, "compliance/_answer_saved.html", context, status=status)


def _first_error(form: AnswerForm) -> str:
    for errors in form.errors.values():
        return str(errors[0])
    return _("This answer cannot be saved.")

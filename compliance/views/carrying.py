"""What was carried over: confirming it, what a newer edition of the Code changed, and reopening what was signed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.edition_changes import Joined, Touch, gone
from compliance.forms.starting import ReconfirmForm, ReopenForm
from compliance.models import Answer, Assessment
from compliance.rules import AssessmentState, QuestionState
from compliance.services.assessments import AlreadyRunning
from compliance.services.carry import confirm_carried, joined_between, reopen
from compliance.states import state_of
from compliance.views import rows
from compliance.views.carried import old_answer
from compliance.views.finding import address, assessment_or_404, principle_or_404, question_or_404, trail_to
from core.errors import IllegalMove, Problem
from core.sent import sent_number

Status = Assessment.Status


# --- confirming what was carried over ---


@get_or_post
def reconfirm(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The carried answers of one principle as a list, and one tick that says that they still hold."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    state = state_of(found)
    shown = principle_or_404(state, number)
    waiting = [asked for asked in shown.questions if asked.is_to_reconfirm]
    form = ReconfirmForm(posted(request))
    if request.method == "POST":
        if found.status != Status.DRAFT:
            raise IllegalMove(found, Status.DRAFT)
        if form.is_valid():
            confirmed = confirm_carried(assessment=found, versions=_versions(request), by=request.user)
            messages.success(request, _confirmed(confirmed))
            return redirect(_next_principle(state, number) or found.get_absolute_url())
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "principle": shown.principle,
        "answers": [_carried_row(found, asked) for asked in waiting],
        "form": form,
        "can_confirm": found.status == Status.DRAFT and bool(waiting),
        "principle_url": address("principle", found, number),
        "breadcrumbs": trail_to(
            found,
            (_("Principle %(number)d") % {"number": number}, address("principle", found, number)),
            (_("Confirm"), ""),
        ),
    }
    return render(request, "compliance/reconfirm.html", context, status=422 if form.errors else 200)


def _carried_row(assessment: Assessment, asked: QuestionState) -> dict[str, Any]:
    return {
        **rows.question_row(assessment, asked, editable=True),
        "value": f"{asked.question.number}:{asked.version}",
    }


def _versions(request: AuthenticatedHttpRequest) -> dict[int, int]:
    """The answers that stood on the page with their versions, each sent as `number:version`. Raises Http404."""
    found = {}
    for value in request.POST.getlist("answer"):
        number, version = (sent_number(part) for part in value.partition(":")[::2])
        if number is None or version is None:
            raise Http404
        found[number] = version
    return found


def _confirmed(number: int) -> str:
    if not number:
        return _("Nothing was left to confirm.")
    sentence = ngettext("%(number)d answer is reconfirmed.", "%(number)d answers are reconfirmed.", number)
    return sentence % {"number": number}


def _next_principle(state: AssessmentState, number: int) -> str:
    """The next principle with something to confirm, the last before the first; '' when this was the last one."""
    waiting = [p.principle.number for p in state.principles if p.to_reconfirm and p.principle.number != number]
    following = next((n for n in waiting if n > number), waiting[0] if waiting else None)
    return address("reconfirm", state.assessment, following) if following else ""


@require_POST
def reconfirm_one(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One answer still holds."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    state = state_of(found)
    question_or_404(state, number)
    versions = {of: version for of, version in _versions(request).items() if of == number}
    confirmed = confirm_carried(assessment=found, versions=versions, by=request.user)
    messages.success(request, _confirmed(confirmed))
    following = next((q for q in state.questions if q.question.number > number and q.is_to_reconfirm), None)
    return redirect(address("question", found, following.question.number if following else number))


# --- what a newer edition changed ---


@require_safe
def edition_changes(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The questions that this edition touches, old beside new; then those it dropped, and how many it left alone."""
    found = assessment_or_404(request, organisation, reference)
    previous = (
        Assessment.objects.select_related("edition", "system__operator").filter(pk=found.previous_id).first()
        if found.previous_id
        else None
    )
    if previous is None or previous.edition_id == found.edition_id:
        raise Http404
    state = state_of(found)
    joined = joined_between(previous.edition, found.edition)
    given = Answer.objects.filter(assessment=previous).select_related("question").order_by("question__number")
    old = {answer.question_id: answer for answer in given}
    dropped = gone(joined, (answer.question for answer in old.values() if answer.is_given))
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "before": previous,
        "touched": [_touched_row(state, step, old) for step in _first_touched(joined)],
        "dropped": [old_answer(question, old[question.pk]) for question in dropped],
        "untouched": sum(step.touch == Touch.UNTOUCHED for step in joined),
        "breadcrumbs": trail_to(found, (_("What this edition changed"), "")),
    }
    return render(request, "compliance/edition_changes.html", context)


def _first_touched(joined: Iterable[Joined]) -> list[Joined]:
    return [step for step in joined if step.touch != Touch.UNTOUCHED]


def _touched_row(state: AssessmentState, step: Joined, old: dict[int, Answer]) -> dict[str, Any]:
    asked = state.by_number[step.question.number]
    return {
        "row": rows.question_row(state.assessment, asked, editable=True),
        "touch": step.touch.label,
        "colour": "blue" if step.touch == Touch.NEW else "yellow",
        "old": old_answer(step.before, old.get(step.before.pk)) if step.before else None,
    }


# --- reopening ---


@get_or_post
def reopen_signed(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Say why, then go on in a new draft; the signed one stays until that is signed."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.reopen_assessment", found)
    if found.status != Status.SIGNED:
        raise IllegalMove(found, Status.DRAFT)
    form = ReopenForm(posted(request))
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            draft = reopen(assessment=found, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyRunning as refusal:
            problems = [Problem(refusal.sentence, refusal.assessment.get_absolute_url())]
        else:
            messages.success(request, _("The self-assessment is reopened. What was signed stays until you sign again."))
            return redirect(draft)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "form": form,
        "summary": problems,
        "cancel_url": address("signed", found),
        "breadcrumbs": trail_to(found, (_("Reopen"), "")),
    }
    return render(request, "compliance/assessment_reopen.html", context, status=422 if form.errors or problems else 200)

"""A question that was sent out: its answer beside the present one, sending it again, withdrawing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404
from accounts.policy import require
from compliance.exchange.words import choice_label
from compliance.forms.answers import AnswerForm, answer_form
from compliance.models import Answer, Assessment, QuestionRequest
from compliance.models.assessment import Choice
from compliance.services import requests
from compliance.services.answers import AnswerConflict
from compliance.views.finding import address, trail_to
from compliance.views.working import REQUEST_COLOURS, org_address
from core.errors import RuleBroken
from core.forms import keep_typed, refused


def _request_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> QuestionRequest:
    """One query, beside the memberships."""
    operator = organisation_or_404(request.user, organisation)
    own = QuestionRequest.objects.visible_to(request.user).filter(assessment__system__operator=operator)
    related = ("assessment__system__operator", "assessment__edition", "question__principle", "asked_by")
    return get_object_or_404(own.select_related(*related), reference=reference)


@get_or_post
def suggestion(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The suggestion beside the present answer. A POST makes it, as edited, the answer."""
    found = _request_or_404(request, organisation, reference)
    if request.method == "POST":
        require(request.user, "compliance.edit_answers", found.assessment)
        return _take(request, found)
    return _page(request, found)


def _take(request: AuthenticatedHttpRequest, found: QuestionRequest) -> HttpResponse:
    form = answer_form(found.question, data=request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        requests.take_over(
            request=found,
            choice=form.given_choice,
            text=form.cleaned_data["text"],
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except AnswerConflict:
        form.add_error(
            None, _("The answer was changed meanwhile. It stands below as it is now; look again, then save.")
        )
        return _page(request, found, form, status=409)
    except RuleBroken as refusal:
        refused(form, refusal)
        return _page(request, found, form, status=422)
    messages.success(request, _("The suggestion is taken over."))
    return redirect(address("question", found.assessment, found.question.number))


def _page(
    request: AuthenticatedHttpRequest, found: QuestionRequest, form: AnswerForm | None = None, *, status: int = 200
) -> HttpResponse:
    assessment, question = found.assessment, found.question
    present = Answer.objects.select_related("updated_by").filter(assessment=assessment, question=question).first()
    can_take = (
        found.status == QuestionRequest.Status.ANSWERED
        and assessment.status == Assessment.Status.DRAFT
        and request.user.has_perm("compliance.edit_answers", assessment)
    )
    version = present.version if present else 0
    context = {
        "organisation": assessment.system.operator,
        "assessment": assessment,
        "asked": found,
        "question": question,
        "status": found.get_status_display(),
        "colour": REQUEST_COLOURS[QuestionRequest.Status(found.status)],
        "is_answered": found.answered_at is not None,
        "suggested": _shown(found.choice, found.text),
        "present": _shown(present.choice, present.text) if present else None,
        "present_by": present.updated_by.get_full_name() if present and present.updated_by else "",
        "present_at": present.updated_at if present else None,
        "form": form if can_take else None,
        "decline_url": org_address("request_decline", assessment, found.reference) if can_take else "",
        "question_url": address("question", assessment, question.number),
        "breadcrumbs": trail_to(
            assessment,
            (_("Question %(number)d") % {"number": question.number}, address("question", assessment, question.number)),
            (_("Suggestion"), ""),
        ),
    }
    if can_take and form is None:
        context["form"] = answer_form(question, initial=_as_initial(found, version))
    elif form is not None:  # saved against the version that is shown beside it now
        keep_typed(form, version=version)
    return render(request, "compliance/suggestion.html", context, status=status)


def _as_initial(found: QuestionRequest, version: int) -> dict[str, Any]:
    is_na = found.choice == Choice.NOT_APPLICABLE
    return {"choice": found.choice, "not_applicable": is_na, "text": found.text, "version": version}


def _shown(choice: str, text: str) -> dict[str, str]:
    return {"choice": choice_label(choice), "text": text}


@require_POST
def decline(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Leave the answer as it is."""
    found = _request_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found.assessment)
    requests.decline(request=found, by=request.user)
    messages.success(request, _("The suggestion is not taken over. It can still be read."))
    return redirect(address("question", found.assessment, found.question.number) + "#requests")


@require_POST
def again(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Send a fresh link."""
    found = _request_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found.assessment)
    requests.ask_again(request=found, by=request.user)
    messages.success(request, _("A fresh link is on its way. Sent to: %(name)s") % {"name": found.name})
    return redirect(address("question", found.assessment, found.question.number) + "#requests")


@require_POST
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """End the link."""
    found = _request_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found.assessment)
    requests.withdraw(request=found, by=request.user)
    messages.success(request, _("The question is withdrawn. Its link no longer works."))
    return redirect(address("question", found.assessment, found.question.number) + "#requests")

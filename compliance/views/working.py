"""Working on one question together: the comments and requests beside it, and what is done with them."""

import functools
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.beside import COMMENT, REQUEST, Beside, beside_question, of_kind
from compliance.exchange.words import choice_label
from compliance.forms.working import AskForm, CommentForm
from compliance.models import Assessment, Comment, Question, QuestionRequest
from compliance.rules import AssessmentState, QuestionState
from compliance.services.comments import add_comment, settle_comment
from compliance.services.requests import ask as ask_by_link
from compliance.views.finding import address, assessment_or_404, trail_to
from core.addresses import address_of
from core.errors import RuleBroken
from core.forms import refused
from core.sent import sent_number

REQUEST_COLOURS = {
    QuestionRequest.Status.SENT: "blue",
    QuestionRequest.Status.ANSWERED: "yellow",
    QuestionRequest.Status.TAKEN: "green",
    QuestionRequest.Status.DECLINED: "grey",
    QuestionRequest.Status.WITHDRAWN: "grey",
}


def working_part(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """Comments and requests beside a question. One query."""
    assessment, question = state.assessment, asked.question
    rows = beside_question(assessment, question)
    is_draft = assessment.status == Assessment.Status.DRAFT
    may_comment = request.user.has_perm("compliance.comment_on_answers", assessment)
    may_edit = request.user.has_perm("compliance.edit_answers", assessment)
    comments = [
        _comment_row(row, may_settle=may_edit or row.who_id == request.user.pk) for row in of_kind(rows, COMMENT)
    ]
    requests = [request_row(row, assessment) for row in of_kind(rows, REQUEST)]
    can_ask = is_draft and may_edit and asked.is_asked
    if not (comments or requests or may_comment or can_ask):
        return None
    return {
        "template": "compliance/_question_working.html",
        "open": [row for row in comments if not row["settled_at"]],
        "settled": [row for row in comments if row["settled_at"]],
        "form": _empty_form(get_language()) if may_comment else "",
        "comment_url": address("comment", assessment, question.number),
        "settle_url": address("comment_settle", assessment, question.number),
        "requests": requests,
        "may_edit": may_edit,
        "ask_url": address("ask", assessment, question.number) if can_ask else "",
    }


@functools.cache
def _empty_form(_language: str | None) -> SafeString:
    """The fields of a comment before anybody wrote one: the same for everybody, so that they are drawn once."""
    return CommentForm(auto_id="comment-%s").render()


def _comment_row(row: Beside, *, may_settle: bool) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "by": row.who or _("erased"),
        "at": row.at,
        "text": row.text,
        "settled_by": row.other or "",
        "settled_at": row.other_at,
        "may_settle": may_settle,
    }


def request_row(row: Beside, assessment: Assessment) -> dict[str, Any]:
    """One question that was sent out, with what can be done about it."""
    status = QuestionRequest.Status(row.status)
    is_over = status == QuestionRequest.Status.SENT and not row.is_waiting
    return {
        "name": row.name,
        "by": row.who or _("erased"),
        "at": row.at,
        "until": row.until,
        "status": _("no answer in time") if is_over else status.label,
        "colour": "grey" if is_over else REQUEST_COLOURS[status],
        "is_sent": status == QuestionRequest.Status.SENT,
        "is_suggestion": row.is_suggestion,
        "answered_by": row.other or "",
        "answered_at": row.other_at,
        "choice": choice_label(row.choice),
        "text": row.reply,
        "url": org_address("suggestion", assessment, row.reference),
        "again_url": org_address("request_again", assessment, row.reference),
        "withdraw_url": org_address("request_withdraw", assessment, row.reference),
    }


def org_address(name: str, assessment: Assessment, reference: str) -> str:
    """The address of a page of a request, which stands beside the self-assessments of the organisation."""
    return address_of(f"compliance:{name}", assessment.system.operator.slug, reference)


def _question(assessment: Assessment, number: int) -> Question:
    rows = Question.objects.select_related("principle", "edition")
    return get_object_or_404(rows, edition=assessment.edition_id, number=number)


@require_POST
def comment(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Add a comment; what is refused comes back with its text."""
    found = assessment_or_404(request, organisation, reference)
    shown = _question(found, number)
    require(request.user, "compliance.comment_on_answers", found)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            add_comment(assessment=found, question=shown, text=form.cleaned_data["text"], by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal, "text")
        else:
            return redirect(address("question", found, number) + "#comments")
    context = {
        "organisation": found.system.operator,
        "question": shown,
        "form": form,
        "cancel_url": address("question", found, number),
        "breadcrumbs": trail_to(
            found,
            (_("Question %(number)d") % {"number": number}, address("question", found, number)),
            (_("Comment"), ""),
        ),
    }
    return render(request, "compliance/comment.html", context, status=422)


@require_POST
def settle(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Fold a comment away."""
    found = assessment_or_404(request, organisation, reference)
    rows = Comment.objects.filter(assessment=found, question__number=number).select_related("question")
    remark = get_object_or_404(rows, pk=sent_number(request.POST.get("comment", "")))
    remark.assessment = found
    require(request.user, "compliance.settle_comment", remark)
    settle_comment(comment=remark, by=request.user)
    return redirect(address("question", found, number) + "#comments")


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Send one question to somebody without an account."""
    found = assessment_or_404(request, organisation, reference)
    shown = _question(found, number)
    require(request.user, "compliance.edit_answers", found)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sent = ask_by_link(assessment=found, question=shown, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The question is on its way. Sent to: %(name)s") % {"name": sent.name})
            return redirect(address("question", found, number) + "#requests")
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "question": shown,
        "form": form,
        "is_draft": found.status == Assessment.Status.DRAFT,
        "question_url": address("question", found, number),
        "breadcrumbs": trail_to(
            found,
            (_("Question %(number)d") % {"number": number}, address("question", found, number)),
            (_("Ask somebody"), ""),
        ),
    }
    return render(request, "compliance/ask.html", context, status=422 if form.errors else 200)

"""Clarifications for both sides: the list, one thread, and what each side does in it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from certification.models import Clarification, Criterion, StepReview
from certification.services import clarifications as services
from certification.services.at_work import open_review_of
from certification.services.verdicts import AT_WORK
from certification.submission import Submission
from certification.talk_forms import MOST_SENT, OPEN, OVERDUE, AskForm, ClarificationFilter, ReopenForm, ReplyForm
from certification.views import talk_rows
from certification.views.finding import Found, find_at_work, list_trail
from core.errors import IllegalMove, RuleBroken
from core.forms import GovukForm, refused
from core.sent import sent_number
from core.uploads import takes_files

PAGE = 20
Status = Clarification.Status


@require_safe
def clarifications(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Threads of all applications that the user may read, the earliest due first; open ones unless others are asked."""
    org = organisation_or_404(request.user, organisation)
    own = Clarification.objects.readable_by(request.user)
    own = own.filter(Q(application__operator=org) | Q(application__body=org))
    form = ClarificationFilter(request.GET or None)
    page = Paginator(_narrow(own, form, "" if request.GET else OPEN).with_last_message().for_list(), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "organisation": org,
        "form": form if request.GET else ClarificationFilter(initial={"state": OPEN}),
        "page_obj": page,
        "rows": [talk_rows.clarification_row(thread, org) for thread in page],
        "is_operator": org.runs_cameras,
        "breadcrumbs": [*list_trail(org, "applications", _("Applications")), (_("Clarifications"), "")],
    }
    return render(request, "certification/clarifications.html", context, status=422 if form.errors else 200)


@require_safe
def of_application(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every thread of one application."""
    found = find_at_work(request, organisation, reference, "read_documents")
    threads = found.application.clarifications.with_last_message().select_related("criterion").order_by("number")
    page = Paginator(threads, PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "page_obj": page,
        "rows": [talk_rows.clarification_row(thread, found.organisation) for thread in page],
        "is_operator": found.is_operator,
        "breadcrumbs": found.trail((_("Clarifications"), "")),
    }
    return render(request, "certification/clarifications.html", context)


def _narrow(threads: Any, form: GovukForm, without: str) -> Any:
    """By what is asked for; `without` it, or where it cannot be, by that state alone."""
    asked = form.cleaned_data if form.is_valid() else {"state": without, "waits_for": ""}
    if asked["state"] == OPEN:
        threads = threads.filter(status__in=Clarification.OPEN)
    elif asked["state"] == OVERDUE:
        threads = threads.overdue()
    elif asked["state"]:
        threads = threads.filter(status=asked["state"])
    return threads.filter(status=asked["waits_for"]) if asked["waits_for"] else threads


def _find(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int, act: str = "read_documents"
) -> tuple[Found, Clarification]:
    found = find_at_work(request, organisation, reference, "read_documents")
    thread = get_object_or_404(found.application.clarifications.for_thread(), number=number)
    if act != "read_documents":
        require(request.user, f"certification.{act}", found.application)
    return found, thread


@takes_files(MOST_SENT)
@get_or_post
def clarification(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One thread, and the form by which this side writes into it."""
    act = "read_documents" if request.method != "POST" else "reply_clarification"
    found, thread = _find(request, organisation, reference, number, act)
    form = ReplyForm(posted(request), request.FILES or None)
    if request.method == "POST" and thread.status not in Clarification.OPEN:
        raise IllegalMove(thread, Status.WAITS_FOR_AUDITOR)
    if request.method == "POST" and form.is_valid():
        try:
            services.reply(
                clarification=thread,
                text=form.cleaned_data["text"],
                organisation=found.organisation,
                uploads=form.cleaned_data["file"],
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal, "file" if request.FILES else "text")
        else:
            messages.success(request, _("The message is sent."))
            return redirect(found.address("clarification", number))
    return _thread_page(request, found, thread, form)


def _thread_page(
    request: AuthenticatedHttpRequest, found: Found, thread: Clarification, form: ReplyForm
) -> HttpResponse:
    user, record = request.user, found.application
    is_open = thread.status in Clarification.OPEN
    at_work = not found.is_operator and user.has_perm("certification.review", record) and record.status in AT_WORK
    writes = user.has_perm("certification.reply_clarification", record) if found.is_operator else at_work
    context = {
        "organisation": found.organisation,
        "application": record,
        "thread": thread,
        "place": talk_rows.place_of(thread),
        "tag": talk_rows.clarification_tag(thread),
        "is_overdue": thread.is_overdue(),
        "rows": [talk_rows.message_row(found, message) for message in thread.messages.all()],
        "asked": _asked(found, thread),
        "desk_url": _desk_url(found, thread),
        "form": form if is_open and writes else None,
        "can_close": at_work and is_open,
        "can_reopen": at_work and not is_open,
        "is_waited_for": writes and thread.status == _own_status(found),
        "breadcrumbs": found.trail(
            (_("Clarifications"), found.address("application_clarifications")), (str(thread), "")
        ),
    }
    return render(request, "certification/clarification.html", context, status=422 if form.errors else 200)


def _own_status(found: Found) -> str:
    return Status.WAITS_FOR_OPERATOR if found.is_operator else Status.WAITS_FOR_AUDITOR


def _asked(found: Found, thread: Clarification) -> list[dict[str, Any]]:
    """The frozen answers that it is about, each with the operator's own page of the question."""
    if thread.question is None:
        return []
    return frozen_answers(found, thread.question, thread.system.reference if thread.system else "")


def frozen_answers(found: Found, number: int, system: str = "") -> list[dict[str, Any]]:
    """What was submitted as the answer to a question; `system` narrows it to one. The operator gets links to its live
    self-assessments.
    """
    slug = found.organisation.slug
    return [
        {
            "system": assessed.system,
            "answer": answer,
            "url": reverse("compliance:question", args=[slug, assessed.reference, number]) if found.is_operator else "",
        }
        for assessed, answer in Submission.of(found.application).answers_to(number)
        if not system or assessed.system_reference == system
    ]


def _desk_url(found: Found, thread: Clarification) -> str:
    """For the body: its criterion or answer on the desk."""
    if found.is_operator:
        return ""
    anchor = thread.criterion.anchor if thread.criterion else "answers"
    return f"{found.address('review_principle', thread.principle)}#{anchor}"


# --- the auditor's acts ---


def at_work(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[Found, StepReview]:
    """The application and its open review, for the auditor at work. IllegalMove where none is open."""
    found = find_at_work(request, organisation, reference, "review")
    review = open_review_of(found.application)
    if review is None:
        raise IllegalMove(found.application, found.application.Status.STEP1_REVIEW)
    review.application = found.application
    return found, review


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Ask about a criterion (`?criterion=`), or about a question (`?question=`) of a principle (`?principle=`)."""
    found, review = at_work(request, organisation, reference)
    about = _about(request, found)
    form = AskForm(posted(request), systems=list(found.application.systems.all()), initial={"system": about["system"]})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            thread = services.ask(
                review=review,
                subject=cleaned["subject"],
                text=cleaned["text"],
                criterion=about["criterion"],
                principle=about["principle"],
                question=about["question"],
                system=form.chosen_system,
                due_on=cleaned["due_on"],
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal, "due_on")
        else:
            messages.success(request, _("The question is sent to the operator."))
            return redirect(found.address("clarification", thread.number))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": _("Ask the operator"),
        "lead": about["words"],
        "submit_label": _("Send the question"),
        "cancel_url": found.address("review_principle", about["principle"]),
        "breadcrumbs": found.trail((_("Ask the operator"), "")),
    }
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)


def _about(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any]:
    """What the address says that the question is about. 404 for what the scheme or the submission does not have."""
    key, number = request.GET.get("criterion", ""), sent_number(request.GET.get("question", ""))
    principle = sent_number(request.GET.get("principle", ""))
    criterion = get_object_or_404(Criterion, scheme=found.application.scheme_id, key=key) if key else None
    if criterion is not None:
        principle, words = criterion.principle, f"{criterion.key}. {criterion.local_text}"
    else:
        asked = {
            answer.number: answer.question
            for assessed in Submission.of(found.application).assessed(principle or 0)
            for answer in assessed.answers
        }
        number = number if number in asked else None
        words = f"{number}. {asked[number]}" if number else ""
    if principle not in range(1, 13):
        principle, words = 1, ""
    return {
        "criterion": criterion,
        "principle": principle,
        "question": number,
        "system": request.GET.get("system", ""),
        "words": words,
    }


@require_POST
def close(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    found, thread = _find(request, organisation, reference, number, "review")
    services.close(clarification=thread, by=request.user)
    messages.success(request, _("The clarification is closed."))
    return redirect(found.address("clarification", number))


@get_or_post
def reopen(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    found, thread = _find(request, organisation, reference, number, "review")
    if thread.status != Status.CLOSED:
        raise IllegalMove(thread, Status.WAITS_FOR_OPERATOR)
    form = ReopenForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen(clarification=thread, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "due_on")
        else:
            messages.success(request, _("The clarification is open again."))
            return redirect(found.address("clarification", number))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": _("Ask on"),
        "lead": thread.subject,
        "submit_label": _("Send the question"),
        "cancel_url": found.address("clarification", number),
        "breadcrumbs": found.trail((str(thread), found.address("clarification", number)), (_("Ask on"), "")),
    }
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)

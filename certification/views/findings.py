"""Findings for both sides: what is to be answered, one finding with its answers, and what each side does about it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import User
from accounts.policy import require
from certification.finding_classes import class_of, classes_of
from certification.models import Criterion, Finding, FindingResponse
from certification.services import findings as services
from certification.services.follow_up import LEFT_OPEN
from certification.services.verdicts import AT_WORK
from certification.talk_forms import (
    MOST_SENT,
    OPEN,
    OVERDUE,
    EndFindingForm,
    FindingFilter,
    FindingForm,
    JudgeForm,
    MoreFilesForm,
    RespondForm,
)
from certification.views import talk_rows
from certification.views.clarifications import at_work, frozen_answers
from certification.views.finding import Found, find_at_work, list_trail
from core.dates import LONDON
from core.errors import IllegalMove, RuleBroken
from core.forms import GovukForm, refused
from core.uploads import takes_files

PAGE = 20
Status = Finding.Status


@require_safe
def findings(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Findings of all applications that the user may read, the earliest due first; open ones if nothing is asked."""
    org = organisation_or_404(request.user, organisation)
    own = Finding.objects.readable_by(request.user)
    own = own.filter(Q(application__operator=org) | Q(application__body=org))
    form = FindingFilter(request.GET or None)
    asked = form.cleaned_data["state"] if form.is_valid() else ("" if request.GET else OPEN)
    page = Paginator(_narrow(own, str(asked)).for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "title": _("Findings to answer") if org.runs_cameras else _("Findings"),
        "form": form if request.GET else FindingFilter(initial={"state": OPEN}),
        "figures": _figures(own),
        "page_obj": page,
        "rows": [talk_rows.finding_row(finding, org) for finding in page],
        "is_operator": org.runs_cameras,
        "breadcrumbs": [*list_trail(org, "applications", _("Applications")), (_("Findings"), "")],
    }
    return render(request, "certification/findings.html", context, status=422 if form.errors else 200)


def _narrow(findings_: Any, state: str) -> Any:
    if state == OPEN:
        return findings_.filter(status__in=LEFT_OPEN)
    if state == OVERDUE:
        return findings_.overdue()
    return findings_.filter(status=state) if state else findings_


def _figures(own: Any) -> list[dict[str, Any]]:
    """How many stand where, and how many are overdue. Two queries."""
    counts = Counter(own.values_list("status", flat=True))
    figures = [{"label": capfirst(Status(status).label), "value": counts[status]} for status in LEFT_OPEN]
    return [*figures, {"label": _("Overdue"), "value": own.overdue().count()}]


@require_safe
def of_application(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every finding of one application."""
    found = find_at_work(request, organisation, reference, "read_documents")
    own = found.application.findings.select_related("criterion").order_by("number")
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "title": _("Findings"),
        "page_obj": page,
        "rows": [talk_rows.finding_row(finding, found.organisation) for finding in page],
        "is_operator": found.is_operator,
        "breadcrumbs": found.trail((_("Findings"), "")),
    }
    return render(request, "certification/findings.html", context)


def _find(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int, act: str = "read_documents"
) -> tuple[Found, Finding]:
    found = find_at_work(request, organisation, reference, "read_documents")
    finding = get_object_or_404(found.application.findings.for_finding(), number=number)
    if act != "read_documents":
        require(request.user, f"certification.{act}", found.application)
    return found, finding


@require_safe
def finding(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One finding: what was found, what was answered, what became of it, and what this person can do."""
    found, record = _find(request, organisation, reference, number)
    found_class = class_of(found.application.scheme, record.class_key)
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "finding": record,
        "heading": f"{found_class.name} {record}",
        "meaning": _meaning(found_class),
        "tag": talk_rows.finding_tag(record),
        "is_overdue": record.is_overdue(),
        "facts": _facts(found, record),
        "responses": [talk_rows.response_row(found, response) for response in record.responses.all()],
        "acts": _acts(found, record, request.user),
        "asked": frozen_answers(found, record.question) if record.question else [],
        "changes": _changes(record),
        "breadcrumbs": found.trail((_("Findings"), found.address("application_findings")), (str(record), "")),
    }
    return render(request, "certification/finding.html", context)


def _meaning(found_class: Any) -> str:
    if found_class.blocks_award:
        return _("It must be closed before a certificate can be awarded.")
    if found_class.must_be_answered:
        return _("It needs a plan that the auditor accepted before a certificate can be awarded.")
    return _("It informs and stops nothing. It asks for no answer.")


def _facts(found: Found, record: Finding) -> list[dict[str, Any]]:
    criterion = {"key": _("Criterion"), "value": f"{record.criterion.key}. {record.criterion.local_text}"}
    if not found.is_operator:
        address = found.address("review_principle", record.criterion.principle)
        criterion["link"] = f"{address}#{record.criterion.anchor}"
    facts: list[dict[str, Any]] = [criterion]
    if systems := [system.local_name for system in record.systems.all()]:
        facts.append({"key": _("Systems"), "values": systems})
    if record.evidence:
        facts.append({"key": _("What it rests on"), "value": record.evidence})
    if record.due_on:
        facts.append({"key": _("To be put right by"), "value": date_format(record.due_on, "j F Y")})
    raised = f"{date_format(record.raised_at.astimezone(LONDON), 'j F Y')}, {record.raised_by.get_full_name()}"
    facts.append({"key": _("Raised"), "value": raised})
    if record.follow_up:
        facts.append({"key": _("Seen at the follow-up"), "value": record.follow_up})
    return facts


def _changes(record: Finding) -> list[dict[str, Any]]:
    return [
        {
            "title": capfirst(Status(change.after).label),
            "by": change.by.get_full_name() if change.by else "",
            "at": change.at,
            "note": change.note,
        }
        for change in reversed(record.changes.all())
    ]


def _acts(found: Found, record: Finding, user: User) -> dict[str, bool]:
    """What this person can do about it now."""
    application = found.application
    if found.is_operator:
        answers = user.has_perm("certification.answer_finding", application)
        ended = application.status in services.ANSWERS_END
        return {
            "respond": answers and not ended and record.can_move_to(Status.ANSWERED),
            "add_file": answers and record.status == Status.ANSWERED,
        }
    works = user.has_perm("certification.review", application) and application.status in AT_WORK
    return {
        "judge": works and record.status == Status.ANSWERED,
        "close": works and record.status in (Status.OPEN, Status.PLAN_ACCEPTED),
        "cancel": works and record.can_move_to(Status.CANCELLED),
    }


# --- the auditor raises one ---


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Raise a finding at a criterion (`?criterion=`); `?class=` fills in its class. The day is left to follow from the
    class that is sent: one filled in beforehand would stay when another class is chosen.
    """
    found, review = at_work(request, organisation, reference)
    scheme = found.application.scheme
    criterion = get_object_or_404(Criterion, scheme=scheme, key=request.GET.get("criterion", ""))
    classes = classes_of(scheme)
    chosen = next((c for c in classes if c.key == request.GET.get("class")), None)
    form = FindingForm(
        posted(request),
        classes=classes,
        systems=list(found.application.systems.all()),
        initial={"class_key": chosen.key} if chosen else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.raise_finding(review=review, criterion=criterion, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal, "due_on")
        else:
            messages.success(request, _("The finding is raised. The operator was told."))
            return redirect(f"{found.address('review_principle', criterion.principle)}#{criterion.anchor}")
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": _("Raise a finding"),
        "lead": f"{criterion.key}. {criterion.local_text}",
        "submit_label": _("Raise it"),
        "cancel_url": f"{found.address('review_principle', criterion.principle)}#{criterion.anchor}",
        "breadcrumbs": found.trail((_("Raise a finding"), "")),
    }
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)


@require_POST
def send(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Let the review wait for the operator's answers."""
    found, review = at_work(request, organisation, reference)
    services.send_findings(review=review, by=request.user)
    messages.success(request, _("The review waits for the operator's answers. You can go on with your verdicts."))
    return redirect(found.address("review"))


# --- acts on one ---


@takes_files(MOST_SENT)
@get_or_post
def respond(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The operator answers: why, what was done or is planned, with files."""
    found, record = _find(request, organisation, reference, number, "answer_finding")
    if found.application.status in services.ANSWERS_END or not record.can_move_to(Status.ANSWERED):
        raise IllegalMove(record, Status.ANSWERED)
    form = RespondForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("cause", "text", "done_by")}
        try:
            services.respond(finding=record, uploads=form.cleaned_data["file"], by=request.user, **values)
        except RuleBroken as refusal:
            refused(form, refusal, "file" if request.FILES else "text")
        else:
            messages.success(request, _("The answer is sent. The auditor was told."))
            return redirect(found.address("finding", number))
    words = record.text
    return _form_page(request, found, record, form, _("Answer the finding"), _("Send the answer"), lead=words)


@takes_files(MOST_SENT)
@get_or_post
def add_file(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Further files beside the answer that waits for the auditor's word."""
    found, record = _find(request, organisation, reference, number, "answer_finding")
    if record.status != Status.ANSWERED:
        raise IllegalMove(record, Status.ANSWERED)
    form = MoreFilesForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_response_files(finding=record, uploads=form.cleaned_data["file"], by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            messages.success(request, _("Added to the answer."))
            return redirect(found.address("finding", number))
    return _form_page(request, found, record, form, _("Add files to the answer"), _("Add them"), lead=record.text)


@get_or_post
def judge(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The auditor's word on the newest answer."""
    found, record = _find(request, organisation, reference, number, "review")
    if record.status != Status.ANSWERED:
        raise IllegalMove(record, Status.CLOSED)
    newest: FindingResponse = list(record.responses.all())[-1]
    newest.finding = record
    form = JudgeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.judge_response(response=newest, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your word on the answer is saved. The operator was told."))
        return redirect(found.address("finding", number))
    heading, label = _("What do you make of the answer?"), _("Save")
    return _form_page(
        request, found, record, form, heading, label, answer=talk_rows.response_row(found, newest), lead=record.text
    )


@get_or_post
def close(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    found, record = _find(request, organisation, reference, number, "review")
    if record.status not in (Status.OPEN, Status.PLAN_ACCEPTED):
        raise IllegalMove(record, Status.CLOSED)
    form = EndFindingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.close(finding=record, by=request.user, **form.cleaned_data)
        messages.success(request, _("The finding is closed. The operator was told."))
        return redirect(found.address("finding", number))
    return _form_page(request, found, record, form, _("Close the finding"), _("Close it"), lead=record.text)


@get_or_post
def cancel(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    found, record = _find(request, organisation, reference, number, "review")
    if not record.can_move_to(Status.CANCELLED):
        raise IllegalMove(record, Status.CANCELLED)
    form = EndFindingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.cancel(finding=record, by=request.user, **form.cleaned_data)
        messages.success(request, _("The finding is cancelled. The operator was told."))
        return redirect(found.address("finding", number))
    return _form_page(request, found, record, form, _("Cancel the finding"), _("Cancel it"), lead=record.text)


def _form_page(  # noqa: PLR0917  (its callers are above)
    request: AuthenticatedHttpRequest,
    found: Found,
    record: Finding,
    form: GovukForm,
    heading: str,
    submit_label: str,
    **more: Any,
) -> HttpResponse:
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "caption": f"{found.application.reference} {record}",
        "form": form,
        "heading": heading,
        "submit_label": submit_label,
        "cancel_url": found.address("finding", record.number),
        "breadcrumbs": found.trail((str(record), found.address("finding", record.number)), (heading, "")),
        **more,
    }
    return render(request, "certification/finding_act.html", context, status=422 if form.errors else 200)

"""Applications for both sides: the list, one application, and the applicant's acts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from certification import stages
from certification.forms import SubmitForm, WithdrawForm
from certification.models import Application
from certification.services import applications as services
from certification.services.found_documents import asked_for
from certification.services.signatures import coverage_of, problems_of_signatures, remarks_of, taken_with
from certification.submission import Submission
from certification.views import rows
from certification.views.application_parts import parts_of
from certification.views.finding import Found, find, require_move
from core.errors import IllegalMove

PAGE = 20
Status = Application.Status


@require_safe
def applications(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those that the user may open, newest first, each with whose move it is."""
    org = organisation_or_404(request.user, organisation)
    own = Application.objects.readable_by(request.user).filter(
        Q(operator=org) | (Q(body=org) & ~Q(status=Status.DRAFT))
    )
    page = Paginator(own.for_list(), PAGE).get_page(request.GET.get("page"))
    stages.load_decisions(page)
    context = {
        "organisation": org,
        "page_obj": page,
        "applications": [rows.application_row(application, org, request.user) for application in page],
        "is_operator": org.runs_cameras,
        "can_apply": request.user.has_perm("certification.apply", org),
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Applications"), "")],
    }
    return render(request, "certification/applications.html", context)


@require_safe
def application(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Where it stands, what is needed now and from whom, what was submitted, and what happened."""
    found = find(request, organisation, reference, scope="for_page", with_grant=True)
    record, user = found.application, request.user
    if record.is_draft:
        prefetch_related_objects([record], "systems")
    submission = Submission.of(record) if record.frozen else None
    reads_review = user.has_perm("certification.read_review", record)
    step = stages.next_step(record)
    acts = _acts(found, step, user)
    context = {
        "organisation": found.organisation,
        "application": record,
        "heading": _heading(found, submission),
        "tag": stages.status_tag(record),
        "step": step,
        "mine": stages.is_mine(step, record, user),
        "acts": acts,
        "assignment": stages.open_assignment(record),
        "reads_review": reads_review and getattr(record, "has_review", False),
        "certificate": getattr(record, "certificate_reference", None),
        "changes": rows.changes_of(found, reads_review=reads_review),
        "parts": parts_of(request, found),
        "breadcrumbs": found.trail(),
        **(
            _draft_parts(found, can_submit=acts["submit"])
            if record.is_draft
            else _submitted_parts(found, submission, reads_review)
        ),
    }
    return render(request, "certification/application.html", context)


def _heading(found: Found, submission: Submission | None) -> str:
    """What tells this application from the others: the systems for the applicant, the applicant for the body."""
    if not found.is_operator:
        return found.application.operator.local_name
    if submission is not None:
        return ", ".join(system.name for system in submission.systems())
    return ", ".join(system.local_name for system in found.application.systems.all())


def _acts(found: Found, step: stages.Step, user: Any) -> dict[str, bool]:
    """Which buttons the page has: those that this user may press now."""
    record = found.application
    applies = user.has_perm("certification.change_application", record) and found.is_operator
    drafts = user.has_perm("certification.edit_draft", record) and found.is_operator
    manages = user.has_perm("certification.manage_application", record)
    mine = stages.is_mine(step, record, user)
    return {
        "change": drafts and record.is_draft,
        "submit": applies and record.is_draft,
        "withdraw": applies and record.can_move_to(Status.WITHDRAWN),
        "apply_again": applies and record.status in Application.CLOSED and record.status != Status.AWARDED,
        "take_in": manages and record.status == Status.SUBMITTED,
        "assign": manages and record.status in (Status.ACCEPTED, Status.STEP1_REVIEW),
        "declare": mine and step.act == stages.Act.DECLARE,
        "begin": mine and step.act == stages.Act.BEGIN and user.has_perm("certification.review", record),
        "review": mine and step.act == stages.Act.REVIEW and user.has_perm("certification.review", record),
        "decide": mine and step.act == stages.Act.DECIDE,
    }


def _draft_parts(found: Found, *, can_submit: bool) -> dict[str, Any]:
    """A draft as a list of tasks with what is still missing; who may not submit it finds no way to that page."""
    record = found.application
    systems = list(record.systems.all())
    coverage = coverage_of(systems, taken_with(record))
    problems = services.problems_of(record, systems, coverage)
    missing_documents = any(wanted.is_missing for wanted in asked_for(record))
    done = {"status": _("Done"), "colour": "green"}
    open_ = {"status": _("To do"), "colour": "blue"}
    count = len(record.documents.all())
    return {
        "problems_left": len(problems),
        "terms": rows.terms_rows(found, [system.local_name for system in systems]),
        "coverage": [rows.coverage_row(covered) for covered in coverage],
        "signed_problems": problems_of_signatures(record, coverage),
        "signed_remarks": remarks_of(coverage),
        "tasks": [
            {
                "title": _("What is applied for"),
                "url": found.address("application_change"),
                "hint": record.body.local_name,
                **done,
            },
            {
                "title": _("Documents"),
                "url": found.address("application_documents"),
                "hint": _("%(count)d chosen") % {"count": count},
                **(open_ if missing_documents else done),
            },
            {
                "title": _("What an auditor opens first"),
                "url": found.address("application_readiness"),
                "hint": _("Usual shortfalls, each with a way to mend it"),
                "status": "",
            },
            {
                "title": _("As a Word document"),
                "url": found.address("application_word"),
                "hint": _("Take it away, fill it in, bring it back"),
                "status": "",
            },
            {
                "title": _("Check and submit"),
                "url": found.address("application_submit") if can_submit else "",
                "hint": "" if can_submit else _("The single point of contact submits it."),
                **({"status": _("Not ready yet"), "colour": "grey"} if problems else open_),
            },
        ],
    }


def _submitted_parts(found: Found, submission: Submission | None, reads_review: bool) -> dict[str, Any]:
    """What was submitted, from the frozen text alone. Who is only assigned reads no documents before declaring."""
    record = found.application
    names = rows.document_names(record)
    readable = found.is_operator or reads_review
    systems = submission.systems() if submission else []
    return {
        "terms": rows.terms_rows(found, [system.name for system in systems]),
        "signatures": submission.signatures if submission else [],
        "systems": rows.system_rows(systems),
        "documents": [rows.document_row(found, document, names) for document in record.documents.all()]
        if readable
        else [],
        "documents_readable": readable,
    }


# --- the applicant's acts ---


@get_or_post
def submit(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Check everything on one page, then send it."""
    found = find(request, organisation, reference, "change_application")
    record = found.application
    require_move(record, Status.DRAFT, wanted=Status.SUBMITTED)
    form = SubmitForm(posted(request), initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        services.submit(application=record, version=form.cleaned_data["version"], by=request.user)
        messages.success(request, _("The application is with the certification body."))
        return redirect(found.address("application"))
    systems = list(record.systems.all())
    names = rows.document_names(record)
    coverage = coverage_of(systems, taken_with(record))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "problems_left": services.problems_of(record, systems, coverage),
        "terms": rows.terms_rows(found, [system.local_name for system in systems]),
        "coverage": [rows.coverage_row(covered) for covered in coverage],
        "signed_remarks": remarks_of(coverage),
        "documents": [
            {"kind": names.get(d.kind, _("Other document")), "title": d.title} for d in record.documents.all()
        ],
        "breadcrumbs": found.trail((_("Check and submit"), "")),
    }
    return render(request, "certification/application_submit.html", context, status=422 if form.errors else 200)


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "change_application")
    record = found.application
    if not record.can_move_to(Status.WITHDRAWN):
        raise IllegalMove(record, Status.WITHDRAWN)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.withdraw_application(application=record, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The application is withdrawn."))
        return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "heading": _("Withdraw the application"),
        "lead": _("It ends here. A new application can be made at any time."),
        "submit_label": _("Withdraw it"),
        "warning": True,
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Withdraw"), "")),
    }
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)

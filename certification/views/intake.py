"""The body's acts before the review, and the auditor's declaration."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from certification import stages
from certification.forms import CONFLICT, AssignForm, DeclarationForm, ReturnForm
from certification.models import Application, StepReview
from certification.services import intake as services
from certification.services import reviews
from certification.services.impartiality import auditors_for
from certification.views.finding import Found, find, require_move
from core.errors import RuleBroken

Status = Application.Status


@require_POST
def accept(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "manage_application")
    services.accept(application=found.application, by=request.user)
    messages.success(request, _("The application is accepted. Assign an auditor next."))
    return redirect(found.address("application"))


@get_or_post
def return_application(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "manage_application")
    require_move(found.application, Status.SUBMITTED, wanted=Status.RETURNED)
    form = ReturnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.return_application(application=found.application, reason=reason, by=request.user)
        messages.success(request, _("The application is returned. The applicant was told the reason."))
        return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "heading": _("Return the application"),
        "submit_label": _("Return it"),
        "warning": True,
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Return"), "")),
    }
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)


@get_or_post
def assign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Choose an auditor of those who may; those who are stopped stand below with the reason."""
    found = find(request, organisation, reference, "manage_application")
    require_move(found.application, *services.stages_of_work(found.application), wanted=Status.STEP1_REVIEW)
    present = stages.open_assignment(found.application)
    others = [(a, stop) for a, stop in auditors_for(found.application) if not present or a.pk != present.auditor_id]
    form = AssignForm(posted(request), auditors=[auditor for auditor, stop in others if not stop])
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_auditor(application=found.application, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            require_move(found.application, *services.stages_of_work(found.application), wanted=Status.STEP1_REVIEW)
            form.add_error(None, str(refusal.sentence))
            status = 422
        else:
            messages.success(request, _("The auditor is assigned and declares next."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "present": present,
        "can_choose": any(not stop for _auditor, stop in others),
        "stopped": [{"name": auditor.get_full_name(), "reason": stop} for auditor, stop in others if stop],
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Assign an auditor"), "")),
    }
    return render(request, "certification/assign.html", context, status=status)


@get_or_post
def declare(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "declare_conflict")
    require_move(found.application, *services.stages_of_work(found.application), wanted=Status.STEP1_REVIEW)
    services.require_undeclared(stages.open_assignment(found.application))
    form = DeclarationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _declared(request, found, form)
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "systems": [system.local_name for system in found.application.systems.all()],
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Declaration"), "")),
    }
    return render(request, "certification/declare.html", context, status=422 if form.errors else 200)


def _declared(request: AuthenticatedHttpRequest, found: Found, form: DeclarationForm) -> HttpResponse:
    has_conflict = form.cleaned_data["conflict"] == CONFLICT
    services.declare(
        application=found.application,
        has_conflict=has_conflict,
        declaration=form.cleaned_data["declaration"],
        by=request.user,
    )
    if has_conflict:  # the assignment has ended: this page is no longer theirs
        messages.success(request, _("Thank you. Your manager was told and assigns somebody else."))
        return redirect("certification:applications", found.organisation.slug)
    messages.success(request, _("Thank you. You can begin the review."))
    return redirect(found.address("application"))


@require_POST
def begin(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Open the desktop review."""
    found = find(request, organisation, reference, "review")
    reviews.begin(application=found.application, step=StepReview.Step.DESKTOP, by=request.user)
    messages.success(request, _("The review is open. Nothing is ticked beforehand: each verdict is yours."))
    return redirect(found.address("review"))

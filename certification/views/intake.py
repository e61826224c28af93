"""The body's acts before the review, and the auditor's declaration."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from certification import stages
from certification.forms import ReturnForm
from certification.impartial_forms import AssignForm, DeclarationForm
from certification.models import Application, AuditorAssignment, StepReview
from certification.services import intake as services
from certification.services import reviews
from certification.services.fitness import Fitness, auditors_for
from certification.views.finding import Found, find, require_move
from core.errors import RuleBroken
from core.forms import refused

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
    """Choose an auditor of those who may; what to be warned of stands with each, what stops the others below."""
    found = find(request, organisation, reference, "manage_application", scope="for_assigning")
    require_move(found.application, *services.stages_of_work(found.application), wanted=Status.STEP1_REVIEW)
    present = stages.open_assignment(found.application)
    others = others_than(found.application, present)
    form = AssignForm(posted(request), auditors=others)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_auditor(application=found.application, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The auditor is assigned and declares next."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "form": form,
        "present": present,
        **assign_parts(others, found.organisation),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Assign an auditor"), "")),
    }
    return render(request, "certification/assign.html", context, status=status)


def others_than(application: Application, present: AuditorAssignment | None) -> list[Fitness]:
    """The body's auditors but the one who is assigned. Five queries."""
    return [fitness for fitness in auditors_for(application) if not present or fitness.auditor.pk != present.auditor_id]


def assign_parts(others: list[Fitness], organisation: Organisation) -> dict[str, Any]:
    """What the page of an assignment says of everybody."""
    of_body = [w.sentence for fitness in others for w in fitness.warnings if not w.needs_reason]
    return {
        "can_choose": any(not fitness.stops for fitness in others),
        "stopped": [{"name": f.auditor.get_full_name(), "reasons": f.stops} for f in others if f.stops],
        "of_body": of_body[0] if of_body else "",
        "competences_url": reverse("certification:competences", args=[organisation.slug]),
    }


@get_or_post
def declare(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = find(request, organisation, reference, "declare_conflict")
    require_move(found.application, *services.stages_of_work(found.application), wanted=Status.STEP1_REVIEW)
    services.require_undeclared(stages.open_assignment(found.application))
    form = DeclarationForm(posted(request), application=found.application)
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
    interests = form.interests()
    services.declare(
        application=found.application, interests=interests, note=form.cleaned_data["note"], by=request.user
    )
    if interests:  # the assignment has ended: this page is no longer theirs
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

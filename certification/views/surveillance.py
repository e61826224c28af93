"""Surveillance reviews of a certificate: one page for both sides, and the acts of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from certification.impartial_forms import AssignForm
from certification.life_forms import ChangesForm, SurveillanceDecisionForm
from certification.models import SurveillanceReview
from certification.services import surveillance as services
from certification.services.reviews import criteria_to_judge
from certification.views import life_rows, rows
from certification.views.finding import find_certificate, require_move
from certification.views.intake import assign_parts, others_than
from core.errors import RuleBroken
from core.forms import refused

Status = SurveillanceReview.Status
DONE = {
    "continue": gettext_lazy("The certificate continues. The holder was told your reasons."),
    "suspend": gettext_lazy("The certificate is suspended. The holder was told your reasons."),
    "withdraw": gettext_lazy("The certificate is withdrawn. The holder was told your reasons."),
    "back": gettext_lazy("The review is open again. The auditor was told your reasons."),
}


def _find(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int, act: str = ""
) -> tuple[Organisation, SurveillanceReview]:
    """The review at that address, if the user may do `act` with its certificate. Ten queries at most."""
    org, certificate = find_certificate(request, organisation, reference, scope="for_marks")
    reviews = certificate.surveillance.select_related("review__assignment__auditor", "declared_by")
    review = get_object_or_404(reviews, number=number)
    review.certificate = certificate  # with what was loaded
    if certificate.application is not None:
        certificate.application.scheme = certificate.scheme
        if review.review is not None:
            review.review.application = certificate.application
    if act:
        require(request.user, f"certification.{act}", certificate)
    return org, review


@require_safe
def surveillance(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    org, found = _find(request, organisation, reference, number, "read_surveillance")
    certificate, user = found.certificate, request.user
    assignment = services.assignment_of(found)
    works = user.has_perm("certification.work_on_surveillance", certificate)
    reads = org.pk == certificate.body_id and bool(
        certificate.application and user.has_perm("certification.read_review", certificate.application)
    )
    context = {
        "organisation": org,
        "certificate": certificate,
        "review": found,
        "tag": life_rows.surveillance_tag(found),
        "facts": _facts(found, org, reads=reads),
        "acts": _acts(request, org, found),
        "assignment": assignment if org.pk == certificate.body_id else None,
        "places": life_rows.place_rows(
            certificate, org, holds=False, checks=works and found.status == Status.UNDER_REVIEW
        ),
        "conclusion": found.review if reads and found.review and found.review.recommendation else None,
        "breadcrumbs": life_rows.certificate_trail(org, certificate, (_title(found), "")),
    }
    return render(request, "certification/surveillance.html", context)


def _title(found: SurveillanceReview) -> str:
    return str(_("Surveillance review %(number)d") % {"number": found.number})


def _url(org: Organisation, found: SurveillanceReview, name: str = "surveillance") -> str:
    return life_rows.address(org, found.certificate, name, found.number)


def _facts(found: SurveillanceReview, org: Organisation, *, reads: bool) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"key": _("Holder"), "value": found.certificate.operator_name},
        {"key": _("Certification body"), "value": found.certificate.body_name},
        {"key": _("Due"), "value": rows.day(found.due_on)},
    ]
    if found.declared_at:
        facts.append({"key": _("What has changed, as the holder says"), "value": found.changes_declared})
        facts.append({"key": _("Said"), "value": rows.day(found.declared_at.date())})
    assignment = services.assignment_of(found)
    if assignment and org.pk == found.certificate.body_id:
        facts.append({"key": _("Auditor"), "value": assignment.auditor.get_full_name()})
    if reads and found.status == Status.UNDER_REVIEW and found.review:
        wanted = ", ".join(criteria_to_judge(found.review).values_list("key", flat=True))
        facts.append(
            {"key": _("Verdicts needed at least"), "value": wanted or _("None: no criterion was short last time")}
        )
    return facts


def _acts(request: AuthenticatedHttpRequest, org: Organisation, found: SurveillanceReview) -> dict[str, str]:
    """Addresses of what this person can do now."""
    acts: dict[str, str] = {}
    user, certificate = request.user, found.certificate
    application, assignment = certificate.application, services.assignment_of(found)
    if application is None:
        return acts
    is_open = found.status in (Status.PLANNED, Status.UNDER_REVIEW)
    if is_open and user.has_perm("certification.hold_certificate", certificate):
        acts["changes"] = _url(org, found, "surveillance_changes")
    if is_open and user.has_perm("certification.manage_surveillance", certificate):
        acts["assign"] = _url(org, found, "surveillance_assign")
    if assignment and assignment.auditor_id == user.pk and org.pk == certificate.body_id:
        if assignment.declared_at is None:
            acts["declare"] = reverse("certification:application_declare", args=[org.slug, application.reference])
        elif services.can_begin(found):
            acts["begin"] = _url(org, found, "surveillance_begin")
        elif found.status == Status.UNDER_REVIEW:
            acts["desk"] = reverse("certification:review", args=[org.slug, application.reference])
    if found.status == Status.REVIEWED and user.has_perm("certification.decide_certificate", certificate):
        acts["decide"] = _url(org, found, "surveillance_decision")
    return acts


def _form_page(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    found: SurveillanceReview,
    form: Any,
    status: int,
    **words: Any,
) -> HttpResponse:
    context = {
        "organisation": org,
        "caption": found.certificate.reference,
        "form": form,
        "cancel_url": _url(org, found),
        "breadcrumbs": life_rows.certificate_trail(
            org, found.certificate, (_title(found), _url(org, found)), (words["heading"], "")
        ),
        **words,
    }
    return render(request, "certification/act.html", context, status=status)


@get_or_post
def changes(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The holder's SPOC says what has changed."""
    org, found = _find(request, organisation, reference, number, "hold_certificate")
    require_move(found, Status.PLANNED, Status.UNDER_REVIEW, wanted=Status.UNDER_REVIEW)
    form = ChangesForm(posted(request), initial={"changes": found.changes_declared})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_changes(surveillance=found, changes=form.cleaned_data["changes"], by=request.user)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("Thank you. The certification body reads it."))
            return redirect(_url(org, found))
    return _form_page(request, org, found, form, status, heading=_("What has changed"), submit_label=_("Send it"))


@get_or_post
def assign(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The body's manager puts an auditor on it."""
    org, found = _find(request, organisation, reference, number, "manage_surveillance")
    require_move(found, Status.PLANNED, Status.UNDER_REVIEW, wanted=Status.UNDER_REVIEW)
    present = services.assignment_of(found)
    others = others_than(services.application_of(found), present)
    form = AssignForm(posted(request), auditors=others, label=_("Which auditor does this surveillance review?"))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.assign(surveillance=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The auditor is assigned and declares next."))
            return redirect(_url(org, found))
    context = {
        "organisation": org,
        "application": found.certificate.application,
        "form": form,
        "present": present,
        **assign_parts(others, org),
        "cancel_url": _url(org, found),
        "breadcrumbs": life_rows.certificate_trail(
            org, found.certificate, (_title(found), _url(org, found)), (_("Assign an auditor"), "")
        ),
    }
    return render(request, "certification/assign.html", context, status=status)


@require_POST
def begin(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The assigned auditor opens it."""
    org, found = _find(request, organisation, reference, number, "work_on_surveillance")
    services.begin(surveillance=found, by=request.user)
    messages.success(request, _("The review is open. Nothing is ticked beforehand: each verdict is yours."))
    return redirect(_url(org, found))


@get_or_post
def decide(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Somebody with no part in the review decides."""
    org, found = _find(request, organisation, reference, number, "decide_certificate")
    require_move(found, Status.REVIEWED, wanted=Status.DECIDED)
    form = SurveillanceDecisionForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(surveillance=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, DONE[form.cleaned_data["outcome"]])
            return redirect(_url(org, found))
    review = found.review
    lead = ""
    if review is not None:
        lead = capfirst(f"{review.get_recommendation_display()}.")
    return _form_page(
        request,
        org,
        found,
        form,
        status,
        heading=_("Decide after the surveillance review"),
        lead=lead,
        quote=review.conclusion if review else "",
        submit_label=_("Record the decision"),
    )

"""From draft to signed: send, sign or return, and what was signed."""

import json

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AuthenticatedHttpRequest, posted
from accounts.models import Role
from accounts.policy import require
from compliance import frozen
from compliance.forms.assessments import ReturnForm, SignForm
from compliance.models import Assessment, SignedAssessment
from compliance.rules import AssessmentState
from compliance.services import signing
from compliance.services.people import holders
from compliance.states import state_of
from compliance.views import rows
from compliance.views.facts import signed_facts, system_facts
from compliance.views.finding import address, assessment_or_404, trail_to
from core.errors import IllegalMove

Status = Assessment.Status


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Say what sending means and who is told, then send."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.send_for_sign_off", found)
    if request.method == "POST":
        signing.send_for_sign_off(assessment=found, by=request.user)
        messages.success(request, _("The self-assessment is with the senior responsible officer."))
        return redirect(found)
    if not found.can_move_to(Status.READY):
        raise IllegalMove(found, Status.READY)
    state = state_of(found)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "counts": rows.counts_of(state),
        "blockers": signing.problems_of(found, state.blockers),
        "warnings": signing.problems_of(found, state.warnings),
        "told": [user.get_full_name() for user in holders(Role.SRO, found.system.operator)],
        "breadcrumbs": trail_to(found, (_("Send for sign-off"), "")),
    }
    return render(request, "compliance/assessment_send.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer reads the whole and signs it, with the password again."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.sign_assessment", found)
    if request.method == "POST":
        return _sign(request, found)
    if found.status != Status.READY:
        return redirect(found)  # an old message leads here: the first page says how things stand
    state = state_of(found)
    initial = {"post": found.system.sro_post, "read_sha256": frozen.digest(signing.content_to_read(state))}
    return _sign_page(request, state, SignForm(initial=initial))


def _sign(request: AuthenticatedHttpRequest, found: Assessment) -> HttpResponse:
    form = SignForm(request.POST)
    status = 422
    if form.is_valid():
        if not ratelimit.consume(request, action="reauthenticate", user=request.user):
            form.add_error("password", _("Too many attempts. Wait a minute, then try again."))
            status = 429
        elif not request.user.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("This is not your password. Nothing is signed yet."))
        else:
            signing.sign(
                assessments=[found],
                by=request.user,
                typed_name=form.cleaned_data["typed_name"],
                post=form.cleaned_data["post"],
                password_checked=True,
                read_sha256=form.cleaned_data["read_sha256"],
            )
            messages.success(request, _("The self-assessment is signed and frozen."))
            return redirect("compliance:signed", found.system.operator.slug, found.reference)
    if found.status != Status.READY:
        raise IllegalMove(found, Status.SIGNED)
    return _sign_page(request, state_of(found), form, status=status)


def _sign_page(
    request: AuthenticatedHttpRequest, state: AssessmentState, form: SignForm, *, status: int = 200
) -> HttpResponse:
    found = state.assessment
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "counts": rows.counts_of(state),
        "blockers": signing.problems_of(found, state.lacks),
        "warnings": [warning.sentence for warning in state.warnings],
        "parts": rows.whole(state, editable=False),
        "facts": system_facts(found.system),
        "sha256": frozen.digest(signing.content_to_read(state)),
        "form": form,
        "breadcrumbs": trail_to(found, (_("Sign"), "")),
    }
    return render(request, "compliance/assessment_sign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def return_with_comments(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Back to draft, with what should be changed."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.sign_assessment", found)
    if found.status != Status.READY:
        raise IllegalMove(found, Status.DRAFT)
    form = ReturnForm(posted(request))
    if request.method == "POST" and form.is_valid():
        signing.return_with_comments(assessment=found, comments=form.cleaned_data["comments"], by=request.user)
        messages.success(request, _("The self-assessment is back in draft, and its team is told."))
        return redirect(found)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "form": form,
        "cancel_url": address("sign", found),
        "breadcrumbs": trail_to(found, (_("Return with comments"), "")),
    }
    return render(request, "compliance/assessment_return.html", context, status=422 if form.errors else 200)


def _signed_or_404(found: Assessment) -> SignedAssessment:
    signed = found.signed_as.select_related("signed_by").first()
    if signed is None:
        raise Http404
    return signed


@require_safe
def signed(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What was signed, by whom, when, in which post, and its hash. Read from the frozen text alone."""
    found = assessment_or_404(request, organisation, reference)
    shown = _signed_or_404(found)
    content = json.loads(shown.content)
    own = next(part for part in content["assessments"] if part["reference"] == found.reference)
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "colour": rows.STATUS_COLOURS[Status(found.status)],
        "signed": shown,
        "holds": frozen.holds(shown),
        "scope": own["scope"],
        "facts": signed_facts(own["system"]),
        "parts": rows.whole_signed(content, found.reference),
        "breadcrumbs": trail_to(found, (_("What was signed"), "")),
    }
    return render(request, "compliance/assessment_signed.html", context)


@require_safe
def signed_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that were hashed."""
    shown = _signed_or_404(assessment_or_404(request, organisation, reference))
    name = f"self-assessment-{shown.reference}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shown.content.encode(), content_type="application/json; charset=utf-8", headers=headers)

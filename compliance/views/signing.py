"""From draft to signed: send, sign or return, and what was signed."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from accounts.models import Role
from accounts.policy import require
from compliance import frozen
from compliance.forms.assessments import ReturnForm, SignForm
from compliance.models import Assessment, SignedAssessment
from compliance.rules import AssessmentState
from compliance.services import signing
from compliance.services.people import holders
from compliance.states import state_of, states_of
from compliance.system_words import signed_facts, system_facts
from compliance.views import rows
from compliance.views.finding import address, assessment_or_404, trail_to
from compliance.views.system_finding import system_links_of
from core.downloads import frozen_text
from core.errors import IllegalMove

Status = Assessment.Status
MOST_TOGETHER = 20


@get_or_post
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
@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer reads the whole and signs it, with the password again.

    `with` in the address names others that are read and signed in the same act; each stands whole on the page.
    """
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.sign_assessment", found)
    together = _together(request, found)
    if request.method == "POST":
        return _sign(request, together)
    if found.status != Status.READY:
        return redirect(found)  # an old message leads here: the first page says how things stand
    states = states_of([one for one in together if one.status == Status.READY])
    return _sign_page(request, states, SignForm(initial={"post": found.system.sro_post}))


def _together(request: AuthenticatedHttpRequest, found: Assessment) -> list[Assessment]:
    """This one, and those of the same operator that the address names. Two queries where it names any."""
    named = set(request.GET.getlist("with")[:MOST_TOGETHER]) - {found.reference}
    if not named:
        return [found]
    own = Assessment.objects.visible_to(request.user).filter(system__operator=found.system.operator_id)
    others = own.filter(reference__in=named, status__in=(Status.READY, Status.SIGNED))
    return [found, *others.for_detail().order_by("system__name", "pk")]


def _sign(request: AuthenticatedHttpRequest, together: Sequence[Assessment]) -> HttpResponse:
    found = together[0]
    form = SignForm(request.POST)
    status = 422
    if form.is_valid() and not (status := refused_password(request, form)):
        signature = {name: form.cleaned_data[name] for name in ("typed_name", "post", "read_sha256")}
        signing.sign(assessments=together, by=request.user, password_checked=True, **signature)
        messages.success(request, _signed_words(together))
        return redirect("compliance:signed", found.system.operator.slug, found.reference)
    if found.status != Status.READY:
        raise IllegalMove(found, Status.SIGNED)
    return _sign_page(request, states_of([one for one in together if one.status == Status.READY]), form, status=status)


def _signed_words(together: Sequence[Assessment]) -> str:
    if len(together) == 1:
        return _("The self-assessment is signed and frozen.")
    names = ", ".join(assessment.system.local_name for assessment in together)
    return _("These self-assessments are signed with one signature and frozen: %(systems)s") % {"systems": names}


def _sign_page(
    request: AuthenticatedHttpRequest, states: Sequence[AssessmentState], form: SignForm, *, status: int = 200
) -> HttpResponse:
    found, sha256 = states[0].assessment, frozen.digest(signing.content_to_read(states))
    form.initial["read_sha256"] = sha256
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "edition": found.edition,
        "several": len(states) > 1,
        "wholes": [
            {
                "assessment": state.assessment,
                "counts": rows.counts_of(state),
                "parts": rows.whole(state, editable=False),
                "facts": system_facts(state.assessment.system),
                "prefix": f"{state.assessment.reference}-" if place else "",
            }
            for place, state in enumerate(states)
        ],
        "others": _others(request, states),
        "blockers": [problem for state in states for problem in signing.problems_of(state.assessment, state.blockers)],
        "warnings": [warning.sentence for state in states for warning in state.warnings],
        "sha256": sha256,
        "form": form,
        "breadcrumbs": trail_to(found, (_("Sign"), "")),
    }
    return render(request, "compliance/assessment_sign.html", context, status=status)


def _others(request: AuthenticatedHttpRequest, states: Sequence[AssessmentState]) -> list[dict[str, Any]]:
    """What else of the operator waits for sign-off, ticked where it stands on the page already. One query."""
    found = states[0].assessment
    taken = {state.assessment.pk for state in states}
    waiting = Assessment.objects.visible_to(request.user).filter(
        system__operator=found.system.operator_id, status=Status.READY
    )
    others = waiting.exclude(pk=found.pk).select_related("system__operator").order_by("system__name", "pk")
    return [
        {
            "reference": other.reference,
            "system": other.system.local_name,
            "url": address("check", other),
            "taken": other.pk in taken,
        }
        for other in others[:MOST_TOGETHER]
    ]


@get_or_post
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
        "together": [part["system"]["name"] for part in content["assessments"] if part is not own],
        "before": _signed_before(shown, found),
        "links": system_links_of(
            request.user, found.system.operator, [part["system"]["reference"] for part in content["assessments"]]
        )
        if found.status == Status.SIGNED
        else [],
        "can_reopen": found.status == Status.SIGNED and request.user.has_perm("compliance.reopen_assessment", found),
        "breadcrumbs": trail_to(found, (_("What was signed"), "")),
    }
    return render(request, "compliance/assessment_signed.html", context)


def _signed_before(shown: SignedAssessment, found: Assessment) -> SignedAssessment | None:
    """What was signed for the same system before, if anything. One query."""
    earlier = SignedAssessment.objects.filter(assessments__system=found.system_id, signed_at__lt=shown.signed_at)
    return earlier.order_by("-signed_at").first()


@require_safe
def signed_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that were hashed."""
    shown = _signed_or_404(assessment_or_404(request, organisation, reference))
    return frozen_text(shown.content, name=f"self-assessment-{shown.reference}.json")

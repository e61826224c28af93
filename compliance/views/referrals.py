"""Requests for cameras that came in by the link: list, one of them, answers, and the link itself."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.camera_case import camera_address
from compliance.forms.referrals import DeclineReferralForm
from compliance.models import Referral, ReferralAddress
from compliance.referring import referral_link
from compliance.services import referrals as services
from compliance.views import proposal_rows as rows
from compliance.views.proposals import crumbs
from compliance.views.system_finding import Crumbs, operator_or_404
from core.errors import IllegalMove

PAGE_SIZE = 50
Status = Referral.Status
COLOURS = {Status.RECEIVED: "blue", Status.TAKEN_UP: "green", Status.DECLINED: "grey"}


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> Crumbs:
    url = reverse("compliance:referrals", args=[operator.slug]) if further else ""
    return crumbs(operator, (_("Requests for cameras"), url), *further)


def _address(name: str, referral: Referral) -> str:
    return reverse(f"compliance:{name}", args=[referral.operator.slug, referral.reference])


@require_safe
def referrals(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """What others asked for, the newest first, and the link by which they do."""
    operator = operator_or_404(request, organisation)
    own = Referral.objects.visible_to(request.user).filter(operator=operator)
    page = Paginator(own.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    address = ReferralAddress.objects.filter(operator=operator, opened_at__isnull=False).first()
    if address:
        address.operator = operator
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_row(referral) for referral in page],
        "link": referral_link(address) if address else "",
        "may_open": request.user.has_perm("compliance.open_referrals", operator),
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/referrals.html", context)


def _row(referral: Referral) -> dict[str, Any]:
    return {
        "url": _address("referral", referral),
        "reference": referral.reference,
        "location": referral.location,
        "source": capfirst(referral.get_source_display()),
        "received": referral.received_at,
        "label": referral.get_status_display(),
        "colour": COLOURS[Status(referral.status)],
    }


@require_POST
def address(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Open the form by a new link, or close it."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.open_referrals", operator)
    if request.POST.get("act") == "close":
        services.close_address(operator=operator, by=request.user)
        messages.success(request, _("The link is closed."))
    else:
        services.open_address(operator=operator, by=request.user)
        messages.success(request, _("The link is open. Share it with whoever may ask for a camera."))
    return redirect("compliance:referrals", operator.slug)


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Referral:
    operator = operator_or_404(request, organisation)
    own = Referral.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.for_list(), reference=reference)


@require_safe
def referral(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One request. Who sent it is shown to those who answer and those who can erase it."""
    found = _found(request, organisation, reference)
    user = request.user
    reads_sender = user.has_perm("compliance.read_sender", found)
    has_sender = bool(found.name or found.email)
    open_ = found.status == Status.RECEIVED and user.has_perm("compliance.settle_referral", found)
    context = {
        "organisation": found.operator,
        "referral": found,
        "tag": {"label": found.get_status_display(), "colour": COLOURS[Status(found.status)]},
        "rows": _facts(found, reads_sender=reads_sender),
        "take_up_url": f"{reverse('compliance:proposal_new', args=[found.operator.slug])}?referral={found.reference}"
        if open_
        else "",
        "decline_url": _address("referral_decline", found) if open_ else "",
        "erase_url": _address("referral_erase", found)
        if has_sender and user.has_perm("compliance.erase_referral", found)
        else "",
        "breadcrumbs": _crumbs(found.operator, (found.reference, "")),
    }
    return render(request, "compliance/referral.html", context)


def _facts(found: Referral, *, reads_sender: bool) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"key": _("Street or landmark"), "value": found.location},
        {"key": _("The problem"), "value": found.problem},
        {"key": _("Since when, and how often"), "value": found.since},
        {"key": _("What was tried"), "value": found.tried},
        {"key": _("Asked for by"), "value": capfirst(found.get_source_display())},
        {"key": _("Organisation"), "value": found.organisation},
        {"key": _("Received"), "value": rows.day_of(found.received_at)},
    ]
    if reads_sender:
        facts += [{"key": _("Name"), "value": found.name}, {"key": _("Email address"), "value": found.email}]
    if found.answer:
        facts.append({"key": _("Reason given"), "value": found.answer})
    if found.camera:
        facts.append(
            {"key": _("Proposed camera"), "value": found.camera.name, "link": camera_address("proposal", found.camera)}
        )
    return [{**fact, "value": fact["value"] or _("not given")} for fact in facts]


@get_or_post
def decline(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """No camera is proposed, and why."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.settle_referral", found)
    if not found.can_move_to(Status.DECLINED):
        raise IllegalMove(found, Status.DECLINED)
    form = DeclineReferralForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.decline(referral=found, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Declined. Whoever asked is told if they left an address."))
        return redirect(_address("referral", found))
    title = _("Decline the request")
    context = {
        "organisation": found.operator,
        "title": title,
        "caption": found.location,
        "form": form,
        "submit_label": title,
        "cancel_url": _address("referral", found),
        "breadcrumbs": _crumbs(found.operator, (found.reference, _address("referral", found)), (title, "")),
    }
    return render(request, "compliance/proposal_form.html", context, status=422 if form.errors else 200)


@require_POST
def erase(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take off who sent it, for good."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.erase_referral", found)
    services.erase_sender(referral=found, by=request.user)
    messages.success(request, _("Name and email address are erased."))
    return redirect(_address("referral", found))

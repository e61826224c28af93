"""Transfers of certificates between certification bodies: asked for by the holder, decided by the receiving body."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from certification.life_forms import TakeOverForm, TransferForm
from certification.models import Certificate, Transfer
from certification.services import transfers as services
from certification.views import life_rows, rows
from certification.views.finding import find_certificate, list_trail
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

Status = Transfer.Status


def _find(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[Organisation, Transfer]:
    """The transfer at that address, if this organisation is party to it and the user may read it. Three queries."""
    org = organisation_or_404(request.user, organisation)
    party = Q(certificate__operator=org) | Q(certificate__body=org) | Q(body=org)
    own = Transfer.objects.visible_to(request.user).filter(party)
    transfer = get_object_or_404(own.for_detail(), reference=reference)
    require(request.user, "certification.read_transfer", transfer)
    return org, transfer


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The holder's SPOC asks another body of the scheme."""
    org, found = find_certificate(request, organisation, reference)
    require(request.user, "certification.hold_certificate", found)
    if found.status != Certificate.Status.VALID:
        raise IllegalMove(found, Certificate.Status.REPLACED)
    bodies = services.receiving_bodies(found)
    form = TransferForm(posted(request), bodies=bodies)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            transfer = services.ask(certificate=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The receiving body was asked. It looks for itself and decides."))
            return redirect("certification:transfer", org.slug, transfer.reference)
    lead = _(
        "The receiving body looks at the audit itself. If it agrees, it issues a new certificate with the same dates."
    )
    if not bodies:
        lead = _("No other certification body may certify under this scheme today.")
    context = {
        "organisation": org,
        "caption": found.reference,
        "form": form,
        "heading": _("Ask another certification body to take the certificate over"),
        "lead": lead,
        "submit_label": _("Ask it"),
        "cancel_url": life_rows.certificate_url(org, found),
        "breadcrumbs": life_rows.certificate_trail(org, found, (_("Transfer"), "")),
    }
    return render(request, "certification/act.html", context, status=status)


@require_safe
def transfer(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, found = _find(request, organisation, reference)
    asked, user = found.status == Status.ASKED, request.user
    receives = org.pk == found.body_id
    acts = {}
    if asked and receives and user.has_perm("certification.decide_transfer", found):
        acts["decide"] = reverse("certification:transfer_decision", args=[org.slug, found.reference])
    if asked and user.has_perm("certification.cancel_transfer", found):
        acts["cancel"] = reverse("certification:transfer_cancel", args=[org.slug, found.reference])
    context = {
        "organisation": org,
        "transfer": found,
        "tag": life_rows.transfer_tag(found),
        "facts": _facts(found, org),
        "acts": acts,
        "changes": [
            {
                "title": capfirst(Status(change.after).label),
                "by": change.by.get_full_name() if change.by else "",
                "at": change.at,
                "note": change.note,
            }
            for change in reversed(found.changes.all())
        ],
        "breadcrumbs": [*list_trail(org, "certificates", _("Certificates")), (found.reference, "")],
    }
    return render(request, "certification/transfer.html", context)


def _facts(found: Transfer, org: Organisation) -> list[dict[str, Any]]:
    certificate = found.certificate
    facts = [
        {
            "key": _("Certificate"),
            "value": certificate.reference,
            "link": life_rows.certificate_url(org, certificate),
        },
        {"key": _("Holder"), "value": certificate.operator_name},
        {"key": _("Issued by"), "value": certificate.body_name},
        {"key": _("Receiving body"), "value": found.body.local_name},
        {"key": _("Scope"), "value": certificate.scope},
        {
            "key": _("Valid until"),
            "value": rows.day(certificate.valid_until) if certificate.valid_until else _("No fixed end"),
        },
        {"key": _("Reason"), "value": found.reason},
        {"key": _("Asked by"), "value": found.asked_by.get_full_name()},
    ]
    if found.successor:
        link = life_rows.certificate_url(org, found.successor)
        facts.append({"key": _("Replaced by"), "value": found.successor.reference, "link": link})
    return facts


@get_or_post
def decide(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A decision maker of the receiving body takes the certificate over or not."""
    org, found = _find(request, organisation, reference)
    require(request.user, "certification.decide_transfer", found)
    if found.status != Status.ASKED:
        raise IllegalMove(found, Status.DONE)
    form = TakeOverForm(posted(request))
    status = 422 if form.errors else 200
    here = reverse("certification:transfer", args=[org.slug, found.reference])
    if request.method == "POST" and form.is_valid():
        try:
            successor = services.decide(transfer=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            done = _("The certificate was taken over.") if successor else _("The holder was told your reasons.")
            messages.success(request, done)
            return redirect(here)
    context = {
        "organisation": org,
        "caption": found.reference,
        "form": form,
        "heading": _("Decide about the transfer"),
        "lead": _("Ask the holder for the reports that you need, and look for yourself before you decide."),
        "submit_label": _("Record the decision"),
        "cancel_url": here,
        "breadcrumbs": [
            *list_trail(org, "certificates", _("Certificates")),
            (found.reference, here),
            (_("Decision"), ""),
        ],
    }
    return render(request, "certification/act.html", context, status=status)


@require_POST
def cancel(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The holder takes it back."""
    org, found = _find(request, organisation, reference)
    require(request.user, "certification.cancel_transfer", found)
    services.cancel(transfer=found, by=request.user)
    messages.success(request, _("The transfer is no longer asked for."))
    return redirect("certification:transfer", org.slug, found.reference)

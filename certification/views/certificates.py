"""Certificates in the workspace: the list of a party, one certificate with its life, and the decisions after issue."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from certification import stages
from certification.embedding import snippets
from certification.life_forms import CertificateActForm, ScopeForm
from certification.models import Application, Certificate
from certification.models.certificate import Standing
from certification.services import life as services
from certification.services import renewals
from certification.services.events import verify_events
from certification.views import life_rows, rows
from certification.views.finding import find_certificate, list_trail
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE = 20
Status = Certificate.Status
# The act in the address: the service, the status that it leads to, and its words.
ACTS: dict[str, dict[str, Any]] = {
    "suspend": {
        "service": services.suspend,
        "status": Status.SUSPENDED,
        "heading": gettext_lazy("Suspend the certificate"),
        "submit": gettext_lazy("Suspend it"),
        "done": gettext_lazy("The certificate is suspended."),
    },
    "reinstate": {
        "service": services.reinstate,
        "status": Status.VALID,
        "heading": gettext_lazy("Reinstate the certificate"),
        "submit": gettext_lazy("Reinstate it"),
        "done": gettext_lazy("The certificate is reinstated."),
    },
    "withdraw": {
        "service": services.withdraw_certificate,
        "status": Status.WITHDRAWN,
        "heading": gettext_lazy("Withdraw the certificate"),
        "submit": gettext_lazy("Withdraw it"),
        "done": gettext_lazy("The certificate is withdrawn."),
    },
}


@require_safe
def certificates(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those that the organisation holds or issued, newest first, all or those of one standing."""
    org = organisation_or_404(request.user, organisation)
    own = Certificate.objects.visible_to(request.user).filter(Q(operator=org) | Q(body=org))
    chosen = request.GET.get("standing", "")
    if chosen in Standing.values:
        own = own.of_standing(chosen)
    page = Paginator(own.for_register(), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "certificates": [rows.certificate_row(certificate, org) for certificate in page],
        "is_operator": org.runs_cameras,
        "standings": [
            {"value": value, "label": capfirst(label), "chosen": value == chosen} for value, label in Standing.choices
        ],
        "is_filtered": chosen in Standing.values,
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Certificates"), "")],
    }
    return render(request, "certification/certificates.html", context)


@require_safe
def certificate(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, found = find_certificate(request, organisation, reference, scope="for_life")
    application = found.application
    readable = application and request.user.has_perm("certification.read_application", application)
    context = {
        "organisation": org,
        "certificate": found,
        "standing": found.standing().value,
        "tag": stages.standing_tag(found),
        "as_of": today(),
        "facts": _facts(found, org, application if readable else None),
        "systems": found.systems_listed,
        "acts": _acts(request, org, found),
        "holder_acts": life_rows.holder_acts(request.user, org, found),
        "surveillance": life_rows.surveillance_rows(found, org, request.user),
        "marks": life_rows.mark_figures(found),
        "marks_url": reverse("certification:marks", args=[org.slug, found.reference]),
        "snippets": snippets(found),
        "transfers": life_rows.transfer_rows(found, org, request.user),
        "changes": life_rows.event_rows(found, org),
        "chain_holds": verify_events(found),
        "document_url": f"/certificates/{found.reference}/certificate.pdf" if found.document else "",
        "breadcrumbs": [*list_trail(org, "certificates", _("Certificates")), (found.reference, "")],
    }
    return render(request, "certification/certificate.html", context)


def _acts(request: AuthenticatedHttpRequest, org: Organisation, found: Certificate) -> list[dict[str, Any]]:
    """The decisions that this person may take about it now."""
    if not request.user.has_perm("certification.decide_certificate", found):
        return []
    acts = [
        {"label": words["heading"], "url": _act_url(org.slug, found, act)}
        for act, words in ACTS.items()
        if found.can_move_to(words["status"]) and not (act == "reinstate" and found.scheme.is_closed())
    ]
    if found.status == Status.VALID and found.application_id and not found.scheme.is_closed():
        acts.append({"label": _("Change its scope"), "url": life_rows.address(org, found, "certificate_scope")})
    return acts


def _act_url(slug: str, found: Certificate, act: str) -> str:
    return reverse("certification:certificate_act", args=[slug, found.reference, act])


def _facts(found: Certificate, org: Organisation, application: Application | None) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"key": _("Holder"), "value": found.operator_name},
        {"key": _("Certification body"), "value": found.body_name},
        {"key": _("Scheme"), "value": found.scheme.local_name},
        {"key": _("Aim"), "value": capfirst(found.get_aim_display())},
        {"key": _("Scope"), "value": found.scope},
        {"key": _("Review concluded"), "value": rows.day(found.reviewed_on)},
        {"key": _("Issued"), "value": rows.day(found.issued_on)},
        {"key": _("Valid from"), "value": rows.day(found.valid_from)},
        {"key": _("Valid until"), "value": rows.day(found.valid_until) if found.valid_until else _("No fixed end")},
        {"key": _("Public page"), "value": found.address, "link": found.get_absolute_url()},
    ]
    if found.next_review_on:
        facts.insert(-1, {"key": _("Next review"), "value": rows.day(found.next_review_on)})
    if found.predecessor:
        link = life_rows.certificate_url(org, found.predecessor)
        facts.append({"key": _("Took the place of"), "value": found.predecessor.reference, "link": link})
    facts += [
        {"key": _("Replaced by"), "value": after.reference, "link": life_rows.certificate_url(org, after)}
        for after in found.successors.all()
    ]
    if application:
        url = reverse("certification:application", args=[org.slug, application.reference])
        facts.append({"key": _("Application"), "value": application.reference, "link": url})
    return facts


@get_or_post
def act(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str) -> HttpResponse:
    """Suspend, reinstate or withdraw, with a reason."""
    org, found = find_certificate(request, organisation, reference)
    if act not in ACTS:
        raise Http404
    words = ACTS[act]
    require(request.user, "certification.decide_certificate", found)
    if not found.can_move_to(words["status"]):
        raise IllegalMove(found, words["status"])
    form = CertificateActForm(posted(request))
    status = 422 if form.errors else 200
    here = life_rows.certificate_url(org, found)
    if request.method == "POST" and form.is_valid():
        try:
            words["service"](certificate=found, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, words["done"])
            return redirect(here)
    context = {
        "organisation": org,
        "caption": found.reference,
        "form": form,
        "heading": words["heading"],
        "lead": _("Its public page and the register say so within a minute."),
        "submit_label": words["submit"],
        "warning": act != "reinstate",
        "cancel_url": here,
        "breadcrumbs": life_rows.certificate_trail(org, found, (words["heading"], "")),
    }
    return render(request, "certification/act.html", context, status=status)


@get_or_post
def scope(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Another scope: a new certificate with the same dates takes the place of this one."""
    org, found = find_certificate(request, organisation, reference)
    require(request.user, "certification.decide_certificate", found)
    if found.status != Status.VALID:
        raise IllegalMove(found, Status.REPLACED)
    form = ScopeForm(posted(request), certificate=found)
    status = 422 if form.errors else 200
    here = life_rows.certificate_url(org, found)
    if request.method == "POST" and form.is_valid():
        values = {**form.cleaned_data, "systems": list(form.cleaned_data["systems"])}
        try:
            successor = services.change_scope(certificate=found, by=request.user, **values)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The certificate was issued again with the new scope and has a new number."))
            return redirect(life_rows.certificate_url(org, successor))
    context = {
        "organisation": org,
        "caption": found.reference,
        "form": form,
        "heading": _("Change the scope of the certificate"),
        "lead": _("A new certificate with its own number and the same dates takes the place of this one."),
        "submit_label": _("Issue it with this scope"),
        "cancel_url": here,
        "breadcrumbs": life_rows.certificate_trail(org, found, (_("Change its scope"), "")),
    }
    return render(request, "certification/act.html", context, status=status)


@require_POST
def renew(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Begin an application that renews the certificate."""
    org, found = find_certificate(request, organisation, reference)
    require(request.user, "certification.hold_certificate", found)
    application = renewals.start_renewal(certificate=found, by=request.user)
    messages.success(request, _("The application for renewal is begun. Check its terms before you submit it."))
    return redirect("certification:application", org.slug, application.reference)

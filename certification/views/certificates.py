"""Certificates in the workspace: the list of a party, one certificate, and the decisions after issue."""

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
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from certification import stages
from certification.life_forms import CertificateActForm
from certification.models import Application, Certificate
from certification.services import life as services
from certification.views import rows
from certification.views.finding import find_certificate, list_trail
from core.dates import today
from core.errors import IllegalMove, RuleBroken

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
    """Those that the organisation holds or issued, newest first."""
    org = organisation_or_404(request.user, organisation)
    own = Certificate.objects.visible_to(request.user).filter(Q(operator=org) | Q(body=org))
    page = Paginator(own.for_register(), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "certificates": [rows.certificate_row(certificate, org) for certificate in page],
        "is_operator": org.runs_cameras,
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Certificates"), "")],
    }
    return render(request, "certification/certificates.html", context)


@require_safe
def certificate(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, found = find_certificate(request, organisation, reference)
    decides = request.user.has_perm("certification.decide_certificate", found)
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
        "acts": [
            {"label": words["heading"], "url": _act_url(org.slug, found, act)}
            for act, words in ACTS.items()
            if decides and found.can_move_to(words["status"])
        ],
        "changes": rows.certificate_changes(found),
        "document_url": f"/certificates/{found.reference}/certificate.pdf" if found.document else "",
        "breadcrumbs": [*list_trail(org, "certificates", _("Certificates")), (found.reference, "")],
    }
    return render(request, "certification/certificate.html", context)


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
    here = reverse("certification:certificate", args=[org.slug, found.reference])
    if request.method == "POST" and form.is_valid():
        try:
            words["service"](certificate=found, reason=form.cleaned_data["reason"], by=request.user)
        except IllegalMove:
            raise
        except RuleBroken as refusal:
            form.add_error(None, str(refusal.sentence))
            status = 422
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
        "breadcrumbs": [
            *list_trail(org, "certificates", _("Certificates")),
            (found.reference, here),
            (words["heading"], ""),
        ],
    }
    return render(request, "certification/act.html", context, status=status)

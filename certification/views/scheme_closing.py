"""Closing a scheme, for site administrators: the day and the reason, then what happens, then the act."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification.forms import CloseSchemeForm
from certification.models import CertificationScheme
from certification.services import scheme_closing as services
from certification.views.schemes import scheme_trail
from core.dates import today
from core.errors import RuleBroken
from core.forms import refused


@get_or_post
def close(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Asks twice: nothing is closed before a person has seen what that touches."""
    scheme = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", scheme)
    form = CloseSchemeForm(posted(request), initial=_initial(scheme))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.check_closing(scheme, values["closed_on"])
            if "edit" not in request.POST and "confirmed" not in request.POST:
                return _check(request, scheme, values)
            if "edit" not in request.POST:
                services.close_scheme(scheme=scheme, by=request.user, **values)
                messages.success(
                    request, _("The day from which the scheme is closed is recorded, and those it touches are told.")
                )
                return redirect("schemes:scheme", scheme.key)
        except RuleBroken as refusal:
            status = refused(form, refusal)
    context = {
        "scheme": scheme,
        "form": form,
        "heading": _("Close the scheme"),
        "submit_label": _("Continue"),
        "breadcrumbs": scheme_trail(scheme, (_("Close the scheme"), "")),
    }
    return render(request, "certification/scheme_form.html", context, status=status)


def _initial(scheme: CertificationScheme) -> dict[str, Any]:
    return {
        "closed_on": scheme.closed_on or today(),
        "reason": scheme.closing_reason,
        "reason_cy": scheme.closing_reason_cy,
    }


def _check(request: AuthenticatedHttpRequest, scheme: CertificationScheme, values: dict[str, Any]) -> HttpResponse:
    touched = services.consequences(scheme)
    context = {
        "scheme": scheme,
        "day": values["closed_on"],
        "reason": values["reason"],
        "reason_cy": values["reason_cy"],
        "figures": [
            {"label": _("Certificates in force today that become historic"), "value": touched.certificates},
            {"label": _("Certificates of the scheme in all"), "value": touched.recorded},
            {"label": _("Open applications that can no more be awarded"), "value": touched.applications},
            {"label": _("Certification bodies that may certify today"), "value": touched.bodies},
        ],
        "sent": [pair for pair in request.POST.items() if pair[0] not in ("csrfmiddlewaretoken", "confirmed", "edit")],
        "cancel_url": reverse("schemes:scheme", args=[scheme.key]),
        "breadcrumbs": scheme_trail(scheme, (_("Close the scheme"), "")),
    }
    return render(request, "certification/scheme_close_check.html", context)

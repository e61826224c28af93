"""Recording past certificates from a list, for site administrators: the list, then its sorting, then the act."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.policy import require
from certification.forms import PastCertificatesForm
from certification.models import CertificationScheme
from certification.models.scheme import Aim
from certification.past_certificates import Past, Sorting, decoded, sort
from certification.services.recording import record_certificates
from certification.views.schemes import scheme_trail
from core.errors import RuleBroken
from core.forms import refused

SHOWN = 200


@get_or_post
def record(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Nothing is recorded before a person has seen the sorting. The list travels with the page: nothing is kept."""
    scheme = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", scheme)
    is_sent = request.method == "POST"
    form = PastCertificatesForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = 422 if form.errors else 200
    if is_sent and form.is_valid():
        source = form.cleaned_data["source"]
        try:
            if "confirmed" in request.POST:
                sorting = record_certificates(
                    scheme=scheme, text=form.cleaned_data["text"], source=source, by=request.user
                )
                messages.success(request, _done(len(sorting.new)))
                return redirect("schemes:scheme", scheme.key)
            text = decoded(form.cleaned_data["file"].read())
            return _check(request, scheme, sort(scheme, text), {"text": text, "source": source})
        except RuleBroken as refusal:
            status = refused(form, refusal)
    context = {
        "scheme": scheme,
        "form": form,
        "heading": _("Record past certificates"),
        "submit_label": _("Look at the list"),
        "breadcrumbs": scheme_trail(scheme, (_("Record past certificates"), "")),
    }
    return render(request, "certification/scheme_form.html", context, status=status)


def _done(count: int) -> str:
    return ngettext(
        "%(count)d certificate is recorded for the history.",
        "%(count)d certificates are recorded for the history.",
        count,
    ) % {"count": count}


def _check(
    request: AuthenticatedHttpRequest, scheme: CertificationScheme, sorting: Sorting, sent: dict[str, str]
) -> HttpResponse:
    context = {
        "scheme": scheme,
        "figures": [
            {"label": _("Rows"), "value": sorting.rows},
            {"label": _("New"), "value": len(sorting.new)},
            {"label": _("Recorded before, unchanged"), "value": len(sorting.unchanged)},
            {"label": _("Refused"), "value": sorting.refused},
        ],
        "problems": [{"row": problem.row, "message": problem.message} for problem in sorting.problems],
        "new_bodies": sorting.new_bodies,
        "rows": [_row(past) for past in sorting.new[:SHOWN]],
        "more": max(0, len(sorting.new) - SHOWN),
        "sent": sent,
        "can_record": bool(sorting.new),
        "back_url": reverse("schemes:record", args=[scheme.key]),
        "cancel_url": reverse("schemes:scheme", args=[scheme.key]),
        "breadcrumbs": scheme_trail(scheme, (_("Record past certificates"), "")),
    }
    return render(request, "certification/record_check.html", context)


def _row(past: Past) -> dict[str, Any]:
    def day(value: Any) -> str:
        return date_format(value, "j F Y") if value else _("not known")

    return {
        "row": past.row,
        "number": past.number,
        "operator": past.operator_name,
        "body": past.body_name,
        "step": capfirst(Aim(past.aim).label),
        "issued_on": day(past.issued_on),
        "valid_until": day(past.valid_until),
    }

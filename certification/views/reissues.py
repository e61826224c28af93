"""Issuing all certificates of a scheme again under its successor: a page to check it, one that shows how far it is."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification.life_forms import ReissueForm
from certification.models import CertificationScheme, Reissue
from certification.services import reissues as services
from certification.views.schemes import scheme_trail
from core.errors import RuleBroken
from core.forms import refused

PAGE = 50
REFRESH_SECONDS = 3


@get_or_post
def reissue(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """What would be issued again and what not, and the act itself. The sorting is of the first successor."""
    scheme = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", scheme)
    successors = services.successors_of(scheme)
    form = ReissueForm(posted(request), successors=successors)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        successor, reason = form.cleaned_data["successor"], form.cleaned_data["reason"]
        try:
            made = services.start(scheme=scheme, successor=successor, reason=reason, by=request.user)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The certificates are being issued again. You can leave this page."))
            return redirect("schemes:reissue_progress", scheme.key, made.reference)
    context = {
        "scheme": scheme,
        "form": form if successors else None,
        "checks": [_check(scheme, successor) for successor in successors],
        "earlier": [
            {
                "url": reverse("schemes:reissue_progress", args=[scheme.key, made.reference]),
                "reference": made.reference,
                "at": made.at,
                "by": made.by.get_full_name(),
            }
            for made in scheme.reissues.select_related("by")
        ],
        "cancel_url": reverse("schemes:scheme", args=[scheme.key]),
        "breadcrumbs": scheme_trail(scheme, (_("Issue its certificates again"), "")),
    }
    return render(request, "certification/reissue.html", context, status=status)


def _check(scheme: CertificationScheme, successor: CertificationScheme) -> dict[str, Any]:
    sorting = services.sort(scheme, successor)
    why = Counter(reason for _certificate, reason in sorting.refused)
    return {
        "successor": successor.local_name,
        "figures": [
            {"label": _("Issued again"), "value": len(sorting.again)},
            {"label": _("Not issued again"), "value": len(sorting.refused)},
            {"label": _("Certification bodies"), "value": len({c.body_id for c in sorting.again})},
        ],
        "why": [{"reason": reason, "count": count} for reason, count in why.most_common()],
        "refused": [
            {"reference": c.reference, "holder": c.operator_name, "reason": reason, "url": c.get_absolute_url()}
            for c, reason in sorting.refused[:PAGE]
        ],
        "more": max(0, len(sorting.refused) - PAGE),
    }


@require_safe
def progress(request: AuthenticatedHttpRequest, key: str, reference: str) -> HttpResponse:
    """How far it is; with script it asks again until all is issued and printed. Six queries."""
    made = get_object_or_404(
        Reissue.objects.select_related("scheme", "successor", "by"), scheme__key=key, reference=reference
    )
    require(request.user, "certification.manage_scheme", made.scheme)
    far = services.progress(made)
    items = made.items.select_related("certificate", "successor").order_by("pk")
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    context = {
        "scheme": made.scheme,
        "reissue": made,
        "progress": far,
        "to_do": far.wanted - far.refused,
        "refresh_seconds": None if far.is_printed else REFRESH_SECONDS,
        "figures": [
            {"label": _("To be issued again"), "value": far.wanted - far.refused},
            {"label": _("Issued"), "value": far.done},
            {"label": _("Documents printed"), "value": far.printed},
            {"label": _("Not issued again"), "value": far.refused},
        ],
        "page_obj": page,
        "items": [
            {
                "before": item.certificate.reference,
                "before_url": item.certificate.get_absolute_url(),
                "holder": item.certificate.operator_name,
                "after": item.successor.reference if item.successor else "",
                "after_url": item.successor.get_absolute_url() if item.successor else "",
                "refusal": item.refusal,
            }
            for item in page
        ],
        "breadcrumbs": scheme_trail(
            made.scheme,
            (_("Issue its certificates again"), reverse("schemes:reissue", args=[made.scheme.key])),
            (made.reference, ""),
        ),
    }
    return render(request, "certification/reissue_progress.html", context)

"""Schemes for site administrators: terms, criteria, and which body may certify from when to when."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification.forms import BodyForm, EndBodyForm
from certification.models import CertificationScheme, SchemeBody
from certification.sampling import size_rule
from certification.services import schemes as services
from certification.strata import size_in_words
from core.dates import today
from core.errors import RuleBroken
from core.forms import refused


@require_safe
def schemes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All schemes with what they take and how many bodies certify under them."""
    require(request.user, "accounts.administer_site", request.user)
    current = Q(bodies__starts_on__lte=today()) & (Q(bodies__ends_on__isnull=True) | Q(bodies__ends_on__gte=today()))
    found = CertificationScheme.objects.annotate(
        criteria_count=Count("criteria", distinct=True), body_count=Count("bodies", filter=current, distinct=True)
    )
    context = {
        "schemes": [
            {
                "name": scheme.local_name,
                "url": reverse("schemes:scheme", args=[scheme.key]),
                "tag": state_tag(scheme),
                "criteria": scheme.criteria_count,
                "bodies": scheme.body_count,
            }
            for scheme in found
        ],
        "breadcrumbs": _trail((_("Certification schemes"), "")),
    }
    return render(request, "certification/schemes.html", context)


def _trail(*further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("What waits for me"), reverse("accounts:home")),
        (_("Administration"), reverse("accounts:administration")),
        *further,
    ]


def scheme_trail(scheme: CertificationScheme, *further: tuple[str, str]) -> list[tuple[str, str]]:
    here = reverse("schemes:scheme", args=[scheme.key]) if further else ""
    schemes_url = reverse("schemes:schemes")
    return _trail((_("Certification schemes"), schemes_url), (scheme.local_name, here), *further)


def state_tag(scheme: CertificationScheme) -> dict[str, str]:
    """Open, closed to applications or closed, today."""
    if scheme.is_closed():
        return {"label": _("Closed"), "colour": "grey"}
    if scheme.takes_applications():
        return {"label": _("Open"), "colour": "green"}
    return {"label": _("Takes no applications"), "colour": "yellow"}


@require_safe
def scheme(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", found)
    context = {
        "scheme": found,
        "tag": state_tag(found),
        "terms": _terms(found),
        "bodies": [_body_row(entry) for entry in found.bodies.for_list()],
        "can_add": not found.is_closed(),
        "criteria": list(found.criteria.all()),
        "public_url": reverse("transparency:scheme", args=[found.key]),
        "close_url": "" if found.is_closed() else reverse("schemes:close", args=[found.key]),
        "figures_url": reverse("schemes:figures", args=[found.key]),
        "record_url": reverse("schemes:record", args=[found.key]) if found.is_closed() else "",
        "reissue_url": reverse("schemes:reissue", args=[found.key]) if found.successors.exists() else "",
        "breadcrumbs": scheme_trail(found),
    }
    return render(request, "certification/scheme.html", context)


def _months(months: int | None) -> str:
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months} if months else "–"


def _terms(found: CertificationScheme) -> list[dict[str, Any]]:
    rule = size_rule(found.sample)
    years = ngettext("%(count)d year", "%(count)d years", found.look_back_years) % {"count": found.look_back_years}
    return [
        {"key": _("Owner"), "value": found.owner},
        {"key": _("Edition of the Code"), "value": found.edition_key},
        {"key": _("Opened"), "value": found.day_in_words("opened_on")},
        {"key": _("Closed to applications"), "value": found.day_in_words("closed_to_applications_on") or "–"},
        {"key": _("Closed"), "value": found.day_in_words("closed_on") or "–"},
        {"key": _("A desktop certificate lasts"), "value": _months(found.desktop_months)},
        {"key": _("A full certificate lasts"), "value": _months(found.full_months)},
        {"key": _("Between surveillance reviews"), "value": _months(found.surveillance_months)},
        {
            "key": _("Documents required for the desktop step"),
            "values": [document["name"] for document in found.documents_of("desktop") if document["required"]],
        },
        {"key": _("Cameras seen at a visit"), "values": [size_in_words(rule), rule.name]},
        {"key": _("Look-back on an auditor's ties"), "value": years if found.look_back_years else "–"},
        {"key": _("SHA-256 of its text"), "value": found.sha256},
    ]


def _body_row(entry: SchemeBody) -> dict[str, Any]:
    current = entry.is_current() and not entry.scheme.is_closed()
    return {
        "name": entry.body.local_name,
        "starts_on": entry.day_in_words("starts_on"),
        "ends_on": entry.day_in_words("ends_on") or "–",
        "accreditation_number": entry.accreditation_number,
        "tag": {"label": _("May certify"), "colour": "green"}
        if current
        else {"label": _("Not today"), "colour": "grey"},
        "end_url": reverse("schemes:end_body", args=[entry.scheme.key, entry.body.slug, entry.starts_on.isoformat()])
        if entry.ends_on is None or entry.ends_on > today()
        else "",
    }


@get_or_post
def add_body(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", found)
    form = BodyForm(posted(request), initial={"starts_on": today()})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.add_body(scheme=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The body may certify under the scheme in that period."))
            return redirect("schemes:scheme", found.key)
    context = {
        "scheme": found,
        "form": form,
        "heading": _("Add a certification body"),
        "submit_label": _("Add it"),
        "breadcrumbs": scheme_trail(found, (_("Add a certification body"), "")),
    }
    return render(request, "certification/scheme_form.html", context, status=status)


@get_or_post
def end_body(request: AuthenticatedHttpRequest, key: str, body: str, starts_on: Any) -> HttpResponse:
    found = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", found)
    entries = SchemeBody.objects.select_related("scheme", "body")
    entry = get_object_or_404(entries, scheme=found, body__slug=body, starts_on=starts_on)
    form = EndBodyForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.end_body(entry=entry, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal, "ends_on")
        else:
            messages.success(request, _("The last day is recorded."))
            return redirect("schemes:scheme", found.key)
    context = {
        "scheme": found,
        "caption": entry.body.local_name,
        "form": form,
        "submit_label": _("Record the last day"),
        "breadcrumbs": scheme_trail(found, (entry.body.local_name, "")),
    }
    return render(request, "certification/scheme_form.html", context, status=status)

"""The register of interests of a body: its manager records, its observer reads, each sees their own."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from certification.impartial_forms import ChangeInterestForm, InterestForm
from certification.models import Interest
from certification.services import interests as services
from certification.views.competences import body_or_404, form_page, impartiality_trail, of_whom
from compliance.services.people import members
from core.errors import RuleBroken
from core.forms import refused

PAGE = 30


@require_safe
def interests(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_404(request, organisation, "read_impartiality")
    whose = of_whom(request.user, org)
    manages = request.user.has_perm("certification.manage_impartiality", org)
    page = Paginator(services.interests_of(org, of=whose), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "rows": [_row(interest, org, manages=manages) for interest in page],
        "declared": [_declared_row(declared, org) for declared in services.declared_of(org)] if manages else [],
        "sees_all": whose is None,
        "manages": manages,
        "breadcrumbs": impartiality_trail(org, (_("Interests"), "")),
    }
    return render(request, "certification/interests.html", context)


def _row(interest: Interest, org: Organisation, *, manages: bool) -> dict[str, Any]:
    return {
        "person": interest.person.get_full_name(),
        "operator": interest.operator.local_name,
        "kind": capfirst(interest.get_kind_display()),
        "note": interest.note,
        "starts_on": interest.starts_on,
        "ends_on": interest.ends_on,
        "url": reverse("certification:interest_change", args=[org.slug, interest.number]) if manages else "",
    }


def _declared_row(declared: services.Declared, org: Organisation) -> dict[str, Any]:
    assignment = declared.assignment
    query = {
        "person": assignment.auditor.reference,
        "operator": assignment.application.operator.slug,
        "kind": declared.kind,
        "declared": assignment.application.reference,
    }
    return {
        "person": assignment.auditor.get_full_name(),
        "operator": assignment.application.operator.local_name,
        "kind": capfirst(str(Interest.Kind(declared.kind).label)),
        "note": declared.text,
        "at": assignment.declared_at,
        "url": f"{reverse('certification:interest_add', args=[org.slug])}?{urlencode(query)}",
    }


@get_or_post
def add(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Begun with what an auditor declared, where the address names that."""
    org = body_or_404(request, organisation, "manage_impartiality")
    form = InterestForm(posted(request), people=members(org), initial=_begun(request, org))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.record_interest(body=org, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The interest is recorded."))
            return redirect("certification:interests", org.slug)
    return form_page(
        request, org, form, status, heading=_("Record an interest"), back="interests", submit_label=_("Record it")
    )


def _begun(request: AuthenticatedHttpRequest, org: Organisation) -> dict[str, str]:
    """Of what was declared and is not recorded yet the one that the address names."""
    wanted = tuple(request.GET.get(name, "") for name in ("person", "operator", "kind", "declared"))
    if request.method == "POST" or not all(wanted):
        return {}
    for declared in services.declared_of(org):
        matter = declared.assignment.application
        named = (declared.assignment.auditor.reference, matter.operator.slug, declared.kind, matter.reference)
        if named == wanted:
            return {"person": named[0], "operator": named[1], "kind": named[2], "note": declared.text}
    return {}


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, number: int) -> HttpResponse:
    org = body_or_404(request, organisation, "manage_impartiality")
    interest = services.numbered(org, number)
    if interest is None:
        raise Http404
    begun = {"note": interest.note, "starts_on": interest.starts_on, "ends_on": interest.ends_on}
    form = ChangeInterestForm(posted(request), initial=begun)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.change_interest(interest=interest, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The interest is changed."))
            return redirect("certification:interests", org.slug)
    names = (interest.person.get_full_name(), capfirst(interest.get_kind_display()), interest.operator.local_name)
    return form_page(
        request,
        org,
        form,
        status,
        heading=_("Change an interest"),
        back="interests",
        caption=" – ".join(names),
        submit_label=_("Save"),
    )

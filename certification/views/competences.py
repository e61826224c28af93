"""The competence of a body's auditors per technology: its manager records, its observer reads, each sees their own."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation, Role, User
from accounts.policy import require
from certification.impartial_forms import CompetenceForm, EndCompetenceForm
from certification.models import Competence
from certification.services import competences as services
from compliance.services.people import holders
from core.dates import today
from core.errors import RuleBroken
from core.forms import refused

PAGE = 30


def body_or_404(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    """The certification body at that address, if the user may do `act` there."""
    org = organisation_or_404(request.user, slug)
    if org.kind != Kind.CERTIFICATION_BODY:
        raise Http404
    require(request.user, f"certification.{act}", org)
    return org


def of_whom(user: User, org: Organisation) -> User | None:
    """Whose rows the user reads: None for everybody's, which are for the manager and the observer."""
    return None if user.holds(Role.BODY_MANAGER, Role.OBSERVER, at=org) else user


def impartiality_trail(org: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    here = reverse("certification:competences", args=[org.slug]) if further else ""
    return [(org.local_name, org.get_absolute_url()), (_("Impartiality"), here), *further]


@require_safe
def competences(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_404(request, organisation, "read_impartiality")
    whose = of_whom(request.user, org)
    manages = request.user.has_perm("certification.manage_impartiality", org)
    page = Paginator(services.competences_of(org, of=whose), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "rows": [_row(competence, org, manages=manages) for competence in page],
        "expiring": services.number_expiring(org) if whose is None else 0,
        "sees_all": whose is None,
        "manages": manages,
        "interests_url": reverse("certification:interests", args=[org.slug]),
        "breadcrumbs": impartiality_trail(org),
    }
    return render(request, "certification/competences.html", context)


def _row(competence: Competence, org: Organisation, *, manages: bool) -> dict[str, Any]:
    is_over = competence.ends_on is not None and competence.ends_on < today()
    args = [org.slug, competence.auditor.reference, competence.technology, competence.starts_on.isoformat()]
    return {
        "auditor": competence.auditor.get_full_name(),
        "technology": capfirst(competence.get_technology_display()),
        "basis": competence.basis,
        "starts_on": competence.starts_on,
        "ends_on": competence.ends_on,
        "tag": _tag(competence),
        "by": competence.by.get_full_name(),
        "end_url": reverse("certification:competence_end", args=args) if manages and not is_over else "",
    }


def _tag(competence: Competence) -> dict[str, str]:
    """How it stands today."""
    day = today()
    if competence.starts_on > day:
        return {"label": _("Not yet"), "colour": "grey"}
    if competence.ends_on is None or competence.ends_on > day + services.SOON:
        return {"label": _("Holds"), "colour": "green"}
    if competence.ends_on < day:
        return {"label": _("Over"), "colour": "grey"}
    return {"label": _("Ends soon"), "colour": "yellow"}


@get_or_post
def add(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_404(request, organisation, "manage_impartiality")
    form = CompetenceForm(posted(request), auditors=holders(Role.AUDITOR, org))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.record_competence(body=org, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The competence is recorded."))
            return redirect("certification:competences", org.slug)
    return form_page(request, org, form, status, heading=_("Record a competence"), submit_label=_("Record it"))


@get_or_post
def end(
    request: AuthenticatedHttpRequest, organisation: str, auditor: str, technology: str, starts_on: dt.date
) -> HttpResponse:
    org = body_or_404(request, organisation, "manage_impartiality")
    competence = get_object_or_404(
        services.competences_of(org), auditor__reference=auditor, technology=technology, starts_on=starts_on
    )
    form = EndCompetenceForm(posted(request), initial={"ends_on": competence.ends_on or today()})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.end_competence(competence=competence, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The last day of the competence is recorded."))
            return redirect("certification:competences", org.slug)
    caption = f"{competence.auditor.get_full_name()}: {capfirst(competence.get_technology_display())}"
    return form_page(
        request, org, form, status, heading=_("End a competence"), caption=caption, submit_label=_("Record it")
    )


def form_page(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    form: Any,
    status: int,
    *,
    heading: str,
    back: str = "competences",
    **more: Any,
) -> HttpResponse:
    """One form of the registers; `back` is the list that it belongs to."""
    back_url = reverse(f"certification:{back}", args=[org.slug])
    between = [(_("Interests"), back_url)] if back == "interests" else []
    context = {
        "organisation": org,
        "form": form,
        "heading": heading,
        "caption": org.local_name,
        "cancel_url": back_url,
        "breadcrumbs": impartiality_trail(org, *between, (heading, "")),
        **more,
    }
    return render(request, "certification/act.html", context, status=status)

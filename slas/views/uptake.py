"""How far councils and police have agreed, and the word that there is no agreement."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation
from accounts.policy import require
from compliance.models.vocabulary import Technology
from compliance.views.tables import csv_answer
from core.dates import today
from core.errors import RuleBroken
from core.forms import refused
from slas import uptake as figures
from slas.forms.standing import NoneForm
from slas.models import NoAgreement, Side
from slas.permissions import side_of, takes_part
from slas.services import standing
from slas.views.finding import list_trail


def _rows(organisation: Organisation) -> list[figures.Row]:
    """What an organisation reads: a force its area, a council its forces, the national body the whole matrix."""
    if organisation.kind == Kind.NATIONAL_BODY:
        return figures.pairs()
    if side_of(organisation) == Side.POLICE:
        return figures.uptake_of(organisation)
    return figures.uptake_of_council(organisation)


@require_safe
def uptake(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Each pair of a council and a force by technology, with totals; "no data" told from "none"."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.read_uptake", org)
    rows = _rows(org)
    own = NoAgreement.objects.none()
    if takes_part(org):
        own = NoAgreement.objects.current().filter(declared_for=org).select_related("council", "force")
    national = org.kind == Kind.NATIONAL_BODY
    context = {
        "organisation": org,
        "rows": rows,
        "totals": figures.totals(rows),
        "forces": figures.by_force(rows) if national else [],
        "technologies": [label for _key, label in Technology.choices],
        "words": [_word_row(word, org) for word in own],
        "may_declare": request.user.has_perm("slas.declare_none", org),
        "csv_url": reverse("slas:uptake_csv", args=[org.slug]),
        "on": today(),
        "breadcrumbs": [*list_trail(org), (_("Uptake"), "")],
    }
    return render(request, "slas/uptake.html", context)


def _word_row(word: NoAgreement, org: Organisation) -> dict[str, Any]:
    other = word.force if word.council_id == org.pk else word.council
    return {
        "with": other.local_name,
        "technology": word.get_technology_display(),
        "on": word.declared_on,
        "reason": word.reason,
        "end_url": reverse("slas:no_agreement_end", args=[org.slug, word.pk]),
    }


@require_safe
def table(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same as a file."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.read_uptake", org)
    return csv_answer(COLUMNS, _lines(_rows(org)), name=f"agreements-uptake-{today().isoformat()}")


COLUMNS = ("police", "council", "technology", "state", "agreements", "declared_on")


def _lines(rows: list[figures.Row]) -> Iterator[list[str]]:
    for row in rows:
        for cell in row.cells:
            declared = cell.declared_on.isoformat() if cell.declared_on else ""
            references = " ".join(cell.agreements)
            yield [row.force.name, row.council.name, cell.technology, cell.state.value, references, declared]


@get_or_post
def none(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Say for the organisation that there is no agreement with somebody on a technology."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.declare_none", org)
    form = NoneForm(posted(request), organisation=org)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.chosen is not None:
            cleaned = form.cleaned_data
            try:
                standing.declare_none(
                    organisation=org,
                    other=form.chosen,
                    technology=cleaned["technology"],
                    reason=cleaned["reason"],
                    by=request.user,
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Said. It stands until you take it back or an agreement is in force."))
                return redirect("slas:uptake", org.slug)
    address = reverse("slas:uptake", args=[org.slug])
    context = {
        "organisation": org,
        "form": form,
        "cancel_url": address,
        "breadcrumbs": [*list_trail(org), (_("Uptake"), address), (_("Say that there is none"), "")],
    }
    return render(request, "slas/no_agreement.html", context, status=status)


@require_POST
def end_none(request: AuthenticatedHttpRequest, organisation: str, word: int) -> HttpResponse:
    """Take the own word back."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.declare_none", org)
    standing.end_none(word=get_object_or_404(NoAgreement, pk=word, declared_for=org), by=request.user)
    messages.success(request, _("Taken back."))
    return redirect("slas:uptake", org.slug)

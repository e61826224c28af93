"""An organisation's audit trail, for its SPOC and DPO."""

import datetime as dt

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, administered_or_404
from accounts.forms import TrailFilterForm
from accounts.models import Organisation
from accounts.policy import require
from accounts.trail_words import kind_words, trail_row, verb_words
from core.dates import midnight
from core.trail import TrailEntry

PAGE_SIZE = 50


@require_safe
def trail(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Newest first, by verb, kind of record and date; each entry says by which seal it is covered."""
    org = administered_or_404(request.user, organisation)
    require(request.user, "accounts.read_trail", org)
    form = _filter_form(request, org)
    entries: QuerySet[TrailEntry] = TrailEntry.objects.of_organisation(org.pk).select_related("seal")
    if form.is_valid():
        entries = _filtered(entries, form)
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "form": form,
        "is_filtered": any(form.cleaned_data.values()) if form.is_valid() else True,
        "page_obj": page,
        "rows": [trail_row(entry) for entry in page.object_list],
        "count": page.paginator.count,
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Audit trail"), "")],
    }
    return render(request, "accounts/trail.html", context, status=200 if form.is_valid() else 422)


def _filter_form(request: AuthenticatedHttpRequest, organisation: Organisation) -> TrailFilterForm:
    """Offers the verbs and kinds that this organisation's trail has. Two queries."""
    own = TrailEntry.objects.filter(organisation_id=organisation.pk).order_by()
    verbs = own.values_list("verb", flat=True).distinct()
    kinds = own.values_list("subject_kind", flat=True).distinct()
    return TrailFilterForm(
        request.GET,
        verbs=sorted(((verb, verb_words(verb)) for verb in verbs), key=lambda choice: choice[1]),
        kinds=sorted(((kind, kind_words(kind)) for kind in kinds), key=lambda choice: choice[1]),
    )


def _filtered(entries: QuerySet[TrailEntry], form: TrailFilterForm) -> QuerySet[TrailEntry]:
    wanted = form.cleaned_data
    if wanted["verb"]:
        entries = entries.filter(verb=wanted["verb"])
    if wanted["kind"]:
        entries = entries.filter(subject_kind=wanted["kind"])
    if wanted["since"]:
        entries = entries.filter(at__gte=midnight(wanted["since"]))
    if wanted["until"] and wanted["until"] < dt.date.max:  # the last day that there is has none after it
        entries = entries.filter(at__lt=midnight(wanted["until"] + dt.timedelta(days=1)))
    return entries

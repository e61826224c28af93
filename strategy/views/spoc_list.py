"""The register as a national body reads it: who is named, who was told, and acknowledging several at once."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from core.dates import today
from core.forms import offer_choices
from strategy import spoc_register as register
from strategy.forms.spocs import AcknowledgeForm
from strategy.models import SpocEntry
from strategy.services import spocs


@require_safe
def spoc_list(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Filtered and paged, those that wait for the association first. Three queries beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.read_spocs", org)
    return _page(request, org, None)


def _page(request: AuthenticatedHttpRequest, org: Organisation, form: AcknowledgeForm | None) -> HttpResponse:
    choice = register.Choice.of(request.GET, with_state=True)
    every = sorted(register.lines(choice, today()), key=lambda line: line.state != register.State.TOLD)
    page_obj = Paginator(every, register.ROWS_A_PAGE).get_page(request.GET.get("page"))
    may_acknowledge = request.user.has_perm("strategy.acknowledge_spocs", org)
    context: dict[str, Any] = {
        "organisation": org,
        "lines": page_obj.object_list,
        "page_obj": page_obj,
        "query": choice.text,
        "lists": register.options(choice, with_state=True),
        "is_filtered": bool(choice),
        "may_acknowledge": may_acknowledge,
        "some_wait": may_acknowledge and any(line.state == register.State.TOLD for line in page_obj.object_list),
        "asked": request.GET.urlencode(),
        "on": today(),
        "form": form,
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Single points of contact"), "")],
    }
    return render(request, "strategy/spoc_list.html", context, status=422 if form else 200)


@require_safe
def table(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The same as a file; name and contact of those of whom the association was told."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.read_spocs", org)
    rows = register.lines(register.Choice.of(request.GET, with_state=True), today())
    name = f"spocs-{today().isoformat()}"
    return csv_answer(register.LINE_COLUMNS, (register.line_data(line) for line in rows), name=name)


@require_POST
def acknowledge(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those that are ticked; what somebody else acknowledged meanwhile is passed over."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.acknowledge_spocs", org)
    told = SpocEntry.objects.visible_to(request.user).standing().filter(told_on__isnull=False)
    known = {entry.reference: entry for entry in told.filter(reference__in=request.POST.getlist("entries"))}
    form = AcknowledgeForm(request.POST)
    offer_choices(form, "entries", [(reference, reference) for reference in known])
    if not form.is_valid():
        return _page(request, org, form)
    number = spocs.acknowledge(entries=known.values(), body=org, by=request.user)
    done = ngettext("%(n)d acknowledged. It is told.", "%(n)d acknowledged. They are told.", number) % {"n": number}
    messages.success(request, done)
    address = reverse("national:spocs", args=[org.slug])
    asked = request.GET.urlencode()
    return redirect(f"{address}?{asked}" if asked else address)

"""Cameras that are counted and never mapped: the counts that hold, a new one, and those before."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.forms.counted_units import CountForm
from compliance.models import CameraSystem, CountedUnits
from compliance.services.counted_units import newest_counts, record_count
from compliance.services.systems import FINAL
from compliance.views.system_finding import system_address, system_or_404, trail_to_system
from core.dates import today
from core.errors import Incomplete
from core.forms import refused
from core.registry import Link

PAGE_SIZE = 30


@get_or_post
def counts(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The counts of a system with their history; whoever may change cameras enters a new one."""
    system = system_or_404(request, organisation, reference)
    may_count = request.user.has_perm("compliance.add_camera", system) and system.status not in FINAL
    form = CountForm(posted(request), initial={"counted_on": today()})
    if request.method == "POST":
        require(request.user, "compliance.add_camera", system)
        if form.is_valid():
            try:
                record_count(system=system, by=request.user, **form.cleaned_data)
            except Incomplete as refusal:
                refused(form, refusal)
            else:
                messages.success(request, _("The count is recorded."))
                return redirect(system_address("counted_units", system))
    found = CountedUnits.objects.filter(system=system).select_related("by").order_by("-counted_on", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": system.operator,
        "system": system,
        "rows": [{"key": _kind(each), "value": _value(each)} for each in newest_counts(system)],
        "history": [_row(each) for each in page],
        "page_obj": page,
        "form": form if may_count or request.method == "POST" else None,
        "breadcrumbs": trail_to_system(system, (_("Counted, never mapped"), "")),
    }
    return render(request, "compliance/counted_units.html", context, status=422 if form.errors else 200)


def _kind(counted: CountedUnits) -> str:
    return capfirst(counted.get_kind_display())


def _value(counted: CountedUnits) -> str:
    day = date_format(counted.counted_on, "j F Y")
    return _("%(count)s, counted on %(day)s") % {"count": f"{counted.count:,}", "day": day}


def _row(counted: CountedUnits) -> dict[str, Any]:
    return {
        "kind": _kind(counted),
        "count": counted.count,
        "on": counted.counted_on,
        "note": counted.note,
        "by": counted.by.get_full_name() if counted.by else "",
    }


def register_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """A new camera, placements and counts, from the page of a system. No query."""
    if system.status not in FINAL and request.user.has_perm("compliance.add_camera", system):
        yield Link(_("Add a camera by hand"), system_address("camera_new", system))
    yield Link(_("Where the redeployable cameras are now"), system_address("placements", system))
    yield Link(_("Counted, never mapped: body-worn, on vehicles, drones"), system_address("counted_units", system))

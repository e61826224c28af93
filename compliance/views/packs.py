"""The Code Assessment Packs of a system: ask for one, see how each stands, take the archive."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.policy import require
from compliance.models import CameraSystem, Report
from compliance.services import packs as services
from compliance.services.reports import State
from compliance.views.system_finding import system_address, system_or_404, trail_to_system
from core.registry import Link

MOST_SHOWN = 10
COLOURS = {State.MAKING: "blue", State.READY: "green", State.FAILED: "red"}


@get_or_post
def packs(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One click makes a pack of the system as it stands now."""
    system = system_or_404(request, organisation, reference)
    if request.method == "POST":
        require(request.user, "compliance.ask_report", system.operator)
        services.ask_pack(system=system, by=request.user)
        messages.success(request, _("The pack is being made. You can leave this page and come back."))
        return redirect(request.path)
    found = list(_of(request, system).order_by("-asked_at", "-pk")[:MOST_SHOWN])
    states = services.states_of(found)
    title = _("Code Assessment Pack")
    context = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "rows": [_row(system, report, states[report.pk]) for report in found],
        "may_ask": request.user.has_perm("compliance.ask_report", system.operator),
        "breadcrumbs": trail_to_system(system, (title, "")),
    }
    return render(request, "compliance/packs.html", context)


def _of(request: AuthenticatedHttpRequest, system: CameraSystem) -> Any:
    kind = Report.Kind.CODE_ASSESSMENT_PACK
    return (
        Report.objects.visible_to(request.user).filter(system=system, kind=kind).defer("content").select_related("by")
    )


def _row(system: CameraSystem, report: Report, state: State) -> dict[str, Any]:
    args = [system.operator.slug, system.reference, report.reference]
    return {
        "reference": report.reference,
        "asked_at": report.asked_at,
        "by": report.by.get_full_name() if report.by else "",
        "label": state.label,
        "colour": COLOURS[state],
        "index_url": reverse("compliance:report", args=[system.operator.slug, report.reference]),
        "url": reverse("compliance:pack", args=args) if state == State.READY else "",
        "failure": report.failure,
    }


@require_safe
def pack(request: AuthenticatedHttpRequest, organisation: str, reference: str, pack: str) -> HttpResponseBase:
    """The archive. Everybody with a role at the operator reads its evidence, and so its packs."""
    system = system_or_404(request, organisation, reference)
    report = get_object_or_404(_of(request, system), reference=pack)
    if not services.has_archive(report):
        raise Http404
    file = default_storage.open(services.archive_name(report))
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"code-assessment-pack-{report.reference}.zip",
        content_type="application/zip",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def pack_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """On the page of a system. No query."""
    yield Link(_("Code Assessment Pack"), system_address("packs", system))

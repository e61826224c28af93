"""The import of an operator's own list of cameras: upload, look, accept."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.camera_lists.one_shape import COLUMNS, CameraRow
from compliance.forms.cameras import CameraListForm
from compliance.models import CameraSystem, ImportRun
from compliance.services import cameras as services
from compliance.services.systems import FINAL
from compliance.views.previews import Preview
from compliance.views.system_finding import system_address, system_or_404, trail_to_system
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.files import safe_name

PROBLEMS_PER_PAGE = 100
SAMPLE = 10


def _importable(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> CameraSystem:
    """Raises Http404, PermissionDenied, and IllegalMove for a system that is closed."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.import_cameras", system)
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    return system


@get_or_post
def upload(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take a list and go on to look at it. What is no list is refused here, with one sentence."""
    system = _importable(request, organisation, reference)
    form = CameraListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sha256 = services.keep_upload(upload=file)
            _sorted(system, sha256, file.name)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal.sentence))
        else:
            preview = CamerasPreview(system.pk, request.user.pk, sha256, safe_name(file.name), services.new_preview())
            return redirect(system_address("cameras_import_preview", system, preview.token()))
    title = _("Import a list of cameras")
    context = {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "form": form,
        "columns": ",".join(COLUMNS),
        "submit_label": _("Look at the list"),
        "cancel_url": system.get_absolute_url(),
        "breadcrumbs": trail_to_system(system, (title, "")),
    }
    return render(request, "compliance/cameras_import.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class CamerasPreview(Preview):
    """A look at a list of cameras; by its `key` the list is applied once."""

    SALT = "compliance.cameras.preview"

    key: str


def _sorted(system: CameraSystem, sha256: str, file_name: str) -> services.Sorted:
    with open(services.kept_upload(sha256), "rb") as file:
        return services.sort_list(system=system, file=file, file_name=file_name)


@get_or_post
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, token: str) -> HttpResponse:
    """How the rows would be sorted; accepted once. If cameras came in meanwhile, it is to be looked at again: 409."""
    system = _importable(request, organisation, reference)
    look = CamerasPreview.read(token, system=system, user=request.user)
    if run := ImportRun.objects.filter(settings={"preview": look.key}, system=system).first():
        return _imported(request, system, run)
    wanted = _sorted(system, look.sha256, look.file_name)
    overtaken = False
    if request.method == "POST":
        overtaken = request.POST.get("seen") != _seen(wanted)
        if not overtaken:
            try:
                run = services.apply_list(system=system, wanted=wanted, by=request.user, preview=look.key)
            except StaleRecord:
                overtaken, wanted = True, _sorted(system, look.sha256, look.file_name)
            else:
                return _imported(request, system, run)
    context = _preview_context(request, system, wanted) | {"overtaken": overtaken}
    return render(request, "compliance/cameras_preview.html", context, status=409 if overtaken else 200)


def _seen(wanted: services.Sorted) -> str:
    """What a person saw of the sorting, as the form says it again."""
    counts = wanted.judgement.counts
    return f"{counts['new']}-{counts['duplicate']}-{counts['refused']}"


def _imported(request: AuthenticatedHttpRequest, system: CameraSystem, run: ImportRun) -> HttpResponse:
    sentence = ngettext("%(count)d camera was imported.", "%(count)d cameras were imported.", run.new)
    messages.success(request, sentence % {"count": run.new})
    return redirect(system_address("cameras", system))


def _preview_context(
    request: AuthenticatedHttpRequest, system: CameraSystem, wanted: services.Sorted
) -> dict[str, Any]:
    counts = wanted.judgement.counts
    accept = ngettext("Import %(count)d camera", "Import %(count)d cameras", counts["new"])
    title = _("What the list would change")
    upload_url = system_address("cameras_import", system)
    return {
        "organisation": system.operator,
        "system": system,
        "title": title,
        "file_name": wanted.file_name,
        "figures": [
            {"label": _("rows"), "value": counts["rows"]},
            {"label": _("new cameras"), "value": counts["new"]},
            {"label": _("already there"), "value": counts["duplicate"]},
            {"label": _("refused"), "value": counts["refused"]},
        ],
        "sample": [_sample_row(row) for row in wanted.judgement.new[:SAMPLE]],
        "more": max(counts["new"] - SAMPLE, 0),
        "problems_count": len(wanted.judgement.problems),
        "page_obj": Paginator(wanted.judgement.problems, PROBLEMS_PER_PAGE).get_page(request.GET.get("page")),
        "seen": _seen(wanted),
        "accept_label": accept % {"count": counts["new"]} if counts["new"] else "",
        "upload_url": upload_url,
        "breadcrumbs": trail_to_system(system, (_("Import a list of cameras"), upload_url), (title, "")),
    }


def _sample_row(row: CameraRow) -> dict[str, Any]:
    return {
        "number": row.operator_ref,
        "location": row.location,
        "ward": row.ward,
        "place": f"{row.place.latitude}, {row.place.longitude}" if row.place else "",
    }

"""What is to be seen at a visit: cameras by lot and by choice, places; the register they came from; the checklist."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import F, Q, Sum, Value
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from certification.models import CameraSample, SiteVisit
from certification.sampling import SizeRule, reasons_of_risk, register_path, size_rule, stratum_of
from certification.services import visits as services
from certification.services.visit_sample import live_cameras
from certification.services.visit_signing import ask_for_checklist, checklist_is_promised, checklist_path
from certification.strata import RISK, size_in_words, stratum_in_words
from certification.views.visit_finding import FoundVisit, find_sample, find_visit
from certification.views.visits import sample_facts
from certification.visit_checklist import PLACE_KINDS
from certification.visit_documents import checklist_content
from certification.visit_forms import ChooseForm, DrawAgainForm, DrawForm, FindCameraForm, PlaceForm
from compliance.models import Camera
from core.downloads import download
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

Status = SiteVisit.Status
MOST_FOUND = 20
RETRY_SECONDS = 3
PDF = "application/pdf"


def _find(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> FoundVisit:
    """For the auditor while it can be prepared."""
    found = find_visit(request, organisation, reference, visit, "review")
    if not found.can_prepare:
        raise IllegalMove(found.visit, Status.UNDER_WAY)
    return found


@require_safe
def sample(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """Draw, choose, name places; and what is on the list so far."""
    found = _find(request, organisation, reference, visit)
    return _page(request, found)


def _page(request: AuthenticatedHttpRequest, found: FoundVisit, *, status: int = 200, **forms: Any) -> HttpResponse:
    record = found.visit
    live = live_cameras(record) if record.drawn_at is None else None
    listed = list(record.sample.all())
    search = FindCameraForm(request.GET if "q" in request.GET else None)
    version = {"version": record.version}
    draw = forms.get("draw") or (
        DrawForm(initial=version) if record.drawn_at is None else DrawAgainForm(initial=version)
    )
    context = found.context(
        (_("What is to be seen"), ""),
        sample=sample_facts(record),
        population=None if live is None else _population(live, size_rule(record.application.scheme.sample)),
        uncounted=_uncounted(record, live),
        draw_form=draw,
        drawn=[_sample_row(found, row) for row in listed if not row.is_chosen],
        chosen=[_sample_row(found, row) for row in listed if row.is_chosen],
        search=search,
        cameras=_found_cameras(found, search),
        choose_form=forms.get("choose"),
        places=[
            {
                "number": number,
                "name": place["name"],
                "kind": PLACE_KINDS[place["kind"]],
                "drop_url": found.address("visit_place_drop", number),
            }
            for number, place in enumerate(record.places, 1)
        ],
        place_form=forms.get("place") or PlaceForm(initial=version),
        form=next((form for form in forms.values() if form is not None), None),
    )
    return render(request, "certification/visit_sample.html", context, status=status)


def _population(cameras: list[Camera], rule: SizeRule) -> dict[str, Any]:
    """How large the sample would be, before anything is drawn."""
    strata = {stratum_of(camera) for camera in cameras}
    return {
        "cameras": len(cameras),
        "strata": len(strata),
        "size": rule.size(len(cameras), len(strata)),
        "words": size_in_words(rule),
    }


def _uncounted(visit: SiteVisit, live: list[Camera] | None) -> list[dict[str, Any]]:
    """Systems with counts of cameras but none in the register: nothing can be drawn of them. Two queries at most."""
    kinds = ("fixed", "ptz", "redeployable", "mobile")
    total = sum((F(f"technologies__{kind}_count") for kind in kinds), Value(0))
    systems = visit.application.systems.annotate(counted=Sum(total)).order_by("name", "pk")
    if live is None:
        of_systems = Camera.objects.in_use().filter(system__in=visit.application.systems.values("pk"))
        listed = set(of_systems.order_by().values_list("system", flat=True).distinct())
    else:
        listed = {camera.system_id for camera in live}
    return [{"name": system.local_name, "count": system.counted or 0} for system in systems if system.pk not in listed]


def _sample_row(found: FoundVisit, row: CameraSample) -> dict[str, Any]:
    return {
        "position": row.position,
        "reference": row.camera_reference,
        "location": row.location,
        "stratum": stratum_in_words(row.stratum),
        "reason": row.reason,
        "drop_url": found.address("visit_camera_drop", row.position) if row.is_chosen else "",
    }


def _found_cameras(found: FoundVisit, search: FindCameraForm) -> list[dict[str, Any]]:
    """Cameras in use whose number or place has the text in it, but those on the list already. Two queries at most."""
    if not search.is_bound or not search.is_valid() or not search.cleaned_data["q"]:
        return []
    text = search.cleaned_data["q"]
    own = Camera.objects.in_use().filter(system__in=found.found.application.systems.all())
    own = own.filter(Q(operator_ref__icontains=text) | Q(location__icontains=text) | Q(ward__icontains=text))
    listed = found.visit.sample.values("camera")
    return [
        {
            "pk": camera.pk,
            "reference": camera.name,
            "location": ", ".join(filter(None, (camera.location, camera.ward))),
            "system": camera.system.local_name,
            "stratum": stratum_in_words(stratum_of(camera)),
            "risks": [RISK[name] for name in sorted(reasons_of_risk(camera))],
        }
        for camera in own.exclude(pk__in=listed).for_list()[:MOST_FOUND]
    ]


@require_POST
def draw(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = _find(request, organisation, reference, visit)
    form = (DrawForm if found.visit.drawn_at is None else DrawAgainForm)(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, draw=form)
    try:
        made = services.draw_sample(visit=found.visit, by=request.user, **form.cleaned_data)
    except RuleBroken as refusal:
        return _page(request, found, status=refused(form, refusal), draw=form)
    messages.success(
        request,
        _("The sample is drawn: %(size)d of %(population)d cameras.")
        % {"size": len(made.drawn), "population": made.population},
    )
    return redirect(found.address("visit_sample"))


@require_POST
def choose(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = _find(request, organisation, reference, visit)
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, choose=form)
    own = Camera.objects.filter(system__in=found.found.application.systems.all())
    camera = get_object_or_404(own, pk=form.cleaned_data["camera"])
    try:
        services.choose_camera(visit=found.visit, camera=camera, reason=form.cleaned_data["reason"], by=request.user)
    except RuleBroken as refusal:
        return _page(request, found, status=refused(form, refusal), choose=form)
    messages.success(request, _("The camera is on the list: %(camera)s") % {"camera": camera.name})
    return redirect(found.address("visit_sample"))


@require_POST
def drop_camera(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, position: int
) -> HttpResponse:
    found = _find(request, organisation, reference, visit)
    row = get_object_or_404(CameraSample.objects.filter(visit=found.visit), position=position)
    row.visit = found.visit
    services.drop_camera(sample=row, by=request.user)
    messages.success(request, _("The camera is off the list: %(camera)s") % {"camera": row.camera_reference})
    return redirect(found.address("visit_sample"))


@require_POST
def add_place(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    found = _find(request, organisation, reference, visit)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, place=form)
    now = [(place["name"], place["kind"]) for place in found.visit.places]
    wanted = [*now, (form.cleaned_data["name"], form.cleaned_data["kind"])]
    try:
        services.set_places(visit=found.visit, version=form.cleaned_data["version"], places=wanted, by=request.user)
    except RuleBroken as refusal:
        return _page(request, found, status=refused(form, refusal), place=form)
    messages.success(request, _("The place is on the list: %(name)s") % {"name": form.cleaned_data["name"]})
    return redirect(found.address("visit_sample"))


@require_POST
def drop_place(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, number: int
) -> HttpResponse:
    found = _find(request, organisation, reference, visit)
    now = [(place["name"], place["kind"]) for place in found.visit.places]
    if not 1 <= number <= len(now):
        raise Http404
    name, _kind = now.pop(number - 1)
    services.set_places(visit=found.visit, version=found.visit.version, places=now, by=request.user)
    messages.success(request, _("The place is off the list: %(name)s") % {"name": name})
    return redirect(found.address("visit_sample"))


# --- what can be taken along ---


@require_safe
def register(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponseBase:
    """The list from which was drawn, as it stood then: with it and the seed anybody can draw again by hand."""
    found = find_sample(request, organisation, reference, visit)
    sha256 = found.visit.rule.get("population_sha256")
    path = register_path(found.visit, sha256) if sha256 else ""
    if not path or not default_storage.exists(path):
        raise Http404
    name = f"visit-{found.visit.reference}-register.txt"
    return download(default_storage.open(path), name=name, media_type="text/plain; charset=utf-8")


@get_or_post
def print_checklist(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponse:
    """Have the checklist printed as it stands now; and whether it is."""
    found = find_visit(request, organisation, reference, visit, "read_review")
    record = found.visit
    if not record.checklist:
        raise Http404
    path = checklist_path(record, checklist_content(record))
    if request.method == "POST":
        ask_for_checklist(visit=record, path=path)
        return redirect(found.address("visit_checklist_print"))
    is_printed = default_storage.exists(path)
    context = found.context(
        (_("Checklist"), ""),
        is_printed=is_printed,
        is_printing=not is_printed and checklist_is_promised(record),
    )
    return render(request, "certification/visit_checklist.html", context)


@require_safe
def checklist(request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str) -> HttpResponseBase:
    """The checklist on paper; until it is printed a page that says so."""
    found = find_visit(request, organisation, reference, visit, "read_review")
    if not found.visit.checklist:
        raise Http404
    path = checklist_path(found.visit, checklist_content(found.visit))
    if default_storage.exists(path):
        name = f"visit-{found.visit.reference}-checklist.pdf"
        return download(default_storage.open(path), name=name, media_type=PDF)
    context = found.context((_("Checklist"), ""), is_lost=False)
    response = render(request, "certification/visit_printing.html", context, status=404)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response

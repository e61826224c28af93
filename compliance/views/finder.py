"""The camera finder for police and partners: what is shown was written down first. And the log of it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Kind, Organisation
from accounts.policy import require
from compliance.finder import MOST_SHOWN, Found, Hit, looks, territory_of, withheld_of
from compliance.forms.finder import FinderForm
from compliance.models import Camera, ControlRoom, FinderSearch, RoomService, SystemTechnology
from compliance.models.camera import CameraType
from compliance.models.vocabulary import Technology
from compliance.room_cards import days_words
from compliance.services.finding import find_cameras
from compliance.views.camera_rows import STATUS_COLOURS
from compliance.views.system_finding import operator_or_404
from core.errors import RuleBroken
from core.forms import refused
from core.limits import within

MOST_SEARCHES, SECONDS = 30, 600
PAGE_SIZE = 50
ROOMS_SHOWN = 50


@never_cache
@get_or_post
def finder(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Ask, and see. Only a POST finds anything, and each one stands in the log."""
    org = operator_or_404(request, organisation)
    require(request.user, "compliance.find_cameras", org)
    form = FinderForm(posted(request))
    found: Found | None = None
    status = 200
    if form.is_bound and not within("finder", request.user.reference, most=MOST_SEARCHES, seconds=SECONDS):
        form.is_valid()
        form.add_error(None, _("You searched 30 times within ten minutes. Wait ten minutes, then search again."))
        status = 429
    elif form.is_bound and form.is_valid():
        try:
            found = find_cameras(organisation=org, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            refused(form, refusal)
    if form.errors and status == 200:
        status = 422
    context = {
        "organisation": org,
        "form": form,
        "found": found,
        "most": MOST_SHOWN,
        "systems": _systems(found) if found else [],
        "rooms": [] if found and found.hits else _rooms(org),
        "log_url": reverse("compliance:finder_log", args=[org.slug])
        if request.user.has_perm("compliance.read_finder_log", org)
        else "",
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Camera finder"), "")],
    }
    return render(request, "compliance/finder.html", context, status=status)


def _systems(found: Found) -> list[dict[str, Any]]:
    """The results by system, that of the nearest camera first. Three queries."""
    by_system: dict[int, list[Hit]] = {}
    for hit in found.hits:
        by_system.setdefault(hit.camera.system_id, []).append(hit)
    services = {
        service.system_id: service.room
        for service in RoomService.objects.current()
        .filter(system__in=by_system)
        .select_related("room__organisation")
        .order_by("starts_on", "pk")
    }
    kept: dict[int, dict[str, int | None]] = {}
    for row in SystemTechnology.objects.filter(system__in=by_system):
        kept.setdefault(row.system_id, {})[row.technology] = row.retention_days
    withheld = withheld_of(by_system)
    return [
        {
            "system": hits[0].camera.system,
            "operator": hits[0].camera.system.operator,
            "room": services.get(key),
            "contact": _contact(hits[0].camera.system) if key not in services else [],
            "withheld": withheld.get(key, 0),
            "rows": [_row(hit, found, kept.get(key, {})) for hit in hits],
        }
        for key, hits in by_system.items()
    ]


def _contact(system: Any) -> list[str]:
    """Whom to ask where no control room is on record."""
    return [text for text in (system.spoc_post, system.spoc_phone, system.spoc_email) if text]


def _row(hit: Hit, found: Found, kept: dict[str, int | None]) -> dict[str, Any]:
    camera = hit.camera
    technology = Technology.ANPR if camera.camera_type == CameraType.ANPR else Technology.CCTV
    days = kept.get(technology, kept.get(Technology.OTHER))
    return {
        "name": camera.name,
        "location": camera.location,
        "ward": camera.ward,
        "away": "" if hit.metres is None else _("%(metres)d\xa0m") % {"metres": hit.metres},
        "type": "" if camera.camera_type == CameraType.UNKNOWN else capfirst(camera.get_camera_type_display()),
        "looks": looks(camera, found.place),
        "technology": Technology(technology).label,
        "kept": days_words(days),
        "label": camera.get_status_display(),
        "colour": STATUS_COLOURS[Camera.Status(camera.status)],
    }


def rooms_known_to(org: Organisation) -> Any:
    """The control rooms whose card an organisation may read: its own, and those that watch what it may find."""
    watched = RoomService.objects.current().filter(system__in=territory_of(org))
    return ControlRoom.objects.filter(Q(organisation=org) | Q(pk__in=watched.values("room")))


def _rooms(org: Organisation) -> list[dict[str, Any]]:
    return [
        {
            "name": room.name,
            "organisation": room.organisation.local_name,
            "url": reverse("compliance:room_card", args=[org.slug, room.reference]),
        }
        for room in rooms_known_to(org).for_list()[:ROOMS_SHOWN]
    ]


@require_safe
def log(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Who of ours looked for cameras, or who looked for ours: when and why. A force sees its own searches first."""
    org = operator_or_404(request, organisation)
    require(request.user, "compliance.read_finder_log", org)
    ours = request.GET.get("whose", "ours" if org.kind == Kind.POLICE_FORCE else "others") == "ours"
    searches = FinderSearch.objects.select_related("by", "organisation").order_by("-at", "-pk")
    own = searches.filter(organisation=org) if ours else searches.filter(operators=org).exclude(organisation=org)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    finder_url = reverse("compliance:finder", args=[org.slug])
    context = {
        "organisation": org,
        "ours": ours,
        "page_obj": page,
        "rows": [
            {
                "at": search.at,
                "by": search.by.get_full_name(),
                "organisation": search.organisation.local_name,
                "place": search.place,
                "metres": search.metres,
                "reason": search.reason,
                "found": search.found,
            }
            for search in page
        ],
        "breadcrumbs": [
            (org.local_name, org.get_absolute_url()),
            (_("Camera finder"), finder_url),
            (_("Log"), ""),
        ],
    }
    return render(request, "compliance/finder_log.html", context)

"""The first page of a system for those whom its operator granted it, and its list of cameras; and their way there."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Camera, CommissioningTest, Fault, SystemGrant
from compliance.views.camera_rows import STATUS_COLOURS
from compliance.views.doors import door_to
from core.registry import Link

PAGE_SIZE = 50
OPEN_FAULTS = Count("system__cameras__faults", filter=Q(system__cameras__faults__status__in=("reported", "attended")))
APPROVED = Camera.objects.filter(system=OuterRef("system"), status=Camera.Status.APPROVED)
UNTESTED = APPROVED.exclude(Exists(CommissioningTest.objects.filter(camera=OuterRef("pk"), passed=True)))
TO_TEST = Subquery(UNTESTED.order_by().values("system").annotate(number=Count("pk")).values("number"))


def entrusted_to(user: Any) -> Iterator[dict[str, str]]:
    """On the workspace's first page: the systems that the user looks after. One query."""
    held = SystemGrant.objects.held_by(user).select_related("system__operator")
    found = held.annotate(open_faults=OPEN_FAULTS, to_test=Coalesce(TO_TEST, 0))
    by_system: dict[int, list[Any]] = {}
    for grant in found.order_by("system__operator__name", "system__name", "pk"):
        by_system.setdefault(grant.system_id, []).append(grant)
    for grants in by_system.values():
        system = grants[0].system
        yield {
            "title": system.local_name,
            "operator": system.operator.local_name,
            "url": reverse("entrusted:system", args=[system.reference]),
            "roles": ", ".join([system.operator.local_name, *(str(grant.get_kind_display()) for grant in grants)]),
            "waits": ", ".join(_waits(grants)),
        }


def _waits(grants: list[Any]) -> Iterator[str]:
    """Faults for everybody; for installers the approved cameras that passed no test yet."""
    if faults := grants[0].open_faults:
        yield ngettext("%(count)d open fault", "%(count)d open faults", faults) % {"count": faults}
    cameras = grants[0].to_test if any(grant.kind == SystemGrant.Kind.INSTALLER for grant in grants) else 0
    if cameras:
        yield ngettext("%(count)d camera to be tested", "%(count)d cameras to be tested", cameras) % {"count": cameras}


@require_safe
def system(request: AuthenticatedHttpRequest, reference: str) -> HttpResponse:
    """What there is to do."""
    door = door_to(request, None, reference)
    open_faults = Fault.objects.open().filter(camera__system=door.system).count()
    cameras = door.cameras().count()
    links = [
        Link(ngettext("%(count)d camera", "%(count)d cameras", cameras) % {"count": cameras}, door.address("cameras")),
        Link(
            ngettext("%(count)d open fault", "%(count)d open faults", open_faults) % {"count": open_faults},
            door.address("faults"),
        ),
        Link(_("Visits"), door.address("visits")),
    ]
    if door.may("compliance.record_upkeep"):
        links.append(Link(_("Record a visit"), door.address("visit_new")))
    if door.may("compliance.check_pictures"):
        links.append(Link(_("Picture checks that are due"), door.address("picture_checks")))
    grants = SystemGrant.objects.held_by(request.user).filter(system=door.system)
    context = door.known() | {"links": links, "grants": [_grant(g) for g in grants], "breadcrumbs": door.crumbs()}
    return render(request, "compliance/entrusted_system.html", context)


def _grant(grant: SystemGrant) -> dict[str, Any]:
    return {"kind": capfirst(grant.get_kind_display()), "company": grant.company, "ends_on": grant.ends_on}


@require_safe
def cameras(request: AuthenticatedHttpRequest, reference: str) -> HttpResponse:
    """The cameras that stand or are about to, narrowed by number or place."""
    door = door_to(request, None, reference)
    text = request.GET.get("text", "").strip()[:100]
    page = Paginator(door.cameras().matching(text=text).for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = door.known() | {
        "page_obj": page,
        "text": text,
        "rows": [
            {
                "url": door.address("camera", camera.reference),
                "name": camera.name,
                "location": camera.location,
                "ward": camera.ward,
                "type": capfirst(camera.get_camera_type_display()),
                "label": camera.get_status_display(),
                "colour": STATUS_COLOURS[Camera.Status(camera.status)],
            }
            for camera in page
        ],
        "breadcrumbs": door.crumbs((_("Cameras"), "")),
    }
    return render(request, "compliance/entrusted_cameras.html", context)

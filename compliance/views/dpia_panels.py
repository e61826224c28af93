"""Impact assessments on the pages of a camera and of a system."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Camera, CameraSystem, Dpia
from compliance.views.dpia_finding import due_of, tag_of
from core.registry import Link

SHOWN = (Dpia.Status.SIGNED_OFF, *Dpia.OPEN, Dpia.Status.NOT_REQUIRED)


def dpias_part(request: AuthenticatedHttpRequest, camera: Camera) -> dict[str, Any]:
    """The assessments that cover the camera. One query."""
    operator = camera.system.operator
    found = Dpia.objects.of_camera(camera).filter(status__in=SHOWN).order_by("-started_at", "-pk")
    rows = []
    for dpia in found:
        dpia.operator = operator
        row = {"title": dpia.title, "url": dpia.get_absolute_url(), "due": due_of(dpia), **tag_of(dpia)}
        rows.append(row | {"review_on": dpia.review_on if dpia.status == Dpia.Status.SIGNED_OFF else None})
    return {
        "template": "compliance/_camera_dpias.html",
        "rows": rows,
        "list_url": reverse("compliance:dpias", args=[operator.slug]),
    }


def dpia_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> Iterator[Link]:
    """How many cameras of the system no signed assessment covers. One query."""
    signed = Dpia.objects.signed()
    named = signed.filter(cameras=OuterRef("pk"))
    whole = signed.filter(systems=OuterRef("system"), covers_whole_systems=True)
    lacking = system.cameras.in_use().exclude(Q(Exists(named)) | Q(Exists(whole))).count()
    words = ngettext(
        "Impact assessments: %(count)d camera has none that is signed",
        "Impact assessments: %(count)d cameras have none that is signed",
        lacking,
    )
    label = words % {"count": lacking} if lacking else _("Impact assessments")
    yield Link(label, reverse("compliance:dpias", args=[system.operator.slug]))

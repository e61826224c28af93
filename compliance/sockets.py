"""What this app plugs into the sockets of `core.registry`."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from compliance.models import Camera, CameraSystem, Evidence
from core.registry import Document, Section, documents, home_panels, sections

# --- Systems, cameras, evidence ---


def _runs_cameras(user: Any, organisation: Organisation) -> bool:
    return organisation.runs_cameras


for _section in (
    Section(gettext_lazy("Systems"), "compliance:systems", _runs_cameras, prefix="systems/", order=100),
    Section(gettext_lazy("Evidence"), "compliance:evidence_list", _runs_cameras, prefix="evidence/", order=400),
):
    sections.plug(_section)


@documents.plug
def documents_of(system: CameraSystem) -> Iterator[Document]:
    """The evidence about a system, newest first; a link has no hash and no size. One query."""
    for evidence in Evidence.objects.filter(systems=system).order_by("-added_at", "-pk"):
        yield Document(
            kind=evidence.kind,
            title=evidence.title,
            sha256=evidence.sha256,
            size=evidence.size,
            dated=evidence.dated,
            record=evidence,
        )


@home_panels.plug
def systems_panel(user: Any, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """How many systems and cameras an operator has on record. Two queries."""
    if not organisation.runs_cameras:
        return
    systems = CameraSystem.objects.visible_to(user).filter(operator=organisation)
    cameras = Camera.objects.visible_to(user).filter(system__operator=organisation).in_use()
    yield {
        "title": _("Camera systems"),
        "figures": [
            {"label": _("systems on record"), "value": systems.count()},
            {"label": _("cameras listed"), "value": cameras.count()},
        ],
        "url": reverse("compliance:systems", args=[organisation.slug]),
        "action": _("See the systems"),
        "order": 100,
    }

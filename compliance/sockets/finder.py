"""Where the camera finder is found: in the navigation of a force, on the first page of whoever has a control room."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Organisation
from accounts.section_groups import CAMERAS
from compliance.models import ControlRoom
from core.registry import Section, home_panels, sections


def _is_police(user: Any, organisation: Organisation) -> bool:
    return organisation.kind == Kind.POLICE_FORCE and organisation.pk in user.organisation_ids()


sections.plug(
    Section(
        gettext_lazy("Finder"),
        "compliance:finder",
        _is_police,
        prefix="finder/",
        order=90,
        group=CAMERAS,
        also=("control-rooms/",),
    )
)


@home_panels.plug
def finder_panel(user: Any, organisation: Organisation) -> Iterator[dict[str, Any]]:
    """For police forces, and for those with a control room. One query."""
    if not organisation.runs_cameras:
        return
    rooms = ControlRoom.objects.visible_to(user).filter(organisation=organisation).count()
    if not rooms and organisation.kind != Kind.POLICE_FORCE:
        return
    yield {
        "title": _("Camera finder"),
        "text": _("Which cameras see a place, whose they are, how long images are kept, and whom to ask."),
        "figures": [{"label": _("own control rooms"), "value": rooms}] if rooms else [],
        "url": reverse("compliance:finder", args=[organisation.slug]),
        "action": _("Find cameras"),
        "order": 480,
    }

"""What the register of cameras plugs into the sockets of `core.registry`."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.section_groups import CAMERAS
from core.registry import Section, sections


def _runs_cameras(user: Any, organisation: Organisation) -> bool:
    """For the people of an operator."""
    return organisation.runs_cameras and organisation.pk in user.organisation_ids()


_OF_SYSTEM = ("cameras", "counts", "placements", "faults", "visits", "picture-checks")
sections.plug(
    Section(
        gettext_lazy("Cameras"),
        "compliance:all_cameras",
        _runs_cameras,
        prefix="cameras/",
        order=110,
        group=CAMERAS,
        also=tuple(f"systems/*/{page}/" for page in _OF_SYSTEM),
    )
)

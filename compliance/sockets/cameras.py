"""What the register of cameras plugs into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy

from accounts.section_groups import CAMERAS, of_operator
from core.registry import Section, sections

_OF_SYSTEM = ("cameras", "counts", "placements", "faults", "visits", "picture-checks")
sections.plug(
    Section(
        gettext_lazy("Cameras"),
        "compliance:all_cameras",
        of_operator,
        prefix="cameras/",
        order=110,
        group=CAMERAS,
        also=tuple(f"systems/*/{page}/" for page in _OF_SYSTEM),
    )
)

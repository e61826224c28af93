"""What proposals, decisions and requests for cameras plug into the sockets of `core.registry`."""

from django.utils.translation import gettext_lazy

from accounts.section_groups import CAMERAS, of_operator
from compliance.waiting_proposals import (
    proposals_to_decide,
    proposals_to_go_on,
    referrals_to_answer,
    relocations_to_decide,
    removals_to_settle,
)
from core.registry import Section, sections, waiting

_OF_CAMERA = ("proposal", "decide", "decisions", "install", "operate", "relocate", "removal")
sections.plug(
    Section(
        gettext_lazy("Proposals"),
        "compliance:proposals",
        of_operator,
        "proposals/",
        order=130,
        group=CAMERAS,
        also=tuple(f"systems/*/cameras/*/{page}/" for page in _OF_CAMERA),
    )
)

for _plug in (
    proposals_to_go_on,
    proposals_to_decide,
    relocations_to_decide,
    removals_to_settle,
    referrals_to_answer,
):
    waiting.plug(_plug)

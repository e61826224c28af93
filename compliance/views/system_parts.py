"""What stands on a system's page beside its own record: where its faults, reviews, DPIAs, statistics and so on are.

A link's function is named in GROUPS, in the order of the page; it costs one query at most and may count something.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import AuthenticatedHttpRequest
from compliance.models import CameraSystem
from compliance.views.annual_reviews import review_links
from compliance.views.counted_units import register_links
from compliance.views.dpia_panels import dpia_links
from compliance.views.packs import pack_links
from compliance.views.public_facts import public_fact_links
from compliance.views.statistics import link_to_statistics
from compliance.views.upkeep_links import upkeep_links
from core.errors import Text
from core.registry import Link

Links = Callable[[AuthenticatedHttpRequest, CameraSystem], Iterable[Link]]

GROUPS: list[tuple[Text, list[Links]]] = [
    (_("The register"), [register_links]),
    (_("Upkeep"), [upkeep_links]),
    (_("Need, privacy and review"), [dpia_links, review_links]),
    (_("Figures and documents"), [link_to_statistics, pack_links]),
    (_("The public page"), [public_fact_links]),
]


def leads_of(request: AuthenticatedHttpRequest, system: CameraSystem) -> list[dict[str, Any]]:
    """Where one can go on from the system, by what it is about. One query for each function of GROUPS at most."""
    groups = (
        {"title": title, "links": [link for links in functions for link in links(request, system)]}
        for title, functions in GROUPS
    )
    return [group for group in groups if group["links"]]

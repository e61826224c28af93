"""What stands on a system's page beside its own record: where its faults, reviews, DPIAs, statistics and so on are.

A link's function is named in LINKS, in the order of the page; it costs one query at most and may show a count in words.
"""

from collections.abc import Callable, Iterable

from accounts.access import AuthenticatedHttpRequest
from compliance.models import CameraSystem
from compliance.views.annual_reviews import review_links
from compliance.views.counted_units import register_links
from compliance.views.dpia_panels import dpia_links
from compliance.views.statistics import link_to_statistics
from compliance.views.upkeep_links import upkeep_links
from core.registry import Link

Links = Callable[[AuthenticatedHttpRequest, CameraSystem], Iterable[Link]]

LINKS: list[Links] = [register_links, link_to_statistics, dpia_links, upkeep_links, review_links]


def links_of(request: AuthenticatedHttpRequest, system: CameraSystem) -> list[Link]:
    """Where one can go on from the system. One query for each function of LINKS at most."""
    return [link for links in LINKS for link in links(request, system)]

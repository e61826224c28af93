"""What stands on a camera's page beside its own record, and what can be done with the camera there.

A panel is a function of a module of its own, named in PARTS, in the order of the page. It returns the name of its
template under `template` with whatever that template reads, as `part`; None shows nothing. An act is a link into the
page that does it; its function is named in ACTS and returns those that this person may do in this state. A panel costs
one query at most, an act none; the page costs ten in all.
"""

from collections.abc import Callable, Iterable
from typing import Any

from accounts.access import AuthenticatedHttpRequest
from compliance.models import Camera
from compliance.views.camera_reviews import review_acts, reviews_part
from compliance.views.camera_upkeep import upkeep_acts, upkeep_part
from compliance.views.consultations import consultation_acts
from compliance.views.dpia_panels import dpias_part
from compliance.views.placements import placement_acts, placements_part
from compliance.views.proposal_parts import decisions_part, justification_acts
from core.registry import Link

Part = Callable[[AuthenticatedHttpRequest, Camera], dict[str, Any] | None]
Acts = Callable[[AuthenticatedHttpRequest, Camera], Iterable[Link]]

PARTS: list[Part] = [placements_part, decisions_part, dpias_part, reviews_part, upkeep_part]
ACTS: list[Acts] = [review_acts, upkeep_acts, placement_acts, justification_acts, consultation_acts]


def parts_of(request: AuthenticatedHttpRequest, camera: Camera) -> list[dict[str, Any]]:
    """The panels that have something to show. One query each at most."""
    return [part for show in PARTS if (part := show(request, camera))]


def acts_of(request: AuthenticatedHttpRequest, camera: Camera) -> list[Link]:
    """What this person can do with the camera now."""
    return [link for acts in ACTS for link in acts(request, camera)]

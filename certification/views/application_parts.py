"""What stands on the page of an application beside its terms and its submission.

A part is a function of a module of its own, named in PARTS, in the order of the page. It gets the application as the
party at hand sees it (`Found`, loaded by `for_detail`) and returns the name of its template under `template` with
whatever that template reads, as `part`; None shows nothing. It decides itself what this user may see. Each costs two
queries at most, and none where the application cannot have what it shows.
"""

from collections.abc import Callable
from typing import Any

from accounts.access import AuthenticatedHttpRequest
from certification.views.compared import comparison_part
from certification.views.draft_changes import draft_changes
from certification.views.engagement import engagement_part
from certification.views.finding import Found
from certification.views.life_part import appeal_part, renewal_part
from certification.views.talk_part import talk_part
from certification.views.visit_part import visits_part

Part = Callable[[AuthenticatedHttpRequest, Found], dict[str, Any] | None]

PARTS: list[Part] = [comparison_part, renewal_part, appeal_part, draft_changes, talk_part, visits_part, engagement_part]


def parts_of(request: AuthenticatedHttpRequest, found: Found) -> list[dict[str, Any]]:
    """The parts that have something to show. Two queries each at most."""
    return [part for show in PARTS if (part := show(request, found))]

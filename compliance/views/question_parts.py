"""What stands on the page of a question beside its answer: comments, links, requests, and what others add.

A part is a function of a module of its own, named in PARTS, in the order of the page. It costs one query at most and
returns the name of its template under `template` with whatever that template reads, as `part`; None shows nothing.
One that is to be read before the answer says `above`.
"""

from collections.abc import Callable
from typing import Any

from accounts.access import AuthenticatedHttpRequest
from compliance.rules import AssessmentState, QuestionState
from compliance.views.carried import carried_part, edition_part
from compliance.views.evidence_use import evidence_part
from compliance.views.side_by_side import links_part
from compliance.views.why import marks_part
from compliance.views.working import working_part

Part = Callable[[AuthenticatedHttpRequest, AssessmentState, QuestionState], dict[str, Any] | None]

PARTS: list[Part] = [marks_part, carried_part, edition_part, evidence_part, links_part, working_part]


def parts_of(request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState) -> list[dict[str, Any]]:
    """The parts that have something to show. One query each at most."""
    return [part for show in PARTS if (part := show(request, state, asked))]

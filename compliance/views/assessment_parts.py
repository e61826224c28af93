"""What stands on the task list of a self-assessment beside the list itself, and what is counted under each principle.

A panel is a function of a module of its own, named in PARTS, in the order of the page. It returns the name of its
template under `template` with whatever that template reads, as `part`; None shows nothing. A mark is a word or two
beside a principle; its function is named in MARKS. Each costs one query at most; the page costs ten in all.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.access import AuthenticatedHttpRequest
from compliance.rules import AssessmentState
from compliance.views.around import around_panel, marks_around
from compliance.views.carried import carried_panel
from compliance.views.marks import Mark
from compliance.views.whole_principle import whole_panel

Part = Callable[[AuthenticatedHttpRequest, AssessmentState], dict[str, Any] | None]
Marks = Callable[[AuthenticatedHttpRequest, AssessmentState], Mapping[int, Sequence[Mark]]]  # by number of principle

PARTS: list[Part] = [carried_panel, whole_panel, around_panel]
MARKS: list[Marks] = [marks_around]


def parts_of(request: AuthenticatedHttpRequest, state: AssessmentState) -> list[dict[str, Any]]:
    """The panels that have something to show. One query each at most."""
    return [part for show in PARTS if (part := show(request, state))]


def marks_of(request: AuthenticatedHttpRequest, state: AssessmentState) -> dict[int, list[Mark]]:
    """What is marked under each principle. One query for each function of MARKS at most."""
    found: dict[int, list[Mark]] = {}
    for marks in MARKS:
        for number, some in marks(request, state).items():
            found.setdefault(number, []).extend(some)
    return found

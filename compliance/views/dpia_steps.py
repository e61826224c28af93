"""Writing an assessment from page to page: which step this is of how many, and which comes next."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from compliance.dpia_content import address
from compliance.dpia_form import PARTS
from compliance.models import Dpia

Step = tuple[str, ...]  # the name of the page, and the key of the part
GOES_ON = "go_on"


def _steps() -> Sequence[Step]:
    found: list[Step] = [("dpia_heading",), ("dpia_cover",)]
    for part in PARTS:
        found.append(("dpia_part", part.key))
        if part.key == "rights":  # as on the list of what to write
            found += [("dpia_matrix",), ("dpia_risks",)]
    return found


STEPS = _steps()


def step_of(dpia: Dpia, *step: str) -> dict[str, Any]:
    """What the form of a step shows above and below it, while the draft is written."""
    if dpia.status != Dpia.Status.DRAFT or step not in STEPS:
        return {}
    number, count = STEPS.index(step) + 1, len(STEPS)
    return numbered(number, count)


def numbered(number: int, count: int) -> dict[str, Any]:
    """A step as `components/form.html` and the heading above it take it."""
    return {
        "step": _("Step %(number)d of %(count)d") % {"number": number, "count": count},
        "submit_label": _("Save and go on") if number < count else _("Save"),
        "submit_name": GOES_ON,
        "second_label": _("Save, then back to all steps") if number < count else "",
    }


def goes_on(request: HttpRequest) -> bool:
    """Whether the next step was asked for."""
    return GOES_ON in request.POST


def after(request: HttpRequest, dpia: Dpia, *step: str) -> str:
    """Where saving a step leads: to the next one when that was asked for, else to the list of all, which says so."""
    number = STEPS.index(step) + 1
    if goes_on(request) and dpia.status == Dpia.Status.DRAFT and number < len(STEPS):
        name, *arguments = STEPS[number]
        return address(name, dpia, *arguments)
    messages.success(request, _("Saved."))
    return dpia.get_absolute_url()

"""What today says of a placement: overdue, and what it still lacks (domain 9.2). Nothing of it is stored."""

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from compliance.models import Placement, PlacementEvaluation
from core.dates import add_months

MONTHS_AFTER = 3  # "some months after" (domain 9.2)
Stage = PlacementEvaluation.Stage


def is_overdue(placement: Placement, on: dt.date) -> bool:
    """Whether it should have ended."""
    return placement.ends_on is None and placement.planned_end_on is not None and placement.planned_end_on < on


def lacks_of(placement: Placement, stages: Collection[str], on: dt.date) -> list[str]:
    """What is missing on a day, in words; `stages` are those at which it was evaluated."""
    lacks = []
    if placement.sign_up_on is None:
        lacks.append(_("the day on which its sign was put up"))
    if placement.dpia_id is None:
        lacks.append(_("its DPIA"))
    words = {
        Stage.BEFORE: _("the evaluation before it"),
        Stage.DURING: _("the evaluation while it lasts"),
        Stage.END: _("the evaluation at its end"),
        Stage.AFTER: _("the evaluation some months after"),
    }
    return [*lacks, *(words[stage] for stage in due_stages(placement, on) if stage not in stages)]


def due_stages(placement: Placement, on: dt.date) -> list[Stage]:
    """The evaluations whose time has come."""
    due = [Stage.BEFORE]
    if placement.starts_on < on:
        due.append(Stage.DURING)
    if placement.ends_on is not None:
        due.append(Stage.END)
        if on >= add_months(placement.ends_on, MONTHS_AFTER):
            due.append(Stage.AFTER)
    return due

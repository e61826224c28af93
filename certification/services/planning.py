"""By when a review is wanted, and how many days are planned for it: the manager of the body says so."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import Application
from certification.services.at_work import open_review_of
from certification.services.holding import hold
from certification.services.intake import require_due_day
from core import trail
from core.errors import IllegalMove, RuleBroken


@transaction.atomic
def plan(*, application: Application, due_on: dt.date | None, by: User, planned_days: Decimal | None = None) -> None:
    """Write both to the open review, and the day to the assignment, from which the next review takes it.

    Raises RuleBroken for a day that is past or unfit days, IllegalMove where no auditor is assigned.
    """
    hold(application)
    assignment = application.open_assignment()
    if assignment is None:
        raise IllegalMove(application, Application.Status.STEP1_REVIEW)
    if due_on != assignment.due_on:
        require_due_day(due_on)
    if planned_days is not None and planned_days <= 0:
        raise RuleBroken(_("Enter the planned days as a number above nothing."))
    before = {"due_on": str(assignment.due_on or "")}
    assignment.due_on = due_on
    assignment.save(update_fields=["due_on"])
    after = {"due_on": str(due_on or "")}
    review = open_review_of(application)
    if review is not None:
        before["planned_days"], after["planned_days"] = str(review.planned_days or ""), str(planned_days or "")
        review.due_on, review.planned_days = due_on, planned_days
        review.save(update_fields=["due_on", "planned_days"])
    trail.record("planned", assignment, by=by, before=before, after=after)

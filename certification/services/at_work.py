"""The auditor at work: with an open review of an application, at a stage where it is worked on."""

from accounts.models import User
from certification.models import Application, StepReview
from certification.services.holding import hold
from certification.services.verdicts import WORKED_ON_AT
from core.errors import IllegalMove


def open_review_of(application: Application) -> StepReview | None:
    """The review that is worked on now: of the step that the stage of the application says. One query."""
    steps = [step for step, stages in WORKED_ON_AT.items() if application.status in stages]
    found = application.reviews.select_related("assignment").filter(step__in=steps, concluded_at__isnull=True)
    return found.order_by("-pk").first()


def require_auditor(application: Application, by: User) -> StepReview:
    """Hold the application and give the open review of `by`. Raises IllegalMove where there is none now."""
    hold(application)
    review = open_review_of(application)
    if review is None or review.assignment.auditor_id != by.pk or review.assignment.ended_at is not None:
        raise IllegalMove(application, Application.Status.STEP1_REVIEW)
    return review

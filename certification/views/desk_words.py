"""Words of the desk that depend on the step."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from certification.models import Application, StepReview

Step = StepReview.Step


def review_title(review: StepReview) -> str:
    """What the review is called in headings."""
    titles = {
        Step.DESKTOP: _("Step 1: desktop review"),
        Step.ON_SITE: _("Step 2: review on site"),
        Step.SURVEILLANCE: _("Surveillance review"),
    }
    return titles.get(Step(review.step)) or capfirst(review.get_step_display())


def concluded_words(review: StepReview) -> str:
    """What happens after the conclusion."""
    if review.application.status == Application.Status.STEP1_PASSED:
        return _("Step 1 is concluded. The visit on site comes next.")
    return _("The review is concluded. A decision maker decides next.")

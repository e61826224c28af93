"""Reviews of any step: begun by an auditor who declared, concluded with a recommendation when nothing is open.

What a visit or a surveillance review wants closed before its review is concluded is plugged in by `open_points_of`, and
what follows its conclusion by `after_conclusion_of`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, AuditorAssignment, Criterion, Finding, StepReview, Verdict
from certification.models.scheme import Aim
from certification.services import clarifications, findings
from certification.services.fitness import require_fit
from certification.services.follow_up import open_follow_ups
from certification.services.holding import hold, require_status
from certification.services.impartiality import require_impartial
from certification.services.news import tell_body
from certification.services.verdicts import WORKED_ON_AT
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken

Status = Application.Status
Step = StepReview.Step
Recommendation = StepReview.Recommendation
CONCLUSION_LIMIT = 4000
MOST_DAYS = Decimal(365)

# The stages of the application at which a review of each step can begin, and the one at which it is concluded.
BEGINS_AT: Mapping[str, tuple[str, ...]] = {
    Step.DESKTOP: (Status.ACCEPTED,),
    Step.ON_SITE: (Status.ACCEPTED, Status.STEP1_PASSED, Status.STEP2_SCHEDULED, Status.STEP2_AUDIT),
    Step.SURVEILLANCE: (Status.AWARDED,),
}
CONCLUDED_AT: Mapping[str, str] = {
    Step.DESKTOP: Status.STEP1_REVIEW,
    Step.ON_SITE: Status.STEP2_AUDIT,
    Step.SURVEILLANCE: Status.AWARDED,
}
RECOMMENDS: Mapping[str, tuple[Recommendation, ...]] = {
    Step.DESKTOP: (Recommendation.AWARD, Recommendation.DECLINE),
    Step.ON_SITE: (Recommendation.AWARD, Recommendation.DECLINE),
    Step.SURVEILLANCE: (Recommendation.CONTINUE, Recommendation.SUSPEND, Recommendation.WITHDRAW),
}
IN_FAVOUR = (Recommendation.AWARD, Recommendation.CONTINUE)

OpenPoints = Callable[[StepReview], list[Problem]]
Follows = Callable[[StepReview, User], None]
OPEN_POINTS: defaultdict[str, list[OpenPoints]] = defaultdict(list)
FOLLOWS: defaultdict[str, list[Follows]] = defaultdict(list)


def open_points_of(*steps: str) -> Callable[[OpenPoints], OpenPoints]:
    """Plug in what else must be closed before reviews of these steps are concluded, each point with its address."""

    def plug(points: OpenPoints) -> OpenPoints:
        for step in steps:
            if points not in OPEN_POINTS[step]:
                OPEN_POINTS[step].append(points)
        return points

    return plug


def after_conclusion_of(*steps: str) -> Callable[[Follows], Follows]:
    """Plug in what follows the conclusion of reviews of these steps, in its transaction."""

    def plug(follows: Follows) -> Follows:
        for step in steps:
            if follows not in FOLLOWS[step]:
                FOLLOWS[step].append(follows)
        return follows

    return plug


@transaction.atomic
def begin(*, application: Application, step: str, by: User) -> StepReview:
    """Open a review of that step by the assigned auditor, who must have declared. Step 1 moves the application to its
    review; the moves of step 2 and of a surveillance review are made by whoever begins them.

    Raises RuleBroken, IllegalMove, StaleRecord; RuleBroken for a second open review of the step.
    """
    wanted = WORKED_ON_AT[step][0]
    require_status(application, *BEGINS_AT[step], wanted=wanted)
    assignment = require_at_work(application, by)
    require_fit(application, by)
    if application.reviews.filter(step=step, concluded_at__isnull=True).exists():
        raise RuleBroken(_("This review is open already."))
    if step == Step.DESKTOP:
        application.move_to(Status.STEP1_REVIEW, by=by)
    return open_review(application, step, assignment, by=by)


def open_review(application: Application, step: str, assignment: AuditorAssignment, *, by: User | None) -> StepReview:
    """The row of a review, due when the assignment says. Nothing is ticked in it."""
    review = StepReview.objects.create(
        application=application, assignment=assignment, step=step, due_on=assignment.due_on
    )
    trail.record("begun", review, by=by, after={"step": review.step})
    return review


def require_at_work(application: Application, by: User) -> AuditorAssignment:
    """The open assignment of `by`, who declared that there is no conflict. Raises RuleBroken otherwise. One query."""
    assignment = application.open_assignment()
    if assignment is None or assignment.auditor_id != by.pk or not assignment.is_cleared:
        raise RuleBroken(_("Declare first whether you have a conflict of interest."))
    return assignment


@transaction.atomic
def conclude(
    *,
    review: StepReview,
    recommendation: str,
    conclusion: str,
    actual_days: Decimal | None,
    by: User,
) -> StepReview:
    """Close a review with a recommendation; what follows is plugged in by step.

    Raises Incomplete with everything that is open: criteria without a verdict, clarifications, findings, the visit of
    step 2, and whatever lacks in what is sent. RuleBroken for anybody but the auditor at work; IllegalMove.
    """
    conclusion = checked_text(conclusion, limit=CONCLUSION_LIMIT)
    hold(review.application)
    review.refresh_from_db(fields=["concluded_at"])
    if review.application.status != CONCLUDED_AT[review.step] or review.concluded_at is not None:
        raise IllegalMove(review.application, Status.STEP1_PASSED)
    if review.assignment.auditor_id != by.pk or review.assignment.ended_at is not None:
        raise RuleBroken(_("Only the auditor at work concludes the review."))
    require_impartial(review.application, by)
    problems = [*open_points(review, recommendation), *_lacking(review, recommendation, conclusion, actual_days)]
    if problems:
        raise Incomplete(problems, _("The review is not complete yet."))
    review.recommendation, review.conclusion, review.concluded_at = recommendation, conclusion, timezone.now()
    review.actual_days = actual_days
    review.save(update_fields=["recommendation", "conclusion", "concluded_at", "actual_days"])
    trail.record(
        "concluded",
        review,
        by=by,
        after={"recommendation": recommendation, "conclusion": conclusion, "actual_days": str(actual_days)},
    )
    _move_on(review, by)
    for follows in FOLLOWS[review.step]:
        follows(review, by)
    return review


def _move_on(review: StepReview, by: User) -> None:
    """Where the application goes: to the decision maker, or on to step 2. A surveillance review moves nothing here."""
    application = review.application
    goes_on = application.aim == Aim.FULL and review.recommendation == Recommendation.AWARD
    if review.step == Step.DESKTOP:
        application.move_to(Status.STEP1_PASSED, by=by)
        if goes_on:
            return
    if review.step in (Step.DESKTOP, Step.ON_SITE):
        application.move_to(Status.RECOMMENDED, by=by)
        _tell_decision_makers(application, by)


def open_points(review: StepReview, recommendation: str = "", loaded: Sequence[Finding] | None = None) -> list[Problem]:
    """Everything that keeps the review from being concluded, each with its address. `recommendation` is the one that is
    to be given, '' where none is chosen: findings stop one in favour, and are the reason for another. `loaded` may hold
    all findings of the application and those that the review follows up.
    """
    in_favour = not recommendation or recommendation in IN_FAVOUR
    problems = [
        *_without_verdict(review),
        *clarifications.open_points(review.application),
        *findings.open_points(review.application, in_favour=in_favour, loaded=loaded),
        *open_follow_ups(review, loaded),
    ]
    for points in OPEN_POINTS[review.step]:
        problems += points(review)
    return problems


def _without_verdict(review: StepReview) -> list[Problem]:
    application = review.application
    slug, reference = application.body.slug, application.reference
    return [
        Problem(
            _("No verdict yet: %(key)s") % {"key": criterion.key},
            reverse("certification:review_principle", args=[slug, reference, criterion.principle])
            + f"#{criterion.anchor}",
        )
        for criterion in criteria_to_judge(review).exclude(verdicts__review=review)
    ]


def criteria_to_judge(review: StepReview) -> QuerySet[Criterion]:
    """The criteria that need a verdict before the review is concluded: all of them; in a surveillance review, where all
    are offered, those with a finding in the matter and those that were not met as a whole at the last review.
    """
    application = review.application
    criteria = application.scheme.criteria.all()
    if review.step != Step.SURVEILLANCE:
        return criteria
    last = application.reviews.exclude(recommendation="").exclude(pk=review.pk).order_by("-concluded_at", "-pk").first()
    short = Verdict.objects.filter(review=last, grade__in=(Verdict.Grade.PARTLY, Verdict.Grade.NOT_MET))
    with_findings = application.findings.values("criterion")
    return criteria.filter(Q(pk__in=short.values("criterion")) | Q(pk__in=with_findings))


def _lacking(review: StepReview, recommendation: str, conclusion: str, actual_days: Decimal | None) -> list[Problem]:
    problems = []
    if actual_days is None or not 0 < actual_days <= MOST_DAYS:
        problems.append(Problem(_("Enter how many days the review took."), "#id_actual_days"))
    if recommendation not in RECOMMENDS[review.step]:
        problems.append(Problem(_("Choose what you recommend."), "#id_recommendation_0"))
    if not conclusion:
        problems.append(Problem(_("Write the conclusion of the review."), "#id_conclusion"))
    return problems


def _tell_decision_makers(application: Application, auditor: User) -> None:
    tell_body(
        application,
        Role.DECISION_MAKER,
        subject=format_lazy(gettext_lazy("A decision is needed: {reference}"), reference=application.reference),
        body=format_lazy(
            gettext_lazy("The review is concluded. Applicant: {operator}"), operator=application.operator.name
        ),
        without=[auditor],
    )

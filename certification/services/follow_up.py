"""Follow-up: what earlier reviews left open is looked at again in the next one, each finding with an end.

Earlier are reviews of another step, earlier surveillance reviews, and reviews of earlier applications of the same
operator to the same certification body about a system that is looked at again. A review that a decision maker sent
back is the same one once more: it follows up nothing of itself.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from certification.finding_classes import class_of
from certification.models import Criterion, Finding, StepReview
from certification.services.at_work import require_auditor
from certification.services.findings import SHORT_LIMIT, raise_finding
from certification.services.holding import hold, require_text
from certification.services.verdicts import require_open
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken

Status = Finding.Status
LEFT_OPEN = (Status.OPEN, Status.ANSWERED, Status.PLAN_ACCEPTED)
CLOSED, RAISED_AGAIN = "closed", "again"


def to_follow_up(review: StepReview) -> QuerySet[Finding]:
    """Findings of earlier reviews that were left open and must be answered. One query when it is read."""
    application = review.application
    earlier_step = Q(application=application) & Q(review__pk__lt=review.pk)
    if review.step != StepReview.Step.SURVEILLANCE:
        earlier_step &= ~Q(review__step=review.step)
    before = Q(
        application__operator=application.operator_id,
        application__body=application.body_id,
        application__pk__lt=application.pk,
        application__systems__in=application.systems.values("pk"),
    )
    informing = [
        found["key"]
        for found in application.scheme.finding_classes
        if not found["blocks_award"] and found["deadline_days"] is None
    ]
    return (
        Finding.objects.filter(earlier_step | before, status__in=LEFT_OPEN)
        .exclude(class_key__in=informing)
        .select_related("application__scheme", "application__body", "application__operator", "criterion", "review")
        .order_by("pk")
        .distinct()
    )


def follows_up(review: StepReview, finding: Finding) -> bool:
    """Whether a loaded finding of this application, or one that `to_follow_up` gave, is followed up in this review."""
    if finding.status not in LEFT_OPEN or finding.review_id == review.pk:
        return False
    if not class_of(finding.application.scheme, finding.class_key).must_be_answered:
        return False
    if finding.application_id != review.application_id:
        return True
    is_other_step = review.step == StepReview.Step.SURVEILLANCE or finding.review.step != review.step
    return finding.review_id < review.pk and is_other_step


@transaction.atomic
def follow_up(
    *, finding: Finding, review: StepReview, outcome: str, text: str, by: User, class_key: str = ""
) -> Finding | None:
    """Say what was seen of an earlier finding: `closed`, or raised `again` as a new one, which is returned.

    Raises Incomplete without outcome or words, RuleBroken for a finding that is not to be followed up here,
    IllegalMove, StaleRecord.
    """
    text = require_text(checked_text(text, limit=SHORT_LIMIT), _("Write what was seen."))
    if outcome not in (CLOSED, RAISED_AGAIN):
        raise Incomplete([_("Choose whether the finding is closed or raised again.")])
    require_open(review)
    require_auditor(review.application, by)
    hold(finding.application)
    finding.refresh_from_db(fields=["status"])
    if finding.status not in LEFT_OPEN:
        raise IllegalMove(finding, Status.CLOSED)
    if not to_follow_up(review).filter(pk=finding.pk).exists():
        raise RuleBroken(_("This finding is not one that this review follows up."))
    again = None
    if outcome == RAISED_AGAIN:
        again = raise_finding(
            review=review,
            criterion=_criterion_of(finding, review),
            class_key=class_key or finding.class_key,
            text=finding.text,
            evidence=text,
            question=finding.question,
            by=by,
        )
    finding.followed_up_in, finding.follow_up = review, text
    finding.save(update_fields=["followed_up_in", "follow_up"])
    note = text if again is None else _("Raised again as %(finding)s. %(text)s") % {"finding": again, "text": text}
    finding.move_to(Status.CLOSED, by=by, note=note)
    trail.record("followed_up", finding, by=by, after={"outcome": outcome, "review": review.reference, "text": text})
    return again


def _criterion_of(finding: Finding, review: StepReview) -> Criterion:
    """Its criterion; in a scheme that succeeded the earlier one, the criterion with the same key."""
    scheme = review.application.scheme
    if finding.criterion.scheme_id == scheme.pk:
        return finding.criterion
    found = scheme.criteria.filter(key=finding.criterion.key).first()
    if found is None:
        raise RuleBroken(
            _("The scheme has no such criterion any more. Raise a finding at another, then close this one.")
        )
    return found


def address(review: StepReview, finding: Finding) -> str:
    """Where an earlier finding is followed up in this review."""
    application = review.application
    return reverse(
        "certification:follow_up",
        args=[application.body.slug, application.reference, finding.application.reference, finding.number],
    )


def open_follow_ups(review: StepReview, loaded: Sequence[Finding] | None = None) -> list[Problem]:
    """Those not followed up yet, for the conclusion of a review. One query unless they are among those `loaded`."""
    found: Iterable[Finding] = to_follow_up(review)
    if loaded is not None:
        found = [finding for finding in loaded if follows_up(review, finding)]
    return [
        Problem(
            _("%(finding)s of an earlier review is not followed up yet.") % {"finding": finding.reference},
            address(review, finding),
        )
        for finding in found
    ]

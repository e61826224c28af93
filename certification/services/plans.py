"""The plan of surveillance reviews: one is planned at a time, on the day on which the certificate's next review is due.

The rows are made in the transaction of the act that makes them necessary: the award, a review that was passed, a
certificate that takes the place of another.
"""

from django.utils import timezone

from accounts.models import User
from certification.models import Certificate, StepReview, SurveillanceReview
from certification.models.scheme import Aim
from certification.services.grants import end_grants
from certification.services.holding import next_in
from core import trail

Status = SurveillanceReview.Status
OPEN = (Status.PLANNED, Status.UNDER_REVIEW, Status.REVIEWED)


def plan_next(certificate: Certificate, *, by: User | None) -> SurveillanceReview | None:
    """Plan the review that is due next. None for a certificate without one: a desktop one, or one that ends before.

    One that is open already is returned as it is. Three queries.
    """
    due_on = certificate.next_review_on
    if certificate.aim != Aim.FULL or due_on is None:
        return None
    if certificate.valid_until is not None and due_on >= certificate.valid_until:
        return None
    open_one = certificate.surveillance.filter(status__in=OPEN).first()
    if open_one is not None:
        return open_one
    number = next_in(certificate.surveillance.all())
    planned = SurveillanceReview.objects.create(certificate=certificate, number=number, due_on=due_on)
    trail.record("planned", planned, by=by, after={"certificate": certificate.reference, "due_on": due_on})
    return planned


def move_plan(certificate: Certificate, successor: Certificate, *, by: User | None) -> None:
    """The open review goes on at the certificate that took this one's place, with its number, day and verdicts."""
    moved = list(certificate.surveillance.filter(status__in=OPEN))
    certificate.surveillance.filter(pk__in=[review.pk for review in moved]).update(certificate=successor)
    for review in moved:
        review.certificate = successor
        trail.record(
            "changed",
            review,
            by=by,
            before={"certificate": certificate.reference},
            after={"certificate": successor.reference},
        )


def cancel_plan(certificate: Certificate, *, by: User | None, note: str) -> None:
    """No further review of this certificate: it was withdrawn, or a renewal began its years anew."""
    for review in certificate.surveillance.filter(status__in=OPEN).select_related("review__application"):
        review.move_to(Status.CANCELLED, by=by, note=note)
        if review.review is not None and review.review.concluded_at is None:
            StepReview.objects.filter(pk=review.review.pk).update(concluded_at=timezone.now(), conclusion=note)
            end_grants(review.review.application)

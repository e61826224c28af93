"""What waits for whom in the life of certificates: surveillance reviews, transfers, appeals."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from certification.models import SurveillanceReview, Transfer
from certification.permissions import (
    may_decide_certificate,
    may_decide_transfer,
    may_hold,
    may_manage_surveillance,
)
from certification.services import surveillance as services
from core import registry
from core.dates import today
from core.errors import Text
from core.registry import Waiting

DAYS_BEFORE = 90  # a planned surveillance review waits for people from so many days before its day
Status = SurveillanceReview.Status
CHANGES = _("Say what has changed before a surveillance review")
ASSIGN = _("Assign an auditor to a surveillance review")
DECLARE = _("Declare whether you have a conflict of interest")
BEGIN = _("Begin a surveillance review")
GO_ON = _("Go on with a surveillance review")
DECIDE = _("Decide after a surveillance review")
TRANSFER = _("Decide about the transfer of a certificate")


@registry.waiting.plug
def surveillance(user: User) -> Iterator[Waiting]:
    """Surveillance reviews at which this user is next. Three queries."""
    ids = user.organisation_ids()
    if not ids:
        return
    party = Q(certificate__operator_id__in=ids) | Q(certificate__body_id__in=ids)
    soon = Q(status=Status.PLANNED, due_on__lte=today() + dt.timedelta(days=DAYS_BEFORE))
    reviews = (
        SurveillanceReview.objects.filter(party, soon | Q(status__in=(Status.UNDER_REVIEW, Status.REVIEWED)))
        .select_related(
            "certificate__operator", "certificate__body", "certificate__scheme", "certificate__application", "review"
        )
        .defer("certificate__application__frozen")
        .prefetch_related("certificate__application__assignments")
        .order_by("due_on", "pk")
    )
    for review in reviews:
        if review.certificate.scheme.is_closed():
            continue
        for task, organisation in tasks_of(review, user):
            yield _row(review, task, organisation)


def tasks_of(review: SurveillanceReview, user: User) -> Iterator[tuple[Text, Organisation]]:
    """What this user can do now, and on whose side. No query where the certificate's matter is loaded."""
    certificate = review.certificate
    if review.status == Status.REVIEWED:
        if may_decide_certificate(user, certificate):
            yield DECIDE, certificate.body
        return
    if review.declared_at is None and may_hold(user, certificate):
        yield CHANGES, certificate.operator
    assignment = services.assignment_of(review)
    if assignment is None:
        if may_manage_surveillance(user, certificate):
            yield ASSIGN, certificate.body
    elif assignment.auditor_id == user.pk and user.holds(Role.AUDITOR, at=certificate.body):
        if assignment.declared_at is None:
            yield DECLARE, certificate.body
        else:
            yield BEGIN if services.can_begin(review) else GO_ON, certificate.body


def _row(review: SurveillanceReview, task: Text, side: Organisation) -> Waiting:
    certificate = review.certificate
    other = certificate.body if side.pk == certificate.operator_id else certificate.operator
    return Waiting(
        label=format_lazy("{task}: {reference}, {other}", task=task, reference=certificate.reference, other=other.name),
        url=reverse("certification:surveillance", args=[side.slug, certificate.reference, review.number]),
        organisation=side.local_name,
        since=review.created_at,
        due=review.due_on,
    )


@registry.waiting.plug
def transfers(user: User) -> Iterator[Waiting]:
    """Transfers that wait for this user's decision. Two queries."""
    deciding = user.organisations_where(Role.DECISION_MAKER)
    if not deciding:
        return
    asked = (
        Transfer.objects.filter(status=Transfer.Status.ASKED, body_id__in=deciding)
        .select_related("body", "certificate__operator", "certificate__application")
        .defer("certificate__application__frozen")
        .prefetch_related("certificate__application__assignments")
    )
    for transfer in asked:
        if may_decide_transfer(user, transfer):
            certificate = transfer.certificate
            yield Waiting(
                label=format_lazy(
                    "{task}: {reference}, {other}",
                    task=TRANSFER,
                    reference=certificate.reference,
                    other=certificate.operator.name,
                ),
                url=reverse("certification:transfer", args=[transfer.body.slug, transfer.reference]),
                organisation=transfer.body.local_name,
                since=transfer.asked_at,
            )

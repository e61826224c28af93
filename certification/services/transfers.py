"""Transfer to another certification body: the holder asks, the receiving body looks for itself and decides."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from accounts.services.notifications import notify
from certification.models import Application, Certificate, Decision, SurveillanceReview, Transfer
from certification.services.certificates import issue_successor
from certification.services.holding import require_text
from certification.services.life import (
    REASON_LIMIT,
    after_replacement,
    hold_certificate,
    require_without_part,
)
from certification.services.news import tell_holder
from certification.services.schemes import require_may_certify
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, Text

Status = Transfer.Status
UNDER_WAY = (SurveillanceReview.Status.UNDER_REVIEW, SurveillanceReview.Status.REVIEWED)
TAKE, REFUSE = "take", "refuse"


def receiving_bodies(certificate: Certificate) -> QuerySet[Organisation]:
    """The other bodies that may certify under the scheme today."""
    day = today()
    current = Q(schemes__scheme=certificate.scheme_id, schemes__starts_on__lte=day) & (
        Q(schemes__ends_on__isnull=True) | Q(schemes__ends_on__gte=day)
    )
    others = Organisation.objects.exclude(pk=certificate.body_id)
    return others.filter(current).distinct().order_by("name")


@transaction.atomic
def ask(*, certificate: Certificate, body: Organisation, reason: str, by: User) -> Transfer:
    """The holder asks another body to take the certificate over. Raises Incomplete, RuleBroken, IllegalMove."""
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Write why you want to change."))
    hold_certificate(certificate)
    _require_movable(certificate)
    require_may_certify(certificate.scheme, body)
    if body.pk == certificate.body_id:
        raise RuleBroken(_("This body issued the certificate. Choose another."))
    if certificate.transfers.filter(status=Status.ASKED).exists():
        raise RuleBroken(_("A transfer of this certificate is asked for already."))
    transfer = Transfer.objects.create(certificate=certificate, body=body, reason=reason, asked_by=by)
    trail.record("asked", transfer, by=by, after={"body": body.slug, "reason": reason})
    subject = format_lazy(
        gettext_lazy("A transfer of a certificate is asked for: {certificate}"), certificate=certificate.reference
    )
    told = format_lazy(gettext_lazy("The holder's reason:\n\n{reason}"), reason=reason)
    _tell(transfer, body, (Role.DECISION_MAKER, Role.BODY_MANAGER), subject, told)
    _tell(transfer, certificate.body, (Role.BODY_MANAGER,), subject, told)
    return transfer


@transaction.atomic
def cancel(*, transfer: Transfer, by: User) -> None:
    """The holder takes it back. Raises IllegalMove, StaleRecord."""
    transfer.move_to(Status.CANCELLED, by=by)
    subject = format_lazy(
        gettext_lazy("A transfer was taken back by the holder: {certificate}"),
        certificate=transfer.certificate.reference,
    )
    _tell(transfer, transfer.body, (Role.DECISION_MAKER, Role.BODY_MANAGER), subject, "")


@transaction.atomic
def decide(*, transfer: Transfer, outcome: str, reasons: str, by: User) -> Certificate | None:
    """The receiving body takes the certificate over, with the same scope and dates, or does not.

    `reasons` say what it looked at itself; with a transfer they are public. Returns the new certificate. Raises
    Incomplete; RuleBroken for a decision maker who had part in the review or is not impartial, for a closed scheme, a
    body that may not certify today, and while a surveillance review is under way; IllegalMove, StaleRecord.
    """
    reasons = checked_text(reasons, limit=REASON_LIMIT)
    missing = [] if outcome in (TAKE, REFUSE) else [_("Choose a decision.")]
    if not reasons:
        missing.append(_("Write the reasons for the decision."))
    if missing:
        raise Incomplete(missing)
    certificate = transfer.certificate
    hold_certificate(certificate)
    transfer.refresh_from_db(fields=["status"])
    if transfer.status != Status.ASKED:
        raise IllegalMove(transfer, Status.DONE)
    require_without_part(certificate, by, transfer.body)
    if outcome == REFUSE:
        transfer.move_to(Status.REFUSED, by=by, note=reasons)
        subject = format_lazy(
            gettext_lazy("A certificate was not taken over: {certificate}"), certificate=certificate.reference
        )
        told = format_lazy(gettext_lazy("The receiving body's reasons:\n\n{reasons}"), reasons=reasons)
        tell_holder(certificate, subject=subject, body=told)
        return None
    _require_movable(certificate)
    require_may_certify(certificate.scheme, transfer.body)
    return _take_over(transfer, reasons, by)


def _take_over(transfer: Transfer, reasons: str, by: User) -> Certificate:
    certificate, before = transfer.certificate, transfer.certificate.body
    matter = _matter_at(transfer, reasons, by)
    successor = issue_successor(
        certificate=certificate,
        origin=Certificate.Origin.TRANSFER,
        body=transfer.body,
        matter=matter,
        dates="kept",
        reason=reasons,
        by=by,
    )
    transfer.move_to(Status.DONE, by=by, note=reasons)
    after_replacement(certificate, successor, by=by)
    Transfer.objects.filter(pk=transfer.pk).update(successor=successor)
    transfer.successor = successor
    subject = format_lazy(
        gettext_lazy("A certificate was taken over by another body: {certificate}"), certificate=certificate.reference
    )
    told = format_lazy(
        gettext_lazy("Certificate {new} takes its place. The receiving body's reasons:\n\n{reasons}"),
        new=successor.reference,
        reasons=reasons,
    )
    tell_holder(successor, subject=subject, body=told)
    _tell(transfer, before, (Role.BODY_MANAGER,), subject, told)
    return successor


def _matter_at(transfer: Transfer, reasons: str, by: User) -> Application:
    """The matter at the receiving body: what was submitted, frozen as it was, received and awarded by its own decision.
    Surveillance reviews go on there; what the other body's auditor wrote stays with that body.
    """
    before = transfer.certificate.application
    if before is None:
        raise RuleBroken(_("A certificate that was recorded for the history cannot be transferred."))
    matter = Application.objects.create(
        operator=before.operator,
        scheme=transfer.certificate.scheme,
        body=transfer.body,
        aim=before.aim,
        scope=transfer.certificate.scope,
        scope_cy=transfer.certificate.scope_cy,
        is_bilingual=before.is_bilingual,
        sites=before.sites,
        frozen=before.frozen,
        frozen_sha256=before.frozen_sha256,
        previous=before,
        created_by=by,
        submitted_at=before.submitted_at,
    )
    matter.systems.set(before.systems.all())
    matter.signed_assessments.set(before.signed_assessments.all())
    for document in before.documents.all():
        document.pk, document.application = None, matter
        document.save(force_insert=True)
    matter.move_to(Application.Status.RECEIVED, by=by)
    trail.record("taken_over", matter, by=by, after={"from": before.reference, "sha256": before.frozen_sha256})
    decision = Decision.objects.create(application=matter, outcome=Decision.Outcome.AWARD, reasons=reasons, by=by)
    trail.record("decided", decision, by=by, after={"outcome": decision.outcome, "reasons": reasons})
    matter.move_to(Application.Status.AWARDED, by=by, note=reasons)
    return matter


def _require_movable(certificate: Certificate) -> None:
    """Raises IllegalMove unless it is valid, RuleBroken for one without a matter here or with a review under way."""
    if certificate.status != Certificate.Status.VALID:
        raise IllegalMove(certificate, Certificate.Status.REPLACED)
    if certificate.application_id is None:
        raise RuleBroken(_("A certificate that was recorded for the history cannot be transferred."))
    if certificate.surveillance.filter(status__in=UNDER_WAY).exists():
        raise RuleBroken(_("A surveillance review is under way. It must be decided first."))


def _tell(transfer: Transfer, organisation: Organisation, roles: tuple[Role, ...], subject: Text, body: Text) -> None:
    url = reverse("certification:transfer", args=[organisation.slug, transfer.reference])
    for role in roles:
        notify(users=holders(role, organisation), subject=subject, body=body, url=url)

"""After issue: suspend, reinstate, withdraw, another scope. Decisions of the issuing body, each by somebody with no
part in the review (domain 9.11); each is an event of the certificate, told to its holder and shown to the public.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from certification.models import (
    Application,
    AuditorAssignment,
    Certificate,
    CertificateEvent,
    Transfer,
)
from certification.services import marks, plans
from certification.services.certificates import issue_successor
from certification.services.events import add_event
from certification.services.holding import require_text
from certification.services.impartiality import require_impartial
from certification.services.news import tell_holder
from certification.services.schemes import require_may_certify
from certification.signals import certificate_changed
from compliance.models import CameraSystem
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, RuleBroken, Text

Status = Certificate.Status
Kind = CertificateEvent.Kind
Origin = Certificate.Origin
REASON_LIMIT = 2000
SCOPE_LIMIT = 1000
KIND_OF_STATUS = {Status.SUSPENDED: Kind.SUSPENDED, Status.VALID: Kind.REINSTATED, Status.WITHDRAWN: Kind.WITHDRAWN}


def hold_certificate(certificate: Certificate) -> None:
    """Keep everybody else from changing it until the transaction ends; read its state and dates afresh. One query."""
    held = Certificate.objects.select_for_update(no_key=True)
    certificate.refresh_from_db(fields=["status", "valid_until", "next_review_on"], from_queryset=held)


def require_without_part(certificate: Certificate, person: User, body: Organisation | None = None) -> None:
    """Raises RuleBroken for an auditor of the matter, at whichever body, and for somebody who is not impartial towards
    the holder by what `body` recorded, the issuing one unless given.
    """
    application = certificate.application
    if application is None:
        return
    own = Q(application=application)
    if application.frozen_sha256:  # with a transfer the submission came from another body, where it was reviewed
        own |= Q(application__frozen_sha256=application.frozen_sha256)
    if AuditorAssignment.objects.filter(own, auditor=person).exists():
        raise RuleBroken(_("Whoever was an auditor of this application must not decide about its certificate."))
    require_impartial(application, person, body)


@transaction.atomic
def suspend(*, certificate: Certificate, reason: str, by: User) -> None:
    """It is not in force until reinstated. Raises Incomplete without a reason, RuleBroken, IllegalMove, StaleRecord."""
    subject = gettext_lazy("A certificate was suspended: {certificate}")
    _decide_status(certificate, Status.SUSPENDED, reason, by, subject)


@transaction.atomic
def reinstate(*, certificate: Certificate, reason: str, by: User) -> None:
    """A suspended one is in force again, within its dates. Raises as `suspend` does, and for a closed scheme."""
    if certificate.scheme.is_closed():
        raise RuleBroken(_("The scheme is closed: none of its certificates can be in force again."))
    subject = gettext_lazy("A certificate was reinstated: {certificate}")
    _decide_status(certificate, Status.VALID, reason, by, subject)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, reason: str, by: User) -> None:
    """It is worth nothing any more, for good; its page and number stay. Raises as `suspend` does."""
    subject = gettext_lazy("A certificate was withdrawn: {certificate}")
    _decide_status(certificate, Status.WITHDRAWN, reason, by, subject)


def _decide_status(certificate: Certificate, status: Status, reason: str, by: User, subject: Text) -> None:
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Write the reason."))
    require_without_part(certificate, by)
    certificate.move_to(status, by=by, note=reason)
    add_event(certificate, KIND_OF_STATUS[status], by=by, reason=reason)
    if status == Status.WITHDRAWN:
        plans.cancel_plan(certificate, by=by, note=_("The certificate was withdrawn."))
    certificate_changed.send(sender=Certificate, certificate=certificate)
    tell_holder(
        certificate,
        subject=format_lazy(subject, certificate=certificate.reference),
        body=format_lazy(gettext_lazy("The certification body's reason:\n\n{reason}"), reason=reason),
    )


@transaction.atomic
def change_scope(
    *,
    certificate: Certificate,
    scope: str,
    systems: Collection[CameraSystem],
    reason: str,
    by: User,
    scope_cy: str = "",
) -> Certificate:
    """A new certificate with another scope and the same dates; this one is replaced by it.

    Systems can fall away; one that is new must be applied for and reviewed. Raises Incomplete with everything that is
    missing; RuleBroken for a scheme that is closed, a body that may not certify today, one that has part in the review,
    and where nothing is changed; IllegalMove for a certificate that is not valid.
    """
    scope, scope_cy = checked_text(scope, limit=SCOPE_LIMIT), checked_text(scope_cy, limit=SCOPE_LIMIT)
    reason = checked_text(reason, limit=REASON_LIMIT)
    missing = []
    if not scope:
        missing.append(_("Write the scope."))
    if certificate.is_bilingual and not scope_cy:
        missing.append(_("Write the scope in Welsh: the certificate is in English and Welsh."))
    if not systems:
        missing.append(_("Keep at least one system. To end all of it, withdraw the certificate."))
    if not reason:
        missing.append(_("Write the reason."))
    if missing:
        raise Incomplete(missing)
    hold_certificate(certificate)
    if certificate.status != Status.VALID:
        raise IllegalMove(certificate, Status.REPLACED)
    require_without_part(certificate, by)
    require_may_certify(certificate.scheme, certificate.body)
    kept = {system["reference"] for system in certificate.systems_listed}
    same_systems = kept == {system.reference for system in systems}
    if same_systems and (scope, scope_cy or certificate.scope_cy) == (certificate.scope, certificate.scope_cy):
        raise RuleBroken(_("Nothing is changed: scope and systems are as they were."))
    successor = issue_successor(
        certificate=certificate,
        origin=Origin.SCOPE,
        by=by,
        scope=scope,
        scope_cy=scope_cy,
        systems=systems,
        dates="kept",
        reason=reason,
    )
    after_replacement(certificate, successor, by=by)
    tell_holder(
        successor,
        subject=format_lazy(
            gettext_lazy("The scope of a certificate was changed: {certificate}"), certificate=certificate.reference
        ),
        body=format_lazy(
            gettext_lazy("Certificate {new} takes its place. The certification body's reason:\n\n{reason}"),
            new=successor.reference,
            reason=reason,
        ),
    )
    return successor


def after_replacement(certificate: Certificate, successor: Certificate, *, by: User | None) -> None:
    """What hangs on a certificate goes on at its successor: the planned surveillance review, the places of its mark,
    and what was asked for and not decided yet.
    """
    plans.move_plan(certificate, successor, by=by)
    move_what_is_open(certificate, successor, by=by)


def move_what_is_open(certificate: Certificate, successor: Certificate, *, by: User | None) -> None:
    """The same but for the plan, which a renewal begins anew."""
    marks.move_places(certificate, successor, by=by)
    certificate.renewals.filter(status__in=Application.OPEN).update(renews=successor)
    for transfer in certificate.transfers.filter(status=Transfer.Status.ASKED):
        Transfer.objects.filter(pk=transfer.pk).update(certificate=successor)
        before, after = {"certificate": certificate.reference}, {"certificate": successor.reference}
        trail.record("changed", transfer, by=by, before=before, after=after)

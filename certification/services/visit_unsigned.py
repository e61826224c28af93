"""A visit that the operator does not sign: asked again, and in the end recorded as such by the auditor with the reason.

The operator's signature says that the visit took place and that the record was read; it is no consent to what was
seen. So its absence must not keep a review open for ever, and it must not be passed over either: when the operator was
asked, and why it did not sign, become part of the record. See docs/decisions/visit-signatures.md.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import SiteVisit, VisitMessage
from certification.services.holding import require_text
from certification.services.visit_holding import claim, hold_visit, require_auditor, say, tell_body, tell_operator
from certification.services.visit_signing import REASON_LIMIT, promise_record, require_password, write
from certification.visit_record import without_operator
from compliance.frozen import digest
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, today
from core.errors import IllegalMove, RuleBroken, StaleRecord

Status = SiteVisit.Status
Kind = VisitMessage.Kind
SIGNATORIES = (Role.SPOC, Role.SRO)
PERIOD = dt.timedelta(days=14)  # from the auditor's signature
AFTER_REMINDER = dt.timedelta(days=7)  # from the first time that the operator was asked again


def asked_on(visit: SiteVisit) -> list[dt.date]:
    """The days on which the operator was asked to sign what stands: that of the auditor's signature, and those on
    which it was asked again. One query; empty while the auditor has not signed.
    """
    if visit.auditor_signed_at is None:
        return []
    again = visit.messages.filter(kind=Kind.REMINDED, at__gte=visit.auditor_signed_at)
    days = [visit.auditor_signed_at, *again.order_by("at").values_list("at", flat=True)]
    return sorted({moment.astimezone(LONDON).date() for moment in days})


def may_end_on(asked: list[dt.date]) -> dt.date | None:
    """The first day on which the auditor may record that the operator did not sign: a fortnight after the first of the
    days `asked`, and a week after the operator was asked again. None while it was asked once only.
    """
    return max(asked[0] + PERIOD, asked[1] + AFTER_REMINDER) if len(asked) > 1 else None


@transaction.atomic
def ask_again(*, visit: SiteVisit, by: User) -> None:
    """Remind the operator's signatories, at most once a day. Raises RuleBroken, IllegalMove unless it is waited for."""
    _hold_unsigned(visit, by)
    if asked_on(visit)[-1] == today():
        raise RuleBroken(_("The operator was asked today already. Ask again tomorrow or later."))
    say(visit, Kind.REMINDED, by)
    asked = asked_on(visit)
    trail.record("asked_again", visit, by=by, after={"asked_on": asked})
    tell_operator(
        visit,
        subject=format_lazy(
            gettext_lazy("The record of a site visit still waits for your signature: {reference}"),
            reference=visit.reference,
        ),
        body=format_lazy(
            gettext_lazy(
                "Read what the auditor saw, add remarks where you see it otherwise, and sign. From {day} on the "
                "auditor may record that you did not sign, and why; the review then goes on without your signature."
            ),
            day=date_format(may_end_on(asked) or today(), "j F Y"),
        ),
        roles=SIGNATORIES,
    )


@transaction.atomic
def end_unsigned(*, visit: SiteVisit, reason: str, read_sha256: str, password_checked: bool, by: User) -> None:
    """The auditor's word that the operator was asked and did not sign, and why as far as is known; it becomes part of
    the record with the days on which the operator was asked, the record is printed, and nothing changes afterwards.

    Raises Incomplete without a reason, RuleBroken before the period is over, for anybody but the auditor at work and
    without a fresh password, StaleRecord when the record is not what was read, IllegalMove.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why the operator did not sign."))
    require_password(password_checked)
    _hold_unsigned(visit, by)
    visit.refresh_from_db(fields=["record", "record_sha256"])
    asked = asked_on(visit)
    require_period(asked)
    if read_sha256 != visit.record_sha256:
        raise StaleRecord(visit)
    claim(visit, visit.version)
    now = timezone.now()
    record = without_operator(visit.record, reason=reason, asked_on=asked, by=by.get_full_name(), recorded_at=now)
    write(visit, unsigned_at=now, unsigned_reason=reason, record=record, record_sha256=digest(record))
    visit.move_to(Status.UNSIGNED, by=by, note=reason)
    say(visit, Kind.UNSIGNED, by, reason)
    trail.record(
        "ended_unsigned",
        visit,
        by=by,
        after={"sha256": visit.record_sha256, "reason": reason, "asked_on": asked},
    )
    promise_record(visit)
    subject = format_lazy(
        gettext_lazy("A site visit ended without the operator's signature: {reference}"), reference=visit.reference
    )
    body = format_lazy(gettext_lazy("The auditor's reason:\n\n{reason}"), reason=reason)
    tell_operator(visit, subject=subject, body=body, roles=SIGNATORIES)
    tell_body(visit, subject=subject, body=body, without=by)


def require_period(asked: list[dt.date]) -> None:
    """Raises RuleBroken before the day on which it may be recorded that the operator did not sign."""
    first = may_end_on(asked)
    if first is None:
        raise RuleBroken(_("The operator was asked once only. Ask again first."))
    if today() < first:
        raise RuleBroken(
            _("The operator still has time to sign. You may record that it did not from: %(day)s")
            % {"day": date_format(first, "j F Y")}
        )


def _hold_unsigned(visit: SiteVisit, by: User) -> None:
    """Under way, with the auditor's signature alone. Raises RuleBroken for anybody but the auditor, IllegalMove."""
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.UNSIGNED)
    require_auditor(visit, by)
    if visit.auditor_signed_at is None:
        raise IllegalMove(visit, Status.UNSIGNED)

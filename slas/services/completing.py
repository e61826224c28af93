"""An agreement that all signed, or confirmed where it was made in ink: its days, and what it replaces."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.dates import today
from core.errors import Incomplete
from slas.models import Agreement
from slas.services.standing import end_covered
from slas.signals import agreement_changed
from slas.terms import Terms

Status = Agreement.Status


def complete(*, agreement: Agreement, terms: Terms, by: User | None, note: str) -> None:
    """Move it to signed by all with the days of its text; the agreement that it renegotiates is replaced from its first
    day. Call it inside the transaction of the last signature. Raises Incomplete without a first day.
    """
    if terms.starts_on is None:
        raise Incomplete([_("The clause on term and review gives no first day.")])
    agreement.starts_on, agreement.ends_on = terms.starts_on, terms.ends_on
    agreement.review_on, agreement.notice_months = terms.review_on, terms.notice_months
    agreement.reports_every, agreement.completed_at = terms.reports_every, timezone.now()
    days = ["starts_on", "ends_on", "review_on", "notice_months"]
    agreement.save(update_fields=[*days, "reports_every", "completed_at"])
    agreement.move_to(Status.SIGNED_BY_BOTH, by=by, note=note)
    _replace_previous(agreement, by)
    if agreement.is_in_force():
        end_covered(agreement, by)
    agreement_changed.send(sender=Agreement, agreement=agreement)


def _replace_previous(agreement: Agreement, by: User | None) -> None:
    """One with notice given is replaced, too, or on the day after its last day if that comes sooner."""
    previous = agreement.previous
    if previous is None or agreement.starts_on is None or not _takes_its_place(agreement, previous):
        return
    day = max(agreement.starts_on, today())
    if previous.status == Status.TERMINATED and previous.ends_early_on is not None:
        if previous.ends_early_on < today():
            return
        day = min(day, previous.ends_early_on + dt.timedelta(days=1))
    previous.replaced_from = day
    previous.save(update_fields=["replaced_from"])
    previous.move_to(Status.REPLACED, by=by, note=agreement.reference)
    agreement_changed.send(sender=Agreement, agreement=previous)


def _takes_its_place(agreement: Agreement, previous: Agreement) -> bool:
    """Whether it is of the same kind and signed by everybody who signed the other: nobody else ends it so."""
    signed, before = (set(each.parties.values_list("organisation", flat=True)) for each in (agreement, previous))
    lives = previous.status in (Status.SIGNED_BY_BOTH, Status.TERMINATED)
    return lives and agreement.clause_set == previous.clause_set and before <= signed

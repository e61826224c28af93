"""Reminders of the days of agreements, to all parties: each kind once for its day.

What is due comes from dates; a job of each day writes what was not written. Of several distances that an agreement is
within, only the nearest is reminded of.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from slas.models import Agreement, AgreementReminder
from slas.models.agreement import AgreementQuerySet
from slas.services.news import in_reader_words, tell_all
from slas.services.standing_news import PAGE

Status = Agreement.Status
Rows = Callable[[], AgreementQuerySet]


def _signed() -> AgreementQuerySet:
    return Agreement.objects.filter(status=Status.SIGNED_BY_BOTH)


def _waiting() -> AgreementQuerySet:
    return Agreement.objects.filter(status=Status.NEGOTIATING)


@dataclass(frozen=True)
class Reminder:
    """One kind: due while the day in `field` is more than `nearer` and at most `days` days off; below 0 it is past."""

    kind: str
    field: str
    rows: Rows
    nearer: int
    days: int
    subject: Text
    body: Text
    page: str = PAGE


LATE = 60  # days gone by after which nobody is reminded any more: of what lay there when the portal came
RENEW = _("Negotiate a new one in time, or let it end.")
REVIEW = _("Confirm it unchanged for your side, or negotiate a new one.")
REPLY = _("Clauses wait for an answer.")
REMINDERS = (
    Reminder("review_soon", "review_on", _signed, -1, 30, _("The review is due on {day}: {title}"), REVIEW),
    Reminder("review_due", "review_on", _signed, -LATE, -1, _("The review was due on {day}: {title}"), REVIEW),
    Reminder("expiring_30", "ends_on", _signed, -1, 30, _("An agreement ends on {day}: {title}"), RENEW),
    Reminder("expiring_90", "ends_on", _signed, 30, 90, _("An agreement ends on {day}: {title}"), RENEW),
    Reminder(
        "expired",
        "ends_on",
        _signed,
        -LATE,
        -1,
        _("An agreement ended on {day}: {title}"),
        _("Negotiate a new one if the work goes on."),
    ),
    Reminder("reply_soon", "reply_by", _waiting, -1, 3, _("A reply is wanted by {day}: {title}"), REPLY, "agreement"),
    Reminder(
        "reply_late", "reply_by", _waiting, -LATE, -1, _("A reply was wanted by {day}: {title}"), REPLY, "agreement"
    ),
)


def remind(day: dt.date) -> int:
    """Write all reminders that are due on that day and were not written. Returns how many agreements.

    Each in a transaction of its own: begun again after a crash, it goes on where it stopped.
    """
    return sum(_write(agreement, each) for each in REMINDERS for agreement in _due(each, day))


def _due(reminder: Reminder, day: dt.date) -> AgreementQuerySet:
    field = reminder.field
    told = AgreementReminder.objects.filter(agreement=OuterRef("pk"), kind=reminder.kind, due_on=OuterRef(field))
    after, until = day + dt.timedelta(days=reminder.nearer), day + dt.timedelta(days=reminder.days)
    found = reminder.rows().filter(**{f"{field}__gt": after, f"{field}__lte": until}).exclude(Exists(told))
    if field == "review_on":  # an agreement that has ended needs no review
        found = found.exclude(ends_on__lt=day).exclude(ends_on__lt=F("review_on"))
    return found.order_by("pk")


@transaction.atomic
def _write(agreement: Agreement, reminder: Reminder) -> bool:
    day: dt.date = getattr(agreement, reminder.field)
    try:
        with transaction.atomic():
            AgreementReminder.objects.create(agreement=agreement, kind=reminder.kind, due_on=day)
    except IntegrityError:  # somebody else was quicker
        return False
    subject = format_lazy(reminder.subject, day=in_reader_words(day, "j F Y"), title=agreement.title)
    tell_all(agreement, subject, reminder.body, page=reminder.page)
    return True

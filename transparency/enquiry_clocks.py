"""Until when an enquiry is to be answered. The clock follows the kind, from receipt (domain 9.11).

Subject access: one month (UK GDPR art. 12(3); the next working day where the last is none). Freedom of information: 20
working days (Freedom of Information Act 2000 s.10). Data protection complaints: acknowledged within 30 days (Data
Protection Act 2018 s.164A). All else: what the organisation gives itself.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.dates import add_months, today
from core.working_days import after_working_days, working_day_from
from transparency.models import Enquiry

Kind, Status = Enquiry.Kind, Enquiry.Status
INFORMATION_DAYS = 20  # working days; the code of practice under s.45 gives internal reviews the same
ACKNOWLEDGE_DAYS = 30


@dataclass(frozen=True)
class Clock:
    """The next day by which something is due, and what. `on` is None where nobody has set a day."""

    on: dt.date | None
    to_acknowledge: bool = False

    @property
    def is_over(self) -> bool:
        return self.on is not None and self.on < today()

    @property
    def words(self) -> str:
        """A live word: not for a page that is baked."""
        if self.on is None:
            return ""
        day = {"day": date_format(self.on, "j F Y")}
        if self.is_over:
            return _("overdue since %(day)s") % day
        return (_("acknowledge by %(day)s") if self.to_acknowledge else _("due %(day)s")) % day


def clock_of(enquiry: Enquiry) -> Clock:
    """Of an open enquiry; of any other there is none. With the organisation's target loaded no query."""
    if not enquiry.is_open:
        return Clock(None)
    if enquiry.status == Status.INTERNAL_REVIEW:
        return _of_review(enquiry)
    received = enquiry.received_on
    if enquiry.kind == Kind.FOOTAGE:
        return Clock(working_day_from(add_months(received, 1)))
    if enquiry.kind == Kind.INFORMATION:
        return Clock(after_working_days(received, INFORMATION_DAYS))
    if enquiry.kind == Kind.DATA_PROTECTION and enquiry.acknowledged_at is None:
        return Clock(received + dt.timedelta(days=ACKNOWLEDGE_DAYS), to_acknowledge=True)
    return Clock(_by_target(enquiry, received))


def _of_review(enquiry: Enquiry) -> Clock:
    asked = timezone.localdate(enquiry.review_asked_at) if enquiry.review_asked_at else enquiry.received_on
    if enquiry.kind == Kind.INFORMATION:
        return Clock(after_working_days(asked, INFORMATION_DAYS))
    return Clock(_by_target(enquiry, asked))


def _by_target(enquiry: Enquiry, start: dt.date) -> dt.date | None:
    target = getattr(enquiry.organisation, "enquiry_target", None)
    return after_working_days(start, target.working_days) if target else None


def what_the_law_gives(kind: str) -> str:
    """One sentence for whoever asks: how long an answer may take; '' where no law says so."""
    return {
        Kind.FOOTAGE: _("The controller has one month from today to answer."),
        Kind.INFORMATION: _("The authority has 20 working days from today to answer."),
        Kind.DATA_PROTECTION: _("The controller must acknowledge your complaint within 30 days."),
    }.get(Kind(kind), "")

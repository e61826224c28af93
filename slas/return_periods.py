"""The periods of returns: whole months or whole quarters that are over and in which the agreement was in force."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.dates import add_months, last_day, today
from slas.models import Agreement

MOST_PERIODS = 60  # that are offered: five years of months
DAYS_TO_REPORT = 28  # after the end of a period


def periods_of(agreement: Agreement, on: dt.date | None = None) -> list[tuple[dt.date, dt.date]]:
    """First and last days, inclusive, of the periods that are over on that day, the newest first. No query."""
    day = on or today()
    if agreement.starts_on is None:
        return []
    months = agreement.reports_every
    first = agreement.starts_on.replace(day=1)
    first = first.replace(month=(first.month - 1) // months * months + 1)
    ends = [each for each in (agreement.ends_on, agreement.ends_early_on, agreement.replaced_from) if each]
    end = min([day, *ends])
    found = []
    while first <= end and (last := last_day(first, months)) < day:
        found.append((first, last))
        first = add_months(first, months)
    return found[::-1][:MOST_PERIODS]


def due_on(last: dt.date) -> dt.date:
    """Until when the return of a period is made that ended on that day."""
    return last + dt.timedelta(days=DAYS_TO_REPORT)


def in_words(first: dt.date, last: dt.date) -> str:
    """`March 2026`, or `January to March 2026`."""
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    return _("%(first)s to %(last)s") % {"first": date_format(first, "F"), "last": date_format(last, "F Y")}


def short(first: dt.date, last: dt.date) -> str:
    """For the foot of a plot."""
    if first.month == last.month:
        return first.strftime("%m/%y")
    return f"{first.year} Q{(first.month - 1) // 3 + 1}"

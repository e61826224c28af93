"""London dates and midnights, and months added by the calendar."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

LONDON = ZoneInfo("Europe/London")


def today() -> dt.date:
    """The date in London now."""
    return timezone.now().astimezone(LONDON).date()


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins in London."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)


def days_in_words(first: dt.date, last: dt.date) -> str:
    """Two days, inclusive: 1–14 August 2027; 28 July – 14 August 2027; 20 December 2026 – 3 January 2027."""
    if first == last:
        return date_format(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last, 'j F Y')}"
    return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {date_format(last, 'j F Y')}"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or that month's last day: 31 August plus 6 is 28 or 29 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def last_day(start: dt.date, months: int) -> dt.date:
    """The last day, inclusive, of a period of `months` that begins on `start`."""
    return add_months(start, months) - dt.timedelta(days=1)

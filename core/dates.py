"""London dates and midnights, and months added by the calendar."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def today() -> dt.date:
    """The date in London now."""
    return timezone.now().astimezone(LONDON).date()


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins in London."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=LONDON)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later, or that month's last day: 31 August plus 6 is 28 or 29 February."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def last_day(start: dt.date, months: int) -> dt.date:
    """The last day, inclusive, of a period of `months` that begins on `start`."""
    return add_months(start, months) - dt.timedelta(days=1)

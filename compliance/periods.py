"""The periods of statistics: a year runs from April to March as most councils report it (domain 11.26), or a month."""

import datetime as dt
import re

from django.utils.formats import date_format

from compliance.models import PeriodStatistics
from core.dates import add_months, last_day, today

FIRST_MONTH = 4
EARLIEST = dt.date(1990, 4, 1)
Length = PeriodStatistics.Length
YEAR = re.compile(r"(\d{4})\s*[/–-]\s*(\d{2}|\d{4})")
MONTH = re.compile(r"(\d{4})-(\d{2})")


def year_of(day: dt.date) -> dt.date:
    """The first day of the year of statistics in which a day lies."""
    return dt.date(day.year if day.month >= FIRST_MONTH else day.year - 1, FIRST_MONTH, 1)


def months_of(year: dt.date) -> list[dt.date]:
    """The first days of its twelve months."""
    return [add_months(year, number) for number in range(12)]


def end_of(length: str, start: dt.date) -> dt.date:
    """The last day, inclusive."""
    return last_day(start, 12 if length == Length.YEAR else 1)


def before(length: str, start: dt.date) -> dt.date:
    """The first day of the same period a year earlier."""
    return add_months(start, -12)


def is_period(length: str, start: dt.date) -> bool:
    """Whether such a period begins on that day, and has begun."""
    begins = start == year_of(start) if length == Length.YEAR else start.day == 1
    return begins and EARLIEST <= start <= today()


def in_words(length: str, start: dt.date) -> str:
    """`2025/26` for a year, `March 2026` for a month."""
    if length == Length.YEAR:
        return f"{start.year}/{(start.year + 1) % 100:02}"
    return date_format(start, "F Y")


def read(text: str) -> tuple[str, dt.date] | None:
    """Length and first day of a period as files write it: 2025/26, 2025-26, 2025-2026 or 2025-04. None for others.

    `2025-04` is a month; `2025-26` can be none.
    """
    text = text.strip()
    if (found := MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return (Length.MONTH, dt.date(int(found[1]), int(found[2]), 1)) if int(found[1]) else None
    if found := YEAR.fullmatch(text):
        first, second = int(found[1]), found[2]
        if first and f"{first + 1:04}".endswith(second):
            return Length.YEAR, dt.date(first, FIRST_MONTH, 1)
    return None

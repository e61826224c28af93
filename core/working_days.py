"""Working days of England and Wales: no weekend and no bank holiday.

Bank holidays: Banking and Financial Dealings Act 1971, schedule 1, with the days proclaimed since (early May, New Year)
and the substitutes for those that fall on a weekend. Good Friday and Christmas Day are holidays by common law.
"""

import datetime as dt
import functools

ONE_DAY = dt.timedelta(days=1)
MONDAY, SATURDAY = 0, 5
# Days that were proclaimed for one year: added, and taken away (moved). gov.uk/bank-holidays
ADDED = frozenset(
    {dt.date(2020, 5, 8), dt.date(2022, 6, 2), dt.date(2022, 6, 3), dt.date(2022, 9, 19), dt.date(2023, 5, 8)}
)
TAKEN = frozenset({dt.date(2020, 5, 4), dt.date(2022, 5, 30)})


def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    correction = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - correction - rest % 4) % 7
    shift = (golden + 11 * correction + 22 * to_sunday) // 451
    month, day = divmod(correction + to_sunday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


@functools.lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """Those of one year, substitutes included."""
    sunday = easter(year)
    days = {sunday - 2 * ONE_DAY, sunday + ONE_DAY, _monday_from(dt.date(year, 5, 1))}
    days |= {_monday_from(dt.date(year, 5, 25)), _monday_from(dt.date(year, 8, 25))}
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        day = fixed
        while day.weekday() >= SATURDAY or day in days:
            day += ONE_DAY
        days.add(day)
    return frozenset((days - TAKEN) | {day for day in ADDED if day.year == year})


def _monday_from(day: dt.date) -> dt.date:
    """The first Monday on that day or later."""
    return day + ONE_DAY * ((MONDAY - day.weekday()) % 7)


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def working_day_from(day: dt.date) -> dt.date:
    """That day, or the next working day."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def after_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after a day, which does not count itself."""
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day

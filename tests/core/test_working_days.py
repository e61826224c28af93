"""Working days of England and Wales, against the published list of bank holidays."""

import datetime as dt

import pytest

from core.working_days import after_working_days, bank_holidays, easter, working_day_from


def days(year: int, *pairs: tuple[int, int]) -> set[dt.date]:
    return {dt.date(year, month, day) for month, day in pairs}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2022, [(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)]),
        (2023, [(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2026, [(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, [(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
    ],
)
def test_the_bank_holidays_of_a_year(year: int, expected: list[tuple[int, int]]) -> None:
    assert bank_holidays(year) == days(year, *expected)


def test_easter_falls_where_the_church_has_it() -> None:
    assert [easter(year) for year in (2000, 2024, 2025, 2038)] == [
        dt.date(2000, 4, 23),
        dt.date(2024, 3, 31),
        dt.date(2025, 4, 20),
        dt.date(2038, 4, 25),
    ]


def test_twenty_working_days_step_over_christmas() -> None:
    assert after_working_days(dt.date(2026, 12, 1), 20) == dt.date(2026, 12, 31)
    assert after_working_days(dt.date(2026, 11, 20), 1) == dt.date(2026, 11, 23)


def test_the_next_working_day_may_be_the_same() -> None:
    assert working_day_from(dt.date(2026, 12, 24)) == dt.date(2026, 12, 24)
    assert working_day_from(dt.date(2026, 12, 25)) == dt.date(2026, 12, 29)

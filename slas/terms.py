"""What the whole portal asks of an agreement: its days, notice and measures, read from the values of its clauses.

The library says in which fields they stand (`terms` and `measures` of its file).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slas.frozen_text import clause_values

# clause and field of the library
STARTS_ON = ("term_review", "starts_on")
ENDS_ON = ("term_review", "ends_on")
REVIEW_ON = ("term_review", "review_on")
NOTICE_MONTHS = ("termination", "notice_months")
REPORTS_EVERY = ("kpis", "period")
MONTHS = {"month": 1, "quarter": 3}
USUAL_MONTHS = 3  # of a return, where the text says nothing


@dataclass(frozen=True)
class Terms:
    """From when to when, both inclusive; `ends_on` None: until it is ended. `reports_every`: months of a return."""

    starts_on: dt.date | None
    ends_on: dt.date | None
    review_on: dt.date | None
    notice_months: int | None
    reports_every: int = USUAL_MONTHS


def terms_of(content: Mapping[str, Any]) -> Terms:
    """Of a frozen text."""
    months = _value(content, NOTICE_MONTHS)
    return Terms(
        starts_on=_day(content, STARTS_ON),
        ends_on=_day(content, ENDS_ON),
        review_on=_day(content, REVIEW_ON),
        notice_months=int(months) if months not in (None, "") else None,
        reports_every=MONTHS.get(_value(content, REPORTS_EVERY), USUAL_MONTHS),
    )


def _value(content: Mapping[str, Any], place: tuple[str, str]) -> Any:
    clause, field = place
    return clause_values(content, clause).get(field)


def _day(content: Mapping[str, Any], place: tuple[str, str]) -> dt.date | None:
    value = _value(content, place)
    return dt.date.fromisoformat(value) if value else None

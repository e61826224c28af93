"""What acts begin with: an application kept still at the right stage, words and days in order, the next number."""

import datetime as dt
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from certification.models import Application
from core.errors import IllegalMove, Incomplete, RuleBroken


def hold(application: Application) -> None:
    """Keep everybody else from changing it until the transaction ends, and read its state afresh. One query."""
    held = Application.objects.select_for_update(no_key=True)
    application.refresh_from_db(fields=["status", "version"], from_queryset=held)


def require_status(application: Application, *allowed: str, wanted: str) -> None:
    """`hold`, then raise IllegalMove (towards `wanted`) unless it is at one of the `allowed` stages."""
    hold(application)
    if application.status not in allowed:
        raise IllegalMove(application, wanted)


def require_order(starts_on: dt.date | None, ends_on: dt.date | None) -> None:
    """Raises RuleBroken where the last day, inclusive, is before the first; a day that is not known breaks nothing."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_("The last day must not be before the first."))


def require_text(text: str, sentence: str) -> str:
    """Raises Incomplete with `sentence` when nothing was written."""
    if not text:
        raise Incomplete([sentence])
    return text


def next_in(rows: QuerySet[Any], field: str = "number") -> int:
    """The number after the highest in these rows, from 1. One query; the caller holds what the rows belong to."""
    highest: int | None = rows.aggregate(highest=Max(field))["highest"]
    return (highest or 0) + 1

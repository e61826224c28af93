"""Deliverable 5.3: who has named a SPOC, told the managers' association, and published the details."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from strategy.measures.base import Row, State, bodies, measure, row_of
from strategy.measures.passed import passed_since
from strategy.models.spoc import SpocEntry, SpocPublication


@measure(
    "spoc_known",
    _("Councils with a named SPOC, known to the managers' association and published"),
    _("principal authorities"),
    "National strategy 2020, 5.3: the association knows who the SPOC is, and the details are published",
)
def spoc_known(day: dt.date) -> Sequence[Row]:
    """Principal authorities whose SPOC stood on that day, of whom the association was told and which it had
    acknowledged by then, and who was public on that day. Four queries, for a past day three more at most.
    """
    entries: dict[int, list[SpocEntry]] = defaultdict(list)
    public = Prefetch("publications", SpocPublication.objects.on(day), to_attr="public_then")
    for entry in SpocEntry.objects.filter(made_on__lte=day).order_by("made_on", "pk").prefetch_related(public):
        entries[entry.organisation_id].append(entry)
    return [_row(body, entries[body.pk], day) for body in bodies(day, Kind.PRINCIPAL_AUTHORITY, passed_since(day))]


def _row(body: Organisation, entries: list[SpocEntry], day: dt.date) -> Row:
    if not entries:
        return row_of(body, State.NO_DATA, "No SPOC is recorded")
    standing = [entry for entry in entries if entry.ended_on is None or entry.ended_on >= day]
    if not standing:
        return row_of(body, State.NOT_COUNTED, f"No SPOC is named since {entries[-1].ended_on}")
    for entry in standing:  # two on the day of a change: the old one counts until the day is over
        if not _lacking(entry, day):
            days = [entry.told_on, entry.acknowledged_on, *(each.published_on for each in _public(entry))]
            return row_of(body, State.COUNTED, entry.reference, max(each for each in days if each))
    newest = standing[-1]
    return row_of(body, State.NOT_COUNTED, f"{newest.reference}: {', '.join(_lacking(newest, day))}")


def _public(entry: SpocEntry) -> list[SpocPublication]:
    found: list[SpocPublication] = entry.public_then  # type: ignore[attr-defined]
    return found


def _lacking(entry: SpocEntry, day: dt.date) -> list[str]:
    """What is missing on that day, in plain English for the list behind the number."""
    missing = []
    if entry.told_on is None or entry.told_on > day:
        missing.append("the association was not told")
    elif entry.acknowledged_on is None or entry.acknowledged_on > day:
        missing.append("the association has not acknowledged it")
    if not _public(entry):
        missing.append("not published")
    return missing

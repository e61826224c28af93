"""Cameras that are counted and never mapped: worn, flown, driven, and number plate readers of the police (domain 11.8).

A new count is a new row; old ones stay as the history. The newest day counts, of one day the last that was entered.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import CameraSystem, CountedUnits
from compliance.services.fields import field_problems
from compliance.services.systems import FINAL
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete


@transaction.atomic
def record_count(
    *, system: CameraSystem, kind: str, count: int, counted_on: dt.date, by: User | None, note: str = ""
) -> CountedUnits:
    """Enter a count as of a day. Raises Incomplete, and IllegalMove for a closed system."""
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    counted = CountedUnits(system=system, kind=kind, count=count, counted_on=counted_on, note=note.strip(), by=by)
    problems = field_problems(counted)
    if counted_on > today():
        problems.append(_("The date of the count must be today or earlier."))
    if problems:
        raise Incomplete(problems)
    counted.save(force_insert=True)
    after = {"kind": kind, "count": count, "counted_on": counted_on, "note": counted.note}
    trail.record("counted", system, by=by, after=after)
    return counted


def newest_counts(system: CameraSystem) -> list[CountedUnits]:
    """The count that holds of each kind, in the order of the kinds. One query."""
    newest: dict[str, CountedUnits] = {}
    for counted in CountedUnits.objects.filter(system=system).order_by("counted_on", "pk"):
        newest[counted.kind] = counted
    return [newest[kind] for kind in CountedUnits.Kind.values if kind in newest]

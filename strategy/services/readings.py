"""Taking the readings of a day: counted once, stored, never changed (design 6, `read_measures`)."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from compliance.frozen import canonical, digest
from strategy.measures import MEASURES, Counted
from strategy.models import Deliverable, MeasureReading, ReadingDetail


def take_readings(on: dt.date) -> list[MeasureReading]:
    """The readings of each deliverable of public plans that is counted, in their order; a stored one stays as it is.

    A measure that several deliverables share is counted once. Each is stored in a transaction of its own: begun again
    after a crash, it goes on where it stopped.
    """
    public = Deliverable.objects.filter(objective__strategy__is_draft=False).select_related("objective__strategy")
    counted = public.exclude(measure="")
    ordered = counted.order_by("objective__strategy__position", "objective__position", "position", "pk")
    return [reading for reading, _is_new in _each(ordered, on)]


def _each(deliverables: Iterable[Deliverable], on: dt.date) -> Iterable[tuple[MeasureReading, bool]]:
    stored = {
        each.deliverable_id: each
        for each in MeasureReading.objects.filter(on=on).select_related("deliverable__objective__strategy")
    }
    found: dict[str, Counted] = {}
    for deliverable in deliverables:
        if reading := stored.get(deliverable.pk):
            yield reading, False
            continue
        if deliverable.measure not in found:
            found[deliverable.measure] = MEASURES[deliverable.measure].on(on)
        yield _store(deliverable, on, found[deliverable.measure])


def _store(deliverable: Deliverable, on: dt.date, counted: Counted) -> tuple[MeasureReading, bool]:
    content = canonical([row.as_json() for row in counted.rows])
    try:
        with transaction.atomic():
            detail, _ = ReadingDetail.objects.get_or_create(sha256=digest(content), defaults={"content": content})
            reading = MeasureReading.objects.create(
                deliverable=deliverable,
                measure=deliverable.measure,
                on=on,
                numerator=counted.numerator,
                denominator=counted.denominator,
                no_data=counted.no_data,
                excluded=counted.excluded,
                detail=detail,
            )
    except IntegrityError:  # somebody else was quicker
        return MeasureReading.objects.get(deliverable=deliverable, on=on), False
    return reading, True

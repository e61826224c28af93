"""What a measure is, and the bodies that measures are about."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from core.dates import midnight
from core.errors import Text
from strategy.measures.passed import Passed
from strategy.models.declaration import NoSystemDeclaration

FORCES_THEN = "forces_then"  # kept on a body beside its fields, as a prefetch would


class State(StrEnum):
    """Where one row of a measure stands."""

    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    NO_DATA = "no_data"  # nothing of it is recorded in the portal: part of the denominator, told apart
    EXCLUDED = "excluded"  # leaves the denominator, with `why`


@dataclass(frozen=True)
class Row:
    """One body of the denominator, or a pair of a council and a force. Plain values, frozen with the reading."""

    body: str  # slug
    name: str
    state: State
    why: str = ""  # plain English for the list: a reference, a date, what is missing
    since: str = ""  # ISO date of what is counted, where there is one
    region: str = ""
    nation: str = ""
    kind: str = ""
    force: str = ""  # slug of the territorial force; of a pair its force
    force_name: str = ""

    def as_json(self) -> dict[str, str]:
        return {key: str(value) for key, value in self.__dict__.items()}


@dataclass(frozen=True)
class Counted:
    """A measure on a day."""

    rows: tuple[Row, ...]

    def number(self, state: State) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def numerator(self) -> int:
        return self.number(State.COUNTED)

    @property
    def denominator(self) -> int:
        return len(self.rows) - self.excluded

    @property
    def no_data(self) -> int:
        return self.number(State.NO_DATA)

    @property
    def excluded(self) -> int:
        return self.number(State.EXCLUDED)


@dataclass(frozen=True)
class Measure:
    """A named query. `label` says what is counted, `of` what it is a part of, `source` where the definition stands."""

    key: str
    label: Text
    of: Text
    source: str
    count: Callable[[dt.date], Sequence[Row]]

    def on(self, day: dt.date) -> Counted:
        return Counted(tuple(self.count(day)))


MEASURES: dict[str, Measure] = {}


def measure(
    key: str, label: Text, of: Text, source: str
) -> Callable[[Callable[[dt.date], Sequence[Row]]], Callable[[dt.date], Sequence[Row]]]:
    """Register a function of a day as the measure of that name."""

    def register(count: Callable[[dt.date], Sequence[Row]]) -> Callable[[dt.date], Sequence[Row]]:
        MEASURES[key] = Measure(key, label, of, source, count)
        return count

    return register


def choices() -> Sequence[tuple[str, Text]]:
    return [(each.key, each.label) for each in MEASURES.values()]


def bodies(day: dt.date, kind: str, passed: Passed) -> Iterator[Organisation]:
    """The bodies of a kind that there are on that day, by name, with the forces that policed them then; made-up ones in
    a demonstration portal alone. Two queries.
    """
    found = Organisation.objects.current(day).counted().filter(kind=kind).order_by("name", "pk")
    for body in found.prefetch_related("police_forces"):
        body.__dict__[FORCES_THEN] = passed.forces.get(body.pk, list(body.police_forces.all()))
        yield body


def forces_of(body: Organisation) -> list[Organisation]:
    """Of one of the `bodies` of a day: the forces of its area on that day."""
    found: list[Organisation] = body.__dict__[FORCES_THEN]
    return found


def row_of(body: Organisation, state: State, why: str = "", since: dt.date | None = None, **more: Any) -> Row:
    """A row for one of the `bodies` of a day, with the values by which tables are split. No query."""
    force = more.pop("force", None) or next(iter(forces_of(body)), None)
    return Row(
        body=body.slug,
        name=body.name,
        state=state,
        why=why,
        since=since.isoformat() if since else "",
        region=body.region,
        nation=body.nation,
        kind=body.kind,
        force=force.slug if force else "",
        force_name=force.name if force else "",
        **more,
    )


def end_of(day: dt.date) -> dt.datetime:
    """When a day is over in London: a measure of a day counts what stood then."""
    return midnight(day + dt.timedelta(days=1))


def public_on(day: dt.date) -> Q:
    """Of records with `published_at` and `ended_at`: those that were public when the day ended."""
    end = end_of(day)
    return Q(published_at__lt=end) & (Q(ended_at__isnull=True) | Q(ended_at__gte=end))


def declared_none(day: dt.date) -> dict[int, dt.date]:
    """Authorities whose word that they run no public-space system stands on that day, and since when. One query."""
    return dict(NoSystemDeclaration.objects.current(day).values_list("organisation_id", "declared_on"))


def words_of_none(since: dt.date) -> str:
    return f"It declared on {in_words(since)} that it runs no public-space camera system"


def in_words(day: dt.date) -> str:
    """A date in plain English, in whatever language somebody reads a page: what is frozen has one text."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"

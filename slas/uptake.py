"""How far councils and police have agreed: of each pair and technology whether an agreement is in force, whether one of
the two said that there is none, or whether nothing is known. "None" was said by somebody; "no data" means that nothing
is recorded and nobody said anything.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from compliance.models.vocabulary import Technology
from core.dates import today
from core.errors import Text
from slas.models import Agreement, AgreementParty, NoAgreement, Side


class State(models.TextChoices):
    """What is known of a pair on a technology."""

    IN_FORCE = "in_force", _("in force")
    NONE = "none", _("none")
    NO_DATA = "no_data", _("no data")


COLOURS: Mapping[str, str] = {State.IN_FORCE: "green", State.NONE: "yellow", State.NO_DATA: "grey"}
Cell = tuple[int | str, int | str, str]  # a council and a force, by what tells them apart, and a technology


@dataclass
class Known:
    """What is known on a day about pairs of a council and a force."""

    in_force: dict[Cell, list[str]] = field(default_factory=lambda: defaultdict(list))  # references
    none: dict[Cell, dt.date] = field(default_factory=dict)

    def state(self, cell: Cell) -> State:
        if cell in self.in_force:
            return State.IN_FORCE
        return State.NONE if cell in self.none else State.NO_DATA


@dataclass(frozen=True)
class Found:
    """One cell of a table."""

    technology: str
    label: Text
    state: State
    agreements: tuple[str, ...] = ()
    declared_on: dt.date | None = None

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


@dataclass(frozen=True)
class Row:
    """A council and a force of its area, technology by technology."""

    council: Organisation
    force: Organisation
    cells: tuple[Found, ...]


@dataclass(frozen=True)
class Count:
    """Of the councils of an area how many stand where on a technology."""

    technology: str
    label: Text
    in_force: int
    none: int
    no_data: int


@dataclass(frozen=True)
class ForceRow:
    """A force with the number of councils of its area and the counts by technology."""

    force: Organisation
    councils: int
    counts: tuple[Count, ...]


def known(on: dt.date | None = None, *, force: Organisation | None = None) -> Known:
    """Of all pairs, or of those of one force. Four queries."""
    day, found = on or today(), Known()
    agreements = Agreement.objects.in_force(day)
    said = NoAgreement.objects.current(day)
    if force is not None:
        agreements = agreements.filter(parties__organisation=force)
        said = said.filter(force=force)
    sides = AgreementParty.objects.select_related(None)
    for agreement in agreements.prefetch_related(models.Prefetch("parties", sides), "technologies").order_by(
        "reference"
    ):
        for technology in agreement.technology_keys():
            for council in agreement.parties_on(Side.COUNCILS):
                for police in agreement.parties_on(Side.POLICE):
                    cell = (council.organisation_id, police.organisation_id, technology)
                    found.in_force[cell].append(agreement.reference)
    for council_id, force_id, technology, declared_on in said.values_list(
        "council", "force", "technology", "declared_on"
    ):
        found.none[council_id, force_id, technology] = declared_on
    return found


def uptake_of(force: Organisation, on: dt.date | None = None) -> list[Row]:
    """The councils of a force's area, and others of which something is known, by name. Five queries."""
    day = on or today()
    told = known(day, force=force)
    named = {cell[0] for cell in (*told.in_force, *told.none) if cell[1] == force.pk}
    councils = _councils(day).filter(Q(police_forces=force) | Q(pk__in=named)).distinct()
    return [_row(told, council, force) for council in councils]


def uptake_of_council(council: Organisation, on: dt.date | None = None) -> list[Row]:
    """The forces of a council's area, by name. Five queries."""
    told = known(on)
    named = {cell[1] for cell in (*told.in_force, *told.none) if cell[0] == council.pk}
    forces = Organisation.objects.outward().filter(Q(pk__in=council.police_forces.values("pk")) | Q(pk__in=named))
    return [_row(told, council, force) for force in forces.order_by("name", "pk")]


def pairs(on: dt.date | None = None) -> list[Row]:
    """The matrix: each force with each council of its area, by names. Seven queries."""
    day = on or today()
    told = known(day)
    return [_row(told, council, force) for force, councils in _areas(day).items() for council in councils]


def by_force(rows: Iterable[Row]) -> list[ForceRow]:
    """The matrix summed up: one line for each force. No query."""
    areas: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        areas[row.force.pk].append(row)
    return [ForceRow(each[0].force, len(each), totals(each)) for each in areas.values()]


def totals(rows: Iterable[Row]) -> tuple[Count, ...]:
    """How many rows stand where, by technology. No query."""
    counted = Counter((cell.technology, cell.state) for row in rows for cell in row.cells)
    return tuple(
        Count(key, label, *(counted[key, state] for state in (State.IN_FORCE, State.NONE, State.NO_DATA)))
        for key, label in Technology.choices
    )


def _row(told: Known, council: Organisation, force: Organisation) -> Row:
    cells = []
    for key, label in Technology.choices:
        cell = (council.pk, force.pk, key)
        state = told.state(cell)
        agreements = tuple(told.in_force[cell]) if state == State.IN_FORCE else ()
        cells.append(Found(key, label, state, agreements, told.none[cell] if state == State.NONE else None))
    return Row(council, force, tuple(cells))


def _councils(on: dt.date) -> models.QuerySet[Organisation]:
    """Principal authorities that there are on that day, by name."""
    there = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Organisation.objects.outward().filter(there, kind=Kind.PRINCIPAL_AUTHORITY).order_by("name", "pk")


def _areas(on: dt.date) -> dict[Organisation, list[Organisation]]:
    """The councils of each force's area; forces by name. Three queries."""
    forces = list(Organisation.objects.outward().filter(kind=Kind.POLICE_FORCE).order_by("name", "pk"))
    areas: dict[int, list[Organisation]] = defaultdict(list)
    for council in _councils(on).prefetch_related("police_forces"):
        for force in council.police_forces.all():
            areas[force.pk].append(council)
    return {force: areas[force.pk] for force in forces if areas[force.pk]}

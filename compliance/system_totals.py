"""Counts of people of one system of several: they are below authority level, and a small one is not shown.

The total of the authority is shown; so are the figures of each system in its own reports and pages. A count of 1 to 4
of one system is withheld (domain 7.3), and with it as many figures of other systems as are needed so that nobody can
take it from the total. A measure that is part of another (`Measure.part_of`) says how small that one can be at the
least: the two are withheld for the same systems, so that one cannot narrow down the other.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from accounts.models import Organisation
from compliance.measures import MEASURES
from compliance.models import CameraSystem, PeriodStatistics, StatisticFigure
from compliance.services.systems import FINAL
from compliance.suppression import LARGEST, SMALLEST

PEOPLE = tuple(measure.key for measure in MEASURES.values() if measure.about_people)
Table = Mapping[str, Mapping[int, int]]  # by measure and system


@dataclass
class Withheld:
    """What is not shown of one year: figures of systems, and totals that are the figure of one system."""

    figures: set[tuple[str, int]] = field(default_factory=set)
    totals: set[str] = field(default_factory=set)


def withhold(table: Table) -> Withheld:
    """What is withheld of the counts of an authority with several systems; `table` holds what is known of one year.

    Where one system alone gave a measure, the total is its figure: a small one is withheld in both. So is the total of
    a part that a system gave without the whole, because others' wholes could say how great their parts are.
    """
    found = Withheld()
    for linked in _linked():
        known = {measure: table[measure] for measure in linked if table.get(measure)}
        systems = _systems(known)
        for measure, values in known.items():
            hidden = systems & values.keys()
            if len(values) == 1:
                if any(map(_is_small, values.values())):
                    found.figures |= {(measure, system) for system in values}
                    found.totals.add(measure)
            elif any(values[system] for system in hidden):  # that there was nothing anywhere tells of nobody
                found.figures |= {(measure, system) for system in hidden}
                if values.keys() - known.get(linked[0], values).keys():  # nothing that it could be part of is known
                    found.totals.add(measure)
    return found


def _linked() -> Iterable[list[str]]:
    """Counts of people, each with those that are part of it."""
    people = [measure for measure in MEASURES.values() if measure.about_people]
    for measure in people:
        if not measure.part_of:
            yield [measure.key, *(part.key for part in people if part.part_of == measure.key)]


def _is_small(count: int) -> bool:
    return SMALLEST <= count <= LARGEST


def _systems(known: Table) -> set[int]:
    """The systems whose figures are withheld: those with a small one, and others until each measure has two of them."""
    systems = {system for values in known.values() for system, value in values.items() if _is_small(value)}
    while lacking := [values for values in known.values() if len(values) > 1 and len(systems & values.keys()) == 1]:
        given: dict[int, list[int]] = {}  # by system what it gave of the measures that lack a second one
        for values in lacking:
            for system in values.keys() - systems:
                given.setdefault(system, []).append(values[system])
        # One that serves most measures, of those the least: that there was nothing tells readers less than a count.
        systems.add(min(given, key=lambda system: (-len(given[system]), not any(given[system]), given[system], system)))
    return systems


def withheld_of(operator: Organisation, starts: Collection[dt.date]) -> dict[dt.date, Withheld]:
    """What is withheld of the years that begin on these days; nothing where there is one system. Two queries."""
    rows = StatisticFigure.objects.filter(
        period__system__operator=operator,
        period__for_organisation=None,
        period__length=PeriodStatistics.Length.YEAR,
        period__starts_on__in=starts,
        measure__in=PEOPLE,
        area="",
        category="",
        value__isnull=False,
    )
    tables: dict[dt.date, dict[str, dict[int, int]]] = {}
    for start, measure, system, value in rows.values_list("period__starts_on", "measure", "period__system", "value"):
        tables.setdefault(start, {}).setdefault(measure, {})[system] = int(value or 0)
    givers = {system for table in tables.values() for values in table.values() for system in values}
    others = CameraSystem.objects.filter(operator=operator).exclude(pk__in=givers).exclude(status__in=FINAL)
    several = len(givers) > 1 or (bool(givers) and others.exists())
    return {start: withhold(tables[start]) if several and start in tables else Withheld() for start in starts}

"""Small numbers of people by area are not shown, nor can they be worked out from what is shown beside them.

A table counts people of one measure in one year by area and category. Authority-wide totals are shown always; below
that level a count of 1 to 4 is withheld (domain 7.3). To withhold only that would give it away: total less the rest. So
further cells are withheld until each withheld one could have another value with all that is shown staying true.

How: what is hidden in a table with known margins can change only around closed loops, one more here, one fewer there.
A cell is safe when it lies on such a loop of hidden cells on which those that lose one have one to lose. Loops are
searched by the least that must be hidden in addition (Dijkstra over rows and columns, the direction is the sign).
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import count as counter

SMALLEST, LARGEST = 1, 4  # the counts that are withheld
ZERO_COST = (
    1000  # to hide that there was nothing tells readers less than to hide a count: done where nothing else helps
)

Node = tuple[str, str]  # ("area", name) or ("category", name)
Cell = tuple[str, str]  # area and category; TOTAL as the category is the total of the area
TOTAL = "\0total"


class Shown(Enum):
    """What a reader gets in place of a count that is withheld."""

    WITHHELD = "withheld"


@dataclass(frozen=True)
class Counts:
    """People by area and category, complete: a pair that is not named counted nobody."""

    cells: Mapping[Cell, int]

    @cached_property
    def areas(self) -> list[str]:
        return sorted({area for area, _category in self.cells})

    @cached_property
    def categories(self) -> list[str]:
        return sorted({category for _area, category in self.cells})

    @cached_property
    def _totals(self) -> Counter[str]:
        totals = Counter[str]()
        for (area, _category), value in self.cells.items():
            totals[area] += value
        return totals

    def of(self, area: str, category: str) -> int:
        """The count of a pair; the total of the area for TOTAL."""
        return self._totals[area] if category == TOTAL else self.cells.get((area, category), 0)


@dataclass
class Suppressed:
    """What may be shown: `value` of each cell or Shown.WITHHELD; totals of categories and of all are always shown."""

    counts: Counts
    hidden: set[Cell] = field(default_factory=set)

    def value(self, area: str, category: str) -> int | Shown:
        return Shown.WITHHELD if (area, category) in self.hidden else self.counts.of(area, category)


def suppress(counts: Counts) -> Suppressed:
    """Which cells and totals of areas are withheld.

    Where a table has one area only, what is hidden there would be the authority's own total: then the area's cells are
    the authority's and nothing can be hidden. Raises ValueError for such a table.
    """
    if len(counts.areas) == 1:
        raise ValueError("one area alone is the authority: there is nothing below it to withhold")
    every = [*counts.categories, TOTAL]
    found = Suppressed(counts)
    small = [
        (area, category)
        for area in counts.areas
        for category in every
        if SMALLEST <= counts.of(area, category) <= LARGEST
    ]
    found.hidden.update(small)
    for cell in small:
        found.hidden.update(_cheapest_loop(counts, found.hidden, cell, every))
    return found


def _cheapest_loop(counts: Counts, hidden: set[Cell], cell: Cell, categories: list[str]) -> set[Cell]:
    """The cells of the loop through `cell` that hides least in addition; one of its two directions is enough."""
    found = [
        loop
        for gains in (False, True)
        if _may_change(counts, cell, gains=gains) and (loop := _loop(counts, hidden, cell, categories, gains=gains))
    ]
    if not found:
        raise ValueError(f"nothing can hide {cell}")
    return min(found, key=lambda loop: loop[0])[1]


def _may_change(counts: Counts, cell: Cell, *, gains: bool) -> bool:
    """Whether the count of a cell may be one more (`gains`), or one fewer without being less than nothing."""
    return gains or counts.of(*cell) >= 1


def _loop(
    counts: Counts, hidden: set[Cell], cell: Cell, categories: list[str], *, gains: bool
) -> tuple[int, set[Cell]] | None:
    """Cost and cells of the cheapest way from the column of `cell` back to its row, signs taking turns."""
    area, category = cell
    # A total is the sum of its row: seen from the row its sign is the other way round.
    first_gains = gains if category != TOTAL else not gains
    start, end = ("category", category), ("area", area)
    order = counter()
    waiting: list[tuple[int, int, Node, Cell, Node | None]] = [(0, next(order), start, cell, None)]
    came: dict[Node, tuple[Cell, Node | None]] = {}
    while waiting:
        cost, _order, node, by, before = heapq.heappop(waiting)
        if node in came:
            continue
        came[node] = by, before
        if node == end:
            return cost, set(_back(came, node))
        for step, further in _steps(counts, node, categories):
            # Into a row the sign is that of the way back: the other than the first; out of a row as the first.
            sign = (not first_gains) if node[0] == "category" else first_gains
            grows = sign if step[1] != TOTAL else not sign
            if step == cell or not _may_change(counts, step, gains=grows):
                continue
            price = 0 if step in hidden else (counts.of(*step) or ZERO_COST)
            heapq.heappush(waiting, (cost + price, next(order), further, step, node))
    return None


def _back(came: Mapping[Node, tuple[Cell, Node | None]], node: Node | None) -> Iterator[Cell]:
    while node is not None:
        cell, node = came[node]
        yield cell


def _steps(counts: Counts, node: Node, categories: list[str]) -> Iterator[tuple[Cell, Node]]:
    kind, name = node
    if kind == "category":
        for area in counts.areas:
            yield (area, name), ("area", area)
    else:
        for category in categories:
            yield (name, category), ("category", category)

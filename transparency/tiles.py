"""One tile of equal size for each lower-tier and unitary authority, near where it is: so that a small city counts as
much to the eye as a wide county.

The layout is computed once (`manage.py lay_out_tiles`) and kept in data/tiles.json by GSS code: each authority gets the
cell of a grid that makes the sum of squared distances from the middles of the authorities least (Hungarian algorithm,
after Kuhn 1955 and Munkres 1957). What is not in it gets the nearest free cell when the page is built.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

LAYOUT = Path(__file__).parent / "data" / "tiles.json"
CELL_KM = 21.0  # so that as many cells as there are authorities cover about England and Wales
KM_A_DEGREE = 111.2
WEST, NORTH = -6.4, 55.9  # the corner of cell 0, 0
SHRINK = math.cos(math.radians(52.5))  # degrees of longitude in the middle of England and Wales
MILLIONTHS = 1_000_000
MARGIN = 2  # cells around the outermost places


class Cell(NamedTuple):
    column: int
    row: int


class Place(NamedTuple):
    """The middle of an authority."""

    code: str
    latitude: Decimal | float
    longitude: Decimal | float


def position(place: Place) -> tuple[float, float]:
    """Where it is in the grid, in cells from the north-west."""
    east = (float(place.longitude) - WEST) * KM_A_DEGREE * SHRINK / CELL_KM
    south = (NORTH - float(place.latitude)) * KM_A_DEGREE / CELL_KM
    return east - 0.5, south - 0.5


@cache
def packaged() -> Mapping[str, Cell]:
    """The layout that comes with the portal."""
    return {code: Cell(*cell) for code, cell in json.loads(LAYOUT.read_text())["tiles"].items()}


def cells_for(places: Iterable[Place], layout: Mapping[str, Cell] | None = None) -> dict[str, Cell]:
    """A cell for each, no two the same: that of the layout, else the nearest that the layout leaves free."""
    layout = packaged() if layout is None else layout
    rows = sorted(places)
    cells = {place.code: layout[place.code] for place in rows if place.code in layout}
    taken = set(layout.values())
    for place in rows:
        if place.code not in cells:
            cells[place.code] = _nearest_free(place, taken)
            taken.add(cells[place.code])
    return cells


def _nearest_free(place: Place, taken: set[Cell]) -> Cell:
    """Ring after ring around it, until no further ring can hold a nearer one."""
    x, y = position(place)
    middle = Cell(round(x), round(y))
    free = [(_distance(x, y, middle), middle)] if middle not in taken else []
    ring = 0
    while not free or min(free)[0] >= (ring + 0.5) ** 2 * MILLIONTHS:
        ring += 1
        free += [(_distance(x, y, cell), cell) for cell in _ring(middle, ring) if cell not in taken]
    return min(free)[1]


def _ring(middle: Cell, ring: int) -> Iterator[Cell]:
    """The cells of a square's edge, so many steps from its middle."""
    for across in range(-ring, ring + 1):
        for down in range(-ring, ring + 1) if abs(across) == ring else (-ring, ring):
            yield Cell(middle.column + across, middle.row + down)


def _distance(x: float, y: float, cell: Cell) -> int:
    """Squared, in millionths: whole numbers, so that the layout is the same on every machine."""
    return round(((x - cell.column) ** 2 + (y - cell.row) ** 2) * MILLIONTHS)


def lay_out(places: Iterable[Place]) -> dict[str, Cell]:
    """The layout of least squared distances. Takes seconds for hundreds of places."""
    rows = sorted(places)
    positions = [position(place) for place in rows]
    columns = range(min(round(x) for x, _ in positions) - MARGIN, max(round(x) for x, _ in positions) + MARGIN + 1)
    lines = range(min(round(y) for _, y in positions) - MARGIN, max(round(y) for _, y in positions) + MARGIN + 1)
    cells = [Cell(column, row) for row in lines for column in columns]
    costs = [[_distance(x, y, cell) for cell in cells] for x, y in positions]
    return {place.code: cells[chosen] for place, chosen in zip(rows, assigned(costs), strict=True)}


def assigned(costs: Sequence[Sequence[int]]) -> list[int]:
    """For each row a column of its own so that the sum of costs is least. At least as many columns as rows."""
    height, width = len(costs), len(costs[0])
    of_row, of_column = [0] * (height + 1), [0] * (width + 1)  # potentials
    row_at, came_from = [0] * (width + 1), [0] * (width + 1)
    for number in range(1, height + 1):
        row_at[0], column = number, 0
        least: list[float] = [math.inf] * (width + 1)
        done = [False] * (width + 1)
        while row_at[column]:
            done[column] = True
            row, step, following = row_at[column], math.inf, 0
            line, base = costs[row - 1], of_row[row]
            for other in range(1, width + 1):
                if done[other]:
                    continue
                cost = line[other - 1] - base - of_column[other]
                if cost < least[other]:
                    least[other], came_from[other] = cost, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(width + 1):
                if done[other]:
                    of_row[row_at[other]] += int(step)
                    of_column[other] -= int(step)
                else:
                    least[other] -= step
            column = following
        while column:
            before = came_from[column]
            row_at[column] = row_at[before]
            column = before
    chosen = [0] * height
    for column in range(1, width + 1):
        if row_at[column]:
            chosen[row_at[column] - 1] = column - 1
    return chosen

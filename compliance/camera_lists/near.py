"""Which places are the same: within a metre of each other. Quick however many cameras stand at one place."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from compliance.camera_lists.coordinates import SAME_METRES
from compliance.places import Place, metres_between

CELL = 0.00002  # degrees: 1.25 m to 2.2 m in these latitudes, so a place within a metre is in the same cell or the next
Item = TypeVar("Item")
Point = tuple[float, float]  # latitude, longitude


def metres_apart(one: Point, other: Point) -> float:
    return metres_between(Place(*one), Place(*other))  # type: ignore[arg-type]


class Near(Generic[Item]):
    """Items by place. Items at exactly one place are kept together, so that a crowd at one place costs nothing."""

    def __init__(self) -> None:
        self._at: dict[Point, list[Item]] = {}
        self._cells: dict[tuple[int, int], list[Point]] = {}

    def add(self, point: Point, item: Item) -> None:
        items = self._at.get(point)
        if items is None:
            self._at[point] = [item]
            self._cells.setdefault(_cell(point), []).append(point)
        else:
            items.append(item)

    def at(self, point: Point) -> list[Item]:
        """The items exactly there, to be taken from."""
        return self._at.get(point, [])

    def around(self, point: Point) -> Iterator[list[Item]]:
        """The items within a metre, the nearest first."""
        row, column = _cell(point)
        found = []
        for north in (row - 1, row, row + 1):
            for east in (column - 1, column, column + 1):
                found += [
                    (away, other)
                    for other in self._cells.get((north, east), ())
                    if self._at[other] and (away := metres_apart(point, other)) <= SAME_METRES
                ]
        for _away, other in sorted(found):
            yield self._at[other]

    def has(self, point: Point) -> bool:
        """Whether any item stands within a metre."""
        return bool(self._at.get(point)) or next(self.around(point), None) is not None


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // CELL), int(point[1] // CELL)

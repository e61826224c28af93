"""Small numbers that could point at one authority are left out of published tables, and so is what would give them
away by subtraction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5  # the smallest number above nought that is shown


@dataclass(frozen=True)
class Shown:
    """A table as the public reads it. None stands for a number that is left out."""

    cells: tuple[tuple[int | None, ...], ...]
    totals: tuple[int | None, ...]  # of each column


def is_small(number: int) -> bool:
    return 0 < number < SMALLEST


def suppress(table: Sequence[Sequence[int]]) -> Shown:
    """`table` and the totals of its columns without small numbers, and without what gives one away by subtraction.

    What a row adds up to is known anyway: how many answered is public. So in each row either nothing is left out or at
    least two numbers whose sum is no small number, or all; in each column, its total included, nothing or at least two.
    """
    full = [list(row) for row in table]
    full.append([sum(column) for column in zip(*table, strict=True)])
    hidden = {(y, x) for y, row in enumerate(full) for x, number in enumerate(row) if is_small(number)}
    while (more := _next_hidden(full, hidden)) is not None:
        hidden.add(more)
    shown = [tuple(None if (y, x) in hidden else n for x, n in enumerate(row)) for y, row in enumerate(full)]
    return Shown(cells=tuple(shown[:-1]), totals=shown[-1])


def _next_hidden(full: Sequence[Sequence[int]], hidden: set[tuple[int, int]]) -> tuple[int, int] | None:
    """The next number that has to go, or None when every line holds."""
    for line in _lines(full):
        gone = [at for at in line if at in hidden]
        if not gone or (len(gone) > 1 and sum(full[y][x] for y, x in gone) >= SMALLEST):
            continue
        left = [at for at in line if at not in hidden]
        if left:
            return _least(full, left, hidden)
    for y, x in sorted(hidden):
        if not _is_covered((y, x), hidden):
            row = [(y, column) for column in range(len(full[0]))]
            beside = [at for at in [*row, *((line, x) for line in range(len(full)))] if at not in hidden]
            if beside:
                return _least(full, beside, hidden)
    return None


def _least(
    full: Sequence[Sequence[int]], places: Sequence[tuple[int, int]], hidden: set[tuple[int, int]]
) -> tuple[int, int]:
    """Nought hides nothing beside a small number, so it is the last to go; totals go after cells; what stands in line
    with other hidden numbers goes first, so that few go in all.
    """

    def rank(place: tuple[int, int]) -> tuple[bool, int, int, int, tuple[int, int]]:
        y, x = place
        in_line = sum(line == y or column == x for line, column in hidden)
        return full[y][x] == 0, _totals(full, place), -in_line, full[y][x], place

    return min(places, key=rank)


def _is_covered(place: tuple[int, int], hidden: set[tuple[int, int]]) -> bool:
    """Whether a way leads from its row to its column over other hidden numbers. Where none does, adding and taking
    away whole lines gives the number away.
    """
    others = hidden - {place}
    rows, columns = {place[0]}, set[int]()
    while True:
        columns_now = {x for y, x in others if y in rows}
        rows_now = rows | {y for y, x in others if x in columns_now}
        if place[1] in columns_now:
            return True
        if rows_now == rows and columns_now == columns:
            return False
        rows, columns = rows_now, columns_now


def _totals(full: Sequence[Sequence[int]], at: tuple[int, int]) -> int:
    return int(at[0] == len(full) - 1)


def _lines(full: Sequence[Sequence[int]]) -> Iterator[list[tuple[int, int]]]:
    """Each row and column, its total included."""
    for y, row in enumerate(full):
        yield [(y, x) for x in range(len(row))]
    for x in range(len(full[0])):
        yield [(y, x) for y in range(len(full))]


def suppress_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The same for one row of counts."""
    return dict(zip(counts, suppress([list(counts.values())]).totals, strict=True))

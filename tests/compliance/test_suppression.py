"""Small counts of people by area: what is withheld, what stays, and that nobody can work out what was withheld."""

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compliance.suppression import TOTAL, Counts, Shown, suppress

HIDDEN = Shown.WITHHELD


def table(*rows: tuple[int, ...]) -> Counts:
    """Areas a, b, c … by categories k, l, m …"""
    areas, categories = "abcdef"[: len(rows)], "klmnop"[: len(rows[0])]
    return Counts(
        {(area, kind): row[n] for area, row in zip(areas, rows, strict=True) for n, kind in enumerate(categories)}
    )


def shown(counts: Counts, *, totals: bool = False) -> list[list[object]]:
    found = suppress(counts)
    columns = [*counts.categories, *([TOTAL] if totals else [])]
    return [[found.value(area, category) for category in columns] for area in counts.areas]


def test_without_small_counts_all_is_shown():
    assert shown(table((9, 0), (5, 12)), totals=True) == [[9, 0, 9], [5, 12, 17]]


def test_nothing_is_no_small_count():
    assert shown(table((0, 6), (8, 0))) == [[0, 6], [8, 0]]


def test_one_area_with_a_small_count_takes_the_next_smallest_with_it():
    assert shown(table((3,), (20,), (7,))) == [[HIDDEN], [20], [HIDDEN]]


def test_two_small_counts_hide_each_other():
    assert shown(table((3,), (2,), (7,))) == [[HIDDEN], [HIDDEN], [7]]


def test_a_small_count_in_a_table_hides_a_rectangle_of_the_least():
    found = suppress(table((3, 20, 30), (9, 8, 40), (50, 60, 70)))
    assert found.hidden == {("a", "k"), ("a", "l"), ("b", "k"), ("b", "l")}


def test_where_others_counted_nobody_that_is_hidden_too():
    assert suppress(table((3,), (0,))).hidden == {("a", "k"), ("b", "k"), ("a", TOTAL), ("b", TOTAL)}


def test_one_area_is_the_authority():
    with pytest.raises(ValueError, match="one area"):
        suppress(table((3,)))


def columns_that_fit(counts: Counts, hidden: set[tuple[str, str]], kind: str) -> list[dict[tuple[str, str], int]]:
    """Every way to fill the hidden cells of a category so that its total, which is public, stays what it is."""
    cells = [(area, kind) for area in counts.areas if (area, kind) in hidden]
    left = sum(counts.of(area, kind) for area, _kind in cells)
    ways = itertools.product(range(left + 1), repeat=len(cells))
    return [dict(zip(cells, values, strict=True)) for values in ways if sum(values) == left]


def possible(counts: Counts, hidden: set[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Every value that a hidden cell can have with all that is shown staying true, found by trying them all."""
    areas, categories = counts.areas, counts.categories
    seen: dict[tuple[str, str], set[int]] = {cell: set() for cell in hidden}
    for columns in itertools.product(*(columns_that_fit(counts, hidden, kind) for kind in categories)):
        tried = dict(counts.cells) | {cell: value for column in columns for cell, value in column.items()}
        rows = {area: sum(tried.get((area, kind), 0) for kind in categories) for area in areas}
        if any((area, TOTAL) not in hidden and rows[area] != counts.of(area, TOTAL) for area in areas):
            continue
        for area, kind in hidden:
            seen[area, kind].add(rows[area] if kind == TOTAL else tried.get((area, kind), 0))
    return seen


@settings(deadline=None, max_examples=200)
@given(st.integers(2, 3), st.integers(1, 2), st.data())
def test_what_is_withheld_cannot_be_worked_out(rows, columns, data):
    values = st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6))
    counts = table(*(tuple(data.draw(values) for _ in range(columns)) for _ in range(rows)))
    found = suppress(counts)
    for area, kind in itertools.product(counts.areas, [*counts.categories, TOTAL]):
        if 1 <= counts.of(area, kind) <= 4:
            assert (area, kind) in found.hidden
    # A whole authority of one person cannot be spread otherwise
    assume(all(sum(counts.of(area, kind) for area in counts.areas) != 1 for kind in counts.categories))
    for cell, values_left in possible(counts, found.hidden).items():
        assert len(values_left) > 1, (cell, values_left, counts.cells)

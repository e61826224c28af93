"""Counts of people of one system of several: what is withheld, and that no report beside it gives it away."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.measures import MEASURES
from compliance.system_totals import Withheld, withhold


def test_without_small_counts_all_is_shown():
    assert withhold({"arrests_assisted": {1: 9, 2: 0, 3: 12}}) == Withheld()


def test_a_small_count_takes_the_next_smallest_with_it():
    found = withhold({"arrests_assisted": {1: 3, 2: 20, 3: 7, 4: 0}})
    assert found == Withheld({("arrests_assisted", 1), ("arrests_assisted", 3)})


def test_two_small_counts_hide_each_other():
    assert withhold({"incidents": {1: 3, 2: 2, 3: 7}}) == Withheld({("incidents", 1), ("incidents", 2)})


def test_where_the_other_system_counted_nobody_that_is_hidden_too():
    assert withhold({"incidents": {1: 3, 2: 0}}) == Withheld({("incidents", 1), ("incidents", 2)})


def test_a_small_total_that_one_system_alone_gave_is_withheld():
    assert withhold({"incidents": {1: 3}}) == Withheld({("incidents", 1)}, {"incidents"})
    assert withhold({"incidents": {1: 5}}) == Withheld()


def test_a_part_is_withheld_for_the_same_systems():
    found = withhold({"sars_received": {1: 3, 2: 20, 3: 10}, "sars_in_time": {1: 3, 2: 20, 3: 10}})
    assert found.figures == {(measure, system) for measure in ("sars_received", "sars_in_time") for system in (1, 3)}


def test_complaints_refusals_faults_and_money_are_never_withheld():
    others = [measure.key for measure in MEASURES.values() if not measure.about_people]
    assert withhold({key: {1: 1, 2: 2} for key in others}) == Withheld()


def possible(table, found):
    """Every value that each withheld figure can have with all that is shown staying true, found by trying them all."""
    cells = sorted((measure, system) for measure, values in table.items() for system in values)
    most = max(sum(values.values()) for values in table.values())
    ranges = [range(most + 1) if cell in found.figures else [table[cell[0]][cell[1]]] for cell in cells]
    seen = {cell: set() for cell in found.figures}
    for tried in itertools.product(*ranges):
        values = dict(zip(cells, tried, strict=True))
        for measure, row in table.items():
            if measure not in found.totals and sum(values[measure, one] for one in row) != sum(row.values()):
                break
        else:
            parts = ((cell, ("sars_received", cell[1])) for cell in cells if cell[0] == "sars_in_time")
            if all(values[part] <= values[whole] for part, whole in parts if whole in values):
                for cell, left in seen.items():
                    left.add(values[cell])
    return seen


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3), st.data())
def test_what_is_withheld_cannot_be_worked_out(systems, data):
    counts, table = st.sampled_from((0, 0, 1, 2, 4, 5)), {"sars_received": {}, "sars_in_time": {}}
    for system in range(systems):
        table["sars_received"][system] = whole = data.draw(counts)
        if data.draw(st.booleans()):  # a part may be unknown
            table["sars_in_time"][system] = min(data.draw(counts), whole)
    found = withhold(table)
    for measure, values in table.items():
        for system, value in values.items():
            assert (measure, system) in found.figures or not 1 <= value <= 4
    for cell, left in possible(table, found).items():
        # That nobody was counted may come out: nobody is told of by it.
        assert len(left) > 1 or table[cell[0]][cell[1]] == 0, (cell, left, table)

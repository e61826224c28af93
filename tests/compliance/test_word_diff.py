"""What changed between two texts: exact in both directions, in words, quick, and safe to show."""

import itertools

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.word_diff import MOST_CHARACTERS, word_diff

WORDS = st.lists(st.sampled_from(["the", "camera", "sees", "a", "street", ",", ".", " ", "  ", "\n", "Ŵyl", "don't"]))
TEXTS = st.one_of(st.text(max_size=60), WORDS.map(" ".join), WORDS.map("".join))


def before_of(diff):
    return "".join(text for kind, text in diff if kind != "added")


def after_of(diff):
    return "".join(text for kind, text in diff if kind != "removed")


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("", "", []),
        ("Same text.", "Same text.", [("same", "Same text.")]),
        ("", "New", [("added", "New")]),
        ("Old", "", [("removed", "Old")]),
        (
            "The cameras watch the street.",
            "The cameras watch the park.",
            [("same", "The cameras watch the "), ("removed", "street"), ("added", "park"), ("same", ".")],
        ),
        (
            "Kept for thirty one days.",
            "Kept for fourteen full days.",
            [("same", "Kept for "), ("removed", "thirty one"), ("added", "fourteen full"), ("same", " days.")],
        ),
        ("One\nTwo", "One\nTwo\nThree", [("same", "One\nTwo"), ("added", "\nThree")]),
        ("a  b", "a b", [("same", "a"), ("removed", "  "), ("added", " "), ("same", "b")]),
        ("the operators' list", "the operators’ list", None),
    ],
)
def test_what_stayed_went_and_came(before, after, diff):
    found = word_diff(before, after)
    assert diff is None or found == diff
    assert (before_of(found), after_of(found)) == (before, after)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(before, after):
    found = word_diff(before, after)
    assert (before_of(found), after_of(found)) == (before, after)
    assert all(text for _kind, text in found)
    assert all(one[0] != next_one[0] for one, next_one in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 2000, "b " * 2000),
        ("a b " * 1000, "b a " * 1000),
        ("x" * 4000, "y" * 4000),
        (". " * 2000, ", " * 2000),
        ("!" * 4000, "!" * 3999 + "?"),
        (" ".join(str(n % 97) for n in range(1400)), " ".join(str(n * 31 % 97) for n in range(1400))),
        (" ".join(str(n % 9) for n in range(2000)), " ".join(str(n * 5 % 9) for n in range(2000))),
    ],
)
def test_the_longest_and_most_hostile_answers_are_compared(before, after):
    # Work that grew with the square of these would not end while anybody waits.
    found = word_diff(before, after)
    assert (before_of(found), after_of(found)) == (before, after)


def test_beyond_all_measure_the_whole_is_replaced():
    assert word_diff("a" * MOST_CHARACTERS, "b") == [("removed", "a" * MOST_CHARACTERS), ("added", "b")]


def test_it_is_shown_escaped_and_told_without_colour():
    shown = render_to_string("components/word_diff.html", {"diff": word_diff("<b>one</b>", "<i>one</i>")})
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;" in shown
    assert "[removed:" in shown
    assert "[added:" in shown
    assert shown.count("<del") == 2
    assert shown.count("<ins") == 2


def test_a_text_that_was_written_anew_is_shown_as_a_whole():
    before = "The cameras watch the market place and the two streets beside it, day and night."
    after = "We keep no pictures of homes, and the town clerk reads the log of each month."
    assert word_diff(before, after) == [("removed", before), ("added", after)]

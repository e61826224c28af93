"""Numbers in a form or an address: plain digits, and few of them."""

import pytest

from core.sent import sent_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 9, 999_999_999)])
def test_plain_digits_are_a_number(text, number):
    assert sent_number(text) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "+1", "1.5", "1_0", "²", "١٢", "9" * 10, "9" * 5000])
def test_anything_else_is_none(text):
    assert sent_number(text) is None

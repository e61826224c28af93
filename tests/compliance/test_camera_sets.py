"""Sets of cameras as councils write them become numbers, and nothing of the text is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.camera_sets import LARGEST_RANGE, expand, match
from tests.factories.compliance import CameraFactory, CameraSystemFactory

SIGNS = ("-", " - ", "–", " – ", "—", "−", " to ")
BETWEEN = (", ", " / ", "; ", " & ", " and ", "\n", " ")


def test_a_set_with_hyphens_dashes_and_slashes_is_understood() -> None:
    read = expand("50 - 57 / 59 – 67 / 177 - 178 / 193 – 197 / 201 - 208")
    expected = [*range(50, 58), *range(59, 68), 177, 178, *range(193, 198), *range(201, 209)]
    assert read.numbers == tuple(map(str, expected))
    assert (len(read.numbers), read.not_understood) == (32, ())
    assert [part.text for part in read.parts] == ["50 - 57", "59 – 67", "177 - 178", "193 – 197", "201 - 208"]


def test_words_between_numbers_are_kept_as_not_understood() -> None:
    read = expand("Cameras 30-33 and Town Centre ... Cameras 142-143")
    assert read.numbers == ("30", "31", "32", "33", "142", "143")
    assert [str(rest) for rest in read.not_understood] == ["Town Centre ..."]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Cameras 187 - 192", ("187", "188", "189", "190", "191", "192")),
        ("C169-C172, 12a", ("C169", "C170", "C171", "C172", "12a")),
        ("C9–11", ("C9", "C10", "C11")),
        ("008-010", ("008", "009", "010")),
        ("CAM-12 to CAM-14 & camera 3.", ("CAM-12", "CAM-13", "CAM-14", "3")),
        ("12a-12c", ("12a", "12b", "12c")),
        ("5, 5 and 4-6", ("5", "4", "6")),
        ("", ()),
    ],
)
def test_numbers_are_read_as_written(text: str, numbers: tuple[str, ...]) -> None:
    read = expand(text)
    assert (read.numbers, read.not_understood) == (numbers, ())


@pytest.mark.parametrize(
    "text", ["57-50", f"1 - {LARGEST_RANGE + 1}", "1-9999999", "C1-D4", "1-2-3", "12a-15", "12.5", "4th floor"]
)
def test_what_is_no_plain_range_is_not_guessed(text: str) -> None:
    read = expand(text)
    assert (read.numbers, [str(rest) for rest in read.not_understood]) == ((), [text])


RANGES = st.tuples(st.integers(1, 9000), st.integers(0, 40), st.sampled_from(SIGNS)).map(
    lambda drawn: (f"{drawn[0]}{drawn[2]}{drawn[0] + drawn[1]}", list(range(drawn[0], drawn[0] + drawn[1] + 1)))
)


@given(st.lists(RANGES, min_size=1, max_size=8), st.sampled_from(BETWEEN))
def test_every_number_of_every_range_is_there_once(ranges: list[tuple[str, list[int]]], between: str) -> None:
    read = expand(between.join(text for text, _numbers in ranges))
    expected = dict.fromkeys(str(number) for _text, numbers in ranges for number in numbers)
    assert (read.numbers, read.not_understood) == (tuple(expected), ())


@given(st.text(alphabet="0123456789 -–,/&abC.\n", max_size=80))
def test_no_digit_of_a_text_is_lost(text: str) -> None:
    read = expand(text)
    kept = "".join([part.text for part in read.parts] + [rest.text for rest in read.not_understood])
    assert sorted(re.findall("[0-9]", kept)) == sorted(re.findall("[0-9]", text))
    assert len(set(read.numbers)) == len(read.numbers)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert len(expand(text).numbers) <= 10_000


@pytest.mark.django_db
def test_numbers_are_found_among_the_cameras_of_the_systems() -> None:
    system, other = CameraSystemFactory(), CameraSystemFactory()
    fifty = CameraFactory(system=system, operator_ref="Camera 050")
    exact = CameraFactory(system=system, operator_ref="51")
    twins = [CameraFactory(system=system, operator_ref="52"), CameraFactory(system=system, operator_ref="52")]
    CameraFactory(system=other, operator_ref="53")
    CameraFactory(system=system, operator_ref="54", status="decommissioned")
    CameraFactory(system=system, operator_ref="")
    found = match(("50", "51", "52", "53", "54"), [system])
    assert found.found == (fifty, exact)
    assert found.missing == ("53", "54")
    assert [(number, set(cameras)) for number, cameras in found.ambiguous] == [("52", set(twins))]

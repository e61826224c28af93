"""What the values of a column look like, from a sample: the other half of every guess, beside its heading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from compliance.camera_lists import cells as reading
from compliance.camera_lists.coordinates import GRID_EAST, GRID_NORTH, from_grid, inside, number, two_numbers

CODE = re.compile(r"[A-Za-z]{0,8}[-_/ ]?\d{1,7}(?:\.0+)?[A-Za-z]?")
LETTERS = re.compile(r"[^\W\d_]{3,}")
SAMPLES_SHOWN = 4


@dataclass
class Profile:
    """Shares of the values that are not blank, from 0 to 1."""

    values: list[str]  # not blank
    filled: float
    numbers: list[float]  # one for each record of the sample; nan where there is none

    def share(self, count: int) -> float:
        return count / len(self.values) if self.values else 0.0

    @property
    def numeric(self) -> float:
        return self.share(sum(not isnan(value) for value in self.numbers))

    @property
    def decimals(self) -> float:
        """Numbers as degrees are written: with three decimals or more."""
        return self.share(sum(bool(re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3,}", value)) for value in self.values))

    @property
    def distinct(self) -> float:
        return self.share(len(set(self.values)))

    @property
    def words(self) -> float:
        return self.share(sum(bool(LETTERS.search(value)) for value in self.values))

    @property
    def codes(self) -> float:
        return self.share(sum(bool(CODE.fullmatch(value)) for value in self.values))

    @property
    def length(self) -> float:
        return self.share(sum(map(len, self.values)))

    @property
    def points(self) -> float:
        return self.share(sum(two_numbers(value) is not None for value in self.values))

    @property
    def well_known_text(self) -> float:
        return self.share(sum(value.lstrip().upper().startswith("POINT") for value in self.values))

    @property
    def postcodes(self) -> float:
        return self.share(sum(bool(reading.postcode(value)) for value in self.values))

    @property
    def ward_codes(self) -> float:
        return self.share(sum(bool(reading.WARD_GSS.fullmatch(value)) for value in self.values))

    @property
    def other_area_codes(self) -> float:
        """Codes of the statistics office for areas that are no wards."""
        gss = sum(bool(reading.GSS.fullmatch(v)) and not reading.WARD_GSS.fullmatch(v) for v in self.values)
        return self.share(gss)

    @property
    def types(self) -> float:
        return self.share(sum(bool(reading.camera_type(value)) for value in self.values))

    @property
    def mounts(self) -> float:
        return self.share(sum(bool(reading.mount(value)) for value in self.values))

    @property
    def directions(self) -> float:
        return self.share(sum(reading.direction(value) is not None for value in self.values))

    @property
    def days(self) -> float:
        patterns = (reading.ISO_DAY, reading.NUMERIC_DAY, reading.NAMED_DAY, reading.SERIAL_DAY)
        return self.share(sum(any(pattern.fullmatch(value) for pattern in patterns) for value in self.values))

    @property
    def states(self) -> float:
        folded = [value.casefold() for value in self.values]
        return self.share(sum(bool(reading.NOT_IN_USE.search(v) or reading.IN_USE.search(v)) for v in folded))

    @property
    def splits(self) -> float:
        """A number and a place in one, each number once."""
        found = [pair for value in self.values if (pair := reading.split_reference(value))]
        once = len({number for number, _place in found}) >= 0.9 * len(found)
        return self.share(len(found)) if once else 0.0


def profile(column: Sequence[str]) -> Profile:
    cleaned = []
    for cell in column:
        try:
            cleaned.append(reading.clean(cell))
        except reading.Unreadable:
            cleaned.append("")
    values = [value for value in cleaned if value]
    return Profile(values, len(values) / len(cleaned) if cleaned else 0.0, [number(value)[0] for value in cleaned])


def here_as_degrees(latitude: Profile, longitude: Profile) -> float:
    """Which share of the records is in England or Wales when the two are taken as degrees."""
    return _share(inside(np.array(latitude.numbers), np.array(longitude.numbers)), latitude, longitude)


def here_as_grid(east: Profile, north: Profile) -> float:
    """Which share is on the island or near it when the two are taken as British National Grid. Scotland counts."""
    latitudes, longitudes = from_grid(np.array(east.numbers), np.array(north.numbers))
    big = np.array(east.numbers) > 1000  # degrees and metres are never mistaken for each other
    return _share(~np.isnan(latitudes) & ~np.isnan(longitudes) & big, east, north)


def both_numbers(one: Profile, other: Profile) -> int:
    return int(np.count_nonzero(~np.isnan(np.array(one.numbers)) & ~np.isnan(np.array(other.numbers))))


def _share(found: "np.typing.NDArray[np.bool_]", one: Profile, other: Profile) -> float:
    usable = both_numbers(one, other)
    return float(np.count_nonzero(found)) / usable if usable else 0.0


def other_system(x: Profile, y: Profile) -> str:
    """The name of a system of coordinates that the values show and that is not taken; "" where they show none."""
    xs, ys = np.array(x.numbers), np.array(y.numbers)
    known = ~np.isnan(xs) & ~np.isnan(ys)
    if not known.any():
        return ""
    middle_x, middle_y = float(np.median(xs[known])), float(np.median(ys[known]))
    if -20_037_509 < middle_x < 20_037_509 and 5_500_000 < middle_y < 8_800_000 and abs(middle_x) < 1_500_000:
        return "UTM" if 200_000 < middle_x < 800_000 and middle_y < 6_250_000 else "Web Mercator"
    outside_grid = abs(middle_y) > GRID_NORTH or abs(middle_x) > GRID_EAST
    return "a system unknown here" if outside_grid and abs(middle_x) > 100_000 and abs(middle_y) > 100_000 else ""


def pair_profiles(column: Profile) -> tuple[Profile, Profile, bool]:
    """The first and the second numbers of a column of points, and whether most are WKT."""
    found = [pair for value in column.values if (pair := two_numbers(value))]
    marked = sum(pair[2] for pair in found) * 2 > len(found)
    first, second = (Profile([str(pair[n]) for pair in found], 1.0, [pair[n] for pair in found]) for n in (0, 1))
    return first, second, marked

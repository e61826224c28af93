"""Two numbers as a place: read, reprojected, and judged before anybody believes them.

OSGB36 (EPSG:27700) becomes degrees by OSTN15, the transformation that the Ordnance Survey defines. What comes out is
ETRS89, taken as WGS84: the two differ by less than a metre (docs/decisions/camera-lists.md).
"""

import math
import re
from array import array
from typing import Any

import numpy as np
from convertbng.cutil import convert_osgb36_to_ll
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.places import METRES_PER_DEGREE, OUTLINE, Place
from core.errors import RuleBroken

DEGREES, GRID = "EPSG:4326", "EPSG:27700"
OSTN15 = "OSTN15 (OSGB36 / British National Grid, EPSG:27700, to ETRS89, taken as WGS84)"
OTHER_NAMES = {
    "4326": DEGREES, "WGS84": DEGREES, "WGS 84": DEGREES, "CRS84": DEGREES, "EPSG:4258": DEGREES, "4258": DEGREES,
    "ETRS89": DEGREES, "27700": GRID, "OSGB36": GRID, "OSGB": GRID, "BNG": GRID, "EPSG:7405": GRID,
}  # fmt: skip
NOT_TAKEN = {
    "29902": gettext_lazy("the Irish Grid"),
    "29903": gettext_lazy("the Irish Grid"),
    "29901": gettext_lazy("the Irish Grid"),
    "2157": gettext_lazy("Irish Transverse Mercator"),
    "3857": gettext_lazy("Web Mercator"),
    "900913": gettext_lazy("Web Mercator"),
    "32630": gettext_lazy("UTM zone 30"),
    "25830": gettext_lazy("UTM zone 30"),
    "32631": gettext_lazy("UTM zone 31"),
}
FAR_METRES = 100_000  # the widest authority, North Yorkshire, reaches some 90 km from its middle
OUTLIER_METRES = 25_000  # from the middle of the list's own places, and OUTLIER_TIMES as far as three in four of them
OUTLIER_TIMES = 4
FEWEST_FOR_OUTLIERS = 8
FEWEST_FOR_A_LIST = 3  # fewer places elsewhere are mistakes, not a list from elsewhere
SAME_METRES = 1.0  # design 7
DISAGREEING_METRES = 50  # between the degrees and the grid of one record
GRID_EAST, GRID_NORTH = 700_000, 1_300_000
NOTHING = math.nan
PLAIN = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,24})?")
SEVERAL_POINTS = re.compile(r"[+-]?\d+[.,]\d+[.,]\d+([.,]\d+)*")
HEMISPHERE = re.compile(r"([NSEW])?\s*([+-]?[\d.,]+)\s*°?\s*([NSEW])?", re.IGNORECASE)
MINUTES = re.compile(
    r"([NSEW])?\s*(\d{1,3})\s*[°d:]\s*(\d{1,2})(?:\s*['′:m]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|''|s)?)?)?\s*([NSEW])?",
    re.IGNORECASE,
)
WKT = re.compile(
    r"(?:SRID=\d+;)?\s*POINT\s*(?:ZM|Z|M)?\s*\(\s*([+-]?[\d.]+)\s*,?\s+([+-]?[\d.]+)(?:\s+[+-]?[\d.]+){0,2}\s*\)", re.I
)
PAIR = re.compile(r"[\[(]?\s*([+-]?\d{1,7}(?:\.\d+)?)\s*[,;/ ]\s*([+-]?\d{1,7}(?:\.\d+)?)\s*[\])]?")
GRID_REFERENCE = re.compile(r"([HNOST])([A-HJ-Z])((?:\d\d){4,5})", re.IGNORECASE)  # ten metres or finer

# What a judgement found, as a small number for arrays; the codes are those of RowProblem
OK, NONE, ZERO, WRECKED, SWAPPED, OUTSIDE, FAR, DISAGREE = range(8)
CODES = ("", "no_coordinates", "zero_coordinates", "wrecked_coordinates", "swapped_coordinates", "outside", "far",
         "coordinates_disagree")  # fmt: skip


def known_crs(text: str) -> str:
    """EPSG:4326 or EPSG:27700. Raises RuleBroken for another system, with its name where we know it."""
    plain = text.strip().upper().replace("EPSG::", "EPSG:")
    plain = OTHER_NAMES.get(plain, plain)
    if plain in (DEGREES, GRID):
        return plain
    name = NOT_TAKEN.get(plain.removeprefix("EPSG:"))
    if name:
        raise not_taken(str(name))
    sentence = _("Coordinates are taken as %(degrees)s (degrees) or %(grid)s (British National Grid), not as %(name)s.")
    raise RuleBroken(sentence % {"degrees": DEGREES, "grid": GRID, "name": text.strip()})


def not_taken(name: str) -> RuleBroken:
    sentence = _("The coordinates are in %(name)s. Export the list in degrees (WGS84) or in British National Grid.")
    return RuleBroken(sentence % {"name": name})


def number(text: str) -> tuple[float, str]:
    """The number of a cell, or NOTHING with the code of what is wrong; "" for an empty cell."""
    if PLAIN.fullmatch(text):
        return float(text), ""
    if not text:
        return NOTHING, ""
    return _unusual(text)


def _unusual(text: str) -> tuple[float, str]:
    plain = text.replace("−", "-").replace("\u00a0", " ").strip().lstrip("'")
    if SEVERAL_POINTS.fullmatch(plain) and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return NOTHING, "wrecked_coordinates"
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+(\.\d+)?", plain) and len(re.findall(r"\d", plain)) >= 5:
        plain = re.sub(r"[, ](?=\d{3})", "", plain)  # 385,123 metres
    elif re.fullmatch(r"[+-]?\d{1,3},\d+", plain):
        plain = plain.replace(",", ".")  # a decimal comma
    if PLAIN.fullmatch(plain):
        return float(plain), ""
    if re.fullmatch(r"[+-]?\d(\.\d+)?[eE][+-]?\d{1,2}", plain):
        return NOTHING, "wrecked_coordinates"  # 5.35E+01: its digits are lost
    if found := MINUTES.fullmatch(plain):
        value = float(found[2]) + float(found[3]) / 60 + float(found[4] or 0) / 3600
        return _signed(value, found[1] or found[5])
    found = HEMISPHERE.fullmatch(plain)
    if found and PLAIN.fullmatch(found[2]) and (found[1] or found[3] or "°" in plain):
        return _signed(float(found[2]), found[1] or found[3])
    return NOTHING, "unreadable_coordinates"


def _signed(value: float, letter: str | None) -> tuple[float, str]:
    return (-value if (letter or "").upper() in ("S", "W") and letter else value), ""


def two_numbers(text: str) -> tuple[float, float, bool] | None:
    """The numbers of `POINT (x y)`, `SJ 81191 96455` or `a, b` in their order, and whether the order is x, y."""
    if found := WKT.fullmatch(text):
        try:
            return float(found[1]), float(found[2]), True
        except ValueError:
            return None
    if found := GRID_REFERENCE.fullmatch(text.replace(" ", "")):
        return *grid_numbers(found[1].upper(), found[2].upper(), found[3]), True
    if found := PAIR.fullmatch(text):
        return float(found[1]), float(found[2]), False
    return None


def grid_numbers(square: str, hundred: str, digits: str) -> tuple[float, float]:
    """Easting and northing of a grid reference: a square of 500 km, one of 100 km in it, and metres or tens of them."""
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    big, small = letters.index(square), letters.index(hundred)
    east = ((big - 2) % 5) * 5 + small % 5
    north = (19 - big // 5 * 5) - small // 5
    half = len(digits) // 2
    scale = 10 ** (5 - half)
    return east * 100_000.0 + int(digits[:half]) * scale, north * 100_000.0 + int(digits[half:]) * scale


def from_grid(east: Any, north: Any) -> tuple[Any, Any]:
    """Latitudes and longitudes of points on the British National Grid; nan where OSTN15 does not reach."""
    usable = (east >= 0) & (east <= GRID_EAST) & (north >= 0) & (north <= GRID_NORTH)
    if not usable.any():
        return np.full(len(east), np.nan), np.full(len(east), np.nan)
    longitudes, latitudes = convert_osgb36_to_ll(np.where(usable, east, np.nan), np.where(usable, north, np.nan))
    return np.where(usable, latitudes, np.nan), np.where(usable, longitudes, np.nan)


def inside(latitudes: Any, longitudes: Any) -> Any:
    """Which points are in England or Wales, by the outline of `compliance.places`; nan is nowhere."""
    found = np.zeros(len(latitudes), dtype=bool)
    x1, y1 = OUTLINE[-1]
    for x2, y2 in OUTLINE:
        if y1 != y2:
            crosses = (y1 > latitudes) != (y2 > latitudes)
            found ^= crosses & (longitudes < (x2 - x1) * (latitudes - y1) / (y2 - y1) + x1)
        x1, y1 = x2, y2
    return found


def metres(latitudes: Any, longitudes: Any, latitude: float, longitude: float) -> Any:
    """Distances to one point, good to a percent within a country."""
    north = (latitudes - latitude) * METRES_PER_DEGREE
    east = (longitudes - longitude) * METRES_PER_DEGREE * np.cos(np.radians((latitudes + latitude) / 2))
    return np.hypot(north, east)


class Points:
    """The coordinates of all records of a list, gathered cell by cell, then judged together."""

    def __init__(self) -> None:
        self.latitude, self.longitude = array("d"), array("d")  # as the record gives them
        self.east, self.north = array("d"), array("d")

    def add(self, latitude: float, longitude: float, east: float, north: float) -> None:
        self.latitude.append(latitude)
        self.longitude.append(longitude)
        self.east.append(east)
        self.north.append(north)

    def judge(self, centre: Place | None, *, accept_far: bool) -> "Judged":
        given = [np.frombuffer(each, dtype=float) if each else np.zeros(0) for each in self._arrays()]
        latitude, longitude, east, north = given
        by_grid = np.isnan(latitude) & ~np.isnan(east)
        grid_latitude, grid_longitude = from_grid(east, north)
        found = Judged(
            np.where(by_grid, grid_latitude, latitude), np.where(by_grid, grid_longitude, longitude), by_grid
        )
        found.find_faults(latitude, longitude, east, north)
        both = (found.verdict == OK) & ~by_grid & ~np.isnan(grid_latitude)
        if both.any():
            apart = np.hypot(
                (latitude - grid_latitude) * METRES_PER_DEGREE,
                (longitude - grid_longitude) * METRES_PER_DEGREE * np.cos(np.radians(grid_latitude)),
            )
            found.verdict[both & (apart > DISAGREEING_METRES)] = DISAGREE
        if not accept_far:
            found.find_far(centre)
        return found

    def _arrays(self) -> tuple["array[float]", ...]:
        return self.latitude, self.longitude, self.east, self.north


class Judged:
    """Places in degrees with a verdict each. Where it is not OK the place must not be used."""

    def __init__(self, latitude: Any, longitude: Any, by_grid: Any) -> None:
        self.latitude, self.longitude, self.by_grid = np.round(latitude, 6), np.round(longitude, 6), by_grid
        self.verdict = np.zeros(len(latitude), dtype=np.uint8)

    def find_faults(self, latitude: Any, longitude: Any, east: Any, north: Any) -> None:
        given_east, given_north = np.where(self.by_grid, east, longitude), np.where(self.by_grid, north, latitude)
        here = inside(self.latitude, self.longitude)
        turned_latitude, turned_longitude = from_grid(north, east)
        swapped = np.where(self.by_grid, inside(turned_latitude, turned_longitude), inside(longitude, latitude))
        impossible = np.where(
            self.by_grid, np.isnan(self.latitude), (np.abs(latitude) > 90) | (np.abs(longitude) > 180)
        )
        missing = np.isnan(given_east) | np.isnan(given_north)
        zero = (given_east == 0) & (given_north == 0)
        conditions = (here, missing, zero, swapped, impossible)
        self.verdict[:] = np.select(conditions, (OK, NONE, ZERO, SWAPPED, WRECKED), OUTSIDE)

    def find_far(self, centre: Place | None) -> None:
        """Far from the authority; or, among enough places, far from where nearly all of them are."""
        used = self.verdict == OK
        if centre is not None:
            away = metres(self.latitude, self.longitude, float(centre.latitude), float(centre.longitude))
            self.verdict[used & (away > FAR_METRES)] = FAR
            used = self.verdict == OK
        if np.count_nonzero(used) < FEWEST_FOR_OUTLIERS:
            return
        middle = float(np.median(self.latitude[used])), float(np.median(self.longitude[used]))
        away = metres(self.latitude, self.longitude, *middle)
        usual = float(np.percentile(away[used], 75))
        self.verdict[used & (away > max(OUTLIER_METRES, OUTLIER_TIMES * usual))] = FAR

    def wholly_outside(self) -> bool:
        """No place is in England or Wales and most are elsewhere. (Parts of Scotland, turned round, are Norfolk.)"""
        outside = int(np.count_nonzero(self.verdict == OUTSIDE))
        here = int(np.count_nonzero((self.verdict == OK) | (self.verdict == FAR)))
        return not here and outside >= FEWEST_FOR_A_LIST and outside * 2 >= len(self.verdict)

    def where_outside(self) -> str:
        """Where the places outside seem to be, in words."""
        out = self.verdict == OUTSIDE
        north, east = float(np.median(self.latitude[out])), float(np.median(self.longitude[out]))
        for name, south, top, west, right in REGIONS:
            if south <= north <= top and west <= east <= right:
                return str(name)
        return _("not in England or Wales, but around latitude %(north).1f, longitude %(east).1f") % {
            "north": north,
            "east": east,
        }


# Boxes for words only: what is in England or Wales has been found before.
REGIONS = (
    (gettext_lazy("in the Channel Islands"), 49.0, 49.8, -2.8, -1.9),
    (gettext_lazy("on the Isle of Man"), 54.0, 54.45, -4.9, -4.3),
    (gettext_lazy("in Northern Ireland"), 54.0, 55.35, -8.2, -5.4),
    (gettext_lazy("in Ireland"), 51.3, 55.5, -10.7, -5.9),
    (gettext_lazy("in Scotland"), 54.6, 61.0, -8.8, -0.6),
)

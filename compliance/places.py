"""Where a point on the earth is, as far as a list of cameras needs it: in England or Wales, and how far from another.

Degrees are WGS84. The outline is our own, drawn by hand: some kilometres off the coast, and along the border with
Scotland within a kilometre or two, between the towns on both sides. It tells a place in England or Wales from one in
Scotland, Ireland, the Isle of Man or France, and no more.
"""

import math
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
FAR_METRES = 100_000  # the widest authority, North Yorkshire, reaches some 90 km from its middle


class Place(NamedTuple):
    latitude: Decimal
    longitude: Decimal


# Longitude and latitude of the corners, clockwise from Berwick-upon-Tweed.
OUTLINE = (
    (-1.95, 55.83), (-1.55, 55.70), (-1.25, 55.20), (-0.85, 54.85), (-0.20, 54.70), (0.30, 54.20), (0.45, 53.70),
    (0.60, 53.25), (1.25, 53.15), (1.95, 52.90), (2.05, 52.30), (1.85, 51.90), (1.65, 51.40), (1.62, 51.05),
    (1.20, 50.80), (0.40, 50.60), (-1.20, 50.40), (-2.40, 50.35), (-3.45, 50.00), (-5.10, 49.80), (-6.60, 49.70),
    (-6.70, 50.10), (-5.60, 50.40), (-5.10, 50.90), (-4.95, 51.35), (-5.80, 51.60), (-5.70, 52.05), (-5.00, 52.40),
    (-5.10, 52.85), (-4.90, 53.20), (-4.85, 53.50), (-4.30, 53.60), (-3.40, 53.60), (-3.45, 54.00), (-3.85, 54.50),
    (-3.60, 54.85), (-3.35, 54.94), (-3.20, 54.97), (-3.065, 54.99), (-3.05, 55.02), (-3.05, 55.05), (-2.94, 55.062),
    (-2.87, 55.108), (-2.83, 55.138), (-2.69, 55.19), (-2.63, 55.255), (-2.50, 55.35), (-2.35, 55.375), (-2.33, 55.41),
    (-2.18, 55.455), (-2.23, 55.545), (-2.29, 55.585), (-2.335, 55.637), (-2.23, 55.65), (-2.15, 55.745),
    (-2.09, 55.765), (-2.06, 55.805),
)  # fmt: skip


def in_england_or_wales(place: Place) -> bool:
    """By the outline: a ray to the east crosses it an odd number of times."""
    x, y = float(place.longitude), float(place.latitude)
    inside = False
    x1, y1 = OUTLINE[-1]
    for x2, y2 in OUTLINE:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def metres_between(one: Place, other: Place) -> float:
    """Good to a percent over the distances of one country."""
    middle = math.radians((float(one.latitude) + float(other.latitude)) / 2)
    north = (float(one.latitude) - float(other.latitude)) * METRES_PER_DEGREE
    east = (float(one.longitude) - float(other.longitude)) * METRES_PER_DEGREE * math.cos(middle)
    return math.hypot(north, east)


def metres_in_words(metres: int) -> str:
    """A distance as people read it: metres below a kilometre, then kilometres."""
    if metres < 1000:
        return _("%(metres)d m") % {"metres": metres}
    return _("%(kilometres).1f km") % {"kilometres": metres / 1000}

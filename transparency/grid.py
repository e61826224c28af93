"""The grid of the map: places as whole numbers, cells in which cameras are counted together, tiles asked for at once.

Web Mercator (EPSG:3857) in 2**28 steps from west to east and from north to south; a step is 15 cm at the equator. At
zoom z the world is 256 × 2**z points wide, a cell is 64 points and a tile 512 points: eight by eight cells.
"""

import math
from decimal import Decimal
from typing import NamedTuple

BITS = 28
WORLD = 1 << BITS
MOST_NORTHERN = 85.05  # degrees: where web Mercator ends

FIRST_ZOOM, LAST_CELL_ZOOM, LAST_ZOOM = 4, 12, 18
CELL_ZOOMS = range(FIRST_ZOOM, LAST_CELL_ZOOM + 1)  # those whose cells are kept; nearer, cameras are looked at
KEY_ZOOM = LAST_CELL_ZOOM + 1  # the tiles by which cameras themselves are found are those of this zoom


class Place(NamedTuple):
    x: int
    y: int


def place_of(latitude: Decimal | float, longitude: Decimal | float) -> Place:
    """The whole-numbered place of a position in degrees. Raises ValueError beyond the map."""
    north, east = float(latitude), float(longitude)
    if not (abs(north) <= MOST_NORTHERN and abs(east) <= 180):
        raise ValueError(f"{latitude}, {longitude} is not on the map")
    sine = math.sin(math.radians(north))
    across = (east + 180) / 360
    down = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return Place(min(int(across * WORLD), WORLD - 1), min(int(down * WORLD), WORLD - 1))


def degrees(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude of a place, to a tenth of a metre."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / WORLD))))
    return round(latitude, 6), round(x / WORLD * 360 - 180, 6)


def cell_shift(zoom: int) -> int:
    """By how many bits a place is shifted to the number of its cell."""
    return BITS - 2 - zoom


def tile_shift(zoom: int) -> int:
    """By how many bits a place is shifted to the number of its tile."""
    return BITS + 1 - zoom


def tile_key(x: int, y: int, zoom: int = KEY_ZOOM) -> int:
    """One number for the tile of a place."""
    shift = tile_shift(zoom)
    return key_of(x >> shift, y >> shift, zoom)


def key_of(column: int, row: int, zoom: int) -> int:
    """One number for a tile by its column and row."""
    return column << (zoom - 1) | row


def is_tile(zoom: int, column: int, row: int) -> bool:
    """Whether there is such a tile on the map."""
    return FIRST_ZOOM <= zoom <= LAST_ZOOM and 0 <= column < 1 << (zoom - 1) and 0 <= row < 1 << (zoom - 1)

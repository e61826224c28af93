"""Whether cameras of other operators stand beside some: known places only, and no more exact than they may be known."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Min

from accounts.models import Organisation
from compliance.models import Camera
from compliance.models.camera import NEVER_MAPPED, CameraQuerySet, Precision
from compliance.places import METRES_PER_DEGREE, Place, metres_between
from compliance.services.systems import FINAL

NEAR_METRES = 200
KNOWN = (Precision.EXACT, Precision.STREET)  # of a ward's or a withheld camera being near would tell where it is
Cell = tuple[int, int]


@dataclass(frozen=True)
class Beside:
    """By ward: how many cameras have one of another operator beside them, and whose those are."""

    counts: Mapping[str, int]
    names: Mapping[str, Sequence[str]]


def beside_others(operator: Organisation, cameras: CameraQuerySet) -> Beside:
    """Of `cameras`, those within `NEAR_METRES` of another operator's camera in use, by ward. Three queries at most."""
    placed = cameras.exclude(latitude=None)
    bounds = placed.aggregate(Min("latitude"), Max("latitude"), Min("longitude"), Max("longitude"))
    if bounds["latitude__min"] is None:
        return Beside(Counter(), defaultdict(list))
    # One degree of longitude is at least half as long as one of latitude in England and Wales
    north = Decimal(str(NEAR_METRES / METRES_PER_DEGREE))
    east = 2 * north
    others = (
        Camera.objects.in_use()
        .filter(
            precision__in=KNOWN,
            latitude__range=(bounds["latitude__min"] - north, bounds["latitude__max"] + north),
            longitude__range=(bounds["longitude__min"] - east, bounds["longitude__max"] + east),
        )
        .exclude(camera_type__in=NEVER_MAPPED)
        .exclude(system__operator=operator)
        .exclude(system__status__in=FINAL)
    )
    grid: defaultdict[Cell, list[tuple[Place, str]]] = defaultdict(list)
    for latitude, longitude, name in others.values_list("latitude", "longitude", "system__operator__name"):
        if latitude is not None and longitude is not None:
            place = Place(latitude, longitude)
            grid[_cell(place, float(north), float(east))].append((place, name))
    counts, names = Counter[str](), defaultdict[str, set[str]](set)
    for ward, latitude, longitude in placed.values_list("ward", "latitude", "longitude"):
        if latitude is None or longitude is None:
            continue
        place = Place(latitude, longitude)
        row, column = _cell(place, float(north), float(east))
        found = {
            name
            for cell in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
            for other, name in grid.get(cell, ())
            if metres_between(place, other) <= NEAR_METRES
        }
        counts[ward] += bool(found)
        names[ward] |= found
    return Beside(counts, defaultdict(list, {ward: sorted(found) for ward, found in names.items()}))


def _cell(place: Place, north: float, east: float) -> Cell:
    """Of a grid whose cells are at least as wide as what counts as near."""
    return math.floor(float(place.latitude) / north), math.floor(float(place.longitude) / east)

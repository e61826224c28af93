"""What one tile of the map holds, in the language that is active: cameras counted in cells, or cameras themselves.

Up to zoom 12 the cells are kept ready; nearer, the cameras of the tile are looked at, and counted in cells where they
are too many to be shown one by one. What is answered is small whatever is published.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, F, Sum
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.models.camera import CameraType
from transparency.grid import KEY_ZOOM, LAST_CELL_ZOOM, cell_shift, degrees, key_of, tile_shift
from transparency.map_choice import MapChoice
from transparency.models import GridCell, PublicCamera

MOST_CAMERAS = 120  # that a tile shows one by one
MARGIN = 0.3  # of a cell: its mark keeps so far from its edges, so that the marks of neighbours never meet
OTHERS = 1  # of the organisations of a cell one is named


class Tile(NamedTuple):
    zoom: int
    column: int
    row: int


class Part(NamedTuple):
    """What one organisation has in one cell."""

    x: int
    y: int
    organisation: int
    cameras: int
    sum_x: int
    sum_y: int


def tile_of(tile: Tile, choice: MapChoice) -> dict[str, Any]:
    """The tile as it is sent: `cells` of [latitude, longitude, how many, words], `systems` of [address, operator], and
    `cameras` of [latitude, longitude, words, place in `systems`, number as in addresses]. At most three queries.
    """
    if tile.zoom <= LAST_CELL_ZOOM:
        return _whole(cells=_named_cells(_kept(tile, choice), tile.zoom))
    cameras = _cameras(tile, choice)
    shown = list(
        cameras.order_by("pk").values_list(
            "latitude", "longitude", "location", "ward", "ref", "camera_type", "path", "organisation"
        )[: MOST_CAMERAS + 1]
    )
    if len(shown) > MOST_CAMERAS:
        return _whole(cells=_named_cells(_counted(cameras, tile.zoom), tile.zoom))
    return _one_by_one(shown)


def _whole(**parts: list[Any]) -> dict[str, Any]:
    return {"cells": [], "systems": [], "cameras": [], **parts}


def _kept(tile: Tile, choice: MapChoice) -> Iterable[Part]:
    cells = GridCell.objects.filter(
        zoom=tile.zoom, tile=key_of(tile.column, tile.row, tile.zoom), **choice.columns()
    ).order_by()
    grouped = cells.values_list("x", "y", "organisation")
    return (Part(*row) for row in grouped.annotate(Sum("count"), Sum("sum_x"), Sum("sum_y")))


def _cameras(tile: Tile, choice: MapChoice) -> Any:
    """The cameras of a tile that is nearer than the kept cells, found by the larger tile that it lies in."""
    nearer = tile.zoom - KEY_ZOOM
    cameras = PublicCamera.objects.filter(
        tile=key_of(tile.column >> nearer, tile.row >> nearer, KEY_ZOOM), **choice.columns()
    )
    if nearer:
        shift = tile_shift(tile.zoom)
        west, north = tile.column << shift, tile.row << shift
        cameras = cameras.filter(x__gte=west, x__lt=west + (1 << shift), y__gte=north, y__lt=north + (1 << shift))
    return cameras


def _counted(cameras: Any, zoom: int) -> Iterable[Part]:
    shift = cell_shift(zoom)
    placed = cameras.order_by().annotate(column=F("x").bitrightshift(shift), row=F("y").bitrightshift(shift))
    grouped = placed.values_list("column", "row", "organisation")
    return (Part(*row) for row in grouped.annotate(Count("pk"), Sum("x"), Sum("y")))


def _named_cells(parts: Iterable[Part], zoom: int) -> list[list[Any]]:
    cells: dict[tuple[int, int], list[Part]] = defaultdict(list)
    for part in parts:
        cells[part.x, part.y].append(part)
    largest = {cell: max(found, key=lambda part: (part.cameras, -part.organisation)) for cell, found in cells.items()}
    names = _names({part.organisation for part in largest.values()})
    return [
        _cell(found, names[largest[cell].organisation], zoom)
        for cell, found in sorted(cells.items(), key=lambda pair: (pair[0][1], pair[0][0]))
    ]


def _cell(parts: list[Part], name: str, zoom: int) -> list[Any]:
    """A mark at the middle of its cameras, as far as its cell allows."""
    count, shift = sum(part.cameras for part in parts), cell_shift(zoom)
    middle = []
    for corner, total in (
        (parts[0].x, sum(part.sum_x for part in parts)),
        (parts[0].y, sum(part.sum_y for part in parts)),
    ):
        least, most = (corner + MARGIN) * (1 << shift), (corner + 1 - MARGIN) * (1 << shift)
        middle.append(min(max(total / count, least), most))
    latitude, longitude = degrees(*middle)
    words = ngettext("%(count)s camera", "%(count)s cameras", count) % {"count": f"{count:,}"}
    if len(parts) > OTHERS:
        words = _("%(cameras)s: %(organisation)s and others") % {"cameras": words, "organisation": name}
    else:
        words = f"{words}: {name}"
    return [round(latitude, 5), round(longitude, 5), count, words]


def _names(organisations: set[int]) -> dict[int, str]:
    """Names in the language of the page. One query."""
    welsh = get_language() == "cy"
    rows = Organisation.objects.outward().filter(pk__in=organisations).values_list("pk", "name", "name_cy")
    return {key: (name_cy if welsh and name_cy else name) for key, name, name_cy in rows}


def _one_by_one(rows: list[Any]) -> dict[str, Any]:
    names = _names({row[-1] for row in rows})
    labels = {each.value: str(each.label) for each in CameraType if each != CameraType.UNKNOWN}
    systems: dict[tuple[str, int], int] = {}
    cameras = []
    for latitude, longitude, location, ward, ref, camera_type, path, organisation in rows:
        system = systems.setdefault((path, organisation), len(systems))
        words = ", ".join(filter(None, [ref, location or ward, labels.get(camera_type, "")])) or _("camera")
        cameras.append([float(latitude), float(longitude), words, system, slugify(ref)])
    return _whole(systems=[[path, names[organisation]] for path, organisation in systems], cameras=cameras)

"""Read models of the map: rows for listed cameras, cells with counts, counts of what the public knows of the rest.

When a page changes, what its former rows counted is taken away and what its new ones count is added: the cost follows
the change. Only `exact` cameras have coordinates here (domain 11.13); what moves has none (11.8), and number plate
readers of the police have no row at all: they are theirs to publish (11.6).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, models

from compliance.models.camera import NEVER_MAPPED, Precision
from core.bulk import delete_rows, insert_rows
from transparency.folding import folded
from transparency.grid import CELL_ZOOMS, cell_shift, place_of, tile_key
from transparency.listed_cameras import has_place, is_named, is_public, technologies_of, technology_of
from transparency.models import GridCell, KnownBy, PlaceCount, PlacedSystem, Publication, PublicCamera
from transparency.services.read_models import read_models

ROWS_A_STATEMENT = 400  # of ten values: SQLite takes 32,766 in a statement


class CameraRow(NamedTuple):
    """The columns of PublicCamera that a publication says, in their order; the rest is the system's."""

    ref: str
    location: str
    ward: str
    locality: str
    camera_type: str
    technology: str
    precision: str
    latitude: Decimal | None
    longitude: Decimal | None
    x: int | None
    y: int | None
    tile: int | None


Counts = Counter[tuple[str, str, str]]  # by type, technology and what it is known by
Sums = dict[tuple[Any, ...], list[int]]


@read_models.plug
def place(newest: Publication) -> None:
    """Let the tables of the map say what the newest version of a system's page says. A dozen queries and one for each
    few hundred cells that change.
    """
    if newest.kind != Publication.Kind.SYSTEM:
        return
    content = newest.facts() if newest.ended_at is None else None
    rows = list(camera_rows(content)) if content else []
    before = PlacedSystem.objects.filter(system_reference=newest.subject_reference).first()
    if before is None and content is None:
        return
    sums: Sums = {}
    _take_away(newest.subject_reference, rows, sums, newest)
    counts = counts_of(content, rows) if content else Counter()
    changed: Sums = {}
    if before is not None:
        for camera_type, technology, known_by, count in before.counts:
            _add(changed, (before.organisation_id, camera_type, technology, known_by), (-count,))
    for key, count in counts.items():
        _add(changed, (newest.organisation_id, *key), (count,))
    add_up(GridCell, sums)
    add_up(PlaceCount, changed)
    _remember(newest, rows, counts if content else None)


def camera_rows(content: Mapping[str, Any]) -> Iterator[CameraRow]:
    """The rows of a frozen list of cameras, of any schema so far. What the precision does not allow is left out here
    again, whatever the list says.
    """
    facts, operator = content["facts"], content["operator"]
    technologies = technologies_of(facts)
    for row in facts["cameras"]["list"]:
        if not is_public(row, operator):
            continue
        camera_type, named = row["type"], is_named(row)
        latitude = longitude = x = y = tile = None
        if has_place(row):
            latitude, longitude = Decimal(row["latitude"]), Decimal(row["longitude"])
            x, y = place_of(latitude, longitude)
            tile = tile_key(x, y)
        yield CameraRow(
            ref=row["ref"],
            location=row.get("location", "") if named else "",
            ward=row["ward"],
            locality=row.get("locality", ""),
            camera_type=camera_type,
            technology=technology_of(camera_type, technologies),
            precision=row["precision"],
            latitude=latitude,
            longitude=longitude,
            x=x,
            y=y,
            tile=tile,
        )


def counts_of(content: Mapping[str, Any], rows: Iterable[CameraRow]) -> Counts:
    """Every camera that is counted, in one of the ways in which the public may know of it."""
    facts, counts = content["facts"], Counts()
    for row in rows:
        counts[(row.camera_type, row.technology, _known_by(row))] += 1
    counts[("", "", KnownBy.WITHHELD.value)] = facts["cameras"]["by_precision"]["withheld"]
    placed = sum(count for (_type, _technology, known), count in counts.items() if known != KnownBy.MOVING)
    moving = sum(row["mobile"] + row["redeployable"] for row in facts["technologies"])
    counted = facts["cameras_counted"]
    units = sum(row["count"] for row in facts.get("counted_units", []))
    listed_moving = counts.total() - placed
    rest = max(counted - counts.total(), 0)  # counted, in no list, not withheld
    move_unlisted = min(rest, max(moving - listed_moving, 0))
    counts[("", "", KnownBy.MOVING.value)] += move_unlisted + units
    counts[("", "", KnownBy.UNLISTED.value)] = rest - move_unlisted
    return +counts


def _known_by(row: CameraRow) -> str:
    if row.x is not None:
        return KnownBy.EXACT.value
    if row.camera_type in NEVER_MAPPED:
        return KnownBy.MOVING.value
    # An exact camera without coordinates is as good as one that is known by its street.
    return KnownBy.WARD.value if row.precision == Precision.WARD else KnownBy.STREET.value


def _take_away(reference: str, rows: list[CameraRow], sums: Sums, newest: Publication) -> None:
    """Replace the rows of a system, those that stay the same excepted, and note what changes in the cells."""
    old = PublicCamera.objects.filter(system_reference=reference)
    known = old.values_list("pk", "organisation_id", "path", *CameraRow._fields)
    wanted = Counter(rows)
    gone = []
    for key, organisation, path, *values in known.order_by("pk").iterator(chunk_size=2000):
        row = CameraRow(*values)
        if wanted[row] and organisation == newest.organisation_id and path == newest.path:
            wanted[row] -= 1
            continue
        gone.append(key)
        _count_in_cells(sums, organisation, row, -1)
    for start in range(0, len(gone), ROWS_A_STATEMENT * 10):
        delete_rows(old.filter(pk__in=gone[start : start + ROWS_A_STATEMENT * 10]))
    old.update(publication=newest)
    fresh = list((+wanted).elements())
    for row in fresh:
        _count_in_cells(sums, newest.organisation_id, row, 1)
    same = {
        "publication_id": newest.pk,
        "organisation_id": newest.organisation_id,
        "system_reference": reference,
        "path": newest.path,
    }
    if fresh:
        insert_rows(PublicCamera, CameraRow._fields, fresh, same=same)


def _count_in_cells(sums: Sums, organisation: int, row: CameraRow, sign: int) -> None:
    if row.x is None or row.y is None:
        return
    amounts = (sign, sign * row.x, sign * row.y)
    for zoom in CELL_ZOOMS:
        shift = cell_shift(zoom)
        cell = (zoom, tile_key(row.x, row.y, zoom), row.x >> shift, row.y >> shift)
        _add(sums, (*cell, organisation, row.camera_type, row.technology), amounts)


def _add(sums: Sums, key: tuple[Any, ...], amounts: tuple[int, ...]) -> None:
    known = sums.get(key)
    if known is None:
        sums[key] = list(amounts)
    else:
        for place_, amount in enumerate(amounts):
            known[place_] += amount


def add_up(model: type[GridCell] | type[PlaceCount], sums: Sums) -> None:
    """Add to the counts of a table by their keys; a row that counts nothing goes. Two at once wait for each other in
    the same order, since the keys are sorted.
    """
    changes = [(*key, *amounts) for key, amounts in sorted(sums.items()) if any(amounts)]
    if not changes:
        return
    quoted, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    key = [quoted(_column(model, name)) for name in model.KEY]
    summed = [quoted(_column(model, name)) for name in model.SUMS]
    values = f"({', '.join(['%s'] * (len(key) + len(summed)))})"
    adding = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in summed)
    with connection.cursor() as cursor:
        for start in range(0, len(changes), ROWS_A_STATEMENT):
            batch = changes[start : start + ROWS_A_STATEMENT]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(key + summed)}) VALUES {', '.join([values] * len(batch))} "  # noqa: S608
                f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {adding}",
                [value for row in batch for value in row],
            )
    _drop_empty(model, [change for change in changes if change[len(key)] < 0])


def _drop_empty(model: type[GridCell] | type[PlaceCount], lessened: list[tuple[Any, ...]]) -> None:
    """Delete rows that count nothing any more, looked for among those of the same first columns."""
    if model is PlaceCount:
        PlaceCount.objects.filter(organisation__in={row[0] for row in lessened}, count=0).delete()
        return
    for zoom in sorted({row[0] for row in lessened}):
        tiles = sorted({row[1] for row in lessened if row[0] == zoom})
        for start in range(0, len(tiles), ROWS_A_STATEMENT):
            empty = GridCell.objects.filter(zoom=zoom, tile__in=tiles[start : start + ROWS_A_STATEMENT], count=0)
            delete_rows(empty)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _remember(newest: Publication, rows: list[CameraRow], counts: Counts | None) -> None:
    reference = newest.subject_reference
    if counts is None:
        PlacedSystem.objects.filter(system_reference=reference).delete()
        return
    values = {
        "organisation": newest.organisation,
        "publication": newest,
        "counts": [[*key, count] for key, count in sorted(counts.items())],
        "places": "\n".join(sorted({folded(name) for row in rows for name in (row.ward, row.locality) if name})),
    }
    PlacedSystem.objects.update_or_create(system_reference=reference, defaults=values)

"""The two doors of the package: a first look at a list, and its sorting."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from compliance.camera_lists.coordinates import GRID, OSTN15, known_crs
from compliance.camera_lists.guessing import Guess, guess_columns
from compliance.camera_lists.headings import Headings, column_names, find_headings, shown
from compliance.camera_lists.maps import open_geojson, open_kml
from compliance.camera_lists.records import Records
from compliance.camera_lists.separated import open_separated
from compliance.camera_lists.shapes import Known, ListLook, ListSettings, Sorting
from compliance.camera_lists.sorting import sort_records
from compliance.camera_lists.tables import MAX_ROWS, Line, Table, bounded, kind_of, read_bytes
from compliance.camera_lists.workbooks import open_workbook
from compliance.places import Place
from core.errors import RuleBroken

SAMPLE = 600  # records from which columns are guessed
IDENTIFYING = {"operator_ref", "ref_and_location", "wkt", "latitude", "easting"}
SURE = 0.55  # of a column of places alone: any text has a column of words
RAGGED_SHARE = 0.05  # of the records: more that are short were cut by a program that drops empty cells at the end
STEP = 2000
COUNTED = 5000  # rows of a workbook that are counted exactly at first sight


@dataclass
class _Opened:
    table: Table
    headings: Headings
    guess: Guess
    settings: ListSettings
    ragged: bool

    @property
    def transformation(self) -> str | None:
        fields = set(self.guess.mapping.values())
        by_grid = "easting" in fields or ("wkt" in fields and self.guess.crs == GRID)
        return OSTN15 if by_grid else None

    def count_records(self) -> int:
        """How many; about how many of a long workbook, of which only its worker reads every cell."""
        if self.table.kind == "xlsx" and self.table.lines_estimate > COUNTED:
            return self.table.lines_estimate - self.headings.header_rows
        return sum(1 for _line in self.records())

    def records(self) -> Iterator[Line]:
        lines = bounded(self.table.lines())
        above = 0 if self.table.headings is not None else self.headings.header_rows
        return (line for line in lines if line.number > above)


def look_at(path: Path, *, file_name: str, settings: ListSettings | None = None) -> ListLook:
    """How a list would be read, with samples, for a person to confirm.

    Raises RuleBroken for a file in which no list can be seen.
    """
    opened = _open(path, settings or ListSettings())
    rows = opened.count_records()
    notes = [*opened.table.notes, *opened.headings.notes, *opened.guess.notes]
    if not _is_list(opened.guess):
        notes.append(_unknown_columns())
    table = opened.table
    return ListLook(table.kind, opened.settings, opened.guess.columns, rows, opened.transformation, notes, table.sheets)


def sort_list(
    path: Path,
    *,
    file_name: str,
    settings: ListSettings | None = None,
    known: Iterable[Known] = (),
    centre: Place | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sorting:
    """Every record of a list sorted against the cameras that are known. Raises RuleBroken for what is no list."""
    opened = _open(path, settings or ListSettings())
    if not _is_list(opened.guess):
        raise RuleBroken(_unknown_columns())
    records = Records(opened.guess, opened.headings, ragged=opened.ragged)
    count = 0
    for count, line in enumerate(opened.records(), 1):
        if count > MAX_ROWS:
            raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MAX_ROWS})
        records.read_line(line)
        if progress and count % STEP == 0:
            progress(count, max(opened.table.lines_estimate - opened.headings.header_rows, count))
    result = Sorting(opened.table.kind, opened.settings, opened.transformation)
    return sort_records(result, records, known, centre, progress)


def _is_list(guess: Guess) -> bool:
    sure = any(column.field == "location" and column.confidence >= SURE for column in guess.columns)
    return sure or bool(IDENTIFYING & set(guess.mapping.values()))


def _unknown_columns() -> str:
    return _(
        "The file is not a list of cameras that can be read: no column was found with a camera number, a location or"
        " coordinates. Say which column is which."
    )


def _open(path: Path, settings: ListSettings) -> _Opened:
    table = _table(path, settings)
    if settings.crs:
        known_crs(settings.crs)
    sample = list(itertools.islice(bounded(table.lines()), SAMPLE))
    if not sample:
        raise RuleBroken(_("The list is empty: it has no rows."))
    headings = _headings(table, sample, settings)
    above = 0 if table.headings is not None else headings.header_rows
    rows = [line.cells for line in sample if line.number > above and not line.fault]
    guess = guess_columns(headings, rows, settings, table.crs)
    short = sum(1 for row in rows if len(row) < _needed(guess))
    ragged = table.kind != "csv" or short >= max(3, RAGGED_SHARE * len(rows))
    complete = replace(
        settings,
        encoding=table.encoding,
        delimiter=table.delimiter,
        has_header=headings.has_header or table.headings is not None,
        header_rows=headings.header_rows,
        mapping=guess.mapping,
        crs=guess.crs,
        sheet=table.sheet,
    )
    return _Opened(table, headings, guess, complete, ragged)


def _table(path: Path, settings: ListSettings) -> Table:
    data = read_bytes(path)
    kind = kind_of(data)
    if kind == "xlsx":
        return open_workbook(data, settings)
    if kind == "geojson":
        return open_geojson(data, settings)
    if kind == "kml":
        return open_kml(data)
    return open_separated(path, data, settings)


def _headings(table: Table, sample: list[Line], settings: ListSettings) -> Headings:
    if table.headings is None:
        return find_headings(sample, settings)
    names = [shown(name) for name in table.headings]
    return Headings(column_names(names), [[name] for name in names], 0)


def _needed(guess: Guess) -> int:
    return max((column.number for column in guess.columns if column.field != "ignore"), default=0)

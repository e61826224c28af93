"""Workbooks (XLSX): the sheet that looks like a list of cameras, its cells as texts, formulas by their last result."""

import datetime as dt
import io
import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import MAX_COLUMNS, MAX_ROWS, Line, Table
from compliance.camera_lists.words import meanings
from core.errors import PortalError, RuleBroken
from core.files.office import check_office

LOOKED_AT = 60  # lines of each sheet
MOST_SHEETS = 40
CHUNK = 1024 * 1024


def open_workbook(data: bytes, settings: ListSettings) -> Table:
    """A sheet of a workbook as a table. Raises RuleBroken for one that is damaged, locked or made to burst."""
    check_office(data, "xlsx")
    with _damage_told():
        book = _load(data)
        sheets = [sheet.title for sheet in _sheets(book)]
        if settings.sheet and settings.sheet not in sheets:
            sentence = _("The workbook has no sheet %(name)s. Its sheets: %(sheets)s")
            raise RuleBroken(sentence % {"name": settings.sheet, "sheets": ", ".join(sheets)})
        chosen = settings.sheet or max(_sheets(book), key=_likeness).title
        about, has_formulas = _skim(book[chosen])
        unsolved = has_formulas and _lacks_results(_lines(book[chosen]), _lines(_load(data, results=False)[chosen]))
    notes = []
    if len(sheets) > 1 and not settings.sheet:
        notes.append(_("The workbook has several sheets; this one looks most like a list: %(name)s") % {"name": chosen})
    if unsolved:
        notes.append(
            _(
                "Cells of the sheet hold formulas without their results, and read as empty. Open the workbook, save it"
                " and choose it again."
            )
        )

    def lines() -> Iterator[Line]:
        with _damage_told():
            yield from _lines(book[chosen])

    return Table("xlsx", lines, lines_estimate=about, sheet=chosen, sheets=sheets, notes=notes)


def _skim(sheet: Any) -> tuple[int, bool]:
    """About how many rows a sheet has and whether it has formulas, without reading its cells."""
    rows, has_formulas, before = 0, False, b""
    with sheet._get_source() as source:
        while chunk := source.read(CHUNK):
            rows += chunk.count(b"<row ")
            has_formulas = has_formulas or b"<f>" in before + chunk or b"<f " in before + chunk
            before = chunk[-2:]
    return rows, has_formulas


def _lacks_results(lines: Iterator[Line], formulas: Iterator[Line]) -> bool:
    """Whether a formula at the top has no result with it, as programs write them that do not reckon."""
    for line, written in itertools.islice(zip(lines, formulas, strict=False), LOOKED_AT):
        results = [*line.cells, *[""] * len(written.cells)]
        if any(cell.startswith("=") and not result for cell, result in zip(written.cells, results, strict=False)):
            return True
    return False


def _load(data: bytes, *, results: bool = True) -> Any:
    """Read when asked, cell by cell; with the formulas themselves instead of their results."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that it leaves out: styles, pictures, print areas
        return load_workbook(io.BytesIO(data), read_only=True, data_only=results, keep_links=False)


@contextmanager
def _damage_told() -> Iterator[None]:
    """The library raises whatever its parsers meet in a damaged file; it becomes one sentence here."""
    try:
        yield
    except PortalError:
        raise
    except Exception as error:
        raise RuleBroken(
            _("The workbook is damaged or not whole. Open it, save it again and choose the new file.")
        ) from error


def _sheets(book: Any) -> list[Any]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    if not shown:
        raise RuleBroken(_("The workbook has no sheet with cells."))
    return list(shown[:MOST_SHEETS])


def _likeness(sheet: Any) -> float:
    """How many headings of a list of cameras the best line at its top has, then how full it is."""
    best, full = 0.0, 0
    for count, line in enumerate(_lines(sheet)):
        if count >= LOOKED_AT:
            break
        cells = [cell for cell in line.cells if cell]
        full += len(cells)
        if count < 12:
            best = max(best, sum(max((score for _field, score in meanings(cell)), default=0) for cell in cells))
    return best + min(full, 1000) / 10_000


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    rows = sheet.iter_rows(max_row=MAX_ROWS * 4, values_only=True)  # a bound of columns would fill each row up to it
    for number, cells in enumerate(rows, 1):
        texts = [_text(cell) for cell in cells[:MAX_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        yield Line(number, texts)


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):  # a moment is one, too
        return value.isoformat()[:10]
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value) if whole else value)

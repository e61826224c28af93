"""A file as lines of cells, whatever it was: which kind it is by its content, never by its name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.errors import RuleBroken

MAX_BYTES = 60 * 1024 * 1024
MAX_ROWS = 250_000
MAX_COLUMNS = 300
SNIFFED = 4096


class Line(NamedTuple):
    """One line of a table: its number as a spreadsheet numbers it, its cells, and what makes it no record, or ""."""

    number: int
    cells: list[str]
    fault: str = ""


@dataclass
class Table:
    """Lines that can be gone through more than once. `headings` is set where the format itself names the columns."""

    kind: str
    lines: Callable[[], Iterator[Line]]
    encoding: str = ""
    delimiter: str = ""
    lines_estimate: int = 0  # about how many lines; 0 where only reading tells
    headings: list[str] | None = None
    crs: str = ""  # where the file itself says it
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def kind_of(data: bytes) -> str:
    """xlsx, geojson, kml or csv, by content. Raises RuleBroken with a sentence that says what else it is."""
    head = data[:SNIFFED]
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(data)
    _refuse_other(head)
    text = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    start = text.lstrip()[:2000]
    if start.startswith(b"{") or re.match(rb"\[\s*[\[{]", start):
        return "geojson"
    if start.startswith(b"<"):
        if b"<kml" in start.lower() or b":kml" in start.lower():
            return "kml"
        raise RuleBroken(_("The file is a web page or another document of markup. Export the list as CSV or XLSX."))
    return "csv"


def _kind_of_archive(data: bytes) -> str:
    tail = data[-200_000:] + data[:SNIFFED]  # where an archive names its parts
    if b"xl/workbook.xml" in tail:
        return "xlsx"
    if b".kml" in tail:
        raise RuleBroken(_("The file is a KMZ archive. Unpack it and choose the KML file inside."))
    if b"xl/workbook.bin" in tail:
        raise RuleBroken(_("The file is a binary workbook (XLSB). In Excel, save it as an XLSX workbook or as CSV."))
    if b"opendocument.spreadsheet" in tail:
        raise RuleBroken(_("The file is an OpenDocument spreadsheet. Save it as XLSX or CSV and choose that file."))
    raise RuleBroken(_("The file is an archive or another document. Choose the list itself, as CSV or XLSX."))


def _refuse_other(head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleBroken(_("The file is of an old Excel (XLS) or another old program. Save it as XLSX or CSV."))
    if head.lstrip().startswith(b"%PDF"):
        raise RuleBroken(_("The file is a PDF, in which no columns can be told apart. Choose a CSV or XLSX file."))
    pictures = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"BM\x36")
    if head.startswith(pictures) or head[4:8] == b"ftyp":
        raise RuleBroken(_("The file is a picture or a recording. Choose the list as CSV or XLSX."))
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        raise RuleBroken(_("The file is an archive. Unpack it and choose the list inside."))
    if head.startswith((b"MZ\x90", b"\x7fELF")):
        raise RuleBroken(_("The file is a program. Choose the list as CSV or XLSX."))


def read_bytes(path: Path) -> bytes:
    """All of a file. Raises RuleBroken when it is larger than a list of cameras is."""
    if path.stat().st_size > MAX_BYTES:
        sentence = _("The file is larger than %(megabytes)d MB. Divide it, or take out the pictures.")
        raise RuleBroken(sentence % {"megabytes": MAX_BYTES // (1024 * 1024)})
    return path.read_bytes()


def bounded(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines that hold anything. Raises RuleBroken for more than are taken."""
    count = 0
    for line in lines:
        cells = line.cells
        seen = cells and " " < cells[0][:1] < "\x7f"  # nearly always
        if not seen and not line.fault and not _holds_anything(cells):
            continue
        count += 1
        if count > MAX_ROWS + 20:
            raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MAX_ROWS})
        if len(cells) > MAX_COLUMNS:
            raise RuleBroken(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})
        yield line


def _holds_anything(cells: list[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)

"""Tables of separated values: which separator, which quotation marks, and lines that hold together."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from compliance.camera_lists.encodings import guess_encoding, known_encoding
from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import Line, Table
from core.errors import RuleBroken

SEPARATORS = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, "^": 0.8, "~": 0.8, ":": 0.3}
NO_SEPARATOR = "\x1f"
SAMPLE_CHARACTERS = 100_000
SAMPLE_LINES = 200


def open_separated(path: Path, data: bytes, settings: ListSettings) -> Table:
    """A text as a table. Raises RuleBroken where it cannot be decoded or a quotation mark swallows lines."""
    encoding = known_encoding(settings.encoding) if settings.encoding else guess_encoding(data)
    with _open(path, encoding) as text:
        try:
            sample = text.read(SAMPLE_CHARACTERS)
        except UnicodeError as error:
            raise _not_in(encoding) from error
    hinted = _hint(sample)
    delimiter = settings.delimiter or hinted or _guess_separator(sample)
    if delimiter and (len(delimiter) > 1 or delimiter in '"\r\n'):
        raise RuleBroken(_("A separator is one character, for example a comma or a semicolon."))
    reading = _Reading(path, encoding, delimiter, skip_first=bool(hinted))
    if b'"' in data or max(map(len, io.BytesIO(data)), default=0) > csv.field_size_limit():
        reading.check()  # else every cell ends with its line
    return Table("csv", reading.lines, encoding=encoding, delimiter=delimiter, lines_estimate=data.count(b"\n"))


def _open(path: Path, encoding: str) -> TextIO:
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    return open(path, encoding=encoding, errors=errors, newline="")


def _not_in(encoding: str) -> RuleBroken:
    return RuleBroken(_("The file is not a text in the encoding %(name)s.") % {"name": encoding})


def _hint(sample: str) -> str:
    """The separator that Excel was told of in a line of its own: `sep=;`."""
    first = sample.split("\n", 1)[0].strip("\r \"'")
    return first[4] if first[4:] in SEPARATORS and first.casefold().startswith("sep=") else ""


def _guess_separator(sample: str) -> str:
    """The one that cuts most lines into equally many cells; empty where the table has one column."""
    lines = sample.splitlines(keepends=True)
    if len(sample) == SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()
    best, found = 0.0, ""
    for separator, weight in SEPARATORS.items():
        try:
            rows = list(itertools.islice(csv.reader(lines, delimiter=separator), SAMPLE_LINES))
        except csv.Error:
            continue
        score = weight * max(_evenness(list(map(len, rows))), _evenness(list(map(_filled_width, rows))))
        if score > best:
            best, found = score, separator
    return found


def _filled_width(cells: list[str]) -> int:
    """How many cells there are up to the last that holds anything."""
    return next((width for width in range(len(cells), 0, -1) if cells[width - 1].strip()), 0)


def _evenness(widths: list[int]) -> float:
    """How well lines agree on a number of cells above one; more cells speak for a separator."""
    widths = [width for width in widths if width]
    several = Counter(width for width in widths if width > 1).most_common(1)
    if not several:
        return 0.0
    width, often = several[0]
    if often == 1 and len(widths) > 2:
        return 0.0
    first = 1.5 if widths[0] == width else 1.0  # headings hold no commas of decimals or addresses
    return first * (often / len(widths)) * float(min(width - 1, 12) ** 0.5)


class _Reading:
    """One way to read the file; found to hold before it is used."""

    def __init__(self, path: Path, encoding: str, delimiter: str, *, skip_first: bool) -> None:
        self.path, self.encoding, self.delimiter, self.skip_first = path, encoding, delimiter, skip_first
        self.strict = True

    def lines(self) -> Iterator[Line]:
        with _open(self.path, self.encoding) as text:
            lines = map(Line, itertools.count(1), self._reader(text))
            yield from itertools.islice(lines, 1, None) if self.skip_first else lines

    def _reader(self, text: TextIO) -> "csv._reader":  # type: ignore[name-defined, unused-ignore]
        return csv.reader(text, delimiter=self.delimiter or NO_SEPARATOR, strict=self.strict)

    def check(self) -> None:
        """Go through it once. Raises RuleBroken with the line where it cannot be read on."""
        if not self._holds():
            self.strict = False
            self._holds()

    def _holds(self) -> bool:
        with _open(self.path, self.encoding) as text:
            reader = self._reader(text)
            line = width = 0
            try:
                for cells in reader:
                    if reader.line_num > line + 1:
                        self._refuse_swallowed(cells, width, line + 1)
                    width, line = max(width, len(cells)), reader.line_num
            except csv.Error as error:
                if self.strict and "expected after" in str(error):
                    return False
                raise _broken(line + 1) from error
            except UnicodeError as error:
                raise _not_in(self.encoding) from error
        return True

    def _refuse_swallowed(self, cells: list[str], width: int, line: int) -> None:
        """A cell of several lines is an address; one whose lines are records of their own was never closed."""
        separators = max(width or len(cells), 2) - 1
        for cell in cells:
            if "\n" not in cell and "\r" not in cell:
                continue
            inner = io.StringIO(cell, newline=None).read().split("\n")[1:]
            counts = [part.count(self.delimiter) for part in inner] if self.delimiter else [0]
            if max(counts) >= separators or (len(cells) != width > 0 and sum(counts) >= separators):
                raise _broken(line)


def _broken(line: int) -> RuleBroken:
    sentence = _(
        "The file cannot be read on from line %(line)d: a quotation mark is out of place, or a cell is too long."
    )
    return RuleBroken(sentence % {"line": line})

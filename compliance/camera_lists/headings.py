"""Where a table begins: titles, one line of headings or two, or none at all."""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from compliance.camera_lists.cells import BLANKS
from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import Line
from compliance.camera_lists.words import is_heading

NUMBER = re.compile(r"[+-]?\d[\d.,]*")
TOP = 12  # lines in which headings are looked for
ENOUGH = 0.6  # of a column's cells are numbers


@dataclass
class Headings:
    """The names of the columns, the parts that each was made of, and how many lines stand above the first record."""

    names: list[str]
    parts: list[list[str]]
    header_rows: int
    notes: list[str] = field(default_factory=list)

    @property
    def has_header(self) -> bool:
        return self.header_rows > 0


def find_headings(lines: list[Line], settings: ListSettings) -> Headings:
    """From the first lines that hold anything, all of the table's if it is short."""
    width = _width(lines)
    if settings.has_header is False:
        return _named([[]], width, 0)
    if settings.header_rows is not None and settings.header_rows > 0:
        above = [line for line in lines if line.number <= settings.header_rows]
        chosen = [line for line in above if _filled(line) >= max(2, width // 2)][-2:] or above[-1:]
        if len(chosen) == 2 and any(_is_number(cell) for cell in chosen[0].cells):
            chosen = chosen[1:]
        named = _named([line.cells for line in chosen], width, settings.header_rows)
        return _noted(named, chosen, len(above) - len(chosen))
    said = {name.strip().casefold() for name in settings.mapping}
    first = _first(lines, width, said, forced=bool(settings.has_header))
    if first is None:
        return _named([[]], width, 0)
    chosen = [lines[first]]
    if first + 1 < len(lines) and _is_second(lines[first].cells, lines[first + 1].cells):
        chosen.append(lines[first + 1])
    return _noted(_named([line.cells for line in chosen], width, chosen[-1].number), chosen, first)


def _noted(found: Headings, chosen: list[Line], above: int) -> Headings:
    """With what a person should know of the top of the list."""
    if twice := _side_by_side(chosen[-1].cells if chosen else []):
        sentence = _("Two lists seem to stand side by side: %(columns)s. One is read; save the other as its own file.")
        found.notes.append(sentence % {"columns": ", ".join(twice)})
    if above:
        found.notes.append(_("Lines above the headings are left out: %(count)d") % {"count": above})
    if len(chosen) == 2:
        found.notes.append(_("Two lines of headings are read as one."))
    return found


def _width(lines: list[Line]) -> int:
    widths = Counter(len(line.cells) for line in lines if _filled(line) > 1) or Counter(
        len(line.cells) for line in lines
    )
    return widths.most_common(1)[0][0] if widths else 0


def _filled(line: Line) -> int:
    return sum(1 for cell in line.cells if cell.strip())


def _first(lines: list[Line], width: int, said: set[str], *, forced: bool) -> int | None:
    """Which line names the columns; one that has a name that a person said is it."""
    for index, line in enumerate(lines[:TOP]):
        if _filled(line) < max(1, min(2, width), width // 2):
            continue
        if (
            forced
            or said & {cell.strip().casefold() for cell in line.cells}
            or _names_columns(line.cells, [each.cells for each in lines[index + 1 : index + 40]])
        ):
            return index
    return None


def _names_columns(cells: list[str], below: list[list[str]]) -> bool:
    named = sum(is_heading(cell) for cell in cells)
    numbers = sum(_is_number(cell) for cell in cells)
    if numbers and named < max(2, numbers + 1):
        return False
    return named >= 2 or (named >= 1 and not numbers) or _stands_over_numbers(cells, below)


def _stands_over_numbers(cells: list[str], below: list[list[str]]) -> bool:
    """Each column of numbers has a word on top, and there is such a column."""
    found = False
    for column, cell in enumerate(cells):
        under = [row[column].strip() for row in below if column < len(row) and row[column].strip()]
        if len(under) < max(1, min(3, len(below))) or sum(map(_is_number, under)) < ENOUGH * len(under):
            continue
        if not cell.strip() or _is_number(cell) or cell.strip().casefold() in BLANKS:
            return False
        found = True
    return found


def _is_second(above: list[str], cells: list[str]) -> bool:
    """A second line of headings: under merged cells, or the same in another language. Never a record."""
    if any(_is_number(cell) for cell in cells):
        return False
    named = sum(is_heading(cell) for cell in cells)
    filled = sum(1 for cell in cells if cell.strip())
    merged = any(not cell.strip() for cell in above[: len(cells)])
    return named >= max(2, filled / 2) or (named >= 1 and merged)


def _side_by_side(cells: list[str]) -> list[str]:
    """Headings of at least two columns that come a second time behind an empty column."""
    names = [cell.strip().casefold() for cell in cells]
    for gap in (place for place, name in enumerate(names) if not name):
        again = [shown(cells[place]) for place, name in enumerate(names[gap:], gap) if name and name in names[:gap]]
        if len(again) >= 2:
            return again
    return []


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell.strip()))


def _named(rows: list[list[str]], width: int, header_rows: int) -> Headings:
    width = max([width, *(len(row) for row in rows)])
    filled = [_spread(row, width) if index + 1 < len(rows) else _padded(row, width) for index, row in enumerate(rows)]
    parts = [
        list(dict.fromkeys(shown(row[column]) for row in filled if row[column].strip())) for column in range(width)
    ]
    return Headings(column_names([" ".join(part) for part in parts]), parts, header_rows)


def shown(heading: str) -> str:
    """A heading as it can be shown and kept, whatever bytes stood there."""
    text = heading.encode("utf-8", "surrogateescape" if _is_escaped(heading) else "surrogatepass").decode(
        "utf-8", "replace"
    )
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _is_escaped(text: str) -> bool:
    return all("\udc80" <= character <= "\udcff" for character in text if "\ud800" <= character <= "\udfff")


def column_names(headings: list[str]) -> list[str]:
    """A key for each column: its heading; “column 5” for one without; numbered where a heading occurs twice."""
    names: list[str] = []
    for number, heading in enumerate(headings, 1):
        name = heading[:100] or f"column {number}"
        names.append(f"{name} (column {number})" if name in names else name)
    return names


def _padded(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _spread(row: list[str], width: int) -> list[str]:
    """A merged cell stands in its first column; it is meant for all of them."""
    cells = _padded(row, width)
    for column in range(1, width):
        cells[column] = cells[column].strip() or cells[column - 1]
    return cells

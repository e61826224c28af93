"""Figures in a file that somebody brings: one row for each (measure, period, area, category, value), or measures down
and periods across. Nothing is taken over here; every row that cannot be read is named with its reason.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance import periods
from compliance.camera_lists.separated import open_separated
from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import Line, bounded, kind_of, read_bytes
from compliance.camera_lists.workbooks import open_workbook
from compliance.measures import MEASURES
from compliance.statistics_checks import Key
from core.errors import RuleBroken

COLUMNS = ("measure", "period", "area", "category", "value")
SAYS_WHAT = ("what it counts", "unit")  # columns of the empty table that are for its reader only
BLANKS = {"", "-", "–", "n/a", "na", "not recorded", "not known"}
MOST_ROWS = 20_000
NUMBER = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,6})?\s*%?")

PeriodKey = tuple[str, dt.date]  # length and first day


@dataclass
class FoundFigures:
    """What a file says, by period; and which of its rows say nothing that can be taken, with the reason."""

    figures: dict[PeriodKey, dict[Key, Decimal]] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.figures.values()))

    def add(self, row: int, period: PeriodKey, key: Key, value: Decimal) -> None:
        """The same figure twice is a problem unless both are alike."""
        own = self.figures.setdefault(period, {})
        if own.setdefault(key, value) != value:
            self.problems.append((row, _("This figure stands in the file twice, with two values.")))


def read_figures(path: Path) -> FoundFigures:
    """Raises RuleBroken with one sentence for a file that is no such table."""
    lines = list(_lines(path))
    if not lines:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if len(lines) > MOST_ROWS:
        raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MOST_ROWS})
    heads = [cell.strip().casefold() for cell in lines[0].cells]
    if {"measure", "period", "value"} <= set(heads):
        return _long(heads, lines[1:])
    across = [periods.read(head) for head in heads]
    if heads[:1] == ["measure"] and any(across):
        return _wide(across, lines)
    raise RuleBroken(
        _(
            "The file is no table of figures that can be read. Its first row must name the columns %(columns)s; or"
            " “measure” and then periods such as 2025/26 or 2025-04."
        )
        % {"columns": ", ".join(COLUMNS)}
    )


def _lines(path: Path) -> Iterator[Line]:
    data = read_bytes(path)
    kind = kind_of(data)
    if kind == "xlsx":
        return bounded(open_workbook(data, ListSettings()).lines())
    if kind == "csv":
        return bounded(open_separated(path, data, ListSettings()).lines())
    raise RuleBroken(_("Choose a CSV file or an Excel workbook (XLSX)."))


def _long(heads: Sequence[str], lines: Sequence[Line]) -> FoundFigures:
    found, place = FoundFigures(), {name: heads.index(name) for name in COLUMNS if name in heads}
    for line in lines:
        cells = {name: _cell(line, at) for name, at in place.items()}
        period = periods.read(cells["period"])
        if period is None:
            found.problems.append((line.number, _no_period(cells["period"])))
            continue
        split_by = cells.get("area", ""), cells.get("category", "")
        _take(found, line.number, period, name=cells["measure"], text=cells["value"], split_by=split_by)
    return found


def _wide(across: Sequence[PeriodKey | None], lines: Sequence[Line]) -> FoundFigures:
    found = FoundFigures()
    for number, head in enumerate(lines[0].cells[1:], 1):
        if across[number] is None and head.strip().casefold() not in {"", *SAYS_WHAT}:
            found.problems.append((lines[0].number, _no_period(head)))
    for line in lines[1:]:
        for number, period in enumerate(across):
            if period is not None:
                _take(found, line.number, period, name=_cell(line, 0), text=_cell(line, number))
    return found


def _take(
    found: FoundFigures,
    row: int,
    period: PeriodKey,
    *,
    name: str,
    text: str,
    split_by: tuple[str, str] = ("", ""),
) -> None:
    if text.casefold() in BLANKS:
        return
    measure = _names().get(name.casefold())
    if measure is None:
        found.problems.append((row, _("%(text)s is no measure that is kept here.") % _quoted(name)))
        return
    value = _value(text)
    if value is None:
        found.problems.append((row, _("%(text)s is no figure.") % _quoted(text)))
        return
    found.add(row, period, (measure, *split_by), value)


def _cell(line: Line, at: int) -> str:
    return line.cells[at].strip() if at < len(line.cells) else ""


def _no_period(text: str) -> str:
    return _("%(text)s is no period such as 2025/26 or 2025-04.") % _quoted(text)


def _quoted(text: str) -> dict[str, str]:
    text = text.strip()
    return {"text": f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"}


@functools.cache
def _names() -> dict[str, str]:
    """Measures by their keys and by their English names."""
    with override("en-gb"):
        return {name.casefold(): key for key, measure in MEASURES.items() for name in (key, str(measure.label))}


def _value(text: str) -> Decimal | None:
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return None
    try:
        return Decimal(found[1].replace(",", "") + (found[2] or ""))
    except InvalidOperation:
        return None

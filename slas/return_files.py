"""Figures of a return in a file: rows of `what`, `number` and, for a share, `of`. An empty table to fill in goes out.

`what` is the key of a measure, the name of a count, or `outcome/<use>/<result>`; nothing in it is about a person.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from compliance.camera_lists.separated import open_separated
from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import Line, bounded, kind_of, read_bytes
from compliance.camera_lists.workbooks import open_workbook
from core.errors import Incomplete, RuleBroken
from slas.models import FootageUse, Outcome, ServiceMeasure, Side
from slas.services.returns import COUNTS, LARGEST, Figure, Given

COLUMNS = ("what", "number", "of", "comment", "in words")
BLANKS = {"", "-", "–", "n/a", "na"}
MOST_ROWS = 500


def empty_table(measures: Iterable[ServiceMeasure], side: str) -> list[tuple[str, ...]]:
    """The rows of a file to be filled in, below `COLUMNS`."""
    rows: list[tuple[str, ...]] = [(measure.key, "", "", "", measure.name) for measure in measures]
    rows += [(name, "", "", "", name.replace("_", " ")) for name in COUNTS]
    if side == Side.POLICE:
        rows += [
            (f"outcome/{use}/{result}", "", "", "", f"{FootageUse(use).label}: {Outcome(result).label}")
            for use in FootageUse.values
            for result in Outcome.values
        ]
    return rows


def read_return(path: Path, measures: Iterable[ServiceMeasure]) -> Given:
    """What a file says. Raises RuleBroken for what is no such table, Incomplete with every row that cannot be read."""
    lines = list(islice(_lines(path), MOST_ROWS + 1))
    heads = [cell.strip().casefold() for cell in lines[0].cells] if lines else []
    if not {"what", "number"} <= set(heads):
        raise RuleBroken(_("The first row must name the columns: %(columns)s.") % {"columns": ", ".join(COLUMNS)})
    if len(lines) > MOST_ROWS:
        raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MOST_ROWS})
    place = {name: heads.index(name) for name in COLUMNS if name in heads}
    known = {measure.key for measure in measures}
    figures: dict[str, Figure] = {}
    counts: dict[str, int | None] = {}
    outcomes: dict[tuple[str, str], int] = {}
    problems = []
    for line in lines[1:]:
        cells = {name: line.cells[at].strip() if at < len(line.cells) else "" for name, at in place.items()}
        what, comment = cells["what"].casefold(), cells.get("comment", "")
        try:
            number, of = _number(cells["number"]), _number(cells.get("of", ""))
        except InvalidOperation:
            problems.append(_("Row %(row)d: this is no number.") % {"row": line.number})
            continue
        if number is None and not comment:
            continue
        parts = what.split("/")
        if what in known:
            figures[what] = Figure(number, of, comment)
        elif what in COUNTS and _is_whole(number):
            counts[what] = int(number or 0)
        elif parts[0] == "outcome" and len(parts) == 3 and _is_whole(number):
            outcomes[parts[1], parts[2]] = int(number or 0)
        else:
            problems.append(
                _("Row %(row)d: “%(what)s” is nothing that you report.") % {"row": line.number, "what": what[:60]}
            )
    if problems:
        raise Incomplete(problems)
    if not figures and not counts and not outcomes:
        raise RuleBroken(_("The file holds no figures."))
    # What the file does not hold stays as it is
    return Given(figures=figures, counts=counts, outcomes=outcomes or None, comment=None)


def _number(text: str) -> Decimal | None:
    cleaned = text.replace(",", "").replace("%", "").strip()
    if cleaned.casefold() in BLANKS:
        return None
    number = Decimal(cleaned)
    if not number.is_finite() or not -LARGEST <= number <= LARGEST:
        raise InvalidOperation
    return number


def _is_whole(number: Decimal | None) -> bool:
    return number is not None and number == number.to_integral_value()


def _lines(path: Path) -> Iterator[Line]:
    data = read_bytes(path)
    kind = kind_of(data)
    if kind == "xlsx":
        return bounded(open_workbook(data, ListSettings()).lines())
    if kind == "csv":
        return bounded(open_separated(path, data, ListSettings()).lines())
    raise RuleBroken(_("Choose a CSV file or an Excel workbook (XLSX)."))

"""A self-assessment as an Excel workbook: a sheet of answers with lists to choose from, and what goes with it.

Every text is stored as text, marked so that Excel keeps it as text when somebody edits it: no formula is ever run.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from compliance.exchange import tables, words
from compliance.models import Question
from compliance.models.assessment import Choice
from compliance.rules import choices_of

ANSWERS, ABOUT, ACTIONS, EVIDENCE = "Answers", "About", "Actions", "Evidence"
# In a workbook people choose a word; in a file for programs stands its key.
CHOICE_WORDS = {Choice.YES.value: "Yes", Choice.NO.value: "No", Choice.NOT_APPLICABLE.value: "Not applicable"}
WIDTHS = {"title": 28, "question": 48, "text": 70, "not_asked": 24, "standing": 15, "choice": 15, "description": 60}
WIDTHS |= {"sha256": 66, "file_name": 34, "url": 34, "value": 90, "name": 18, "saved_at": 26, "reference": 14}
USUAL_WIDTH = 12
LINE_HEIGHT, MOST_HEIGHT = 15, 405  # points; no program shows a row that is higher than 409
# How a workbook writes a character by its number; a text that looks so has its own underscore written that way.
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
HEAD_COLOUR = "093842"


class GrowingRow(RowDimension):
    """A row as high as its texts need, which a program fits again when somebody writes more: no height for good."""

    @property
    def customHeight(self) -> bool:
        return False


def write(content: Mapping[str, Any], part: Mapping[str, Any], questions: Iterable[Question]) -> bytes:
    """`questions` are those of the edition: they say which answers each takes."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  (a new workbook has one; for the type checker)
    sheet.title = ANSWERS
    rows = [row | {"choice": CHOICE_WORDS.get(str(row["choice"]), "")} for row in tables.answer_rows(part)]
    _fill(sheet, tables.COLUMNS, rows)
    _lists_to_choose_from(sheet, rows, questions)
    front = [{"name": name, "value": value} for name, value in tables.front_rows(content, part)]
    _fill(book.create_sheet(ABOUT), ("name", "value"), front)
    _fill(book.create_sheet(ACTIONS), tables.ACTION_COLUMNS, tables.action_rows(part))
    _fill(book.create_sheet(EVIDENCE), tables.EVIDENCE_COLUMNS, tables.evidence_rows(part))
    book.properties.title = words.for_xml(_("Self-assessment: %(system)s") % {"system": part["system"]["name"]})
    book.properties.creator = words.for_xml(content["operator"]["name"])
    book.properties.language = "en-GB"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    top = Alignment(wrap_text=True, vertical="top")
    for position, column in enumerate(columns, start=1):
        head = sheet.cell(row=1, column=position, value=column)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=HEAD_COLOUR)
        head.alignment = top
        sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(column, USUAL_WIDTH)
        for number, row in enumerate(rows, start=2):
            cell = sheet.cell(row=number, column=position)
            cell.alignment = top
            _put(cell, row[column])
    for number, row in enumerate(rows, start=2):
        sheet.row_dimensions[number] = GrowingRow(sheet, index=number, ht=_height(columns, row))
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _height(columns: Sequence[str], row: Mapping[str, Any]) -> int:
    """Points, by the characters of each cell: where a program does not fit rows itself, texts would overlap."""
    lines = max(
        sum(max(1, -(-len(line) // WIDTHS.get(column, USUAL_WIDTH))) for line in str(row[column]).split("\n"))
        for column in columns
    )
    return min(lines * LINE_HEIGHT, MOST_HEIGHT)


def _put(cell: Cell, value: tables.Cell) -> None:
    if isinstance(value, str) and value:
        cell.value = CODED.sub("_x005F_", words.for_xml(value))
        cell.data_type = "s"
        cell.quotePrefix = True
    elif not isinstance(value, str):
        cell.value = value


def _lists_to_choose_from(sheet: Worksheet, rows: Sequence[Mapping[str, Any]], questions: Iterable[Question]) -> None:
    """Each question offers the answers that it takes, and says so when something else is typed."""
    letter = get_column_letter(tables.COLUMNS.index("choice") + 1)
    takes = {question.number: choices_of(question) for question in questions}
    lists: dict[tuple[str, ...], DataValidation] = {}
    for line, row in enumerate(rows, start=2):
        offered = tuple(CHOICE_WORDS[choice.value] for choice in takes.get(row["number"], ()))
        if not offered:
            continue
        if offered not in lists:
            lists[offered] = DataValidation(type="list", formula1=f'"{",".join(offered)}"', allow_blank=True)
            lists[offered].errorTitle = _("Choose from the list")
            lists[offered].error = _("Answers: %(words)s") % {"words": ", ".join(offered)}
            lists[offered].showErrorMessage = True
        lists[offered].add(f"{letter}{line}")
    for choices in lists.values():
        sheet.add_data_validation(choices)

"""Answers in files that people bring: our own four kinds, and tables of a council's own in Excel or Word.

Nothing is taken over here. What is found keeps its place in the file, and text that belongs to no question is listed.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from compliance.exchange import csv_files, tables, word_files
from compliance.exchange.excel_files import ANSWERS
from compliance.exchange.guessing import Guess, guess, number_of
from compliance.exchange.words import REPLACEMENT
from compliance.models import Question
from compliance.models.assessment import Choice
from core.bilingual import WELSH
from core.errors import RuleBroken

ENDINGS = ("xlsx", "docx", "csv", "json")
SCHEMAS = ("ccp/self-assessment/1", "ccp/self-assessment/2")
MOST_ROWS = 5_000  # of a table; a self-assessment has 75
MOST_COLUMNS = 60
LAST_COLUMN = 256  # to which a sheet is looked through for words beside the table
LAST_ROW = 20 * MOST_ROWS  # to which a sheet may be blank; one that goes on is refused, not read to its end
MOST_PIECES = 40_000  # paragraphs and cells of a Word document
MOST_UNPACKED_BYTES = 80 * 1024 * 1024
MOST_WORD_BYTES = 16 * 1024 * 1024  # of the text of a Word document, which is read in one go
LONGEST_WORD = 60  # of an answer that is not known, as it is quoted
LOOSE_FROM = 3  # characters: shorter bits are marks and numbers, no text that somebody would miss
EXACT = {choice.value: choice.value for choice in Choice} | {
    "yes": "yes",
    "no": "no",
    "not applicable": "na",
    "": "",
}
ENCODINGS, WIDE_ENCODINGS = ("utf-8-sig", "cp1252"), ("utf-16",)
# A heading between two questions is no answer to the first.
SECTION = re.compile(r"(?:guiding\s+)?(?:principle|egwyddor)\b", re.IGNORECASE)
WORD_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
SEPARATORS = ",;\t"
HEAD_ROWS = 50  # by which the separator is known
# Halves of pairs of surrogates: JSON and Excel can name them by number, no page and no file of ours can hold them.
HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Given:
    """An answer that a file holds. `whole`: the file is one of ours, and what is empty in it is meant to be empty."""

    number: int
    choice: str
    text: str
    where: str
    language: str = "en"
    whole: bool = False
    remark: str = ""  # what in it could not be read


@dataclass(frozen=True)
class Loose:
    """Text that belongs to no question, and where it stands."""

    where: str
    text: str


@dataclass
class Found:
    """What a file holds. `given` has each question once, the first time that it stands there."""

    given: dict[int, Given] = field(default_factory=dict)
    loose: list[Loose] = field(default_factory=list)

    def add(self, given: Given) -> None:
        """The first stays; another one that says something else is listed."""
        first = self.given.setdefault(given.number, given)
        if first is not given and (given.choice, given.text) != (first.choice, first.text):
            self.loose.append(Loose(given.where, f"{given.choice} {given.text}".strip()))

    def add_loose(self, where: str, text: str) -> None:
        if len(text.strip()) >= LOOSE_FROM:
            self.loose.append(Loose(where, text.strip()))


@dataclass(frozen=True)
class Sheet:
    """A table of a file as texts, with the words by which people find it there."""

    name: str
    rows: list[list[str]]
    first: int = 1  # the number of its first row, as the file numbers them
    is_table: bool = True  # else lines of text

    def at(self, position: int) -> str:
        return _("%(table)s, row %(row)d") % {"table": self.name, "row": position + self.first}


def read(content: bytes, name: str, *, questions: Iterable[Question], system: str = "") -> Found:
    """What the file holds for these questions. Of a JSON file with several systems, the part of `system` counts.

    Raises RuleBroken for what cannot be read, with a sentence that says why.
    """
    known = list(questions)
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending == "json":
        return _from_json(content, known, system)
    if ending == "csv":
        sheets, own = _csv(content)
    elif ending == "xlsx":
        sheets, own = _excel(content)
    elif ending == "docx":
        sheets, own = _word(content)
    else:
        raise RuleBroken(_("Answers are read from Excel (xlsx), Word (docx), CSV and JSON files."))
    return _own(sheets, known) if own else _guessed(sheets, known)


# --- our own files ---


def _from_json(content: bytes, questions: Sequence[Question], system: str) -> Found:
    try:
        value = json.loads(content.decode("utf-8-sig"))
        if value["schema"] not in SCHEMAS:
            raise RuleBroken(_("This JSON file is no self-assessment of a portal like this one."))
        parts = value["assessments"]
        part = next((part for part in parts if part["system"]["reference"] == system), parts[0])
        found = Found()
        by_key = {question.key: question.number for question in questions}
        asked = [question for principle in part["principles"] for question in principle["questions"]]
        if len(asked) > MOST_ROWS:
            raise _too_many()
        for question in asked:
            _add_json(found, question, by_key)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise RuleBroken(_("This JSON file is no self-assessment of a portal like this one.")) from error
    return found


def _add_json(found: Found, question: Mapping[str, Any], by_key: Mapping[str, int]) -> None:
    answer = question["answer"] or question.get("kept")
    if not answer:
        return
    where = _("Question %(number)s") % {"number": _whole(str(question["number"]))}
    choice, text, language = answer["choice"], answer["text"], answer.get("language", "en")
    if not all(isinstance(value, str) for value in (choice, text, language)):
        raise ValueError(where)
    choice, text = _whole(choice), _whole(text)
    number = by_key.get(question["key"])
    if number is None:
        found.add_loose(where, f"{choice} {text}".strip())
        return
    found.add(_exact(number, choice, text, language, where))


def _exact(number: int, choice: str, text: str, language: str, where: str) -> Given:
    key = EXACT.get(choice.strip().lower())
    remark = (
        "" if key is not None else _("The answer “%(word)s” is none that is known.") % {"word": choice[:LONGEST_WORD]}
    )
    return Given(number, key or "", text, where, language if language in {"en", "cy"} else "en", True, remark)


def _own(sheets: Sequence[Sheet], questions: Sequence[Question]) -> Found:
    """Tables with our own header; the other tables of the file are front matter, actions and evidence."""
    found = Found()
    by_key = {question.key: question.number for question in questions}
    numbers = {question.number for question in questions}
    for sheet in sheets:
        columns = {name.lower(): position for position, name in enumerate(sheet.rows[0])} if sheet.rows else {}
        names = OWN_NAMES if set(OWN_NAMES.values()) <= set(columns) else {name: name for name in columns}
        if not {"number", "text"} <= set(names) or not {names["number"], names["text"]} <= set(columns):
            continue
        for position, row in enumerate(sheet.rows[1:], start=1):
            cells = {name: row[columns[column]] for name, column in names.items() if columns[column] < len(row)}
            if cells.get("record", "answer") != "answer":
                continue
            number = by_key.get(cells.get("key", "")) or number_of(cells.get("number", ""), questions)
            answer = (cells.get("choice", ""), cells.get("text", ""))
            if number in numbers:
                found.add(_exact(number, *answer, cells.get("language") or "en", sheet.at(position)))
            else:
                found.add_loose(sheet.at(position), " ".join(filter(None, row)))
    return found


# Word documents name their columns for people.
LANGUAGE = "language"
TEXT_CELL = word_files.HEADER.index("Text")
OWN_NAMES = {"number": "number", "choice": "answer", "text": "text", LANGUAGE: LANGUAGE}


# --- tables of others ---


def _guessed(sheets: Sequence[Sheet], questions: Sequence[Question]) -> Found:
    found = Found()
    for sheet in sheets:
        columns = guess(sheet.rows, questions) if sheet.is_table else None
        if columns is None:
            for position, row in enumerate(sheet.rows):
                found.add_loose(sheet.at(position), " | ".join(filter(None, row)))
        else:
            _add_table(found, sheet, columns, questions)
    return found


def _add_table(found: Found, sheet: Sheet, columns: Guess, questions: Sequence[Question]) -> None:
    """An answer stands beside its number, or, where nothing stands there, in the rows below it up to the next one."""
    asked: int | None = None
    below: list[Loose] = []
    for position, row in enumerate(sheet.rows):
        if row is columns.head or not any(row):
            continue
        where = sheet.at(position)
        number = number_of(row[columns.number], questions) if columns.number < len(row) else None
        if number is not None:
            _add_below(found, asked, below, columns)
            choice, text, remark = columns.answer(row)
            asked, below = (number, []) if not choice and not text else (None, [])
            if asked is None:
                found.add(Given(number, choice, text, where, remark=remark))
            for cell in columns.others(row, questions):
                found.add_loose(where, cell)
        elif asked is not None and not SECTION.match(next(filter(None, row))):
            below.append(Loose(where, " ".join(filter(None, row))))
        else:
            found.add_loose(where, " | ".join(filter(None, row)))
    _add_below(found, asked, below, columns)


def _add_below(found: Found, number: int | None, below: Sequence[Loose], columns: Guess) -> None:
    if number is None or not below:
        return
    choice, text = columns.said_in("\n".join(piece.text for piece in below))
    found.add(Given(number, choice, text, below[0].where))


# --- kinds of files ---


def _csv(content: bytes) -> tuple[list[Sheet], bool]:
    text = _decoded(content)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = list(_limited(reader))
    except csv.Error as error:
        raise RuleBroken(_("This CSV file cannot be read as a table.")) from error
    own = bool(rows) and {"number", "choice", "text"} <= set(rows[0])
    if own:
        rows = [[csv_files.as_it_was(cell) for cell in row] for row in rows]
    return [Sheet(_("Table"), rows)], own


def _decoded(content: bytes) -> str:
    for encoding in WIDE_ENCODINGS if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken(_("The characters of this file cannot be read. Save it as CSV in UTF-8."))


def _delimiter(text: str) -> str:
    """The separator that makes most of the first rows equally wide, with more than one column."""

    def fitting(separator: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        widths = Counter(len(row) for row, _number in zip(reader, range(HEAD_ROWS), strict=False) if len(row) > 1)
        return max(widths.values(), default=0)

    return max(SEPARATORS, key=fitting)


def _excel(content: bytes) -> tuple[list[Sheet], bool]:
    _require_modest(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [
            Sheet(sheet.title, list(_limited([_as_text(cell) for cell in row] for row in _values(sheet))))
            for sheet in book.worksheets
        ]
        book.close()
    except RuleBroken:
        raise
    except Exception as error:  # whatever a broken file makes its reader raise
        raise RuleBroken(
            _("This Excel workbook cannot be read. Open it, save it again as xlsx, and try that.")
        ) from error
    head = next((sheet.rows[0] for sheet in sheets if sheet.name == ANSWERS and sheet.rows), [])
    own = tuple(head[: len(tables.COLUMNS)]) == tables.COLUMNS
    return ([sheet for sheet in sheets if sheet.name == ANSWERS] if own else sheets), own


def _values(sheet: Any) -> Iterator[Sequence[Any]]:
    """Raises RuleBroken rather than leave out what stands further below."""
    sheet.reset_dimensions()  # a file may claim a million columns
    rows = sheet.iter_rows(values_only=True, max_col=LAST_COLUMN, max_row=LAST_ROW)
    for number, row in enumerate(rows, start=1):
        if number <= MOST_ROWS:
            yield row
        elif number == LAST_ROW or any(value is not None for value in row):
            raise _too_long()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _whole(unescape(value)) if isinstance(value, str) else str(value)


def _word(content: bytes) -> tuple[list[Sheet], bool]:
    sheets = word_sheets(content)
    own = [sheet for sheet in sheets if sheet.rows and tuple(sheet.rows[0]) == (*word_files.HEADER, LANGUAGE)]
    return (own, True) if own else (sheets, False)


def word_sheets(content: bytes) -> list[Sheet]:
    """The tables of a Word document (those of our own answers with the language of each row last), then the lines
    outside of them as one sheet.

    Raises RuleBroken for what cannot be read or is too much.
    """
    _require_modest(content)
    try:
        _require_modest_words(content)
        body = docx.Document(io.BytesIO(content)).element.body
        if any(True for _piece in islice(body.iter(qn("w:p"), qn("w:tc")), MOST_PIECES, None)):
            raise _too_long()
        tables_found = [table for table in body.iter(qn("w:tbl")) if not _is_inside(table)]
        sheets = [
            Sheet(_("Table %(number)d") % {"number": number}, list(_limited(_word_rows(table))))
            for number, table in enumerate(tables_found, start=1)
        ]
        lines = [_word_text(line).strip() for line in body.iter(qn("w:p")) if not _is_inside(line)]
    except RuleBroken:
        raise
    except Exception as error:  # as above
        raise RuleBroken(
            _("This Word document cannot be read. Open it, save it again as docx, and try that.")
        ) from error
    return [*sheets, Sheet(_("Text"), [[line] for line in lines], is_table=False)]


def _is_inside(element: Any) -> bool:
    """Whether it stands in a cell of a table."""
    return next(element.iterancestors(qn("w:tc")), None) is not None


def _word_rows(table: Any) -> Iterator[list[str]]:
    """Cells that are joined across columns stand once, in the first. Of our own, with the language of the text."""
    own = False
    for row in table.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not table:
            continue  # of a table in a cell, whose text is that of the cell
        cells: list[str] = []
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is row:
                joined = cell.xpath("string(./w:tcPr/w:gridSpan/@w:val)") or "1"
                cells += [_word_cell(cell), *([""] * (min(int(joined), MOST_COLUMNS) - 1))]
        if tuple(cells) == word_files.HEADER:
            own = True
            yield [*cells, LANGUAGE]
        elif own:
            yield [*cells, _language(row)]
        else:
            yield cells


def _word_cell(cell: Any) -> str:
    return "\n".join(_word_text(line) for line in cell.iter(qn("w:p"))).strip()


def _word_text(line: Any) -> str:
    """What is read in a paragraph, fields and boxes to tick included, and without what a change tracked as deleted."""
    pieces = []
    for piece in line.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen"), qn("w:sym")):
        if piece.tag == qn("w:t"):
            pieces.append(piece.text or "")
        else:
            pieces.append(WORD_SIGNS.get(piece.tag, ""))
    return "".join(pieces)


def _language(row: Any) -> str:
    """Welsh if any of the text of an answer is marked so."""
    tags = row.xpath(f"./w:tc[{TEXT_CELL + 1}]//w:r/w:rPr/w:lang/@w:val")
    return WELSH if any(tag.lower().startswith(WELSH) for tag in tags) else "en"


def _whole(text: str) -> str:
    """The text with a visible mark for every half of a character."""
    return HALVES.sub(REPLACEMENT, text)


def _limited(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """With plain line ends. Raises RuleBroken for a table that no self-assessment could be, rather than cut it."""
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise _too_long()
        if any(row[MOST_COLUMNS:]):
            raise RuleBroken(_("The file has more columns than a self-assessment could have."))
        yield [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row[:MOST_COLUMNS]]


def _too_long() -> RuleBroken:
    return RuleBroken(_("The file has more rows than a self-assessment could have."))


def _too_many() -> RuleBroken:
    return RuleBroken(_("The file has more questions than a self-assessment could have."))


def _require_modest_words(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.getinfo("word/document.xml").file_size > MOST_WORD_BYTES:
            raise _too_long()


def _require_modest(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise RuleBroken(_("This file is not what its name ending says.")) from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise RuleBroken(_("Unpacked, the file is larger than a self-assessment could be."))

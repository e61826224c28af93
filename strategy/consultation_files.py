"""The form of a national consultation as a file, for organisations: filled in at leisure, judged row by row.

One row is one thing to fill in; its `key` says which. Nothing here is kept: what a file says goes the way of the form.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.forms import refuse_control_characters
from strategy.models.consultations import Consent, QuestionKind
from strategy.services.consultation_questions import ANSWER_LIMIT, MOST_QUESTIONS, choices
from strategy.services.consultation_responses import NAME_LIMIT, ORGANISATION_LIMIT

COLUMNS = ("key", "question", "kind", "allowed answers", "answer")
OF = "consultation"  # the row that says which consultation the file answers
ABOUT = {"organisation": ORGANISATION_LIMIT, "name": NAME_LIMIT, "email": 254}
CONSENT = "consent"
LARGEST = 2 * 1024 * 1024  # bytes: thirty long answers and their questions, in any characters
MOST_ROWS, MOST_COLUMNS = 10 * MOST_QUESTIONS, 50
SHOWN = 60  # characters of an answer that is quoted because it is not allowed
WIDE = (b"\xff\xfe", b"\xfe\xff")
NUMBERS = re.compile(r"[\d\s,;]+")


@dataclass(frozen=True)
class Row:
    """A row as it was written."""

    number: int
    key: str
    answer: str


@dataclass
class FoundAnswer:
    """What a file says, by the names of the fields of the web form, and all that is wrong with it."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)  # row, sentence; 0 for the file as a whole

    def add(self, row: int, sentence: str) -> None:
        self.problems.append((row, sentence))

    def place(self, key: str) -> int | None:
        return next((row.number for row in self.rows if row.key == key), None)


def blank(reference: str, questions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """The rows to fill in, below `COLUMNS`, in the language of the page. `questions` as the public page has them."""
    words = _("answer in words")
    yield OF, _("The consultation that this file answers. Leave this row as it is."), "", "", reference
    yield "organisation", _("Name of the organisation"), words, "", ""
    for question in questions:
        listed = [] if question["kind"] == QuestionKind.TEXT else choices(dict(question))
        allowed = "; ".join(f"{value} = {label}" for value, label in listed)
        yield question["key"], question["words"], str(QuestionKind(question["kind"]).label), allowed, ""
    yield "name", _("Your name. You need not give it."), words, "", ""
    yield "email", _("Your email address, only if you may be asked back. It is never published."), words, "", ""
    allowed = "; ".join(f"{value} = {label}" for value, label in Consent.choices)
    yield CONSENT, _("May your answer be published?"), _("choose one"), allowed, ""


def read_answer(data: bytes, reference: str, questions: Sequence[Mapping[str, Any]]) -> FoundAnswer:
    """Raises RuleBroken for what is no such table; every lack of a row is told in what it returns."""
    lines = _lines(_decoded(data))
    heads = [" ".join(cell.casefold().split()) for cell in lines[0]] if lines else []
    if not {"key", "answer"} <= set(heads):
        raise RuleBroken(_("The first row must name the columns: %(columns)s.") % {"columns": ", ".join(COLUMNS)})
    key_at, answer_at = heads.index("key"), heads.index("answer")
    found, asked = FoundAnswer(), {each["key"]: each for each in questions}
    of = ""
    for number, cells in enumerate(lines[1:], start=2):
        row = Row(number, _cell(cells, key_at).casefold(), _cell(cells, answer_at))
        beyond = " ".join(cell.strip() for cell in cells[len(heads) :]).strip()
        if not row.key and not row.answer and not beyond:
            continue
        found.rows.append(row)
        if beyond:
            sentence = _(
                "Row %(row)d: “%(words)s” stands beyond the last column. Put quotation marks around the answer."
            )
            found.add(number, sentence % {"row": number, "words": beyond[:SHOWN]})
        elif row.key == OF:
            of = row.answer.casefold()
        else:
            _take(found, row, asked)
    if of != reference.casefold():
        sentence = _("The row “consultation” must say %(reference)s. Use the file of this consultation.")
        found.add(0, sentence % {"reference": reference})
    return found


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _take(found: FoundAnswer, row: Row, asked: Mapping[str, Mapping[str, Any]]) -> None:
    """One row into the fields, or what is wrong with it."""
    said = {"row": row.number, "key": row.key[:SHOWN]}
    if row.key in found.fields:
        found.add(row.number, _("Row %(row)d: “%(key)s” is answered twice.") % said)
        return
    if row.key not in asked and row.key not in ABOUT and row.key != CONSENT:
        found.add(row.number, _("Row %(row)d: nothing is asked under “%(key)s”.") % said)
        return
    try:
        refuse_control_characters(row.answer)
    except ValidationError as error:
        found.add(row.number, _with_row(row, error.messages[0]))
        return
    found.fields[row.key] = []
    question = asked.get(row.key, {})
    if row.key == CONSENT:
        listed = [(str(value), str(label)) for value, label in Consent.choices]
        _choose(found, row, [listed], many=False)
    elif question and question["kind"] != QuestionKind.TEXT:
        both = [choices(dict(question), welsh=welsh) for welsh in (False, True)]
        _choose(found, row, both, many=question["kind"] == QuestionKind.MANY)
    else:
        limit = ANSWER_LIMIT if question else ABOUT[row.key]
        if len(row.answer) > limit:
            sentence = _("The text has %(length)d characters; %(limit)d are allowed. Shorten it.")
            found.add(row.number, _with_row(row, sentence % {"length": len(row.answer), "limit": limit}))
        found.fields[row.key] = [row.answer] if row.answer else []


def _with_row(row: Row, sentence: str) -> str:
    return _("Row %(row)d: %(sentence)s") % {"row": row.number, "sentence": sentence}


def _choose(found: FoundAnswer, row: Row, listed: Sequence[Sequence[tuple[str, str]]], *, many: bool) -> None:
    """By value, by words in either language, or as the file lists it: `2 = words`."""
    known: dict[str, str] = {}
    for value, label in (pair for options in listed for pair in options):
        known |= {_plain(each): value for each in (label, f"{value} = {label}")}
    known |= {_plain(value): value for value, _label in listed[0]}
    chosen: list[str] = []
    for piece in _pieces(row.answer, known, many=many):
        value = known.get(_plain(piece), "")
        if value:
            chosen.append(value)
            continue
        sentence = _("Row %(row)d: “%(words)s” is not among the allowed answers: %(allowed)s.")
        allowed = "; ".join(f"{value} = {label}" for value, label in listed[0])
        found.add(row.number, sentence % {"row": row.number, "words": piece[:SHOWN], "allowed": allowed})
    found.fields[row.key] = list(dict.fromkeys(chosen))


def _pieces(answer: str, known: Mapping[str, str], *, many: bool) -> list[str]:
    if not many or _plain(answer) in known:
        return [answer] if answer else []
    parts = re.split(r"[,;\s]+", answer) if NUMBERS.fullmatch(answer) else re.split(r"[;\n]", answer)
    return [part.strip() for part in parts if part.strip()]


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise RuleBroken(_("The file is larger than 2 MB. Shorten the answers."))
    if data.startswith(b"PK\x03\x04"):
        raise RuleBroken(_("This is a workbook. Save it as CSV in UTF-8, then choose that file."))
    for encoding in ("utf-16",) if data.startswith(WIDE) else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RuleBroken(_("The characters of this file cannot be read. Save it as CSV in UTF-8."))
    if "\x00" in text or not text.strip():
        raise RuleBroken(_("The file is not a CSV file."))
    return text


def _lines(text: str) -> list[list[str]]:
    delimiter = max(",;\t", key=text.lstrip().splitlines()[0].count)
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(lines) > MOST_ROWS or len(line) > MOST_COLUMNS:
                raise RuleBroken(_("The file has more rows or columns than are asked. Use the file of this page."))
            lines.append(line)
    except csv.Error as error:
        raise RuleBroken(_("The file is not a CSV file.")) from error
    return lines

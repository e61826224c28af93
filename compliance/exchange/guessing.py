"""Which column of somebody's own table is what, guessed from its values: number of the question, answer, text.

A guess is only an offer: a person sees each answer beside the question before it is taken over.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean

from django.utils.translation import gettext as _

from compliance.models import Question
from compliance.models.assessment import Choice

KEY_WORDS = r"\s*(P\d{2}Q\d{1,2})\b"
NUMBER_WORDS = r"\s*(?:q|qu|question|cwestiwn|c)?\.?\s*(\d{1,2})(?:\.0+)?\s*"
KEY = re.compile(KEY_WORDS, re.IGNORECASE)
# "12", "12.0", "Q12", "Question 12:", and text that begins "12. " or "12) ".
NUMBER = re.compile(NUMBER_WORDS + r"(?:$|[.):]\s*(?:$|\D))", re.IGNORECASE)
NUMBERED = re.compile(rf"(?:{KEY_WORDS}|{NUMBER_WORDS})[.):]?", re.IGNORECASE)  # what of a cell is the number
NAMED_OF_FILLED = 4  # at least one in so many cells of the column of numbers names a question
TICKED, BOXES = "☒☑✓✔🗹", "☒☑✓✔🗹☐□"
BOX = re.compile(f"([{BOXES}])")
YES = {"yes", "y", "ie", "oes", "ydy", "ydyw", "ydi", "ydyn", "do", "true"}
NO = {"no", "n", "nac oes", "nac ydy", "nac ydyw", "nac ydi", "nac ydyn", "nage", "naddo", "false"}
NOT_APPLICABLE = {
    "n/a",
    "n.a",
    "not applicable",
    "does not apply",
    "amherthnasol",
    "ddim yn berthnasol",
    "nid yw'n berthnasol",
}
WELSH_SIGNS = {"ie", "oes", "ydy", "ydyw", "ydi", "ydyn", "nac oes", "nac ydy", "nac ydyw", "nage", "naddo"}
BARE_NA = "na"  # Welsh for no, and English short for not applicable
WORDS = {
    **dict.fromkeys(YES, Choice.YES.value),
    **dict.fromkeys(NO, Choice.NO.value),
    **dict.fromkeys(NOT_APPLICABLE, Choice.NOT_APPLICABLE.value),
    "na": Choice.NOT_APPLICABLE.value,
}
# An answer and its reason in one cell: "Yes – see the policy".
WITH_REASON = re.compile(
    r"\s*(" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r")\s*(?:[-–—:.,;]\s*|\n)(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
QUESTION_HEADS = re.compile(r"question|cwestiwn|criteri|requirement|gofyn", re.IGNORECASE)
ANSWER_HEADS = re.compile(r"answer|response|explan|evidence|comment|ateb|esboniad|tystiolaeth|sylw", re.IGNORECASE)
LONGEST_HEAD = 60
HEAD_BONUS = 10_000  # a column that calls itself the answer wins over a longer one


def number_of(cell: str, questions: Iterable[Question]) -> int | None:
    """The number of the question that a cell names, by number or key; None if it names none of these."""
    cell = cell.strip()  # what is blank before a number would be tried over and over
    if found := KEY.match(cell):
        key = found[1].upper()
        return next((question.number for question in questions if question.key == key), None)
    if found := NUMBER.match(cell):
        number = int(found[1])
        return number if any(question.number == number for question in questions) else None
    return None


def choice_of(cell: str, *, welsh: bool = False) -> str | None:
    """yes, no or na, where the cell is such a word in English or Welsh; else None."""
    if any(box in cell for box in BOXES):
        ticked = _ticked(cell)
        return choice_of(ticked[0], welsh=welsh) if len(ticked) == 1 else None
    word = " ".join(cell.lower().replace("’", "'").split()).strip(" .!")
    if word == BARE_NA and welsh:
        return Choice.NO.value
    return WORDS.get(word)


def _ticked(cell: str) -> list[str]:
    """The words beside each ticked box: after it, where the cell begins with a box, else before it."""
    pieces = BOX.split(cell)  # words and boxes in turn
    beside = 1 if cell.strip()[0] in BOXES else -1
    marks = range(1, len(pieces), 2)
    return [pieces[at + beside] for at in marks if pieces[at] in TICKED and pieces[at + beside]]


@dataclass(frozen=True)
class Guess:
    """Positions of the columns; `questions` are those that repeat the questions."""

    number: int
    choice: int | None
    text: int | None
    questions: frozenset[int] = field(default_factory=frozenset)
    welsh: bool = False
    head: Sequence[str] | None = None  # the row of short words that names the columns

    def answer(self, row: Sequence[str]) -> tuple[str, str, str]:
        """Choice, text, and a remark where a cell of the answer column is no word that is known."""
        choice, text, remark = "", _cell(row, self.text), ""
        said = _cell(row, self.choice)
        if said:
            choice, reason, remark = self._said(said)
            text = "\n".join(filter(None, (reason, text)))
        elif self.choice is None and text:
            choice, text = self.said_in(text)
        return choice, text, remark

    def said_in(self, text: str) -> tuple[str, str]:
        """Choice and text of an answer that stands in one piece; the choice is '' where it begins with no such word."""
        alone = choice_of(text, welsh=self.welsh)
        if alone is not None:
            return alone, ""
        if found := WITH_REASON.match(text):
            return choice_of(found[1], welsh=self.welsh) or "", found[2].strip()
        return "", text

    def _said(self, said: str) -> tuple[str, str, str]:
        alone = choice_of(said, welsh=self.welsh)
        if alone is not None:
            return alone, "", ""
        if found := WITH_REASON.match(said):
            return choice_of(found[1], welsh=self.welsh) or "", found[2].strip(), ""
        return "", said, _("The answer “%(word)s” is none that is known.") % {"word": said[:60]}

    def others(self, row: Sequence[str], questions: Iterable[Question]) -> list[str]:
        """Text that is neither number, answer, text nor the question repeated."""
        used = {self.number, self.choice, self.text, *self.questions}
        others = [cell for position, cell in enumerate(row) if position not in used and cell]
        beside = NUMBERED.sub("", _cell(row, self.number), count=1).strip()
        words = {_plain(words) for question in questions for words in (question.title, question.text)}
        if beside and not beside.endswith("?") and _plain(beside) not in words:
            others.insert(0, beside)
        return others


def guess(rows: Sequence[Sequence[str]], questions: Sequence[Question]) -> Guess | None:
    """The columns of a table; None where no column names questions."""
    width = max(map(len, rows), default=0)
    hits = [{number_of(_cell(row, column), questions) for row in rows} - {None} for column in range(width)]
    best = max(range(width), key=lambda column: (len(hits[column]), -column), default=None)
    if best is None or not hits[best]:
        return None
    named = [row for row in rows if number_of(_cell(row, best), questions) is not None]
    filled = [row for row in rows if _cell(row, best)]
    if len(named) * NAMED_OF_FILLED < len(filled):
        return None
    head = next((row for row in rows[: rows.index(named[0])] if width > 1 and max(map(len, row)) <= LONGEST_HEAD), None)
    rest = [column for column in range(width) if column != best]
    welsh = any(choice_of(_cell(row, column)) and _is_welsh(_cell(row, column)) for row in named for column in rest)
    choice = _choice_column(named, rest)
    asking = frozenset(
        column for column in rest if column != choice and _asks(named, column, head or (), best, questions)
    )
    text = _text_column(named, [column for column in rest if column not in asking and column != choice], head or ())
    return Guess(best, choice, text, asking, welsh, head)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _is_welsh(cell: str) -> bool:
    return " ".join(cell.lower().split()).strip(" .!") in WELSH_SIGNS


def _choice_column(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> int | None:
    """The column with most yes, no and not applicable, if at least half of what is in it is that."""
    counted = {}
    for column in columns:
        cells = [_cell(row, column) for row in rows if _cell(row, column)]
        said = sum(choice_of(cell) is not None or bool(WITH_REASON.match(cell)) for cell in cells)
        alone = sum(choice_of(cell) is not None for cell in cells)
        if said and said * 2 >= len(cells):
            counted[column] = (alone, said)
    return max(counted, key=lambda column: counted[column]) if counted else None


def _asks(
    rows: Sequence[Sequence[str]], column: int, head: Sequence[str], number: int, questions: Sequence[Question]
) -> bool:
    """Whether a column repeats the questions: by its heading, by question marks, or word for word."""
    title = _cell(head, column)
    if ANSWER_HEADS.search(title):
        return False
    if QUESTION_HEADS.search(title):
        return True
    known = {question.number: {_plain(question.title), _plain(question.text)} for question in questions}
    cells = [(number_of(_cell(row, number), questions), _cell(row, column)) for row in rows if _cell(row, column)]
    asked = sum(cell.endswith("?") or _plain(cell) in known.get(found or 0, ()) for found, cell in cells)
    return bool(cells) and asked * 2 > len(cells)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def _text_column(rows: Sequence[Sequence[str]], columns: Sequence[int], head: Sequence[str]) -> int | None:
    """The column with the longest texts; one that calls itself the answer goes before."""
    lengths = {}
    for column in columns:
        cells = [len(_cell(row, column)) for row in rows if _cell(row, column)]
        if cells:
            lengths[column] = mean(cells) + (HEAD_BONUS if ANSWER_HEADS.search(_cell(head, column)) else 0)
    return max(lengths, key=lambda column: lengths[column]) if lengths else None

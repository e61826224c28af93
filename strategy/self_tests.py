"""Short self-tests on the twelve guiding principles: read from a file, judged whole, and marked.

The file is part of the portal, not data of somebody: another edition is another version of the portal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from core.errors import Incomplete, RuleBroken
from core.yaml_reader import Words, YamlReader, parse_yaml, text_of

FILE = Path(__file__).parent / "data" / "training" / "self-tests.yaml"
PRINCIPLES, LEAST_QUESTIONS, ANSWERS = 12, 4, 3


def local(words: Words) -> str:
    """In the language of the page."""
    return words.cy if get_language() == "cy" and words.cy else words.en


@dataclass(frozen=True)
class Question:
    """One question, with one right answer, numbered from 1."""

    ask: Words
    answers: tuple[Words, ...]
    right: int
    why: Words
    source: Words


@dataclass(frozen=True)
class SelfTest:
    principle: int
    title: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Edition:
    key: str
    pass_mark: int  # right answers needed, of each test
    tests: tuple[SelfTest, ...]

    def of(self, principle: int) -> SelfTest | None:
        return next((each for each in self.tests if each.principle == principle), None)


@dataclass(frozen=True)
class Marked:
    """What somebody answered to one question; 0 for nothing."""

    question: Question
    chosen: int

    @property
    def is_right(self) -> bool:
        return self.chosen == self.question.right


@dataclass(frozen=True)
class Result:
    marked: tuple[Marked, ...]
    pass_mark: int

    @property
    def score(self) -> int:
        return sum(each.is_right for each in self.marked)

    @property
    def passed(self) -> bool:
        return self.score >= self.pass_mark

    @property
    def unanswered(self) -> list[int]:
        return [place for place, each in enumerate(self.marked, 1) if not each.chosen]


@cache
def edition() -> Edition:
    """The edition of this portal."""
    return read_edition(text_of(FILE))


def mark(test: SelfTest, sent: Mapping[str, str]) -> Result:
    """What was sent under q1, q2 …; anything that is no answer counts as none."""
    marked = []
    for place, question in enumerate(test.questions, 1):
        chosen = sent.get(f"q{place}", "")
        known = chosen in [str(number) for number in range(1, len(question.answers) + 1)]
        marked.append(Marked(question, int(chosen) if known else 0))
    return Result(tuple(marked), edition().pass_mark)


def read_edition(text: str) -> Edition:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not an edition of self-tests: it should be a map with edition and tests.")
    reader = _Reader()
    found = reader.mapping(document, "edition", ("edition", "pass_mark", "tests"))
    tests = tuple(reader.test(each, place) for place, each in enumerate(reader.entries(found["tests"], "tests"), 1))
    if not reader.problems and [each.principle for each in tests] != list(range(1, PRINCIPLES + 1)):
        reader.wrong("tests", "there is one for each of the twelve principles, in their order.")
    key = reader.slug(found["edition"], "edition", 30)
    pass_mark = reader.number(found["pass_mark"], "pass_mark", LEAST_QUESTIONS)
    if reader.problems:
        raise Incomplete(reader.problems)
    return Edition(key, pass_mark, tests)


class _Reader(YamlReader):
    def test(self, value: Any, place: int) -> SelfTest:
        where = f"test {place}"
        found = self.mapping(value, where, ("principle", "title", "questions"))
        asked = self.entries(found["questions"], f"{where}, questions")
        if len(asked) < LEAST_QUESTIONS:
            self.wrong(where, f"at least {LEAST_QUESTIONS} questions are needed.")
        return SelfTest(
            principle=self.number(found["principle"], f"{where}, principle", PRINCIPLES),
            title=self.words(found["title"], f"{where}, title", 150),
            questions=tuple(self.question(each, f"{where}, question {n}") for n, each in enumerate(asked, 1)),
        )

    def question(self, value: Any, where: str) -> Question:
        found = self.mapping(value, where, ("ask", "answers", "right", "why", "source"))
        answers = self.entries(found["answers"], f"{where}, answers")
        if len(answers) != ANSWERS:
            self.wrong(where, f"there are {ANSWERS} answers to choose from.")
        right = self.number(found["right"], f"{where}, right", ANSWERS)
        if right < 1:
            self.wrong(where, "the right answer is numbered from 1.")
        return Question(
            ask=self.words(found["ask"], f"{where}, ask", 300),
            answers=tuple(self.words(each, f"{where}, answer {n}", 300) for n, each in enumerate(answers, 1)),
            right=right,
            why=self.words(found["why"], f"{where}, why", 600),
            source=self.words(found["source"], f"{where}, source", 200),
        )

"""The text of an edition of the Code, read from YAML and judged whole before any of it is stored.

The format stands at the top of `compliance/data/code-2021.yaml`. Sentences name the principle and question that
they are about; they are read by whoever writes an edition, on a command line, and stay in English.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from compliance.models import CodeEdition, Question
from compliance.models.vocabulary import Fact, Technology
from core.errors import Incomplete, RuleBroken
from core.yaml_reader import MISSING, Words, YamlReader, longest_of, parse_yaml

PRINCIPLES = 12  # PoFA 2012 s.30: the Code in force has had twelve guiding principles in every edition
MAX_LIMIT = 20_000
MAX_DAYS = 3_650
ALWAYS = "always"
CONDITIONS = {ALWAYS, *Technology.values, *Fact.values}
YES_NO = ("yes", "no")
CLOSED_KINDS = {Question.Kind.YES_NO, Question.Kind.YES_NO_TEXT}
EDITION_KEYS = frozenset(
    {"key", "title", "code_version", "in_effect_on", "source", "wording_note", "principles", "action_templates"}
)
QUESTION_KEYS = frozenset(
    {
        "number",
        "key",
        "kind",
        "limit",
        "applies",
        "not_applicable",
        "expected",
        "publish",
        "title",
        "text",
        "help",
    }
)
KEY = re.compile(r"P\d\dQ\d{1,3}")
GUIDANCE = ("help", "evidence")  # fields of a question that help with the answer and are no part of what is asked
LATER = ("was",)  # fields that came to the format later: they count only where they say something


@dataclass(frozen=True)
class QuestionText:
    """One question; `follows` is the number of an earlier question or None."""

    number: int
    key: str
    kind: str
    title: Words
    text: Words
    help: Words
    evidence: Words
    limit: int
    applies: str
    not_applicable_allowed: bool
    expected: str
    explain_when: str
    withheld_by_default: bool
    follows: int | None
    follows_answer: str
    was: str = ""  # the key of the same question in the edition before, where key or words changed


@dataclass(frozen=True)
class PrincipleText:
    number: int
    title: Words
    summary: Words
    questions: tuple[QuestionText, ...]


@dataclass(frozen=True)
class TemplateText:
    """A ready-made action: which principles it serves and in how many days it is to be done."""

    key: str
    principles: tuple[int, ...]
    days: int
    text: Words


@dataclass(frozen=True)
class EditionText:
    """A whole edition that holds every rule of the format."""

    key: str
    title: Words
    code_version: str
    in_effect_on: dt.date
    source_title: str
    source_url: str
    wording_note: Words
    principles: tuple[PrincipleText, ...]
    templates: tuple[TemplateText, ...]

    @property
    def sha256(self) -> str:
        """The hash of what is asked. Guidance, comments, spaces and the order of keys in the file do not count."""
        return _digest(self._asked())

    def sha256_with(self, helps: Mapping[int, str]) -> str:
        """The hash as it was made while the English help still counted: with `helps`, by number of question."""
        asked = self._asked()
        for principle in asked["principles"]:
            for question in principle["questions"]:
                question["help"] = {"en": helps.get(question["number"], ""), "cy": ""}
        return _digest(asked)

    def _asked(self) -> dict[str, Any]:
        document = asdict(self)
        for principle in document["principles"]:
            for question in principle["questions"]:
                left_out = (*GUIDANCE, *(name for name in LATER if not question.get(name)))
                for name in left_out:
                    question.pop(name, None)
        return document

    @property
    def questions(self) -> Iterator[QuestionText]:
        for principle in self.principles:
            yield from principle.questions


def _digest(document: dict[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_edition(text: str) -> EditionText:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not an edition of the Code: it should be a map with key, title and principles.")
    reader = _Reader()
    edition = reader.edition(document)
    if reader.problems:
        raise Incomplete(reader.problems)
    return edition


class _Reader(YamlReader):
    def edition(self, document: dict[str, Any]) -> EditionText:
        value = self.mapping(document, "Edition", EDITION_KEYS)
        source = self.mapping(value["source"], "Edition, source", ("title", "url"))
        longest = longest_of(CodeEdition, "code_version")
        return EditionText(
            key=self.slug(value["key"], "Edition, key", longest_of(CodeEdition, "key")),
            title=self.words(value["title"], "Edition, title", longest_of(CodeEdition, "title")),
            code_version=self.text(value["code_version"], "Edition, code_version", longest),
            in_effect_on=self.date(value["in_effect_on"], "Edition, in_effect_on"),
            source_title=self.text(source["title"], "Edition, title of the source", 200),
            source_url=self.address(source["url"], "Edition, address of the source"),
            wording_note=self.words(value["wording_note"], "Edition, wording_note"),
            principles=self.principles(value["principles"]),
            templates=self.templates(value["action_templates"]),
        )

    def principles(self, value: Any) -> tuple[PrincipleText, ...]:
        found = self.entries(value, "Edition, principles")
        if found and len(found) != PRINCIPLES:
            self.wrong("Edition", f"has {len(found)} principles, the Code has {PRINCIPLES}.")
        earlier: dict[int, QuestionText] = {}
        return tuple(self.principle(entry, place, earlier) for place, entry in enumerate(found, 1))

    def principle(self, value: Any, place: int, earlier: dict[int, QuestionText]) -> PrincipleText:
        stated = value.get("number", place) if isinstance(value, dict) else place
        where = f"Principle {stated}"
        found = self.mapping(value, where, ("number", "title", "summary", "questions"))
        if stated != place or isinstance(stated, bool):
            self.wrong(where, f"numbers run from 1 to {PRINCIPLES} without a gap; here stands number {place}.")
        questions = []
        for position, entry in enumerate(self.entries(found["questions"], f"{where}, questions"), 1):
            question = self.question(entry, where, place, position, earlier)
            earlier[len(earlier) + 1] = question
            questions.append(question)
        gaps = [question.number for question in questions if question.kind == Question.Kind.GAP]
        if questions and gaps != [questions[-1].number]:
            self.wrong(where, "should end with its one question of the kind gap.")
        return PrincipleText(
            number=place,
            title=self.words(found["title"], f"{where}, title", 200),
            summary=self.words(found["summary"], f"{where}, summary"),
            questions=tuple(questions),
        )

    # --- a question ---

    def question(
        self, value: Any, principle: str, number: int, position: int, earlier: dict[int, QuestionText]
    ) -> QuestionText:
        expected_number = len(earlier) + 1
        stated = value.get("number", expected_number) if isinstance(value, dict) else expected_number
        where = f"{principle}, question {stated}"
        found = self.mapping(value, where, QUESTION_KEYS, ("explain_when", "follow_up", "evidence", "was"))
        if stated != expected_number or isinstance(stated, bool):
            self.wrong(where, f"numbers run on without a gap; here stands number {expected_number}.")
        key = f"P{number:02}Q{position}"
        if found["key"] not in (key, MISSING):
            self.wrong(where, f"its key should be {key}, not “{found['key']}”.")
        kind = self.one_of(found["kind"], f"{where}, kind", Question.Kind.values)
        follows, follows_answer = self.follow_up(found.get("follow_up"), where, earlier)
        allowed = found["not_applicable"]
        if allowed is not MISSING and not isinstance(allowed, bool):
            self.wrong(f"{where}, not_applicable", "should be true or false.")
        publish = self.one_of(found["publish"], f"{where}, publish", ("public", "withheld"))
        return QuestionText(
            number=expected_number,
            key=key,
            kind=kind,
            title=self.words(found["title"], f"{where}, title", longest_of(Question, "title")),
            text=self.words(found["text"], f"{where}, text", welsh=False),
            help=self.words(found["help"], f"{where}, help", welsh=False),
            evidence=self.guidance(found.get("evidence"), f"{where}, evidence"),
            limit=self.number(found["limit"], f"{where}, limit", MAX_LIMIT),
            applies=self.one_of(found["applies"], f"{where}, applies", CONDITIONS),
            not_applicable_allowed=allowed is True,
            expected=self.expected(found, where, kind),
            explain_when=self.explain_when(found, where, kind),
            withheld_by_default=publish == "withheld",
            follows=follows,
            follows_answer=follows_answer,
            was=self.was(found.get("was"), where, earlier),
        )

    def was(self, value: Any, where: str, earlier: dict[int, QuestionText]) -> str:
        """Which question of the edition before it succeeds; '' where it says nothing: the same key, or a new one."""
        if value is None:
            return ""
        if not isinstance(value, str) or not KEY.fullmatch(value):
            self.wrong(f"{where}, was", f"should be the key of a question, as P05Q3, not “{value}”.")
            return ""
        if twin := next((question for question in earlier.values() if question.was == value), None):
            self.wrong(f"{where}, was", f"question {twin.number} succeeds {value} already.")
        return value

    def guidance(self, value: Any, where: str) -> Words:
        return Words("") if value is None else self.words(value, where, welsh=False)

    def expected(self, found: dict[str, Any], where: str, kind: str) -> str:
        value = found["expected"]
        if value is None or value is MISSING:
            return ""
        if kind not in CLOSED_KINDS:
            self.wrong(where, "only a yes-or-no question has an expected answer.")
        return self.one_of(value, f"{where}, expected", YES_NO)

    def explain_when(self, found: dict[str, Any], where: str, kind: str) -> str:
        if kind == Question.Kind.YES_NO_TEXT:
            if "explain_when" not in found:
                self.wrong(where, "“explain_when” is missing.")
            return self.one_of(found.get("explain_when", MISSING), f"{where}, explain_when", ("yes", "always"))
        if "explain_when" in found:
            self.wrong(where, "only a question of the kind yes_no_text has “explain_when”.")
        return ""

    def follow_up(self, value: Any, where: str, earlier: dict[int, QuestionText]) -> tuple[int | None, str]:
        if value is None:
            return None, ""
        found = self.mapping(value, f"{where}, follow_up", ("question", "answer"))
        answer = self.one_of(found["answer"], f"{where}, follow_up", YES_NO)
        number = found["question"]
        question = earlier.get(number) if isinstance(number, int) else None
        if question is None:
            if number is not MISSING:
                self.wrong(where, f"follows question {number}, which is not an earlier one.")
            return None, ""
        if question.kind not in CLOSED_KINDS:
            self.wrong(where, f"follows question {question.number}, which is not answered with yes or no.")
        return question.number, answer

    # --- ready-made actions ---

    def templates(self, value: Any) -> tuple[TemplateText, ...]:
        templates: list[TemplateText] = []
        for place, entry in enumerate(self.entries(value, "Edition, action_templates"), 1):
            where = f"Action template {place}"
            found = self.mapping(entry, where, ("key", "principle", "days", "text"))
            template = TemplateText(
                key=self.slug(found["key"], f"{where}, key", 40),
                principles=tuple(
                    self.number(number, f"{where}, principle", PRINCIPLES)
                    for number in self.entries(found["principle"], f"{where}, principle")
                ),
                days=self.number(found["days"], f"{where}, days", MAX_DAYS),
                text=self.words(found["text"], f"{where}, text", 250),
            )
            if template.key in {earlier.key for earlier in templates}:
                self.wrong(where, f"the key “{template.key}” stands twice.")
            templates.append(template)
        return tuple(templates)

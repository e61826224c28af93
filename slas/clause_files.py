"""The text of a clause library, as it is stored and read back. How a file is judged: `slas.clause_reader`."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.bilingual import is_welsh_page
from core.yaml_reader import Words
from slas.models import Agreement, ClauseLibrary

GIVEN = frozenset({"title", "parties", "councils", "police", "systems", "technologies", "signatories"})
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
NUMBERS = frozenset({"whole", "decimal", "money", "percent"})
MOST_CLAUSES = 80  # of a library, and of an agreement with those of the parties' own
MOST_KEPT = 8  # library texts in a process


@dataclass(frozen=True)
class Choice:
    key: str
    name: Words


@dataclass(frozen=True)
class FieldText:
    """A structured field of a clause. `only_if`: the field and value that it depends on, or nothing. `not_before`: the
    field with the earliest day that this day may be. `sets`: where it is asked for, if not in every set of its clause.
    """

    key: str
    kind: str
    label: Words
    hint: Words
    unit: str
    minimum: float | None
    maximum: float | None
    suggested: Any
    choices: tuple[Choice, ...]
    required: bool
    only_if: tuple[str, Any] | None
    not_before: str = ""
    sets: tuple[str, ...] = ()

    @property
    def local_label(self) -> str:
        return local(self.label)

    def is_of(self, clause_set: str) -> bool:
        return not self.sets or clause_set in self.sets


@dataclass(frozen=True)
class Paragraph:
    """Wording with `{placeholders}`. `when`: pairs of a field and what it must be: a value, "given" or "blank"."""

    when: tuple[tuple[str, Any], ...]
    text: Words


@dataclass(frozen=True)
class Fact:
    text: Words
    source: str


@dataclass(frozen=True)
class ClauseText:
    key: str
    number: int
    sets: tuple[str, ...]
    title: Words
    framework: str
    technologies: tuple[str, ...]
    required: bool
    notes: Words
    facts: tuple[Fact, ...]
    fields: tuple[FieldText, ...]
    paragraphs: tuple[Paragraph, ...]

    def field(self, key: str) -> FieldText:
        return next(field for field in self.fields if field.key == key)


@dataclass(frozen=True)
class MeasureText:
    """A measure whose target and time limit stand in fields of a clause; an empty target: it is not measured."""

    key: str
    name: Words
    unit: str
    better: str
    clause: str
    target: str
    within: str
    within_unit: str
    owed_by: str
    numerator: Words
    denominator: Words


@dataclass(frozen=True)
class LibraryText:
    """A whole clause library that holds every rule of the format."""

    key: str
    name: Words
    published_on: dt.date
    succeeds: str
    framework_name: Words
    framework_source: str
    framework_note: Words
    headings: tuple[Choice, ...]
    clauses: tuple[ClauseText, ...]
    measures: tuple[MeasureText, ...]

    def find(self, key: str) -> ClauseText | None:
        return next((clause for clause in self.clauses if clause.key == key), None)

    def clauses_of(self, clause_set: str, technologies: Collection[str]) -> list[ClauseText]:
        """Those of a set that concern any of the technologies, in order."""
        wanted = set(technologies)
        return [
            c for c in self.clauses if clause_set in c.sets and (not c.technologies or wanted & set(c.technologies))
        ]

    def of_set(self, clause_set: str) -> "LibraryText":
        """The same with the fields of one set alone."""
        clauses = tuple(replace(c, fields=tuple(f for f in c.fields if f.is_of(clause_set))) for c in self.clauses)
        return replace(self, clauses=clauses)

    def heading(self, key: str) -> str:
        return next((local(heading.name) for heading in self.headings if heading.key == key), "")

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str, ensure_ascii=False))
        return plain

    @property
    def sha256(self) -> str:
        """The hash of the content; comments, spaces and the order of keys in the file do not count."""
        canonical = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def local(words: Words) -> str:
    """In the language of the page."""
    return words.cy or words.en if is_welsh_page() else words.en


# --- stored and read back ---


def text_of_library(library: ClauseLibrary, clause_set: str = "") -> LibraryText:
    """The stored text, whole or with the fields of one set alone; made once in a process for each content."""
    found = _made.get((library.sha256, clause_set))
    if found is None:
        if len(_made) >= MOST_KEPT:
            _made.clear()
        whole = from_json(library.content)
        found = _made[library.sha256, clause_set] = whole.of_set(clause_set) if clause_set else whole
    return found


def library_of(agreement: Agreement) -> LibraryText:
    """What an agreement is drafted from. Needs `agreement.library`."""
    return text_of_library(agreement.library, agreement.clause_set)


_made: dict[tuple[str, str], LibraryText] = {}


def from_json(plain: Mapping[str, Any]) -> LibraryText:
    """The twin of `LibraryText.as_json`."""
    return LibraryText(
        key=plain["key"],
        name=_words(plain["name"]),
        published_on=dt.date.fromisoformat(plain["published_on"]),
        succeeds=plain["succeeds"],
        framework_name=_words(plain["framework_name"]),
        framework_source=plain["framework_source"],
        framework_note=_words(plain["framework_note"]),
        headings=tuple(_choice(heading) for heading in plain["headings"]),
        clauses=tuple(_clause(clause) for clause in plain["clauses"]),
        measures=tuple(_measure(measure) for measure in plain["measures"]),
    )


def _words(plain: Mapping[str, str]) -> Words:
    return Words(plain["en"], plain["cy"])


def _choice(plain: Mapping[str, Any]) -> Choice:
    return Choice(plain["key"], _words(plain["name"]))


def _clause(plain: Mapping[str, Any]) -> ClauseText:
    values = dict(plain)
    values["title"], values["notes"] = _words(plain["title"]), _words(plain["notes"])
    values["sets"], values["technologies"] = tuple(plain["sets"]), tuple(plain["technologies"])
    values["facts"] = tuple(Fact(_words(fact["text"]), fact["source"]) for fact in plain["facts"])
    values["fields"] = tuple(_field(field) for field in plain["fields"])
    values["paragraphs"] = tuple(
        Paragraph(tuple((field, _frozen(value)) for field, value in each["when"]), _words(each["text"]))
        for each in plain["paragraphs"]
    )
    return ClauseText(**values)


def _field(plain: Mapping[str, Any]) -> FieldText:
    values = dict(plain)
    values["label"], values["hint"] = _words(plain["label"]), _words(plain["hint"])
    values["choices"] = tuple(_choice(choice) for choice in plain["choices"])
    values["only_if"] = (plain["only_if"][0], _frozen(plain["only_if"][1])) if plain["only_if"] else None
    values["suggested"] = _frozen(plain["suggested"])
    values["sets"] = tuple(plain.get("sets", ()))
    return FieldText(**values)


def _measure(plain: Mapping[str, Any]) -> MeasureText:
    words = {name: _words(plain[name]) for name in ("name", "numerator", "denominator")}
    return MeasureText(**{**plain, **words})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

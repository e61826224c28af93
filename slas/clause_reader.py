"""A clause library read from YAML and judged whole before any of it is stored.

The format stands at the top of `slas/data/clauses-2026.yaml`.
"""

import datetime as dt
import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from compliance.models.vocabulary import Technology
from core.errors import Incomplete, RuleBroken
from core.yaml_reader import MISSING, Words, YamlReader, longest_of, parse_yaml
from slas.clause_files import (
    GIVEN,
    MOST_CLAUSES,
    NUMBERS,
    PLACEHOLDER,
    Choice,
    ClauseText,
    Fact,
    FieldText,
    LibraryText,
    MeasureText,
    Paragraph,
)
from slas.models import Better, Clause, ClauseLibrary, ClauseSet, Side

KINDS = ("whole", "decimal", "money", "percent", "yes_no", "choice", "several", "text", "date")
UNITS = ("days", "working_days", "hours", "minutes", "seconds", "weeks", "months", "years", "times_a_year", "count")
MEASURE_UNITS = ("percent", "days", "hours", "count")
PRESENCE = ("given", "blank")
TEXT_LIMIT = 4000


def read_library(text: str) -> LibraryText:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not a clause library: it should be a map with key, name and clauses.")
    reader = _Reader()
    library = reader.library(document)
    if reader.problems:
        raise Incomplete(reader.problems)
    return library


class _Reader(YamlReader):
    def library(self, document: Any) -> LibraryText:
        keys = ("key", "name", "published_on", "framework", "framework_headings", "clauses", "measures")
        found = self.mapping(document, "library", keys, ("succeeds",))
        framework = self.mapping(found["framework"], "framework", ("name", "source", "note"))
        headings = self.choices(found["framework_headings"], "framework_headings")
        clauses = tuple(
            self.clause(each, place, {heading.key for heading in headings})
            for place, each in enumerate(self.entries(found["clauses"], "clauses"), 1)
        )
        self.unique((clause.key for clause in clauses), "clauses")
        if len(clauses) > MOST_CLAUSES:
            self.wrong("clauses", f"are {len(clauses)}, at most {MOST_CLAUSES} fit.")
        measures = tuple(
            self.measure(each, place, clauses)
            for place, each in enumerate(self.entries(found["measures"], "measures"), 1)
        )
        self.unique((measure.key for measure in measures), "measures")
        return LibraryText(
            key=self.slug(found["key"], "key", longest_of(ClauseLibrary, "key")),
            name=self.words(found["name"], "name", longest_of(ClauseLibrary, "name")),
            published_on=self.date(found["published_on"], "published_on"),
            succeeds=self.slug(found["succeeds"], "succeeds", 40) if found.get("succeeds") else "",
            framework_name=self.words(framework["name"], "framework, name", 300),
            framework_source=self.address(framework["source"], "framework, source"),
            framework_note=self.words(framework["note"], "framework, note"),
            headings=headings,
            clauses=clauses,
            measures=measures,
        )

    def choices(self, value: Any, where: str) -> tuple[Choice, ...]:
        found = []
        for place, each in enumerate(self.entries(value, where), 1):
            here = f"{where} {place}"
            entry = self.mapping(each, here, ("key", "name"))
            found.append(Choice(self.slug(entry["key"], here, 40), self.words(entry["name"], here, 200)))
        self.unique((choice.key for choice in found), where)
        for word in PRESENCE:
            if any(choice.key == word for choice in found):
                self.wrong(where, f"“{word}” has a meaning of its own in conditions: take another key.")
        return tuple(found)

    def clause(self, value: Any, place: int, headings: Collection[str]) -> ClauseText:
        keys = ("key", "number", "sets", "title", "framework", "notes", "paragraphs")
        found = self.mapping(value, f"clause {place}", keys, ("technologies", "required", "facts", "fields"))
        key = self.slug(found["key"], f"clause {place}", longest_of(Clause, "key"))
        where = f"clause {key or place}"
        if self.number(found["number"], where, MOST_CLAUSES) != place:
            self.wrong(where, f"should have the number {place}: numbers have no gaps.")
        sets = [self.one_of(each, f"{where}, sets", ClauseSet.values) for each in self.entries(found["sets"], where)]
        if not sets:
            self.wrong(where, "should be of a set.")
        framework = found["framework"]
        if framework is not None:
            framework = self.one_of(framework, f"{where}, framework", headings)
        technologies = [
            self.one_of(each, f"{where}, technologies", Technology.values)
            for each in self.entries(found.get("technologies", MISSING), where)
        ]
        fields = tuple(self.field(each, where, sets) for each in self.entries(found.get("fields", MISSING), where))
        self.unique((field.key for field in fields), where)
        known: dict[str, FieldText] = {}
        for field in fields:
            if field.only_if:
                self.condition(*field.only_if, known, f"{where}, field {field.key}")
            earlier = known.get(field.not_before)
            if field.not_before and (field.kind != "date" or earlier is None or earlier.kind != "date"):
                self.wrong(f"{where}, field {field.key}", "is compared with something that is no day before it.")
            known[field.key] = field
        paragraphs = tuple(
            self.paragraph(each, f"{where}, paragraph {number}", known)
            for number, each in enumerate(self.entries(found["paragraphs"], where), 1)
        )
        if not paragraphs:
            self.wrong(where, "has no wording.")
        for clause_set in sets:
            self.paragraphs_of(clause_set, paragraphs, fields, where)
        facts = tuple(self.fact(each, where) for each in self.entries(found.get("facts", MISSING), where))
        return ClauseText(
            key=key,
            number=place,
            sets=tuple(sets),
            title=self.words(found["title"], f"{where}, title", longest_of(Clause, "title")),
            framework=framework or "",
            technologies=tuple(technologies),
            required=self.truth(found.get("required", False), f"{where}, required"),
            notes=self.words(found["notes"], f"{where}, notes", TEXT_LIMIT),
            facts=facts,
            fields=fields,
            paragraphs=paragraphs,
        )

    def truth(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            self.wrong(where, "should be true or false.")
        return bool(value)

    def fact(self, value: Any, where: str) -> Fact:
        found = self.mapping(value, f"{where}, facts", ("en", "cy", "source"))
        words = self.words({"en": found["en"], "cy": found["cy"]}, f"{where}, facts", TEXT_LIMIT)
        return Fact(words, self.text(found["source"], f"{where}, facts, source", 300))

    def field(self, value: Any, clause: str, sets: Collection[str]) -> FieldText:
        limits = ("unit", "minimum", "maximum", "choices", "required", "only_if", "not_before", "sets")
        optional = ("hint", "suggested", *limits)
        found = self.mapping(value, f"{clause}, fields", ("key", "kind", "label"), optional)
        key = self.slug(found["key"], f"{clause}, fields", 40)
        where = f"{clause}, field {key}"
        kind = self.one_of(found["kind"], where, KINDS)
        choices = self.choices(found.get("choices", MISSING), where)
        if (kind in ("choice", "several")) != bool(choices):
            self.wrong(where, "has choices, and only then, if its kind is choice or several.")
        minimum, maximum = found.get("minimum"), found.get("maximum")
        if kind in NUMBERS and not (_is_number(minimum) and _is_number(maximum) and minimum <= maximum):  # type: ignore[operator]
            self.wrong(where, "should have a minimum and a maximum.")
            minimum = maximum = 0
        condition = found.get("only_if")
        only_if = None
        if condition is not None:
            only_if = next(iter(condition.items())) if isinstance(condition, dict) and len(condition) == 1 else None
            if only_if is None:
                self.wrong(where, "only_if should name one field and its value.")
        field = FieldText(
            key=key,
            kind=kind,
            label=self.words(found["label"], f"{where}, label", 200),
            hint=self.words(found["hint"], f"{where}, hint", 400) if found.get("hint") else Words(""),
            unit=self.one_of(found["unit"], f"{where}, unit", UNITS) if found.get("unit") else "",
            minimum=minimum if kind in NUMBERS else None,
            maximum=maximum if kind in NUMBERS else None,
            suggested=_plain(found.get("suggested")),
            choices=choices,
            required=self.truth(found.get("required", False), f"{where}, required"),
            only_if=(str(only_if[0]), _plain(only_if[1])) if only_if else None,
            not_before=self.slug(found["not_before"], where, 40) if found.get("not_before") else "",
            sets=tuple(
                self.one_of(each, f"{where}, sets", sets) for each in self.entries(found.get("sets", MISSING), where)
            ),
        )
        if not self.fits(field, field.suggested):
            self.wrong(where, f"suggests {field.suggested!r}, which it does not take.")
        return field

    def fits(self, field: FieldText, value: Any) -> bool:
        if value is None:
            return True
        if field.kind in NUMBERS:
            whole = field.kind != "whole" or isinstance(value, int)
            return _is_number(value) and whole and (field.minimum or 0) <= value <= (field.maximum or 0)
        keys = [choice.key for choice in field.choices]
        if field.kind == "several":
            return isinstance(value, tuple) and len(value) > 0 and all(each in keys for each in value)
        if field.kind == "choice":
            return value in keys
        if field.kind == "date":
            return isinstance(value, str) and _is_day(value)
        return isinstance(value, bool if field.kind == "yes_no" else str)

    def condition(self, name: Any, wanted: Any, known: Mapping[str, FieldText], where: str) -> None:
        """What a field or a paragraph depends on: a field that stands before, and a value that it may have."""
        field = known.get(name) if isinstance(name, str) else None
        if field is None:
            self.wrong(where, f"depends on “{name}”, which is no field before it.")
            return
        for value in wanted if isinstance(wanted, tuple) else (wanted,):
            one_of_several = field.kind == "several" and self.fits(field, (value,))
            if not (one_of_several or (value is not None and value in PRESENCE) or self.is_value(field, value)):
                self.wrong(where, f"depends on “{name}” being {value!r}, which it cannot be.")

    def is_value(self, field: FieldText, value: Any) -> bool:
        return value is not None and field.kind != "several" and self.fits(field, value)

    def paragraph(self, value: Any, where: str, known: Mapping[str, FieldText]) -> Paragraph:
        found = self.mapping(value, where, ("en", "cy"), ("when",))
        text = self.words({"en": found["en"], "cy": found["cy"]}, where, TEXT_LIMIT)
        english, welsh = set(PLACEHOLDER.findall(text.en)), set(PLACEHOLDER.findall(text.cy))
        if re.search(r"[{}]", PLACEHOLDER.sub("", text.en + text.cy)):
            self.wrong(where, "holds a brace that is no {placeholder}.")
        for name in sorted(english & {key for key, field in known.items() if field.kind == "yes_no"}):
            self.wrong(where, f"“{name}” is a yes or no, which reads badly in a sentence: use when.")
        for name in sorted(english - set(known) - GIVEN):
            self.wrong(where, f"“{{{name}}}” is neither a field nor given by the agreement.")
        if english != welsh:
            self.wrong(where, "names other placeholders in Welsh than in English.")
        when = found.get("when") or {}
        if not isinstance(when, dict):
            self.wrong(where, "when should be a map of fields and values.")
            when = {}
        conditions = tuple((str(field), _plain(value)) for field, value in when.items())
        for depends_on, wanted in conditions:
            self.condition(depends_on, wanted, known, where)
        return Paragraph(conditions, text)

    def paragraphs_of(
        self, clause_set: str, paragraphs: Iterable[Paragraph], fields: Iterable[FieldText], where: str
    ) -> None:
        """A paragraph that names a field which a set does not ask for has a condition that leaves it out there."""
        absent = {field.key for field in fields if not field.is_of(clause_set)}
        for number, paragraph in enumerate(paragraphs, 1):
            named = absent & set(PLACEHOLDER.findall(paragraph.text.en))
            left_out = any(field in absent and value != "blank" for field, value in paragraph.when)
            if named and not left_out:
                self.wrong(f"{where}, paragraph {number}", f"names fields that the set {clause_set} does not ask for.")

    def measure(self, value: Any, place: int, clauses: Iterable[ClauseText]) -> MeasureText:
        required = ("key", "name", "unit", "better", "clause", "target", "owed_by", "numerator")
        found = self.mapping(value, f"measure {place}", required, ("within", "denominator"))
        key = self.slug(found["key"], f"measure {place}", 40)
        where = f"measure {key or place}"
        clause = next((each for each in clauses if each.key == found["clause"]), None)
        fields = {field.key: field for field in clause.fields} if clause else {}
        for name in ("target", "within"):
            field = fields.get(str(found.get(name) or ""))
            if found.get(name) and (field is None or field.kind not in NUMBERS):
                self.wrong(where, f"takes its {name} from “{found[name]}”, which is no number of its clause.")
        within = str(found.get("within") or "")
        return MeasureText(
            key=key,
            name=self.words(found["name"], where, 200),
            unit=self.one_of(found["unit"], where, MEASURE_UNITS),
            better=self.one_of(found["better"], where, Better.values),
            clause=str(found["clause"]),
            target=str(found["target"]),
            within=within,
            within_unit=fields[within].unit if within in fields else "",
            owed_by=self.one_of(found["owed_by"], where, [*Side.values, "both"]),
            numerator=self.words(found["numerator"], where, 200),
            denominator=self.words(found["denominator"], where, 200) if found.get("denominator") else Words(""),
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_day(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _plain(value: Any) -> Any:
    """As it is stored: lists as tuples, days as text."""
    if isinstance(value, list):
        return tuple(value)
    return value.isoformat() if isinstance(value, dt.date) else value

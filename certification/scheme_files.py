"""The text of a certification scheme, read from YAML and judged whole before any of it is stored.

The format stands at the top of `certification/data/independent-assurance.yaml`.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from certification.models import CertificationScheme, Criterion
from certification.models.scheme import Aim
from certification.sampling import DEFAULT_RULE, METHODS, SHARE, SizeRule
from core.errors import Incomplete, RuleBroken
from core.yaml_reader import MISSING, Words, YamlReader, longest_of, parse_yaml

PRINCIPLES = 12
MAX_MONTHS = 240
MAX_YEARS = 50
MAX_DAYS = 3_650
CRITERION_KEY = re.compile(r"P(\d\d)\.C(\d{1,2})")
NO_WORDS = Words("")
NUMBER_PREFIX = re.compile(r"[A-Z]{2,8}")
RULE_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}/[0-9]{1,3}")
MOST_PERCENT, MOST_CAMERAS = 1_000, 1_000
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
# What the format did not have at first, in the order in which it came: a scheme stored before is known again by the
# hash without it
LATER_KEYS = (
    ("number_prefix", "version", "terms", "succeeds", "rotation_stops"),
    ("known_by_month",),
)
SCHEME_KEYS = frozenset(
    {
        "key",
        "name",
        "owner",
        "number_prefix",
        "version",
        "edition",
        "opened_on",
        "closed_to_applications_on",
        "closed_on",
        "statement",
        "terms",
        "steps",
        "finding_classes",
        "required_documents",
        "look_back_years",
        "rotation_limit",
        "bodies",
        "criteria",
    }
)


LEFT_OUT = ("no_criteria_note", "succeeds", "rotation_stops", "sample")  # what a file need not say


@dataclass(frozen=True)
class CriterionText:
    key: str
    principle: int
    text: Words
    evidence: Words
    grading: Words

    def helped_in_english(self) -> "CriterionText":
        """The same, with usual evidence and grading in English alone."""
        return replace(self, evidence=Words(self.evidence.en), grading=Words(self.grading.en))


@dataclass(frozen=True)
class SchemeText:
    """A whole scheme that holds every rule of the format. `finding_classes` and `required_documents` are plain JSON."""

    key: str
    name: Words
    owner: Words
    edition: str
    opened_on: dt.date
    closed_to_applications_on: dt.date | None
    closed_on: dt.date | None
    statement: Words
    no_criteria_note: Words
    desktop_months: int | None
    full_months: int | None
    surveillance_months: int | None
    desktop_may_be_skipped: bool
    finding_classes: list[dict[str, Any]]
    required_documents: dict[str, list[dict[str, Any]]]
    look_back_years: int
    rotation_limit: int
    criteria: tuple[CriterionText, ...]
    number_prefix: str
    version: str
    terms: tuple[Words, ...]
    succeeds: str | None
    rotation_stops: bool
    sample: dict[str, Any]  # of `certification.sampling.SizeRule`; {}: the default, whether it was said or not
    known_by_month: tuple[str, ...]  # the dates of which the file gives the month alone

    @property
    def sha256(self) -> str:
        """The hash of the content; comments, spaces and the order of keys in the file do not count."""
        return self._hash_without(())

    @property
    def earlier_hashes(self) -> frozenset[str]:
        """The hashes of the same content before the format had what it has now, and before what helps to judge a
        criterion was there in Welsh as well: a translation changes no scheme.
        """
        lacking = [[key for keys in LATER_KEYS[known:] for key in keys] for known in range(len(LATER_KEYS) + 1)]
        in_english = replace(self, criteria=tuple(criterion.helped_in_english() for criterion in self.criteria))
        found = {text._hash_without(left_out) for text in (self, in_english) for left_out in lacking}
        return frozenset(found - {self.sha256})

    def _hash_without(self, left_out: Collection[str]) -> str:
        content = {key: value for key, value in asdict(self).items() if key not in left_out}
        if not self.sample:  # it held before a scheme could say so: the same content
            del content["sample"]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_scheme(text: str) -> SchemeText:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not a certification scheme: it should be a map with key, name and criteria.")
    reader = _Reader()
    scheme = reader.scheme(document)
    if reader.problems:
        raise Incomplete(reader.problems)
    return scheme


class _Reader(YamlReader):
    def __init__(self) -> None:
        super().__init__()
        self.known_by_month: list[str] = []

    def scheme(self, document: dict[str, Any]) -> SchemeText:
        value = self.mapping(document, "Scheme", SCHEME_KEYS, LEFT_OUT)
        opened, closed_to_applications, closed = self.dates(value)
        steps = self.mapping(value["steps"], "Steps", Aim.values)
        desktop = self.mapping(steps[Aim.DESKTOP], "Steps, desktop", ("months", "may_be_skipped"))
        full = self.mapping(steps[Aim.FULL], "Steps, full", ("months", "surveillance_months"))
        criteria = self.criteria(value["criteria"])
        if self.entries(value["bodies"], "Scheme, bodies"):
            self.wrong("Scheme, bodies", "should be empty: the site administrator adds bodies, with their dates.")
        return SchemeText(
            key=self.slug(value["key"], "Scheme, key", longest_of(CertificationScheme, "key")),
            name=self.words(value["name"], "Scheme, name", longest_of(CertificationScheme, "name")),
            owner=self.words(value["owner"], "Scheme, owner", longest_of(CertificationScheme, "owner")),
            edition=self.slug(value["edition"], "Scheme, edition", longest_of(CertificationScheme, "edition_key")),
            opened_on=opened,
            closed_to_applications_on=closed_to_applications,
            closed_on=closed,
            statement=self.words(value["statement"], "Scheme, statement"),
            no_criteria_note=self.no_criteria_note(value.get("no_criteria_note"), has_criteria=bool(criteria)),
            desktop_months=self.number_or_none(desktop["months"], "Steps, desktop, months", MAX_MONTHS),
            full_months=self.number_or_none(full["months"], "Steps, full, months", MAX_MONTHS),
            surveillance_months=self.number_or_none(
                full["surveillance_months"], "Steps, full, surveillance_months", MAX_MONTHS
            ),
            desktop_may_be_skipped=self.truth(desktop["may_be_skipped"], "Steps, desktop, may_be_skipped"),
            finding_classes=self.finding_classes(value["finding_classes"]),
            required_documents=self.required_documents(value["required_documents"]),
            look_back_years=self.count(value["look_back_years"], "Scheme, look_back_years", MAX_YEARS),
            rotation_limit=self.count(value["rotation_limit"], "Scheme, rotation_limit", MAX_YEARS),
            criteria=criteria,
            number_prefix=self.number_prefix(value["number_prefix"]),
            version=self.text(value["version"], "Scheme, version", longest_of(CertificationScheme, "version")),
            terms=self.terms(value["terms"]),
            succeeds=self.slug_or_none(value.get("succeeds"), "Scheme, succeeds"),
            rotation_stops=self.truth(value.get("rotation_stops", True), "Scheme, rotation_stops"),
            sample=self.sample(value.get("sample")),
            known_by_month=tuple(self.known_by_month),
        )

    def sample(self, value: Any) -> dict[str, Any]:
        if value is None:
            return {}
        where = "Scheme, sample"
        found = self.mapping(value, where, ("rule", "method", "percent", "at_least"))
        method = self.one_of(found["method"], f"{where}, method", METHODS)
        most = 100 if method == SHARE else MOST_PERCENT
        rule = SizeRule(
            name=self.text(found["rule"], f"{where}, rule", 44),
            method=method,
            percent=self.number(found["percent"], f"{where}, percent", most),
            at_least=self.number(found["at_least"], f"{where}, at_least", MOST_CAMERAS),
        )
        if rule.name and not RULE_NAME.fullmatch(rule.name):
            self.wrong(f"{where}, rule", "should be a name and a version, such as square-root-doubled/1.")
        elif rule.name == DEFAULT_RULE.name and rule != DEFAULT_RULE:
            self.wrong(f"{where}, rule", "is the name of another rule: give this one a name of its own.")
        return {} if rule == DEFAULT_RULE else rule.as_data()

    def number_prefix(self, value: Any) -> str:
        text = self.text(value, "Scheme, number_prefix", longest_of(CertificationScheme, "number_prefix"))
        if text and not NUMBER_PREFIX.fullmatch(text):
            self.wrong("Scheme, number_prefix", "should be two to eight capital letters.")
        return text

    def terms(self, value: Any) -> tuple[Words, ...]:
        found = []
        for place, term in enumerate(self.entries(value, "Scheme, terms"), 1):
            where = f"Scheme, term {place}"
            words = self.words(term, where, 1000)
            if "\n" in words.en + words.cy:
                self.wrong(where, "should stand on one line.")
            found.append(words)
        return tuple(found)

    def slug_or_none(self, value: Any, where: str) -> str | None:
        return None if value is None else self.slug(value, where, longest_of(CertificationScheme, "key"))

    def dates(self, value: dict[str, Any]) -> tuple[dt.date, dt.date | None, dt.date | None]:
        opened = self.date(self.first_of_month(value, "opened_on"), "Scheme, opened_on")
        to_applications = self.date_or_none(
            self.first_of_month(value, "closed_to_applications_on"), "Scheme, closed_to_applications_on"
        )
        closed = self.date_or_none(value["closed_on"], "Scheme, closed_on")
        known = [day for day in (opened, to_applications, closed) if day not in (None, dt.date.min)]
        if known != sorted(known):
            self.wrong("Scheme", "its dates should follow each other: opened, closed to applications, closed.")
        return opened, to_applications, closed

    def first_of_month(self, value: dict[str, Any], key: str) -> Any:
        """The first day of a month of which no more is known, noted as such; anything else as it stands."""
        stated = value[key]
        match = MONTH.fullmatch(stated) if isinstance(stated, str) else None
        if match is None:
            return stated
        self.known_by_month.append(key)
        return dt.date(int(match[1]), int(match[2]), 1)

    def date_or_none(self, value: Any, where: str) -> dt.date | None:
        return None if value is None else self.date(value, where)

    def number_or_none(self, value: Any, where: str, highest: int) -> int | None:
        return None if value is None else self.number(value, where, highest)

    def count(self, value: Any, where: str, highest: int) -> int:
        return 0 if value == 0 and not isinstance(value, bool) else self.number(value, where, highest)

    def truth(self, value: Any, where: str) -> bool:
        if value is not MISSING and not isinstance(value, bool):
            self.wrong(where, "should be true or false.")
        return value is True

    def no_criteria_note(self, value: Any, *, has_criteria: bool) -> Words:
        if value is None:
            if not has_criteria:
                self.wrong("Scheme", "has no criteria, so “no_criteria_note” must say that.")
            return NO_WORDS
        if has_criteria:
            self.wrong("Scheme", "has criteria, so “no_criteria_note” should not stand there.")
        return self.words(value, "Scheme, no_criteria_note")

    def finding_classes(self, value: Any) -> list[dict[str, Any]]:
        classes: list[dict[str, Any]] = []
        for place, entry in enumerate(self.entries(value, "Scheme, finding_classes"), 1):
            where = f"Finding class {place}"
            found = self.mapping(entry, where, ("key", "name", "deadline_days", "blocks_award"))
            classes.append(
                {
                    "key": self.slug(found["key"], f"{where}, key", 30),
                    "name": asdict(self.words(found["name"], f"{where}, name", 100)),
                    "deadline_days": self.number_or_none(found["deadline_days"], f"{where}, deadline_days", MAX_DAYS),
                    "blocks_award": self.truth(found["blocks_award"], f"{where}, blocks_award"),
                }
            )
        self.once([entry["key"] for entry in classes], "Scheme, finding_classes")
        return classes

    def required_documents(self, value: Any) -> dict[str, list[dict[str, Any]]]:
        found = self.mapping(value, "Scheme, required_documents", Aim.values)
        return {aim: self.documents_of(found[aim], f"Required documents, {aim}") for aim in Aim.values}

    def documents_of(self, value: Any, aim: str) -> list[dict[str, Any]]:
        documents: list[dict[str, Any]] = []
        for place, entry in enumerate(self.entries(value, aim), 1):
            where = f"{aim}, document {place}"
            found = self.mapping(entry, where, ("key", "name", "required"))
            documents.append(
                {
                    "key": self.slug(found["key"], f"{where}, key", 30),
                    "name": asdict(self.words(found["name"], f"{where}, name", 100)),
                    "required": self.truth(found["required"], f"{where}, required"),
                }
            )
        self.once([document["key"] for document in documents], aim)
        return documents

    def once(self, keys: list[str], where: str) -> None:
        for key in sorted({key for key in keys if key and keys.count(key) > 1}):
            self.wrong(where, f"the key “{key}” stands twice.")

    # --- criteria ---

    def criteria(self, value: Any) -> tuple[CriterionText, ...]:
        criteria = tuple(
            self.criterion(entry, place) for place, entry in enumerate(self.entries(value, "Scheme, criteria"), 1)
        )
        self.once([criterion.key for criterion in criteria], "Criteria")
        order = [criterion.principle for criterion in criteria if criterion.principle]
        if order != sorted(order):
            self.wrong("Criteria", "should stand in the order of the principles.")
        return criteria

    def criterion(self, value: Any, place: int) -> CriterionText:
        stated = value.get("key", place) if isinstance(value, dict) else place
        where = f"Criterion {stated}"
        found = self.mapping(value, where, ("key", "principle", "text", "evidence", "grading"))
        principle = self.number(found["principle"], f"{where}, principle", PRINCIPLES)
        key = self.text(found["key"], f"{where}, key", longest_of(Criterion, "key"))
        match = CRITERION_KEY.fullmatch(key)
        if key and (match is None or (principle and int(match[1]) != principle)):
            self.wrong(where, f"its key should be made of principle and place, such as P{principle or 1:02}.C1.")
        return CriterionText(
            key=key,
            principle=principle,
            text=self.words(found["text"], f"{where}, text"),
            evidence=self.words(found["evidence"], f"{where}, evidence", welsh=False),
            grading=self.words(found["grading"], f"{where}, grading", welsh=False),
        )

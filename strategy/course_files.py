"""The catalogue of courses and awards as a file, read from YAML and judged whole before any of it is stored."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.errors import Incomplete, RuleBroken
from core.yaml_reader import MISSING, Words, YamlReader, longest_of, parse_yaml
from strategy.models import Course

TEXTS = ("provider", "awarding_body", "level", "standards", "accredited_by")


@dataclass(frozen=True)
class CourseText:
    """One entry that holds every rule of the format."""

    key: str
    kind: str
    audience: str
    name: Words
    summary: Words
    texts: dict[str, str]
    accredited_until: dt.date | None
    source: str
    checked_on: dt.date

    def values(self) -> dict[str, Any]:
        """The fields of a course."""
        return {
            "kind": self.kind,
            "audience": self.audience,
            "name": self.name.en,
            "name_cy": self.name.cy,
            "summary": self.summary.en,
            "summary_cy": self.summary.cy,
            **self.texts,
            "accredited_until": self.accredited_until,
            "source": self.source,
            "checked_on": self.checked_on,
        }


def read_courses(text: str) -> list[CourseText]:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not a catalogue: it should be a map with courses.")
    reader = _Reader()
    found = reader.mapping(document, "catalogue", ("courses",))
    courses = [reader.course(each, n) for n, each in enumerate(reader.entries(found["courses"], "courses"), 1)]
    reader.unique((each.key for each in courses), "courses")
    if reader.problems:
        raise Incomplete(reader.problems)
    return courses


class _Reader(YamlReader):
    def course(self, value: Any, place: int) -> CourseText:
        where = f"course {place}"
        required = ("key", "kind", "audience", "name", "summary", "source", "checked_on")
        found = self.mapping(value, where, required, (*TEXTS, "accredited_until"))
        until = found.get("accredited_until", MISSING)
        return CourseText(
            key=self.slug(found["key"], f"{where}, key", longest_of(Course, "key")),
            kind=self.one_of(found["kind"], f"{where}, kind", Course.Kind.values),
            audience=self.one_of(found["audience"], f"{where}, audience", Course.Audience.values),
            name=self.words(found["name"], f"{where}, name", longest_of(Course, "name")),
            summary=self.words(found["summary"], f"{where}, summary", longest_of(Course, "summary")),
            texts={
                name: self.text(found[name], f"{where}, {name}", longest_of(Course, name)) if found.get(name) else ""
                for name in TEXTS
            },
            accredited_until=None if until is MISSING else self.date(until, f"{where}, accredited_until"),
            source=self.text(found["source"], f"{where}, source", longest_of(Course, "source")),
            checked_on=self.date(found["checked_on"], f"{where}, checked_on"),
        )

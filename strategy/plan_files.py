"""The text of a strategy, read from YAML and judged whole before any of it is stored.

The format stands at the top of `strategy/data/surveillance-camera-2020.yaml`.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.errors import Incomplete, RuleBroken
from core.yaml_reader import MISSING, Words, YamlReader, longest_of, parse_yaml
from strategy.measures import MEASURES
from strategy.models import (
    ArchiveDocument,
    Deliverable,
    Holder,
    Objective,
    Recommendation,
    Strand,
    Strategy,
)

MOST_RECOMMENDATIONS = 200


@dataclass(frozen=True)
class HolderText:
    name: str
    body: str
    as_of: str


@dataclass(frozen=True)
class StrandText:
    key: str
    name: Words
    holders: tuple[HolderText, ...]


@dataclass(frozen=True)
class DeliverableText:
    number: str
    text: Words
    success_measure: Words
    contribution: Words
    status: str
    status_word: str
    target_on: dt.date | None
    measure: str
    target_percent: int | None


@dataclass(frozen=True)
class ObjectiveText:
    number: str
    strand: str
    statement: Words
    deliverables: tuple[DeliverableText, ...]


@dataclass(frozen=True)
class RecommendationText:
    number: int
    text: Words
    standing: str
    note: Words


@dataclass(frozen=True)
class DocumentText:
    kind: str
    number: int | None
    title: Words
    dated: str
    source: str


@dataclass(frozen=True)
class StrategyText:
    """A whole strategy that holds every rule of the format."""

    key: str
    kind: str
    is_proposal: bool
    name: Words
    owner: Words
    summary: Words
    starts_on: dt.date | None
    ends_on: dt.date | None
    as_of: str
    source: str
    position: int
    aims: tuple[Words, ...]
    strands: tuple[StrandText, ...]
    objectives: tuple[ObjectiveText, ...]
    recommendations: tuple[RecommendationText, ...]
    documents: tuple[DocumentText, ...]


def read_strategy(text: str) -> StrategyText:
    """Raises RuleBroken where the text is no YAML map (with the line), Incomplete with everything else at once."""
    document = parse_yaml(text)
    if not isinstance(document, dict):
        raise RuleBroken("The file is not a strategy: it should be a map with key, name and what it promises.")
    reader = _Reader()
    found = reader.strategy(document)
    if reader.problems:
        raise Incomplete(reader.problems)
    return found


class _Reader(YamlReader):
    def strategy(self, document: Any) -> StrategyText:
        required = ("key", "kind", "name", "owner", "summary", "as_of", "source", "position")
        lists = ("aims", "strands", "objectives", "recommendations", "documents")
        found = self.mapping(document, "strategy", required, ("is_proposal", "starts_on", "ends_on", *lists))
        parts = {each: self.entries(found.get(each, MISSING), each) for each in lists}
        strands = tuple(self.strand(each, place) for place, each in enumerate(parts["strands"], 1))
        self.unique((strand.key for strand in strands), "strands")
        keys = [strand.key for strand in strands]
        objectives = tuple(self.objective(each, place, keys) for place, each in enumerate(parts["objectives"], 1))
        self.unique((objective.number for objective in objectives), "objectives")
        said = tuple(self.recommendation(each, place) for place, each in enumerate(parts["recommendations"], 1))
        self.unique((str(each.number) for each in said), "recommendations")
        return StrategyText(
            key=self.slug(found["key"], "key", longest_of(Strategy, "key")),
            kind=self.one_of(found["kind"], "kind", Strategy.Kind.values),
            is_proposal=found.get("is_proposal") is True,
            name=self.words(found["name"], "name", longest_of(Strategy, "name")),
            owner=self.words(found["owner"], "owner", longest_of(Strategy, "owner")),
            summary=self.words(found["summary"], "summary", longest_of(Strategy, "summary")),
            starts_on=self.date(found["starts_on"], "starts_on") if found.get("starts_on") else None,
            ends_on=self.date(found["ends_on"], "ends_on") if found.get("ends_on") else None,
            as_of=self.text(found["as_of"], "as_of", longest_of(Strategy, "as_of")),
            source=self.text(found["source"], "source", longest_of(Strategy, "source")),
            position=self.number(found["position"], "position", 100),
            aims=tuple(self.words(each, f"aim {place}", 300) for place, each in enumerate(parts["aims"], 1)),
            strands=strands,
            objectives=objectives,
            recommendations=said,
            documents=tuple(self.document(each, place) for place, each in enumerate(parts["documents"], 1)),
        )

    def strand(self, value: Any, place: int) -> StrandText:
        where = f"strand {place}"
        found = self.mapping(value, where, ("key", "name"), ("holders",))
        holders = self.entries(found.get("holders", MISSING), where)
        return StrandText(
            key=self.slug(found["key"], where, longest_of(Strand, "key")),
            name=self.words(found["name"], where, longest_of(Strand, "name")),
            holders=tuple(self.holder(each, where) for each in holders),
        )

    def holder(self, value: Any, where: str) -> HolderText:
        found = self.mapping(value, f"{where}, holders", ("name", "as_of"), ("body",))
        return HolderText(
            name=self.text(found["name"], f"{where}, holders", longest_of(Holder, "name")),
            body=self.optional(found.get("body"), f"{where}, holders", longest_of(Holder, "body")),
            as_of=self.text(found["as_of"], f"{where}, holders, as_of", longest_of(Holder, "as_of")),
        )

    def optional(self, value: Any, where: str, longest: int) -> str:
        return self.text(value, where, longest) if value is not None else ""

    def objective(self, value: Any, place: int, strands: Collection[str]) -> ObjectiveText:
        found = self.mapping(value, f"objective {place}", ("number", "statement", "deliverables"), ("strand",))
        number = self.text(found["number"], f"objective {place}, number", longest_of(Objective, "number"))
        where = f"objective {number or place}"
        deliverables = tuple(
            self.deliverable(each, f"{where}, deliverable {n}", number)
            for n, each in enumerate(self.entries(found["deliverables"], where), 1)
        )
        self.unique((each.number for each in deliverables), where)
        return ObjectiveText(
            number=number,
            strand=self.one_of(found["strand"], f"{where}, strand", strands) if found.get("strand") else "",
            statement=self.words(found["statement"], where, longest_of(Objective, "statement")),
            deliverables=deliverables,
        )

    def deliverable(self, value: Any, where: str, objective: str) -> DeliverableText:
        optional = ("contribution", "status", "status_word", "target_on", "measure", "target_percent")
        found = self.mapping(value, where, ("number", "text", "success_measure"), optional)
        number = self.text(found["number"], f"{where}, number", longest_of(Deliverable, "number"))
        if number and not number.startswith(f"{objective}."):
            self.wrong(where, f"should have a number that begins with {objective}.")
        where = f"deliverable {number}" if number else where
        nothing = Words("")
        percent = found.get("target_percent")
        return DeliverableText(
            number=number,
            text=self.words(found["text"], f"{where}, text", longest_of(Deliverable, "text")),
            success_measure=self.words(found["success_measure"], f"{where}, success measure", 600),
            contribution=self.words(found["contribution"], f"{where}, contribution", 1000)
            if found.get("contribution")
            else nothing,
            status=self.one_of(found["status"], f"{where}, status", ("active", "completed", "proposed"))
            if found.get("status")
            else "active",
            status_word=self.optional(found.get("status_word"), where, longest_of(Deliverable, "status_word")),
            target_on=self.date(found["target_on"], f"{where}, target_on") if found.get("target_on") else None,
            measure=self.one_of(found["measure"], f"{where}, measure", MEASURES) if found.get("measure") else "",
            target_percent=self.number(percent, f"{where}, target_percent", 100) if percent is not None else None,
        )

    def recommendation(self, value: Any, place: int) -> RecommendationText:
        where = f"recommendation {place}"
        found = self.mapping(value, where, ("number",), ("text", "standing", "note"))
        nothing = Words("")
        return RecommendationText(
            number=self.number(found["number"], where, MOST_RECOMMENDATIONS),
            text=self.words(found["text"], where, longest_of(Recommendation, "text")) if found.get("text") else nothing,
            standing=self.one_of(found["standing"], where, Recommendation.Standing.values)
            if found.get("standing")
            else Recommendation.Standing.UNKNOWN,
            note=self.words(found["note"], where, longest_of(Recommendation, "note")) if found.get("note") else nothing,
        )

    def document(self, value: Any, place: int) -> DocumentText:
        where = f"document {place}"
        found = self.mapping(value, where, ("kind", "title"), ("number", "dated", "source"))
        number = found.get("number")
        return DocumentText(
            kind=self.one_of(found["kind"], where, ArchiveDocument.Kind.values),
            number=self.number(number, where, 1000) if number is not None else None,
            title=self.words(found["title"], where, longest_of(ArchiveDocument, "title")),
            dated=self.optional(found.get("dated"), where, longest_of(ArchiveDocument, "dated")),
            source=self.optional(found.get("source"), where, longest_of(ArchiveDocument, "source")),
        )

"""Two submissions of one operator side by side, from their frozen texts alone: what changed since it came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.models.scheme import Aim
from certification.submission import Submission, SubmittedSystem
from compliance.comparison import Comparison, compare_two
from compliance.models.vocabulary import DocumentKind
from compliance.word_diff import Difference, word_diff


class Fate(models.TextChoices):
    """What became of a system or document from one submission to the next."""

    ADDED = "added", gettext_lazy("Added")
    DROPPED = "dropped", gettext_lazy("Dropped")
    REPLACED = "replaced", gettext_lazy("Replaced")
    CHANGED = "changed", gettext_lazy("Changed")
    SAME = "same", gettext_lazy("Unchanged")


@dataclass(frozen=True)
class Term:
    """One term of both; `difference` word by word."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def difference(self) -> Difference:
        return word_diff(self.before, self.after)


@dataclass(frozen=True)
class Pair:
    """A system or a document with what stood in each submission, in words ('' where it stood in one only)."""

    name: str
    fate: Fate
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """`alone` names the systems whose answers stand in one submission only."""

    terms: Sequence[Term]
    systems: Sequence[Pair]
    documents: Sequence[Pair]
    answers: Sequence[Comparison]
    alone: Sequence[str]


def compare_submissions(before: Submission, after: Submission) -> Compared:
    """Systems and documents go together by their references; documents are told apart by their hashes."""
    answers, alone = _answers(before, after)
    return Compared(
        terms=[
            Term(label, old, new) for (label, old), (_label, new) in zip(_terms(before), _terms(after), strict=True)
        ],
        systems=_systems(before.systems(), after.systems()),
        documents=_documents(before.content["documents"], after.content["documents"]),
        answers=answers,
        alone=alone,
    )


def _terms(submission: Submission) -> list[tuple[str, str]]:
    content = submission.content
    return [
        (_("Certification body"), content["body"]["name"]),
        (_("Scheme"), content["scheme"]["name"]),
        (_("Aim"), str(capfirst(Aim(content["aim"]).label))),
        (_("Scope"), content["scope"]),
        (_("Scope in Welsh"), content.get("scope_cy", "")),
        (_("Sites"), content["sites"]),
    ]


def _systems(before: Sequence[SubmittedSystem], after: Sequence[SubmittedSystem]) -> list[Pair]:
    old = {system.reference: system for system in before}
    pairs = []
    for system in after:
        earlier = old.pop(system.reference, None)
        now, then = _counts(system), _counts(earlier) if earlier else ""
        fate = Fate.ADDED if earlier is None else Fate.SAME if now == then else Fate.CHANGED
        pairs.append(Pair(system.name, fate, then, now))
    return pairs + [Pair(system.name, Fate.DROPPED, _counts(system), "") for system in old.values()]


def _counts(system: SubmittedSystem) -> str:
    """Its technologies with their counts and retention, in words."""
    return "; ".join(_technology(row) for row in system.rows)


def _technology(row: Mapping[str, Any]) -> str:
    words = _("%(technology)s: %(cameras)d cameras") % {"technology": row["technology"], "cameras": row["cameras"]}
    if row["retention_days"] is not None:
        words += ", " + _("kept for %(days)d days") % {"days": row["retention_days"]}
    if row["counted_on"]:
        words += ", " + _("counted on %(day)s") % {"day": date_format(row["counted_on"], "j F Y")}
    return words


def _documents(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Pair]:
    old = {document["evidence"]: document for document in before}
    pairs = []
    for document in after:
        earlier = old.pop(document["evidence"], None)
        if earlier is None:
            pairs.append(Pair(_name(document), Fate.ADDED, "", _bytes(document)))
        else:
            same = (earlier["sha256"], earlier["link"]) == (document["sha256"], document["link"])
            fate = Fate.SAME if same else Fate.REPLACED
            pairs.append(Pair(_name(document), fate, _bytes(earlier), _bytes(document)))
    return pairs + [Pair(_name(document), Fate.DROPPED, _bytes(document), "") for document in old.values()]


def _name(document: Mapping[str, Any]) -> str:
    kind = document["kind"]
    label = DocumentKind(kind).label if kind in DocumentKind.values else kind
    return f"{document['title']} ({label})"


def _bytes(document: Mapping[str, Any]) -> str:
    """By what it is known: its hash, or its address."""
    return document["sha256"] or document["link"]


def _answers(before: Submission, after: Submission) -> tuple[list[Comparison], list[str]]:
    old = {found["system"]["reference"]: found for found in before.assessments}
    compared, alone = [], []
    for found in after.assessments:
        earlier = old.pop(found["system"]["reference"], None)
        if earlier is None:
            alone.append(found["system"]["name"])
        else:
            compared.append(compare_two(earlier, found))
    return compared, sorted([*alone, *(found["system"]["name"] for found in old.values())])

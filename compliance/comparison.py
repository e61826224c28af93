"""Two signed self-assessments question by question, from their frozen texts alone.

Within one edition of the Code questions go together by key; across editions by their words, then by key. Every schema
that was ever signed is read: `docs/self-assessment-format.md`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.word_diff import Difference, word_diff

Frozen = Mapping[str, Any]


class Change(models.TextChoices):
    """How the answers to one question compare."""

    CHANGED = "changed", gettext_lazy("Changed")
    CAME = "came", gettext_lazy("Only in the later one")
    WENT = "went", gettext_lazy("Only in the earlier one")
    SAME = "same", gettext_lazy("Unchanged")


@dataclass(frozen=True)
class Side:
    """One answer as it was signed; `is_asked` is False where the question did not apply or was not part of it."""

    is_asked: bool = False
    choice: str = ""
    text: str = ""
    language: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """A question as the later one has it (else as the earlier one had it), with both answers."""

    question: Frozen
    principle: int
    before: Side
    after: Side
    reworded: str = ""  # the words of the earlier question where they differ

    @property
    def change(self) -> Change:
        if self.before.is_asked != self.after.is_asked:
            return Change.CAME if self.after.is_asked else Change.WENT
        same = (self.before.choice, self.before.text, self.before.evidence) == (
            self.after.choice,
            self.after.text,
            self.after.evidence,
        )
        return Change.SAME if same else Change.CHANGED

    @cached_property
    def difference(self) -> Difference:
        return word_diff(self.before.text, self.after.text)

    @property
    def evidence_came(self) -> list[str]:
        return [name for name in self.after.evidence if name not in self.before.evidence]

    @property
    def evidence_went(self) -> list[str]:
        return [name for name in self.before.evidence if name not in self.after.evidence]


@dataclass(frozen=True)
class Comparison:
    """The questions of two self-assessments, in the order of the later one; those that it lacks stand last."""

    before: Frozen
    after: Frozen
    questions: tuple[Compared, ...]

    def of(self, change: Change) -> list[Compared]:
        return [compared for compared in self.questions if compared.change == change]

    @property
    def scope(self) -> Difference:
        return word_diff(self.before["scope"], self.after["scope"])

    @property
    def scope_changed(self) -> bool:
        return bool(self.before["scope"] != self.after["scope"])

    @property
    def counts(self) -> str:
        """In words, never as a share."""
        number = len(self.of(Change.CHANGED))
        words = [
            ngettext("%(number)d answer changed", "%(number)d answers changed", number) % {"number": number}
            if number
            else _("No answer changed")
        ]
        if number := len(self.of(Change.CAME)):
            words.append(
                ngettext("%(number)d asked only later", "%(number)d asked only later", number) % {"number": number}
            )
        if number := len(self.of(Change.WENT)):
            words.append(
                ngettext("%(number)d asked only earlier", "%(number)d asked only earlier", number) % {"number": number}
            )
        number = len(self.of(Change.SAME))
        words.append(ngettext("%(number)d unchanged", "%(number)d unchanged", number) % {"number": number})
        return ", ".join(words)


def compare(before: str, after: str) -> tuple[list[Comparison], list[str]]:
    """Of two frozen texts: the self-assessments that are of one system, and the names of systems that only one covers.

    Where each covers a single system these two are compared, whichever they are.
    """
    older = json.loads(before)["assessments"]
    newer = json.loads(after)["assessments"]
    if len(older) == len(newer) == 1:
        return [compare_two(older[0], newer[0])], []
    by_system = {found["system"]["reference"]: found for found in older}
    pairs = [(by_system.pop(f["system"]["reference"], None), f) for f in newer]
    alone = [*(f for earlier, f in pairs if earlier is None), *by_system.values()]
    names = sorted(found["system"]["name"] for found in alone)
    return [compare_two(earlier, found) for earlier, found in pairs if earlier is not None], names


def compare_two(before: Frozen, after: Frozen) -> Comparison:
    """Two frozen self-assessments."""
    earlier = list(_questions(before))
    same_edition = before["edition"]["key"] == after["edition"]["key"]
    left = {question["key"]: (number, question) for number, question in earlier}
    by_words: dict[str, str] = {}
    for _number, question in earlier:
        by_words.setdefault(question["text"]["en"], question["key"])
    found = []
    for number, question in _questions(after):
        key = question["key"] if same_edition else by_words.get(question["text"]["en"], question["key"])
        _principle, old = left.pop(key, (0, None))
        found.append(_compared(number, old, question))
    found += [Compared(old, number, _side(old), Side()) for number, old in left.values()]
    asked = (compared for compared in found if compared.before.is_asked or compared.after.is_asked)
    return Comparison(before, after, tuple(asked))


def _questions(content: Frozen) -> Iterable[tuple[int, Frozen]]:
    """Each question with the number of its principle."""
    for principle in content["principles"]:
        for question in principle["questions"]:
            yield principle["number"], question


def _compared(principle: int, old: Frozen | None, new: Frozen) -> Compared:
    reworded = old["text"]["en"] if old and old["text"]["en"] != new["text"]["en"] else ""
    return Compared(new, principle, _side(old), _side(new), reworded)


def _side(question: Frozen | None) -> Side:
    if question is None or question["answer"] is None:
        return Side()
    answer = question["answer"]
    evidence: Sequence[Frozen] = question.get("evidence", ())
    return Side(
        is_asked=True,
        choice=answer["choice"],
        text=answer["text"],
        language=answer.get("language", "en"),
        evidence=tuple(_evidence_words(piece) for piece in evidence),
    )


def _evidence_words(piece: Frozen) -> str:
    """A piece of evidence by its title, and by its version where it was replaced."""
    if piece["version"] > 1:
        return _("%(title)s (version %(number)d)") % {"title": piece["title"], "number": piece["version"]}
    return str(piece["title"])

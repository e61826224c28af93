"""What a newer edition of the Code asks differently: its questions joined to those of an older one.

Pure functions over questions that were loaded before. A question names the one that it succeeds (`predecessor_key`,
`was` in the YAML of an edition); without a name it succeeds the one with the same key and the same words, if any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from compliance.models import Question


class Touch(models.TextChoices):
    """What became of a question in the newer edition."""

    UNTOUCHED = "untouched", gettext_lazy("Unchanged")
    TOUCHED = "touched", gettext_lazy("Changed")
    NEW = "new", gettext_lazy("New")


@dataclass(frozen=True)
class Joined:
    """A question of the newer edition and the one of the older edition that it succeeds, if any."""

    question: Question
    before: Question | None

    @property
    def touch(self) -> Touch:
        if self.before is None:
            return Touch.NEW
        return Touch.UNTOUCHED if asks_the_same(self.before, self.question) else Touch.TOUCHED


def asks_the_same(before: Question, after: Question) -> bool:
    """The same words, closed answers and conditions, so that an answer to the one is an answer to the other."""
    names = ("text", "kind", "applies", "not_applicable_allowed", "explain_when", "expected", "follows_answer")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def join(editions: Sequence[Iterable[Question]]) -> list[Joined]:
    """The questions of the last edition with those of the first that they succeed, edition by edition in between.

    One edition alone is joined to itself.
    """
    first, *later = [list(questions) for questions in editions]
    joined = [Joined(question, question) for question in first]
    for questions in later:
        origin = {step.question.pk: step.before for step in joined}
        joined = [Joined(question, _origin(question, joined, origin)) for question in questions]
    return joined


def _origin(question: Question, older: Sequence[Joined], origin: dict[int, Question | None]) -> Question | None:
    """The question of the first edition behind the direct predecessor of `question`."""
    for step in older:
        found = step.question
        named = question.predecessor_key == found.key
        same = not question.predecessor_key and (question.key, question.text) == (found.key, found.text)
        if named or same:
            return origin[found.pk]
    return None


def gone(joined: Iterable[Joined], before: Iterable[Question]) -> list[Question]:
    """Questions of the older edition that none of the newer one succeeds."""
    kept = {step.before.pk for step in joined if step.before}
    return [question for question in before if question.pk not in kept]

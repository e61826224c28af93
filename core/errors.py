"""What the portal refuses, as a tree. Errors carry data; `core.middleware` and `core.api_errors` find the words.

PortalError
├── RuleBroken          a rule of the field forbids it            422
│   ├── Incomplete      something is missing, all of it listed    422
│   └── IllegalMove     not in this state                         409
└── StaleRecord         somebody else was quicker                 409
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from core.workflow import Workflow

    Text = str | _StrPromise  # what `gettext_lazy` and `format_lazy` give and take
else:
    Text = str | Promise


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or missing, in a sentence, with the address where it can be mended (or ''), and the field
    that it is about where it is about one.
    """

    text: Text
    url: str = ""
    field: str = ""


class PortalError(Exception):
    """Everything that the portal itself refuses."""


class RuleBroken(PortalError):
    """An act that a rule forbids whatever the state. `sentence` says which rule and what to do; `problems` lists all
    that stands in its way: here that sentence alone.
    """

    problems: Sequence[Problem]

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = (Problem(sentence),)


class Incomplete(RuleBroken):
    """An act that lacks something. `problems` lists everything at once."""

    def __init__(self, problems: Iterable[Problem | Text], sentence: Text = "") -> None:
        found = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__(sentence or "; ".join(str(p.text) for p in found))
        self.problems = found


class IllegalMove(RuleBroken):
    """A status that may not follow the present one."""

    def __init__(self, record: "Workflow", status: str) -> None:
        super().__init__(f"{record.status} → {status}")
        self.record = record
        self.before = record.status
        self.status = status


class StaleRecord(PortalError):
    """The record changed since it was read: nothing was written."""

    def __init__(self, record: object) -> None:
        super().__init__(str(record))
        self.record = record

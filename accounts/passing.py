"""What becomes of a column that names an organisation when that organisation is reorganised: the words of the decision.

Each app decides on its own columns, one by one, in a module `passing.py` of its own. `strategy` carries them out.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Q

from accounts.models import Organisation, User


class Fate(Enum):
    MOVES = "moves"  # the row names the successor from then on
    STAYS = "stays"  # history: the row goes on to name who it was
    ANEW = "made anew"  # the row stays, and the successor gets one of its own; or read models are built again


@dataclass
class Act:
    """One reorganisation while it is carried out. Successors are known by their addresses."""

    kind: str  # "join", "split" or "rename"
    vesting: dt.date
    interim_until: dt.date | None
    predecessors: list[Organisation]  # in the order of the plan: of two that clash, the first one's moves
    heirs: Mapping[str, Organisation]
    systems: Mapping[int, str]  # of a split: system → successor
    records: Mapping[str, str]  # of a split: reference of a record → successor
    areas: Mapping[int, str]  # of a force's split: authority → successor
    people: Mapping[str, tuple[str, ...]]  # of a split: email address → successors
    rest: str  # of a split: the successor of what nothing else decides
    by: User | None
    moved: dict[str, int] = field(default_factory=dict)  # column → rows

    @property
    def is_split(self) -> bool:
        return self.kind == "split"

    @property
    def last_day(self) -> dt.date:
        return self.vesting - dt.timedelta(days=1)

    def heirs_of_person(self, email: str) -> list[Organisation]:
        """Where somebody goes on: at the one successor; of a split where the plan says, or nowhere."""
        if not self.is_split:
            return list(self.heirs.values())
        return [self.heirs[slug] for slug in self.people.get(email.casefold(), ())]


@dataclass(frozen=True)
class Column:
    """The decision on one column. `systems` and `areas` are paths from the row to what decides where it goes in a
    split; without any, `rest` decides.
    """

    model: str
    name: str
    fate: Fate
    why: str
    systems: tuple[str, ...] = ()  # paths to camera systems
    areas: str = ""  # path to an authority, where a force is split
    person: str = ""  # path to an email address; without a successor in the plan the row stays
    references: tuple[str, ...] = ("reference",)  # paths to what the plan's `records` may name
    owners: Callable[[Act, list[int]], dict[int, str]] | None = None  # rows → successors, asked after the others moved
    only: Q | None = None  # of the rows, those that move; the others stay
    alone: tuple[str, ...] | None = None  # fields that, with this one, stand once: of two that join, the second's stays
    alone_where: Q | None = None  # and of which rows that holds
    bequest: bool = False  # a document that reads "inherited from"
    anew: Callable[[Act], int] | None = None  # makes what is made anew; None: jobs build it again

    @property
    def key(self) -> str:
        return f"{self.model}.{self.name}"


class Tie(Enum):
    """What becomes, in a split, of a column that names a camera system."""

    FOLLOWS = "follows"  # the row belongs to its system and goes where that goes
    LOOSENED = "loosened"  # the record goes to one successor; its tie to a system of another is taken off
    STAYS = "stays"  # the record was signed, printed or sent as it is; which systems it named does not change


@dataclass(frozen=True)
class SystemColumn:
    model: str
    name: str
    tie: Tie
    why: str
    owner: str = ""  # of LOOSENED: path from the row to the organisation of the record

    @property
    def key(self) -> str:
        return f"{self.model}.{self.name}"


def moves(model: str, name: str, why: str, **more: Any) -> Column:
    return Column(model, name, Fate.MOVES, why, **more)


def stays(model: str, name: str, why: str) -> Column:
    return Column(model, name, Fate.STAYS, why)


def anew(model: str, name: str, why: str, make: Callable[[Act], int] | None = None) -> Column:
    return Column(model, name, Fate.ANEW, why, anew=make)

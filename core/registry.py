"""Sockets: places where a lower page shows what a higher app knows. Apps plug in from `AppConfig.ready()`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from core.errors import Text

Plug = TypeVar("Plug")


class Socket(Generic[Plug]):
    """An ordered list of plugs; the same plug twice is one."""

    def __init__(self) -> None:
        self._plugs: list[Plug] = []

    def plug(self, plug: Plug) -> Plug:
        """Add a plug; usable as a decorator."""
        if plug not in self._plugs:
            self._plugs.append(plug)
        return plug

    def __iter__(self) -> Iterator[Plug]:
        return iter(self._plugs)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: what, where, for which organisation (its name), since and until when.

    `url` lies under /workspace/<organisation>/, which is how an organisation's own page finds it.
    """

    label: Text
    url: str
    organisation: str
    since: datetime | None = None
    due: date | None = None


@dataclass(frozen=True)
class SectionGroup:
    """A heading of an organisation's navigation, under which sections of several apps stand together."""

    label: Text
    order: int


@dataclass(frozen=True)
class Section:
    """One entry of an organisation's navigation. `shown` says whether this user sees it in this organisation.

    `prefix` and `also` are parts of a path after /workspace/<organisation>/ by which the current entry is known, a `*`
    for any one step; the longest of all entries wins.
    """

    label: Text
    url_name: str
    shown: Callable[[Any, Any], bool]
    prefix: str
    order: int = 100
    group: SectionGroup | None = None  # None: before all groups
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document found in the records of an app: which kind, of what, as of when, and the row behind it."""

    kind: str
    title: str
    sha256: str
    size: int
    dated: date | None
    record: Any


@dataclass(frozen=True)
class KeptFile:
    """A file that proves something about a camera system, named by the hash of its bytes."""

    kind: str  # of `DocumentKind`, or the app's own word
    title: str
    sha256: str
    size: int
    dated: date | None
    ending: str  # such as "pdf"
    content: Callable[[], bytes]  # raises OSError when it is gone


@dataclass(frozen=True)
class Issued:
    """A printed document of which the portal keeps the bytes, as whoever checks a copy may know it."""

    kind: str  # such as "certificate"
    reference: str
    sha256: str  # of the bytes; empty while they are being made
    facts: str  # the same as data, canonical JSON; may be empty
    standing: str  # a key, on the day of asking
    url: str  # of its public page, without language
    record: Any
    content: Callable[[], bytes]  # the bytes; raises OSError when they are gone


@dataclass(frozen=True)
class Verifiable:
    """A kind of printed documents that can be checked: found by their hash, or by the reference that they give."""

    kind: str
    by_hash: Callable[[str], Issued | None]
    by_reference: Callable[[str], Issued | None]


@dataclass(frozen=True)
class Link:
    """Where one can go on from a page, in words."""

    label: Text
    url: str


@dataclass(frozen=True)
class PublicQuestion:
    """What somebody of the public asked on one principle of a self-assessment and the reply, as both were published."""

    system: str  # the reference
    question: str
    reply: str
    language: str
    published_at: datetime


waiting: Socket[Callable[[Any], Iterable[Waiting]]] = Socket()  # takes a user
# What a user may work on without belonging to its organisation, as tiles of the first page: dicts with `title`, `url`,
# `operator`, `roles`, `waits` (in words, or empty). One query each.
entrusted: Socket[Callable[[Any], Iterable[dict[str, str]]]] = Socket()
sections: Socket[Section] = Socket()
administration: Socket[Section] = Socket()  # pages of site administrators; `url_name` takes no organisation
verifiable: Socket[Verifiable] = Socket()
documents: Socket[Callable[[Any], Iterable[Document]]] = Socket()  # takes a camera system
kept_files: Socket[Callable[[Any], Iterable[KeptFile]]] = Socket()  # takes a camera system
# Takes user and organisation. A panel is a dict with `title` and any of `text`, `figures` (dicts with `label` and
# `value`), `url` with `action` (the words of the link), and `order`.
home_panels: Socket[Callable[[Any, Any], Iterable[dict[str, Any]]]] = Socket()
# Takes user, operator and references of its camera systems: what a higher app can do with them.
system_links: Socket[Callable[[Any, Any, Sequence[str]], Iterable[Link]]] = Socket()
# Takes references of camera systems and the number of a principle: what the public asked on it. One query each.
public_questions: Socket[Callable[[Sequence[str], int], Iterable[PublicQuestion]]] = Socket()

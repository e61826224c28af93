"""From where a draft may begin besides the model: a published agreement of others, through what is public alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.registry import Socket


@dataclass(frozen=True)
class PublishedAgreement:
    """A published agreement as one may begin from it."""

    reference: str
    title: str
    parties: str


@dataclass(frozen=True)
class Published:
    """How published agreements are found. `content_of` gives the frozen text without withheld clauses, or None."""

    search: Callable[[str], Sequence[PublishedAgreement]]
    content_of: Callable[[str], Mapping[str, Any] | None]


published: Socket[Published] = Socket()  # a higher app plugs in one


def search_published(words: str) -> list[PublishedAgreement]:
    return [found for source in published for found in source.search(words)]


def published_content(reference: str) -> Mapping[str, Any] | None:
    """The text of a published agreement; None where nothing of that reference is public."""
    contents = (source.content_of(reference) for source in published)
    return next((content for content in contents if content is not None), None)

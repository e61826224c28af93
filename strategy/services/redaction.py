"""Passages of minutes that the public does not read: `[[like this]]` in the text that members read."""

import re
from collections.abc import Iterator

PASSAGE = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
Part = str | None  # a text for everybody, or a passage that is withheld


def parts_of(text: str) -> list[Part]:
    """The text for the public in order; None stands where a passage is withheld. What is withheld is not in it."""
    return list(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    at = 0
    for passage in PASSAGE.finditer(text):
        if passage.start() > at:
            yield text[at : passage.start()]
        yield None
        at = passage.end()
    if at < len(text):
        yield text[at:]


def passages_in(text: str) -> int:
    return len(PASSAGE.findall(text))


def is_balanced(text: str) -> bool:
    """Whether each passage that begins ends, none stands in another, and none is empty: else something would be
    published that was meant to be withheld.
    """
    left = PASSAGE.sub("", text)
    return not any(mark in left for mark in ("[[", "]]")) and not any("[[" in each for each in PASSAGE.findall(text))


def marked(text: str) -> list[tuple[str, bool]]:
    """The whole text as members read it, in order; True for a passage that the public does not read."""
    split = PASSAGE.split(text)  # every second one is a passage
    return [(part, bool(place % 2)) for place, part in enumerate(split) if part]

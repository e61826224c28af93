"""The classes of picture of each edition of the standard, from `data/standards/picture-classes.yaml` (domain 4.8)."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core.yaml_reader import parse_yaml, text_of

FILE = Path(__file__).parent / "data" / "standards" / "picture-classes.yaml"


@dataclass(frozen=True)
class PictureClass:
    """One class; at most one of the figures is known, and in some editions none."""

    key: str
    name: str
    pixels_per_metre: Decimal | None = None
    percent_of_height: Decimal | None = None

    def holds(self, measured: Decimal | None) -> bool | None:
        """Whether so many pixels per metre are enough; None where the edition or the test gives no figure."""
        if self.pixels_per_metre is None or measured is None:
            return None
        return measured >= self.pixels_per_metre


@dataclass(frozen=True)
class Edition:
    """One edition of the standard; one whose figures are not known has no classes."""

    key: str
    title: str
    note: str
    classes: Mapping[str, PictureClass]


@functools.cache
def editions() -> Mapping[str, Edition]:
    """All editions by their keys, the usual one first."""
    found = parse_yaml(text_of(FILE))
    return {entry["key"]: _edition(entry) for entry in found["editions"]}


def _edition(entry: Mapping[str, object]) -> Edition:
    rows = entry["classes"]
    assert isinstance(rows, list)  # noqa: S101  (for the type checker)
    classes = {
        row["key"]: PictureClass(
            row["key"], row["name"], _figure(row, "pixels_per_metre"), _figure(row, "percent_of_height")
        )
        for row in rows
    }
    return Edition(str(entry["key"]), str(entry["title"]), str(entry["note"]), classes)


def _figure(row: Mapping[str, object], name: str) -> Decimal | None:
    return Decimal(str(row[name])) if name in row else None


def edition_title(key: str) -> str:
    """The name of an edition; the key itself for one that is not known any more."""
    found = editions().get(key)
    return found.title if found else key


def class_name(standard: str, key: str) -> str:
    found = editions().get(standard)
    of_edition = found.classes.get(key) if found else None
    return of_edition.name if of_edition else key

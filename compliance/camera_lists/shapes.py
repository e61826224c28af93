"""What the reading and sorting of a list of cameras takes and gives. Plain values: no database, no models."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple, Self

from compliance.places import Place

# The texts of a camera that a list may give, in the order of `CameraRow` and `Known`.
TEXT_FIELDS = (
    "location",
    "locality",
    "ward",
    "ward_code",
    "postcode",
    "camera_type",
    "mount",
    "view_description",
)
# What a column can be. The last ones are ways to say several things in one column.
FIELDS = (
    "operator_ref",
    *TEXT_FIELDS,
    "direction",
    "latitude",
    "longitude",
    "easting",
    "northing",
    "installed_on",
    "status",
    "ref_and_location",  # "Cam 5 - Chester Road": number and place in one
    "wkt",  # POINT (…), two numbers with a comma between them, or a grid reference
    "ignore",
)
PLACES = frozenset({"latitude", "longitude", "easting", "northing", "wkt"})
WORDS_OF_SORTING = ("new", "unchanged", "changed", "moved", "renumbered", "gone", "duplicate", "refused")


@dataclass(frozen=True)
class ListSettings:
    """How a list is read. What is empty or None is guessed; `ListLook.settings` and `Sorting.settings` have all of it.

    `mapping` is column → field of FIELDS. A column is named by its heading, or "column N" (from 1) where it has none; a
    heading that occurs twice is followed by its number: "lat (column 7)". Columns that `mapping` does not name are
    guessed, so a person's confirmation names every column, those left out as "ignore".
    """

    encoding: str = ""  # utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, cp1252, cp1250
    delimiter: str = ""
    has_header: bool | None = None
    header_rows: int | None = None  # lines above the first record: titles and headings; 0 without header
    mapping: dict[str, str] = field(default_factory=dict)
    crs: str = ""  # EPSG:4326 or EPSG:27700
    sheet: str = ""  # of a workbook
    accept_far: bool = False  # a person said that places far from the authority are right

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """From what `as_json` gave; names that are unknown are left out."""
        return cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def with_mapping(self, **columns: str) -> Self:
        return replace(self, mapping={**self.mapping, **columns})


@dataclass(frozen=True)
class Column:
    """One column of a list: its key in `ListSettings.mapping`, its number from 1, what it is taken for, some values."""

    name: str
    number: int
    field: str
    samples: tuple[str, ...] = ()
    confidence: float = 0.0  # 0 to 1; a person's own choice is 1


@dataclass(frozen=True)
class ListLook:
    """A list at first sight, to be confirmed by a person."""

    kind: str  # csv, xlsx, geojson, kml
    settings: ListSettings
    columns: list[Column]
    rows_estimate: int  # records; exact but for very long lists
    transformation: str | None  # how coordinates become WGS84; None where they are it
    notes: list[str] = field(default_factory=list)  # what a person should know before confirming
    sheets: list[str] = field(default_factory=list)  # of a workbook, to choose from

    @property
    def has_places(self) -> bool:
        """Whether a column is taken for coordinates."""
        return bool(PLACES & {column.field for column in self.columns})


class Known(NamedTuple):
    """A camera that the system has. APPLY: `Known(*values)` of `values_list(*Known._fields[:-1])`.

    All cameras may be given; which of them are compared the sorting decides by `status`. `went_missing`: its removal
    was recommended because a list lacked it; such a one that a list has again is changed (`reappeared`).
    """

    pk: int
    status: str
    operator_ref: str
    location: str = ""
    locality: str = ""
    ward: str = ""
    ward_code: str = ""
    postcode: str = ""
    camera_type: str = "unknown"
    mount: str = ""
    view_description: str = ""
    direction: int | None = None
    installed_on: dt.date | None = None
    latitude: Decimal | float | None = None
    longitude: Decimal | float | None = None
    easting: int | None = None
    northing: int | None = None
    went_missing: bool = False


class CameraRow(NamedTuple):
    """A record that is a new camera. Degrees are WGS84, already rounded to six decimals (`repr` is exact)."""

    row: int
    operator_ref: str
    location: str
    locality: str
    ward: str
    ward_code: str
    postcode: str
    camera_type: str  # a CameraType; "unknown" where the list does not say
    mount: str  # a Mount, or ""
    view_description: str
    direction: int | None
    installed_on: dt.date | None
    latitude: float | None
    longitude: float | None
    easting: int | None
    northing: int | None

    @property
    def place(self) -> Place | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Place(Decimal(repr(self.latitude)), Decimal(repr(self.longitude)))


class KnownChange(NamedTuple):
    """What a list changes of a camera that the system has.

    `fields` are names of Camera and their new values; degrees are Decimal with six places. It may be empty where a
    camera only reappeared: the list has it again after its removal was recommended because an earlier list lacked it.
    """

    row: int
    sorted_as: str  # changed, moved or renumbered
    pk: int
    fields: dict[str, Any]
    reappeared: bool = False


class RowProblem(NamedTuple):
    """What is wrong with one record; `code` for programs, `message` for people. Row 0 is the file as a whole."""

    row: int
    code: str
    message: str
    sorted_as: str = "new"  # where the record landed; "" for row 0

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "code": self.code, "message": self.message}


@dataclass
class Sorting:
    """How the records of a list were sorted: each is in exactly one of the words of design 7 (`gone` has no record).

    `counts` has `rows` and each word. Refused and duplicate records stand in `problems` only, with `sorted_as`.
    """

    kind: str
    settings: ListSettings
    transformation: str | None
    new: list[CameraRow] = field(default_factory=list)
    changes: list[KnownChange] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    duplicate: int = 0
    refused: int = 0

    @property
    def counts(self) -> dict[str, int]:
        ways = Counter(change.sorted_as for change in self.changes)
        found = {
            "new": len(self.new),
            "unchanged": self.unchanged,
            "changed": ways["changed"],
            "moved": ways["moved"],
            "renumbered": ways["renumbered"],
            "duplicate": self.duplicate,
            "refused": self.refused,
        }
        return {"rows": sum(found.values()), **found, "gone": len(self.gone)}

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changes or self.gone)

"""An operator's list of cameras, read from a CSV and judged row by row. Reads no database and writes nothing.

One shape is taken: a first line with the columns of `COLUMNS` in any order, commas, UTF-8 with or without a byte order
mark. Rows are numbered as a spreadsheet numbers them: the first line is row 1. Blank lines are not rows.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from compliance.models import Camera
from compliance.places import Place, in_england_or_wales, metres_between
from core.errors import RuleBroken
from core.forms import refuse_in_one_line

# Column of the file → field of the portal.
COLUMNS = {
    "camera_id": "operator_ref",
    "location": "location",
    "area_name": "ward",
    "area_code": "ward_code",
    "lon": "longitude",
    "lat": "latitude",
}
LONGEST = {
    field.name: field.max_length or 0
    for field in Camera._meta.concrete_fields
    if field.name in {"operator_ref", "location", "ward", "ward_code"}
}
MAX_ROWS = 250_000
FAR_METRES = 100_000  # the widest authority, North Yorkshire, reaches some 90 km from its middle
SAME_PLACE_METRES = 1.0  # design 7
CELL_DEGREES = 0.00002  # 1.3 m to 2.2 m in these latitudes: a place within a metre is in the same cell or the next
BLANKS = {"na", "n/a", "#n/a", "(empty)", "null", "-"}
WHOLE_NUMBER = re.compile(r"(\d+)\.0+")
DEGREES = re.compile(r"[+-]?\d{1,9}(\.\d{1,20})?")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row; `code` for programs, `message` for people."""

    row: int
    code: str
    message: str


class CameraRow(NamedTuple):
    """A row that can become a camera."""

    operator_ref: str
    location: str
    ward: str
    ward_code: str
    place: Place | None


class Known(NamedTuple):
    """A camera that the system has already, as far as rows are compared with it."""

    operator_ref: str
    location: str
    place: Place | None


@dataclass
class Judgement:
    """How the rows of a list were sorted: each is new, duplicate or refused; a new one may have problems too."""

    encoding: str = "utf-8"
    new: list[CameraRow] = field(default_factory=list)
    duplicate: int = 0
    refused: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.new) + self.duplicate + self.refused

    @property
    def counts(self) -> dict[str, int]:
        return {"rows": self.rows, "new": len(self.new), "duplicate": self.duplicate, "refused": self.refused}


class Refused(Exception):
    """A row that cannot become a camera."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def judge(file: io.BufferedReader, *, known: Iterable[Known], centre: Place | None) -> Judgement:
    """Sort every row. `known` are the cameras of the system, `centre` the middle of the operator's area if known.

    Raises RuleBroken with one sentence for a file that is not such a list at all.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
    try:
        encoding = "utf-8-sig" if _has_mark(file) else "utf-8"
        judgement = Judgement(encoding=encoding)
        _sort(judgement, _records(text), _Seen(known), centre)
    except UnicodeDecodeError as error:
        raise RuleBroken(_("The file is not a CSV in UTF-8. In Excel, save it as “CSV UTF-8”.")) from error
    finally:
        text.detach()
    return judgement


def _has_mark(file: io.BufferedReader) -> bool:
    marked = file.read(3) == b"\xef\xbb\xbf"
    file.seek(0)
    return marked


def _records(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str] | None]]:
    """The number and the cells of each row in the order of COLUMNS; None for a row with other cells than the first."""
    reader = csv.reader(text, strict=True)
    try:
        order = _order(next(reader, []))
        for number, cells in enumerate(reader, 2):
            if number > MAX_ROWS + 1:
                raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MAX_ROWS})
            if any(cell.strip() for cell in cells):
                yield number, [cells[place] for place in order] if len(cells) == len(order) else None
    except csv.Error as error:
        sentence = _("The file is not a CSV that can be read: something is wrong at line %(line)d.")
        raise RuleBroken(sentence % {"line": reader.line_num}) from error


def _order(header: list[str]) -> list[int]:
    """Where each of COLUMNS stands. Raises RuleBroken unless the first line names exactly them."""
    if not header:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    names = [name.strip().casefold() for name in header]
    if sorted(names) != sorted(COLUMNS):
        sentence = _(
            "The file is not a list of cameras that can be read. Its first line must name these columns: %(names)s"
        )
        raise RuleBroken(sentence % {"names": ",".join(COLUMNS)})
    return [names.index(name) for name in COLUMNS]


def _sort(
    judgement: Judgement, records: Iterable[tuple[int, list[str] | None]], seen: "_Seen", centre: Place | None
) -> None:
    for number, cells in records:
        try:
            row, problems = _read(number, cells, centre)
            if seen.has(row):
                judgement.duplicate += 1
                message = _("This camera is in the system or in this file already.")
                judgement.problems.append(RowProblem(number, "duplicate", message))
                continue
            if seen.is_known_elsewhere(row):
                raise Refused(
                    "known_elsewhere", _("The system has a camera of this number at another place. It stays as it is.")
                )
        except Refused as refused:
            judgement.refused += 1
            judgement.problems.append(RowProblem(number, refused.code, refused.message))
            continue
        if seen.has_reference(row):
            message = _("The same number stands at another place in this file. Both are taken.")
            problems.append(RowProblem(number, "reference_twice", message))
        seen.add(row)
        judgement.new.append(row)
        judgement.problems += problems


def _read(number: int, cells: list[str] | None, centre: Place | None) -> tuple[CameraRow, list[RowProblem]]:
    """The row as it can become a camera, with its problems. Raises Refused."""
    if cells is None:
        raise Refused("unreadable", _("The row does not have the cells that the first line names."))
    reference, location, ward, ward_code, longitude, latitude = (_clean(cell) for cell in cells)
    reference = WHOLE_NUMBER.sub(r"\1", reference) if WHOLE_NUMBER.fullmatch(reference) else reference
    texts = {"operator_ref": reference, "location": location, "ward": ward, "ward_code": ward_code}
    for name, value in texts.items():
        if len(value) > LONGEST[name]:
            message = _("A text is too long: %(length)d characters, at most %(longest)d fit.")
            raise Refused("too_long", message % {"length": len(value), "longest": LONGEST[name]})
    place, code, message = _place(latitude, longitude, centre)
    if not reference and not location and place is None:
        raise Refused("no_reference_no_place", _("The row has neither a camera number nor a place."))
    problems = [RowProblem(number, code, message)] if code else []
    if not reference:
        problems.append(RowProblem(number, "no_reference", _("The row has no camera number.")))
    if not location:
        problems.append(RowProblem(number, "no_location", _("The row does not say in words where the camera is.")))
    return CameraRow(reference, location, ward, ward_code, place), problems


def _clean(cell: str) -> str:
    """Text stays text: only blanks around it go, and the words by which spreadsheets say that there is nothing."""
    value = unicodedata.normalize("NFC", cell).strip()
    if value.casefold() in BLANKS:
        return ""
    value = re.sub(r"\s*[\r\n\t]\s*", " ", value)
    try:
        refuse_in_one_line(value)
    except ValidationError as error:
        raise Refused("unreadable", _("The row has a character that cannot be shown.")) from error
    return value


def _place(latitude: str, longitude: str, centre: Place | None) -> tuple[Place | None, str, str]:
    """The place, or None with the code and the sentence that say why there is none."""
    if not latitude and not longitude:
        return None, "no_coordinates", _("The row has no coordinates.")
    if not DEGREES.fullmatch(latitude) or not DEGREES.fullmatch(longitude):
        return None, "unreadable_coordinates", _("The coordinates cannot be read as degrees. They are left out.")
    place = Place(Decimal(latitude).quantize(Decimal("0.000001")), Decimal(longitude).quantize(Decimal("0.000001")))
    if place.latitude == 0 and place.longitude == 0:
        return (
            None,
            "zero_coordinates",
            _("The coordinates are 0, 0, which is in the sea off Africa. They are left out."),
        )
    code, message = _elsewhere(place, centre)
    return (None if code else place), code, message


def _elsewhere(place: Place, centre: Place | None) -> tuple[str, str]:
    """Code and sentence for a place where the operator's cameras cannot be; empty for any other."""
    if in_england_or_wales(place):
        if centre and metres_between(place, centre) > FAR_METRES:
            return "far", _("The coordinates are more than 100 km away from your area. They are left out.")
        return "", ""
    if in_england_or_wales(Place(place.longitude, place.latitude)):
        return "swapped_coordinates", _("Latitude and longitude are swapped. They are left out.")
    return "outside", _("The coordinates are not in England or Wales. They are left out.")


Cell = tuple[int, int]


class _Seen:
    """The cameras that a row is compared with: those of the system, then those of the file above it.

    Cells keep the comparison cheap when a file repeats one number a hundred thousand times.
    """

    def __init__(self, known: Iterable[Known]) -> None:
        self._places: dict[tuple[str, Cell], list[Place]] = {}
        self._texts: set[tuple[str, str]] = set()
        self._texts_alone: set[tuple[str, str]] = set()  # of cameras without coordinates
        self._references: Counter[str] = Counter()
        self._known: set[str] = set()
        for camera in known:
            self._add(camera.operator_ref, camera.location, camera.place)
            if camera.operator_ref:
                self._known.add(camera.operator_ref.casefold())

    def add(self, row: CameraRow) -> None:
        self._add(row.operator_ref, row.location, row.place)

    def has(self, row: CameraRow) -> bool:
        """The same number, or none, at the same place: within a metre, or in words where one has no coordinates."""
        key = row.operator_ref.casefold()
        if key not in self._references:
            return False
        words = (key, row.location.casefold())
        if row.place is None:
            return words in self._texts
        if words in self._texts_alone and key:
            return True
        near = (point for cell in _around(row.place) for point in self._places.get((key, cell), ()))
        return any(metres_between(row.place, point) <= SAME_PLACE_METRES for point in near)

    def has_reference(self, row: CameraRow) -> bool:
        return bool(row.operator_ref) and row.operator_ref.casefold() in self._references

    def is_known_elsewhere(self, row: CameraRow) -> bool:
        """Asked after `has`: the system has that number, and not here."""
        return bool(row.operator_ref) and row.operator_ref.casefold() in self._known

    def _add(self, reference: str, location: str, place: Place | None) -> None:
        key = reference.casefold()
        self._references[key] += 1
        self._texts.add((key, location.casefold()))
        if place is None:
            self._texts_alone.add((key, location.casefold()))
            return
        points = self._places.setdefault((key, _cell(place)), [])
        if place not in points:
            points.append(place)


def _cell(place: Place) -> Cell:
    return int(float(place.latitude) // CELL_DEGREES), int(float(place.longitude) // CELL_DEGREES)


def _around(place: Place) -> Iterator[Cell]:
    row, column = _cell(place)
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            yield row + north, column + east

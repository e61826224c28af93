"""Lines become records: their texts cleaned, their numbers gathered, what is wrong with them noted. Nothing is judged
against the portal here."""

import datetime as dt
import re
from collections.abc import Callable
from math import isnan
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from compliance.camera_lists import cells as reading
from compliance.camera_lists.coordinates import NOTHING, PLAIN, Points, number, two_numbers
from compliance.camera_lists.guessing import Guess
from compliance.camera_lists.headings import Headings
from compliance.camera_lists.problems import sentence
from compliance.camera_lists.tables import Line
from compliance.models import Camera
from core.dates import today

LONGEST = {
    field.name: field.max_length or 0
    for field in Camera._meta.concrete_fields
    if field.name in {"operator_ref", "location", "locality", "ward", "ward_code", "view_description"}
}
TEXTS = ("locality", "ward", "ward_code", "view_description")
UNDERSTOOD: dict[str, tuple[Callable[[str], str], str]] = {
    "postcode": (reading.postcode, "unknown_postcode"),
    "camera_type": (reading.camera_type, "unknown_type"),
    "mount": (reading.mount, "unknown_mount"),
}
KINDS_OF_TEXT = (*TEXTS, *UNDERSTOOD)
UNKNOWN_TYPE = "unknown"
TOTAL = re.compile(
    r"(?:(?:grand|overall|sub)[ -]?)?totals?(?: (?:number|no\.?))?(?: of)?(?: all)?(?: cctv)?(?: cameras?)?"
    r"\s*[:=–-]?\s*[\d.,]*(?: cameras?)?|(?:cyfanswm|totaal|razem|suma|celkem|gesamt|sum|count)\s*[:=–-]?\s*[\d.,]*"
    r"|(?:number|no\.?) of (?:cctv )?cameras\s*[:=–-]?\s*[\d.,]*",
    re.IGNORECASE,
)
A_NUMBER = re.compile(r"[\d.,]+")
REMARK_LENGTH = 20
MEMORY = 5000  # values of one column that are kept to be understood once


class Draft(NamedTuple):
    """A record without its coordinates, which lie in `Points` at the same place."""

    row: int
    operator_ref: str
    location: str
    locality: str
    ward: str
    ward_code: str
    postcode: str
    camera_type: str
    mount: str
    view_description: str
    direction: int | None
    installed_on: dt.date | None


class Refused(Exception):
    """A line that becomes no record. `reference` is the camera that it seems to be about."""

    def __init__(self, code: str, message: str = "", reference: str = "") -> None:
        super().__init__(code)
        self.code, self.message, self.reference = code, message or sentence(code), reference


class Records:
    """The records of a list, in order, with what was found in reading them."""

    def __init__(self, guess: Guess, headings: Headings, *, ragged: bool) -> None:
        self.drafts: list[Draft] = []
        self.points = Points()
        self.faults: list[str] = []  # beside `drafts`: why its coordinates cannot be read, or ""
        self.problems: list[tuple[int, str, str]] = []  # row, code, sentence
        self.refused: list[tuple[int, str, str]] = []
        self.refused_references: set[str] = set()  # of cameras that the list has, though their rows are refused
        self.ended_references: set[str] = set()  # of cameras that the list has as removed
        self.days: list[str] = []  # beside `drafts`: the day of installation as it is written
        self._ragged = ragged
        self._places = {name: guess.number_of(name) for name in _WANTED}
        self._width = len(headings.names)
        used = [column for column in self._places.values() if column is not None]
        self._needed = max(used, default=-1) + 1
        self._used = used
        self._heading_cells = [headings.parts[column][-1:] for column in used]
        self._longitude_first, self._grid = guess.longitude_first, guess.crs.endswith("27700")
        self._memory: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in KINDS_OF_TEXT}
        self._text_cells = _cells_of([self._places[name] for name in KINDS_OF_TEXT])
        self._together: dict[Any, list[str]] = {}
        self._directions: dict[str, tuple[int | None, bool]] = {}
        self._day_texts: dict[str, str] = {}
        self._found: list[tuple[str, str]] = []  # problems of the line being read

    def read_line(self, line: Line) -> None:
        """Take in a line that is no heading and not blank."""
        self._found = []
        try:
            draft, fault, numbers, day = self._read(line)
        except reading.Unreadable:
            self._refuse(line, Refused("unreadable", reference=self._reference_of(line)))
        except Refused as refused:
            self._refuse(line, refused)
        else:
            self.drafts.append(draft)
            self.faults.append(fault)
            self.points.add(*numbers)
            self.days.append(day)
            self.problems += [(line.number, code, message) for code, message in self._found]

    def _refuse(self, line: Line, refused: Refused) -> None:
        self.refused.append((line.number, refused.code, refused.message))
        if refused.reference:
            ended = refused.code == "not_in_use"
            (self.ended_references if ended else self.refused_references).add(refused.reference.casefold())

    def _reference_of(self, line: Line) -> str:
        column = self._places["operator_ref"]
        if column is None or column >= len(line.cells):
            return ""
        return reading.reference(line.cells[column].strip())

    def _read(self, line: Line) -> tuple[Draft, str, tuple[float, float, float, float], str]:
        if line.fault:
            raise Refused(line.fault, reference=self._reference_of(line))
        row = self._squared(line)
        get = self._places
        reference, location = self._names(row)
        numbers, fault, blank = self._coordinates(row)
        if blank or fault:
            self._refuse_what_is_no_camera(row, reference, location)
        if not reference and not location and (blank or fault):
            raise Refused("no_reference_no_place")
        if (column := get["status"]) is not None and reading.NOT_IN_USE.search(reading.clean(row[column]).casefold()):
            raise Refused("not_in_use", reference=reference)
        locality, ward, ward_code, view, postcode, camera_type, mount = self._texts(row)
        direction = self._direction(row)
        if not reference:
            self._note("no_reference")
        if not location:
            self._note("no_location")
        day = self._day(row)
        draft = Draft(
            line.number, reference, location, locality, ward, ward_code, postcode, camera_type or UNKNOWN_TYPE, mount,
            view, direction, None,
        )  # fmt: skip
        return draft, fault, numbers, day

    def _note(self, code: str, message: str = "") -> None:
        self._found.append((code, message or sentence(code)))

    def _squared(self, line: Line) -> list[str]:
        """Cells enough for each field. Raises Refused for a line that lacks some or has some too many."""
        row = line.cells
        if len(row) < self._needed:
            self._refuse_errors(row)
            if not self._ragged or sum(1 for cell in row if cell.strip()) < 2:
                raise Refused("unreadable", reference=self._reference_of(line))
            row = [*row, *[""] * (self._needed - len(row))]
        elif len(row) > self._width and any(cell.strip() for cell in row[self._width :]):
            raise Refused("unreadable", reference=self._reference_of(line))
        return self._repaired(row)

    def _repaired(self, row: list[str]) -> list[str]:
        """Cells pasted in from another encoding, read as what they were."""
        if "".join(row).isascii():
            return row
        used = [row[column] for column in self._used]
        strange = any("\udc80" <= character <= "\udcff" for cell in used for character in cell)
        if strange:
            self._note("mixed_encoding")
            row = [reading.repair(cell) if not cell.isascii() and _is_strange(cell) else cell for cell in row]
        elif any("\ufffd" in cell for cell in used):
            self._note("damaged_text")
        return row

    def _names(self, row: list[str]) -> tuple[str, str]:
        get = self._places
        if (column := get["ref_and_location"]) is not None:
            whole = reading.clean(row[column])
            found = reading.split_reference(whole)
            reference, location = found or ("", whole)
        else:
            column = get["operator_ref"]
            reference = reading.reference(reading.clean(row[column])) if column is not None else ""
            location = ""
        if (column := get["location"]) is not None:
            location = reading.clean(row[column]) or location
        if (column := get["operator_ref"]) is not None and get["ref_and_location"] is not None:
            reference = reading.reference(reading.clean(row[column])) or reference
        for name, value in (("operator_ref", reference), ("location", location)):
            if len(value) > LONGEST[name]:
                raise Refused("too_long", _too_long(value, LONGEST[name]), reference if name == "location" else "")
        return reference, location

    def _texts(self, row: list[str]) -> list[str]:
        """The texts of KINDS_OF_TEXT. Many cameras of a list share all of them: nothing is looked at twice then."""
        cells = self._text_cells(row)
        texts = self._together.get(cells)
        if texts is None:
            noted = len(self._found)
            texts = [self._text(name, row) for name in KINDS_OF_TEXT]
            if len(self._together) < MEMORY and len(self._found) == noted:
                self._together[cells] = texts
        return texts

    def _text(self, name: str, row: list[str]) -> str:
        """A text as it is kept; each different one is understood once and shared."""
        column = self._places[name]
        if column is None:
            return ""
        cell, memory = row[column], self._memory[name]
        known = memory.get(cell)
        if known is None:
            known = self._understood(name, reading.clean(cell))
            if len(memory) < MEMORY:
                memory[cell] = known
        text, code = known
        if code:
            self._note(code, _too_long(reading.clean(cell), LONGEST[name]) if code == "too_long" else "")
        return text

    def _understood(self, name: str, text: str) -> tuple[str, str]:
        if not text:
            return "", ""
        if name in UNDERSTOOD:
            understand, code = UNDERSTOOD[name]
            meant = understand(text)
            return meant, "" if meant else code
        return ("", "too_long") if len(text) > LONGEST[name] else (text, "")

    def _direction(self, row: list[str]) -> int | None:
        column = self._places["direction"]
        if column is None:
            return None
        cell = row[column]
        known = self._directions.get(cell)
        if known is None:
            text = reading.clean(cell)
            degrees = reading.direction(text) if text else None
            known = degrees, bool(text) and degrees is None
            if len(self._directions) < MEMORY:
                self._directions[cell] = known
        if known[1]:
            self._note("unknown_direction")
        return known[0]

    def _day(self, row: list[str]) -> str:
        column = self._places["installed_on"]
        if column is None:
            return ""
        cell = row[column]
        text = self._day_texts.get(cell)
        if text is None:
            text = reading.clean(cell)
            if len(self._day_texts) < MEMORY:
                self._day_texts[cell] = text
        return text

    def _coordinates(self, row: list[str]) -> tuple[tuple[float, float, float, float], str, bool]:
        """Latitude, longitude, easting, northing; the code of what cannot be read; whether there is nothing at all."""
        get = self._places
        latitude, longitude, fault, given = self._pair(row, "latitude", "longitude")
        east, north, grid_fault, grid_given = self._pair(row, "easting", "northing")
        if (column := get["wkt"]) is not None and (text := reading.clean(row[column])):
            given = True
            found = two_numbers(text)
            if found is None:
                fault = "unreadable_coordinates"
            elif self._grid:
                east, north = found[:2]
            else:
                longitude, latitude = found[:2] if self._longitude_first else (found[1], found[0])
        fault = fault or (grid_fault if isnan(latitude) else "")
        if isnan(latitude) and not isnan(east):
            fault = ""
        return (latitude, longitude, east, north), fault, not given and not grid_given

    def _pair(self, row: list[str], one: str, other: str) -> tuple[float, float, str, bool]:
        first, second = self._places[one], self._places[other]
        if first is None or second is None:
            return NOTHING, NOTHING, "", False
        if PLAIN.fullmatch(row[first]) and PLAIN.fullmatch(row[second]):  # nearly always
            return float(row[first]), float(row[second]), "", True
        (a, wrong_a), (b, wrong_b) = number(_bare(row[first])), number(_bare(row[second]))
        given = not (isnan(a) and isnan(b)) or bool(wrong_a or wrong_b)
        if not isnan(a) and not isnan(b):
            return a, b, "", True
        wrecked = "wrecked_coordinates" in (wrong_a, wrong_b)
        fault = "wrecked_coordinates" if wrecked else "unreadable_coordinates" if given else ""
        return NOTHING, NOTHING, fault, given

    # --- Lines that are no cameras ---

    def _refuse_errors(self, row: list[str]) -> None:
        first = next((cell.strip() for cell in row if cell.strip()), "")
        if reading.ERROR_LINE.match(first):
            raise Refused("error_line")
        if TOTAL.fullmatch(first):
            raise Refused("total")

    def _refuse_what_is_no_camera(self, row: list[str], reference: str, location: str) -> None:
        filled = [cell.strip() for cell in row if cell and not cell.isspace()]
        if not filled:
            return
        if reading.ERROR_LINE.match(filled[0]):
            raise Refused("error_line")
        if all(map(A_NUMBER.fullmatch, filled[1:])):
            lone = len(filled) == 1 and A_NUMBER.fullmatch(filled[0]) and len(self._used) > 1
            if TOTAL.fullmatch(filled[0]) or (lone and filled[0] == str(len(self.drafts)) and len(self.drafts) > 1):
                raise Refused("total")
        lone_words = len(filled) == 1 and len(self._used) > 2 and reference and not location and " " in reference
        if lone_words and len(reference) > REMARK_LENGTH:
            raise Refused("not_a_record")
        cells = [row[column].split() for column in self._used]
        if (
            cells
            and any(cells)
            and all(
                cell == (head[0].split() if head else []) for cell, head in zip(cells, self._heading_cells, strict=True)
            )
        ):
            raise Refused("headings_again")

    # --- Days, once all are known ---

    def read_days(self) -> None:
        """Turn the days of installation into dates; which way they are written, all of them tell."""
        texts = {text for text in self.days if text}
        if not texts:
            return
        days, until = reading.Days(texts), today()
        known = {text: days.read(text, until) for text in texts}
        for place, text in enumerate(self.days):
            if not text:
                continue
            day, code = known[text]
            draft = self.drafts[place]
            if code:
                self.problems.append((draft.row, code, sentence(code)))
            else:
                self.drafts[place] = Draft._make((*draft[:-1], day))


_WANTED = ("operator_ref", "location", "ref_and_location", *TEXTS, *UNDERSTOOD, "direction", "latitude", "longitude",
           "easting", "northing", "wkt", "installed_on", "status")  # fmt: skip


def _cells_of(columns: list[int | None]) -> Callable[[list[str]], Any]:
    """What takes the cells of these columns out of a row; those of None are left out."""
    used = [column for column in columns if column is not None]
    return itemgetter(*used) if used else lambda row: None


def _bare(cell: str) -> str:
    """A number as it stands; the words for nothing are nothing."""
    text = cell.strip()
    return "" if text and not text[-1].isdigit() and text.casefold() in reading.BLANKS else text


def _is_strange(cell: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in cell)


def _too_long(text: str, longest: int | None) -> str:
    message = _("A text is too long: %(length)d characters, at most %(longest)d fit.")
    return message % {"length": len(text), "longest": longest}

"""Which column is what: by its heading and by its values, each field once. A person's own choice always wins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from compliance.camera_lists.coordinates import DEGREES, GRID, known_crs, not_taken
from compliance.camera_lists.headings import Headings
from compliance.camera_lists.maps import X, Y
from compliance.camera_lists.profiles import (
    SAMPLES_SHOWN,
    Profile,
    both_numbers,
    here_as_degrees,
    here_as_grid,
    other_system,
    pair_profiles,
    profile,
)
from compliance.camera_lists.shapes import FIELDS, Column, ListSettings
from compliance.camera_lists.words import FIELD_NAMES, counts, meanings
from core.errors import RuleBroken

PAIRS: tuple[tuple[str, str], ...] = (("longitude", "latitude"), ("easting", "northing"), ("x", "y"))
COORDINATES = {name for pair in PAIRS for name in pair}
LEAST = 0.2  # a guess below it is none
# field → how much its values speak for it: 0 excludes it
VALUES: dict[str, Callable[[Profile], float]] = {
    "postcode": lambda p: 1.0 if p.postcodes >= 0.5 else 0.0,
    "ward_code": lambda p: 0.0 if p.other_area_codes > 0.5 else 1.0 if p.ward_codes >= 0.5 else 0.7,
    "camera_type": lambda p: 1.0 if p.types >= 0.5 else 0.0,
    "mount": lambda p: 1.0 if p.mounts >= 0.5 else 0.0,
    "direction": lambda p: 1.0 if p.directions >= 0.5 else 0.0,
    "installed_on": lambda p: 1.0 if p.days >= 0.3 else 0.0,
    "status": lambda p: 1.0 if p.states >= 0.3 else 0.0,
    "wkt": lambda p: 1.0 if p.points >= 0.5 else 0.0,
    "location": lambda p: (1.0 if p.words >= 0.5 else 0.2) * (1.0 if p.filled >= 0.3 else 0.3) * (1 - p.points),
    "operator_ref": lambda p: (
        (0.5 + p.filled / 2)
        * (1.0 if p.length <= 30 else 0.3)
        * (1.0 if p.distinct >= 0.3 or len(p.values) < 8 else 0.4)
    ),
    "ward": lambda p: 1.0 if p.words >= 0.5 else 0.3,
    "locality": lambda p: 1.0 if p.words >= 0.5 else 0.0,
    "view_description": lambda p: 1.0 if p.filled else 0.3,
}


@dataclass
class Guess:
    """Columns with their fields, the system of the coordinates, and what a person should know."""

    columns: list[Column]
    crs: str
    longitude_first: bool = True  # in a column of points
    notes: list[str] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, str]:
        return {column.name: column.field for column in self.columns}

    def number_of(self, wanted: str) -> int | None:
        """Which column, from 0, is that field."""
        return next((column.number - 1 for column in self.columns if column.field == wanted), None)


def guess_columns(headings: Headings, sample: Sequence[Sequence[str]], settings: ListSettings, crs: str) -> Guess:
    """From the headings and some records. Raises RuleBroken for a choice that names no column, or another system."""
    width = len(headings.names)
    profiles = [profile([row[place] if place < len(row) else "" for row in sample]) for place in range(width)]
    chosen = _chosen(headings.names, settings.mapping)
    found = _Assignment(headings, profiles, chosen)
    found.by_name()
    found.by_value()
    crs = known_crs(settings.crs or crs) if settings.crs or crs else found.crs()
    found.bend(crs)
    columns = []
    for place, name in enumerate(headings.names):
        meaning, score = found.of(place)
        columns.append(Column(name, place + 1, meaning, _samples(profiles[place]), score))
    return Guess(columns, crs, found.point_order(crs), found.notes)


def _samples(of: Profile) -> tuple[str, ...]:
    return tuple(value[:120] for value in dict.fromkeys(of.values))[:SAMPLES_SHOWN]


def field_named(name: str) -> str:
    """One of FIELDS, x or y, from what a person wrote. Raises RuleBroken."""
    plain = name.strip().casefold().replace(" ", "_")
    plain = FIELD_NAMES.get(plain, plain)
    if plain not in FIELDS and plain not in ("x", "y"):
        sentence = _("%(name)s is no field of a camera. The fields are: %(fields)s")
        raise RuleBroken(sentence % {"name": name, "fields": ", ".join((*FIELDS, "x", "y"))})
    return plain


def _chosen(names: list[str], mapping: dict[str, str]) -> dict[int, str]:
    """Which column (from 0) a person said is what. A column is named by its key, its heading or its number."""
    found: dict[int, str] = {}
    folded = {name.casefold(): place for place, name in reversed(list(enumerate(names)))}
    for name, wanted in mapping.items():
        plain = name.strip().casefold()
        place = folded.get(plain)
        if place is None and plain.removeprefix("column ").isdecimal():
            place = int(plain.removeprefix("column ")) - 1
        if place is None or not 0 <= place < len(names):
            sentence = _("The file has no column %(name)s. Its columns: %(columns)s")
            raise RuleBroken(sentence % {"name": name, "columns": ", ".join(names)})
        found[place] = field_named(wanted)
    twice = [each for each in found.values() if each != "ignore" and list(found.values()).count(each) > 1]
    if twice:
        raise RuleBroken(_("Two columns are both said to be %(field)s. Choose one.") % {"field": twice[0]})
    return found


class _Assignment:
    """Fields being given to columns."""

    def __init__(self, headings: Headings, profiles: list[Profile], chosen: dict[int, str]) -> None:
        self.headings, self.profiles, self.chosen = headings, profiles, chosen
        self.fields: dict[int, tuple[str, float]] = {place: (name, 1.0) for place, name in chosen.items()}
        self.notes: list[str] = []

    def of(self, place: int) -> tuple[str, float]:
        return self.fields.get(place, ("ignore", 0.0))

    def place_of(self, wanted: str) -> int | None:
        return next((place for place, (name, _score) in self.fields.items() if name == wanted), None)

    def has(self, *wanted: str) -> bool:
        return all(self.place_of(name) is not None for name in wanted)

    def free(self) -> list[int]:
        return [place for place in range(len(self.profiles)) if place not in self.fields]

    # --- by name ---

    def by_name(self) -> None:
        """The surest first; each field and each column once."""
        guesses = [
            (score, place, name) for place in self.free() for name, score in self._guesses(place) if score >= LEAST
        ]
        for score, place, name in sorted(guesses, key=lambda guess: (-guess[0], guess[1])):
            if place in self.fields or self._taken(name):
                continue
            self.fields[place] = (name, round(score, 2))
        for place in self.free():
            if counts(self.headings.names[place]):
                self.fields[place] = ("ignore", 0.0)
        self._drop_area()

    def _taken(self, name: str) -> bool:
        if name in ("operator_ref", "location") and self.has("ref_and_location"):
            return True
        return self.has(name)

    def _guesses(self, place: int) -> list[tuple[str, float]]:
        values = self.profiles[place]
        if self.headings.names[place] in (X, Y) and values.values:
            return [("x" if self.headings.names[place] == X else "y", 1.0)]
        found: dict[str, float] = {}
        parts = self.headings.parts[place]
        for heading in dict.fromkeys((" ".join(parts), *parts)):
            for name, score in meanings(heading):
                found[name] = max(found.get(name, 0.0), score)
        if "location" in found and values.well_known_text >= 0.5:
            found["wkt"] = 0.9
        return [(name, score * self._fit(name, values)) for name, score in found.items()]

    def _fit(self, name: str, values: Profile) -> float:
        if name in COORDINATES:
            return 1.0 if values.numeric >= 0.3 or not values.words else 0.5
        return VALUES[name](values) if values.values else 0.5

    def _drop_area(self) -> None:
        """An area with a code that is no ward's is the whole authority: it says nothing of the camera."""
        ward = self.place_of("ward")
        if ward is None or ward in self.chosen:
            return
        if any(self.profiles[place].other_area_codes > 0.5 for place in self.free()):
            del self.fields[ward]
            self.notes.append(_("The area that the list gives is not a ward; it is left out."))

    # --- by value ---

    def by_value(self) -> None:
        self._find_coordinates()
        self._find_points()
        self._find_both_in_one()
        for place in self.free():
            if not self.has("postcode") and self.profiles[place].postcodes >= 0.8:
                self.fields[place] = ("postcode", 0.6)
            elif not self.has("ward_code") and self.profiles[place].ward_codes >= 0.8:
                self.fields[place] = ("ward_code", 0.6)
        self._find_location()
        self._find_reference()
        self._find_rest()

    def _find_coordinates(self) -> None:
        if self.has("latitude", "longitude") or self.has("easting", "northing") or self.has("x", "y"):
            return
        if self.headings.has_header and self.has("wkt"):
            return
        numeric = [p for p in self.free() if self.profiles[p].numeric >= 0.7]
        best: tuple[float, int, int, tuple[str, str]] = (0.5, 0, 0, ("", ""))
        for one in numeric:
            for other in numeric:
                if one == other or both_numbers(self.profiles[one], self.profiles[other]) < 1:
                    continue
                here = here_as_degrees(self.profiles[one], self.profiles[other])
                best = max(best, (here, -one, -other, ("latitude", "longitude")))
                if one < other and (grid := self._as_grid(one, other)):
                    best = max(best, grid)
        if best[3][0]:
            self._give(-best[1], best[3][0], 0.7)
            self._give(-best[2], best[3][1], 0.7)
            return
        degrees = [p for p in numeric if self.profiles[p].decimals >= 0.7]
        if len(degrees) == 2:
            self._give(degrees[0], "latitude", 0.4)
            self._give(degrees[1], "longitude", 0.4)

    def _as_grid(self, one: int, other: int) -> tuple[float, int, int, tuple[str, str]] | None:
        """Two columns of long whole numbers as easting and northing; which is which, the outline tells."""
        if min(min(map(len, self.profiles[p].values), default=0) for p in (one, other)) < 5:
            return None
        share = here_as_grid(self.profiles[one], self.profiles[other])
        return (share * 0.95, -one, -other, ("easting", "northing")) if share > 0.5 else None

    def _give(self, place: int, name: str, score: float) -> None:
        if not self.has(name):
            self.fields[place] = (name, score)

    def _find_points(self) -> None:
        if self.has("latitude", "longitude") or self.has("easting", "northing") or self.has("x", "y"):
            place = self.place_of("wkt")
            if place is not None and place not in self.chosen:
                del self.fields[place]
            return
        for place in self.free():
            if not self.has("wkt") and self.profiles[place].points >= 0.8 and self.profiles[place].distinct > 0.3:
                self.fields[place] = ("wkt", 0.7)

    def _find_both_in_one(self) -> None:
        """A column taken for number or place that holds both."""
        if self.has("ref_and_location") or (self.has("operator_ref") and self.has("location")):
            return
        for wanted in ("operator_ref", "location"):
            place = self.place_of(wanted)
            if place is not None and place not in self.chosen and self.profiles[place].splits >= 0.9:
                self.fields[place] = ("ref_and_location", 0.8)
                return
        if not self.has("operator_ref") and not self.has("location"):
            for place in self.free():
                if self.profiles[place].splits >= 0.9 and self.profiles[place].length > 8:
                    self.fields[place] = ("ref_and_location", 0.6)
                    return

    def _find_location(self) -> None:
        if self.has("location") or self.has("ref_and_location"):
            return
        texts = [p for p in self.free() if self.profiles[p].words >= 0.7 and self.profiles[p].filled >= 0.3]
        if self.headings.has_header:
            texts = [p for p in texts if not meanings(self.headings.names[p])]
        if texts:
            best = max(texts, key=lambda p: (self.profiles[p].length * self.profiles[p].distinct, -p))
            self.fields[best] = ("location", 0.5)

    def _find_reference(self) -> None:
        if self.has("operator_ref") or self.has("ref_and_location"):
            return
        for place in self.free():
            values = self.profiles[place]
            if values.codes >= 0.9 and values.distinct >= 0.9 and values.decimals < 0.2 and values.filled >= 0.5:
                self.fields[place] = ("operator_ref", 0.5)
                return

    def _find_rest(self) -> None:
        for place in self.free():
            values = self.profiles[place]
            if (
                not self.headings.has_header
                and not self.has("camera_type")
                and values.types >= 0.9
                and values.length < 20
            ):
                self.fields[place] = ("camera_type", 0.5)

    # --- the system of the coordinates ---

    def crs(self) -> str:
        """From the fields and their values. Raises RuleBroken for a system that is not taken."""
        for x_name, y_name in PAIRS:
            if not self.has(x_name, y_name):
                continue
            x, y = (self.profiles[self.place_of(name) or 0] for name in (x_name, y_name))
            if name := other_system(x, y):
                raise not_taken(name)
            if x_name == "easting":
                return GRID if here_as_degrees(y, x) < 0.5 else DEGREES
            return GRID if max(here_as_grid(x, y), here_as_grid(y, x)) > 0.5 else DEGREES
        place = self.place_of("wkt")
        if place is None:
            return DEGREES
        x, y, _marked = pair_profiles(self.profiles[place])
        if name := other_system(x, y):
            raise not_taken(name)
        return GRID if here_as_grid(x, y) > 0.5 else DEGREES

    def point_order(self, crs: str) -> bool:
        """Whether points are written longitude first: WKT is, two numbers are not, unless the values say otherwise."""
        place = self.place_of("wkt")
        if place is None or crs == GRID:
            return True
        first, second, marked = pair_profiles(self.profiles[place])
        here, turned = here_as_degrees(second, first), here_as_degrees(first, second)
        if marked and turned > here:
            self.notes.append(_("The points of this list are written latitude first."))
        return marked if here == turned else here > turned

    def bend(self, crs: str) -> None:
        """Names of coordinates are made those of the system; of x and y, and of them alone, the values say which."""
        names = {"x": "longitude", "y": "latitude"} if crs == DEGREES else {"x": "easting", "y": "northing"}
        if self.has("x", "y"):
            x, y = (self.profiles[self.place_of(name) or 0] for name in ("x", "y"))
            turned = here_as_degrees(x, y) > here_as_degrees(y, x) if crs == DEGREES else False
            if turned and not {self.place_of("x"), self.place_of("y")} & set(self.chosen):
                names = {"x": "latitude", "y": "longitude"}
                self.notes.append(_("X holds latitudes and Y longitudes in this list."))
        if crs == GRID and not self.has("easting", "northing"):
            names |= {"longitude": "easting", "latitude": "northing"}
        if crs == DEGREES and not self.has("latitude", "longitude") and not self.has("x", "y"):
            easts = self.place_of("easting")
            norths = self.place_of("northing")
            found = easts is not None and norths is not None
            if found and here_as_degrees(self.profiles[norths or 0], self.profiles[easts or 0]) >= 0.5:
                names |= {"easting": "longitude", "northing": "latitude"}
        taken = {name for name, _score in self.fields.values()}
        for place, (name, score) in list(self.fields.items()):
            if name not in names:
                continue
            target = names[name]
            if name in ("x", "y") and target in taken:
                self.fields[place] = ("ignore", 0.0)  # the same twice, as in maps that were turned into tables
            else:
                self.fields[place] = (target, score)

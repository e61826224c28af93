"""Records are sorted: each into exactly one of the words of design 7."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import isnan
from typing import Any

from django.utils.translation import gettext as _

from compliance.camera_lists.coordinates import CODES, FAR, FAR_METRES, OK, Judged
from compliance.camera_lists.matching import CAN_GO, Match, Matching, Record, point_of
from compliance.camera_lists.near import Near, Point
from compliance.camera_lists.problems import sentence
from compliance.camera_lists.records import UNKNOWN_TYPE, Draft, Records
from compliance.camera_lists.shapes import TEXT_FIELDS, CameraRow, Known, KnownChange, RowProblem, Sorting
from compliance.models import Camera
from compliance.models.camera import NEVER_MAPPED
from compliance.places import Place

Progress = Callable[[int, int], None]
NO_NUMBER = "\0"
NOTHING_LEFT = "no_reference_no_place"
MOVING = frozenset(kind.value for kind in NEVER_MAPPED)
COMPARED_TEXTS = tuple((Draft._fields.index(name), name) for name in TEXT_FIELDS)
GONE_AGAIN = frozenset({Camera.Status.REMOVE_RECOMMENDED})


def sort_records(
    result: Sorting,
    records: Records,
    known: Iterable[Known],
    centre: Place | None,
    progress: Progress | None,
) -> Sorting:
    """Fill `result`, which has kind, settings and transformation."""
    records.read_days()
    judged = records.points.judge(centre, accept_far=result.settings.accept_far)
    landed: dict[int, str] = {}
    _refuse(result, records.refused, landed)
    problems = list(records.problems)
    if judged.wholly_outside():
        _refuse(result, [(draft.row, "outside_area", sentence("outside_area")) for draft in records.drafts], landed)
        message = _("The whole list lies outside England and Wales: its cameras are %(where)s.")
        result.problems.append(RowProblem(0, "outside_area", message % {"where": judged.where_outside()}, ""))
        records.drafts.clear()
    work = _Work(result, records, judged, problems, landed)
    work.find_places(centre)
    lost = [(records.drafts[index].row, NOTHING_LEFT, sentence(NOTHING_LEFT)) for index in sorted(work.lost)]
    _refuse(result, lost, landed)
    work.find_duplicates()
    work.match(known)
    if progress:
        progress(result.counts["rows"], result.counts["rows"])
    result.problems += [
        RowProblem(row, code, message, landed.get(row, "new"))
        for row, code, message in problems
        if landed.get(row) not in ("refused", "duplicate")
    ]
    result.problems.sort(key=lambda problem: problem.row)
    return result


def _refuse(result: Sorting, refused: Iterable[tuple[int, str, str]], landed: dict[int, str]) -> None:
    for row, code, message in refused:
        result.refused += 1
        landed[row] = "refused"
        result.problems.append(RowProblem(row, code, message, "refused"))


class _Work:
    """The records of one list on their way into the piles."""

    def __init__(
        self,
        result: Sorting,
        records: Records,
        judged: Judged,
        problems: list[tuple[int, str, str]],
        landed: dict[int, str],
    ) -> None:
        self.result, self.drafts, self.problems, self.landed = result, records.drafts, problems, landed
        self.faults, self.refused_references = records.faults, records.refused_references
        self.ended_references = records.ended_references
        self.east, self.north = records.points.east, records.points.north
        self.latitude, self.longitude = judged.latitude.tolist(), judged.longitude.tolist()
        self.verdict = judged.verdict.tolist()
        self.points: list[Point | None] = []
        self.names: list[str] = []  # numbers, folded; NO_NUMBER and the words of the place for records without
        self.lost: set[int] = set()  # places of records that have nothing left to be known by
        self.kept: list[int] = []  # places of records that are no duplicates

    def find_places(self, centre: Place | None) -> None:
        """The place of each record, or None with a problem that says why."""
        far = 0
        for index, draft in enumerate(self.drafts):
            verdict, fault = self.verdict[index], self.faults[index]
            if verdict == OK and draft.camera_type in MOVING:
                fault = "never_mapped"
            elif verdict == OK:
                fault = ""
            elif not fault:
                fault = CODES[verdict]
                far += verdict == FAR
            self.points.append(None if fault else (self.latitude[index], self.longitude[index]))
            if fault and not draft.operator_ref and not draft.location:
                self.lost.add(index)
            elif fault and not (fault == "no_coordinates" and draft.camera_type in MOVING):
                self.problems.append((draft.row, fault, sentence(fault)))
        if far * 2 > len(self.drafts) > 1 and centre is not None:
            message = _("Most places of the list are more than %(km)d km away from your area. Is it the right list?")
            self.result.problems.append(RowProblem(0, "far_from_area", message % {"km": FAR_METRES // 1000}, ""))

    def find_duplicates(self) -> None:
        """The same number (without one: the same words) at the same place further up in the list."""
        first: dict[str, int] = {}
        crowds: dict[str, tuple[Near[int], set[str]]] = {}
        for index, draft in enumerate(self.drafts):
            name = draft.operator_ref.casefold() or NO_NUMBER + draft.location.casefold()
            self.names.append(name)
            if index in self.lost:
                continue
            if name not in first:
                first[name] = index
            else:
                if name not in crowds:
                    crowds[name] = Near(), set()
                    self._add(crowds[name], first[name])
                if self._is_in(crowds[name], index):
                    self.result.duplicate += 1
                    self.landed[draft.row] = "duplicate"
                    problem = RowProblem(draft.row, "duplicate", sentence("duplicate"), "duplicate")
                    self.result.problems.append(problem)
                    continue
                self._add(crowds[name], index)
            self.kept.append(index)

    def _add(self, crowd: tuple[Near[int], set[str]], index: int) -> None:
        point = self.points[index]
        if point:
            crowd[0].add(point, index)
        else:
            crowd[1].add(self.drafts[index].location.casefold())

    def _is_in(self, crowd: tuple[Near[int], set[str]], index: int) -> bool:
        point = self.points[index]
        return crowd[0].has(point) if point else self.drafts[index].location.casefold() in crowd[1]

    def match(self, known: Iterable[Known]) -> None:
        numbers = {name for name in self.names if not name.startswith(NO_NUMBER)}
        numbers |= self.refused_references | self.ended_references
        matching = Matching(self._records, known, numbers)
        seen = {self.names[self.kept[place]] for place in matching.found}
        for place, index in enumerate(self.kept):
            found = matching.found.get(place)
            if found is None:
                self._new(index, seen)
            else:
                self._known(index, matching.cameras[found.camera], found)
        if self.kept:  # a list of which nothing could be taken says nothing of what is gone
            self.result.gone = [
                camera.pk
                for camera in matching.unmatched
                if camera.status in CAN_GO and camera.operator_ref.casefold() not in self.refused_references
            ]

    def _records(self) -> list[Record]:
        return [
            Record(
                "" if self.names[index].startswith(NO_NUMBER) else self.names[index],
                self.drafts[index].location.casefold(),
                self.points[index],
            )
            for index in self.kept
        ]

    def _new(self, index: int, seen: set[str]) -> None:
        draft, name = self.drafts[index], self.names[index]
        if draft.operator_ref:
            if name in seen:
                self.problems.append((draft.row, "reference_twice", sentence("reference_twice")))
            seen.add(name)
        latitude, longitude = self.points[index] or (None, None)
        self.result.new.append(CameraRow(*draft, latitude, longitude, *self._grid(index)))

    def _grid(self, index: int) -> tuple[int | None, int | None]:
        east, north = self.east[index], self.north[index]
        if self.points[index] is None or isnan(east) or isnan(north):
            return None, None
        return round(east), round(north)

    def _known(self, index: int, camera: Known, found: Match) -> None:
        draft = self.drafts[index]
        fields = self._changed_fields(index, draft, camera)
        reappeared = camera.went_missing and camera.status in GONE_AGAIN
        if not fields and not reappeared:
            self.result.unchanged += 1
            self.landed[draft.row] = "unchanged"
            return
        way = "changed"
        if found.way == "moved" and "latitude" in fields:
            way = "moved"
        elif found.way == "renumbered" and camera.operator_ref:
            way = "renumbered"
        self.landed[draft.row] = way
        self.result.changes.append(KnownChange(draft.row, way, camera.pk, fields, reappeared))

    def _changed_fields(self, index: int, draft: Draft, camera: Known) -> dict[str, Any]:
        """What the list says and the portal has otherwise. What the list does not say changes nothing."""
        fields: dict[str, Any] = {}
        if draft.operator_ref and draft.operator_ref != camera.operator_ref:
            fields["operator_ref"] = draft.operator_ref
        for place, name in COMPARED_TEXTS:
            text = draft[place]
            if text and text != getattr(camera, name) and not (name == "camera_type" and text == UNKNOWN_TYPE):
                fields[name] = text
        for name in ("direction", "installed_on"):
            value = getattr(draft, name)
            if value is not None and value != getattr(camera, name):
                fields[name] = value
        self._change_place(index, camera, fields)
        return fields

    def _change_place(self, index: int, camera: Known, fields: dict[str, Any]) -> None:
        place, point = point_of(camera), self.points[index]
        if fields.get("camera_type", camera.camera_type) in MOVING:
            if point:
                self.problems.append((self.drafts[index].row, "never_mapped", sentence("never_mapped")))
            if place or camera.easting is not None:
                fields |= {"latitude": None, "longitude": None, "easting": None, "northing": None}
            return
        if point is None or point == place or (place and _within_a_metre(point, place)):
            return
        east, north = self._grid(index)
        fields |= {"latitude": _decimal(point[0]), "longitude": _decimal(point[1])}
        if east is not None or camera.easting is not None:
            fields |= {"easting": east, "northing": north}


def _within_a_metre(one: Point, other: Point) -> bool:
    near: Near[int] = Near()
    near.add(other, 0)
    return near.has(one)


def _decimal(degrees: float) -> Decimal:
    return Decimal(repr(degrees)).quantize(Decimal("0.000001"))

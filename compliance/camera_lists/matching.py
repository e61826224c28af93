"""Which record of a list is which camera of the portal (design 7), in this order:

1. the same number at the same place, or the same number where one of the two has no place;
2. the same number elsewhere: the camera moved; of several the nearest;
3. without a number: the same place, or the same words where there is no place;
4. another number at a place whose old number the list has no more: renumbered; the same point and words first.

Each camera and each record is matched once at most.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from compliance.camera_lists.near import Near, Point, metres_apart
from compliance.camera_lists.shapes import Known
from compliance.models import Camera

# What a list is compared with. A proposal is not in the street yet, and what is gone is gone.
COMPARED = frozenset({Camera.Status.APPROVED, Camera.Status.INSTALLED, *Camera.IN_USE})
CAN_GO = frozenset({Camera.Status.OPERATIONAL, Camera.Status.FAULTY, Camera.Status.UNDER_REVIEW})
FEW = 60  # records and cameras of one number that are compared each with each


class Record(NamedTuple):
    """What of a record is compared."""

    reference: str  # folded
    words: str  # of its place, folded
    point: Point | None


class Match(NamedTuple):
    camera: int  # which of the known
    way: str  # same, moved or renumbered


class Matching:
    """Records against cameras; the result is `found`: record → match."""

    def __init__(self, records: Callable[[], list[Record]], known: Iterable[Known], numbers: set[str]) -> None:
        """`records` are asked for where there is a camera to compare; `numbers` are all of the list, folded."""
        self.cameras = [camera for camera in known if camera.status in COMPARED]
        self.numbers = numbers
        self.found: dict[int, Match] = {}
        self.used = bytearray(len(self.cameras))
        self.records = records() if self.cameras else []
        if self.cameras:
            self._places = [point_of(camera) for camera in self.cameras]
            self._by_number()
            self._without_number()
            self._renumbered()

    @property
    def unmatched(self) -> list[Known]:
        return [camera for camera, used in zip(self.cameras, self.used, strict=True) if not used]

    def _take(self, record: int, camera: int, way: str) -> None:
        self.found[record] = Match(camera, way)
        self.used[camera] = 1

    # --- 1 and 2: by number ---

    def _by_number(self) -> None:
        cameras: dict[str, list[int]] = defaultdict(list)
        for index, camera in enumerate(self.cameras):
            if camera.operator_ref:
                cameras[camera.operator_ref.casefold()].append(index)
        rows: dict[str, list[int]] = defaultdict(list)
        for index, record in enumerate(self.records):
            if record.reference in cameras:
                rows[record.reference].append(index)
        for number, own in rows.items():
            self._same_place(own, cameras[number])
            self._placeless(own, cameras[number])
            self._moved(own, cameras[number])

    def _same_place(self, rows: list[int], cameras: list[int]) -> None:
        if len(rows) == 1 and len(cameras) == 1:  # nearly always
            point, place = self.records[rows[0]].point, self._places[cameras[0]]
            if point and place and (point == place or metres_apart(point, place) <= 1):
                self._take(rows[0], cameras[0], "same")
            return
        near: Near[int] = Near()
        for camera in cameras:
            if place := self._places[camera]:
                near.add(place, camera)
        for exactly in (True, False):
            for row in self._left(rows):
                if point := self.records[row].point:
                    self._take_one(row, [near.at(point)] if exactly else near.around(point), "same")

    def _placeless(self, rows: list[int], cameras: list[int]) -> None:
        """The same number, and no two places that could differ: the same words first."""
        for same_words in (True, False):
            by_words: dict[str, list[int]] = defaultdict(list)
            for camera in reversed([camera for camera in cameras if not self.used[camera]]):
                by_words[self.cameras[camera].location.casefold() if same_words else ""].append(camera)
            for row in self._left(rows):
                record = self.records[row]
                waiting = by_words.get(record.words if same_words else "", [])
                fitting = next((c for c in reversed(waiting) if not (record.point and self._places[c])), None)
                if fitting is not None:
                    waiting.remove(fitting)
                    self._take(row, fitting, "same")

    def _moved(self, rows: list[int], cameras: list[int]) -> None:
        rows, cameras = self._left(rows), [camera for camera in cameras if not self.used[camera]]
        if len(rows) * len(cameras) > FEW * FEW:
            for row, camera in zip(rows, cameras, strict=False):
                self._take(row, camera, "moved")
            return
        pairs = [
            (metres_apart(point, place), row, camera)
            for row in rows
            for camera in cameras
            if (point := self.records[row].point) and (place := self._places[camera])
        ]
        for _away, row, camera in sorted(pairs):
            if row not in self.found and not self.used[camera]:
                self._take(row, camera, "moved")

    # --- 3: records without a number ---

    def _without_number(self) -> None:
        rows = [index for index, record in enumerate(self.records) if not record.reference]
        if not rows:
            return
        near, words = self._free_places(), defaultdict(list)
        for index, camera in enumerate(self.cameras):
            if not self.used[index] and camera.operator_ref.casefold() not in self.numbers:
                words[camera.location.casefold()].append(index)
        for passing in ("point and words", "point", "near"):
            for row in self._left(rows):
                record = self.records[row]
                if record.point:
                    places = near.around(record.point) if passing == "near" else [near.at(record.point)]
                    self._take_one(row, places, "same", words=record.words if "words" in passing else None)
        for row in self._left(rows):
            record = self.records[row]
            waiting = [c for c in words.get(record.words, []) if not self.used[c]] if record.words else []
            fitting = next((c for c in waiting if not (record.point and self._places[c])), None)
            if fitting is not None:
                self._take(row, fitting, "same")

    # --- 4: renumbered ---

    def _renumbered(self) -> None:
        near = self._free_places()
        for passing in ("point and words", "point", "near"):
            for row, record in enumerate(self.records):
                if row in self.found or not record.reference or not record.point:
                    continue
                places = near.around(record.point) if passing == "near" else [near.at(record.point)]
                self._take_one(row, places, "renumbered", words=record.words if "words" in passing else None)

    def _free_places(self) -> Near[int]:
        """Cameras that no record names by number."""
        near: Near[int] = Near()
        for index, camera in enumerate(self.cameras):
            place = self._places[index]
            if place and not self.used[index] and camera.operator_ref.casefold() not in self.numbers:
                near.add(place, index)
        return near

    # --- Helpers ---

    def _left(self, rows: list[int]) -> list[int]:
        return [row for row in rows if row not in self.found]

    def _take_one(self, row: int, places: Iterable[list[int]], way: str, words: str | None = None) -> None:
        """Match the row with one of the cameras there that is free; with the same words if they are asked for."""
        for items in places:
            while items and self.used[items[-1]]:
                items.pop()
            for index in range(len(items) - 1, max(len(items) - FEW, 0) - 1, -1):
                camera = items[index]
                if self.used[camera]:
                    continue
                if words is None or self.cameras[camera].location.casefold() == words:
                    del items[index]
                    self._take(row, camera, way)
                    return


def point_of(camera: Known) -> Point | None:
    if camera.latitude is None or camera.longitude is None:
        return None
    return float(camera.latitude), float(camera.longitude)

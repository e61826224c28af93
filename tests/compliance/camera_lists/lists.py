"""Lists of cameras as tests make them, and what a portal would have after it took one in."""

from pathlib import Path
from typing import Any

from compliance.camera_lists import WORDS_OF_SORTING, Known, ListSettings, Sorting, sort_list

HEADER = "camera_id,location,area_name,area_code,lon,lat"
GOOD = "1,High Street,Central,E05000001,-2.284777,53.464515"


def counts(**given: int) -> dict[str, int]:
    """Counts of a sorting; the words that are not named are 0."""
    rows = sum(number for word, number in given.items() if word != "gone")
    return {"rows": rows, **{word: given.get(word, 0) for word in WORDS_OF_SORTING}}


def applied(known: list[Known], found: Sorting) -> list[Known]:
    """The cameras that a portal has once the sorting is applied."""
    cameras = {camera.pk: camera for camera in known}
    for change in found.changes:
        camera = cameras[change.pk]._replace(**change.fields)
        back = {"status": "operational", "went_missing": False} if change.reappeared else {}
        cameras[change.pk] = camera._replace(**back)
    for pk in found.gone:
        cameras[pk] = cameras[pk]._replace(status="remove_recommended", went_missing=True)
    for pk, row in enumerate(found.new, max(cameras, default=0) + 1):
        values = row._asdict()
        del values["row"]
        cameras[pk] = Known(pk, "operational", **values)
    return list(cameras.values())


class Lists:
    """Sorts what a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, content: bytes | str, **options: Any) -> Sorting:
        """The sorting of a whole file."""
        settings = options.pop("settings", None) or ListSettings()
        return sort_list(self.write(content), file_name="list", settings=settings, **options)

    def rows(self, *lines: str, header: str = HEADER, **options: Any) -> Sorting:
        return self.of("\n".join((header, *lines)) + "\n", **options)

    def write(self, content: bytes | str) -> Path:
        path = self.folder / "list"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def codes(found: Sorting) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in found.problems]

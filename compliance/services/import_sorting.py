"""How a list of cameras would change the register: sorted outside any transaction, and kept until it is accepted."""

import datetime as dt
import hashlib
import itertools
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum

from compliance.camera_lists import CameraRow, Known, KnownChange, ListSettings, Sorting, sort_list
from compliance.models import Camera, CameraChange, CameraSystem, ImportedChange, ImportRun
from compliance.places import Place
from compliance.services.kept_lists import kept_folder, private
from core import bulk
from core.files import safe_name

Progress = Callable[[int, int], None]
BATCH = 2000
KINDS = ("new", "changed", "moved", "renumbered", "gone")  # those of which rows are kept
ENDED = "gone"
# Compared with a list: those that stand in the street and were not missed by an earlier list.
COMPARED = tuple(status for status in Camera.IN_USE if status != Camera.Status.REMOVE_RECOMMENDED)
INSTALLED_ON = CameraRow._fields.index("installed_on")
DEGREES = ("latitude", "longitude")


@dataclass(frozen=True)
class Sorted:
    """A sorted list and the state of the system that it was sorted against."""

    sorting: Sorting
    estate: list[int]
    sha256: str
    file_name: str


def sort_file(
    *,
    system: CameraSystem,
    path: Path,
    file_name: str,
    settings: ListSettings | None = None,
    progress: Progress | None = None,
) -> Sorted:
    """Sort a list against the cameras of the system; nothing is written. Raises RuleBroken for what is no list."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    estate = estate_of(system)
    with bulk.without_collecting():
        sorting = sort_list(
            path,
            file_name=file_name,
            settings=settings or ListSettings(),
            known=_known(system),
            centre=_centre(system),
            progress=progress,
        )
    return Sorted(sorting, estate, digest, safe_name(file_name))


def estate_of(system: CameraSystem) -> list[int]:
    """Differs as soon as a camera of the system comes in, is changed, or begins or ends to be compared. One query."""
    compared, to_come = Q(status__in=COMPARED), Q(status__in=(Camera.Status.APPROVED, Camera.Status.INSTALLED))
    found = Camera.objects.filter(system=system).aggregate(
        number=Count("pk"),
        last=Max("pk"),
        versions=Sum("version"),
        compared=Count("pk", filter=compared),
        which=Sum("pk", filter=compared),
        to_come=Sum("pk", filter=to_come),
    )
    return [int(found[name] or 0) for name in ("number", "last", "versions", "compared", "which", "to_come")]


def compared_in(estate: list[int]) -> int:
    """How many cameras a list can end."""
    return estate[3] if len(estate) > 3 else 0


def _known(system: CameraSystem) -> Iterator[Known]:
    missing = _went_missing(system)
    own = Camera.objects.filter(system=system).order_by("pk")
    for values in own.values_list(*Known._fields[:-1]).iterator(BATCH):
        yield Known._make((*values, values[0] in missing))


def _went_missing(system: CameraSystem) -> set[int]:
    """Cameras whose removal was recommended because a list lacked them, and to which nothing happened since."""
    moved = CameraChange.objects.filter(record=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    ended = (
        ImportedChange.objects.filter(camera=OuterRef("pk"), sorted_as=ENDED, run__status=ImportRun.Status.APPLIED)
        .order_by("-run__applied_at")
        .values("run__applied_at")[:1]
    )
    waiting = Camera.objects.filter(system=system, status=Camera.Status.REMOVE_RECOMMENDED)
    marked = waiting.annotate(moved_at=Subquery(moved), ended_at=Subquery(ended))
    return set(marked.filter(moved_at__lte=F("ended_at")).values_list("pk", flat=True))


def _centre(system: CameraSystem) -> Place | None:
    operator = system.operator
    if operator.latitude is None or operator.longitude is None:
        return None
    return Place(operator.latitude, operator.longitude)


# --- What is to be written, from the sorting itself or from what was kept of it ---


@dataclass(frozen=True)
class Wanted:
    """What a list would write. Each of the three can be gone through once."""

    new: Iterable[CameraRow]
    changes: Iterable[KnownChange]
    gone: Iterable[int]


def wanted_of(sorting: Sorting) -> Wanted:
    return Wanted(sorting.new, sorting.changes, sorting.gone)


def keep_sorting(reference: str, sorting: Sorting) -> None:
    """Keep the rows of a sorting beside the upload, a line each, so that pages show some and a worker writes all."""
    rows: dict[str, Iterable[Any]] = {"new": sorting.new, "gone": sorting.gone}
    for kind in KINDS:
        chosen = rows.get(kind)
        if chosen is None:
            chosen = (change for change in sorting.changes if change.sorted_as == kind)
        _keep(_path(reference, kind), chosen)


def _keep(path: Path, rows: Iterable[Any]) -> None:
    draft = path.with_name(f"draft-{secrets.token_hex(8)}")
    with open(draft, "x", encoding="utf-8", opener=private) as file:
        file.writelines(json.dumps(row, default=str) + "\n" for row in rows)
    draft.replace(path)


def is_kept(reference: str) -> bool:
    return all(_path(reference, kind).is_file() for kind in KINDS)


def kept_rows(reference: str, kind: str, start: int = 0, stop: int | None = None) -> Iterator[Any]:
    """Rows of one kind: CameraRow for new ones, primary keys for those that are gone, else KnownChange."""
    readers: dict[str, Callable[[Any], Any]] = {"new": _row, "gone": int}
    read = readers.get(kind, _change)
    with open(_path(reference, kind), encoding="utf-8") as file:
        for line in itertools.islice(file, start, stop):
            yield read(json.loads(line))


def kept_wanted(reference: str) -> Wanted:
    changes = (kept_rows(reference, kind) for kind in ("changed", "moved", "renumbered"))
    return Wanted(kept_rows(reference, "new"), itertools.chain.from_iterable(changes), kept_rows(reference, "gone"))


def forget_sorting(reference: str) -> None:
    for kind in KINDS:
        _path(reference, kind).unlink(missing_ok=True)


def _path(reference: str, kind: str) -> Path:
    return kept_folder() / f"{reference}.{kind}"


def _row(values: list[Any]) -> CameraRow:
    if values[INSTALLED_ON]:
        values[INSTALLED_ON] = dt.date.fromisoformat(values[INSTALLED_ON])
    return CameraRow._make(values)


def _change(values: list[Any]) -> KnownChange:
    row, sorted_as, pk, fields, reappeared = values
    return KnownChange(row, sorted_as, pk, as_values(fields), reappeared)


def as_values(fields: dict[str, Any]) -> dict[str, Any]:
    """Values of a camera's fields that were kept as JSON, as the model has them."""
    found = dict(fields)
    for name in DEGREES:
        if found.get(name) is not None:
            found[name] = Decimal(str(found[name]))
    if found.get("installed_on"):
        found["installed_on"] = dt.date.fromisoformat(found["installed_on"])
    return found

"""A sorted list is written into the register, in one transaction of the caller: whole or not at all.

New cameras and the entries of the trail go past the objects, in bulk (`core.bulk`): a list may have a hundred thousand.
What changes of cameras that were there is kept as ImportedChange, so that it can be taken back.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.camera_lists import CameraRow, KnownChange
from compliance.models import Camera, ImportedChange, ImportRun, Placement
from compliance.models.camera import NEVER_MAPPED, REFERENCE_LENGTH, CameraOrigin
from compliance.services.faults import follow_open_faults_of
from compliance.services.import_sorting import BATCH, ENDED, Progress, Wanted
from core import bulk, trail
from core.dates import LONDON, today
from core.errors import StaleRecord
from core.references import new_references

MOVED = "moved"
PLACE = ("latitude", "longitude", "easting", "northing")
# What a list can say of a camera, in the order of CameraRow behind the number of the row.
FIELDS = CameraRow._fields[1:]
TYPE_AT = FIELDS.index("camera_type")
MOVING = frozenset(kind.value for kind in NEVER_MAPPED)
NEW_AT_ONCE = 25_000
FOLLOWED = ("location", "ward", "latitude", "longitude")  # what an open placement copies
Item = TypeVar("Item")


def in_batches(rows: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    rest = iter(rows)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def write(*, run: ImportRun, wanted: Wanted, by: User | None, progress: Progress | None = None) -> None:
    """Write everything of a run whose system is locked and stands as it was sorted against. Raises StaleRecord."""
    trail.record("imported", run, by=by, after={"sha256": run.sha256, "system": run.system.reference, **run.counts})
    total = run.new + run.changed + run.moved + run.renumbered + run.gone
    done = 0
    for number in itertools.chain(
        _write_new(run, wanted.new, by), _write_changes(run, wanted.changes, by), _write_gone(run, wanted.gone, by)
    ):
        done += number
        if progress:
            progress(done, total)


# --- New cameras ---


def _write_new(run: ImportRun, rows: Iterable[CameraRow], by: User | None) -> Iterator[int]:
    status = Camera.Status.OPERATIONAL.value
    same = {
        "system_id": run.system_id,
        "import_run_id": run.pk,
        "status": status,
        "origin": CameraOrigin.IMPORTED.value,
        "added_at": timezone.now(),
    }
    after = {"status": status, "import": run.sha256}
    for batch in in_batches(rows, NEW_AT_ONCE):
        keys = bulk.reserve_keys(Camera, len(batch))
        references = sorted(new_references("CM", len(batch), REFERENCE_LENGTH))  # in order, an index takes them quicker
        values = map(_values, keys, references, batch)
        bulk.insert_rows(Camera, ("id", "reference", *FIELDS), values, same=same)
        told = ((key, reference, None, after) for key, reference in zip(keys, references, strict=True))
        trail.record_rows("created", Camera, told, by=by, organisation=run.system.operator)
        yield len(batch)


def _values(key: int, reference: str, row: CameraRow) -> tuple[Any, ...]:
    """The last four of FIELDS are the place: nothing that moves has one (domain 11.8)."""
    values = (key, reference, *row[1:])
    return values if row[TYPE_AT + 1] not in MOVING else (*values[:-4], None, None, None, None)


# --- Cameras that were there ---


@dataclass
class _Written:
    """What one change did to one camera."""

    camera: Camera
    change: KnownChange
    before: dict[str, Any]
    after: dict[str, Any]
    ended: Placement | None = None
    placement: Placement | None = None


def _write_changes(run: ImportRun, changes: Iterable[KnownChange], by: User | None) -> Iterator[int]:
    for batch in in_batches(changes):
        cameras = Camera.objects.filter(system=run.system).in_bulk([change.pk for change in batch])
        if len(cameras) != len(batch):
            raise StaleRecord(run)
        written = [_change(cameras[change.pk], change) for change in batch]
        _write_placements(run, [one for one in written if one.after], by)
        write_fields([one.camera for one in written if one.after])
        told = ((one.camera, one.before, one.after) for one in written if one.after)
        trail.record_each("changed", told, by=by, organisation=run.system.operator)
        reappeared = [one for one in written if one.change.reappeared]
        for one in reappeared:
            one.before = {**one.before, "status": one.camera.status}
            one.after = {**one.after, "status": Camera.Status.OPERATIONAL.value}
        note = _("In the list again: %(list)s") % {"list": _named(run)}
        Camera.move_many([one.camera for one in reappeared], Camera.Status.OPERATIONAL, by=by, note=note)
        if reappeared:
            follow_open_faults_of(cameras=[one.camera for one in reappeared], by=by)
        _keep_changes(run, written)
        yield len(batch)


def _change(camera: Camera, change: KnownChange) -> _Written:
    """Set the values on the camera; which were and are different."""
    fields = dict(change.fields)
    if change.sorted_as == MOVED and "latitude" in fields:  # those of the old place say nothing of the new one
        fields = {"easting": None, "northing": None, **fields}
    if fields.get("camera_type", camera.camera_type) in NEVER_MAPPED:
        fields |= dict.fromkeys(PLACE)
    before = {name: getattr(camera, name) for name in fields}
    after = {name: value for name, value in fields.items() if value != before[name]}
    for name, value in after.items():
        setattr(camera, name, value)
    camera.version += bool(after)
    return _Written(camera, change, {name: before[name] for name in after}, after)


def write_fields(cameras: Sequence[Camera]) -> None:
    """Write what a list can say of cameras, as it stands on them; their versions go up by one."""
    rows = ((camera.pk, *(getattr(camera, name) for name in FIELDS)) for camera in cameras)
    bulk.update_rows(Camera, FIELDS, rows, counts_up="version")


def _keep_changes(run: ImportRun, written: Sequence[_Written]) -> None:
    fields = ("camera", "sorted_as", "before", "after", "version", "placement", "ended_placement")
    rows = (
        (
            one.camera.pk,
            one.change.sorted_as,
            one.before,
            one.after,
            one.camera.version,
            one.placement and one.placement.pk,
            one.ended and one.ended.pk,
        )
        for one in written
    )
    bulk.insert_rows(ImportedChange, fields, rows, same={"run_id": run.pk})


# --- Where cameras were ---


def _write_placements(run: ImportRun, written: Sequence[_Written], by: User | None) -> None:
    """The place that a camera leaves stays on record; an open placement ends and the next one begins, or follows."""
    keys = [one.camera.pk for one in written]
    current = {p.camera_id: p for p in Placement.objects.filter(camera__in=keys, ends_on__isnull=True)}
    follow: list[Placement] = []
    for one in written:
        now = current.get(one.camera.pk)
        if one.change.sorted_as == MOVED:
            one.ended = now
            one.placement = _next(run, one, now, by) if now else _left(run, one, by)
        elif now and any(name in one.after for name in FOLLOWED):
            follow.append(follow_camera(now, one.camera))
    ended = [_end(run, one.ended) for one in written if one.ended]
    Placement.objects.bulk_update(ended, ("ends_on", "end_reason", "version"), batch_size=500)
    Placement.objects.bulk_update(follow, (*FOLLOWED, "version"), batch_size=500)
    made = [one.placement for one in written if one.placement]
    Placement.objects.bulk_create(made, batch_size=500)
    trail.record_each(
        "recorded", ((p, None, {"location": p.location}) for p in made), by=by, organisation=run.system.operator
    )


def follow_camera(placement: Placement, camera: Camera) -> Placement:
    for name in FOLLOWED:
        setattr(placement, name, getattr(camera, name))
    placement.location = camera.location or camera.name
    placement.version += 1
    return placement


def _end(run: ImportRun, placement: Placement) -> Placement:
    placement.ends_on = max(today(), placement.starts_on)
    placement.end_reason = _("Elsewhere in the list: %(list)s") % {"list": _named(run)}
    placement.version += 1
    return placement


def _next(run: ImportRun, one: _Written, before: Placement, by: User | None) -> Placement:
    camera = one.camera
    return Placement(
        camera=camera,
        location=camera.location or camera.name,
        ward=camera.ward,
        latitude=camera.latitude,
        longitude=camera.longitude,
        precision=camera.precision,
        target=before.target,
        purposes=before.purposes,
        starts_on=max(today(), before.starts_on),
        dpia=before.dpia,
        placed_by=by,
    )


def _left(run: ImportRun, one: _Written, by: User | None) -> Placement:
    """The old place of a camera of which no placement told."""
    camera = one.camera
    was = {name: one.before.get(name, getattr(camera, name)) for name in FOLLOWED}
    came = camera.installed_on or timezone.localdate(camera.added_at, LONDON)
    return Placement(
        camera=camera,
        **{**was, "location": was["location"] or camera.name},
        precision=camera.precision,
        target=camera.purpose_note or _("Not recorded: the camera stood here before its placements were kept."),
        purposes=camera.purposes,
        starts_on=min(came, today()),
        ends_on=today(),
        end_reason=_("Elsewhere in the list: %(list)s") % {"list": _named(run)},
        sign_up_on=camera.sign_up_on if camera.sign_up_on and camera.sign_up_on <= today() else None,
        placed_by=by,
    )


def _named(run: ImportRun) -> str:
    return f"{run.file_name} ({run.reference})"


# --- Cameras that the list lacks ---


def _write_gone(run: ImportRun, keys: Iterable[int], by: User | None) -> Iterator[int]:
    """To be removed, recommended to the senior responsible officer, who finds the list in the note."""
    note = _("Not in the list: %(list)s") % {"list": _named(run)}
    removal = Camera.Status.REMOVE_RECOMMENDED
    for batch in in_batches(keys):
        cameras = list(Camera.objects.filter(system=run.system, pk__in=batch).order_by("pk"))
        if len(cameras) != len(batch):
            raise StaleRecord(run)
        was = [camera.status for camera in cameras]
        Camera.move_many(cameras, removal, by=by, note=note)
        rows = (
            (camera.pk, ENDED, {"status": status}, {"status": removal.value}, camera.version)
            for camera, status in zip(cameras, was, strict=True)
        )
        fields = ("camera", "sorted_as", "before", "after", "version")
        bulk.insert_rows(ImportedChange, fields, rows, same={"run_id": run.pk})
        yield len(batch)

"""An applied list is taken back within a day, whole or not at all (issue: undo for a day)."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import (
    Camera,
    CameraChange,
    CameraSystem,
    ImportedChange,
    ImportRun,
    Placement,
    PlacementEvaluation,
)
from compliance.models.camera import CameraQuerySet
from compliance.services.faults import follow_open_faults_of
from compliance.services.import_applying import FIELDS, FOLLOWED, follow_camera, in_batches, write_fields
from compliance.services.import_sorting import ENDED, as_values
from core import bulk, trail
from core.errors import IllegalMove, Problem, StaleRecord

UNDO_WITHIN = dt.timedelta(days=1)
MOST_NAMED = 100
Status = Camera.Status


class CannotUndo(IllegalMove):
    """Something was done since to what the list brought. `problems` names each, at most MOST_NAMED."""

    def __init__(self, run: ImportRun, problems: Sequence[Problem]) -> None:
        super().__init__(run, ImportRun.Status.UNDONE)
        self.problems = problems


def undo_until(run: ImportRun) -> dt.datetime | None:
    """When the day is over; None for what is not applied."""
    if run.status != ImportRun.Status.APPLIED or run.applied_at is None:
        return None
    return run.applied_at + UNDO_WITHIN


def can_undo(run: ImportRun) -> bool:
    until = undo_until(run)
    return until is not None and timezone.now() <= until


@transaction.atomic
def undo(*, run: ImportRun, by: User | None) -> ImportRun:
    """Take a list back: new cameras leave the register, changed ones get their values again, those that it lacked are
    in operation again. Taken back already: nothing happens.

    Raises IllegalMove when it was not applied or a day has passed, CannotUndo when something was done since.
    """
    CameraSystem.objects.select_for_update(of=("self",)).get(pk=run.system_id)
    current = ImportRun.objects.select_for_update(of=("self",)).select_related("system__operator").get(pk=run.pk)
    if current.status == ImportRun.Status.UNDONE:
        return current
    if not can_undo(current):
        raise IllegalMove(current, ImportRun.Status.UNDONE)
    _lock_cameras(current)
    if problems := in_the_way(current):
        raise CannotUndo(current, problems)
    _give_back(current, by)
    _take_out(current, by)
    ImportRun.objects.filter(pk=current.pk).update(undone_at=timezone.now())
    current.move_to(ImportRun.Status.UNDONE, by=by)
    current.refresh_from_db(fields=["undone_at"])
    return current


def _lock_cameras(run: ImportRun) -> None:
    """Before looking at what was done to them: whoever changes one now waits, and is told."""
    listed = ImportedChange.objects.filter(run=run).values("camera")
    cameras = Camera.objects.filter(Q(import_run=run) | Q(pk__in=listed)).order_by("pk")
    list(cameras.select_for_update(of=("self",)).values_list("pk", flat=True))


# --- What stands in the way ---


def in_the_way(run: ImportRun) -> list[Problem]:
    """Cameras of the list to which something was done since, at most MOST_NAMED, each with the reason. Two queries."""
    touched = itertools.chain(_touched_new(run)[:MOST_NAMED], _touched_before(run)[:MOST_NAMED])
    return [Problem(f"{camera.name}: {_reason(camera)}", camera.get_absolute_url()) for camera in touched][:MOST_NAMED]


def _touched_new(run: ImportRun) -> CameraQuerySet:
    """New ones that are not as they came, or on which something hangs."""
    hangs = Q()
    for relation in Camera._meta.related_objects:
        there = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        hangs |= Q(Exists(there))
    changed = ~Q(version=1) | ~Q(status=Status.OPERATIONAL)
    new = Camera.objects.filter(import_run=run).filter(changed | hangs)
    marks = {"is_changed": ExpressionWrapper(changed, BooleanField()), "is_moved": Value(False)}
    return new.annotate(**marks).select_related("system__operator").order_by("pk")


def _touched_before(run: ImportRun) -> CameraQuerySet:
    """Those that were there: changed, moved to another state or placed anew since."""
    own = ImportedChange.objects.filter(run=run, camera=OuterRef("pk"))
    evaluated = PlacementEvaluation.objects.filter(placement=OuterRef("placement"))
    marks = {
        "is_changed": Exists(own.exclude(version=OuterRef("version"))),
        "is_moved": Exists(CameraChange.objects.filter(record=OuterRef("pk"), at__gt=run.applied_at)),
        "is_placed": Exists(own.filter(Q(placement__version__gt=1) | Exists(evaluated))),
    }
    found = Camera.objects.filter(imported_changes__run=run).annotate(**marks)
    touched = Q(is_changed=True) | Q(is_moved=True) | Q(is_placed=True)
    return found.filter(touched).select_related("system__operator").order_by("pk")


def _reason(camera: Any) -> str:
    if camera.is_changed:
        return _("it was changed since.")
    if camera.is_moved:
        return _("its state changed since.")
    return _("something was recorded about it since.")


# --- Taking back ---


def _give_back(run: ImportRun, by: User | None) -> None:
    """Cameras that were there before: their values, placements and states as they were."""
    changes = ImportedChange.objects.filter(run=run).select_related("camera__system", "placement", "ended_placement")
    for batch in in_batches(changes.order_by("pk").iterator(2000)):
        changed = [one for one in batch if one.sorted_as != ENDED and one.after.keys() - {"status"}]
        cameras = [_restored(one) for one in changed]
        write_fields(cameras)
        told = [
            (one.camera, _fields(one.after), _fields(one.before))
            for one in changed  # what was after is before now
        ]
        trail.record_each("changed", told, by=by, organisation=run.system.operator)
        _give_back_placements(run, batch, by)
        _give_back_states(run, batch, by)


def _restored(change: ImportedChange) -> Camera:
    for name, value in as_values(_fields(change.before)).items():
        setattr(change.camera, name, value)
    change.camera.version += 1
    return change.camera


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in FIELDS}


def _give_back_placements(run: ImportRun, changes: Sequence[ImportedChange], by: User | None) -> None:
    written = [one.placement for one in changes if one.placement]
    opened = [_reopened(one.ended_placement) for one in changes if one.ended_placement]
    followed = [one for one in changes if not one.placement and any(name in one.after for name in FOLLOWED)]
    with_one = {one.camera_id: one.camera for one in followed}
    current = Placement.objects.filter(camera__in=list(with_one), ends_on__isnull=True)
    follow = [follow_camera(placement, with_one[placement.camera_id]) for placement in current]
    ImportedChange.objects.filter(pk__in=[one.pk for one in changes]).update(placement=None, ended_placement=None)
    told = ((p, {"location": p.location}, None) for p in written)
    trail.record_each("removed", told, by=by, organisation=run.system.operator)
    Placement.objects.filter(pk__in=[p.pk for p in written]).delete()
    Placement.objects.bulk_update(opened, ("ends_on", "end_reason", "version"), batch_size=500)
    Placement.objects.bulk_update(follow, (*FOLLOWED, "version"), batch_size=500)


def _reopened(placement: Placement) -> Placement:
    placement.ends_on, placement.end_reason = None, ""
    placement.version += 1
    return placement


def _give_back_states(run: ImportRun, changes: Sequence[ImportedChange], by: User | None) -> None:
    """By the moves that the lifecycle has: what was faulty or under review goes there by way of in operation."""
    note = _("The list was taken back: %(list)s") % {"list": f"{run.file_name} ({run.reference})"}
    before: dict[str, list[Camera]] = {}
    for one in changes:
        if status := one.before.get("status"):
            before.setdefault(status, []).append(one.camera)
    for status, cameras in before.items():
        if status not in (Status.OPERATIONAL, Status.REMOVE_RECOMMENDED):
            Camera.move_many(cameras, Status.OPERATIONAL, by=by, note=note)
        Camera.move_many(cameras, status, by=by, note=note)
        follow_open_faults_of(cameras=cameras, by=by)


def _take_out(run: ImportRun, by: User | None) -> None:
    """New cameras leave the register; the trail keeps what they were."""
    new = Camera.objects.filter(import_run=run).order_by("pk")
    told = (
        (
            key,
            reference,
            {"operator_ref": number, "location": location, "latitude": latitude, "longitude": longitude},
            None,
        )
        for key, reference, number, location, latitude, longitude in new.values_list(
            "pk", "reference", "operator_ref", "location", "latitude", "longitude"
        )
    )
    trail.record_rows("removed", Camera, list(told), by=by, organisation=run.system.operator)
    if bulk.delete_rows(new.order_by()) != run.new:
        raise StaleRecord(run)

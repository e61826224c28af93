"""The register of cameras: the one writer of a camera's own fields, apart from lists brought in and from its status.

Every change is compare-and-set on the version and enters the trail with the values before and after: the history of
each field is read from there. The copy of a place at an open placement follows the camera.
"""

import copy
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.camera_rules import WITHHOLDING, problems_of, problems_together, settle
from compliance.models import Camera, CameraSystem, Placement
from compliance.models.camera import CameraOrigin
from compliance.services.fields import field_problems
from compliance.services.systems import FINAL
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, StaleRecord

BATCH = 1000
GONE = frozenset({Camera.Status.REFUSED, Camera.Status.DECOMMISSIONED})
CHANGEABLE = frozenset(
    field.name
    for field in Camera._meta.concrete_fields
    if field.editable and not field.primary_key and field.name != "system"
)
FOLLOWED = ("location", "ward", "latitude", "longitude", "precision")  # what an open placement copies
POSITION = ("location", "latitude", "longitude", "easting", "northing")
PLACED = frozenset({Camera.Status.APPROVED, Camera.Status.INSTALLED, *Camera.IN_USE})
Values = Mapping[str, Any]


# --- One camera ---


@transaction.atomic
def add_camera(
    *,
    system: CameraSystem,
    values: Values,
    by: User | None,
    even_far: bool = False,
    origin: str = CameraOrigin.ENTERED,
) -> Camera:
    """Enter a camera that exists already: in operation, its justification outstanding.

    Raises IllegalMove for a closed system, Incomplete with a sentence for each value that will not do.
    """
    _known(values)
    current = CameraSystem.objects.select_for_update(of=("self",)).select_related("operator").get(pk=system.pk)
    if current.status in FINAL:
        raise IllegalMove(current, current.status)
    camera = Camera(system=current, status=Camera.Status.OPERATIONAL, origin=origin, **values)
    settle(camera, values)
    if problems := [*problems_of(camera, CHANGEABLE, even_far=even_far), *_number_taken(camera)]:
        raise Incomplete(problems)
    camera.save(force_insert=True)
    after = {name: value for name, value in _plain(camera, sorted(values)).items() if value not in ("", None, [])}
    trail.record("created", camera, by=by, after={"status": camera.status, **after})
    return camera


def change_camera(
    *, camera: Camera, version: int, changes: Values, by: User | None, even_far: bool = False, reason: str = ""
) -> Camera:
    """Write `changes` (field → value) if the record is still at `version`. Returns it as it now stands.

    The recorded place of a camera that was approved or stands changes only with a `reason`, which is kept in the trail.
    Nothing different: nothing written. Raises StaleRecord, IllegalMove for a camera or system that is gone, Incomplete
    with a sentence for each value that will not do.
    """
    _known(changes)
    with transaction.atomic():
        current = _locked(camera)
        if current.version != version:
            raise StaleRecord(current)
        before = copy.copy(current)
        changed = _apply(current, changes)
        if not changed:
            return current
        problems = problems_of(current, changed, even_far=even_far)
        if "operator_ref" in changed:
            problems += _number_taken(current)
        reason = reason.strip() if has_other_place(before, current) else ""
        if not reason and has_other_place(before, current):
            sentence = _("Say why the recorded place is corrected. A camera that was moved is no correction.")
            problems.append(Problem(sentence, field="reason"))
        if problems:
            raise Incomplete(problems)
        values = {name: getattr(current, name) for name in changed}
        if not Camera.objects.filter(pk=current.pk, version=version).update(**values, version=version + 1):
            raise StaleRecord(current)
        current.version = version + 1
        _follow([current.pk], values)
        after = _plain(current, changed) | ({"reason": reason} if reason else {})
        trail.record("changed", current, by=by, before=_plain(before, changed), after=after)
    return current


def has_other_place(before: Camera, after: Camera) -> bool:
    """Whether a place that was on record, of a camera that was approved or stands, is another now."""
    moved = [name for name in POSITION if getattr(before, name) not in ("", None, getattr(after, name))]
    return bool(moved) and is_placed(before)


def is_placed(camera: Camera) -> bool:
    """Whether it was approved or stands, at a place that is on record."""
    return camera.status in PLACED and any(getattr(camera, name) not in ("", None) for name in POSITION)


def _locked(camera: Camera) -> Camera:
    """The row as it is now. Raises IllegalMove where it or its system is gone."""
    current = Camera.objects.select_for_update(of=("self",)).select_related("system__operator", "monitored_by")
    found = current.get(pk=camera.pk)
    if found.status in GONE:
        raise IllegalMove(found, found.status)
    if found.system.status in FINAL:
        raise IllegalMove(found.system, found.system.status)
    return found


def _known(values: Values) -> None:
    if unknown := values.keys() - CHANGEABLE:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")


def _apply(camera: Camera, changes: Values) -> list[str]:
    """Set the values, and what follows from them. Returns the fields that are different now."""
    before = {name: getattr(camera, name) for name in {*changes, *WITHHOLDING, "ward_code", "latitude", "longitude"}}
    for name, value in changes.items():
        setattr(camera, name, value)
    if "ward" in changes and "ward_code" not in changes and camera.ward != before["ward"]:
        camera.ward_code = ""  # it was that of another ward
    settle(camera, changes)
    return sorted(name for name, value in before.items() if value != getattr(camera, name))


def _number_taken(camera: Camera) -> list[Problem]:
    """Two cameras of one system with one number are told apart by nobody. One query."""
    others = Camera.objects.filter(system=camera.system, operator_ref=camera.operator_ref).exclude(pk=camera.pk)
    if not camera.operator_ref or not others.exclude(status__in=GONE).exists():
        return []
    sentence = _("The system has a camera with the number %(number)s already.") % {"number": camera.operator_ref}
    return [Problem(sentence, field="operator_ref")]


def _plain(camera: Camera, names: Iterable[str]) -> dict[str, Any]:
    """Values for the trail; a body by its address."""
    values = {name: getattr(camera, name) for name in names}
    return {
        name: getattr(value, "slug", value) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }


def _follow(cameras: Sequence[int], values: Values) -> None:
    copied = {name: value for name, value in values.items() if name in FOLLOWED}
    if copied:
        Placement.objects.filter(camera__in=cameras, ends_on__isnull=True).update(**copied, version=F("version") + 1)


# --- Many cameras ---


@dataclass(frozen=True)
class Refused:
    """A camera that cannot be changed so, and why."""

    camera: Camera
    reasons: list[str]


@dataclass(frozen=True)
class Look:
    """What one change would do to many cameras: which would change, how many have it so already, which cannot."""

    changed: list[tuple[Camera, Camera, list[str]]] = field(default_factory=list)  # as it is, as it would be, fields
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def changing(self) -> list[Camera]:
        return [before for before, _after, _fields in self.changed]


def look_at_many(*, cameras: Iterable[Camera], changes: Values) -> Look:
    """Judge a change of many cameras; nothing is written. Their systems and operators are read.

    Raises Incomplete for a value that no camera can have.
    """
    _known(changes)
    sample = Camera(**changes)
    settle(sample, changes)
    if problems := field_problems(sample, only=changes.keys()):
        raise Incomplete(problems)
    look, unchanged = Look(), 0
    for camera in cameras:
        if reason := _closed(camera):
            look.refused.append(Refused(camera, [reason]))
            continue
        after = copy.copy(camera)
        fields = _apply(after, changes)
        if not fields:
            unchanged += 1
        elif reasons := problems_together(after, fields):
            look.refused.append(Refused(camera, [str(problem.text) for problem in reasons]))
        else:
            look.changed.append((camera, after, fields))
    return Look(look.changed, unchanged, look.refused)


def _closed(camera: Camera) -> str:
    if camera.status in GONE:
        return _("It is %(state)s: its record does not change any more.") % {"state": camera.get_status_display()}
    if camera.system.status in FINAL:
        return _("Its system is closed.")
    return ""


@transaction.atomic
def change_many(*, cameras: Iterable[Camera], changes: Values, by: User | None) -> int:
    """Change all of them alike, or none; each must still have the version with which it was read. Returns how many are
    different now. Raises StaleRecord, Incomplete with a sentence for each camera that cannot be changed so.
    """
    look = look_at_many(cameras=cameras, changes=changes)
    if look.refused:
        raise Incomplete([_refusal(each) for each in look.refused])
    for _operator, together in itertools.groupby(
        sorted(look.changed, key=lambda each: each[0].system.operator_id), key=lambda each: each[0].system.operator_id
    ):
        _write(list(together), by)
    return len(look.changed)


def _refusal(refused: Refused) -> Problem:
    return Problem(f"{refused.camera.name}: {' '.join(refused.reasons)}", refused.camera.get_absolute_url())


def _write(changed: Sequence[tuple[Camera, Camera, list[str]]], by: User | None) -> None:
    """Compare-and-set in groups: those that were read at one version and get other values in the same fields."""
    groups: dict[tuple[int, tuple[str, ...]], list[Camera]] = {}
    for before, after, fields in changed:
        groups.setdefault((before.version, tuple(fields)), []).append(after)
    for (version, names), cameras in groups.items():
        values = {name: getattr(cameras[0], name) for name in names}
        for start in range(0, len(cameras), BATCH):
            keys = [camera.pk for camera in cameras[start : start + BATCH]]
            now = Camera.objects.filter(pk__in=keys, version=version).update(**values, version=version + 1)
            if now != len(keys):
                raise StaleRecord(cameras[start])
            _follow(keys, values)
    operator = changed[0][0].system.operator
    entries = [(after, _plain(before, fields), _plain(after, fields)) for before, after, fields in changed]
    trail.record_each("changed", entries, by=by, organisation=operator)

"""Placements: where a camera stood from when to when, why there, and what came of it (domain 9.2, 11.7).

A camera's own place follows its open placement. Whoever moves a camera, whatever its type, comes through `place`: the
place that it leaves stays on record as a closed placement. A redeployable camera is placed by those who keep the
register; another camera goes to another place by a decision alone (`compliance.services.camera_decisions.relocate`).
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, CameraDecision, Dpia, Placement, PlacementEvaluation
from compliance.models.camera import NEVER_MAPPED, CameraType
from compliance.services.cameras_register import change_camera
from compliance.services.fields import problems_at_fields
from core import trail
from core.dates import LONDON, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

PLACEABLE = frozenset({*Camera.IN_USE, Camera.Status.INSTALLED})
# What is true of the old place alone
LEFT_BEHIND: Mapping[str, Any] = {
    "locality": "",
    "ward_code": "",
    "postcode": "",
    "easting": None,
    "northing": None,
    "direction": None,
    "view_description": "",
    "view_description_cy": "",
}
CHANGEABLE = frozenset({"target", "purposes", "planned_end_on", "sign_up_on", "dpia"})
Stage = PlacementEvaluation.Stage


@dataclass(frozen=True)
class Spot:
    """Where a camera goes, and how exactly the public may know it ('': as the camera is shown now)."""

    location: str
    ward: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    precision: str = ""


@transaction.atomic
def place(
    *,
    camera: Camera,
    location: str,
    target: str,
    starts_on: dt.date,
    by: User | None,
    ward: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    precision: str = "",
    purposes: Collection[str] = (),
    planned_end_on: dt.date | None = None,
    sign_up_on: dt.date | None = None,
    dpia: Dpia | None = None,
    even_far: bool = False,
    version: int | None = None,
    decided: CameraDecision | None = None,
) -> Placement:
    """Bring the camera to another place; the placement or place before ends that day.

    `version` is that of the camera as it was seen (None: as `camera` has it); `decided` is the decision on the other
    place. Raises Incomplete with a sentence for each thing that will not do, IllegalMove for a camera that is not in
    use, RuleBroken for one that is never mapped or whose other place nobody decided, StaleRecord.
    """
    current = Camera.objects.select_for_update(of=("self",)).select_related("system__operator").get(pk=camera.pk)
    if current.version != (camera.version if version is None else version):
        raise StaleRecord(current)
    if current.status not in PLACEABLE:
        raise IllegalMove(current, current.status)
    if current.camera_type in NEVER_MAPPED:
        raise RuleBroken(_("A camera that is worn, flown or on a vehicle has no place: it is counted, never mapped."))
    must_be_placeable(current, decided)
    spot = Spot(location.strip(), ward.strip(), latitude, longitude, precision or current.precision)
    new = Placement(
        camera=current,
        **vars(spot),
        target=target.strip(),
        purposes=list(purposes),
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        sign_up_on=sign_up_on,
        dpia=dpia,
        placed_by=by,
    )
    before = current.placements.filter(ends_on__isnull=True).first()
    if problems := [*problems_at_fields(new), *_problems(new), *_out_of_order(new, before)]:
        raise Incomplete(problems)
    _leave(current, before, new, by)
    changes = {**LEFT_BEHIND, **vars(spot), "sign_up_on": sign_up_on}
    reason = _("Placed: %(reference)s") % {"reference": decided.reference if decided else new.reference}
    change_camera(camera=current, version=current.version, changes=changes, by=by, even_far=even_far, reason=reason)
    new.save(force_insert=True)
    after = {"location": spot.location, "from": starts_on, "until": planned_end_on, "target": new.target}
    trail.record("placed", new, by=by, organisation=current.system.operator, after=after)
    camera.refresh_from_db()
    return new


def must_be_placeable(camera: Camera, decided: CameraDecision | None = None) -> None:
    """Raises RuleBroken for a camera whose other place is decided by the senior responsible officer, and was not."""
    if camera.camera_type != CameraType.REDEPLOYABLE and decided is None:
        raise RuleBroken(
            _(
                "Only a redeployable camera is placed without a decision. The senior responsible officer decides on "
                "another place for this one. If its place was recorded wrongly, correct it and say why."
            )
        )


def _leave(camera: Camera, before: Placement | None, new: Placement, by: User | None) -> None:
    """End the open placement; a place that no placement tells of becomes a closed one."""
    reason = _("Moved to %(place)s") % {"place": new.location}
    if before:
        _end(before, new.starts_on, reason, by)
        return
    if not camera.location:
        return
    came = camera.installed_on or timezone.localdate(camera.added_at, LONDON)
    left = Placement.objects.create(
        camera=camera,
        location=camera.location,
        ward=camera.ward,
        latitude=camera.latitude,
        longitude=camera.longitude,
        precision=camera.precision,
        target=camera.purpose_note or _("Not recorded: the camera stood here before its placements were kept."),
        purposes=camera.purposes,
        starts_on=min(came, new.starts_on),
        ends_on=new.starts_on,
        end_reason=reason,
        sign_up_on=camera.sign_up_on,
        placed_by=by,
    )
    trail.record("recorded", left, by=by, organisation=camera.system.operator, after={"location": left.location})


def _problems(placement: Placement) -> list[Problem]:
    """What is wrong with a placement's dates and DPIA, by itself."""
    problems = {}
    if placement.starts_on > today():
        problems["starts_on"] = _(
            "The first day must be today or earlier: enter the placement when the camera is there."
        )
    if placement.planned_end_on is None and placement.camera.camera_type == CameraType.REDEPLOYABLE:
        problems["planned_end_on"] = _("Say until when the redeployable camera is to stay.")
    if placement.planned_end_on and placement.planned_end_on < placement.starts_on:
        problems["planned_end_on"] = _("The planned end cannot lie before the first day.")
    if placement.sign_up_on and placement.sign_up_on > today():
        problems["sign_up_on"] = _("The day of the sign must be today or earlier.")
    if placement.dpia and placement.dpia.operator_id != placement.camera.system.operator_id:
        problems["dpia"] = _("Choose a DPIA of the same organisation.")
    return [Problem(sentence, field=name) for name, sentence in problems.items()]


def _out_of_order(new: Placement, before: Placement | None) -> list[Problem]:
    if before and new.starts_on < before.starts_on:
        sentence = _("The camera has been at its present place since a later day. Choose that day or a later one.")
        return [Problem(sentence, field="starts_on")]
    return []


@transaction.atomic
def end_placement(*, placement: Placement, version: int, ends_on: dt.date, reason: str, by: User | None) -> Placement:
    """Take a redeployable camera into store: it has no place until it is placed again.

    Raises Incomplete, StaleRecord, RuleBroken where it ended already or the camera is no redeployable one.
    """
    current = _at_version(placement, version)
    camera = current.camera
    if current.ends_on is not None:
        raise StaleRecord(current)
    if camera.camera_type != CameraType.REDEPLOYABLE:
        raise RuleBroken(_("Only a redeployable camera can be taken into store. Move this one, or recommend removal."))
    problems = []
    if not reason.strip():
        problems.append(Problem(_("Say why the placement ended."), field="reason"))
    if not current.starts_on <= ends_on <= today():
        sentence = _("The last day must lie between the first day and today.")
        problems.append(Problem(sentence, field="ends_on"))
    if problems:
        raise Incomplete(problems)
    _end(current, ends_on, reason.strip(), by)
    changes = {**LEFT_BEHIND, "ward": "", "latitude": None, "longitude": None, "sign_up_on": None}
    if camera.operator_ref:
        changes["location"] = ""
    change_camera(camera=camera, version=camera.version, changes=changes, by=by, reason=reason)
    return current


def _end(placement: Placement, ends_on: dt.date, reason: str, by: User | None) -> None:
    _write(placement, {"ends_on": ends_on, "end_reason": reason})
    organisation = placement.camera.system.operator
    trail.record("ended", placement, by=by, organisation=organisation, after={"until": ends_on, "reason": reason})


def _write(placement: Placement, values: Mapping[str, Any]) -> None:
    """Compare-and-set on the version."""
    now = Placement.objects.filter(pk=placement.pk, version=placement.version)
    if not now.update(**values, version=placement.version + 1):
        raise StaleRecord(placement)
    for name, value in values.items():
        setattr(placement, name, value)
    placement.version += 1


def _at_version(placement: Placement, version: int) -> Placement:
    found = Placement.objects.select_for_update(of=("self",)).select_related("camera__system__operator", "dpia")
    current = found.get(pk=placement.pk)
    if current.version != version:
        raise StaleRecord(current)
    return current


@transaction.atomic
def change_placement(*, placement: Placement, version: int, changes: Mapping[str, Any], by: User | None) -> Placement:
    """Mend what a placement is for, its planned end, sign and DPIA; the place itself changes by `place`.

    Raises Incomplete with a sentence for each value that will not do, StaleRecord.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    current = _at_version(placement, version)
    before = {name: getattr(current, name) for name in changes}
    changed = {name: value for name, value in changes.items() if value != before[name]}
    if not changed:
        return current
    for name, value in changed.items():
        setattr(current, name, value)
    if problems := [*problems_at_fields(current, only=changed.keys()), *_problems(current)]:
        raise Incomplete(problems)
    _write(current, changed)
    camera = current.camera
    if "sign_up_on" in changed and current.ends_on is None and camera.status in PLACEABLE:
        change_camera(
            camera=camera, version=camera.version, changes={"sign_up_on": current.sign_up_on}, by=by, even_far=True
        )
    trail.record(
        "changed",
        current,
        by=by,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(value) for name, value in changed.items()},
    )
    return current


def _plain(value: Any) -> Any:
    return value.reference if isinstance(value, Dpia) else value


# --- What a placement did ---


@transaction.atomic
def evaluate(
    *,
    placement: Placement,
    stage: str,
    on: dt.date,
    findings: str,
    by: User | None,
    incidents: int | None = None,
) -> PlacementEvaluation:
    """Record what was found before, during, at the end of or some months after a placement. Raises Incomplete."""
    evaluation = PlacementEvaluation(
        placement=placement, stage=stage, on=on, findings=findings.strip(), incidents=incidents, by=by
    )
    problems = problems_at_fields(evaluation)
    if not problems and (wrong := _wrong_day(placement, stage, on)):
        problems.append(Problem(wrong, field="on"))
    if problems:
        raise Incomplete(problems)
    evaluation.save(force_insert=True)
    after = {"stage": stage, "on": on, "incidents": incidents, "findings": evaluation.findings}
    trail.record("evaluated", placement, by=by, after=after)
    return evaluation


def _wrong_day(placement: Placement, stage: str, on: dt.date) -> str:
    first, last = placement.starts_on, placement.ends_on
    wrong = (
        (on > today(), _("The day of the evaluation must be today or earlier.")),
        (
            stage == Stage.BEFORE and on > first,
            _("An evaluation before the placement is dated on its first day at the latest."),
        ),
        (stage != Stage.BEFORE and on < first, _("On that day the placement had not begun.")),
        (stage == Stage.DURING and last and on > last, _("On that day the placement was over.")),
        (stage in (Stage.END, Stage.AFTER) and last is None, _("The placement has not ended yet.")),
        (
            stage == Stage.AFTER and last and on <= last,
            _("An evaluation some months after is dated after the last day."),
        ),
    )
    return next((sentence for is_so, sentence in wrong if is_so), "")

"""Operational requirements: written part by part, or made outside the portal; one may serve several cameras."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.camera_case import UNDECIDED, is_defined, requirement_address
from compliance.models import Camera, CameraSystem, OperationalRequirement
from compliance.models.vocabulary import DocumentKind
from compliance.operational_requirement import ANSWER_LIMIT, RequirementPart, unanswered
from compliance.services.evidence import add_file
from compliance.services.fields import field_problems
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

Status = Camera.Status
# While a camera is asked for, its requirement may change; what was decided on stands frozen with the decision.
OPEN = UNDECIDED


@transaction.atomic
def start_requirement(
    *, system: CameraSystem, cameras: Sequence[Camera], title: str, by: User
) -> OperationalRequirement:
    """An empty requirement for proposed cameras of one system. Raises RuleBroken, IllegalMove, Incomplete."""
    return _start(OperationalRequirement(system=system, title=title.strip(), made_by=by), cameras, by)


def record_requirement(
    *, system: CameraSystem, cameras: Sequence[Camera], title: str, upload: UploadedFile, dated: dt.date, by: User
) -> OperationalRequirement:
    """One that was made outside the portal: its file, kept among the evidence, and its date. All or nothing.

    Raises what `add_file` raises, RuleBroken, IllegalMove, Incomplete.
    """
    evidence = None
    try:
        with transaction.atomic():
            evidence = add_file(
                operator=system.operator,
                upload=upload,
                kind=DocumentKind.OPERATIONAL_REQUIREMENT,
                title=title,
                systems=[system],
                by=by,
                dated=dated,
            )
            made = OperationalRequirement(
                system=system, title=title.strip(), made_by=by, evidence=evidence, dated=dated
            )
            return _start(made, cameras, by)
    except BaseException:
        if evidence is not None and evidence.file:
            evidence.file.storage.delete(str(evidence.file.name))
        raise


def _start(requirement: OperationalRequirement, cameras: Sequence[Camera], by: User) -> OperationalRequirement:
    problems = field_problems(requirement)
    if requirement.dated and requirement.dated > today():
        problems.append(_("The date of the document must be today or earlier."))
    if not cameras:
        problems.append(_("Choose at least one camera that it serves."))
    if problems:
        raise Incomplete(problems)
    _check_cameras(requirement, cameras)
    requirement.save(force_insert=True)
    requirement.cameras.set(cameras)
    after = {"title": requirement.title, "cameras": sorted(camera.reference for camera in cameras)}
    if requirement.evidence:
        after |= {"evidence": requirement.evidence.reference, "sha256": requirement.evidence.sha256}
    trail.record("created", requirement, by=by, after=after)
    return requirement


def _check_cameras(requirement: OperationalRequirement, cameras: Sequence[Camera]) -> None:
    for camera in cameras:
        if camera.system_id != requirement.system_id:
            raise RuleBroken(_("One operational requirement serves cameras of one system."))
        if camera.status not in OPEN:
            raise IllegalMove(camera, Status.OR_DEFINED)


@transaction.atomic
def save_part(
    *, requirement: OperationalRequirement, part: RequirementPart, answers: Mapping[str, str], version: int, by: User
) -> OperationalRequirement:
    """Write the answers of one part if the requirement still has the `version` that was read; empty ones stay open.
    Nothing different: nothing written. Raises StaleRecord, IllegalMove once a camera of it is decided, RuleBroken.
    """
    current = _writable(requirement)
    if current.version != version:
        raise StaleRecord(current)
    stored = dict(getattr(current, part.store))
    checked = {asked.key: checked_text(answers.get(asked.key, ""), limit=ANSWER_LIMIT) for asked in part.asked}
    for asked in part.asked:
        if asked.choices and checked[asked.key] and checked[asked.key] not in dict(asked.choices):
            raise RuleBroken(_("Choose one of the answers shown."))
    before = {key: stored.get(key, "") for key in checked}
    if before == checked:
        return current
    setattr(current, part.store, {key: value for key, value in {**stored, **checked}.items() if value})
    _write(current, part.store)
    trail.record("changed", current, by=by, before=before, after=checked)
    return current


@transaction.atomic
def choose_cameras(
    *, requirement: OperationalRequirement, cameras: Sequence[Camera], version: int, by: User
) -> OperationalRequirement:
    """Say which proposed cameras of its system it serves. Raises as `save_part` does, Incomplete for none."""
    current = _writable(requirement)
    if current.version != version:
        raise StaleRecord(current)
    if not cameras:
        raise Incomplete([_("Choose at least one camera that it serves.")])
    _check_cameras(current, cameras)
    before = sorted(current.cameras.values_list("reference", flat=True))
    after = sorted(camera.reference for camera in cameras)
    if before != after:
        current.cameras.set(cameras)
        _write(current)
        trail.record("changed", current, by=by, before={"cameras": before}, after={"cameras": after})
    return current


@transaction.atomic
def define_requirement(*, requirement: OperationalRequirement, by: User) -> int:
    """Say that it is whole: its proposed cameras move on to "operational requirement defined". Returns how many.

    Raises Incomplete with the parts that lack something, each with its page; IllegalMove when none is at that stage.
    """
    current = _writable(requirement)
    if not is_defined(current):
        levels = (current.level_1, current.level_2)
        lacking = [
            Problem(
                _("Answer: %(part)s") % {"part": part.title},
                requirement_address("requirement_part", current, part.key),
            )
            for part in unanswered(levels)
        ]
        raise Incomplete(lacking, _("The operational requirement is not complete yet."))
    cameras = list(current.cameras.select_related("system__operator").order_by("pk"))
    waiting = [camera for camera in cameras if camera.status == Status.PROPOSED]
    if not waiting:
        raise IllegalMove(cameras[0], Status.OR_DEFINED)
    for camera in waiting:
        camera.move_to(Status.OR_DEFINED, by=by, note=current.reference)
    return len(waiting)


def _writable(requirement: OperationalRequirement) -> OperationalRequirement:
    """The record as it is, held. Raises IllegalMove when a camera of it was decided on."""
    held = OperationalRequirement.objects.select_for_update(of=("self",)).select_related("system__operator")
    current = held.get(pk=requirement.pk)
    if decided := current.cameras.exclude(status__in=OPEN).first():
        raise IllegalMove(decided, Status.OR_DEFINED)
    return current


def is_open(cameras: Sequence[Camera]) -> bool:
    """Whether a requirement for these cameras may still change: nothing is decided about any of them."""
    return all(camera.status in OPEN for camera in cameras)


def may_change(requirement: OperationalRequirement) -> bool:
    """The same for the cameras of a requirement. One query."""
    return not requirement.cameras.exclude(status__in=OPEN).exists()


def _write(requirement: OperationalRequirement, *fields: str) -> None:
    requirement.version += 1
    requirement.changed_at = timezone.now()
    requirement.save(update_fields=[*fields, "version", "changed_at"])

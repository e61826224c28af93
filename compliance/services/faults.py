"""Faults of cameras, from report to repair. A camera without pictures is faulty as long as such a fault is open."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, Fault
from compliance.services.fields import field_problems
from core import trail
from core.errors import IllegalMove, Incomplete

Status = Fault.Status
FORGOTTEN = dt.timedelta(days=3660)  # nobody reports a fault of ten years ago; a year mistyped is found


@transaction.atomic
def report_fault(
    *,
    camera: Camera,
    kind: str,
    stops_pictures: bool,
    description: str,
    reported_at: dt.datetime | None = None,
    by: User | None,
) -> Fault:
    """Record a fault of a camera in use; an operational one that gives no pictures becomes faulty.

    Raises IllegalMove for a camera that is not in use, Incomplete, StaleRecord.
    """
    current = _locked(camera)
    if current.status not in Camera.IN_USE:
        raise IllegalMove(current, Camera.Status.FAULTY)
    fault = Fault(
        camera=current,
        kind=kind,
        stops_pictures=stops_pictures,
        description=description.strip(),
        reported_at=reported_at or timezone.now(),
        reported_by=by,
    )
    if problems := field_problems(fault) + since_problems(fault.reported_at):
        raise Incomplete(problems)
    fault.save(force_insert=True)
    after = {
        "camera": current.reference,
        "kind": fault.kind,
        "stops_pictures": fault.stops_pictures,
        "reported_at": fault.reported_at,
        "description": fault.description,
    }
    trail.record("added", fault, by=by, after=after)
    follow_open_faults(camera=current, by=by)
    camera.refresh_from_db(fields=("status",))
    return fault


def since_problems(reported_at: dt.datetime) -> list[str]:
    """What is wrong with the time since when there is a fault."""
    now = timezone.now()
    if reported_at > now:
        return [_("Since when: the time must be in the past.")]
    if reported_at < now - FORGOTTEN:
        return [_("Since when: the time is more than ten years ago. Check the year.")]
    return []


@transaction.atomic
def attend(*, fault: Fault, note: str, by: User | None) -> None:
    """Somebody was there and could not repair it yet. Raises Incomplete without a note, IllegalMove, StaleRecord."""
    if not note.strip():
        raise Incomplete([_("Say what was found, and what is needed.")])
    fault.move_to(Status.ATTENDED, by=by, note=note.strip()[:2000])


@transaction.atomic
def repair(*, fault: Fault, repair: str, repaired_at: dt.datetime | None = None, by: User | None) -> None:
    """It works again, since when and by what. A faulty camera without another such fault is operational again.

    Raises Incomplete, IllegalMove, StaleRecord.
    """
    _close(fault, Status.REPAIRED, repair, repaired_at or timezone.now(), by)


@transaction.atomic
def dismiss(*, fault: Fault, reason: str, by: User | None) -> None:
    """There was no fault; its time does not count. Raises Incomplete without a reason, IllegalMove, StaleRecord."""
    _close(fault, Status.DISMISSED, reason, None, by)


def _close(fault: Fault, status: str, words: str, repaired_at: dt.datetime | None, by: User | None) -> None:
    words = words.strip()
    problems = [] if words else [_("Say what was done.") if repaired_at else _("Say what was found.")]
    if repaired_at:
        problems += repair_problems(fault, repaired_at)
    if problems:
        raise Incomplete(problems)
    camera = _locked(fault.camera)
    fault.move_to(status, by=by, note=words[:2000])
    fault.repair, fault.repaired_at, fault.closed_by = words[:2000], repaired_at, by
    fault.save(update_fields=["repair", "repaired_at", "closed_by"])
    follow_open_faults(camera=camera, by=by)
    fault.camera.refresh_from_db(fields=("status",))


def repair_problems(fault: Fault, repaired_at: dt.datetime) -> list[str]:
    """What is wrong with the time of a repair."""
    if repaired_at < fault.reported_at:
        return [_("The repair must not be before the fault was reported.")]
    if repaired_at > timezone.now():
        return [_("The time of the repair must be in the past.")]
    return []


def follow_open_faults(*, camera: Camera, by: User | None) -> None:
    """Make an operational camera faulty while a fault stops its pictures, and a faulty one operational when none does.

    A camera under review or recommended for removal keeps its state. Call it whenever a camera became operational
    again by other ways. Raises StaleRecord.
    """
    if camera.status not in (Camera.Status.OPERATIONAL, Camera.Status.FAULTY):
        return
    dark = Fault.objects.open().filter(camera=camera, stops_pictures=True).exists()
    wanted = Camera.Status.FAULTY if dark else Camera.Status.OPERATIONAL
    if camera.status != wanted:
        camera.move_to(wanted, by=by)


def follow_open_faults_of(*, cameras: Iterable[Camera], by: User | None) -> None:
    """The same for many that became operational in one act, in its transaction. One query where no fault is open."""
    operational = [camera for camera in cameras if camera.status == Camera.Status.OPERATIONAL]
    dark = set(
        Fault.objects.open().filter(camera__in=operational, stops_pictures=True).values_list("camera", flat=True)
    )
    if dark:
        Camera.move_many([camera for camera in operational if camera.pk in dark], Camera.Status.FAULTY, by=by)


def _locked(camera: Camera) -> Camera:
    """The camera as it is now, held until the transaction ends: two faults at once see each other."""
    return Camera.objects.select_for_update(of=("self",)).select_related("system__operator").get(pk=camera.pk)

"""Uptime: of the hours in which cameras were in use, those in which they gave pictures, from the times of faults.

A camera counts from the day on which the portal knew it (and not before it was installed or put into operation) until
it was taken down: what happened earlier was not recorded here, and no fault on record is not the same as no fault.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from compliance.models import Camera, CameraChange, CameraSystem, Fault
from compliance.models.camera import CameraQuerySet
from core.dates import midnight

HOUR = 3600
Span = tuple[dt.datetime, dt.datetime]  # from, until; in UTC, so that an hour of October is not lost

Status = Camera.Status
HAD_BEEN_IN_USE = (*Camera.IN_USE, Status.DECOMMISSIONED)


@dataclass(frozen=True)
class Uptime:
    """Hours are whole ones, rounded down. `percent` has one decimal, rounded down, and is None where nothing was in
    use: 100.0 only without a single dark hour.
    """

    camera_hours: int
    hours_without_pictures: int
    percent: Decimal | None


def uptime_of(system: CameraSystem, start: dt.date, end: dt.date) -> Uptime:
    """Of all cameras of a system from `start` to `end`, both inclusive, as far as that is past. Three queries."""
    return uptime_of_cameras(Camera.objects.filter(system=system), start, end)


def uptime_of_cameras(cameras: CameraQuerySet, start: dt.date, end: dt.date) -> Uptime:
    """The same of any cameras. Three queries."""
    period = _period(start, end)
    known = list(cameras.filter(status__in=HAD_BEEN_IN_USE).only("added_at", "installed_on", "removed_on", "status"))
    begun, ended = _moves(cameras)
    dark = _dark(cameras, period)
    seconds = without = 0.0
    for camera in known:
        used = _clip(_in_use(camera, begun.get(camera.pk), ended.get(camera.pk), period[1]), period)
        if used is None:
            continue
        seconds += _length(used)
        without += sum(map(_length, merged(span for fault in dark[camera.pk] if (span := _clip(fault, used)))))
    percent = None
    if seconds:
        tenths = 1000 * (Fraction(seconds) - Fraction(without)) // Fraction(seconds)
        percent = Decimal(tenths) / 10
    return Uptime(int(seconds // HOUR), int(without // HOUR), percent)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans without overlap: two faults at the same time make no camera darker than dark."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def _period(start: dt.date, end: dt.date) -> Span:
    return _utc(midnight(start)), min(_utc(midnight(end + dt.timedelta(days=1))), timezone.now())


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)


def _moves(cameras: CameraQuerySet) -> tuple[dict[int, dt.datetime], dict[int, dt.datetime]]:
    """When each camera was put into operation, and when it was taken out of use, where its history says so."""
    begun: dict[int, dt.datetime] = {}
    ended: dict[int, dt.datetime] = {}
    changes = CameraChange.objects.filter(
        record__in=cameras, after__in=(Status.OPERATIONAL, Status.DECOMMISSIONED)
    ).values_list("record", "before", "after", "at")
    for camera, before, after, at in changes:
        if after == Status.DECOMMISSIONED:
            ended[camera] = at
        elif before == Status.INSTALLED:
            begun[camera] = at
    return begun, ended


def _in_use(camera: Camera, begun: dt.datetime | None, ended: dt.datetime | None, until: dt.datetime) -> Span:
    """From when to when; without an end until `until`."""
    starts: Sequence[dt.datetime] = [begun or camera.added_at]
    if camera.installed_on and not begun:
        starts = [*starts, midnight(camera.installed_on)]
    ends = [moment for moment in (ended, midnight(camera.removed_on) if camera.removed_on else None) if moment]
    return max(map(_utc, starts)), min(map(_utc, ends), default=until)


def _dark(cameras: CameraQuerySet, period: Span) -> dict[int, list[Span]]:
    """When each camera gave no pictures, by its faults; one that is open lasts until now."""
    faults = (
        Fault.objects.filter(camera__in=cameras, stops_pictures=True, reported_at__lt=period[1])
        .exclude(status=Fault.Status.DISMISSED)
        .exclude(repaired_at__lte=period[0])
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for camera, reported_at, repaired_at in faults.values_list("camera", "reported_at", "repaired_at"):
        found[camera].append((reported_at, repaired_at or period[1]))
    return found


def _clip(span: Span, to: Span) -> Span | None:
    begins, ends = max(span[0], to[0]), min(span[1], to[1])
    return (begins, ends) if begins < ends else None


def _length(span: Span) -> float:
    return (span[1] - span[0]).total_seconds()

"""What the portal's own records say of a period, to stand beside what is typed: nothing is taken over unasked."""

import datetime as dt
import statistics
from decimal import Decimal

from django.db.models import Sum

from compliance.models import Camera, CameraChange, CameraSystem, DisclosureCount, Fault, Placement
from compliance.uptime import HAD_BEEN_IN_USE, uptime_of
from core.dates import midnight

Status = Camera.Status
Recipient, Decision = DisclosureCount.Recipient, DisclosureCount.Decision
GIVEN = (Decision.RELEASED, Decision.PARTLY)
DAY = dt.timedelta(days=1)


def from_records(system: CameraSystem, start: dt.date, end: dt.date) -> dict[str, Decimal]:
    """Measures that the records give for the days from `start` to `end`, inclusive. Eight queries at most.

    A measure of which there is no record at all is not in it: no fault on record is not the same as no fault.
    """
    return {**_cameras(system, start, end), **_faults(system, start, end), **_disclosures(system, start, end)}


def _cameras(system: CameraSystem, start: dt.date, end: dt.date) -> dict[str, Decimal]:
    """Added: put into operation here. Removed: taken down. Moved: placed anew after another place."""
    within = {"at__gte": midnight(start), "at__lt": midnight(end + DAY), "record__system": system}
    moves = list(
        CameraChange.objects.filter(**within, after__in=(Status.OPERATIONAL, Status.DECOMMISSIONED)).values_list(
            "before", "after"
        )
    )
    placed = Placement.objects.filter(camera__system=system, starts_on__range=(start, end))
    again = [camera for camera, starts in placed.values_list("camera", "starts_on") if starts > start]
    earlier = set(
        Placement.objects.filter(camera__in=again, starts_on__lt=end).values_list("camera", flat=True)
        if again
        else Placement.objects.none().values_list("camera", flat=True)
    )
    in_use = Camera.objects.filter(system=system, status__in=HAD_BEEN_IN_USE, added_at__lt=midnight(end + DAY))
    in_use = in_use.exclude(installed_on__gt=end).exclude(removed_on__lte=end)
    gone = CameraChange.objects.filter(
        record__system=system, after=Status.DECOMMISSIONED, at__lt=midnight(end + DAY)
    ).values("record")
    figures = {
        "cameras_in_use": in_use.exclude(pk__in=gone).count(),
        "cameras_added": moves.count((Status.INSTALLED, Status.OPERATIONAL)),
        "cameras_removed": sum(after == Status.DECOMMISSIONED for _before, after in moves),
        "cameras_moved": sum(camera in earlier for camera in again),
    }
    return {key: Decimal(value) for key, value in figures.items() if value}


def _faults(system: CameraSystem, start: dt.date, end: dt.date) -> dict[str, Decimal]:
    own = Fault.objects.filter(camera__system=system).exclude(status=Fault.Status.DISMISSED)
    if not own.exists():
        return {}
    reported = own.filter(reported_at__gte=midnight(start), reported_at__lt=midnight(end + DAY))
    times = list(reported.values_list("reported_at", "repaired_at"))
    found = {"faults": Decimal(len(times))}
    days = [(repaired - since) / DAY for since, repaired in times if repaired]
    if days:
        found["fault_days_median"] = Decimal(str(round(statistics.median(days), 1)))
    percent = uptime_of(system, start, end).percent
    return found if percent is None else {**found, "uptime": percent}


def _disclosures(system: CameraSystem, start: dt.date, end: dt.date) -> dict[str, Decimal]:
    """Of the register of disclosures, which holds counts and decisions only. One query."""
    rows = (
        DisclosureCount.objects.filter(system=system, month__range=(start, end))
        .values("recipient", "decision")
        .annotate(number=Sum("count"))
        .values_list("recipient", "decision", "number")
    )
    counted = {(recipient, decision): number for recipient, decision, number in rows}
    if not counted:
        return {}
    police = sum(number for (who, what), number in counted.items() if who == Recipient.POLICE and what in GIVEN)
    others = sum(number for (who, what), number in counted.items() if who != Recipient.POLICE and what in GIVEN)
    figures = {
        "images_released_police": police,
        "images_released_other": others,
        "requests_refused": sum(number for (_who, what), number in counted.items() if what == Decision.REFUSED),
        "sars_received": sum(number for (who, _what), number in counted.items() if who == Recipient.SUBJECT),
    }
    return {key: Decimal(value) for key, value in figures.items()}

"""Visits to the cameras of a system: when, which cameras, what was done."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, CameraSystem, MaintenanceVisit
from compliance.services.fields import field_problems
from core import trail
from core.dates import today
from core.errors import Incomplete


@transaction.atomic
def record_visit(
    *, system: CameraSystem, kind: str, on: dt.date, note: str, cameras: Sequence[Camera], by: User | None
) -> MaintenanceVisit:
    """Record a visit that was made; without cameras it was to the system as a whole. Raises Incomplete."""
    visit = MaintenanceVisit(system=system, kind=kind, on=on, note=note.strip(), by=by)
    problems = field_problems(visit)
    if on > today():
        problems.append(_("The day of the visit must be today or earlier."))
    if any(camera.system_id != system.pk for camera in cameras):
        problems.append(_("Choose cameras of this system only."))
    if problems:
        raise Incomplete(problems)
    visit.save(force_insert=True)
    visit.cameras.set(cameras)
    after = {
        "system": system.reference,
        "kind": visit.kind,
        "on": visit.on,
        "note": visit.note,
        "cameras": sorted(camera.reference for camera in cameras),
    }
    trail.record("added", visit, by=by, after=after)
    return visit

"""The yearly look at what each camera shows: export, clock, picture, masks, sign. The result only, never footage."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Camera, PictureCheck
from compliance.models.camera import CameraQuerySet
from compliance.services.fields import field_problems
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete

MONTHS = 12
FACTS = ("on", "export_works", "time_offset_seconds", "picture", "masks_hold", "sign_seen", "note")


@transaction.atomic
def record_check(
    *,
    camera: Camera,
    on: dt.date,
    export_works: bool,
    time_offset_seconds: int,
    picture: str,
    sign_seen: bool,
    by: User | None,
    masks_hold: bool | None = None,
    note: str = "",
) -> PictureCheck:
    """Record one look at one camera in use. Raises Incomplete, IllegalMove."""
    if camera.status not in Camera.IN_USE:
        raise IllegalMove(camera, camera.status)
    check = PictureCheck(
        camera=camera,
        on=on,
        export_works=export_works,
        time_offset_seconds=time_offset_seconds,
        picture=picture,
        masks_hold=masks_hold,
        sign_seen=sign_seen,
        note=note.strip(),
        by=by,
    )
    problems = field_problems(check)
    if on > today():
        problems.append(_("The day of the check must be today or earlier."))
    if problems:
        raise Incomplete(problems)
    check.save(force_insert=True)
    after = {"camera": camera.reference} | {name: getattr(check, name) for name in FACTS}
    trail.record("checked", check, by=by, after=after)
    return check


@transaction.atomic
def record_round(*, on: dt.date, looks: Mapping[Camera, Mapping[str, Any]], by: User | None) -> int:
    """A walk through several cameras on one day: each gets its own record, all of them or none.

    Raises Incomplete when nothing was looked at, and what `record_check` raises.
    """
    if not looks:
        raise Incomplete([_("Fill in at least one camera.")])
    for camera, values in looks.items():
        record_check(camera=camera, on=on, by=by, **values)
    return len(looks)


def checks_due(cameras: CameraQuerySet, on: dt.date | None = None) -> CameraQuerySet:
    """Those in use that were never looked at or not within the last twelve months, with `checked_on`."""
    bar = add_months(on or today(), -MONTHS)
    return (
        cameras.in_use()
        .annotate(checked_on=Max("picture_checks__on"))
        .filter(Q(checked_on=None) | Q(checked_on__lt=bar))
    )

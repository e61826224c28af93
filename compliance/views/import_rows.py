"""Rows of a list as its page shows them: new cameras, what changes of others from what to what, and remarks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, overload

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.camera_lists import CameraRow, KnownChange
from compliance.models import Camera, CameraSystem, ImportedChange, ImportRun
from compliance.places import Place, metres_between
from compliance.services.import_applying import FIELDS
from compliance.services.import_sorting import kept_rows

Row = dict[str, Any]
DEGREES = ("latitude", "longitude")


class KeptRows(Sequence[Any]):
    """Rows of one kind of a sorting, as a paginator asks for them: a page of them is read, never all."""

    def __init__(self, run: ImportRun, kind: str) -> None:
        self.run, self.kind = run, kind

    def __len__(self) -> int:
        return int(getattr(self.run, self.kind))

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return list(kept_rows(self.run.reference, self.kind, at.start or 0, at.stop))
        return next(kept_rows(self.run.reference, self.kind, at, at + 1))


def new_rows(rows: Iterable[CameraRow]) -> list[Row]:
    return [
        {
            "number": row.operator_ref or _("No number"),
            "location": row.location,
            "ward": row.ward,
            "place": f"{row.latitude:.6f}, {row.longitude:.6f}" if row.latitude is not None else "",
            "row": row.row,
        }
        for row in rows
    ]


def entered_rows(system: CameraSystem, cameras: Iterable[Camera]) -> list[Row]:
    """New cameras after they came in, each with its page."""
    return [
        {
            "number": camera.operator_ref or _("No number"),
            "url": _address(system, camera),
            "location": camera.location,
            "ward": camera.ward,
            "place": f"{camera.latitude}, {camera.longitude}" if camera.latitude is not None else "",
        }
        for camera in cameras
    ]


def change_rows(system: CameraSystem, changes: Sequence[KnownChange]) -> list[Row]:
    """What a list would change, from what to what. One query."""
    cameras = Camera.objects.in_bulk([change.pk for change in changes])
    return [
        _changed(system, cameras[change.pk], _values(cameras[change.pk]), change.fields, change.row)
        for change in changes
        if change.pk in cameras
    ]


def changed_rows(system: CameraSystem, changes: Iterable[ImportedChange]) -> list[Row]:
    """What a list did change."""
    return [_changed(system, change.camera, change.before, change.after, None) for change in changes]


def missing_rows(system: CameraSystem, keys: Sequence[int]) -> list[Row]:
    """Cameras that a list lacks. One query."""
    cameras = Camera.objects.in_bulk(keys)
    return gone_rows(system, [cameras[key] for key in keys if key in cameras])


def gone_rows(system: CameraSystem, cameras: Iterable[Camera]) -> list[Row]:
    return [_camera(system, camera) for camera in cameras]


def _values(camera: Camera) -> Row:
    return {name: getattr(camera, name) for name in FIELDS}


def _camera(system: CameraSystem, camera: Camera) -> Row:
    return {
        "name": camera.name,
        "url": _address(system, camera),
        "location": camera.location,
        "ward": camera.ward,
        "state": capfirst(camera.get_status_display()),
    }


def _address(system: CameraSystem, camera: Camera) -> str:
    return reverse("compliance:camera", args=[system.operator.slug, system.reference, camera.reference])


def _changed(
    system: CameraSystem, camera: Camera, before: Mapping[str, Any], after: Mapping[str, Any], row: int | None
) -> Row:
    parts = []
    if any(name in after for name in DEGREES):
        was, now = (_point(values, camera) for values in (before, {**before, **after}))
        parts.append({"field": _("Place"), "was": _degrees(was), "now": _degrees(now), "metres": _metres(was, now)})
    for name in FIELDS:
        if name in after and name not in DEGREES and _words(name, before.get(name)) != _words(name, after[name]):
            label = capfirst(str(Camera._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            parts.append({"field": label, "was": _words(name, before.get(name)), "now": _words(name, after[name])})
    if not parts or "status" in after:
        parts.append({"field": _("State"), "was": _("removal recommended"), "now": _("in operation")})
    return {"name": camera.name, "url": _address(system, camera), "parts": parts, "row": row}


def _point(values: Mapping[str, Any], camera: Camera) -> Place | None:
    latitude, longitude = (values.get(name, getattr(camera, name)) for name in DEGREES)
    if latitude is None or longitude is None:
        return None
    return Place(Decimal(str(latitude)), Decimal(str(longitude)))


def _degrees(place: Place | None) -> str:
    return f"{place.latitude}, {place.longitude}" if place else _("none")


def _metres(was: Place | None, now: Place | None) -> str:
    if was is None or now is None:
        return ""
    return _("%(metres)d m away") % {"metres": round(metres_between(was, now))}


def _words(name: str, value: Any) -> str:
    if value in (None, ""):
        return _("nothing")
    if name == "installed_on":
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        return date_format(day, "j F Y")
    choices = dict(Camera._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value))

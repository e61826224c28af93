"""Ready lists for templates: how a camera's record and its history are shown. No queries."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.forms.camera import DAYS, FORMS, KIND, PLACE, PUBLIC, USE
from compliance.models import Camera
from compliance.models.camera import Precision
from compliance.models.vocabulary import Purpose

Row = dict[str, Any]

STATUS_COLOURS = {
    Camera.Status.PROPOSED: "blue",
    Camera.Status.OR_DEFINED: "blue",
    Camera.Status.CONSULTATION: "light-blue",
    Camera.Status.APPROVED: "light-blue",
    Camera.Status.REFUSED: "grey",
    Camera.Status.INSTALLED: "light-blue",
    Camera.Status.OPERATIONAL: "green",
    Camera.Status.FAULTY: "orange",
    Camera.Status.UNDER_REVIEW: "yellow",
    Camera.Status.REMOVE_RECOMMENDED: "orange",
    Camera.Status.DECOMMISSIONED: "grey",
}


def tag_of(camera: Camera) -> dict[str, str]:
    """What `components/status_tag.html` takes."""
    return {"label": camera.get_status_display(), "colour": STATUS_COLOURS[Camera.Status(camera.status)]}


def camera_address(name: str, camera: Camera, *args: object) -> str:
    """The address of one of the pages of a camera."""
    system = camera.system
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, camera.reference, *args])


def groups_of(camera: Camera, *, may_change: bool) -> list[Row]:
    """The groups of a camera's page, each with its rows and the address where it is changed (or '')."""
    return [
        {
            "key": group,
            "title": form.title,  # type: ignore[attr-defined]
            "rows": ROWS_OF[group](camera),
            "url": camera_address("camera_edit", camera, group) if may_change else "",
        }
        for group, form in FORMS.items()
    ]


def _row(key: str, value: object) -> Row:
    return {"key": key, "value": _("Not given") if value in ("", None) else value}


def _yes_no(key: str, value: bool) -> Row:
    return {"key": key, "value": _("Yes") if value else _("No")}


def _day(key: str, day: dt.date | None) -> Row:
    return _row(key, date_format(day, "j F Y") if day else "")


def _both(camera: Camera, key: str, key_cy: str, field: str) -> list[Row]:
    """The English text, and the Welsh one where there is one or the operator is Welsh."""
    text = getattr(camera, f"{field}_cy")
    english = _row(key, getattr(camera, field))
    welsh = _row(key_cy, text) | ({"lang": "cy"} if text else {})
    if camera.system.operator.is_welsh:
        return [welsh, english]
    return [english, welsh] if text else [english]


def _place(camera: Camera) -> list[Row]:
    degrees = f"{camera.latitude}, {camera.longitude}" if camera.latitude is not None else ""
    grid = f"{camera.easting}, {camera.northing}" if camera.easting is not None else ""
    ward = " ".join(filter(None, [camera.ward, f"({camera.ward_code})" if camera.ward_code else ""]))
    return [
        _row(_("Your own number"), camera.operator_ref),
        _row(_("Street or landmark"), camera.location),
        _row(_("Town or locality"), camera.locality),
        _row(_("Ward"), ward),
        _row(_("Postcode"), camera.postcode),
        _row(_("Latitude, longitude"), degrees),
        *([_row(_("Easting, northing"), grid)] if grid else []),
        _yes_no(_("Looks at a public space"), camera.is_public_space),
    ]


def _kind(camera: Camera) -> list[Row]:
    return [
        _row(_("Type"), capfirst(camera.get_camera_type_display())),
        _row(_("Mounted on"), capfirst(camera.get_mount_display()) if camera.mount else ""),
        _row(_("Direction"), "" if camera.direction is None else f"{camera.direction}°"),
        *_both(camera, _("Area of view"), _("Area of view in Welsh"), "view_description"),
        _row(_("Maker and model (never public)"), camera.maker),
    ]


def _use(camera: Camera) -> list[Row]:
    own = purpose_words(camera.purposes)
    purposes = own or purpose_words(camera.system.purposes)
    watched = camera.monitored_by.local_name if camera.monitored_by else _("As the system")
    return [
        {"key": _("Purposes") if own else _("Purposes, as the system"), "values": purposes}
        if purposes
        else _row(_("Purposes"), ""),
        *_both(camera, _("The problem it is there for"), _("That in Welsh"), "purpose_note"),
        _yes_no(_("Records sound"), camera.records_audio),
        _yes_no(_("Reads number plates"), camera.anpr_enabled),
        {"key": _("Analytics"), "value": camera.analytics or _("None")},
        _yes_no(_("Parts of its view are masked"), camera.has_privacy_zones),
        _row(_("Watched by"), watched),
        {"key": _("Owner (never public)"), "value": camera.owned_by or _("The operator")},
    ]


def _public(camera: Camera) -> list[Row]:
    rows = [_row(_("The public sees"), capfirst(camera.get_precision_display()))]
    if camera.precision == Precision.WITHHELD:
        rows += [
            _row(_("Reason"), camera.withheld_reason),
            _row(_("Post that decided so"), camera.withheld_post),
            _day(_("Looked at again on"), camera.withheld_review_on),
        ]
    return rows


def _days(camera: Camera) -> list[Row]:
    rows = [_day(_("Installed on"), camera.installed_on), _day(_("Sign put up on"), camera.sign_up_on)]
    if camera.removed_on or camera.sign_removed_on:
        rows += [_day(_("Taken down on"), camera.removed_on), _day(_("Sign taken down on"), camera.sign_removed_on)]
    return rows


def purpose_words(keys: Iterable[str]) -> list[str]:
    """In the order of the list, whatever the order of the ticks."""
    chosen = set(keys)
    return [capfirst(str(label)) for key, label in Purpose.choices if key in chosen]


ROWS_OF: Mapping[str, Callable[[Camera], list[Row]]] = {
    PLACE: _place,
    KIND: _kind,
    USE: _use,
    PUBLIC: _public,
    DAYS: _days,
}


def justification_of(camera: Camera, on: dt.date) -> list[Row]:
    """When the need of the camera was last shown, and when it is looked at again."""
    if camera.status not in Camera.IN_USE:
        return []
    due = _("Not set") if camera.review_due_on is None else date_format(camera.review_due_on, "j F Y")
    if camera.review_due_on and camera.review_due_on < on:
        due = _("%(day)s: overdue") % {"day": due}
    return [
        {
            "key": _("Justification"),
            "value": date_format(camera.justified_on, "j F Y") if camera.justified_on else _("Outstanding"),
        },
        _day(_("Last reviewed on"), camera.reviewed_on),
        {"key": _("Next review by"), "value": due},
    ]

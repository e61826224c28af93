"""What must hold of a camera's record whatever door its values come through (domain 7.5, 11.8, 11.13).

A rule is asked only when one of its fields changes: a list brought in may have lacks that a person mends one by one.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal

import numpy as np
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.camera_lists.coordinates import from_grid
from compliance.models import Camera
from compliance.models.camera import NEVER_MAPPED, Precision
from compliance.models.vocabulary import Purpose
from compliance.places import FAR_METRES, Place, in_england_or_wales, metres_between
from compliance.services.fields import problems_at_fields
from core.dates import today
from core.errors import Problem

GRID = frozenset({"easting", "northing"})
GRID_ENDS = 1_300_000  # metres
GRID_AGREES_METRES = 100
PLACE = frozenset({"latitude", "longitude", "easting", "northing"})
WITHHOLDING = frozenset({"withheld_reason", "withheld_post", "withheld_review_on"})
# GOV.UK data standard "postcode", without BFPO numbers: no public-space camera stands there.
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})")

Rule = Callable[[Camera], Iterator[tuple[str, str]]]  # the field that is shown as wrong, and a sentence


def settle(camera: Camera, names: Collection[str]) -> None:
    """Bring these values into their one form: postcode with its blank, no reason where nothing is withheld; degrees
    from the national grid (OSTN15) where there are none.
    """
    if GRID & set(names) and camera.latitude is None and camera.longitude is None:
        camera.latitude, camera.longitude = degrees_of(camera)
    if "postcode" in names and (found := POSTCODE.fullmatch(re.sub(r"\s+", "", camera.postcode.upper()))):
        camera.postcode = f"{found[1]} {found[2]}"
    if camera.precision != Precision.WITHHELD:
        camera.withheld_reason, camera.withheld_post, camera.withheld_review_on = "", "", None


def degrees_of(camera: Camera) -> Place | tuple[None, None]:
    """Where the camera's easting and northing are; nothing where it has none, or they are off the national grid."""
    if camera.easting is None or camera.northing is None or max(camera.easting, camera.northing) > GRID_ENDS:
        return None, None
    latitudes, longitudes = from_grid(np.array([float(camera.easting)]), np.array([float(camera.northing)]))
    if math.isnan(latitudes[0]) or math.isnan(longitudes[0]):
        return None, None
    return Place(round(Decimal(str(latitudes[0])), 6), round(Decimal(str(longitudes[0])), 6))


def problems_of(camera: Camera, changed: Collection[str], *, even_far: bool = False) -> list[Problem]:
    """A sentence for each value of the `changed` fields that will not do; places far off only unless `even_far`."""
    return [*problems_at_fields(camera, only=changed), *problems_together(camera, changed, even_far=even_far)]


def problems_together(camera: Camera, changed: Collection[str], *, even_far: bool = False) -> list[Problem]:
    """Those that take more than one field to see. `camera.system.operator` is read."""
    touched = set(changed)
    found = [
        Problem(sentence, field=name) for fields, rule in RULES if touched & fields for name, sentence in rule(camera)
    ]
    if touched & PLACE and not found and not even_far and (far := kilometres_off(camera)):
        sentence = _("This place is %(far)d km from the authority. If that is right, say so in the form.")
        found.append(Problem(sentence % {"far": far}, field="even_far"))
    return found


def kilometres_off(camera: Camera) -> int:
    """How far the camera is from its authority, where that is farther than any authority is wide; else 0."""
    middle = place_of(camera.system.operator)
    there = place_of(camera)
    if middle is None or there is None:
        return 0
    metres = metres_between(middle, there)
    return round(metres / 1000) if metres > FAR_METRES else 0


def place_of(record: Camera | Organisation) -> Place | None:
    if record.latitude is None or record.longitude is None:
        return None
    return Place(record.latitude, record.longitude)


def _named(camera: Camera) -> Iterator[tuple[str, str]]:
    if not camera.operator_ref and not camera.location:
        yield "location", _("Give the number of the camera, or the street or landmark where it stands.")


def _mapped(camera: Camera) -> Iterator[tuple[str, str]]:
    pairs = ((camera.latitude, camera.longitude), (camera.easting, camera.northing))
    if camera.camera_type in NEVER_MAPPED and any(value is not None for pair in pairs for value in pair):
        yield (
            "latitude",
            _("A camera that is worn, flown or on a vehicle has no fixed place: take its coordinates out."),
        )
        return
    if (camera.latitude is None) != (camera.longitude is None):
        yield "latitude", _("Give both latitude and longitude, or neither.")
    if (camera.easting is None) != (camera.northing is None):
        yield "easting", _("Give both easting and northing, or neither.")
    place = place_of(camera)
    if place and camera.easting is not None and camera.northing is not None:
        latitude, longitude = degrees_of(camera)
        if latitude is None or longitude is None:
            yield "easting", _("Easting and northing lie outside the national grid. Check them, or take them out.")
        elif metres_between(place, Place(latitude, longitude)) > GRID_AGREES_METRES:
            yield (
                "easting",
                _("Easting and northing name another place than latitude and longitude. Take one pair out."),
            )
    if place and not in_england_or_wales(place):
        swapped = Place(place.longitude, place.latitude)
        if in_england_or_wales(swapped):
            yield (
                "latitude",
                _("Latitude and longitude seem to be swapped: the latitude is the number between 49 and 56."),
            )
        else:
            yield "latitude", _("This place is not in England or Wales. Check latitude and longitude.")


def _withheld(camera: Camera) -> Iterator[tuple[str, str]]:
    if camera.precision != Precision.WITHHELD:
        return
    if not camera.withheld_reason.strip():
        yield "withheld_reason", _("Give the reason why the place is withheld. The public reads it.")
    if not camera.withheld_post.strip():
        yield "withheld_post", _("Say which post decided to withhold the place.")
    if camera.withheld_review_on is None:
        yield "withheld_review_on", _("Say when the decision to withhold the place is looked at again.")


def _withheld_until(camera: Camera) -> Iterator[tuple[str, str]]:
    if camera.withheld_review_on is not None and camera.withheld_review_on <= today():
        yield "withheld_review_on", _("The day on which the withholding is looked at again must lie ahead.")


def _postcode(camera: Camera) -> Iterator[tuple[str, str]]:
    if camera.postcode and not POSTCODE.fullmatch(camera.postcode):
        yield "postcode", _("Enter a full postcode, for example NR1 3DH.")


def _purposes(camera: Camera) -> Iterator[tuple[str, str]]:
    for word in camera.purposes:
        if word not in Purpose.values:
            yield "purposes", _("Not in the list: %(word)s") % {"word": word}


def _days(camera: Camera) -> Iterator[tuple[str, str]]:
    days = {
        "installed_on": _("The day of installation"),
        "sign_up_on": _("The day of the sign"),
        "removed_on": _("The day when the camera was taken down"),
        "sign_removed_on": _("The day when the sign was taken down"),
    }
    for name, words in days.items():
        day = getattr(camera, name)
        if day and day > today():
            yield name, _("%(which)s must be today or earlier.") % {"which": words}
    if camera.installed_on and camera.removed_on and camera.removed_on < camera.installed_on:
        yield "removed_on", _("The camera cannot have been taken down before it was installed.")
    if camera.sign_up_on and camera.sign_removed_on and camera.sign_removed_on < camera.sign_up_on:
        yield "sign_removed_on", _("The sign cannot have been taken down before it was put up.")


RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset({"operator_ref", "location"}), _named),
    (PLACE | {"camera_type"}, _mapped),
    (WITHHOLDING | {"precision"}, _withheld),
    (frozenset({"withheld_review_on"}), _withheld_until),
    (frozenset({"postcode"}), _postcode),
    (frozenset({"purposes"}), _purposes),
    (frozenset({"installed_on", "sign_up_on", "removed_on", "sign_removed_on"}), _days),
)

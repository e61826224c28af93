"""Which cameras see a place: what was asked for, in whose territory, and what of it may be shown (domain 11.10, 11.13).

A withheld place is never found, neither by its name nor by its distance: who searches around it again and again would
learn where it is. Each operator's results say how many of its cameras are withheld in all, and whom to ask.
"""

import functools
import math
import operator
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from convertbng.cutil import convert_osgb36_to_ll
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from compliance.models import Camera, CameraSystem, RoomService
from compliance.models.camera import NEVER_MAPPED, CameraQuerySet, CameraType, Precision
from compliance.models.system import CameraSystemQuerySet
from compliance.places import METRES_PER_DEGREE, Place, in_england_or_wales, metres_between
from core.errors import RuleBroken

MOST_SHOWN = 100
LEAST_LETTERS = 3
RADII = (50, 100, 200, 500, 1000, 2000)
HALF_VIEW = 45  # degrees to either side of the recorded direction
NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
DEGREES = re.compile(rf"({NUMBER})\s*[,;\s]\s*({NUMBER})")
METRES = re.compile(r"(\d{6})(?:\.\d+)?\s*[,;\s]\s*(\d{5,6})(?:\.\d+)?")
RUN = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK, CameraSystem.Status.CLOSING)


@dataclass(frozen=True)
class Hit:
    """A camera with how far it is from the point, where one was asked for."""

    camera: Camera
    metres: int | None


@dataclass(frozen=True)
class Found:
    """The nearest or first cameras, and how many there are in all; `place` where a point was asked for."""

    hits: Sequence[Hit]
    total: int
    place: Place | None


def place_of(text: str) -> Place | None:
    """The point that a text names: latitude and longitude, or easting and northing of the National Grid; None for
    anything else. Raises RuleBroken for a point outside England and Wales.
    """
    if found := METRES.fullmatch(text.strip()):
        place = _from_grid(float(found[1]), float(found[2]))
    elif found := DEGREES.fullmatch(text.strip()):
        place = Place(Decimal(found[1]), Decimal(found[2]))
    else:
        return None
    if place is None or not in_england_or_wales(place):
        raise RuleBroken(_("This point is outside England and Wales. Give the latitude first, then the longitude."))
    return place


def _from_grid(easting: float, northing: float) -> Place | None:
    """By OSTN15; None where it does not reach."""
    longitudes, latitudes = convert_osgb36_to_ll(np.array([easting]), np.array([northing]))
    if math.isnan(latitudes[0]):
        return None
    return Place(*(Decimal(str(round(float(degrees[0]), 6))) for degrees in (latitudes, longitudes)))


def territory_of(organisation: Organisation) -> CameraSystemQuerySet:
    """The systems whose cameras an organisation may find: its own and those that it watches for others, as their
    operators say; a police force those of the authorities that it polices too.
    """
    watched = RoomService.objects.current().filter(room__organisation=organisation)
    reach = Q(operator=organisation) | Q(monitored_by=organisation) | Q(pk__in=watched.values("system"))
    if organisation.kind == Kind.POLICE_FORCE:
        reach |= Q(operator__in=organisation.policed_authorities.values("pk"))
    return CameraSystem.objects.filter(reach, status__in=RUN, operator__is_training=organisation.is_training)


def findable(organisation: Organisation) -> CameraQuerySet:
    """The cameras that may be found at all: in use, with a place, and that place not withheld."""
    cameras = Camera.objects.filter(system__in=territory_of(organisation)).in_use()
    return cameras.exclude(camera_type__in=NEVER_MAPPED).exclude(precision=Precision.WITHHELD)


def find(organisation: Organisation, text: str, metres: int) -> Found:
    """Those near the point that `text` names, the nearest first; else those of that number, street, ward or postcode.
    Two queries. Raises RuleBroken.
    """
    text = " ".join(text.split())
    place = place_of(text)
    cameras = findable(organisation).select_related("system__operator")
    if place is not None:
        return _near(cameras, place, metres)
    found = cameras.filter(_named(text)).order_by("system__operator__name", "system_id", "location", "pk")
    hits = [Hit(camera, None) for camera in found[: MOST_SHOWN + 1]]
    total = len(hits) if len(hits) <= MOST_SHOWN else found.count()
    return Found(hits[:MOST_SHOWN], total, None)


def _named(text: str) -> Q:
    number = Q(operator_ref__iexact=text) | Q(reference__iexact=text)
    if len(text) < LEAST_LETTERS:
        return number
    words = ("location", "ward", "locality", "postcode")
    return functools.reduce(operator.or_, [Q(**{f"{name}__icontains": text}) for name in words], number)


def _near(cameras: CameraQuerySet, place: Place, metres: int) -> Found:
    """By a box first, which the database finds, then by the distance itself."""
    north = Decimal(metres / METRES_PER_DEGREE)
    east = Decimal(metres / (METRES_PER_DEGREE * math.cos(math.radians(float(place.latitude)))))
    box = cameras.filter(
        latitude__range=(place.latitude - north, place.latitude + north),
        longitude__range=(place.longitude - east, place.longitude + east),
    )
    near = []
    for key, latitude, longitude in box.order_by("pk").values_list("pk", "latitude", "longitude"):
        if latitude is None or longitude is None:
            continue
        away = metres_between(place, Place(latitude, longitude))
        if away <= metres:
            near.append((away, key))
    near.sort()
    shown = {key: round(away) for away, key in near[:MOST_SHOWN]}
    loaded = {camera.pk: camera for camera in cameras.filter(pk__in=shown)}
    return Found([Hit(loaded[key], away) for key, away in shown.items() if key in loaded], len(near), place)


def looks(camera: Camera, place: Place | None) -> str:
    """Whether the camera looks at the place, as far as its record says. No query."""
    if camera.camera_type in (CameraType.PTZ, CameraType.DOME):
        return _("can be turned")
    if place is None or camera.direction is None or camera.latitude is None or camera.longitude is None:
        return camera.view_description or _("not recorded")
    if metres_between(place, Place(camera.latitude, camera.longitude)) < 1:
        return _("stands there")
    off = abs((_bearing(camera, place) - camera.direction + 180) % 360 - 180)
    return _("looks towards it") if off <= HALF_VIEW else _("looks elsewhere")


def _bearing(camera: Camera, place: Place) -> float:
    """From the camera to the place, in degrees clockwise from north."""
    assert camera.latitude is not None  # noqa: S101  (asked before)
    assert camera.longitude is not None  # noqa: S101
    north = float(place.latitude - camera.latitude)
    east = float(place.longitude - camera.longitude) * math.cos(math.radians(float(place.latitude)))
    return math.degrees(math.atan2(east, north)) % 360


def withheld_of(systems: Iterable[int]) -> dict[int, int]:
    """How many cameras of each system are withheld in all, wherever they stand. One query."""
    own = Camera.objects.in_use().filter(system__in=list(systems), precision=Precision.WITHHELD)
    return dict(own.values_list("system").annotate(number=Count("pk")).order_by())

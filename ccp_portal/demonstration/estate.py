"""`seed_demo`: as many made-up authorities, systems and cameras as wanted, made and published through the services.

What is made follows from the seed alone: the same call makes the same authorities with the same cameras, and goes on
where an earlier one was cut off, an authority at a time. Codes begin with X, as no real ones do.
"""

import csv
import ipaddress
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.models import Kind, Organisation
from accounts.services.organisations import create_organisation, link_police_forces
from ccp_portal.demonstration import data
from compliance.models import Camera, CameraSystem
from compliance.services.cameras_register import change_many
from compliance.services.imports import apply_sorted, sort_file
from compliance.services.systems import (
    TechnologyRow,
    activate_system,
    create_system,
    set_technologies,
    update_system,
)
from core import bulk
from core.errors import RuleBroken
from transparency.services.publish import publish_systems
from transparency.services.rebuild import rebuild_all

Say = Callable[[str], None]
MOST_AUTHORITIES, MOST_SEED = 2000, 999
SYSTEMS_AN_AUTHORITY = 10
FEWEST_CAMERAS_A_SYSTEM = 10
AUTHORITIES_A_FORCE = 10
AUTHORITIES_A_NATION = 10  # every tenth is in Wales
# Inland boxes: south, north, west, east, in degrees.
ENGLAND, WALES = (51.2, 53.8, -2.5, -0.5), (51.9, 53.0, -3.9, -3.2)
SPREAD_DEGREES = 0.02  # of cameras around the middle of their town
HEADER = ("camera_id", "location", "area_name", "type", "lon", "lat")
EXACT, STREET, WARD, WITHHELD = 92, 4, 2, 2  # of a hundred cameras; a list brings them in by street
CAMERA_TYPES, OF_A_HUNDRED = ("fixed", "ptz", "dome"), (55, 35, 10)


@dataclass(frozen=True)
class Size:
    """How much is made: authorities, systems and cameras in all."""

    authorities: int
    cameras: int
    seed: int

    def shares(self, number: int) -> list[int]:
        """The cameras of each system of the authority with this number."""
        own = _share(self.cameras, self.authorities, number)
        systems = max(1, min(SYSTEMS_AN_AUTHORITY, own // FEWEST_CAMERAS_A_SYSTEM))
        return [_share(own, systems, place) for place in range(systems)]


@dataclass(frozen=True)
class Seeded:
    """What the portal has of it now, and how many authorities were made by this call."""

    made: int
    authorities: int
    systems: int
    cameras: int


def seed(size: Size, *, say: Say) -> Seeded:
    """Make what is not there yet. Raises RuleBroken where made-up records must not be, or another seed was used."""
    _refuse_real_places()
    _refuse_size(size)
    _refuse_other_seed(size)
    made = 0
    with translation.override("en-gb"), tempfile.TemporaryDirectory(prefix="ccp-seed-") as folder:
        for number in range(size.authorities):
            if Organisation.objects.filter(gss_code=code(size.seed, number)).exists():
                continue
            with bulk.without_collecting():
                _Authority(size, number, Path(folder)).make()
            made += 1
            if made % 10 == 0:
                say(f"{number + 1} of {size.authorities} authorities")
    if made:
        rebuild_all(by=None)
    systems = CameraSystem.objects.filter(operator__gss_code__startswith=code_prefix(size.seed))
    cameras = Camera.objects.filter(system__in=systems)
    return Seeded(made, systems.values("operator").distinct().count(), systems.count(), cameras.count())


def _share(whole: int, parts: int, place: int) -> int:
    return whole // parts + (place < whole % parts)


def code_prefix(seed_number: int) -> str:
    return f"X9{seed_number:03}"


def code(seed_number: int, number: int) -> str:
    return f"{code_prefix(seed_number)}{number:04}"


# --- Where it may not be ---


def _refuse_real_places() -> None:
    """Made-up authorities stand beside real ones only where nobody from elsewhere reads them."""
    if settings.DEBUG:
        return
    hosts = [settings.PORTAL_ORIGIN.split("://", 1)[1].split("/", 1)[0].rsplit(":", 1)[0], *settings.ALLOWED_HOSTS]
    if far := [host for host in hosts if not _is_here(host)]:
        raise RuleBroken(
            f"This portal answers as {far[0]}, so no made-up authorities are put into it. "
            "Set up another one on this machine alone: ./portal setup --data DIR"
        )


def _is_here(host: str) -> bool:
    name = host.strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _refuse_size(size: Size) -> None:
    if not 1 <= size.authorities <= MOST_AUTHORITIES:
        raise RuleBroken(f"From 1 to {MOST_AUTHORITIES} authorities can be made, not {size.authorities}.")
    if size.cameras < size.authorities:
        raise RuleBroken("Each authority needs a camera: ask for more cameras or for fewer authorities.")
    if not 0 <= size.seed <= MOST_SEED:
        raise RuleBroken(f"The seed is a number from 0 to {MOST_SEED}.")


def _refuse_other_seed(size: Size) -> None:
    others = Organisation.objects.filter(gss_code__startswith="X9", kind=Kind.PRINCIPAL_AUTHORITY)
    other = others.exclude(gss_code__startswith=code_prefix(size.seed)).first()
    if other is not None:
        raise RuleBroken(f"This portal holds the authorities of another seed already: {other.name}.")


# --- One authority ---


class _Authority:
    """Everything of one authority, in one transaction."""

    def __init__(self, size: Size, number: int, folder: Path) -> None:
        self.size, self.number, self.folder = size, number, folder
        self.words = data.read("estate.yaml")
        self.random = random.Random(f"{size.seed}-{number}")  # noqa: S311  (made-up places, nothing secret)
        self.is_welsh = number % AUTHORITIES_A_NATION == AUTHORITIES_A_NATION - 1
        self.latitude, self.longitude = self._middle()

    @transaction.atomic
    def make(self) -> None:
        name = _name(self.words, self.number)
        self.operator = create_organisation(
            kind=Kind.PRINCIPAL_AUTHORITY,
            name=name,
            name_cy=f"{self.words['council_cy']} {name}" if self.is_welsh else "",
            by=None,
            official_name=f"{name} Demonstration Council",
            gss_code=code(self.size.seed, self.number),
            nation="wales" if self.is_welsh else "england",
            latitude=self.latitude,
            longitude=self.longitude,
            is_demonstration=True,
        )
        link_police_forces(organisation=self.operator, forces=[self._force()], by=None)
        shares = self.size.shares(self.number)
        publish_systems(
            systems=[self._system(place, cameras) for place, cameras in enumerate(shares)], by=None, promise=False
        )

    def _middle(self) -> tuple[float, float]:
        """Of a grid of its nation's box, so that no two towns lie on one another."""
        south, north, west, east = WALES if self.is_welsh else ENGLAND
        across = 5 if self.is_welsh else 20
        place = self.number // AUTHORITIES_A_NATION if self.is_welsh else self.number
        row, column = divmod(place, across)
        rows = -(-MOST_AUTHORITIES // across) if place >= across * across else across
        latitude = south + (north - south) * ((row + self.random.uniform(0.3, 0.7)) % rows) / rows
        longitude = west + (east - west) * (column + self.random.uniform(0.3, 0.7)) / across
        return round(latitude, 6), round(longitude, 6)

    def _force(self) -> Organisation:
        first = self.number - self.number % AUTHORITIES_A_FORCE
        name = f"{_name(self.words, first)} Demonstration Police"
        found = Organisation.objects.filter(kind=Kind.POLICE_FORCE, name=name).first()
        return found or create_organisation(
            kind=Kind.POLICE_FORCE, name=name, by=None, nation="england", is_demonstration=True
        )

    def _system(self, place: int, cameras: int) -> CameraSystem:
        said = self.words["systems"][place]
        facts = {"town": self.operator.name, "place": said["name"].lower(), "place_cy": said["name_cy"]}
        system = create_system(operator=self.operator, name=said["name"], name_cy=said["name_cy"], by=None)
        changes = {
            name: value.strip().format(**facts) if isinstance(value, str) else value
            for name, value in self.words["described"].items()
        }
        system = update_system(
            system=system, version=system.version, changes={**changes, "is_main": place == 0}, by=None
        )
        rows = list(self._cameras(place, cameras))
        kinds = [row[3] for row in rows]
        counted = TechnologyRow(
            technology="cctv",
            retention_days=self.random.choice((28, 31)),
            fixed_count=len(kinds) - kinds.count("ptz"),
            ptz_count=kinds.count("ptz"),
            counted_on=data.day(-self.random.randrange(10, 200)),
        )
        system = set_technologies(system=system, version=system.version, rows=[counted], by=None)
        activate_system(system=system, by=None)
        self._bring_in(system, rows)
        return system

    def _cameras(self, place: int, number: int) -> Iterator[tuple[Any, ...]]:
        wards, streets = self.words["wards"], self.words["streets"]
        seen: set[tuple[float, float]] = set()
        for camera in range(number):
            while (spot := self._spot()) in seen:
                continue
            seen.add(spot)
            street, other = self.random.sample(streets, 2)
            kind = self.random.choices(CAMERA_TYPES, OF_A_HUNDRED)[0]
            ward = wards[(place + camera * len(wards) // number) % len(wards)]
            yield f"{place + 1}{camera + 1:04}", f"{street}/{other}", ward, kind, spot[1], spot[0]

    def _spot(self) -> tuple[float, float]:
        return (
            round(self.random.gauss(self.latitude, SPREAD_DEGREES / 2), 6),
            round(self.random.gauss(self.longitude, SPREAD_DEGREES), 6),
        )

    def _bring_in(self, system: CameraSystem, rows: list[tuple[Any, ...]]) -> None:
        """As a council's list, and then said how exactly the public may know each place."""
        path = self.folder / f"{self.operator.slug}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows)
        wanted = sort_file(system=system, path=path, file_name=path.name)
        apply_sorted(system=system, wanted=wanted, by=None)
        cameras = list(system.cameras.select_related("system__operator").order_by("operator_ref"))
        self.random.shuffle(cameras)
        exact, street, ward = (len(cameras) * part // 100 for part in (EXACT, STREET, WARD))
        change_many(cameras=cameras[:exact], changes={"precision": "exact"}, by=None)
        change_many(cameras=cameras[exact + street :][:ward], changes={"precision": "ward"}, by=None)
        withheld = {"precision": "withheld", **self.words["withheld"], "withheld_review_on": data.day(300)}
        change_many(cameras=cameras[exact + street + ward :], changes=withheld, by=None)


def _name(words: dict[str, Any], number: int) -> str:
    """A made-up name; no two authorities have the same."""
    firsts, lasts = words["first_syllables"], words["last_syllables"]
    rest, first = divmod(number, len(firsts))
    turn, last = divmod(rest, len(lasts))
    return f"{firsts[first]}{lasts[(last + first) % len(lasts)]}" + (f" {turn + 1}" if turn else "")

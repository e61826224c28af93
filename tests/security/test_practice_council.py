"""A practice council is nowhere: beside it every public byte, every figure, every page of real people is as without.

The world of the permission table is built twice. What the first shows is read; then the second is built and everybody
in it made an organisation for training, bound to the first where records can be: its councils to the same force, its
systems to rooms of the first. After the jobs of the night the same is read again and has to be the same.

What the doors refuse is no part of that second world: `test_practice_doors` shows that they do.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import translation

from accounts.models import Kind, Organisation
from accounts.models.organisation import OrganisationQuerySet
from compliance.models import CameraSystem, ControlRoom, RoomService
from core import jobs
from core.dates import today
from strategy.measures import MEASURES
from strategy.models import Course, PictureRow
from strategy.services.picture import build_picture
from strategy.training_figures import figures
from tests.factories.accounts import OrganisationFactory
from tests.factories.compliance import CameraSystemFactory, CodeEditionFactory
from tests.permissions.table import TABLE
from tests.permissions.walking import Walk
from tests.permissions.world import World, build
from tests.security.test_public_leaks import addresses_of, everything_public, unpacked
from transparency.addresses import all_paths
from transparency.languages import both
from transparency.models import Publication, PublishedDocument

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARKER = "Zqpractice"
# What differs from answer to answer and is nobody's: tokens of forms, and when something was made or asked.
CHANGING = re.compile(
    rb"""name="(csrfmiddlewaretoken|state|checked|look)" value="[^"]+"|nonce[-=]["']?[\w+/=-]+|DTSTAMP:\w+"""
    rb"""|\b(\d{4}-\d\d-\d\dT)?\d\d:\d\d(:\d\d)?(\.\d+)?\b"""
)


def plain(name: str, content: bytes) -> bytes:
    return CHANGING.sub(b"", b"\n".join(unpacked(name, content)))


def outside(start: list[str]) -> dict[str, bytes]:
    """What every public address answers, those that any links to included."""
    found = {}
    for address, answer in everything_public(iter(start)):
        content, _sign, _headers = answer.rpartition(b"[('")
        found[address] = plain(urlsplit(address).path, content)
    return found


def inside(world: World) -> dict[str, bytes]:
    """What each page of the workspaces answers to one of those who may read it."""
    walk = Walk(own=world, other=world, folder=Path())
    found = {}
    for row in TABLE:
        reader = next((each for each in walk.members(row.side) if row.of_member(each.who) == 200), None)
        if row.method != "GET" or not row.side or reader is None:
            continue
        translation.deactivate()
        address = walk.address(row)
        answer = walk.ask(reader, "GET", address)
        if not answer.streaming:
            found[f"{address} for {reader}"] = plain(urlsplit(address).path, answer.content)
    return found


def files(settings: Any, folder: Path) -> dict[str, bytes]:
    """The files of the export and of the public folder."""
    call_command("export_open_data", str(folder))
    return {
        str(path.relative_to(root)): plain(path.name, path.read_bytes())
        for root in (folder, Path(settings.PUBLIC_ROOT))
        for path in root.rglob("*")
        if path.is_file() and not path.relative_to(root).parts[0].startswith(".")
    }


def figures_now() -> dict[str, Any]:
    """Each figure with the list behind it."""
    return {
        **{key: measure.on(today()) for key, measure in MEASURES.items()},
        "training": figures(today()),
        "picture": list(PictureRow.objects.order_by("organisation").values("organisation", "facts", "systems")),
    }


def after_the_night(world: World, start: list[str], settings: Any, folder: Path) -> dict[str, dict[str, Any]]:
    jobs.drain()
    call_command("publish", "--all")
    jobs.drain()
    build_picture(today())
    return {
        "public pages": outside([*start, *both(all_paths())]),
        "files": files(settings, folder),
        "figures": figures_now(),
        "workspaces": inside(world),
    }


def neighbours(force: Organisation) -> ControlRoom:
    """Two real councils of the force: of one a system is at risk, the room of the other watches for others already."""
    poor, rich = OrganisationFactory(), OrganisationFactory()
    for council in (poor, rich):
        council.police_forces.add(force)
    CameraSystemFactory(operator=poor, status=CameraSystem.Status.AT_RISK)
    room: ControlRoom = ControlRoom.objects.create(organisation=rich, name="Room")
    RoomService.objects.create(system=CameraSystemFactory(operator=poor), room=room, starts_on=today())
    return room


def made_for_training(twins: OrganisationQuerySet, force: Organisation, room: ControlRoom) -> None:
    """All of them with all that is theirs, bound to a real force and a real room past the doors that forbid it."""
    Publication.objects.filter(organisation__in=twins).delete()
    PublishedDocument.objects.filter(organisation__in=twins).delete()
    twins.update(is_training=True, name=Concat(Value(f"{MARKER} "), F("name")))
    systems = CameraSystem.objects.filter(operator__in=twins)
    systems.update(name=Concat(Value(f"{MARKER} "), F("name")))
    other = twins.filter(kind=Kind.POLICE_FORCE).earliest("pk")
    for council in twins.filter(kind=Kind.PRINCIPAL_AUTHORITY):
        council.police_forces.add(force)
        CameraSystemFactory(operator=council, name=f"{MARKER} soon closed", status=CameraSystem.Status.AT_RISK)
        own = ControlRoom.objects.create(organisation=council, name=f"{MARKER} room")
        for operator, watching in ((council, room), (other, own)):
            watched = CameraSystemFactory(operator=operator, name=f"{MARKER} watched")
            RoomService.objects.create(system=watched, room=watching, starts_on=today())


def test_beside_a_practice_council_everything_is_as_without_it(settings, tmp_path, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    edition: Any = CodeEditionFactory()
    real = build(edition)
    room = neighbours(real.operator)
    start = list(addresses_of(real))
    inside(real)  # what is made when it is first looked at
    before = after_the_night(real, start, settings, tmp_path / "before")
    there = list(Organisation.objects.values_list("pk", flat=True))
    translation.deactivate()
    courses = list(Course.objects.values_list("pk", flat=True))
    for of_nobody in ("_applications", "add_plan"):  # applications are sent to nobody, plans are no organisation's
        monkeypatch.setattr(f"tests.permissions.world.{of_nobody}", lambda world: None)
    build(edition)
    Course.objects.exclude(pk__in=courses).delete()
    twins = Organisation.objects.exclude(pk__in=there)
    made_for_training(twins, real.operator, room)
    assert twins.count() > 5
    assert CameraSystem.objects.filter(operator__in=twins).count() > 5
    seen = list(before["public pages"])
    after = after_the_night(real, seen, settings, tmp_path / "after")
    different = {
        f"{part}: {key}": said(before[part].get(key), after[part].get(key))
        for part in before
        for key in before[part].keys() | after[part].keys()
        if before[part].get(key) != after[part].get(key)
    }
    assert different == {}
    assert len(before["public pages"]) > 200
    assert len(before["workspaces"]) > 200


def said(before: Any, after: Any) -> str:
    """The first place at which two answers differ, for whoever reads the failure."""
    if not (before and after and isinstance(before, bytes)):
        return f"{str(before)[:300]} -> {str(after)[:300]}"
    at = next((at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), 0)
    return f"{before[at - 60 : at + 200]!r} -> {after[at - 60 : at + 200]!r}"

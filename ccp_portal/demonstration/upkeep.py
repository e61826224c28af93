"""What keeps the cameras of a system working: its control room, a firm, faults, visits, tests and picture checks."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import PASSWORD, World, quick_hashes
from compliance.models import Camera, CameraSystem, RoomService
from compliance.services import commissioning, control_rooms, faults, grants, picture_checks, visits

Record = dict[str, Any]


def make_upkeep(world: World, authority: Record) -> None:
    """What `upkeep.yaml` says of the authority's systems; nothing where it says nothing."""
    described = data.upkeep()
    for system in authority["systems"]:
        if wanted := described.get(system["key"]):
            manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
            _keep_up(world.systems[system["key"]], wanted, manager)
            for other in wanted.get("also_watches", ()):
                _watch(world.systems[system["key"]], world.systems[other["system"]], data.day(other["since"]), manager)


def _keep_up(system: CameraSystem, wanted: Record, manager: User) -> None:
    cameras = {camera.operator_ref: camera for camera in Camera.objects.filter(system=system).select_related("system")}
    facts = {name: wanted["room"][name] for name in control_rooms.FACTS}
    room = control_rooms.add_room(organisation=system.operator, values=facts, by=manager)
    since = data.day(wanted["room"]["since"])
    control_rooms.choose_room(system=system, room=room, starts_on=since, by=manager)
    firm = [_grant(system, grant, manager) for grant in wanted.get("grants", ())]
    for fault in wanted.get("faults", ()):
        _fault(cameras[fault["number"]], fault, manager, firm[0])
    for visit in wanted.get("visits", ()):
        there = [cameras[number] for number in visit["numbers"]]
        on, note = data.day(visit["days"]), visit["note"]
        visits.record_visit(system=system, kind=visit["kind"], on=on, note=note, cameras=there, by=firm[0])
    for test in wanted.get("tests", ()):
        _test(cameras[test["number"]], test, firm[0])
    for check in wanted.get("checks", ()):
        _check(cameras[check["number"]], check, manager)


def _watch(system: CameraSystem, other: CameraSystem, since: dt.date, manager: User) -> None:
    """The room that watches the one system watches the other, too."""
    room = RoomService.objects.current().get(system=system).room
    control_rooms.choose_room(system=other, room=room, starts_on=since, by=manager)


def _grant(system: CameraSystem, wanted: Record, manager: User) -> User:
    """Somebody of a firm who took up the invitation."""
    values = {name: wanted[name] for name in ("kind", "email", "company")}
    grant = grants.give_grant(system=system, ends_on=data.day(wanted["days"]), by=manager, **values)
    with quick_hashes():
        return grants.accept_grant(grant=grant, name=wanted["name"], password=PASSWORD)


def _fault(camera: Camera, wanted: Record, manager: User, firm: User) -> None:
    since = timezone.now() - dt.timedelta(hours=wanted["hours"])
    values = {name: wanted[name] for name in ("kind", "stops_pictures", "description")}
    fault = faults.report_fault(camera=camera, reported_at=since, by=manager, **values)
    if "repair" in wanted:
        repaired = since + dt.timedelta(hours=wanted["after"])
        faults.repair(fault=fault, repair=wanted["repair"], repaired_at=repaired, by=firm)


def _test(camera: Camera, wanted: Record, firm: User) -> None:
    commissioning.record_test(
        camera=camera,
        on=data.day(wanted["days"]),
        standard="bs-en-62676-4-2015",
        picture_class=wanted["picture_class"],
        pixels_per_metre=Decimal(wanted["pixels_per_metre"]),
        distance_metres=Decimal(wanted["distance_metres"]),
        recording_works=True,
        passed=True,
        by=firm,
    )


def _check(camera: Camera, wanted: Record, manager: User) -> None:
    picture_checks.record_check(
        camera=camera,
        on=data.day(wanted["days"]),
        export_works=True,
        time_offset_seconds=wanted["offset"],
        picture=wanted["picture"],
        sign_seen=True,
        note=wanted["note"],
        by=manager,
    )

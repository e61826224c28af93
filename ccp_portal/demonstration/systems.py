"""Camera systems with their cameras and their documents."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.documents import add_documents, record_made_elsewhere
from ccp_portal.demonstration.people import World
from ccp_portal.demonstration.register import describe_cameras
from compliance.models import CameraSystem
from compliance.services.imports import apply_sorted, sort_file
from compliance.services.systems import (
    CHANGEABLE,
    TechnologyRow,
    activate_system,
    create_system,
    mark_at_risk,
    set_technologies,
    update_system,
)

Record = dict[str, Any]
COUNTED = ("fixed", "ptz", "redeployable", "mobile")


def make_system(world: World, authority: Record, described: Record) -> None:
    """A system with what is known of it; active where the data says so."""
    by = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
    operator = world.organisations[authority["key"]]
    system = create_system(operator=operator, name=described["name"], name_cy=described.get("name_cy", ""), by=by)
    changes = {name: described[name] for name in CHANGEABLE & described.keys()}
    if "monitored_by" in changes:
        changes["monitored_by"] = world.organisations[changes["monitored_by"]]
    system = update_system(system=system, version=system.version, changes=changes, by=by)
    rows = [_technology(row) for row in described["technologies"]]
    system = set_technologies(system=system, version=system.version, rows=rows, by=by)
    if described["active"]:
        activate_system(system=system, by=world.holder(authority["key"], Role.SPOC))
    if risk := described.get("at_risk"):
        changes = {"funding_ends_on": data.day(risk["funding_ends"])}
        system = update_system(system=system, version=system.version, changes=changes, by=by)
        mark_at_risk(system=system, by=world.holder(authority["key"], Role.SPOC), note=risk["why"])
    world.systems[described["key"]] = system
    if "cameras" in described:
        _import_list(system, described["cameras"], by)
    describe_cameras(system, described["key"], by)
    facts = facts_of(world, authority, described)
    add_documents(world, authority, described, facts, by)
    record_made_elsewhere(world, authority, described, facts)


def facts_of(world: World, authority: Record, described: Record) -> Mapping[str, object]:
    """What texts about a system may name."""
    technologies = described["technologies"]
    return {
        "council": authority["official_name"],
        "force": world.organisations[authority["forces"][0]].name,
        "cameras": sum(row.get(name, 0) for row in technologies if row["technology"] == "cctv" for name in COUNTED),
        "retention": next((row["retention_days"] for row in technologies if "retention_days" in row), ""),
        **{name: data.in_words(data.day(days)) for name, days in described["days"].items()},
        **described["facts"],
    }


def _import_list(system: CameraSystem, name: str, by: User) -> None:
    """The cameras of a system, from its list as a council has it."""
    wanted = sort_file(system=system, path=data.DATA / "cameras" / name, file_name=name)
    apply_sorted(system=system, wanted=wanted, by=by)


def _technology(row: Record) -> TechnologyRow:
    return TechnologyRow(
        technology=row["technology"],
        retention_days=row.get("retention_days"),
        fixed_count=row.get("fixed", 0),
        ptz_count=row.get("ptz", 0),
        redeployable_count=row.get("redeployable", 0),
        mobile_count=row.get("mobile", 0),
        counted_on=data.day(row["counted"]) if "counted" in row else None,
    )

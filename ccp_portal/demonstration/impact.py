"""Impact assessments of the demonstration: one in force, one that waits for the data protection officer."""

from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from compliance.camera_sets import expand, match
from compliance.dpia_content import counted_matrix
from compliance.models import Dpia
from compliance.services import dpia_parts, dpias

Record = dict[str, Any]


def make_dpias(world: World, authority: Record) -> None:
    """Those of the authority, as far as its file says."""
    for wanted in data.read("dpias.yaml"):
        if wanted["authority"] == authority["key"]:
            _make(world, wanted)


def _make(world: World, wanted: Record) -> None:
    key, system = wanted["authority"], world.systems[wanted["system"]]
    manager = world.holder_or_spoc(key, Role.SCHEME_MANAGER)
    dpia = dpias.screen(
        operator=system.operator,
        title=wanted["title"],
        own_number=wanted["own_number"],
        systems=[system],
        by=manager,
    )
    yes = {"changed": {"answer": "yes", "comment": ""}}
    dpia_parts.save_screening(dpia=dpia, answers=yes, version=dpia.version, by=manager)
    dpias.begin(dpia=dpia, by=manager)
    _write(dpia, wanted, manager)
    dpias.ask_advice(dpia=dpia, by=manager)
    if wanted["until"] == "signed":
        _sign(world, dpia, wanted, manager)


def _write(dpia: Dpia, wanted: Record, by: User) -> None:
    system = dpia.systems.get()
    found = match(expand(wanted["cameras"]).numbers, [system]).found
    dpia_parts.cover(
        dpia=dpia,
        systems=[system],
        whole=not found,
        cameras=found,
        as_written=wanted["cameras"],
        version=dpia.version,
        by=by,
    )
    for part, values in wanted["answers"].items():
        dpia_parts.save_part(dpia=dpia, part=part, values=values, version=dpia.version, by=by)
    levels = wanted.get("levels", {})
    rows = [row | {"level": levels.get(row["camera_type"], "medium")} for row in counted_matrix(dpia)]
    dpia_parts.save_matrix(dpia=dpia, rows=rows, version=dpia.version, by=by)
    for risk in wanted["risks"]:
        dpia_parts.save_risk(dpia=dpia, number=None, version=dpia.version, by=by, **risk)


def _sign(world: World, dpia: Dpia, wanted: Record, manager: User) -> None:
    key = wanted["authority"]
    dpias.advise(dpia=dpia, text=wanted["advice"], by=world.holder(key, Role.DPO))
    dpias.answer_advice(dpia=dpia, followed=True, reason="", by=manager)
    said = {"consulted": wanted["consulted"]}
    dpia_parts.save_part(dpia=dpia, part="consultation", values=said, version=dpia.version, by=manager)
    sro = world.holder(key, Role.SRO)
    post = dpia.systems.get().sro_post
    dpias.sign_off(dpia=dpia, by=sro, typed_name=sro.name, post=post, password_checked=True)

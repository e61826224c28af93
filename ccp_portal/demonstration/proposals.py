"""Cameras on their way: asked for by others, proposed, described, refused, and one that is not needed any more."""

from typing import Any

from accounts.models import Organisation, Role
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from compliance.models import Camera
from compliance.operational_requirement import PARTS
from compliance.services import proposals, referrals, requirements
from compliance.services.camera_decisions import Signature, decide, recommend_removal

Record = dict[str, Any]


def make_proposals(world: World, authority: Record) -> None:
    """What the authority's file says under `cameras_asked_for`; nothing where it says nothing."""
    wanted = authority.get("cameras_asked_for")
    if not wanted:
        return
    operator = Organisation.objects.get(slug=authority["key"])
    address = referrals.open_address(operator=operator, by=world.holder(authority["key"], Role.SPOC))
    for values in wanted["referrals"]:
        referrals.receive(address=address, values=values, language="en")
    for proposed in wanted["proposals"]:
        _propose(world, authority, proposed)
    for removal in wanted["removals"]:
        camera = Camera.objects.get(system=world.systems[removal["system"]], operator_ref=removal["number"])
        manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
        recommend_removal(camera=camera, reason=removal["reason"], by=manager)


def _propose(world: World, authority: Record, wanted: Record) -> None:
    """One proposal; `answers` are those of its operational requirement by key, `refused` the reasons of a refusal."""
    manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
    camera = proposals.propose(system=world.systems[wanted["system"]], values=wanted["values"], by=manager)
    if answers := wanted.get("answers"):
        made = requirements.start_requirement(system=camera.system, cameras=[camera], title=camera.location, by=manager)
        for part in PARTS:
            given = {asked.key: answers[asked.key] for asked in part.asked if asked.key in answers}
            made = requirements.save_part(requirement=made, part=part, answers=given, version=made.version, by=manager)
    if police := wanted.get("police"):
        proposals.record_police_view(
            camera=camera,
            view=police["view"],
            post=police["post"],
            on=data.day(police["on_in"]),
            version=1,
            by=manager,
        )
    if reasons := wanted.get("refused"):
        sro = world.holder(authority["key"], Role.SRO)
        signature = Signature(sro.name, camera.system.sro_post or "Director", password_checked=True)
        decide(camera=camera, approve=False, reasons=reasons, by=sro, signature=signature)

"""Actions that no self-assessment asks for: from reviews, findings, and free ones."""

from typing import Any

from accounts.models import Organisation, Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from compliance.models import ActionItem
from compliance.services.actions import Plan, Source, move_action, plan_action

Record = dict[str, Any]


def make_plan(world: World, authority: Record) -> None:
    """The authority's own actions; one with `done` is closed with that note."""
    manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
    for wanted in authority.get("plan", ()):
        action = plan_action(
            operator=Organisation.objects.get(slug=authority["key"]),
            plan=Plan(
                description=wanted["text"],
                due_on=data.day(wanted["due_in"]),
                priority=ActionItem.Priority(wanted["priority"]),
                owner=_owner(world, authority, wanted.get("owner", "")),
            ),
            source=Source(wanted.get("origin", ActionItem.Origin.FREE), wanted.get("reference", "")),
            system=world.systems[wanted["system"]] if "system" in wanted else None,
            by=manager,
        )
        if "done" in wanted:
            move_action(action=action, status=ActionItem.Status.DONE, note=wanted["done"], by=manager)


def _owner(world: World, authority: Record, role: str) -> User | None:
    return world.holder_or_spoc(authority["key"], role) if role else None

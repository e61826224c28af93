"""The rows of the permission table for bulletins and news."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.services import bulletins
from tests.factories.strategy_bulletins import BulletinFactory
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, Row, act, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

WRITES = {Role.SECRETARY}
WRITTEN: Any = {"parts": {"reference": "@bulletin"}}
ITEM: Any = {"parts": {"reference": "@bulletin", "pk": "@bulletin item"}}


def step(name: str) -> Any:
    return {"parts": {**ITEM["parts"], "act": name}}


STRATEGY_BULLETINS: list[Row] = [
    *public("strategy:bulletins"),
    *public("strategy:bulletin", **WRITTEN),
    *public("strategy:bulletin", 404, parts={"reference": "BU-2222222"}),
    *page("national:bulletins", NATIONAL),
    *page("national:bulletins", COUNCIL, ()),
    *page("national:bulletins", BODY, ()),
    *form("national:bulletin_new", NATIONAL, WRITES, parts={"kind": "news"}),
    *page("national:bulletin_new", COUNCIL, (), parts={"kind": "bulletin"}),
    *page("national:bulletin", NATIONAL, **WRITTEN),
    *page("national:bulletin", COUNCIL, (), **WRITTEN),
    *form("national:bulletin_change", NATIONAL, WRITES, **WRITTEN),
    *form("national:bulletin_item_new", NATIONAL, WRITES, **WRITTEN),
    *form("national:bulletin_item", NATIONAL, WRITES, **ITEM),
    *form("national:bulletin_publish", NATIONAL, WRITES, **WRITTEN),
    *form("national:bulletin_withdraw", NATIONAL, WRITES, **WRITTEN),
    *page("national:bulletin_withdraw", COUNCIL, (), **WRITTEN),
    *act("national:bulletin_item_act", NATIONAL, WRITES, **step("up")),
    *act("national:bulletin_item_act", COUNCIL, (), **step("up")),
]


def add_bulletin(world: "World") -> None:
    """One that is public."""
    made = BulletinFactory(body=world.organisations[NATIONAL])
    bulletins.publish(bulletin=made, version=made.version, by=None)
    item = made.items.get()
    world.words |= {"bulletin": made.reference, "bulletin item": str(item.pk)}

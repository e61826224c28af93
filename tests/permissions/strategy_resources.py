"""The rows of the permission table for guidance and good practice."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.services import resources
from tests.factories.strategy_resources import PracticeFactory, ResourceFactory
from tests.permissions.rows import (
    BODY,
    COUNCIL,
    COUNCIL_MANAGER,
    COUNCIL_SPOC,
    NATIONAL,
    OPERATOR,
    Row,
    act,
    form,
    page,
    public,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

WRITERS, SECRETARY = {COUNCIL_SPOC, COUNCIL_MANAGER}, {Role.SECRETARY}
DRAFT: Any = {"parts": {"reference": "@draft practice"}}
SENT: Any = {"parts": {"reference": "@sent practice"}}
PUBLISHED: Any = {"parts": {"reference": "@published guidance"}}


def step(name: str, where: Any) -> Any:
    return {"parts": {**where["parts"], "act": name}}


STRATEGY_RESOURCES: list[Row] = [
    *public("strategy:resources"),
    *public("strategy:resources_csv"),
    *public("strategy:resources_json"),
    *public("strategy:resource", **PUBLISHED),
    *public("strategy:resource", 404, **SENT),
    *public("strategy:resource_version", parts={**PUBLISHED["parts"], "number": 1}),
    *page("national:resources", COUNCIL),
    *page("national:resources", OPERATOR),
    *page("national:resources", NATIONAL),
    *page("national:resources", BODY, ()),
    *form("national:resource_new", COUNCIL, WRITERS),
    *form("national:resource_new", NATIONAL, SECRETARY),
    *page("national:resource_new", BODY, ()),
    *act("national:resources_shipped", NATIONAL, SECRETARY),
    *page("national:resource", COUNCIL, **DRAFT),
    *page("national:resource", NATIONAL, **SENT),
    *page("national:resource", NATIONAL, (), refused=404, **DRAFT),
    *page("national:resource", OPERATOR, (), refused=404, **SENT),
    *form("national:resource_change", COUNCIL, WRITERS, **DRAFT),
    *form("national:resource_change", NATIONAL, SECRETARY, **PUBLISHED),
    *act("national:resource_drop", COUNCIL, WRITERS, **SENT),
    *act("national:resource_submit", COUNCIL, WRITERS, 409, **SENT),
    *form("national:resource_act", NATIONAL, SECRETARY, **step("publish", SENT)),
    *form("national:resource_act", NATIONAL, SECRETARY, **step("return", SENT)),
    *page("national:resource_act", NATIONAL, SECRETARY, 409, **step("withdraw", SENT)),
    *form("national:resource_act", NATIONAL, SECRETARY, **step("withdraw", PUBLISHED)),
    *page("national:resource_act", COUNCIL, (), **step("publish", SENT)),
]


def add_resources(world: "World") -> None:
    """The council drafted one example and sent another in; the national body published guidance."""
    council = world.organisations[COUNCIL]
    draft, sent = PracticeFactory(organisation=council), PracticeFactory(organisation=council)
    resources.submit(resource=sent, version=sent.version, by=None)
    guidance = ResourceFactory(organisation=world.organisations[NATIONAL])
    resources.publish(resource=guidance, version=guidance.version, by=None)
    world.words |= {
        "draft practice": draft.reference,
        "sent practice": sent.reference,
        "published guidance": guidance.reference,
    }

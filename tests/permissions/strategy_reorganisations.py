"""The rows of the permission table for reorganisations."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.models import Reorganisation
from tests.factories.accounts import OrganisationFactory
from tests.factories.strategy_reorganisations import ReorganisationFactory
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

BOSS = {Role.ADMINISTRATOR}
OPEN: Any = {"parts": {"reference": "@rehearsed reorganisation"}}
DONE: Any = {"parts": {"reference": "@done reorganisation"}}

STRATEGY_REORGANISATIONS: list[Row] = [
    *page("national:reorganisations", NATIONAL, BOSS),
    *page("national:reorganisations", BODY, ()),
    *page("national:reorganisations", COUNCIL, ()),
    *page("national:reorganisations", OPERATOR, ()),
    *form("national:reorganisation_new", NATIONAL, BOSS),
    *form("national:reorganisation_file", NATIONAL, BOSS),
    *page("national:reorganisation_new", COUNCIL, ()),
    *page("national:reorganisation", NATIONAL, BOSS, **OPEN),
    *page("national:reorganisation", NATIONAL, BOSS, **DONE),
    *page("national:reorganisation", COUNCIL, (), **OPEN),
    *page("national:reorganisation_csv", NATIONAL, BOSS, **OPEN),
    *page("national:reorganisation_csv", NATIONAL, BOSS, 409, **DONE),
    *form("national:reorganisation_change", NATIONAL, BOSS, **OPEN),
    *page("national:reorganisation_change", NATIONAL, BOSS, 409, **DONE),
    *form("national:reorganisation_confirm", NATIONAL, BOSS, **OPEN),
    *page("national:reorganisation_confirm", NATIONAL, BOSS, 409, **DONE),
    *act("national:reorganisation_withdraw", NATIONAL, BOSS, **OPEN),
    *act("national:reorganisation_withdraw", NATIONAL, BOSS, 409, **DONE),
]


def add_reorganisations(world: "World") -> None:
    """The national body has one that is rehearsed and one that is done."""
    body = world.organisations[NATIONAL]
    rehearsed = ReorganisationFactory(body=body, council=OrganisationFactory())
    done = ReorganisationFactory(body=body, council=OrganisationFactory(), status=Reorganisation.Status.DONE)
    world.words |= {"rehearsed reorganisation": rehearsed.reference, "done reorganisation": done.reference}

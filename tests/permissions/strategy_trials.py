"""The rows of the permission table for trials and research."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from core.dates import today
from strategy.services import trials
from tests.factories.strategy_trials import TrialFactory
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

KEEPERS, PUBLISHERS = {COUNCIL_SPOC, COUNCIL_MANAGER}, {COUNCIL_SPOC}
DRAFT: Any = {"parts": {"reference": "@draft trial"}}
ANNOUNCED: Any = {"parts": {"reference": "@announced trial"}}


def step(name: str, where: Any = ANNOUNCED) -> Any:
    return {"parts": {**where["parts"], "act": name}}


STRATEGY_TRIALS: list[Row] = [
    *public("strategy:trials"),
    *public("strategy:trials_csv"),
    *public("strategy:trials_json"),
    *public("strategy:trial", **ANNOUNCED),
    *public("strategy:trial", 404, **DRAFT),
    *page("national:trials", COUNCIL),
    *page("national:trials", OPERATOR),
    *page("national:trials", NATIONAL),
    *page("national:trials", BODY, ()),
    *form("national:trial_new", COUNCIL, KEEPERS),
    *form("national:trial_new", NATIONAL, {Role.SECRETARY, Role.ADMINISTRATOR}),
    *page("national:trial_new", BODY, ()),
    *page("national:trial", COUNCIL, **DRAFT),
    *page("national:trial", OPERATOR, (), refused=404, **DRAFT),
    *form("national:trial_change", COUNCIL, KEEPERS, **DRAFT),
    *form("national:trial_change", COUNCIL, PUBLISHERS, **ANNOUNCED),
    *page("national:trial_change", OPERATOR, {Role.SCHEME_MANAGER, Role.SPOC, Role.POLICE_SPOC}, 404, **DRAFT),
    *act("national:trial_drop", COUNCIL, KEEPERS, **ANNOUNCED),
    *form("national:trial_act", COUNCIL, PUBLISHERS, **step("announce", DRAFT)),
    *form("national:trial_act", COUNCIL, PUBLISHERS, **step("evaluate")),
    *page("national:trial_act", COUNCIL, PUBLISHERS, 409, **step("decide")),
    *act("national:trial_act", COUNCIL, PUBLISHERS, 409, **step("decide")),
    *form("national:trial_act", COUNCIL, PUBLISHERS, **step("give-up")),
    *form("national:trial_act", COUNCIL, PUBLISHERS, **step("withdraw")),
    *page("national:trial_act", OPERATOR, {Role.SPOC, Role.POLICE_SPOC}, 404, **step("withdraw")),
]


def add_trials(world: "World") -> None:
    """The council has one that is drafted, and one that is announced and under way."""
    council = world.organisations[COUNCIL]
    draft = TrialFactory(organisation=council)
    begun = today() - dt.timedelta(days=1)
    announced = TrialFactory(organisation=council, starts_on=begun, ends_on=begun + dt.timedelta(days=9))
    trials.announce(trial=announced, version=announced.version, by=None)
    world.words |= {"draft trial": draft.reference, "announced trial": announced.reference}

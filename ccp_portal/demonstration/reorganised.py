"""A plan that was rehearsed and waits to be confirmed: two districts are to become one next spring."""

import datetime as dt

from accounts.models import Role
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.reorganisation_composing import Named, compose
from strategy.services import reorganisations


def make_reorganisation(world: World) -> None:
    """By the services that pages use. Nothing of the two districts changes."""
    vesting = dt.date(add_months(today(), 12).year, 4, 1)
    text = compose(
        kind="join",
        vesting=vesting,
        interim_until=add_months(vesting, 24),
        predecessors=[world.organisations["kelderwick"], world.organisations["harrowfen"]],
        successors=[Named("Kelder Vale", "Dyffryn Kelder")],
    )
    reorganisations.bring(body=world.organisations["board"], text=text, by=world.holder("board", Role.ADMINISTRATOR))

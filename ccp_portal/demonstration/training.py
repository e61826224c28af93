"""Training records of a council's people, accreditation asked for and given, and a council to practise in."""

import datetime as dt

from accounts.models import Kind, Role
from accounts.services.organisations import create_organisation
from accounts.services.people import add_membership
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.services import accreditations, staff

PEOPLE = (
    ("Ffion Made-Up", "Control room supervisor", (("sia_other", 200), ("vetting", 20), ("dbs", 500))),
    ("Idris Made-Up", "Control room operator", (("sia", -5), ("vetting", 80))),
    ("Nasreen Made-Up", "Control room operator", (("sia", 700), ("dbs", 300))),
)


def make_training(world: World) -> None:
    """By the services that pages use."""
    council, spoc = world.organisations["marlbridge"], world.holder("marlbridge", Role.SPOC)
    kept = []
    for name, post, records in PEOPLE:
        member = staff.enter(organisation=council, facts={"name": name, "post": post}, by=spoc)
        for kind, days in records:
            until = today() + dt.timedelta(days=days)
            staff.add_record(member=member, facts={"kind": kind, "until": until}, by=spoc)
        done = {"kind": "induction", "done_on": add_months(today(), -8)}
        staff.add_record(member=member, facts=done, by=spoc)
        kept.append(member)
    board, secretary = world.organisations["board"], world.holder("board", Role.SECRETARY)
    grounds = "Twelve years in control rooms, the last four as a supervisor."
    given = accreditations.apply(member=kept[0], body=board, level="manager", grounds=grounds, by=spoc)
    until = add_months(today(), 36)
    accreditations.decide(accreditation=given, grant=True, until=until, reason="", version=given.version, by=secretary)
    grounds = "Two years as an operator; induction and camera law."
    accreditations.apply(member=kept[2], body=board, level="operator", grounds=grounds, by=spoc)
    _make_practice(world)


def _make_practice(world: World) -> None:
    """A council that nobody outside ever sees; the administrator of the board keeps it."""
    practice = create_organisation(
        kind=Kind.PRINCIPAL_AUTHORITY,
        name="Practice Borough Council",
        name_cy="Cyngor Bwrdeistref Ymarfer",
        nation="england",
        is_demonstration=True,
        is_training=True,
        by=None,
    )
    keeper = world.holder("board", Role.ADMINISTRATOR)
    add_membership(user=keeper, organisation=practice, role=Role.SPOC, by=None)
    member = staff.enter(organisation=practice, facts={"name": "Nobody Real", "post": "Operator"}, by=keeper)
    staff.add_record(member=member, facts={"kind": "sia", "until": add_months(today(), 2)}, by=keeper)

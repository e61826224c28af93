"""What the certification bodies know of their auditors: who is competent for what, and one tie to an operator."""

import datetime as dt
from typing import Any

from accounts.models import Role
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from certification.services.competences import record_competence
from certification.services.interests import record_interest
from compliance.models.vocabulary import Technology
from core.dates import add_months, today

Record = dict[str, Any]
ENDS_SOON = dt.timedelta(days=60)


def record_impartiality(world: World) -> None:
    """From the keys `competence` and `interests` of the people of a body."""
    for body in data.other_organisations():
        for person in body["people"]:
            if person["role"] == Role.AUDITOR:
                _competences(world, body, person)
            for interest in person.get("interests", []):
                _interest(world, body, person, interest)


def _competences(world: World, body: Record, person: Record) -> None:
    """In every technology; the one named `ends_soon` has to be shown anew before long."""
    for technology in Technology.values:
        ends_soon = person.get("ends_soon") == technology
        record_competence(
            body=world.organisations[body["key"]],
            auditor=world.people[person["email"]],
            technology=technology,
            basis=body["competence"],
            starts_on=add_months(today(), -24),
            ends_on=today() + ENDS_SOON if ends_soon else None,
            by=world.holder(body["key"], Role.BODY_MANAGER),
        )


def _interest(world: World, body: Record, person: Record, interest: Record) -> None:
    record_interest(
        body=world.organisations[body["key"]],
        person=world.people[person["email"]],
        operator=world.organisations[interest["in"]],
        kind=interest["kind"],
        note=interest["note"],
        starts_on=add_months(today(), -36),
        ends_on=add_months(today(), -interest["months_ago"]),
        by=world.holder(body["key"], Role.BODY_MANAGER),
    )

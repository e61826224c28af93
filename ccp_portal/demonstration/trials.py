"""A trial that is announced, and one that was evaluated and decided."""

import datetime as dt
from typing import Any

from accounts.models import Role
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.models import Trial
from strategy.services import trials

PLANNED: dict[str, Any] = {
    "kind": "trial",
    "technology": "analytics",
    "title": "Counting people on Market Street",
    "title_cy": "",
    "purpose": "Whether counts of people help to decide how many stewards are needed on market days.",
    "place": "Market Street and Fish Row, Marlbridge",
    "partners": "Example Analytics Ltd",
    "legal_basis": "public_task",
    "law": "Criminal Justice and Public Order Act 1994, section 163.",
    "watchlist": "",
    "told": "A sign with a telephone number at both ends of each street, and a notice in the library.",
    "success": "Counts that are right to one in ten on four market days, checked by hand, and no picture kept.",
    "dpia_words": "It is being written and will be published before the first day.",
    "equality_words": "None: nobody is told apart from anybody else.",
}
DECIDED: dict[str, Any] = {
    "kind": "trial",
    "technology": "later_faces",
    "title": "Searching recordings of one night for one missing person",
    "title_cy": "",
    "purpose": "Whether a search by face finds a missing person sooner than people who watch the recordings.",
    "place": "Recordings of council cameras in the town centre of Marlbridge, one night",
    "partners": "Marlbridge Borough Council",
    "legal_basis": "law_enforcement",
    "law": "Data Protection Act 2018, Part 3; the common law power to protect life.",
    "watchlist": "One picture of the missing person, given by the family, erased once the person was found.",
    "told": "Notice on the websites of police and council, afterwards, since the recordings were made before.",
    "success": "Found sooner than by watching, by the clock, with every wrong match counted.",
    "dpia_words": "Published at the police.",
    "equality_words": "Published at the police.",
}
WELSH = ("purpose_cy", "place_cy", "law_cy", "watchlist_cy", "told_cy", "success_cy")
NOTHING: dict[str, Any] = {**dict.fromkeys(WELSH, ""), "dpia": None, "equality": None}


def make_trials(world: World) -> None:
    """By the services that pages use."""
    council, spoc = world.organisations["marlbridge"], world.holder("marlbridge", Role.SPOC)
    days = _days(add_months(today(), 1), 28)
    ahead = trials.enter(organisation=council, facts={**NOTHING, **PLANNED, **days}, by=spoc)
    trials.announce(trial=ahead, version=ahead.version, by=spoc)

    force, police = world.organisations["norwold"], world.holder("norwold", Role.POLICE_SPOC)
    days = _days(add_months(today(), -6), 6)
    past = trials.enter(organisation=force, facts={**NOTHING, **DECIDED, **days}, by=police)
    trials.announce(trial=past, version=past.version, by=police)
    found = {
        "evaluation": "It named the right person first in 2 of 3 searches and named 41 others wrongly. Watching took"
        " four hours longer.",
        "evaluation_cy": "",
        "evaluation_url": "",
        "evaluated_on": add_months(today(), -5),
        "evaluated_by": "University of Norwold",
    }
    trials.evaluate(trial=past, facts=found, version=_version(past), by=police)
    decision = {
        "choice": "try_again",
        "decision": "41 wrong matches are too many to act on. It is tried again once every match is looked at twice.",
        "decision_cy": "",
        "decided_on": add_months(today(), -4),
        "decided_by": "Assistant Chief Constable",
    }
    trials.decide(trial=past, facts=decision, version=_version(past), by=police)


def _days(first: dt.date, long: int) -> dict[str, dt.date]:
    last = first + dt.timedelta(days=long)
    return {"starts_on": first, "ends_on": last, "evaluation_due_on": add_months(last, 2)}


def _version(trial: Trial) -> int:
    return Trial.objects.values_list("version", flat=True).get(pk=trial.pk)

"""A consultation that takes answers: the public has begun to give them, the police have it waiting."""

import datetime as dt
from typing import Any

from accounts.models import Organisation, Role
from ccp_portal.demonstration.people import World
from compliance.models import Camera
from compliance.services import consultations
from compliance.services.consultation_answers import Given, respond
from core.dates import today

Record = dict[str, Any]


def make_consultation(world: World, authority: Record) -> None:
    """What the authority's file says under `consultation`; nothing where it says nothing."""
    wanted = authority.get("consultation")
    if not wanted:
        return
    operator = Organisation.objects.get(slug=authority["key"])
    spoc = world.holder(authority["key"], Role.SPOC)
    questions = [{"text": text, "kind": "choice"} for text in wanted["choices"]]
    questions += [{"text": text, "kind": "text"} for text in wanted["words"]]
    opens_on, closes_on = (today() + dt.timedelta(days=day) for day in wanted["days"])
    texts = {"title": wanted["title"], "summary": wanted["summary"], "questions": questions}
    camera = Camera.objects.get(system__operator=operator, location=wanted["location"])
    made = consultations.draft(
        organisation=operator, values=texts | {"opens_on": opens_on, "closes_on": closes_on}, cameras=[camera], by=spoc
    )
    consultations.open_consultation(consultation=made, by=spoc)
    for given in wanted["answers"]:
        respond(consultation=made, given=Given(**given))

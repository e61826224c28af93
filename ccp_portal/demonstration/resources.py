"""The shipped guidance, published by the board, and one example of good practice that a council told of."""

from typing import Any

from accounts.models import Role
from ccp_portal.demonstration.people import World
from strategy.models import Resource
from strategy.services import resources

PRACTICE: dict[str, Any] = {
    "title": "Looking at each camera once a year",
    "title_cy": "",
    "summary": "Nobody could say why some of the cameras in our car parks were still there.",
    "summary_cy": "",
    "text": "Once a year two people walk to each camera with its purpose and the figures of the year in hand."
    " A camera without a purpose that still stands is proposed for removal, and people nearby are asked.",
    "text_cy": "",
    "outcome": "Four cameras of 31 were taken down in the first year, and two were moved. No complaint followed.",
    "outcome_cy": "",
    "url": "",
    "post": "CCTV manager",
    "principles": [1, 2, 10],
    "technology": "cctv",
    "topic": "assessment",
}


def make_resources(world: World) -> None:
    """By the services that pages use."""
    board, secretary = world.organisations["board"], world.holder("board", Role.SECRETARY)
    resources.take_shipped(body=board, by=secretary)
    for each in Resource.objects.filter(organisation=board).order_by("-pk"):
        resources.publish(resource=each, version=each.version, by=secretary)
    council, spoc = world.organisations["marlbridge"], world.holder("marlbridge", Role.SPOC)
    told = resources.write(organisation=council, facts=PRACTICE, by=spoc)
    resources.submit(resource=told, version=told.version, by=spoc)
    told.refresh_from_db()
    resources.publish(resource=told, version=told.version, by=secretary)

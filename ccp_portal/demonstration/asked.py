"""What made-up people of the public asked: one was answered and agreed that it is public, one waits, in Welsh."""

import secrets

from ccp_portal.demonstration.people import World
from compliance.models import CameraSystem
from transparency.services.enquiries import Asked, receive
from transparency.services.enquiry_desk import answer
from transparency.services.publish_question import publish_question
from transparency.services.subscriptions import subscribe

QUESTION = "Your answer says that the cameras are reviewed every year. Who sees the result of a review?"
REPLY = "Every review goes to the Community Safety Committee in public. The papers are on our website within a week."
QUESTION_CY = "Pam mae camera newydd wrth y llyfrgell, a phwy sy'n cael gweld y lluniau?"


def ask(world: World) -> None:
    """After everything is published: a question and its reply stand beside answers that the public reads."""
    marlbridge, helyg = world.organisations["marlbridge"], world.organisations["helyg"]
    spoc = world.holder("marlbridge", "spoc")
    asked = Asked(kind="principle", principle=2, text=QUESTION, token=_token(), may_publish=True)
    enquiry = receive(
        organisation=marlbridge,
        system=CameraSystem.objects.get(pk=world.systems["marlbridge-centre"].pk),
        asked=asked,
        address="",
    )
    answer(enquiry=enquiry, text=REPLY, post="Community Safety Manager", outcome="", by=spoc)
    publish_question(enquiry=enquiry, question=QUESTION, reply=REPLY, by=spoc)
    receive(
        organisation=helyg,
        system=None,
        asked=Asked(kind="question", text=QUESTION_CY, token=_token(), place="Y Stryd Fawr", language="cy"),
        address="",
    )
    subscribe(kind="authority", key=marlbridge.slug, email="resident@marlbridge.example", language="en")


def _token() -> str:
    """Of the length of those that the form makes; nobody knows it, so nobody follows these."""
    return secrets.token_urlsafe(24)

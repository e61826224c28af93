"""What members ask one another, who offers help, and a council's copy of a model document."""

from accounts.models import Role
from ccp_portal.demonstration.people import World
from strategy import model_documents
from strategy.models import MemberQuestion
from strategy.models.resources import Topic
from strategy.services import member_questions
from strategy.services.model_documents import copy_model


def make_colleagues(world: World) -> None:
    """By the services that pages use."""
    marlbridge, spoc = world.organisations["marlbridge"], world.holder("marlbridge", Role.SPOC)
    thornhaven, colleague = world.organisations["thornhaven"], world.holder("thornhaven", Role.SPOC)
    helyg, welsh = world.organisations["helyg"], world.holder("helyg", Role.SPOC)
    norwold, police = world.organisations["norwold"], world.holder("norwold", Role.POLICE_SPOC)
    member_questions.offer_help(
        organisation=thornhaven,
        topics=[Topic.CONTROL_ROOM, Topic.SYSTEMS],
        note="We moved a control room in 2024 and watch for a neighbour.",
        by=colleague,
    )
    member_questions.offer_help(
        organisation=norwold, topics=[Topic.POLICE], note="Agreements and requests for footage.", by=police
    )
    masks = member_questions.ask(
        organisation=marlbridge,
        topic=Topic.PRIVACY,
        title="How do you keep the masks of windows when a dome is replaced?",
        text="After a repair two of ours had lost them, and nobody saw it for a week.",
        by=spoc,
    )
    member_questions.answer(
        question=masks,
        organisation=thornhaven,
        text="The maintainer sends a still of each masked view with the job sheet. We sign it beside the old one.",
        by=colleague,
    )
    member_questions.mark(question=masks, status=MemberQuestion.Status.ANSWERED, by=spoc)
    member_questions.ask(
        organisation=helyg,
        topic=Topic.CONTROL_ROOM,
        title="Who has shared a control room across a county boundary?",
        text="",
        by=welsh,
    )
    model = model_documents.models()["privacy_notice"]
    copy_model(model=model, system=world.systems["marlbridge-centre"], language="en", by=spoc)

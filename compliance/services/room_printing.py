"""The cards of control rooms on paper: printed by a worker when asked for, of exactly what stands there."""

from django.db import transaction
from django.utils.translation import override

from compliance import frozen
from compliance.models import ControlRoom
from compliance.room_cards import LANGUAGE, card_of, card_pdf
from compliance.services import printing
from core import jobs
from core.dates import today

PRINT_CARD = "compliance.print_room_card"


def card_name(room: ControlRoom) -> str:
    """Where the card of what stands there now lies once it is printed. Two queries."""
    with override(LANGUAGE):
        return _name(room, card_of(room))


def _name(room: ControlRoom, card: dict[str, object]) -> str:
    return f"copies/rooms/{room.reference}/card-{frozen.digest(frozen.canonical(card))}.pdf"


@transaction.atomic
def ask_for_card(room: ControlRoom) -> None:
    """Promise the card unless it is there or promised. Nothing of the record changes by it."""
    arguments = {"room_id": room.pk}
    under_way = jobs.Job.objects.open().filter(kind=PRINT_CARD)
    asked = any(job.arguments == arguments for job in under_way.order_by("pk"))
    if not asked and not printing.find_copy(card_name(room)):
        jobs.promise(PRINT_CARD, arguments)


def print_card(room_id: int) -> None:
    """Print the card as it stands, unless exactly that is there: harmless when begun again."""
    room = ControlRoom.objects.select_related("organisation").get(pk=room_id)
    with override(LANGUAGE):
        card = card_of(room)
    name = _name(room, card)
    if not printing.find_copy(name):
        printing.keep_copy(name=name, pdf=card_pdf(card, on=today()))

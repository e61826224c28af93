"""Rows of the permission table: which cameras see a place, for police and partners, and control rooms."""

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Role
from compliance.services.control_rooms import add_room, choose_room
from compliance.services.room_printing import card_name
from core.dates import today
from tests.permissions.rows import OPERATOR, PEOPLE, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
READERS = {Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.POLICE_SPOC}
ROOM: Any = {"of": "control room"}
SEARCH = {"place": "Market Street", "metres": "200", "reason": "Incident 12"}

FINDER: list[Row] = [
    *page("compliance:finder", OPERATOR),
    *act("compliance:finder", OPERATOR, PEOPLE[OPERATOR], 200, sent=SEARCH),
    *act("compliance:finder", OPERATOR, PEOPLE[OPERATOR], 422, sent=SEARCH | {"reason": ""}),
    *page("compliance:finder_log", OPERATOR, READERS),
    *page("compliance:rooms", OPERATOR),
    *form("compliance:room_new", OPERATOR, MANAGERS),
    *act("compliance:room_new", OPERATOR, MANAGERS, sent={"name": "Guildhall", "version": "0"}),
    *page("compliance:room_card", OPERATOR, **ROOM),
    *act("compliance:room_card", OPERATOR, PEOPLE[OPERATOR], **ROOM),
    *page("compliance:room_card_pdf", OPERATOR, **ROOM),
    *form("compliance:room_edit", OPERATOR, MANAGERS, **ROOM),
    *act("compliance:room_edit", OPERATOR, MANAGERS, **ROOM, sent={"name": "Town hall", "version": "1"}),
    *act("compliance:room_edit", OPERATOR, MANAGERS, 409, **ROOM, sent={"name": "Town hall", "version": "0"}),
    *form("compliance:room_choose", OPERATOR, MANAGERS, of="published system"),
]


def add_finder(world: "World") -> None:
    """A control room that watches the published system, and its card as if it was printed."""
    spoc = world.people[Role.SPOC]
    room = add_room(organisation=world.operator, values={"name": "Control room"}, by=spoc)
    choose_room(system=world.records["published system"], room=room, starts_on=today(), by=spoc)
    world.records["control room"] = room
    default_storage.save(card_name(room), ContentFile(b"%PDF-1.7\n"))

"""Who may do what at the addresses of enquiries, and the records that they need."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from tests.factories.enquiries import enquiry
from tests.permissions.rows import NATIONAL, OPERATOR, Row, act, entrance, form, page, public
from transparency.services.enquiry_desk import answer

if TYPE_CHECKING:
    from tests.permissions.world import World

SPOC = {Role.SPOC}
DRAFTERS = {Role.SCHEME_MANAGER, Role.SPOC}
READERS = {*DRAFTERS, Role.DPO}
OF_NATIONAL = {Role.ADMINISTRATOR, Role.SECRETARY}
OPEN: Any = {"of": "open enquiry", "first": frozenset(READERS)}
DONE: Any = {"of": "answered enquiry", "first": frozenset(READERS)}
REPLY = {"text": "For the bus.", "post": "CCTV manager"}
REFERRAL = {**REPLY, "to": "police"}
TOKEN = {"token": "@private address"}

ENQUIRIES: list[Row] = [
    *page("publishing:enquiries", OPERATOR, READERS),
    *page("publishing:enquiries", NATIONAL, OF_NATIONAL),
    *form("publishing:enquiry_target", OPERATOR, SPOC),
    *act("publishing:enquiry_target", OPERATOR, SPOC, sent={"working_days": "10"}),
    *form("publishing:enquirer", OPERATOR, {Role.DPO}),
    *act("publishing:enquirer", OPERATOR, {Role.DPO}, 200, sent={"who": "ann@example.org", "look": "1"}),
    *page("publishing:enquirer", NATIONAL, {Role.ADMINISTRATOR}),
    *page("publishing:enquiry", OPERATOR, READERS, **OPEN),
    *act("publishing:enquiry_sort", OPERATOR, DRAFTERS, 422, **OPEN),
    *act("publishing:enquiry_sort", OPERATOR, DRAFTERS, **OPEN, sent={"kind": "footage"}),
    *act("publishing:enquiry_note", OPERATOR, DRAFTERS, 422, **OPEN),
    *act("publishing:enquiry_note", OPERATOR, DRAFTERS, **OPEN, sent={"note-text": "Ask the contractor."}),
    *act("publishing:enquiry_acknowledge", OPERATOR, SPOC, **OPEN),
    *act("publishing:enquiry_acknowledge", OPERATOR, SPOC, 409, **DONE),
    *act("publishing:enquiry_look_into", OPERATOR, SPOC, **OPEN),
    *act("publishing:enquiry_look_into", OPERATOR, SPOC, 409, **DONE),
    *form("publishing:enquiry_reply", OPERATOR, DRAFTERS, **OPEN),
    *act("publishing:enquiry_reply", OPERATOR, DRAFTERS, **OPEN, sent=REPLY),
    *act("publishing:enquiry_reply", OPERATOR, SPOC, **OPEN, sent={**REPLY, "send": "1"}),
    *page("publishing:enquiry_reply", OPERATOR, DRAFTERS, 409, **DONE),
    *form("publishing:enquiry_refer", OPERATOR, SPOC, **OPEN),
    *act("publishing:enquiry_refer", OPERATOR, SPOC, **OPEN, sent=REFERRAL),
    *page("publishing:enquiry_refer", OPERATOR, SPOC, 409, **DONE),
    *act("publishing:enquiry_forward", OPERATOR, SPOC, 422, **OPEN),
    *form("publishing:enquiry_question", OPERATOR, SPOC, **DONE),
    *act("publishing:enquiry_close", OPERATOR, SPOC, 409, **OPEN),
    *act("publishing:enquiry_close", OPERATOR, SPOC, **DONE),
    *public("transparency:ask"),
    *entrance("transparency:ask", "POST", signed_in=422, anonymous=422),
    *public("transparency:whose_camera"),
    *public("transparency:request_letter", 404),
    *public("transparency:request_letter_text", 404),
    *public("transparency:follow", parts=TOKEN),
    *public("transparency:follow", 404, parts={"token": "guessed"}),
    *entrance("transparency:follow", "POST", signed_in=422, anonymous=422, parts=TOKEN),
]


def add_enquiries(world: "World") -> None:
    """One that waits for its answer, one that has it."""
    world.words["private address"] = f"of-a-resident-of-{world.operator.slug}"
    world.records["open enquiry"] = enquiry(world.operator, token=world.words["private address"])
    answered = world.records["answered enquiry"] = enquiry(world.operator)
    answer(enquiry=answered, by=world.people[Role.SPOC], outcome="", **REPLY)

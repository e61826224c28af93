"""The rows of the permission table for agreements in force, those made in ink, and uptake."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from core.dates import today
from slas.services import ink
from slas.services.drafting import Frame, PartyWanted
from slas.terms import Terms
from tests.factories.slas import ClauseLibraryFactory
from tests.permissions.rows import (
    AGENCY,
    AGENCY_SPOC,
    BODY,
    COUNCIL,
    COUNCIL_SPOC,
    COUNCIL_SRO,
    NATIONAL,
    OPERATOR,
    Row,
    act,
    form,
    page,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

SPEAKS, SIGNS = {COUNCIL_SPOC}, {COUNCIL_SRO}
POLICE, SIGNATORY = {Role.POLICE_SPOC}, {Role.POLICE_SIGNATORY}
SIGNED: Any = {"of": "signed agreement"}
NEGOTIATED: Any = {"of": "negotiated agreement"}
INK: Any = {"of": "agreement in ink"}

SLAS_STANDING: list[Row] = [
    *page("slas:agreement_standing", COUNCIL, **SIGNED),
    *page("slas:agreement_standing", OPERATOR, **SIGNED),
    *page("slas:agreement_standing", AGENCY, (), refused=404, **SIGNED),
    *page("slas:agreement_standing", COUNCIL, answer=409, **NEGOTIATED),
    *form("slas:agreement_unchanged", COUNCIL, SPEAKS, **SIGNED),
    *form("slas:agreement_unchanged", OPERATOR, POLICE, **SIGNED),
    *form("slas:agreement_notice", COUNCIL, SIGNS, **SIGNED),
    *form("slas:agreement_notice", OPERATOR, SIGNATORY, **SIGNED),
    *page("slas:agreement_notice_back", COUNCIL, SIGNS, 409, **SIGNED),
    *form("slas:ink_new", COUNCIL, SPEAKS),
    *form("slas:ink_new", OPERATOR, POLICE),
    *form("slas:ink_new", AGENCY, {AGENCY_SPOC}),
    *page("slas:ink_new", BODY, ()),
    *page("slas:agreement_ink", COUNCIL, **INK),
    *page("slas:agreement_ink", OPERATOR, **INK),
    *page("slas:agreement_ink", AGENCY, (), refused=404, **INK),
    *page("slas:ink_file", OPERATOR, **INK),
    *page("slas:ink_file", AGENCY, (), refused=404, **INK),
    *page("slas:ink_change", COUNCIL, SPEAKS, 409, **INK),
    *form("slas:ink_confirm", OPERATOR, POLICE, **INK),
    *form("slas:ink_return", OPERATOR, POLICE, **INK),
    *page("slas:ink_return", COUNCIL, SPEAKS, 409, **INK),
    *page("slas:uptake", COUNCIL),
    *page("slas:uptake", OPERATOR),
    *page("slas:uptake", AGENCY),
    *page("slas:uptake", BODY, ()),
    *page("slas:uptake", NATIONAL, {Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY}),
    *page("slas:uptake_csv", COUNCIL),
    *page("slas:uptake_csv", BODY, ()),
    *page("slas:uptake_csv", NATIONAL, {Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY}),
    *act("slas:agreement_notice_back", COUNCIL, SIGNS, 409, **SIGNED),
    *act("slas:ink_change", COUNCIL, SPEAKS, 409, **INK),
    *act("slas:no_agreement_end", COUNCIL, SPEAKS, 404, parts={"word": 999999}),
    *form("slas:no_agreement", COUNCIL, SPEAKS),
    *form("slas:no_agreement", OPERATOR, POLICE),
]


def add_agreement_in_ink(world: "World") -> None:
    """What the council recorded and the operator has not confirmed."""
    ClauseLibraryFactory()
    council, day = world.organisations[COUNCIL], today()
    parties = [PartyWanted(council, "system_owner"), PartyWanted(world.operator, "data_recipient")]
    world.records["agreement in ink"] = ink.record_ink(
        organisation=council,
        frame=Frame("Signed in ink", "", False, frozenset({"cctv"}), parties, []),
        clause_set="main",
        facts=ink.InkFacts(day, "Director; Superintendent", "All cameras.", "", Terms(day, None, None, 3)),
        upload=SimpleUploadedFile("signed.txt", b"Signed by both."),
        by=None,  # type: ignore[arg-type]
    )

"""The rows of the permission table for drafting, negotiating and signing agreements.

The council drafts; the operator, a police force, is the other side, on which the SPOC for the police negotiates. The
operator's roles as an owner of cameras give it nothing here.
"""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from slas.models import Side
from tests.factories.slas import Table, drafted, negotiating, signed, signed_by_one, text_agreed
from tests.permissions.rows import (
    AGENCY,
    AGENCY_SPOC,
    BODY,
    COUNCIL,
    COUNCIL_MANAGER,
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

WORKS, SPEAKS, SIGNS = {COUNCIL_MANAGER, COUNCIL_SPOC}, {COUNCIL_SPOC}, {COUNCIL_SRO}
POLICE, SIGNATORY = {Role.POLICE_SPOC}, {Role.POLICE_SIGNATORY}
PURPOSE: Any = {"parts": {"key": "purpose"}}
REASON = {"reason": "For this reason."}
DRAFT, NEGOTIATED = {"of": "draft agreement"}, {"of": "negotiated agreement"}
AGREED, HALF, SIGNED = {"of": "agreed text"}, {"of": "agreement signed by one"}, {"of": "signed agreement"}
WORDS = {"version": 0, "text": "Own words.", "text_cy": "Geiriau eu hunain."}
SENT = 2  # the version of a clause once it was put before the other side
LATE = {"version": SENT + 1, "aims": "prevent"}
SETTLED = {"of": "settled agreement"}


def answers(name: str, **sent: Any) -> dict[str, Any]:
    """Parts of the address of one answer about the clause on purpose, and what is sent."""
    return {"parts": {"key": "purpose", "act": name}, "sent": {"version": SENT, **sent}}


def only_read(name: str, **more: Any) -> list[Row]:
    """A page that everybody of both parties reads; strangers do not find it."""
    return [*page(name, COUNCIL, **more), *page(name, OPERATOR, **more)]


SLAS = [
    *page("slas:agreements", COUNCIL),
    *page("slas:agreements", OPERATOR),
    *page("slas:agreements", AGENCY),
    *page("slas:agreements", BODY, ()),
    *page("slas:agreements", NATIONAL, ()),
    *form("slas:agreement_new", COUNCIL, WORKS),
    *form("slas:agreement_new", OPERATOR, POLICE),
    *form("slas:agreement_new", AGENCY, {AGENCY_SPOC}),
    *page("slas:agreement_new", BODY, ()),
    # One agreement: a draft is its drafter's alone
    *page("slas:agreement", COUNCIL, **DRAFT),
    *page("slas:agreement", OPERATOR, (), refused=404, **DRAFT),
    *only_read("slas:agreement", **NEGOTIATED),
    *only_read("slas:agreement", **SIGNED),
    *page("slas:agreement", AGENCY, (), refused=404, **SIGNED),
    *page("slas:agreement", BODY, (), refused=404, **SIGNED),
    *form("slas:agreement_change", COUNCIL, WORKS, **DRAFT),
    *page("slas:agreement_change", COUNCIL, WORKS, 409, **NEGOTIATED),
    *page("slas:agreement_send", COUNCIL, SPEAKS, **DRAFT),
    *act("slas:agreement_send", COUNCIL, SPEAKS, **DRAFT),
    *page("slas:agreement_send", COUNCIL, SPEAKS, 409, **NEGOTIATED),
    *page("slas:agreement_send", OPERATOR, POLICE, 409, **NEGOTIATED),
    *form("slas:agreement_abandon", COUNCIL, SPEAKS, **DRAFT),
    *act("slas:agreement_abandon", OPERATOR, POLICE, sent=REASON, **NEGOTIATED),
    *page("slas:agreement_abandon", OPERATOR, POLICE, 409, **SIGNED),
    # Clauses
    *page("slas:clauses", COUNCIL, **DRAFT),
    *page("slas:clauses", OPERATOR, (), refused=404, **DRAFT),
    *only_read("slas:clauses", **NEGOTIATED),
    *act("slas:clauses_accept", OPERATOR, POLICE, **NEGOTIATED),
    *act("slas:clauses_accept", COUNCIL, WORKS, 409, **DRAFT),
    *act("slas:clauses_propose", COUNCIL, WORKS, **NEGOTIATED),
    *act("slas:clauses_propose", OPERATOR, POLICE, 409, **SIGNED),
    *form("slas:clause_add", COUNCIL, WORKS, **DRAFT),
    *act("slas:clause_add", OPERATOR, POLICE, sent={**WORDS, "title": "Dogs"}, **NEGOTIATED),
    *only_read("slas:clause", **NEGOTIATED, **PURPOSE),
    *page("slas:clause", OPERATOR, (), refused=404, **DRAFT, **PURPOSE),
    *page("slas:clause_change", COUNCIL, WORKS, **DRAFT, **PURPOSE),
    *act("slas:clause_change", OPERATOR, POLICE, sent={"version": SENT, "aims": "prevent"}, **NEGOTIATED, **PURPOSE),
    *act("slas:clause_change", OPERATOR, POLICE, 409, sent=LATE, **SIGNED, **PURPOSE),
    *form("slas:clause_reword", COUNCIL, WORKS, **DRAFT, **PURPOSE),
    *act("slas:clause_reword", OPERATOR, POLICE, sent={**WORDS, "version": SENT}, **NEGOTIATED, **PURPOSE),
    *form("slas:clause_leave_out", COUNCIL, WORKS, **DRAFT, **PURPOSE),
    *act("slas:clause_leave_out", OPERATOR, POLICE, sent={**REASON, "version": SENT}, **NEGOTIATED, **PURPOSE),
    *act("slas:clause_discard", OPERATOR, POLICE, **NEGOTIATED, **PURPOSE),
    *act("slas:clause_discard", COUNCIL, WORKS, 409, **DRAFT, **PURPOSE),
    *page("slas:clause_answer", OPERATOR, POLICE, **NEGOTIATED, parts={"key": "purpose", "act": "accept"}),
    *act("slas:clause_answer", OPERATOR, POLICE, **NEGOTIATED, **answers("accept")),
    *act("slas:clause_answer", COUNCIL, WORKS, 422, **NEGOTIATED, **answers("accept")),
    *act("slas:clause_answer", OPERATOR, POLICE, **NEGOTIATED, **answers("reject", comment="Too wide.")),
    *act("slas:clause_answer", OPERATOR, POLICE, 422, **NEGOTIATED, **answers("reject")),
    *act("slas:clause_answer", OPERATOR, POLICE, 422, **NEGOTIATED, **answers("propose")),
    *act("slas:clause_answer", COUNCIL, WORKS, 422, **NEGOTIATED, **answers("withdraw")),
    # Private notes: a page of each side
    *only_read("slas:notes", **NEGOTIATED),
    *act("slas:notes", COUNCIL, WORKS, 422, **NEGOTIATED),
    *act("slas:notes", OPERATOR, POLICE, sent={"text": "Ours alone."}, **NEGOTIATED),
    *page("slas:notes", OPERATOR, (), refused=404, **DRAFT),
    # The whole text, signatures
    *page("slas:agreement_confirm", COUNCIL, SPEAKS, **SETTLED),
    *act("slas:agreement_confirm", OPERATOR, POLICE, 409, sent={"sha256": "0" * 64}, **SETTLED),
    *page("slas:agreement_confirm", COUNCIL, SPEAKS, 422, **NEGOTIATED),
    *page("slas:agreement_confirm", COUNCIL, SPEAKS, 409, **SIGNED),
    *only_read("slas:agreement_whole", **AGREED),
    *only_read("slas:agreement_text", **SIGNED),
    *page("slas:agreement_document", OPERATOR, answer=404, **SIGNED),  # no worker has made it yet
    *page("slas:agreement_document", COUNCIL, (), refused=404, **NEGOTIATED),
    *page("slas:agreement_text", AGENCY, (), refused=404, **SIGNED),
    *form("slas:agreement_sign", COUNCIL, SIGNS, **AGREED),
    *form("slas:agreement_sign", OPERATOR, SIGNATORY, **HALF),
    *page("slas:agreement_sign", OPERATOR, SIGNATORY, 302, **NEGOTIATED),
    *act("slas:agreement_sign", OPERATOR, SIGNATORY, 409, **SIGNED),
    *form("slas:agreement_reopen", COUNCIL, SPEAKS | SIGNS, **AGREED),
    *act("slas:agreement_reopen", OPERATOR, POLICE | SIGNATORY, sent=REASON, **HALF),
    *page("slas:agreement_reopen", OPERATOR, POLICE | SIGNATORY, 409, **SIGNED),
]


def add_agreements(world: "World") -> None:
    """An agreement between the council and the operator at each stage."""
    parties = {"council": world.organisations[COUNCIL], "force": world.operator}

    def settled() -> Table:
        table = negotiating(**parties)
        table.accept(Side.POLICE, "purpose", "retention_hold", "term_review")
        return table

    made = {
        "draft agreement": drafted,
        "negotiated agreement": negotiating,
        "agreed text": text_agreed,
        "agreement signed by one": signed_by_one,
        "signed agreement": signed,
    }
    for name, make in made.items():
        world.records[name] = make(**parties).again()
    world.records["settled agreement"] = settled().again()

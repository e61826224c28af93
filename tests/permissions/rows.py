"""What a row of the permission table says, and the few words in which the table is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Role

SIGN_IN = "sign in"  # the answer that leads to the sign-in page
Answer = int | str
NOTHING: Mapping[str, Any] = {}

# People whom no role alone describes.
ASSIGNED = "assigned auditor"  # of every application in the table that has got so far, without a conflict
HAD_PART = "decision maker who was the auditor before"
OWNER = "viewer who owns the action"
# Who holds at the agency what somebody else holds at the force.
AGENCY_SPOC, AGENCY_SIGNATORY = "police SPOC of the agency", "police signatory of the agency"
COUNCIL_MANAGER, COUNCIL_SPOC = "scheme manager of the council", "SPOC of the council"
COUNCIL_SRO, COUNCIL_VIEWER = "SRO of the council", "viewer of the council"

# Whose workspace the address is in. The operator is a police force: all roles of an operator can be held there. The
# agency is a police body that runs no cameras; the council is there for its agreements with that force.
OPERATOR, AGENCY, COUNCIL, BODY, NATIONAL = "operator", "agency", "council", "body", "national"
PEOPLE: Mapping[str, tuple[str, ...]] = {
    OPERATOR: (
        Role.CONTRIBUTOR,
        Role.SCHEME_MANAGER,
        Role.SPOC,
        Role.SRO,
        Role.DPO,
        Role.VIEWER,
        OWNER,
        Role.POLICE_SPOC,
        Role.POLICE_SIGNATORY,
    ),
    AGENCY: (AGENCY_SPOC, AGENCY_SIGNATORY),
    COUNCIL: (COUNCIL_MANAGER, COUNCIL_SPOC, COUNCIL_SRO, COUNCIL_VIEWER),
    BODY: (Role.BODY_MANAGER, Role.AUDITOR, ASSIGNED, Role.DECISION_MAKER, HAD_PART, Role.OBSERVER),
    NATIONAL: (Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY),
}


@dataclass(frozen=True)
class Row:
    """One address, one method, one prepared record, and the exact answer for everybody.

    `may` get `answer`; others of the organisation `refused`; people of no party `strangers`.
    """

    name: str
    method: str
    side: str
    may: frozenset[str]
    answer: Answer
    of: str = ""  # the record in the address, by its name in the world
    refused: Answer = 403
    but: Mapping[str, Answer] = field(default_factory=dict)  # people with an answer of their own
    strangers: Answer = 404
    anonymous: Answer = SIGN_IN
    administrator: Answer = 404
    superuser: Answer = 404
    first: frozenset[str] | None = None  # who passes the question that is asked before the record is looked for
    parts: Mapping[str, Any] = field(default_factory=dict)  # further parts of the address
    query: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)  # form values; a leading @ names a record

    def __str__(self) -> str:
        more = [self.side, self.of, *map(str, self.parts.values()), *self.sent]
        return " ".join(filter(None, [self.method, self.name, *more]))

    def of_member(self, who: str) -> Answer:
        """The answer for somebody of the organisation in the address."""
        return self.but.get(who, self.answer if who in self.may else self.refused)

    def of_member_without_record(self, who: str) -> Answer:
        """The answer for the same person when there is no such record in their organisation."""
        return 404 if self.first is None or who in self.first else self.refused


def page(name: str, side: str, may: Any = None, answer: Answer = 200, **more: Any) -> list[Row]:
    """A page to read; without `may` everybody of the organisation reads it."""
    return [Row(name, "GET", side, frozenset(PEOPLE[side] if may is None else may), answer, **more)]


def act(name: str, side: str, may: Any, answer: Answer = 302, **more: Any) -> list[Row]:
    """A POST, with all that it needs (302), at the wrong stage (409) or with something missing (422)."""
    return [Row(name, "POST", side, frozenset(may), answer, **more)]


def form(name: str, side: str, may: Any, **more: Any) -> list[Row]:
    """A page with a form: who may see it may send it; sent empty it is refused."""
    return [*page(name, side, may, **more), *act(name, side, may, 422, **more)]


def public(name: str, answer: Answer = 200, **more: Any) -> list[Row]:
    """A page for everybody, whoever asks."""
    return [everyone(name, "GET", signed_in=answer, anonymous=answer, **more)]


def personal(name: str, method: str = "GET", answer: Answer = 200, **more: Any) -> list[Row]:
    """A page or act of each person who is signed in."""
    return [everyone(name, method, signed_in=answer, anonymous=SIGN_IN, **more)]


def entrance(name: str, method: str, *, signed_in: Answer, anonymous: Answer, **more: Any) -> list[Row]:
    """Before or behind the door: what it answers depends only on whether somebody is signed in."""
    return [everyone(name, method, signed_in=signed_in, anonymous=anonymous, **more)]


def site(name: str, method: str = "GET", answer: Answer = 200, **more: Any) -> list[Row]:
    """For site administrators; everybody else who is signed in is refused."""
    return [Row(name, method, "", frozenset(), 403, strangers=403, administrator=answer, superuser=answer, **more)]


def everyone(name: str, method: str, *, signed_in: Answer, anonymous: Answer, **more: Any) -> Row:
    return Row(
        name,
        method,
        "",
        frozenset(),
        signed_in,
        strangers=signed_in,
        anonymous=anonymous,
        administrator=signed_in,
        superuser=signed_in,
        **more,
    )

"""The rows of the permission table for single points of contact and the declaration that there is no system."""

import hashlib
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.services import spoc_confirmation, spocs
from tests.permissions.rows import (
    AGENCY,
    BODY,
    COUNCIL,
    COUNCIL_SPOC,
    COUNCIL_SRO,
    NATIONAL,
    OPERATOR,
    Row,
    act,
    everyone,
    form,
    page,
    public,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

KEEPERS, OF_OPERATOR = {COUNCIL_SPOC, COUNCIL_SRO}, {Role.SPOC, Role.SRO}
RECEIVERS = {Role.SECRETARY, Role.ADMINISTRATOR}
LINK: Any = {"parts": {"token": "@spoc link"}}


def button(name: str) -> Any:
    return {"parts": {"act": name}}


STRATEGY_SPOCS: list[Row] = [
    *public("strategy:spocs"),
    *public("strategy:spocs_csv"),
    *public("strategy:spocs_json"),
    *public("strategy:spoc_confirm", **LINK),
    everyone("strategy:spoc_confirm", "POST", signed_in=422, anonymous=422, **LINK),
    *public("strategy:spoc_confirm", 404, parts={"token": "guessed"}),
    *page("national:spoc", COUNCIL),
    *page("national:spoc", OPERATOR),
    *page("national:spoc", AGENCY, ()),
    *page("national:spoc", BODY, ()),
    *page("national:spoc", NATIONAL, ()),
    *form("national:spoc_name", COUNCIL, KEEPERS),
    *form("national:spoc_name", OPERATOR, OF_OPERATOR),
    *page("national:spoc_name", NATIONAL, ()),
    *form("national:spoc_change", COUNCIL, KEEPERS),
    *page("national:spoc_change", OPERATOR, OF_OPERATOR, 409),
    *page("national:spoc_end", COUNCIL, KEEPERS),
    *act("national:spoc_end", COUNCIL, KEEPERS),
    *act("national:spoc_end", OPERATOR, OF_OPERATOR, 409),
    *act("national:spoc_act", COUNCIL, KEEPERS, **button("tell")),
    *act("national:spoc_act", COUNCIL, KEEPERS, **button("publish")),
    *act("national:spoc_act", COUNCIL, KEEPERS, **button("withdraw")),
    *act("national:spoc_act", COUNCIL, KEEPERS, **button("ask")),
    *act("national:spoc_act", COUNCIL, KEEPERS, **button("keep")),
    *act("national:spoc_act", OPERATOR, OF_OPERATOR, 409, **button("tell")),
    *page("national:spocs", NATIONAL),
    *page("national:spocs", COUNCIL, ()),
    *page("national:spocs", BODY, ()),
    *page("national:spocs_csv", NATIONAL),
    *page("national:spocs_csv", COUNCIL, ()),
    *act("national:spocs_acknowledge", NATIONAL, RECEIVERS, 422),
    *act("national:spocs_acknowledge", COUNCIL, ()),
    *form("national:no_system", COUNCIL, {COUNCIL_SRO}),
    *page("national:no_system", OPERATOR, ()),
    *act("national:no_system_back", COUNCIL, {COUNCIL_SRO}, 409),
]


def add_spocs(world: "World") -> None:
    """The council named somebody and asked the mailbox; the operator named nobody."""
    details = spocs.Details(post="Head of community safety", email="safety@council.example.org")
    entry = spocs.name_spoc(organisation=world.organisations[COUNCIL], details=details, by=None)
    asked = spoc_confirmation.ask(entry=entry, by=None)
    world.records["spoc"] = entry
    token = world.words["spoc link"] = f"link-{entry.reference}"  # the real one stands in the mail alone
    asked.token_sha256 = hashlib.sha256(token.encode()).hexdigest()
    asked.save(update_fields=["token_sha256"])

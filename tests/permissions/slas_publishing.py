"""Who may do what at the addresses of publishing agreements, and the public ones."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from slas.services.redacting import set_redaction
from tests.factories.slas import signed
from tests.permissions.rows import (
    AGENCY,
    BODY,
    COUNCIL,
    COUNCIL_SPOC,
    OPERATOR,
    Row,
    act,
    form,
    page,
    public,
)
from transparency.services.publish_agreement import publish_agreement

if TYPE_CHECKING:
    from tests.permissions.world import World

SPEAKS, POLICE = {COUNCIL_SPOC}, {Role.POLICE_SPOC}
PUBLISHED: Any = {"of": "published agreement"}
SIGNED: Any = {"of": "signed agreement"}
NEGOTIATED: Any = {"of": "negotiated agreement"}
CLAUSE: Any = {"parts": {"key": "purpose"}}
REASON = {"reason": "For this reason."}
OPEN: Any = {"parts": {"reference": "@published agreement"}}

SLAS_PUBLISHING: list[Row] = [
    *page("publishing:agreement", COUNCIL, **PUBLISHED),
    *page("publishing:agreement", OPERATOR, **PUBLISHED),
    *page("publishing:agreement", AGENCY, (), refused=404, **PUBLISHED),
    *page("publishing:agreement", BODY, (), refused=404, **PUBLISHED),
    *page("publishing:agreement", COUNCIL, answer=409, **NEGOTIATED),
    *page("publishing:agreement_preview", OPERATOR, **PUBLISHED, parts={"language": "cy"}),
    *page("publishing:agreement_preview", COUNCIL, answer=404, **PUBLISHED, parts={"language": "fr"}),
    *form("publishing:agreement_clause", COUNCIL, SPEAKS, **PUBLISHED, **CLAUSE),
    *act("publishing:agreement_clause", OPERATOR, POLICE, sent={"reason": "operational"}, **PUBLISHED, **CLAUSE),
    *page("publishing:agreement_clause", OPERATOR, POLICE, 409, **NEGOTIATED, **CLAUSE),
    *act("publishing:agreement_show", COUNCIL, SPEAKS, **PUBLISHED, **CLAUSE),
    *act("publishing:agreement_show", OPERATOR, POLICE, 409, **NEGOTIATED, **CLAUSE),
    *act("publishing:agreement_publish", COUNCIL, SPEAKS, **SIGNED),
    *act("publishing:agreement_publish", OPERATOR, POLICE, **PUBLISHED),
    *act("publishing:agreement_publish", OPERATOR, POLICE, 409, **NEGOTIATED),
    *form("publishing:agreement_withdraw", COUNCIL, SPEAKS, **PUBLISHED),
    *act("publishing:agreement_withdraw", OPERATOR, POLICE, sent=REASON, **PUBLISHED),
    *page("publishing:agreement_withdraw", COUNCIL, SPEAKS, 404, **SIGNED),
    *public("transparency:agreements"),
    *public("transparency:agreement_uptake"),
    *public("transparency:agreement_uptake_force", parts={"force": "@operator"}),
    *public("transparency:agreement", **OPEN),
    *public("transparency:agreement_versions", **OPEN),
    *public("transparency:agreement_pdf", 404, **OPEN),  # no worker has made it
    *public("v1:agreement-list"),
    *public("v1:agreement-detail", **OPEN),
]


def add_published_agreements(world: "World") -> None:
    """An agreement between the council and the operator that is public, one clause withheld."""
    table = signed(council=world.organisations[COUNCIL], force=world.operator)
    record = {"agreement": table.agreement, "party": table.council, "by": table.spoc}
    set_redaction(**record, clause_key="retention_hold", reason="operational")
    publish_agreement(**record)
    world.records["published agreement"] = table.agreement
    world.words["published agreement"] = table.agreement.reference

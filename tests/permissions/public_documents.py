"""Who may do what at the addresses of publishing documents, and of publishing on a later day."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from tests.factories.documents import evidence_of, pdf_bytes, published_document
from tests.permissions.rows import OPERATOR, Row, act, form, page, public, site

if TYPE_CHECKING:
    from tests.permissions.world import World

SPOC = {Role.SPOC}
DOCUMENT: Any = {"of": "published document"}
FILE: Any = {"of": "file to publish", "parts": {"source": "evidence"}, "first": frozenset(SPOC)}
PUBLIC: Any = {"parts": {"organisation": "@operator", "code": "@document code"}}

PUBLIC_DOCUMENTS: list[Row] = [
    *page("publishing:documents", OPERATOR),
    *page("publishing:document_choose", OPERATOR, SPOC),
    *form("publishing:document_check", OPERATOR, SPOC, **FILE),
    *page("publishing:document", OPERATOR, **DOCUMENT),
    *form("publishing:document_summary", OPERATOR, SPOC, **DOCUMENT),
    *act("publishing:document_summary", OPERATOR, SPOC, **DOCUMENT, sent={"summary": "What it says."}),
    *form("publishing:document_withdraw", OPERATOR, SPOC, **DOCUMENT),
    *act("publishing:document_withdraw", OPERATOR, SPOC, **DOCUMENT, sent={"reason": "Old."}),
    *form("publishing:plan", OPERATOR, SPOC, of="published system"),
    *act("publishing:plan_withdraw", OPERATOR, SPOC, 409, of="published system"),
    *site("built_pages:failed"),
    *site("built_pages:again", "POST", 302),
    *public("transparency:document", **PUBLIC),
    *public("transparency:document_summary", 404, **PUBLIC),
    *public("transparency:document_file", **PUBLIC),
]


def add_public_documents(world: "World") -> None:
    """A public code of practice, and a file that could be published."""
    document = world.records["published document"] = published_document(organisation=world.operator)
    world.records["file to publish"] = evidence_of(world.operator, pdf_bytes())
    world.words["document code"] = document.reference.lower().removeprefix("pd-")

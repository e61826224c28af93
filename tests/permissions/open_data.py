"""Who may do what at the addresses of open data and feeds."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from tests.permissions.rows import BODY, Row, page, public
from tests.permissions.rows import OPERATOR as OPERATORS

if TYPE_CHECKING:
    from tests.permissions.world import World

OPERATOR: Any = {"organisation": "@operator"}
NOWHERE: Any = {"organisation": "nowhere"}

OPEN_DATA: list[Row] = [
    *public("transparency:open_data"),
    *public("transparency:open_data_columns"),
    *public("transparency:open_data_api"),
    *public("transparency:national_file", 503, parts={"name": "cameras.csv"}),  # no worker has built it
    *public("transparency:national_file", 404, parts={"name": "secrets.csv"}),
    *public("transparency:authority_data", parts=OPERATOR),
    *public("transparency:authority_data", 404, parts=NOWHERE),
    *public("transparency:authority_file", 503, parts={**OPERATOR, "name": "cameras.csv"}),
    *public("transparency:authority_file", 404, parts={**NOWHERE, "name": "cameras.csv"}),
    *public("transparency:changes", parts={"form": "atom"}),
    *public("transparency:changes", parts={"form": "json"}),
    *public("transparency:changes", 404, parts={"form": "exe"}),
    *public("transparency:authority_changes", parts={**OPERATOR, "form": "atom"}),
    *public("transparency:authority_changes", parts={**OPERATOR, "form": "json"}),
    *public("transparency:authority_changes", 404, parts={**NOWHERE, "form": "atom"}),
    *public("programs:robots"),
    *public("programs:sitemap"),
    *public("programs:sitemap_part", parts={"kind": "lists", "number": 1}),
    *public("programs:sitemap_part", 404, parts={"kind": "lists", "number": 9}),
    *public("v1:schema"),
    *public("v1:system-list"),
    *public("v1:system-detail", parts={"reference": "@system of the page"}),
    *public("v1:camera-list"),
    *public("v1:nothing", 404),
    *page("publishing:bundle", OPERATORS, {Role.SPOC, Role.DPO}, 302),  # no worker has made it yet
    *page("publishing:bundle", BODY, (), refused=404),
]


def add_open_data(world: "World") -> None:
    """The system whose page is published, as the API calls it."""
    world.words["system of the page"] = world.records["published system"].reference

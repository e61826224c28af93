"""The rows of the permission table for returns of agreements and what footage led to."""

from typing import TYPE_CHECKING

from accounts.models import Role
from core.dates import add_months, today
from slas import return_periods
from slas.models import Agreement
from slas.services import returns as services
from slas.services.returns import Given
from tests.factories.slas import Table, measured, signed
from tests.permissions.rows import (
    AGENCY,
    BODY,
    COUNCIL,
    COUNCIL_MANAGER,
    COUNCIL_SPOC,
    NATIONAL,
    OPERATOR,
    act,
    form,
    page,
)

if TYPE_CHECKING:
    from tests.permissions.world import World

WORKS, POLICE = {COUNCIL_MANAGER, COUNCIL_SPOC}, {Role.POLICE_SPOC}
COMPARES = {Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY}
HERE = {"of": "measured agreement"}
DRAFT = {**HERE, "parts": {"made": "@return being filled in"}}
SENT = {**HERE, "parts": {"made": "@return that was sent"}}

SLAS_RETURNS = [
    *page("slas:outcomes", COUNCIL),
    *page("slas:outcomes", OPERATOR),
    *page("slas:outcomes", AGENCY),
    *page("slas:outcomes", BODY, ()),
    *page("slas:outcomes", NATIONAL, COMPARES),
    *page("slas:outcomes_csv", NATIONAL, COMPARES),
    *page("slas:outcomes_csv", OPERATOR, ()),
    *page("slas:outcomes_csv", BODY, ()),
    *page("slas:returns", COUNCIL, **HERE),
    *page("slas:returns", OPERATOR, **HERE),
    *page("slas:returns", AGENCY, (), refused=404, **HERE),
    *page("slas:returns", COUNCIL, (), refused=404, of="negotiated agreement"),
    *act("slas:return_begin", COUNCIL, WORKS, **HERE),
    *act("slas:return_begin", OPERATOR, POLICE, **HERE),
    *page("slas:return_template", COUNCIL, **HERE),
    *page("slas:return_template", OPERATOR, **HERE),
    *page("slas:return", COUNCIL, **DRAFT),
    *page("slas:return", OPERATOR, (), refused=404, **DRAFT),
    *act("slas:return", COUNCIL, WORKS, 422, **DRAFT),
    *page("slas:return", OPERATOR, **SENT),
    *form("slas:return_file", COUNCIL, WORKS, **DRAFT),
    *act("slas:return_judge", OPERATOR, POLICE, sent={"agree": "1", "version": "2"}, **SENT),
    *act("slas:return_judge", COUNCIL, WORKS, sent={"comment": "A word.", "version": "1"}, **SENT),
]


def add_returns(world: "World") -> None:
    """An agreement in force with a return that is being filled in and one that was sent."""
    table: Table = signed(council=world.organisations[COUNCIL], force=world.operator)
    start = add_months(today().replace(day=1), -15)
    Agreement.objects.filter(pk=table.agreement.pk).update(starts_on=start, ends_on=None, review_on=None)
    measured(table)
    agreement = world.records["measured agreement"] = table.again()
    (first, _), (second, _) = return_periods.periods_of(agreement)[:2]
    names = {first: "return being filled in", second: "return that was sent"}
    for starts_on, name in names.items():
        made = services.begin_return(agreement=agreement, party=table.council, starts_on=starts_on, by=table.spoc)
        made.agreement = agreement
        world.records[name] = made
        world.words[name] = made.reference
    sent = world.records["return that was sent"]
    explained = Given(figures={"evidence_standard": services.Figure(comment="Not counted.")})
    services.save_return(made=sent, party=table.council, given=explained, by=table.spoc, version=1)
    services.submit(made=sent, party=table.council, by=table.spoc)

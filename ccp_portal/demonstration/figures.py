"""Statistics of past years: what a control room counted, split by area, confirmed with a note."""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts.models import Role
from ccp_portal.demonstration.people import World
from compliance import periods
from compliance.services import statistics
from core.dates import today

Record = dict[str, Any]


def make_statistics(world: World, authority: Record) -> None:
    """The authority's years; those with a note are confirmed."""
    manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
    for wanted in authority.get("statistics", ()):
        this_year = periods.year_of(today())
        period = statistics.open_period(
            system=world.systems[wanted["system"]],
            length=periods.Length.YEAR,
            starts_on=dt.date(this_year.year - wanted["years_back"], this_year.month, 1),
            for_organisation=None,
            by=manager,
        )
        whole = {(key, "", ""): Decimal(str(value)) for key, value in wanted["figures"].items()}
        by_area = {
            (key, area, ""): Decimal(value)
            for key, areas in wanted.get("splits", {}).items()
            for area, value in areas.items()
        }
        period = statistics.save_figures(
            period=period, version=period.version, figures={**whole, **by_area}, by=manager
        )
        if "confirm" in wanted:
            seen = [remark.key for remark in statistics.checked(period).remarks]
            statistics.confirm(period=period, version=period.version, seen=seen, note=wanted["confirm"], by=manager)

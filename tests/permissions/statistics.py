"""Rows of the permission table: statistics of periods and disclosures as counts."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from compliance import periods
from compliance.services.kept_lists import keep_upload
from compliance.services.statistics import open_period, save_figures
from compliance.views.statistics_import import FiguresPreview
from core.dates import today
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
SYSTEM: Any = {"of": "published system"}
PERIOD: Any = {**SYSTEM, "parts": {"period": "@period"}}
SPLIT: Any = {**SYSTEM, "parts": {"period": "@period", "measure": "complaints"}}
LOOK: Any = {**SYSTEM, "parts": {"token": "@look at figures"}}
NOT_THE_UPLOADER: Any = {Role.SCHEME_MANAGER: 404}
MONTH: Any = {**SYSTEM, "parts": {"month": "2026-01"}}

STATISTICS: list[Row] = [
    *page("compliance:statistics", OPERATOR),
    *page("compliance:system_statistics", OPERATOR, **SYSTEM),
    *form("compliance:period_new", OPERATOR, MANAGERS, **SYSTEM),
    *form("compliance:statistics_import", OPERATOR, MANAGERS, **SYSTEM),
    *page("compliance:statistics_import_preview", OPERATOR, {Role.SPOC}, but=NOT_THE_UPLOADER, **LOOK),
    *act("compliance:statistics_import_preview", OPERATOR, {Role.SPOC}, but=NOT_THE_UPLOADER, **LOOK),
    *page("compliance:statistics_export", OPERATOR, **SYSTEM),
    *page("compliance:statistics_template", OPERATOR, **SYSTEM),
    *page("compliance:period", OPERATOR, **PERIOD),
    *page("compliance:period", OPERATOR, (), **SYSTEM, parts={"period": "ST-2222222"}, refused=404),
    *form("compliance:period_figures", OPERATOR, MANAGERS, **PERIOD),
    *page("compliance:period_split", OPERATOR, MANAGERS, **SPLIT),
    *act("compliance:period_split", OPERATOR, MANAGERS, 409, **SPLIT),
    *form("compliance:period_confirm", OPERATOR, MANAGERS, **PERIOD),
    *page("compliance:period_public", OPERATOR, **PERIOD),
    *page("compliance:disclosures", OPERATOR, **SYSTEM),
    *page("compliance:disclosures_month", OPERATOR, MANAGERS, **MONTH),
    *act("compliance:disclosures_month", OPERATOR, MANAGERS, **MONTH),
]


def add_statistics(world: "World") -> None:
    """The last whole year of the published system, with one figure."""
    system, spoc = world.records["published system"], world.people[Role.SPOC]
    year: dt.date = periods.before(periods.Length.YEAR, periods.year_of(today()))
    period = open_period(system=system, length="year", starts_on=year, for_organisation=None, by=spoc)
    save_figures(period=period, version=period.version, figures={("complaints", "", ""): Decimal(3)}, by=spoc)
    world.words["period"] = period.reference
    file = SimpleUploadedFile("figures.csv", b"measure,period,value\nfaults,2024/25,12\n")
    look = FiguresPreview(system.pk, spoc.pk, keep_upload(upload=file), "figures.csv")
    world.words["look at figures"] = look.token()

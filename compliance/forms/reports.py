"""The form that asks for a report."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from compliance.models import Report
from compliance.services.reports import OF_A_DAY, OF_ONE_SYSTEM
from core.dates import today
from core.errors import Text
from core.forms import GovukForm, HintedRadioSelect, offer_choices

YEARS = 8
ASKED_HERE = (
    Report.Kind.SUMMARY,
    Report.Kind.ANNUAL_REPORT,
    Report.Kind.CAMERA_LIST,
    Report.Kind.CLOSURE_IMPACT,
)
HINTS: Mapping[str, Text] = {
    Report.Kind.SUMMARY: _("One A4 page in plain words: what the cameras did, what they cost, what was decided."),
    Report.Kind.ANNUAL_REPORT: _("Statistics over years with charts and tables, reviews, decisions, availability."),
    Report.Kind.CAMERA_LIST: _("Each camera in use as the public may know it: at its own precision."),
    Report.Kind.CLOSURE_IMPACT: _("Requests served, outcomes, wards left dark, cost, and who else could watch."),
}


def year_choices(day: dt.date) -> list[tuple[str, str]]:
    """Years from April to March, the newest that has begun first."""
    newest = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return [(str(year), f"{year}/{(year + 1) % 100:02}") for year in range(newest, newest - YEARS, -1)]


class AskReportForm(GovukForm):
    """Which report, about what, of which year."""

    kind = forms.ChoiceField(
        label=_("Which report?"),
        choices=[(kind.value, capfirst(str(kind.label))) for kind in ASKED_HERE],
        widget=HintedRadioSelect(hints=HINTS),
    )
    system = forms.ChoiceField(
        label=_("Which system?"), help_text=_("A closure impact sheet is about one system."), required=False
    )
    year = forms.ChoiceField(
        label=_("Which year, April to March?"), help_text=_("The list of cameras is as of today."), required=False
    )

    mark_optional = False

    def __init__(self, *args: Any, systems: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "system", [("", _("All systems together")), *systems])
        offer_choices(self, "year", year_choices(today()))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind in OF_ONE_SYSTEM and not cleaned.get("system") and "system" not in self.errors:
            self.add_error("system", _("Choose the system whose closing is considered."))
        if kind and kind not in OF_A_DAY and not cleaned.get("year") and "year" not in self.errors:
            self.add_error("year", _("Choose a year."))
        return cleaned

    def period(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day of the chosen year."""
        if not (year := self.cleaned_data.get("year")):
            return None
        return dt.date(int(year), 4, 1), dt.date(int(year) + 1, 3, 31)

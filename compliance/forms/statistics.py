"""Forms of statistics: which period, its figures, what splits them, their confirmation, disclosures of a month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance import periods
from compliance.forms.fields import VersionField
from compliance.measures import MEASURES, Group, Measure, Unit, measures_of
from compliance.models import DisclosureCount
from compliance.statistics_checks import Figures, shown
from core.dates import add_months
from core.errors import Text
from core.forms import GovukForm, offer_choices, offer_rows

YEARS_BACK, MONTHS_BACK = 10, 24


class OpenPeriodForm(GovukForm):
    """Which year or month, and whose areas."""

    period = forms.ChoiceField(label=_("Which period?"))
    for_organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Whose areas?"),
        required=False,
        empty_label=_("our own"),
        help_text=_("What is watched for another council is counted apart."),
    )

    mark_optional = False

    def __init__(self, *args: Any, others: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "period", list(_periods(day)))
        offer_rows(self, "for_organisation", others)

    def chosen(self) -> tuple[str, dt.date]:
        length, _dot, start = self.cleaned_data["period"].partition(":")
        return length, dt.date.fromisoformat(start)


def _periods(day: dt.date) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    year = periods.year_of(day)
    years = [dt.date(year.year - back, year.month, 1) for back in range(YEARS_BACK)]
    months = [add_months(day.replace(day=1), -number) for number in range(MONTHS_BACK)]
    for legend, length, starts in (
        (_("Years, April to March"), periods.Length.YEAR, years),
        (_("Months"), periods.Length.MONTH, months),
    ):
        yield legend, [(f"{length}:{start.isoformat()}", periods.in_words(length, start)) for start in starts]  # type: ignore[misc]


class FigureField(forms.DecimalField):
    """A figure of a measure as people write it: 13,654 or £12,400.50 or 99.2 %. Empty is "not known", and no 0."""

    def __init__(self, measure: Measure, **kwargs: Any) -> None:
        super().__init__(
            label=_label(measure),
            required=False,
            min_value=0,
            max_value=measure.most,
            decimal_places=measure.decimals,
            widget=forms.TextInput(attrs={"inputmode": "decimal" if measure.decimals else "numeric"}),
            error_messages={
                "invalid": format_lazy(_("{label}: enter a figure, such as 120."), label=measure.label),
                "max_decimal_places": (
                    format_lazy(_("{label}: too many decimals."), label=measure.label)
                    if measure.decimals
                    else format_lazy(_("{label}: enter a whole number."), label=measure.label)
                ),
                "min_value": format_lazy(_("{label}: a figure cannot be less than 0."), label=measure.label),
                "max_value": format_lazy(_("{label}: the figure is too large."), label=measure.label),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs follow IntegerField
        text = str(value).strip() if value is not None else ""
        return super().to_python(text.replace(",", "").removeprefix("£").removesuffix("%").strip())


def _label(measure: Measure) -> Text:
    words = {Unit.PERCENT: _("{label} (%)"), Unit.POUNDS: _("{label} (£)"), Unit.DAYS: _("{label} (days)")}
    pattern = words.get(measure.unit)
    return format_lazy(pattern, label=measure.label) if pattern else measure.label


class FiguresForm(GovukForm):
    """Every measure of a period, with last year's figure and what the records say beside it."""

    version = VersionField(lowest=1)

    mark_optional = False
    groups = tuple((group.label, tuple(measure.key for measure in measures_of(group))) for group in Group)
    widths: ClassVar[Mapping[str, int]] = dict.fromkeys(MEASURES, 10)

    def __init__(
        self, *args: Any, last_year: Figures, records: Mapping[str, Decimal], last_name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for measure in MEASURES.values():
            hints = [measure.hint] if measure.hint else []
            if (value := last_year.get((measure.key, "", ""))) is not None:
                words = {"period": last_name, "value": shown(measure, value)}
                hints.append(format_lazy(_("{period}: {value}."), **words))
            if measure.key in records:
                value = records[measure.key]
                hints.append(format_lazy(_("From the records here: {value}."), value=shown(measure, value)))
            field = FigureField(measure)
            field.help_text = format_lazy(" ".join(["{}"] * len(hints)), *hints) if hints else ""
            self.fields[measure.key] = field

    def figures(self) -> dict[tuple[str, str, str], Decimal | None]:
        return {(key, "", ""): self.cleaned_data[key] for key in MEASURES}


class SplitRowForm(GovukForm):
    """One row of what splits a measure."""

    area = forms.CharField(label=_("Area"), max_length=120, required=False)
    category = forms.CharField(label=_("Category"), max_length=120, required=False)

    mark_optional = False

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        if not measure.by_area:
            del self.fields["area"]
        if not measure.by_category:
            del self.fields["category"]
        self.fields["value"] = FigureField(measure)
        self.fields["value"].label = _("Figure")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        named = cleaned.get("area") or cleaned.get("category")
        if "value" in cleaned and (cleaned["value"] is not None) != bool(named):
            self.add_error(
                "value" if named else next(iter(self.fields)),
                _("Enter the figure, or empty the row.") if named else _("Say of what this figure is."),
            )
        return cleaned

    def row(self) -> tuple[str, str, Decimal] | None:
        """None for an empty row."""
        value = self.cleaned_data.get("value")
        if value is None:
            return None
        return self.cleaned_data.get("area", ""), self.cleaned_data.get("category", ""), value


class ConfirmPeriodForm(GovukForm):
    """The note that readers get with the figures, and which remarks stood on the page."""

    version = VersionField(lowest=1)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    note = forms.CharField(
        label=_("Note for readers"),
        help_text=_("Why a figure is unlike last year's, what is not counted, what changed in how it is counted."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DisclosuresForm(GovukForm):
    """How often pictures were asked for in one month: by whom and what was decided; refusals by reason below."""

    mark_optional = False

    def __init__(self, *args: Any, counts: Mapping[tuple[str, str, str], int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for who in DisclosureCount.Recipient:
            for what in DisclosureCount.Decision:
                field = forms.IntegerField(
                    label=capfirst(what.label),
                    required=False,
                    min_value=0,
                    max_value=1_000_000,
                    widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"),
                        format_lazy(
                            _("{who}, {what}: enter a whole number."), who=capfirst(who.label), what=what.label
                        ),
                    ),
                )
                self.fields[f"{who}-{what}"] = field
                self.initial.setdefault(f"{who}-{what}", counts.get((who, what, "")))

    def counts(self) -> dict[tuple[str, str, str], int]:
        found = {}
        for name, count in self.cleaned_data.items():
            who, _dash, what = name.partition("-")
            if count:
                found[who, what, ""] = count
        return found


class RefusalForm(GovukForm):
    """Refusals for one reason, on a row of the month."""

    recipient = forms.ChoiceField(label=_("Asked for by"), choices=DisclosureCount.Recipient.choices, required=False)
    reason = forms.CharField(label=_("Reason of refusal"), max_length=120, required=False)
    count = forms.IntegerField(
        label=_("How many"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("count")) != bool(cleaned.get("reason")):
            self.add_error("reason", _("Enter both the reason and how many, or empty the row."))
        if cleaned.get("count") and not cleaned.get("recipient"):
            self.add_error("recipient", _("Choose who asked."))
        return cleaned

    def row(self) -> tuple[tuple[str, str, str], int] | None:
        """None for an empty row."""
        count = self.cleaned_data.get("count")
        if not count:
            return None
        key = (self.cleaned_data["recipient"], DisclosureCount.Decision.REFUSED.value, self.cleaned_data["reason"])
        return key, count


class FiguresFileForm(GovukForm):
    """A file of figures to look at; nothing is written before it was looked at."""

    file = forms.FileField(
        label=_("Your figures as CSV or Excel (XLSX)"), help_text=_("At most 25 MB."), allow_empty_file=True
    )

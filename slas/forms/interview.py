"""The interview of a clause as a form: one input for each structured field, with its unit and its range."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.forms.fields import VersionField
from core.forms import GovukForm, MemorableDateField
from slas.clause_files import NUMBERS, ClauseText, FieldText, local
from slas.forms.clauses import area
from slas.services.negotiation import REASON_LIMIT
from slas.wording import TEXT_FIELD_LIMIT

YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


class InterviewForm(GovukForm):
    """Made for one clause; what is not answered is left open, and the page of what is missing says so."""

    mark_optional = False
    version = VersionField(lowest=0)
    reason = area(
        gettext_lazy("Why you change it"),
        REASON_LIMIT,
        rows=3,
        required=False,
        help_text=gettext_lazy("The other side reads it."),
    )

    def __init__(self, *args: Any, clause: ClauseText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clause = clause
        for field in clause.fields:
            self.fields[field.key] = _input(field)
        self.order_fields([field.key for field in clause.fields])

    def raw(self) -> dict[str, Any]:
        """The answers as the service takes them."""
        return {field.key: self.cleaned_data.get(field.key) for field in self.clause.fields}

    @staticmethod
    def initial_of(clause: ClauseText, values: dict[str, Any], version: int) -> dict[str, Any]:
        found = dict(values)
        for field in clause.fields:
            if field.kind == "yes_no" and field.key in found:
                found[field.key] = "yes" if found[field.key] else "no"
        return {**found, "version": version}


def _input(field: FieldText) -> forms.Field:
    label, hint = local(field.label), " ".join(filter(None, [local(field.hint), _range(field), _condition(field)]))
    if field.kind == "date":
        return MemorableDateField(label=label, help_text=hint, required=False)
    if field.kind in NUMBERS:
        places = 0 if field.kind == "whole" else 2
        return forms.DecimalField(
            label=label,
            help_text=hint,
            required=False,
            max_digits=12,
            decimal_places=places,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal" if places else "numeric", "class": "govuk-input--width-10"}
            ),
        )
    if field.kind == "yes_no":
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=YES_NO, widget=forms.RadioSelect)
    choices = [(choice.key, capfirst(local(choice.name))) for choice in field.choices]
    if field.kind == "choice":
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices, widget=forms.RadioSelect)
    if field.kind == "several":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=label, help_text=hint, required=False, choices=choices, widget=widget)
    return forms.CharField(label=label, help_text=hint, required=False, max_length=TEXT_FIELD_LIMIT)


UNIT_NAMES = {
    "days": gettext_lazy("days"),
    "working_days": gettext_lazy("working days"),
    "hours": gettext_lazy("hours"),
    "minutes": gettext_lazy("minutes"),
    "weeks": gettext_lazy("weeks"),
    "months": gettext_lazy("months"),
    "years": gettext_lazy("years"),
    "times_a_year": gettext_lazy("times a year"),
}


def _range(field: FieldText) -> str:
    if field.kind not in NUMBERS:
        return ""
    low, high = (
        f"{number:,g}" if number < 1_000_000 else f"{int(number):,}"
        for number in (field.minimum or 0, field.maximum or 0)
    )
    if field.kind == "money":
        return _("In pounds, from %(low)s to %(high)s.") % {"low": low, "high": high}
    if field.kind == "percent":
        return _("In per cent, from %(low)s to %(high)s.") % {"low": low, "high": high}
    if field.unit in UNIT_NAMES:
        return _("In %(unit)s, from %(low)s to %(high)s.") % {"unit": UNIT_NAMES[field.unit], "low": low, "high": high}
    return _("From %(low)s to %(high)s.") % {"low": low, "high": high}


def _condition(field: FieldText) -> str:
    return _("Only where the answer above asks for it.") if field.only_if else ""

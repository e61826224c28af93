"""Forms by which a national body writes a strategy of its own, and names who leads a strand."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import hash_of_what_was_read
from core.forms import GovukForm, MemorableDateField, offer_choices
from core.yaml_reader import longest_of
from slas.forms.clauses import area
from strategy.measures import MEASURES
from strategy.models import Deliverable, Holder, Objective, Strand, Strategy


def _line(label: Any, model: Any, name: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest_of(model, name), **more)


def _text(label: Any, model: Any, name: str, rows: int, **more: Any) -> forms.CharField:
    return area(label, longest_of(model, name), rows=rows, **more)


class StrategyForm(GovukForm):
    mark_optional = True
    seen = hash_of_what_was_read()
    name = _line(_("Name"), Strategy, "name")
    name_cy = _line(_("Name in Welsh"), Strategy, "name_cy")
    owner = _line(_("Whose strategy is it?"), Strategy, "owner")
    owner_cy = _line(_("That in Welsh"), Strategy, "owner_cy")
    summary = _text(_("What is it?"), Strategy, "summary", 5)
    summary_cy = _text(_("What is it, in Welsh?"), Strategy, "summary_cy", 5)
    starts_on = MemorableDateField(label=_("First day"), required=False)
    ends_on = MemorableDateField(label=_("Last day"), required=False)
    as_of = _line(_("As of"), Strategy, "as_of", help_text=_("The day or year of the document, for example 2026."))
    source = _line(_("Source"), Strategy, "source", help_text=_("Where the document stands, and its paragraph."))

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["seen"]


class StrandForm(GovukForm):
    mark_optional = False
    seen = hash_of_what_was_read()
    name = _line(_("Name of the strand"), Strand, "name")
    name_cy = _line(_("Name in Welsh"), Strand, "name_cy")


class ObjectiveForm(GovukForm):
    mark_optional = True
    seen = hash_of_what_was_read()
    number = _line(_("Number"), Objective, "number", help_text=_("For example 5."))
    statement = _text(_("Objective"), Objective, "statement", 3)
    statement_cy = _text(_("Objective in Welsh"), Objective, "statement_cy", 3)
    strand = forms.ChoiceField(label=_("Strand"), required=False)

    def __init__(self, *args: Any, strategy: Strategy, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strands = [(each.key, each.local_name) for each in strategy.strands.all()]
        offer_choices(self, "strand", [("", _("None")), *strands])
        if not is_new:
            del self.fields["number"]


class DeliverableForm(GovukForm):
    mark_optional = True
    seen = hash_of_what_was_read()
    number = _line(_("Number"), Deliverable, "number")
    text = _text(_("Deliverable"), Deliverable, "text", 3)
    text_cy = _text(_("Deliverable in Welsh"), Deliverable, "text_cy", 3)
    success_measure = _text(_("How is success measured?"), Deliverable, "success_measure", 3)
    success_measure_cy = _text(_("That in Welsh"), Deliverable, "success_measure_cy", 3)
    contribution = _text(_("How does it help?"), Deliverable, "contribution", 3, required=False)
    contribution_cy = _text(_("How does it help, in Welsh?"), Deliverable, "contribution_cy", 3, required=False)
    target_on = MemorableDateField(label=_("Target date"), required=False)
    measure = forms.ChoiceField(
        label=_("Counted by"),
        required=False,
        help_text=_("The portal counts it each night from the records. Else it is known by reports alone."),
    )
    target_percent = forms.IntegerField(
        label=_("Target in per cent"),
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = [(key, capfirst(str(each.label))) for key, each in MEASURES.items()]
        offer_choices(self, "measure", [("", _("Nothing, by reports alone")), *counted])
        if not is_new:
            del self.fields["number"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("contribution") and not given.get("contribution_cy"):
            self.add_error("contribution_cy", _("Write it in Welsh, too: everybody reads it in both languages."))
        if given.get("target_percent") and not given.get("measure"):
            self.add_error("target_percent", _("A target in per cent needs a measure that counts it."))
        return given


class LeadForm(GovukForm):
    mark_optional = True
    name = _line(_("Name or post"), Holder, "name", help_text=_("Everybody reads it. A post outlasts a name."))
    body = _line(_("Organisation"), Holder, "body", required=False)
    as_of = _line(_("As of"), Holder, "as_of", help_text=_("Since when it is known, for example 3 March 2027."))

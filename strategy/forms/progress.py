"""What a strand lead reports about a deliverable."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import GovukForm, MemorableDateField, offer_choices
from slas.forms.clauses import area
from strategy.models import Deliverable
from strategy.services.progress import REASON_LIMIT, TEXT_LIMIT, Progress


class ProgressForm(GovukForm):
    mark_optional = True
    status = forms.ChoiceField(label=_("How does it stand?"), widget=forms.RadioSelect)
    text = area(
        _("What was done, and what comes next?"), TEXT_LIMIT, rows=6, help_text=_("Everybody reads it. Name nobody.")
    )
    text_cy = area(_("That in Welsh"), TEXT_LIMIT, rows=4, required=False)
    evidence = forms.CharField(
        label=_("Address of the evidence"),
        help_text=_("For example https://www.example.org/report. Completed needs one."),
        max_length=300,
        required=False,
    )
    target_on = MemorableDateField(label=_("Target date"), required=False)
    reason = area(_("Why does the date change?"), REASON_LIMIT, rows=3, required=False)

    def __init__(self, *args: Any, statuses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {key: str(label) for key, label in Deliverable.Status.choices}
        offer_choices(self, "status", [(each, words[each][:1].upper() + words[each][1:]) for each in statuses])

    def told(self) -> Progress:
        """What the service takes."""
        return Progress(**self.cleaned_data)

"""Forms by which documents are published, summarised and withdrawn, and publishing is put off to a later day."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.models import CameraSystem
from core.dates import LONDON
from core.forms import GovukForm, MemorableDateField
from transparency.forms import PublishForm
from transparency.models import PublishedDocument
from transparency.services.documents import REASON_LIMIT, SUMMARY_LIMIT, Told


class DocumentForm(GovukForm):
    """What the public is told of a document. The title in Welsh is asked of authorities in Wales."""

    kind = forms.ChoiceField(label=_("What kind of document is it?"), choices=PublishedDocument.Kind.choices)
    system = forms.ChoiceField(
        label=_("What is it about?"),
        help_text=_("One camera system, or everything that the organisation runs."),
        required=False,
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    title_cy = forms.CharField(label=_("Title in Welsh"), max_length=150, required=False)
    version = forms.CharField(
        label=_("Version"), help_text=_("As it stands on the document."), max_length=40, required=False
    )
    dated = MemorableDateField(label=_("Date of the document"), required=False)
    reviewed_on = MemorableDateField(label=_("Last reviewed on"), required=False)
    review_on = MemorableDateField(label=_("Next review by"), required=False)
    language = forms.ChoiceField(
        label=_("In which language is it written?"),
        choices=PublishedDocument.Language.choices,
        widget=forms.RadioSelect,
    )
    leaks_reason = forms.CharField(
        label=_("Why is it published all the same?"),
        help_text=_("It is kept in the audit trail; the public does not read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, systems: list[CameraSystem], whole: str, is_welsh: bool, has_leaks: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.systems = {system.reference: system for system in systems}
        choices = [("", whole), *((each.reference, each.local_name) for each in systems)]
        self.fields["system"].choices = choices  # type: ignore[attr-defined]
        self.fields["title_cy"].required = is_welsh
        if not has_leaks:
            del self.fields["leaks_reason"]

    def told(self) -> Told:
        """Of a valid form."""
        names = ("kind", "title", "title_cy", "version", "dated", "reviewed_on", "review_on", "language")
        values = {name: self.cleaned_data[name] for name in names}
        return Told(**values, system=self.systems.get(self.cleaned_data["system"]))


class PlanForm(PublishForm):
    """Day and time (of the United Kingdom) at which a page is published."""

    day = MemorableDateField(label=_("On which day?"), help_text=_("For example 27 3 2027."))
    time = forms.TimeField(
        label=_("At what time?"),
        help_text=_("UK time, for example 09:30."),
        input_formats=("%H:%M", "%H.%M"),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ("day", "time", "welsh_missing_reason", "seen")

    def due_at(self) -> dt.datetime:
        """The moment, of a valid form."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=LONDON)


class SummaryForm(GovukForm):
    """What the document says, for people who cannot read the file."""

    summary = forms.CharField(
        label=_("What does it say?"),
        help_text=_("The main points in plain words, so that nobody needs the file to know them. Name no people."),
        max_length=SUMMARY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    summary_cy = forms.CharField(
        label=_("That in Welsh"), max_length=SUMMARY_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 10})
    )


class WithdrawDocumentForm(GovukForm):
    """A document is withdrawn with a reason that the public reads."""

    reason = forms.CharField(
        label=_("Why is the document withdrawn?"),
        help_text=_("The public reads this at the address of the document. Name no people."),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

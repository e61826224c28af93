"""Forms of documents made outside the portal: recording one, and declining it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.evidence import FILE_HELP, offer_systems
from compliance.forms.fields import as_labels
from compliance.models import CameraSystem, Evidence, MadeElsewhere
from compliance.services.elsewhere import REASON_LIMIT, date_problems
from core.forms import GovukForm, MemorableDateField


class ElsewhereForm(GovukForm):
    """What was signed: kind, file (new, or of the library), systems, dates, post and scope."""

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=as_labels(MadeElsewhere.Kind.choices), widget=forms.RadioSelect
    )
    file = forms.FileField(label=_("The signed document"), required=False, allow_empty_file=True, help_text=FILE_HELP)
    evidence = forms.ModelChoiceField(
        label=_("Or one that is among the evidence already"),
        queryset=Evidence.objects.none(),
        to_field_name="reference",
        required=False,
        empty_label=_("Choose a document"),
    )
    systems = forms.ModelMultipleChoiceField(
        label=_("Which systems is it about?"),
        queryset=CameraSystem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
    )
    scope = forms.CharField(
        label=_("What does it cover?"),
        help_text=_("As the document says it: systems, sites, purposes, period."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    signed_on = MemorableDateField(label=_("When was it signed?"), help_text=_("For example 27 3 2025."))
    signed_post = forms.CharField(
        label=_("Which post signed it?"), help_text=_("For example Director of Place. No name."), max_length=120
    )
    review_on = MemorableDateField(label=_("When is it to be reviewed?"), required=False)

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_systems(self, operator)
        files = self.fields["evidence"]
        assert isinstance(files, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        files.queryset = Evidence.objects.filter(operator=operator).exclude(file="").order_by("title", "-pk")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"file", "evidence"} & self.errors.keys():
            if "file" not in self.files and not cleaned.get("evidence"):
                self.add_error("file", _("Choose a file, or one of the documents in the list."))
            elif "file" in self.files and cleaned.get("evidence"):
                self.add_error("evidence", _("Give a new file or one of the list, not both."))
        for name, sentence in date_problems(cleaned.get("signed_on"), cleaned.get("review_on")).items():
            self.add_error(name, sentence)
        return cleaned


class DeclineForm(GovukForm):
    reason = forms.CharField(
        label=_("Why do you not confirm it?"),
        help_text=_("Whoever recorded it can read this."),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

"""The form by which evidence is added: a file or a link, what it is, and what it is about."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import ANY, WebAddressField, as_labels
from compliance.models import CameraSystem
from compliance.models.evidence import EvidenceQuerySet
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence import date_problems
from core.forms import GovukForm, MemorableDateField


class EvidenceForm(GovukForm):
    """Either a file or a link."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=as_labels(DocumentKind.choices), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"), max_length=150, help_text=_("As it stands on the document, with its version if it has one.")
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the service says what to do
        help_text=format_lazy(
            _("PDF, Word (docx), Excel (xlsx), CSV, plain text, PNG or JPEG, at most {megabytes} MB."),
            megabytes=settings.EVIDENCE_MAX_BYTES // (1024 * 1024),
        ),
    )
    url = WebAddressField(
        label=_("Or a link"),
        required=False,
        help_text=_("If the document is on the web, for example on your own site."),
    )
    systems = forms.ModelMultipleChoiceField(
        label=_("Which systems is it about?"),
        queryset=CameraSystem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
    )
    dated = MemorableDateField(label=_("Date of the document"), required=False, help_text=_("For example 27 3 2026."))
    review_on = MemorableDateField(
        label=_("When is it to be reviewed?"),
        required=False,
        help_text=_("The list of evidence says when that day has passed."),
    )

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = self.fields["systems"]
        assert isinstance(systems, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
        systems.queryset = CameraSystem.objects.filter(operator=operator).order_by("name")
        systems.label_from_instance = lambda system: system.local_name  # type: ignore[method-assign,assignment]
        if not systems.queryset.exists():
            del self.fields["systems"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"file", "url"} & self.errors.keys():
            if not cleaned.get("file") and not cleaned.get("url") and "file" not in self.files:
                self.add_error("file", _("Choose a file or enter a link."))
            elif cleaned.get("url") and "file" in self.files:
                self.add_error("url", _("Give a file or a link, not both."))
        for name, sentence in date_problems(cleaned.get("dated"), cleaned.get("review_on")).items():
            self.add_error(name, sentence)
        return cleaned


class EvidenceFilterForm(GovukForm):
    """Which evidence to list; empty fields do not narrow."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *as_labels(DocumentKind.choices)], required=False)
    system = forms.ChoiceField(label=_("System"), required=False)

    mark_optional = False

    def __init__(self, *args: Any, systems: list[CameraSystem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = self.fields["system"]
        assert isinstance(system, forms.ChoiceField)  # noqa: S101  (for the type checker)
        system.choices = [ANY, *((found.reference, found.local_name) for found in systems)]

    def narrow(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        """The evidence that was asked for; all of it where the form is not filled in, none where it is wrong."""
        if not self.is_valid():
            return evidence.none() if self.is_bound else evidence
        if kind := self.cleaned_data["kind"]:
            evidence = evidence.filter(kind=kind)
        if system := self.cleaned_data["system"]:
            evidence = evidence.filter(systems__reference=system)
        return evidence

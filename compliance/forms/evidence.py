"""The form by which evidence is added: a file or a link, what it is, and what it is about."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import ANY, VersionField, WebAddressField, as_labels
from compliance.models import CameraSystem, Evidence
from compliance.models.evidence import EvidenceQuerySet, Marking
from compliance.models.vocabulary import DocumentKind
from compliance.services.evidence import date_problems
from compliance.services.evidence_changes import REASON_LIMIT
from core.dates import today
from core.forms import GovukForm, MemorableDateField

HIGHER = "higher"
FILE_HELP = format_lazy(
    _("PDF, Word (docx), Excel (xlsx), CSV, plain text, PNG, JPEG or WebP, at most {megabytes} MB."),
    megabytes=settings.EVIDENCE_MAX_BYTES // (1024 * 1024),
)


class MarkingField(forms.ChoiceField):
    """Up to OFFICIAL. What is marked higher can be said, so that the answer can be what to do."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Marking on the document"),
            choices=[*as_labels(Marking.choices), (HIGHER, _("Higher than OFFICIAL"))],
            widget=forms.RadioSelect,
            required=False,
        )

    def clean(self, value: Any) -> str:
        cleaned: str = super().clean(value)
        if cleaned == HIGHER:
            raise forms.ValidationError(
                _("What is marked higher than OFFICIAL is not held here: refer to it by title in your answer.")
            )
        return cleaned


class DocumentDatesForm(GovukForm):
    """Dates of a document, checked together."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in date_problems(cleaned.get("dated"), cleaned.get("review_on")).items():
            self.add_error(name, sentence)
        return cleaned


class EvidenceForm(DocumentDatesForm):
    """Either a file or a link. Without `operator` the systems are known already and not asked for."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=as_labels(DocumentKind.choices), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"), max_length=150, help_text=_("As it stands on the document, with its version if it has one.")
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the service says what to do
        help_text=FILE_HELP,
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
        help_text=_("Before that day comes, the portal says so."),
    )
    marking = MarkingField()

    def __init__(self, *args: Any, operator: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if operator is None or not offer_systems(self, operator):
            del self.fields["systems"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"file", "url"} & self.errors.keys():
            if not cleaned.get("file") and not cleaned.get("url") and "file" not in self.files:
                self.add_error("file", _("Choose a file or enter a link."))
            elif cleaned.get("url") and "file" in self.files:
                self.add_error("url", _("Give a file or a link, not both."))
        return cleaned


def offer_systems(form: forms.Form, operator: Organisation) -> bool:
    """Let a form choose among the systems of an operator. Whether there are any: one query."""
    systems = form.fields["systems"]
    assert isinstance(systems, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
    systems.queryset = CameraSystem.objects.filter(operator=operator).order_by("name")
    systems.label_from_instance = lambda system: system.local_name  # type: ignore[method-assign,assignment]
    return systems.queryset.exists()


class DetailsForm(DocumentDatesForm):
    """What is said of evidence. `seen` names the state that was read."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=as_labels(DocumentKind.choices), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=150)
    systems = forms.ModelMultipleChoiceField(
        label=_("Which systems is it about?"),
        queryset=CameraSystem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
    )
    dated = MemorableDateField(label=_("Date of the document"), required=False)
    review_on = MemorableDateField(label=_("When is it to be reviewed?"), required=False)
    marking = MarkingField()
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offer_systems(self, operator):
            del self.fields["systems"]


class ReplaceForm(DocumentDatesForm):
    """The new file and its own dates. `version` is that of the file which it replaces."""

    file = forms.FileField(label=_("New file"), allow_empty_file=True, help_text=FILE_HELP)
    dated = MemorableDateField(label=_("Date of the new document"), required=False)
    review_on = MemorableDateField(
        label=_("When is it to be reviewed?"),
        required=False,
        help_text=_("Left empty, the review date stays as it is."),
    )
    version = VersionField(lowest=1)


class PublishForm(GovukForm):
    """Publish; a file that gives something away needs a reason."""

    reason = forms.CharField(
        label=_("Why is it published all the same?"),
        help_text=_("For example: the author is the council itself. The audit trail keeps the reason."),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, has_leaks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_leaks:
            del self.fields["reason"]


class EvidenceFilterForm(GovukForm):
    """Which evidence to list; empty fields do not narrow."""

    DUE: ClassVar = (
        ("past", _("review due")),
        ("30", _("review due in 30 days")),
        ("90", _("review due soon, in 90 days")),
    )
    PUBLIC: ClassVar = (("yes", _("may be published")), ("no", _("not public")))

    q = forms.CharField(label=_("Title"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *as_labels(DocumentKind.choices)], required=False)
    system = forms.ChoiceField(label=_("System"), required=False)
    due = forms.ChoiceField(label=_("Review"), choices=[ANY, *as_labels(DUE)], required=False)
    public = forms.ChoiceField(label=_("Public"), choices=[ANY, *as_labels(PUBLIC)], required=False)

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
        if words := self.cleaned_data["q"].strip():
            evidence = evidence.filter(title__icontains=words)
        if public := self.cleaned_data["public"]:
            evidence = evidence.filter(is_public=public == "yes")
        return self._due(evidence)

    def _due(self, evidence: EvidenceQuerySet) -> EvidenceQuerySet:
        due = self.cleaned_data["due"]
        if due == "past":
            return evidence.filter(review_on__lt=today())
        if due:
            return evidence.filter(review_on__gte=today(), review_on__lte=today() + dt.timedelta(days=int(due)))
        return evidence


class LibraryForm(GovukForm):
    """Which evidence of the library to attach: a tick box in each row of the page."""

    evidence = forms.ModelMultipleChoiceField(
        label=_("Evidence"),
        queryset=Evidence.objects.none(),
        to_field_name="reference",
        error_messages={"required": _("Tick at least one document.")},
    )

    def __init__(self, *args: Any, library: EvidenceQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = library

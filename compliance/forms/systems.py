"""Forms of a camera system: short ones, one for each group; in Wales the Welsh box stands before the English one."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.completeness import CONTACTS, FACTS, PURPOSE, RUNNING
from compliance.forms.fields import VersionField, WebAddressField, as_labels
from compliance.models import CameraSystem, SystemTechnology
from compliance.models.vocabulary import Fact, LegalBasis, Purpose, Technology
from compliance.services.systems import TechnologyRow
from core.dates import today
from core.forms import GovukForm, GovukFormMixin, GovukModelForm, MemorableDateField

COUNTS = ("fixed_count", "ptz_count", "redeployable_count", "mobile_count")


class WelshBoxes(GovukFormMixin):
    """Pairs of boxes for one text: the language that stands first in that nation has the hint."""

    def arrange_welsh(self, operator: Organisation) -> None:
        """Put each `<field>_cy` before or after its `<field>` and say which language is which."""
        order: list[str] = []
        for name, field in self.fields.items():
            if not name.endswith("_cy"):
                order.append(name)
                continue
            english_name = name.removesuffix("_cy")
            english, place = self.fields[english_name], order.index(english_name)
            field.label = format_lazy(_("In Welsh: {label}"), label=english.label)
            field.widget.attrs["lang"] = "cy"
            if operator.is_welsh:
                field.help_text, english.help_text = english.help_text, ""
                english.label = format_lazy(_("In English: {label}"), label=english.label)
            order.insert(place if operator.is_welsh else place + 1, name)
        self.fields = {name: self.fields[name] for name in order}


class NewSystemForm(WelshBoxes, GovukForm):
    """What a draft begins with: a name and its technologies."""

    name = forms.CharField(
        label=_("Name of the system"),
        max_length=120,
        help_text=_("As the public knows it, for example “Town centre CCTV” or “Parking enforcement cameras”."),
    )
    name_cy = forms.CharField(max_length=120, required=False)
    technologies = forms.MultipleChoiceField(
        label=_("Which cameras does it consist of?"),
        choices=as_labels(Technology.choices),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that apply. How many there are, and how long images are kept, comes later."),
    )

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrange_welsh(operator)


class SystemForm(WelshBoxes, GovukModelForm):
    """The parent of the forms that change one group of a system's fields."""

    version = VersionField(lowest=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["version"] = self.instance.version
        self.arrange_welsh(self.instance.operator)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5

    def changes(self) -> dict[str, Any]:
        """Field → value, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PurposeForm(SystemForm):
    """What the system is, what it is for, and why images are kept so long."""

    title = _("What the system is and what it is for")
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        choices=as_labels(Purpose.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick only what the cameras are really used for."),
    )
    legal_bases = forms.MultipleChoiceField(
        label=_("Lawful basis"),
        choices=as_labels(LegalBasis.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a public body usually “public task”. Your data protection officer knows."),
    )

    class Meta:
        model = CameraSystem
        fields = (
            "name",
            "name_cy",
            "is_main",
            "description",
            "description_cy",
            "purposes",
            "pressing_need",
            "pressing_need_cy",
            "legal_bases",
            "retention_reason",
            "retention_reason_cy",
        )
        labels = {
            "is_main": _("This is our main system in public places"),
            "description": _("What the system consists of and where it is used"),
            "pressing_need": _("Which problem makes it necessary?"),
            "retention_reason": _("Why are images kept as long as they are?"),
        }
        help_texts = {
            "description": _("Two or three plain sentences. They are shown to the public."),
            "pressing_need": _("Name the problem and the evidence for it, such as crime figures with their years."),
            "retention_reason": _("“Everybody keeps 31 days” is custom, not a reason."),
        }

    def clean_is_main(self) -> bool:
        wanted: bool = self.cleaned_data["is_main"]
        others = CameraSystem.objects.filter(operator=self.instance.operator, is_main=True).exclude(pk=self.instance.pk)
        if wanted and (main := others.first()):
            sentence = _("Another system is the main one already: %(name)s. Change that one first.")
            raise forms.ValidationError(sentence, params={"name": main.name})
        return wanted


class RunningForm(SystemForm):
    """When and where the cameras are watched, by whom, and whether sound is recorded."""

    title = _("How the system is run")

    class Meta:
        model = CameraSystem
        fields = (
            "monitored_hours",
            "monitored_hours_cy",
            "monitored_by",
            "areas_covered",
            "records_audio",
            "audio_reason",
            "audio_reason_cy",
            "funding_ends_on",
        )
        labels = {
            "monitored_hours": _("When are the cameras watched?"),
            "monitored_by": _("Which other body watches them for you?"),
            "areas_covered": _("Areas covered"),
            "records_audio": _("Sound is recorded"),
            "audio_reason": _("Why is sound recorded?"),
            "funding_ends_on": _("When does its funding end, if that is known?"),
        }
        help_texts = {
            "monitored_hours": _(
                "For example “24 hours, every day”. Where the hours would help offenders, write them here all the same "
                "and withhold them from the public, with a reason."
            ),
            "monitored_by": _("Leave empty if your own staff watch them."),
            "areas_covered": _("One area on each line, for example “Market Place”."),
            "records_audio": _("Sound is more intrusive than pictures and needs its own reason."),
            "funding_ends_on": _(
                "The public does not read it. National bodies and your police force do, to find partners."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = self.fields["monitored_by"]
        assert isinstance(bodies, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        bodies.queryset = Organisation.objects.other_operators(self.instance.operator)
        bodies.empty_label = str(_("Nobody else"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("records_audio") and not cleaned.get("audio_reason"):
            self.add_error("audio_reason", _("Say why sound is recorded."))
        return cleaned


class ContactsForm(SystemForm):
    """Who answers for the system, and how people use their rights. Posts and role mailboxes, never private people."""

    title = _("Contacts and people's rights")
    privacy_notice_url = WebAddressField(
        label=_("Web address of the privacy notice"), required=False, help_text=_("Begins with https://")
    )
    complaints_url = WebAddressField(
        label=_("Web address of the complaints procedure"), required=False, help_text=_("Begins with https://")
    )

    class Meta:
        model = CameraSystem
        fields = (
            "sro_post",
            "spoc_post",
            "spoc_email",
            "spoc_phone",
            "postal_address",
            "dpo_contact",
            "ico_registration",
            "privacy_notice_url",
            "complaints_url",
            "footage_how_to",
            "footage_how_to_cy",
        )
        labels = {
            "sro_post": _("Post of the senior responsible officer"),
            "spoc_post": _("Post of the single point of contact"),
            "spoc_email": _("Email address of the single point of contact"),
            "spoc_phone": _("Telephone number of the single point of contact"),
            "dpo_contact": _("How to reach the data protection officer"),
            "ico_registration": _("Registration number with the Information Commissioner"),
            "footage_how_to": _("How do people ask for footage of themselves?"),
        }
        help_texts = {
            "sro_post": _("The post, not the person: people change. For example “Director of Communities”."),
            "spoc_post": _("For example “CCTV manager”."),
            "spoc_email": _("Use a shared mailbox, for example cctv@council.gov.uk."),
            "ico_registration": _("It begins with Z and stands on the Commissioner's register of fee payers."),
            "footage_how_to": _("What they must tell you: date, time, place, a description, proof of who they are."),
        }

    widths: ClassVar = {"spoc_phone": 20, "ico_registration": 10}


class FactsForm(WelshBoxes, GovukForm):
    """Which technologies are in use, and the facts that decide which questions of the self-assessment apply."""

    title = _("Technologies and facts")
    version = VersionField(lowest=1)
    technologies = forms.MultipleChoiceField(
        label=_("Which cameras does the system consist of?"),
        choices=as_labels(Technology.choices),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you untick is removed with its counts and retention."),
    )
    facts = forms.MultipleChoiceField(
        label=_("Which of these are so?"),
        choices=as_labels(Fact.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They decide which questions of the self-assessment apply. Leave all empty if none is so."),
    )

    def __init__(self, *args: Any, instance: CameraSystem, **kwargs: Any) -> None:
        initial = {
            "version": instance.version,
            "technologies": sorted(instance.technology_keys()),
            "facts": sorted(instance.facts()),
        }
        super().__init__(*args, initial=initial, **kwargs)


class TechnologyForm(GovukModelForm):
    """How many of one technology, counted when, and how long its images are kept."""

    version = VersionField(lowest=1)

    class Meta:
        model = SystemTechnology
        fields = ("retention_days", "fixed_count", "ptz_count", "redeployable_count", "mobile_count", "counted_on")
        field_classes = {"counted_on": MemorableDateField}
        labels = {
            "retention_days": _("How many days are images kept?"),
            "fixed_count": _("Fixed cameras"),
            "ptz_count": _("Pan, tilt and zoom cameras"),
            "redeployable_count": _("Redeployable cameras"),
            "mobile_count": _("Mobile cameras: worn, flown or on a vehicle"),
            "counted_on": _("When were they counted?"),
        }
        help_texts = {
            "retention_days": _("Images that are kept as evidence do not count."),
            "redeployable_count": _("Cameras that are moved from place to place."),
            "counted_on": _("For example 27 3 2026. The number of cameras changes: the public page dates every count."),
        }

    widths: ClassVar = {"retention_days": 4, **dict.fromkeys(COUNTS, 5)}

    def clean_counted_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["counted_on"]
        if day and day > today():
            raise forms.ValidationError(_("The date of the count must be today or earlier."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        counted = any(cleaned.get(name) for name in COUNTS)
        if counted and not cleaned.get("counted_on") and "counted_on" not in self.errors:
            self.add_error("counted_on", _("Say when the cameras were counted."))
        return cleaned

    def row(self) -> TechnologyRow:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return TechnologyRow(technology=self.instance.technology, **values)


class MoveForm(GovukForm):
    """The reason for a change of state."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept in the history of the system."),
    )

    def __init__(self, *args: Any, reason_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = reason_required


FORMS: dict[str, type[SystemForm]] = {PURPOSE: PurposeForm, RUNNING: RunningForm, CONTACTS: ContactsForm}
GROUP_TITLES = {group: form.title for group, form in FORMS.items()} | {FACTS: FactsForm.title}  # type: ignore[attr-defined]

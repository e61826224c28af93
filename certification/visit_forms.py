"""Forms of site visits. They take what people type; the rules stand in the services."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from certification.finding_classes import FindingClass
from certification.forms import long_text
from certification.models import Criterion, Observation
from certification.services import findings, visit_sample, visit_seen, visit_signing, visits
from certification.talk_forms import class_choices
from certification.visit_checklist import PLACE_KINDS
from compliance.forms.fields import VersionField, hash_of_what_was_read, password_again
from core.dates import LONDON
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=_("24-hour time, for example 09:30."),
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        widget=forms.TimeInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time such as 09:30.")},
    )


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """That time of that day in London. Raises ValidationError for the hour that is left out in spring; of the hour that
    comes twice in autumn it is the first.
    """
    found = dt.datetime.combine(day, time, tzinfo=LONDON)
    if found.astimezone(dt.UTC).astimezone(LONDON).time() != time:
        raise ValidationError(_("This time does not exist on that day: the clocks go forward."))
    return found


class ScheduleForm(GovukForm):
    """Date, times and place of a visit, in London time; several days where a last day is given."""

    widths: ClassVar[Mapping[str, int]] = {"begins": 5, "ends": 5}

    day = MemorableDateField(label=_("On which day?"))
    begins = _time(_("Begins at"))
    last_day = MemorableDateField(
        label=_("Last day"), help_text=_("Only if the visit takes several days."), required=False
    )
    ends = _time(_("Ends at"))
    place = long_text(_("Where do you meet?"), visits.PLACE_LIMIT, rows=3, help_text=_("Address, and whom to ask for."))
    agenda = long_text(
        _("What is to be seen, and with whom"),
        visits.AGENDA_LIMIT,
        rows=8,
        required=False,
        help_text=_("For example the control room, an export, a round of cameras, and who should be there."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get("day")
        if not day or not cleaned.get("begins") or not cleaned.get("ends"):
            return cleaned
        for name, on, field in (("starts_at", day, "begins"), ("ends_at", cleaned.get("last_day") or day, "ends")):
            try:
                cleaned[name] = moment(on, cleaned[field])
            except ValidationError as error:
                self.add_error(field, error)
        if "starts_at" in cleaned and "ends_at" in cleaned and cleaned["ends_at"] <= cleaned["starts_at"]:
            self.add_error("ends", _("The visit must end after it begins."))
        return cleaned


class ChangeForm(ScheduleForm):
    """The same with the reason of the change."""

    reason = long_text(_("Why is it changed?"), visits.REASON_LIMIT, help_text=_("The operator reads this."), rows=4)
    version = VersionField()


class AnotherDateForm(GovukForm):
    reason = long_text(
        _("Why not on this date, and which dates would suit?"),
        visits.REASON_LIMIT,
        help_text=_("The auditor and the manager of the certification body read this."),
        rows=4,
    )
    version = VersionField()


class CancelForm(GovukForm):
    reason = long_text(
        _("Why is the visit cancelled?"), visits.REASON_LIMIT, help_text=_("The operator reads this."), rows=4
    )
    version = VersionField()


class AgreeForm(GovukForm):
    """Nothing but the version of the date that was read."""

    version = VersionField()


# --- the sample ---


class DrawForm(GovukForm):
    version = VersionField()


class DrawAgainForm(GovukForm):
    reason = long_text(
        _("Why is the sample drawn again?"),
        visit_sample.REASON_LIMIT,
        rows=2,
        help_text=_("The first draw stays on record with its seed, its cameras and this reason."),
    )
    version = VersionField()


class FindCameraForm(GovukForm):
    """Part of a camera's number or place."""

    q = forms.CharField(label=_("Number or place of a camera"), max_length=100, required=False)
    mark_optional: ClassVar[bool] = False


class ChooseForm(GovukForm):
    camera = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        label=_("Why do you want to see it?"), max_length=visit_sample.REASON_LIMIT, widget=forms.TextInput
    )


class PlaceForm(GovukForm):
    name = forms.CharField(
        label=_("Name of the place"),
        help_text=_("For example: control room at the Civic Centre."),
        max_length=visit_sample.PLACE_LIMIT,
    )
    kind = forms.ChoiceField(
        label=_("What kind of place is it?"),
        help_text=_("It decides which lines of the checklist apply there."),
        choices=[(key, capfirst(label)) for key, label in PLACE_KINDS.items()],
        widget=forms.RadioSelect,
    )
    version = VersionField()


# --- what was seen ---


class LineForm(GovukForm):
    """One line of the checklist at one camera or place. Nothing is ticked beforehand, and a line can wait."""

    mark_optional: ClassVar[bool] = False
    widths: ClassVar[Mapping[str, int]] = {}
    seen = forms.ChoiceField(
        choices=[(value, capfirst(label)) for value, label in Observation.Seen.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(  # without a counter: ten of them stand on one small page
        label=_("Note"),
        required=False,
        validators=[MaxLengthValidator(visit_seen.NOTE_LIMIT)],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = VersionField()

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].label = text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen, note = cleaned.get("seen"), cleaned.get("note")
        if note and not seen and not self.errors:
            self.add_error("seen", _("Say what was seen, then save the note."))
        elif seen in visit_seen.NEEDS_NOTE and not note and "note" not in self.errors:
            self.add_error("note", _("Say in the note what was seen, or why it could not be."))
        return cleaned


def line_forms(
    lines: Sequence[Mapping[str, Any]],
    stored: Mapping[str, Observation],
    data: Mapping[str, Any] | None = None,
) -> list[LineForm]:
    """A form for each line; with `data` they are bound to what was sent."""
    return [
        LineForm(
            data,
            text=line["text"],
            prefix=line["key"],
            initial=_initial(stored.get(line["key"])),
        )
        for line in lines
    ]


def _initial(stored: Observation | None) -> dict[str, Any]:
    return {"seen": stored.seen, "note": stored.note, "version": stored.version} if stored else {"version": 0}


class NotSeenForm(GovukForm):
    reason = forms.CharField(label=_("Why could it not be seen?"), max_length=visit_seen.NOTE_LIMIT)


class PhotoForm(GovukForm):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "Of equipment, a sign or a room. Never of a screen with pictures of people. The place and the device that "
            "telephones write into photos are taken out."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    title = forms.CharField(label=_("What it shows"), max_length=150)


class FindingForm(GovukForm):
    """A finding that rests on one observation."""

    criterion = forms.ChoiceField(label=_("Criterion"))
    class_key = forms.ChoiceField(label=_("Class of the finding"), widget=HintedRadioSelect)
    text = long_text(_("What was found"), findings.TEXT_LIMIT, rows=5)
    evidence = long_text(_("What it rests on"), findings.SHORT_LIMIT, rows=3, required=False)
    due_on = MemorableDateField(
        label=_("To be put right by"),
        help_text=_("Left empty, the class of the finding says until when."),
        required=False,
    )

    def __init__(
        self, *args: Any, criteria: Iterable[Criterion], classes: Iterable[FindingClass], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = ((each.key, f"{each.key} {each.local_text}"[:140]) for each in criteria)
        offer_choices(self, "criterion", [("", _("Choose one")), *named])
        choices, hints = class_choices(classes)
        offer_choices(self, "class_key", choices)
        self.fields["class_key"].widget.hints = hints


# --- signatures ---


class AuditorSignForm(GovukForm):
    """The auditor's signature: typed name and password, on the version that was read."""

    widths: ClassVar[Mapping[str, int]] = {"typed_name": 30}

    typed_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Typing it is your signature."),
        max_length=visit_signing.NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = password_again(_("The one that you sign in with, so that it is certain who signs."))
    version = VersionField()


class OperatorSignForm(GovukForm):
    """The operator's signature: remarks, typed name, post and password, on the hash of what was read."""

    widths: ClassVar[Mapping[str, int]] = {"typed_name": 30, "post": 30}

    remarks = long_text(
        _("Your remarks"),
        visit_signing.REMARKS_LIMIT,
        required=False,
        help_text=_("What you see otherwise than the auditor, for example. They become part of the record."),
        rows=4,
    )
    typed_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("Typing it is your signature: that the visit took place and that you have read the record."),
        max_length=visit_signing.NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    post = forms.CharField(
        label=_("Your post"),
        max_length=visit_signing.POST_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    password = password_again(_("The one that you sign in with, so that it is certain who signs."))
    read_sha256 = hash_of_what_was_read()


class UnsignedForm(GovukForm):
    """Why the operator did not sign, on the hash of what it was asked to sign."""

    reason = long_text(
        _("Why did the operator not sign?"),
        visit_signing.REASON_LIMIT,
        help_text=_(
            "As far as you know, and how else you asked, for example by telephone. It becomes part of the record; the "
            "operator reads it."
        ),
    )
    password = password_again(_("The one that you sign in with, so that it is certain who records it."))
    read_sha256 = hash_of_what_was_read()


class TakeBackForm(GovukForm):
    reason = long_text(
        _("What is to be corrected?"),
        visit_signing.REASON_LIMIT,
        help_text=_("The operator reads this. Sign again when it is corrected."),
        rows=4,
    )

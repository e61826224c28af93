"""Forms of upkeep: faults, visits, tests, yearly checks, and grants to those who look after a system."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from compliance.models import CommissioningTest, Fault, MaintenanceVisit, PictureCheck, SystemGrant
from compliance.picture_classes import editions
from core.dates import LONDON
from core.forms import GovukForm, MemorableDateField

YES_NO = (("yes", _("Yes")), ("no", _("No")))
MASKS = (("yes", _("Yes")), ("no", _("No")), ("", _("It has none")))
TIME = RegexValidator(r"^([01]?\d|2[0-3])[:.][0-5]\d$", _("Enter a time such as 9:30 or 17:05."))


def yes_no(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    """A question with two answers, none chosen beforehand."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect, **kwargs
    )


def _note(label: Any, limit: int = 2000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class MomentForm(GovukForm):
    """A form with a day and a time in London; `moment()` is the two together."""

    widths = {"time": 5}

    day = MemorableDateField(label=_("Day"))
    time = forms.CharField(label=_("Time"), max_length=5, validators=[TIME], help_text=_("For example 9:30 or 17:05."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.now().astimezone(LONDON)
        kwargs["initial"] = {"day": now.date(), "time": f"{now:%H:%M}"} | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def moment(self) -> dt.datetime:
        hour, minute = map(int, self.cleaned_data["time"].replace(".", ":").split(":"))
        return dt.datetime.combine(self.cleaned_data["day"], dt.time(hour, minute), tzinfo=LONDON)


class FaultForm(MomentForm):
    """A fault as whoever noticed it tells it."""

    inline = ("stops_pictures",)
    groups = ((_("Since when?"), ("day", "time")),)
    field_order = ("kind", "stops_pictures", "description", "day", "time")

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=as_labels(Fault.Kind.choices), widget=forms.RadioSelect)
    stops_pictures = yes_no(
        _("Are there no usable pictures meanwhile?"),
        help_text=_("Yes counts as time without pictures, until it is repaired."),
    )
    description = _note(
        _("What was noticed?"), required=False, help_text=_("No names, and nothing about anybody who was seen.")
    )


class AttendForm(GovukForm):
    note = _note(_("What was found, and what is needed?"))


class RepairForm(MomentForm):
    field_order = ("repair", "day", "time")
    groups = ((_("Since when does it work again?"), ("day", "time")),)

    repair = _note(_("What was done?"))


class DismissForm(GovukForm):
    reason = _note(_("What was found?"), help_text=_("The time since it was reported will not count as a fault."))


class VisitForm(GovukForm):
    """A visit; the cameras by their numbers, because a system may have thousands."""

    kind = forms.ChoiceField(
        label=_("What kind of visit?"), choices=as_labels(MaintenanceVisit.Kind.choices), widget=forms.RadioSelect
    )
    on = MemorableDateField(label=_("When was it?"))
    cameras = forms.CharField(
        label=_("Which cameras?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their numbers, for example 12, 14, 20 - 25. Leave empty for the system as a whole."),
    )
    note = _note(_("What was done?"))


class CommissioningForm(GovukForm):
    """What a camera showed when it was commissioned."""

    widths = {"pixels_per_metre": 5, "distance_metres": 5}
    inline = ("by_night", "recording_works", "passed")
    groups = (
        (_("The picture"), ("standard", "picture_class", "pixels_per_metre", "distance_metres")),
        (_("The result"), ("by_night", "recording_works", "passed", "note")),
    )

    on = MemorableDateField(label=_("When was it tested?"))
    standard = forms.ChoiceField(label=_("Edition of the standard"))
    picture_class = forms.ChoiceField(
        label=_("Class that is required"), required=False, help_text=_("As the operational requirement asks for.")
    )
    pixels_per_metre = forms.DecimalField(
        label=_("Measured at the target, in pixels per metre"),
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=1,
    )
    distance_metres = forms.DecimalField(
        label=_("Distance to the target, in metres"), required=False, min_value=0, max_digits=6, decimal_places=1
    )
    by_night = yes_no(_("Was it tested by night too?"))
    recording_works = yes_no(_("Are pictures recorded, and can they be exported?"))
    passed = yes_no(
        _("Did it pass?"),
        help_text=_("You decide. Where the figures alone do not show it, say why in the remarks."),
    )
    note = _note(
        _("Remarks"), required=False, help_text=_("Never footage or stills: the result in words and figures only.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = editions().values()
        standard, classes = self.fields["standard"], self.fields["picture_class"]
        assert isinstance(standard, forms.ChoiceField)  # noqa: S101  (for the type checker)
        assert isinstance(classes, forms.ChoiceField)  # noqa: S101
        standard.choices = [(edition.key, edition.title) for edition in known]
        names = {of.key: of.name for edition in known for of in edition.classes.values()}
        classes.choices = [("", _("No class of this edition")), *names.items()]

    def values(self) -> dict[str, Any]:
        """As `commissioning.record_test` takes them."""
        names = [name for name in self.fields if name in {field.name for field in CommissioningTest._meta.fields}]
        return {name: self.cleaned_data[name] for name in names}


class LookForm(GovukForm):
    """What the yearly look at one camera showed."""

    widths = {"time_offset_seconds": 4}
    inline = ("export_works", "sign_seen", "masks_hold", "picture")

    picture = forms.ChoiceField(
        label=_("Picture"), choices=as_labels(PictureCheck.Picture.choices), widget=forms.RadioSelect
    )
    export_works = yes_no(_("Was an export made, and does it play?"))
    time_offset_seconds = forms.IntegerField(
        label=_("Its clock is off by how many seconds?"),
        min_value=-86_400,
        max_value=86_400,
        help_text=_("0 if it is right, −5 if it is five seconds slow."),
    )
    masks_hold = forms.TypedChoiceField(
        label=_("Are its privacy masks in place?"),
        choices=MASKS,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        initial="",
        widget=forms.RadioSelect,
    )
    sign_seen = yes_no(_("Was the sign seen?"))
    note = forms.CharField(label=_("Remarks"), required=False, max_length=1000)


class CheckForm(LookForm):
    """One camera, on a day."""

    field_order = ("on",)

    on = MemorableDateField(label=_("When was it looked at?"))


class RoundForm(GovukForm):
    """The day of a walk through several cameras."""

    on = MemorableDateField(label=_("When were they looked at?"))


class GrantForm(GovukForm):
    """Somebody outside the organisation who looks after one system."""

    kind = forms.ChoiceField(label=_("As what?"), choices=as_labels(SystemGrant.Kind.choices), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("Email address of the person"),
        max_length=254,
        help_text=_("A link is sent there, good for one person. Everybody needs a link of their own."),
    )
    company = forms.CharField(label=_("Company or hub"), max_length=150)
    starts_on = MemorableDateField(label=_("From"), required=False, help_text=_("Leave empty for today."))
    ends_on = MemorableDateField(label=_("Until"), required=False, help_text=_("For example the end of the contract."))

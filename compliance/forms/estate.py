"""Forms of estate audits: opening one, asking services, listing sites, deciding what becomes of a find."""

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import CameraSystem
from compliance.services.estate import MOST_CAMERAS, MOST_SITES, NOTE_LIMIT
from core.forms import GovukForm, MemorableDateField

YES, NO, UNKNOWN = "yes", "no", ""
YES_NO_UNKNOWN = ((YES, _("Yes")), (NO, _("No")), (UNKNOWN, _("I do not know")))
ANSWERS = {YES: True, NO: False, UNKNOWN: None}
AT_LEAST_ONE = _("Give the number of cameras of each site: at least 1.")
WHOLE_DAYS = _("Give the days as a whole number.")
TAKE_UP, DECLINE = "take_up", "decline"


class AuditForm(GovukForm):
    title = forms.CharField(
        label=_("Title"), max_length=150, help_text=_("For example: Which cameras do we run? 2027.")
    )
    message = forms.CharField(
        label=_("Message to those who are asked"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    answer_by = MemorableDateField(label=_("By when do you want answers?"))


class AskForm(GovukForm):
    """Services with their mailboxes, one a line."""

    asked = forms.CharField(
        label=_("Services and their mailboxes"),
        help_text=_("One on each line, for example: Leisure centres, leisure@council.example"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def pairs(self) -> list[tuple[str, str]]:
        """Service and mailbox of each line, parted at the last comma, semicolon or tab."""
        found = []
        for line in self.cleaned_data["asked"].splitlines():
            if line.strip():
                service, _comma, email = line.replace(";", ",").replace("\t", ",").rpartition(",")
                found.append((service.strip(), email.strip()))
        return found


class SiteForm(GovukForm):
    """One site with cameras."""

    mark_optional = True
    widths = {"number_of_cameras": 5, "kept_days": 5}
    site = forms.CharField(label=_("Site"), help_text=_("For example Swimming pool, Mill Lane."), max_length=250)
    number_of_cameras = forms.IntegerField(
        label=_("How many cameras?"),
        min_value=1,
        max_value=MOST_CAMERAS,
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    sees_public = forms.ChoiceField(
        label=_("Do they see places open to the public?"), choices=YES_NO_UNKNOWN[:2], widget=forms.RadioSelect
    )
    purpose = forms.CharField(label=_("What are they for?"), max_length=500, required=False)
    records = forms.ChoiceField(
        label=_("Are pictures kept?"), choices=YES_NO_UNKNOWN, widget=forms.RadioSelect, required=False
    )
    kept_days = forms.IntegerField(
        label=_("For how many days?"),
        min_value=0,
        max_value=3660,
        required=False,
        error_messages={"invalid": WHOLE_DAYS, "min_value": WHOLE_DAYS},
    )
    records_audio = forms.ChoiceField(
        label=_("Is sound recorded?"), choices=YES_NO_UNKNOWN, widget=forms.RadioSelect, required=False
    )
    has_sign = forms.ChoiceField(
        label=_("Is there a sign?"), choices=YES_NO_UNKNOWN, widget=forms.RadioSelect, required=False
    )
    looked_after_by = forms.CharField(
        label=_("Which post or company looks after them?"), max_length=150, required=False
    )

    def facts(self) -> dict[str, Any]:
        """What the service keeps."""
        cleaned = self.cleaned_data
        asked = ("sees_public", "records", "records_audio", "has_sign")
        return {**cleaned, **{name: ANSWERS[cleaned[name]] for name in asked}}


SiteFormSet = formset_factory(SiteForm, extra=0, max_num=MOST_SITES, absolute_max=MOST_SITES)


class AnswererForm(GovukForm):
    """Who answers, and whether any camera is run at all."""

    mark_optional = True
    none_run = forms.BooleanField(label=_("We run no cameras"), required=False)
    name = forms.CharField(label=_("Your name"), max_length=120)
    post = forms.CharField(label=_("Your post"), max_length=120, required=False)
    note = forms.CharField(
        label=_("Anything else"), max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class FindForm(GovukForm):
    """Whether what was found goes into the register, and where."""

    mark_optional = True
    act = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=((TAKE_UP, _("It goes into the register")), (DECLINE, _("It stays out of the register"))),
        widget=forms.RadioSelect,
    )
    system = forms.ModelChoiceField(
        label=_("Into which system?"),
        help_text=_("With a system, each camera is entered there. Without one, a draft system of its own is made."),
        queryset=CameraSystem.objects.none(),
        to_field_name="reference",
        required=False,
        empty_label=_("A system of its own"),
    )
    reason = forms.CharField(label=_("Reason, if it stays out"), max_length=500, required=False)

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["system"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        final = (CameraSystem.Status.CLOSED, CameraSystem.Status.TRANSFERRED)
        field.queryset = CameraSystem.objects.filter(operator=operator).exclude(status__in=final).order_by("name")

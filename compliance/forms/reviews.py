"""Forms of the yearly review of cameras: one camera, many with one reason, and which to list."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from compliance.forms.fields import ANY, VersionField, as_labels
from compliance.models import CameraReview, PictureCheck
from compliance.review_queue import Show
from compliance.services.camera_reviews import TEXT_LIMIT, Figures, Finding, Period
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices

MOST = 1_000_000  # of incidents, requests or complaints of one camera in one period
MOST_SECONDS = 10 * 365 * 24 * 3600


class QueueForm(GovukForm):
    """Which cameras of the organisation to list; empty fields do not narrow."""

    show = forms.ChoiceField(label=_("Which cameras"), choices=Show.CHOICES, required=False)
    system = forms.ChoiceField(label=_("System"), required=False)
    ward = forms.ChoiceField(label=_("Ward"), required=False)

    mark_optional = False

    def __init__(self, *args: Any, systems: Iterable[tuple[str, str]], wards: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "system", [ANY, *systems])
        offer_choices(self, "ward", [ANY, *((name, name) for name in wards)])


def _figure(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST)


class CameraReviewForm(GovukForm):
    """The review of one camera. Figures may stay empty: not recorded, which is not 0."""

    on = MemorableDateField(label=_("Date of the review"))
    period_from = MemorableDateField(label=_("It looks back from"), required=False)
    period_until = MemorableDateField(label=_("until"), required=False)
    incidents = _figure(_("Incidents that the camera showed"))
    requests = _figure(_("Requests for its pictures"))
    complaints = _figure(_("Complaints about it"))
    alternatives = forms.CharField(
        label=_("Which alternatives did you consider?"),
        help_text=_("For example better lights, a barrier, patrols, another place, or no camera. Needed to keep it."),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outcome = forms.ChoiceField(
        label=_("What is the outcome?"),
        choices=as_labels(CameraReview.Outcome.choices),
        widget=HintedRadioSelect(
            hints={
                CameraReview.Outcome.KEEP: _("It is still needed where it is."),
                CameraReview.Outcome.RELOCATE: _(
                    "It is needed somewhere else. The senior responsible officer decides on the place."
                ),
                CameraReview.Outcome.REMOVE: _("Removal is recommended; the senior responsible officer decides."),
            }
        ),
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The problem it answers today, and what shows that. Name no private person."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_due_on = MemorableDateField(label=_("Next review by"), help_text=_("At most 12 months after this one."))
    check_on = MemorableDateField(label=_("Date of the check"), required=False)
    picture = forms.ChoiceField(
        label=_("The picture is"),
        choices=[("", _("Not checked now")), *as_labels(PictureCheck.Picture.choices)],
        widget=forms.RadioSelect,
        required=False,
    )
    export_works = forms.BooleanField(label=_("An export was made, and it plays"), required=False)
    time_offset_seconds = forms.IntegerField(
        label=_("How many seconds is its clock off?"),
        help_text=_("0 if it is right; -12 if it is 12 seconds behind."),
        required=False,
        min_value=-MOST_SECONDS,
        max_value=MOST_SECONDS,
    )
    masks_hold = forms.ChoiceField(
        label=_("Privacy masks are in place"),
        choices=[
            ("", _("It has none")),
            ("yes", pgettext_lazy("answer", "Yes")),
            ("no", pgettext_lazy("answer", "No")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    sign_seen = forms.BooleanField(label=_("The sign was seen"), required=False)
    check_note = forms.CharField(
        label=_("Remarks on the check"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = VersionField(lowest=1)

    widths = {"incidents": 5, "requests": 5, "complaints": 5, "time_offset_seconds": 5}
    inline = ("masks_hold",)
    CHECK = ("check_on", "picture", "export_works", "time_offset_seconds", "masks_hold", "sign_seen", "check_note")
    groups = (
        (_("When"), ("on", "period_from", "period_until")),
        (_("What happened in this time"), ("incidents", "requests", "complaints")),
        (_("Is it still needed?"), ("alternatives", "outcome", "reason", "next_due_on")),
        (_("The yearly check of its picture"), CHECK),
    )

    def __init__(self, *args: Any, last: CameraReview | None, known_check: PictureCheck | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last, self.known_check = last, known_check
        for name in ("incidents", "requests", "complaints"):
            self.fields[name].help_text = _beside(last, name)
        if known_check is not None:
            for name in self.CHECK:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("picture"):
            if not cleaned.get("check_on") and "check_on" not in self.errors:
                self.add_error("check_on", _("Enter the day on which the picture was checked."))
            if cleaned.get("time_offset_seconds") is None and "time_offset_seconds" not in self.errors:
                self.add_error("time_offset_seconds", _("Enter how many seconds its clock is off, 0 if it is right."))
        return cleaned

    def finding(self) -> Finding:
        """What was typed, for the service. Only of a valid form."""
        typed = self.cleaned_data
        return Finding(
            outcome=typed["outcome"],
            reason=typed["reason"],
            alternatives=typed["alternatives"],
            figures=Figures(typed["incidents"], typed["requests"], typed["complaints"]),
            period=Period(typed["period_from"], typed["period_until"]),
            on=typed["on"],
            next_due_on=typed["next_due_on"],
        )

    def check(self) -> dict[str, Any] | None:
        """The values of a picture check, where one was typed."""
        typed = self.cleaned_data
        if not typed.get("picture"):
            return None
        return {
            "on": typed["check_on"],
            "picture": typed["picture"],
            "export_works": typed["export_works"],
            "time_offset_seconds": typed["time_offset_seconds"],
            "masks_hold": {"yes": True, "no": False}.get(typed["masks_hold"]),
            "sign_seen": typed["sign_seen"],
            "note": typed["check_note"],
        }


def _beside(last: CameraReview | None, name: str) -> Any:
    """What the review before said, beside the box for this one."""
    if last is None:
        return _("Leave empty what is not recorded.")
    value = getattr(last, name)
    if value is None:
        return _("Not recorded in the last review. Leave empty what is not recorded.")
    return _("%(value)s in the last review. Leave empty what is not recorded.") % {"value": value}


class ConfirmForm(GovukForm):
    """What is said once for many cameras that are kept."""

    on = MemorableDateField(label=_("Date of the review"))
    period_from = MemorableDateField(label=_("It looks back from"))
    period_until = MemorableDateField(label=_("until"))
    alternatives = forms.CharField(
        label=_("Which alternatives did you consider?"),
        help_text=_("Common to all that you ticked."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(
        label=_("Why are they kept?"),
        help_text=_("One reason that holds for each of them. Review by itself a camera for which it does not."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_due_on = MemorableDateField(label=_("Next review by"), help_text=_("At most 12 months after this one."))

    def finding(self) -> Finding:
        typed = self.cleaned_data
        return Finding(
            outcome=CameraReview.Outcome.KEEP,
            reason=typed["reason"],
            alternatives=typed["alternatives"],
            period=Period(typed["period_from"], typed["period_until"]),
            on=typed["on"],
            next_due_on=typed["next_due_on"],
        )


def figure_of(text: str) -> int | None:
    """A figure as it was typed in the table; None for an empty one. Raises ValueError for anything else."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))):
        raise ValueError(text)
    return int(text)


def first_dates(on: dt.date, period: Period, next_due_on: dt.date) -> dict[str, Any]:
    """What stands in the date boxes before anything is typed."""
    return {"on": on, "period_from": period.start, "period_until": period.end, "next_due_on": next_due_on}

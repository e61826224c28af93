"""The forms in which anybody asks about cameras: one thing per page, then all of it to check."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from compliance.models import CodeEdition
from core.date_field import MemorableDateField
from core.dates import today
from core.forms import GovukForm, HintedRadioSelect
from transparency.models.enquiry import TEXT_LIMIT, EnquiryKind

Kind = EnquiryKind
HINTS = {
    Kind.FOOTAGE: _("This is a subject access request: you ask for images in which you can be seen."),
    Kind.INFORMATION: _("You ask for what the authority has on record, such as figures or contracts."),
    Kind.DATA_PROTECTION: _("Images of you were taken, kept or passed on in a way you object to."),
    Kind.UNLISTED_CAMERA: _("You see a camera that you find on no public page."),
    Kind.PRINCIPLE: _("You have read the published answers of an authority."),
}
WITH_PLACE = (Kind.FAULT, Kind.MISSING_SIGN, Kind.UNLISTED_CAMERA, Kind.FOOTAGE)
WITH_DAY = (Kind.FOOTAGE, Kind.COMPLAINT, Kind.DATA_PROTECTION)
PRINCIPLES = range(1, 13)


def _principles() -> list[tuple[int, str]]:
    """By number and title in the newest edition of the Code; by number where none is loaded. Two queries."""
    edition = CodeEdition.objects.order_by("-in_effect_on", "-pk").first()
    titles = {each.number: each.local_title for each in edition.principles.all()} if edition else {}
    return [(number, f"{number}. {titles[number]}" if number in titles else str(number)) for number in PRINCIPLES]


class KindForm(GovukForm):
    """What it is about."""

    label_as_heading = "kind"
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=as_labels(EnquiryKind.choices),
        widget=HintedRadioSelect(hints={kind.value: hint for kind, hint in HINTS.items()}),
    )


class MatterForm(GovukForm):
    """The matter itself: which fields there are follows from the kind."""

    camera = forms.CharField(label=_("Which camera?"), max_length=60, required=False)
    principle = forms.TypedChoiceField(
        label=_("Which principle?"), choices=[(number, str(number)) for number in PRINCIPLES], coerce=int
    )
    day = MemorableDateField(label=_("On which day?"), required=False)
    place = forms.CharField(
        label=_("Where?"), help_text=_("Street or landmark, as people there call it."), max_length=250, required=False
    )
    text = forms.CharField(
        label=_("What do you want to ask or say?"),
        help_text=_("Leave out names of other people and anything else by which they could be known."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    may_publish = forms.BooleanField(
        label=_("My question and the reply may be published beside this principle, without who I am"),
        help_text=_("Somebody takes out what is personal first. Without this tick nobody else reads it."),
        required=False,
    )

    def __init__(self, *args: Any, kind: str, camera: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = {
            "camera": bool(camera),
            "principle": kind == Kind.PRINCIPLE,
            "may_publish": kind == Kind.PRINCIPLE,
            "day": kind in WITH_DAY,
            "place": kind not in (Kind.INFORMATION, Kind.PRINCIPLE),
        }
        for name, kept in keep.items():
            if not kept:
                del self.fields[name]
        if kind == Kind.PRINCIPLE:
            cast("forms.TypedChoiceField", self.fields["principle"]).choices = _principles()
        if "place" in self.fields:
            self.fields["place"].required = kind in WITH_PLACE and not camera
        if kind == Kind.FOOTAGE:
            self.fields["day"].required = True
            self.fields["text"].label = _("When, and how can you be recognised?")
            self.fields["text"].help_text = _(
                "The time as nearly as you can, what you wore, where you walked. Send no picture and no papers: the"
                " controller says how to prove who you are."
            )

    def clean_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["day"]
        if day is not None and day > today():
            raise forms.ValidationError(_("The day must not be in the future."))
        return day


class YouForm(GovukForm):
    """How to answer; nothing of it is needed."""

    groups: ClassVar = (("", ("name", "email", "may_forward")),)
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("You need not give it. It is never published."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_(
            "Only if you want to be told when there is an answer. Without it you read the answer at a private address"
            " that we show you."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    may_forward = forms.BooleanField(
        label=_("It may be passed on to a national body, with my name and email address"),
        help_text=_("Only if the organisation thinks that such a body should answer it."),
        required=False,
    )

    def __init__(self, *args: Any, forwards: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not forwards:
            del self.fields["may_forward"]


class WriteAgainForm(GovukForm):
    text = forms.CharField(label=_("Your message"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 6}))


class ReviewForm(GovukForm):
    prefix = "review"
    text = forms.CharField(
        label=_("What is wrong with the answer?"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )

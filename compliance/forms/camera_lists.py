"""Forms over many cameras: which are listed, and what several get alike."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from compliance.forms.fields import ANY, as_labels
from compliance.models import Camera, CameraSystem, Fault
from compliance.models.camera import NEVER_MAPPED, CameraQuerySet, CameraType, Mount, Precision
from compliance.models.vocabulary import Purpose
from core.dates import today
from core.forms import GovukForm, MemorableDateField, offer_choices

LEAVE = ("", gettext_lazy("Leave as it is"))
YES, NO, AS_THE_SYSTEM = "yes", "no", "system"


class CameraFilterForm(GovukForm):
    """Which cameras to list, and in which order; empty fields do not narrow."""

    mark_optional: ClassVar[bool] = False

    LACKS: ClassVar = (
        ("outstanding", gettext_lazy("Justification outstanding")),
        ("review", gettext_lazy("Review due")),
        ("withheld", gettext_lazy("Withholding to be looked at again")),
        ("place", gettext_lazy("No coordinates")),
        ("sign", gettext_lazy("No day of its sign")),
        ("fault", gettext_lazy("Fault open")),
    )
    SORTS: ClassVar = (
        ("", gettext_lazy("Number")),
        ("location", gettext_lazy("Street or landmark")),
        ("ward", gettext_lazy("Ward")),
        ("status", gettext_lazy("State")),
        ("review", gettext_lazy("Next review")),
        ("added", gettext_lazy("Newest first")),
    )
    text = forms.CharField(label=gettext_lazy("Number or place"), max_length=100, required=False)
    system = forms.ChoiceField(label=gettext_lazy("System"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[ANY, *as_labels(Camera.Status.choices)], required=False
    )
    camera_type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=[ANY, *as_labels(CameraType.choices)], required=False
    )
    ward = forms.ChoiceField(label=gettext_lazy("Ward"), required=False)
    precision = forms.ChoiceField(
        label=gettext_lazy("Shown to the public as"), choices=[ANY, *as_labels(Precision.choices)], required=False
    )
    lacks = forms.ChoiceField(label=gettext_lazy("To do"), choices=[ANY, *LACKS], required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=SORTS, required=False)

    def __init__(self, *args: Any, wards: Iterable[str], systems: Iterable[CameraSystem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "ward", [ANY, *((name, name) for name in wards)])
        self.systems = {system.reference: system for system in systems}
        offered = [ANY, *((reference, system.local_name) for reference, system in self.systems.items())]
        offer_choices(self, "system", offered)
        if len(self.systems) < 2:
            del self.fields["system"]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but an order was asked for."""
        return self.is_bound and any(self.data.get(name) for name in self.fields if name != "sort")

    def asked(self) -> list[tuple[str, str]]:
        """What was asked for, to be sent on with another form."""
        return [(name, str(self.data[name])) for name in self.fields if self.is_bound and self.data.get(name)]

    def narrow(self, cameras: CameraQuerySet) -> CameraQuerySet:
        """The cameras that were asked for; all of them where the form is not filled in, none where it is wrong."""
        if not self.is_valid():
            return cameras.none() if self.is_bound else cameras
        asked = dict(self.cleaned_data)
        asked.pop("sort")
        lacks, system = asked.pop("lacks"), asked.pop("system", "")
        found = cameras.matching(**asked)
        if system:
            found = found.filter(system=self.systems[system])
        return found.filter(_lacking(lacks)) if lacks else found

    def ordered(self, cameras: CameraQuerySet) -> CameraQuerySet:
        """By number, 9 before 10, within whatever was asked for first."""
        sort = self.cleaned_data.get("sort", "") if self.is_bound and self.is_valid() else ""
        by_number: tuple[Any, ...] = (Length("operator_ref"), "operator_ref", "pk")
        first: dict[str, tuple[Any, ...]] = {
            "location": ("location",),
            "ward": ("ward",),
            "status": ("status",),
            "review": (F("review_due_on").asc(nulls_last=True),),
            "added": ("-added_at",),
        }
        return cameras.order_by(*first.get(sort, ()), *by_number)


def _lacking(what: str) -> Q | Exists:
    """Among the cameras in use those that lack something, or for which something is to be done."""
    in_use = Q(status__in=Camera.IN_USE)
    if what == "fault":
        return Exists(Fault.objects.open().filter(camera=OuterRef("pk")))
    conditions = {
        "outstanding": Q(justified_on__isnull=True),
        "review": Q(review_due_on__lte=today()),
        "withheld": Q(precision=Precision.WITHHELD) & (Q(withheld_review_on=None) | Q(withheld_review_on__lte=today())),
        "place": Q(latitude__isnull=True) & ~Q(camera_type__in=NEVER_MAPPED),
        "sign": Q(sign_up_on__isnull=True),
    }
    return in_use & conditions[what]


def _alike(label: Any, choices: Iterable[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[LEAVE, *as_labels(choices)], required=False)


def _yes_or_no(label: Any) -> forms.ChoiceField:
    return _alike(label, [(YES, gettext_lazy("yes")), (NO, gettext_lazy("no"))])


def _text(label: Any, longest: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, help_text=hint)


class AlikeForm(GovukForm):
    """What the chosen cameras get alike. What is left empty stays as it is with each of them."""

    mark_optional: ClassVar[bool] = False

    locality = _text(gettext_lazy("Town or locality"), 120)
    ward = _text(gettext_lazy("Ward"), 120)
    is_public_space = _yes_or_no(gettext_lazy("They look at a public space"))
    precision = _alike(gettext_lazy("The public sees"), Precision.choices)
    withheld_reason = _text(gettext_lazy("Reason for withholding"), 250, gettext_lazy("The public reads it."))
    withheld_post = _text(gettext_lazy("Post that decided to withhold"), 120)
    withheld_review_on = MemorableDateField(label=gettext_lazy("Withholding is looked at again on"), required=False)
    camera_type = _alike(gettext_lazy("Type"), CameraType.choices)
    mount = _alike(gettext_lazy("Mounted on"), Mount.choices)
    maker = _text(gettext_lazy("Maker and model"), 120)
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Purposes"),
        choices=as_labels(Purpose.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What you tick takes the place of the purposes that each has now."),
    )
    records_audio = _yes_or_no(gettext_lazy("They record sound"))
    anpr_enabled = _yes_or_no(gettext_lazy("They read number plates"))
    analytics = _text(gettext_lazy("Analytics in use"), 250)
    has_privacy_zones = _yes_or_no(gettext_lazy("Parts of their view are masked"))
    monitored_by = forms.ChoiceField(label=gettext_lazy("Watched by"), required=False)
    owned_by = _text(gettext_lazy("Owner, if not you"), 150)
    installed_on = MemorableDateField(label=gettext_lazy("Installed on"), required=False)
    sign_up_on = MemorableDateField(label=gettext_lazy("Sign put up on"), required=False)

    groups: ClassVar = (
        (gettext_lazy("Where they stand"), ("locality", "ward", "is_public_space")),
        (
            gettext_lazy("What the public may know of their place"),
            ("precision", "withheld_reason", "withheld_post", "withheld_review_on"),
        ),
        (gettext_lazy("What they are"), ("camera_type", "mount", "maker")),
        (
            gettext_lazy("What they are for and what they do"),
            (
                "purposes",
                "records_audio",
                "anpr_enabled",
                "analytics",
                "has_privacy_zones",
                "monitored_by",
                "owned_by",
            ),
        ),
        (gettext_lazy("Days"), ("installed_on", "sign_up_on")),
    )

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, prefix="new", **kwargs)
        bodies = Organisation.objects.other_operators(operator)
        self.bodies = {body.slug: body for body in bodies}
        offered = [(slug, body.local_name) for slug, body in self.bodies.items()]
        offer_choices(self, "monitored_by", [LEAVE, (AS_THE_SYSTEM, _("As the system")), *offered])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Say what is to change: fill in at least one field."))
        if cleaned.get("precision") == Precision.WITHHELD:
            needed = {
                "withheld_reason": _("Give the reason why their places are withheld. The public reads it."),
                "withheld_post": _("Say which post decided to withhold their places."),
                "withheld_review_on": _("Say when the decision to withhold their places is looked at again."),
            }
            for name, sentence in needed.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Field → value, as the service takes it, for the fields that were filled in."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        for name, value in asked.items():
            if name in ("is_public_space", "records_audio", "anpr_enabled", "has_privacy_zones"):
                asked[name] = value == YES
        if body := asked.get("monitored_by"):
            asked["monitored_by"] = self.bodies.get(body)
        return asked

    def sent(self) -> list[tuple[str, str]]:
        """What was filled in, to be sent again when it was looked at."""
        return [
            (name, value)
            for name in self.data
            if name.startswith("new-")
            for value in self.data.getlist(name)  # type: ignore[attr-defined]
            if value
        ]

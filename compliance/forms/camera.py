"""Forms of one camera: short ones, one for each group of its fields. What goes together is judged by the service."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.fields import VersionField, as_labels
from compliance.forms.systems import WelshBoxes
from compliance.models import Camera
from compliance.models.vocabulary import Purpose
from compliance.services.cameras_register import is_placed
from core.forms import GovukModelForm

PLACE, KIND, USE, PUBLIC, DAYS = "place", "kind", "use", "public", "days"


class DegreesField(forms.DecimalField):
    """Degrees to six places, a tenth of a metre: what a map gives beyond that is cut off."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        degrees = super().to_python(value)
        is_sane = degrees is not None and degrees.is_finite() and abs(degrees) < MOST_DEGREES
        return round(degrees, 6) if degrees is not None and is_sane else degrees


MOST_DEGREES = 360
NOT_OF_THE_CAMERA = ("version", "even_far", "reason")
DEGREES: dict[str, type[forms.Field]] = {"latitude": DegreesField, "longitude": DegreesField}


class AsksIfFar(forms.BaseForm):
    """Has a box `even_far`, shown when a place that was sent was refused as too far, or the box was ticked."""

    def as_answered(self) -> Self:
        """The form as it is shown, after whatever was refused stands on it."""
        if "even_far" in self.fields and "even_far" not in self.errors and not self.data.get("even_far"):
            del self.fields["even_far"]
        return self


class CameraForm(AsksIfFar, WelshBoxes, GovukModelForm):
    """The parent of the forms that change one group of a camera's fields."""

    version = VersionField(lowest=1)

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["version"] = self.instance.version
        self.arrange_welsh(operator)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
            if name in ("precision", "camera_type", "mount") and isinstance(field, forms.ChoiceField):
                field.choices = as_labels(field.choices)  # type: ignore[arg-type]
        if bodies := self.fields.get("monitored_by"):
            _offer_bodies(bodies, operator)

    def _post_clean(self) -> None:
        """The record itself is judged by the service, in words; the instance stays as it is stored."""

    @property
    def is_even_far(self) -> bool:
        return bool(self.cleaned_data.get("even_far"))

    def changes(self) -> dict[str, Any]:
        """Field → value, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in NOT_OF_THE_CAMERA}


def _offer_bodies(field: forms.Field, operator: Organisation) -> None:
    """Bodies that may watch a camera for its operator."""
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
    field.queryset = Organisation.objects.other_operators(operator)
    field.empty_label = str(_("As the system"))


def even_far_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The place is right, even if it is more than 100 km from the authority"), required=False
    )


class PlaceForm(CameraForm):
    """Where the camera stands, corrected. A camera that was moved is placed anew instead."""

    title = _("Where it stands")
    even_far = even_far_field()
    reason = forms.CharField(
        label=_("Why the recorded place is corrected"),
        required=False,
        max_length=250,
        help_text=_(
            "Needed if you change the street or the coordinates; it stays in the history. A camera that was moved is "
            "no correction: the senior responsible officer decides on another place, and a redeployable camera is "
            "placed."
        ),
    )

    class Meta:
        model = Camera
        fields = (
            "operator_ref",
            "location",
            "locality",
            "ward",
            "ward_code",
            "postcode",
            "latitude",
            "longitude",
            "easting",
            "northing",
            "is_public_space",
        )
        field_classes = DEGREES
        labels = {
            "operator_ref": _("Your own number"),
            "ward_code": _("Code of the ward"),
            "is_public_space": _("It looks at a public space"),
        }
        help_texts = {
            "operator_ref": _("Keep it stable: people and police know the camera by it."),
            "location": _("For example “High Street, opposite the library”."),
            "ward_code": _("As the Office for National Statistics gives it, for example E05000001."),
            "latitude": _("In degrees (WGS84), for example 52.628606."),
            "longitude": _("In degrees (WGS84), for example 1.292500; west of Greenwich with a minus."),
            "easting": _("In metres of the national grid (OSGB36), if your list has them."),
        }

    groups: ClassVar = (
        (_("Coordinates"), ("latitude", "longitude", "even_far", "easting", "northing")),
        (_("What it looks at"), ("is_public_space",)),
        (_("If the place is corrected"), ("reason",)),
    )

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, operator=operator, **kwargs)
        if not is_placed(self.instance):
            del self.fields["reason"]

    widths: ClassVar = {
        "operator_ref": 20,
        "ward_code": 10,
        "postcode": 10,
        "latitude": 10,
        "longitude": 10,
        "easting": 10,
        "northing": 10,
    }


class KindForm(CameraForm):
    """What the camera is, and what it sees."""

    title = _("What it is")

    class Meta:
        model = Camera
        fields = ("camera_type", "mount", "direction", "view_description", "view_description_cy", "maker")
        help_texts = {
            "camera_type": _("A fixed camera has a view; one that pans and tilts has a range."),
            "direction": _("Where a fixed camera looks: 0 is north, 90 east, 180 south, 270 west."),
            "view_description": _("What it can see, for example “the taxi rank and both exits of the station”."),
            "maker": _("Never shown to the public."),
        }

    widths: ClassVar = {"direction": 3}


class UseForm(CameraForm):
    """What the camera is for and what it does."""

    title = _("What it is for and what it does")
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        choices=as_labels(Purpose.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none if its purposes are those of the system."),
    )

    class Meta:
        model = Camera
        fields = (
            "purposes",
            "purpose_note",
            "purpose_note_cy",
            "records_audio",
            "anpr_enabled",
            "analytics",
            "has_privacy_zones",
            "monitored_by",
            "owned_by",
        )
        labels = {
            "purpose_note": _("The problem that this camera is there for"),
            "records_audio": _("It records sound"),
            "anpr_enabled": _("It reads number plates"),
            "has_privacy_zones": _("Parts of its view are masked, such as windows of homes"),
            "monitored_by": _("Watched by"),
            "owned_by": _("Owner, if not you"),
        }
        help_texts = {
            "analytics": _("For example “counts people” or “detects left objects”. Leave empty if there are none."),
            "owned_by": _("For example a housing association. Never shown to the public."),
        }


class PublicForm(CameraForm):
    """How exactly the public may know where the camera is."""

    title = _("What the public may know of its place")

    class Meta:
        model = Camera
        fields = ("precision", "withheld_reason", "withheld_post", "withheld_review_on")
        widgets = {"precision": forms.RadioSelect}
        labels = {
            "precision": _("The public sees"),
            "withheld_reason": _("Reason for withholding the place"),
            "withheld_post": _("Which post decided so?"),
            "withheld_review_on": _("When is that looked at again?"),
        }
        help_texts = {
            "precision": _(
                "Coordinates are published for an exact place alone. Withhold only where publishing would help "
                "offenders or betray a protected place, such as a refuge."
            ),
            "withheld_reason": _("The public reads it: do not name the place."),
            "withheld_post": _("The post, not the person."),
        }

    groups: ClassVar = (
        (_("Only if the place is withheld"), ("withheld_reason", "withheld_post", "withheld_review_on")),
    )


class DaysForm(CameraForm):
    """The days of the camera's life."""

    title = _("Days")

    class Meta:
        model = Camera
        fields = ("installed_on", "sign_up_on", "removed_on", "sign_removed_on")
        labels = {
            "installed_on": _("Installed on"),
            "sign_up_on": _("Sign put up on"),
            "removed_on": _("Taken down on"),
            "sign_removed_on": _("Sign taken down on"),
        }
        help_texts = {
            "installed_on": _("For example 27 3 2019."),
            "removed_on": _("Leave empty while the camera is there."),
        }


class NewCameraForm(CameraForm):
    """The first facts of a camera that exists already; the others come group by group."""

    title = _("Add a camera")
    version = None  # type: ignore[assignment]
    even_far = even_far_field()

    class Meta:
        model = Camera
        fields = (
            "operator_ref",
            "location",
            "ward",
            "postcode",
            "latitude",
            "longitude",
            "camera_type",
            "purpose_note",
            "installed_on",
        )
        field_classes = DEGREES
        labels = PlaceForm.Meta.labels | UseForm.Meta.labels | DaysForm.Meta.labels
        help_texts = PlaceForm.Meta.help_texts

    groups: ClassVar = (
        (_("Coordinates"), ("latitude", "longitude", "even_far")),
        (_("What it is"), ("camera_type", "purpose_note", "installed_on")),
    )
    widths: ClassVar = PlaceForm.widths


FORMS: dict[str, type[CameraForm]] = {
    PLACE: PlaceForm,
    KIND: KindForm,
    USE: UseForm,
    PUBLIC: PublicForm,
    DAYS: DaysForm,
}

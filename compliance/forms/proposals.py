"""Forms on a camera's way from proposal to operation and to its end."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.assessments import SignatureForm
from compliance.forms.camera import AsksIfFar, DegreesField, even_far_field
from compliance.forms.evidence import FILE_HELP
from compliance.forms.fields import VersionField, as_labels, hash_of_what_was_read, password_again
from compliance.models import Camera, CameraSystem, Dpia, OperationalRequirement, Proposal
from compliance.models.camera import CameraType
from compliance.models.vocabulary import Purpose
from compliance.operational_requirement import ANSWER_LIMIT, Asked, RequirementPart
from compliance.services.camera_decisions import REASONS_LIMIT
from core.forms import GovukForm, MemorableDateField, offer_choices, offer_rows

DATE_HELP = _("For example 27 3 2026.")


def _text(
    label: Any, help_text: Any = "", *, rows: int = 5, limit: int = 4000, required: bool = False
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=limit,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReasonsForm(GovukForm):
    """Why a camera is asked for."""

    problem = _text(
        _("Which problem is it to deal with?"),
        _("What happens there, how often, since when. Leave out names and anything about single people."),
        required=True,
    )
    evidence_of_need = _text(
        _("What shows that there is a need?"), _("Figures with their dates, reports, letters, a petition.")
    )
    alternatives = _text(
        _("What else was considered, and why is it not enough?"), _("Lighting, patrols, locks, design of the place.")
    )
    expected = _text(
        _("What is it to change, and how will that be measured?"),
        _("Something that can be counted before and after."),
        rows=3,
        limit=2000,
    )
    cost = forms.DecimalField(
        label=_("What will it cost to put up (pounds)?"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    funded_by = forms.CharField(label=_("Who pays for it?"), max_length=150, required=False)
    widths: ClassVar[Mapping[str, int]] = {"cost": 10}


class ChangeReasonsForm(ReasonsForm):
    version = VersionField(lowest=1)

    @classmethod
    def of(cls, proposal: Proposal, data: Any) -> "ChangeReasonsForm":
        names = ("problem", "evidence_of_need", "alternatives", "expected", "cost", "funded_by", "version")
        return cls(data, initial={name: getattr(proposal, name) for name in names})


class ProposeForm(ReasonsForm):
    """A camera that is asked for: in which system, where, what for, and why."""

    system = forms.ModelChoiceField(
        label=_("Which system would it belong to?"),
        queryset=CameraSystem.objects.none(),
        to_field_name="reference",
        empty_label=_("Choose a system"),
    )
    location = forms.CharField(
        label=_("Where would it stand?"), help_text=_("Street or landmark, as people there call it."), max_length=250
    )
    ward = forms.CharField(label=_("Ward"), max_length=120, required=False)
    camera_type = forms.ChoiceField(
        label=_("Which type of camera?"), choices=as_labels(CameraType.choices), initial=CameraType.UNKNOWN
    )
    purposes = forms.MultipleChoiceField(
        label=_("What is it for?"),
        choices=as_labels(Purpose.choices),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one purpose.")},
    )
    field_order = ("system", "location", "ward", "camera_type", "purposes")
    groups = (
        (_("The camera"), ("system", "location", "ward", "camera_type", "purposes")),
        (
            _("Why it is asked for"),
            ("problem", "evidence_of_need", "alternatives", "expected", "cost", "funded_by"),
        ),
    )

    def __init__(self, *args: Any, systems: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "system", systems)

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "system"}


class PoliceViewForm(GovukForm):
    police_view = _text(
        _("What did the police say?"), _("In their words where you have them. Leave out names."), required=True
    )
    police_post = forms.CharField(
        label=_("Which post of the police gave the view?"),
        help_text=_("For example: neighbourhood inspector."),
        max_length=120,
    )
    police_view_on = MemorableDateField(label=_("On which day?"), help_text=DATE_HELP)
    version = VersionField(lowest=1)


# --- Operational requirement ---


class RequirementStartForm(GovukForm):
    """A new requirement for this camera and perhaps others; or one that was made outside the portal."""

    title = forms.CharField(
        label=_("What is it called?"), help_text=_("For example: Bus station, stands 1 to 6."), max_length=150
    )
    cameras = forms.MultipleChoiceField(
        label=_("Does it serve other proposed cameras too?"),
        choices=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(
        label=_("If it was made outside the portal: the document"),
        required=False,
        allow_empty_file=True,
        help_text=FILE_HELP,
    )
    dated = MemorableDateField(label=_("And its date"), help_text=DATE_HELP, required=False)

    def __init__(self, *args: Any, others: Sequence[Camera], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            offer_choices(self, "cameras", [(camera.reference, camera.name) for camera in others])
        else:
            del self.fields["cameras"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" in self.files and not cleaned.get("dated") and "dated" not in self.errors:
            self.add_error("dated", _("Give the date of the document."))
        if cleaned.get("dated") and "file" not in self.files and "file" not in self.errors:
            self.add_error("file", _("Choose the document, or leave the date empty."))
        return cleaned


class UseRequirementForm(GovukForm):
    """One that is there already and serves this camera, too."""

    requirement = forms.ModelChoiceField(
        label=_("Which operational requirement?"),
        queryset=OperationalRequirement.objects.none(),
        to_field_name="reference",
        empty_label=_("Choose one"),
    )

    def __init__(self, *args: Any, requirements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "requirement", requirements)
        self.fields["requirement"].label_from_instance = lambda found: f"{found.title} ({found.reference})"  # type: ignore[attr-defined]


class PartForm(GovukForm):
    """The questions of one part of a requirement; any may be saved empty and answered later."""

    version = VersionField(lowest=1)
    mark_optional: ClassVar[bool] = False

    def __init__(self, *args: Any, part: RequirementPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {asked.key: _field_of(asked) for asked in part.asked}


def _field_of(asked: Asked) -> forms.Field:
    if asked.choices:
        return forms.ChoiceField(
            label=asked.label,
            help_text=asked.help,
            required=False,
            choices=asked.choices,
            widget=forms.RadioSelect,
        )
    return _text(asked.label, asked.help, limit=ANSWER_LIMIT)


# --- Deciding ---


class DecisionForm(SignatureForm):
    """Reasons and a signature."""

    reasons = _text(
        _("Your reasons"),
        _("They are kept with the decision for good. Leave out names."),
        limit=REASONS_LIMIT,
        required=True,
    )
    password = password_again(_("The one that you sign in with, so that it is certain who decides."))


class DecideForm(DecisionForm):
    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=(("approve", _("Approve the camera")), ("refuse", _("Refuse it"))),
        widget=forms.RadioSelect,
    )
    public_not_asked = _text(
        _("If the public was not asked: why was that not proportionate?"),
        _("Needed only for an approval without a consultation of the public."),
        rows=3,
        limit=REASONS_LIMIT,
    )
    read_sha256 = hash_of_what_was_read()
    field_order = ("outcome", "reasons", "public_not_asked")

    def __init__(self, *args: Any, may_approve: bool, asks_for_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_approve:
            offer_choices(self, "outcome", [("refuse", _("Refuse it"))])
            self.fields["outcome"].initial = "refuse"
        if not asks_for_reason:
            del self.fields["public_not_asked"]


class RemovalsForm(DecisionForm):
    """Which cameras are kept or removed; each box says the camera and the version that was read."""

    cameras = forms.MultipleChoiceField(
        label=_("Cameras"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one camera.")},
    )
    outcome = forms.ChoiceField(
        label=_("Your decision about those that are ticked"),
        choices=(("remove", _("Remove them")), ("keep", _("Keep them"))),
        widget=forms.RadioSelect,
    )
    field_order = ("cameras", "outcome", "reasons")

    def __init__(self, *args: Any, cameras: Sequence[Camera], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "cameras", [(box_of(camera), camera.name) for camera in cameras])


def box_of(camera: Camera) -> str:
    return f"{camera.reference}.{camera.version}"


class DownForm(GovukForm):
    """Cameras and signs that were taken down."""

    cameras = forms.MultipleChoiceField(
        label=_("Cameras"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one camera.")},
    )
    removed_on = MemorableDateField(label=_("When was the camera taken down?"), help_text=DATE_HELP)
    sign_removed_on = MemorableDateField(label=_("When was its sign taken down?"), help_text=DATE_HELP)

    def __init__(self, *args: Any, cameras: Sequence[Camera], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "cameras", [(camera.reference, camera.name) for camera in cameras])


class RelocateForm(AsksIfFar, DecisionForm):
    """Where a camera is to go, why, and by which DPIA."""

    location = forms.CharField(label=_("Street or landmark of the new place"), max_length=250)
    ward = forms.CharField(label=_("Ward"), max_length=120, required=False)
    latitude = DegreesField(label=_("Latitude"), required=False, help_text=_("In degrees (WGS84)."))
    longitude = DegreesField(label=_("Longitude"), required=False)
    even_far = even_far_field()
    target = _text(_("Which problem is it to deal with there?"), rows=3, limit=2000, required=True)
    requirement = _text(
        _("What must the camera show there, and for whom?"),
        _("Its operational requirement there. Needed if it goes farther than 100 m, or how far is not known."),
        limit=REASONS_LIMIT,
    )
    starts_on = MemorableDateField(label=_("From which day?"), help_text=DATE_HELP)
    sign_up_on = MemorableDateField(label=_("When was the sign there put up?"), required=False)
    dpia = forms.ModelChoiceField(
        label=_("Which DPIA was looked at for the new place?"),
        help_text=_("A signed one that covers this camera."),
        queryset=Dpia.objects.none(),
        to_field_name="reference",
        empty_label=_("Choose a DPIA"),
    )
    dpia_review = _text(
        _("What does the DPIA say of the new place?"),
        _("Who is seen there, and what is masked or left out. Needed if the camera goes farther than 100 m."),
        limit=REASONS_LIMIT,
    )
    read_sha256 = hash_of_what_was_read()
    groups = (
        (_("The new place"), ("location", "ward", "latitude", "longitude", "even_far", "starts_on", "sign_up_on")),
        (_("Why there"), ("target", "requirement", "dpia", "dpia_review")),
        (_("Your decision"), ("reasons", "typed_name", "post", "password")),
    )
    widths: ClassVar[Mapping[str, int]] = {**SignatureForm.widths, "latitude": 10, "longitude": 10}

    def __init__(self, *args: Any, dpias: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "dpia", dpias)


class RecommendRemovalForm(GovukForm):
    reason = _text(
        _("Why is the camera not needed any more?"),
        _("The senior responsible officer is told, and decides."),
        limit=REASONS_LIMIT,
        required=True,
    )


# --- Up and running ---


class InstallForm(GovukForm):
    installed_on = MemorableDateField(label=_("When was it put up?"), help_text=DATE_HELP)
    sign_up_on = MemorableDateField(
        label=_("When was its sign put up?"),
        help_text=_("The sign may follow, but without one the camera cannot go into operation."),
        required=False,
    )


class OperateForm(GovukForm):
    sign_up_on = MemorableDateField(label=_("When was its sign put up?"), help_text=DATE_HELP)

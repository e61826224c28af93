"""Forms of placements: to place a camera, to mend a placement, to end and to evaluate it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.forms.camera import AsksIfFar, DegreesField, even_far_field
from compliance.forms.fields import VersionField, as_labels
from compliance.models import Camera, Dpia, Placement, PlacementEvaluation
from compliance.models.camera import Precision
from compliance.models.vocabulary import Purpose
from core.forms import GovukForm, MemorableDateField, offer_rows


def _purposes() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Purposes"),
        choices=as_labels(Purpose.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none if its purposes are those of the system."),
    )


def _target() -> forms.CharField:
    return forms.CharField(
        label=_("The problem it is there for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("With what shows it, for example “23 reports of dumped waste since June”."),
    )


def _dpia() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Dpia.objects.none(),
        required=False,
        to_field_name="reference",
        label=_("DPIA of this placement"),
        empty_label=_("None yet"),
    )


def _dpias_of(operator: Organisation) -> Any:
    return Dpia.objects.filter(operator=operator).exclude(status=Dpia.Status.SUPERSEDED).for_list()


class PlaceForm(AsksIfFar, GovukForm):
    """Where a camera goes, why, and until when."""

    version = VersionField(lowest=1)
    location = forms.CharField(label=_("Street or landmark"), max_length=250)
    ward = forms.CharField(label=_("Ward"), max_length=120, required=False)
    latitude = DegreesField(
        label=_("Latitude"), required=False, help_text=_("In degrees (WGS84), for example 52.628606.")
    )
    longitude = DegreesField(label=_("Longitude"), required=False)
    even_far = even_far_field()
    precision = forms.ChoiceField(
        label=_("The public sees"),
        choices=[(value, label) for value, label in as_labels(Precision.choices) if value != Precision.WITHHELD],
    )
    target = _target()
    purposes = _purposes()
    starts_on = MemorableDateField(label=_("There since"), help_text=_("For example 27 3 2026."))
    planned_end_on = MemorableDateField(
        label=_("Planned until"), help_text=_("A redeployable camera needs an end in sight.")
    )
    sign_up_on = MemorableDateField(label=_("Sign put up on"), required=False)
    dpia = _dpia()

    groups: ClassVar = (
        (_("Where it stands"), ("location", "ward", "latitude", "longitude", "even_far", "precision")),
        (_("Why"), ("target", "purposes", "dpia")),
        (_("Days"), ("starts_on", "planned_end_on", "sign_up_on")),
    )
    widths: ClassVar = {"latitude": 10, "longitude": 10}

    def __init__(self, *args: Any, camera: Camera, **kwargs: Any) -> None:
        withheld = camera.precision == Precision.WITHHELD
        initial = {
            "version": camera.version,
            "precision": Precision.STREET if withheld else camera.precision,
            "purposes": camera.purposes,
        }
        super().__init__(*args, initial=initial, **kwargs)
        if withheld:  # it stays withheld: its own page says why
            del self.fields["precision"]
        offer_rows(self, "dpia", _dpias_of(camera.system.operator))


class PlacementForm(GovukForm):
    """What a placement is for, its planned end, its sign and its DPIA."""

    title = _("Change the placement")
    version = VersionField(lowest=1)
    target = _target()
    purposes = _purposes()
    dpia = _dpia()
    planned_end_on = MemorableDateField(label=_("Planned until"), required=False)
    sign_up_on = MemorableDateField(label=_("Sign put up on"), required=False)

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        names = ("version", "target", "purposes", "planned_end_on", "sign_up_on")
        initial = {name: getattr(placement, name) for name in names}
        initial["dpia"] = placement.dpia.reference if placement.dpia else ""
        super().__init__(*args, initial=initial, **kwargs)
        offer_rows(self, "dpia", _dpias_of(placement.camera.system.operator))


class EndForm(GovukForm):
    """When a placement ended, and why."""

    title = _("Take the camera into store")
    version = VersionField(lowest=1)
    ends_on = MemorableDateField(label=_("There until"))
    reason = forms.CharField(label=_("Why did it end?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class EvaluationForm(GovukForm):
    """What was found at one stage of a placement."""

    title = _("Evaluate the placement")
    stage = forms.ChoiceField(
        label=_("When"), choices=as_labels(PlacementEvaluation.Stage.choices), widget=forms.RadioSelect
    )
    on = MemorableDateField(label=_("Date"))
    incidents = forms.IntegerField(
        label=_("Incidents in the period"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("Counts only. Leave empty if none were counted."),
    )
    findings = forms.CharField(
        label=_("What was found"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What changed, and whether the problem only moved elsewhere. No names of people."),
    )
    widths: ClassVar = {"incidents": 5}

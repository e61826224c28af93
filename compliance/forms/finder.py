"""Forms of the camera finder, and of control rooms."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from compliance.finder import RADII
from compliance.forms.fields import VersionField
from compliance.models import CameraSystem, ControlRoom
from compliance.services.control_rooms import FACTS
from core.forms import GovukForm, GovukModelForm, MemorableDateField, offer_choices


class FinderForm(GovukForm):
    """Where to look, and why."""

    place = forms.CharField(
        label=_("Which place?"),
        max_length=200,
        help_text=_(
            "A street, ward, postcode or camera number; or a point: latitude and longitude such as 53.4645, -2.2848, "
            "or easting and northing such as 381230, 396780."
        ),
    )
    metres = forms.TypedChoiceField(
        label=_("How far around a point?"),
        choices=[(metres, format_lazy(_("{metres} metres"), metres=metres)) for metres in RADII],
        coerce=int,
        initial=200,
        help_text=_("Counts for points only."),
    )
    reason = forms.CharField(
        label=_("Why do you look for it?"),
        max_length=250,
        help_text=_(
            "For example a crime or incident number. Never names of people: the operators of the cameras "
            "that are shown can read this."
        ),
    )


class RoomForm(GovukModelForm):
    """A control room as its card says it."""

    version = VersionField(lowest=0)

    class Meta:
        model = ControlRoom
        fields = FACTS
        widgets = {"how_to_ask": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "hours": _("For example 24 hours every day, or Monday to Saturday 8:00 to 23:00."),
            "phone_24h": _("Shown to police forces and partners who are signed in, never to the public."),
            "how_to_ask": _("For example the form to fill in, and how quickly it is answered."),
        }

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class ChooseRoomForm(GovukForm):
    """Which control room watches a system."""

    room = forms.ChoiceField(label=_("Which control room watches this system?"), required=False)
    starts_on = MemorableDateField(label=_("Since when?"))

    def __init__(self, *args: Any, system: CameraSystem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = (
            ControlRoom.objects.for_list()
            .filter(organisation__is_training=system.operator.is_training)
            .order_by("organisation__name", "name", "pk")
        )
        own = [room for room in rooms if room.organisation_id == system.operator_id]
        others = [room for room in rooms if room.organisation_id != system.operator_id]
        choices = [(room.reference, f"{room.name}, {room.organisation.local_name}") for room in (*own, *others)]
        offer_choices(self, "room", [("", _("None")), *choices])
        self.rooms = {room.reference: room for room in rooms}

    def chosen(self) -> ControlRoom | None:
        return self.rooms.get(self.cleaned_data["room"])

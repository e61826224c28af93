"""Forms of a list of cameras that is brought in: the file, what its columns are, and the second question."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.camera_lists import FIELDS, ListLook, ListSettings
from core.forms import GovukForm

LEFT_OUT = "ignore"
FIELD_WORDS = {
    "operator_ref": gettext_lazy("The camera’s number"),
    "location": gettext_lazy("Street or landmark"),
    "locality": gettext_lazy("Town or locality"),
    "ward": gettext_lazy("Ward"),
    "ward_code": gettext_lazy("Ward code"),
    "postcode": gettext_lazy("Postcode"),
    "camera_type": gettext_lazy("Type"),
    "mount": gettext_lazy("What it is mounted on"),
    "view_description": gettext_lazy("Area of view"),
    "direction": gettext_lazy("Direction in degrees"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "easting": gettext_lazy("Easting"),
    "northing": gettext_lazy("Northing"),
    "installed_on": gettext_lazy("Installed on"),
    "status": gettext_lazy("Whether it is in use"),
    "ref_and_location": gettext_lazy("Number and place in one"),
    "wkt": gettext_lazy("Coordinates in one: POINT (…) or two numbers"),
    LEFT_OUT: gettext_lazy("Leave this column out"),
}
ENCODINGS = {
    "utf-8": gettext_lazy("UTF-8"),
    "utf-8-sig": gettext_lazy("UTF-8 with a byte order mark"),
    "utf-16": gettext_lazy("UTF-16"),
    "utf-16-le": gettext_lazy("UTF-16, little end first"),
    "utf-16-be": gettext_lazy("UTF-16, big end first"),
    "cp1252": gettext_lazy("Windows, Western Europe (cp1252)"),
    "cp1250": gettext_lazy("Windows, Central Europe (cp1250)"),
}
SYSTEMS = {
    "": gettext_lazy("The list has no coordinates"),
    "EPSG:4326": gettext_lazy("Degrees of latitude and longitude (WGS84, as phones show them)"),
    "EPSG:27700": gettext_lazy("Metres of easting and northing (British National Grid, OSGB36)"),
}
YES, NO = "yes", "no"


class CameraListForm(GovukForm):
    """A file to look at; nothing is written before it was looked at."""

    file = forms.FileField(
        label=gettext_lazy("Your list of cameras"),
        help_text=gettext_lazy(
            "CSV, Excel (xlsx), GeoJSON or KML, at most 25 MB, as it is: you need not tidy it first."
        ),
        allow_empty_file=True,  # the service says what to do
    )


class ColumnsForm(GovukForm):
    """What each column of a list is, and how the file is read: the guess, for a person to confirm or change."""

    mark_optional = False

    def __init__(self, *args: Any, look: ListLook, offers_far: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        for column in look.columns:
            self.fields[self.name_of(column.number)] = forms.ChoiceField(
                label=column.name,
                help_text=" · ".join(sample for sample in column.samples if sample) or _("(empty)"),
                choices=[(field, FIELD_WORDS.get(field, field)) for field in FIELDS],
                initial=column.field or LEFT_OUT,
            )
        settings = look.settings
        if look.kind in ("csv", "xlsx"):
            self.fields["has_header"] = forms.ChoiceField(
                label=_("Does the file begin with the names of its columns?"),
                choices=[(YES, _("Yes")), (NO, _("No, with the first camera"))],
                widget=forms.RadioSelect,
                initial=YES if settings.has_header else NO,
            )
        if look.kind == "csv":
            self.fields["encoding"] = forms.ChoiceField(
                label=_("Character encoding"),
                help_text=_("Change it where letters such as ŵ, é or ł look wrong."),
                choices=list(ENCODINGS.items()),
                initial=settings.encoding,
            )
        if len(look.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), choices=[(sheet, sheet) for sheet in look.sheets], initial=settings.sheet
            )
        self.fields["crs"] = forms.ChoiceField(
            label=_("What the coordinates are"),
            choices=list(SYSTEMS.items()),
            initial=settings.crs if look.has_places and settings.crs in SYSTEMS else "",
            required=False,
        )
        if offers_far or settings.accept_far:
            self.fields["accept_far"] = forms.BooleanField(
                label=_("Places far away from your area are right: take them as they are"),
                required=False,
                initial=settings.accept_far,
            )

    @staticmethod
    def name_of(number: int) -> str:
        return f"column-{number}"

    def clean(self) -> dict[str, Any]:
        """Two columns cannot be the same thing."""
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for column in self.look.columns:
            field = cleaned.get(self.name_of(column.number), LEFT_OUT)
            if field in taken and field != LEFT_OUT:
                sentence = _("Two columns cannot both be this: %(field)s. The other one is: %(other)s")
                words = {"field": FIELD_WORDS.get(field, field), "other": taken[field]}
                self.add_error(self.name_of(column.number), ValidationError(sentence % words))
            taken.setdefault(field, column.name)
        return cleaned

    def reads_otherwise(self) -> ListSettings | None:
        """How the file is to be read afresh, where its columns are not these: without headings, of another sheet."""
        settings, cleaned = self.look.settings, self.cleaned_data
        has_header = cleaned.get("has_header", YES if settings.has_header else NO) == YES
        encoding, sheet = cleaned.get("encoding", settings.encoding), cleaned.get("sheet", settings.sheet)
        if (has_header, encoding, sheet) == (bool(settings.has_header), settings.encoding, settings.sheet):
            return None
        again = replace(settings, has_header=has_header, encoding=encoding, sheet=sheet, mapping={}, crs="")
        return replace(again, header_rows=None) if has_header != settings.has_header else again

    def settings(self) -> ListSettings:
        """What was confirmed: every column by its name."""
        cleaned = self.cleaned_data
        return replace(
            self.look.settings,
            mapping={column.name: cleaned[self.name_of(column.number)] for column in self.look.columns},
            crs=cleaned["crs"],
            accept_far=bool(cleaned.get("accept_far")),
        )


class AcceptForm(GovukForm):
    """The second question before many cameras end (design 7)."""

    even_ending = forms.BooleanField(required=False)

    def __init__(self, *args: Any, gone: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Recommend %(count)d cameras for removal, because this list lacks them")
        self.fields["even_ending"].label = words % {"count": gone}

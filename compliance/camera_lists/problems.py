"""What can be wrong with a record, in a sentence each. The codes are for programs and stay as they are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    # The record is refused
    "unreadable": _("The row does not have the cells that the headings name, or a character that cannot be shown."),
    "error_line": _("The row is an error message of the program that wrote the list, not a camera."),
    "total": _("The row is a total, not a camera."),
    "headings_again": _("The row repeats the headings."),
    "not_a_record": _("The row is a remark, not a camera."),
    "not_in_use": _("The list says that this camera is not in use any longer."),
    "not_a_point": _("The record is drawn as a line or an area. A camera is a point."),
    "several_places": _("The record has more than one point. A camera has one place."),
    "no_reference_no_place": _("The row has neither a camera number nor a place."),
    "outside_area": _("The whole list lies outside England and Wales."),
    # It is not taken a second time
    "duplicate": _("The same camera stands further up in this list: the same number at the same place."),
    # It is taken, and somebody should look
    "reference_twice": _("The same number stands for another place, too. Both are taken."),
    "no_reference": _("The row has no camera number."),
    "no_location": _("The row does not say in words where the camera is."),
    "no_coordinates": _("The row has no coordinates."),
    "unreadable_coordinates": _("The coordinates cannot be read. They are left out."),
    "wrecked_coordinates": _("The coordinates seem to be wrecked by a spreadsheet. They are left out."),
    "zero_coordinates": _("The coordinates are 0, 0, which is in the sea off Africa. They are left out."),
    "swapped_coordinates": _("Latitude and longitude seem to be swapped. They are left out."),
    "outside": _("The coordinates are not in England or Wales. They are left out."),
    "far": _("The coordinates are far from your area or from the other cameras of the list. They are left out."),
    "coordinates_disagree": _("Degrees and grid reference of the row name two places. They are left out."),
    "never_mapped": _("A camera on a person, a vehicle or a drone has no fixed place. Its coordinates are left out."),
    "unknown_type": _("The type of the camera is not understood. It is left out."),
    "unknown_mount": _("What the camera is mounted on is not understood. It is left out."),
    "unknown_direction": _("The direction is not understood. It is left out."),
    "unknown_postcode": _("The postcode is not one of the United Kingdom. It is left out."),
    "ambiguous_date": _("The date can be read in two ways (day first or month first). It is left out."),
    "unreadable_date": _("The date cannot be read, or is not a day of the past. It is left out."),
    "mixed_encoding": _("Letters of the row were written in another encoding than the rest. Check its words."),
    "damaged_text": _("Letters of the row were lost before the list came here. Check its words."),
}


def sentence(code: str) -> str:
    return str(SENTENCES[code])

"""What stands on the sign at a camera, in a ward or of a whole system: what is published of it and nothing else.

A sign says that there are cameras, who runs them, what for, and whom to ask (Code, principle 3; ICO guidance on video
surveillance). Its code leads to an address that stays: signs hang for years, pages of lists change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.models.camera import CameraType
from compliance.models.vocabulary import Purpose, Technology
from core.bilingual import local_words
from transparency.addresses import CAMERAS_A_PAGE, camera_anchor, path_of
from transparency.languages import ENGLISH, WELSH, Language
from transparency.models import Publication
from transparency.pages.words import labels


@dataclass(frozen=True)
class Wording:
    """The words of a sign in one language, in the order in which they stand."""

    language: Language
    heading: str
    warnings: tuple[str, ...]  # what people would not expect of cameras
    purposes: str
    operator: str
    place: str
    ask: str
    scan: str


@dataclass(frozen=True)
class Sign:
    """One sign. `address` is what the code leads to, without language: the page offers the other."""

    title: str
    wordings: tuple[Wording, ...]
    contacts: tuple[str, ...]
    address: str

    @property
    def words(self) -> str:
        """All that can be read on it, for those who cannot see it."""
        said = [
            text
            for each in self.wordings
            for text in (each.heading, *each.warnings, each.purposes, each.operator, each.place, each.ask, each.scan)
            if text
        ]
        return ". ".join([*said, *self.contacts, self.address])


@dataclass(frozen=True)
class Place:
    """What a sign is for: the whole system, a ward, or one camera with its published row."""

    kind: str  # "system", "area" or "camera"
    name: str = ""
    row: Mapping[str, Any] | None = None


WHOLE_SYSTEM = Place("system")


def languages_of(content: Mapping[str, Any], *, bilingual: bool) -> tuple[Language, ...]:
    """Welsh stands first in Wales and is always there; elsewhere it is added where somebody wants it."""
    if content["operator"]["nation"] == "wales":
        return (WELSH, ENGLISH)
    return (ENGLISH, WELSH) if bilingual else (ENGLISH,)


def sign_of(publication: Publication, content: Mapping[str, Any], place: Place, *, bilingual: bool) -> Sign:
    """The sign for a place of a published system. No query."""
    contacts = content["facts"]["contacts"]
    wordings = []
    for language in languages_of(content, bilingual=bilingual):
        with override(language.code):
            wordings.append(_wording(language, content, place))
    return Sign(
        title=f"{wordings[0].heading}: {place.name or content['texts']['en']['name']}",
        wordings=tuple(wordings),
        contacts=tuple(filter(None, (contacts["spoc_phone"], contacts["spoc_email"]))),
        address=address_of(publication, place),
    )


def address_of(publication: Publication, place: Place) -> str:
    """The whole address behind the code. The address of a place leads on to wherever the list has it that day."""
    organisation, system = publication.path.strip("/").split("/")[1:3]
    if place.kind == "system" or not slugify(place.name):
        return f"{settings.PORTAL_ORIGIN}{publication.path}"
    return settings.PORTAL_ORIGIN + path_of(f"signed_{place.kind}", organisation, system, slugify(place.name))


def _wording(language: Language, content: Mapping[str, Any], place: Place) -> Wording:
    facts = content["facts"]
    purposes = (place.row or {}).get("purposes") or facts["purposes"]
    return Wording(
        language=language,
        heading=_heading(facts, place),
        warnings=tuple(_warnings(facts, place)),
        purposes=_("For: %(purposes)s") % {"purposes": ", ".join(labels(purposes, Purpose))},
        operator=_("Run by: %(operator)s") % {"operator": local_words(content["operator"]["name"])},
        place=_place(place),
        ask=_("Ask about these cameras, or for footage of yourself:"),
        scan=_("What these cameras are for, who watches, and your rights: scan the code or go to"),
    )


def _heading(facts: Mapping[str, Any], place: Place) -> str:
    if place.row is not None:
        kinds = {Technology.ANPR if place.row["type"] == CameraType.ANPR else Technology.CCTV}
    else:
        kinds = {row["technology"] for row in facts["technologies"] if row["total"]}
    if kinds == {Technology.ANPR}:
        return _("Number plates are read here")
    return _("CCTV cameras are in use here") if Technology.CCTV in kinds else _("Cameras are in use here")


def _warnings(facts: Mapping[str, Any], place: Place) -> list[str]:
    row, kinds = place.row, {each["technology"] for each in facts["technologies"] if each["total"]}
    said = []
    reads_plates = row.get("anpr_enabled") if row is not None else len(kinds) > 1 and Technology.ANPR in kinds
    if reads_plates:
        said.append(_("Number plates are read."))
    if facts["records_audio"] if row is None else row.get("records_audio"):
        said.append(_("Sound is recorded."))
    if facts["biometrics"]:
        said.append(_("Facial or other biometric recognition is used."))
    return said


def _place(place: Place) -> str:
    if place.kind == "camera":
        return _("Camera: %(number)s") % {"number": place.name}
    return _("Ward: %(ward)s") % {"ward": place.name} if place.kind == "area" else ""


# --- the places of a system that have signs ---


def wards_of(content: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The listed cameras by ward, in the frozen order; those without one under ''."""
    wards: dict[str, list[Mapping[str, Any]]] = {}
    for row in content["facts"]["cameras"]["list"]:
        wards.setdefault(row["ward"], []).append(row)
    return wards


def place_of(content: Mapping[str, Any], kind: str, slug: str) -> Place | None:
    """The place with that part of an address, or None. Where two are written alike, the first in the list."""
    if kind == "area":
        name = next((ward for ward in wards_of(content) if ward and slugify(ward) == slug), None)
        return Place("area", name) if name else None
    rows = content["facts"]["cameras"]["list"] if kind == "camera" else ()
    row = next((row for row in rows if row["ref"] and slugify(row["ref"]) == slug), None)
    return Place("camera", row["ref"], row) if row else None


def places_of_ward(content: Mapping[str, Any], slug: str) -> list[Place]:
    """A ward and each of its cameras that has a number: what is hung up there. Empty where there is no such ward."""
    area = place_of(content, "area", slug)
    if area is None:
        return []
    return [area, *(Place("camera", row["ref"], row) for row in wards_of(content)[area.name] if slugify(row["ref"]))]


def address_in_list(publication: Publication, content: Mapping[str, Any], place: Place) -> str:
    """Where the list of the page in force has the camera, or the first camera of the ward."""
    rows = content["facts"]["cameras"]["list"]
    index = next(
        number for number, row in enumerate(rows) if (row is place.row if place.row else row["ward"] == place.name)
    )
    page = index // CAMERAS_A_PAGE
    return f"{publication.path}cameras/{f'{page + 1}/' if page else ''}#{camera_anchor(rows[index]['ref'])}"

"""How cameras of a frozen list stand on public pages: each with what it sees and does, in the language of the page."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import CameraReview, CountedUnits
from compliance.models.camera import CameraType, Mount
from compliance.models.vocabulary import Purpose
from core.bilingual import local_words
from core.errors import Text
from transparency.addresses import camera_anchor
from transparency.pages.words import OwnText, day, labels, own_text

OUTCOMES: Mapping[str, Text] = {
    CameraReview.Outcome.KEEP: gettext_lazy("Last reviewed on %(day)s: the camera is kept"),
    CameraReview.Outcome.RELOCATE: gettext_lazy("Last reviewed on %(day)s: the camera is to be moved"),
    CameraReview.Outcome.REMOVE: gettext_lazy("Last reviewed on %(day)s: the camera is to be taken down"),
}


def shown_cameras(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a list on one page. Of two whose numbers are written alike in addresses, the first can be linked to."""
    shown, seen = [], {""}
    for row in rows:
        camera = shown_camera(row)
        if camera["anchor"] in seen:
            camera["anchor"] = ""
        seen.add(camera["anchor"])
        shown.append(camera)
    return shown


def shown_camera(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a list, of any schema so far."""
    place = f"{row['latitude']},{row['longitude']}" if "latitude" in row else ""
    return {
        "ref": row["ref"],
        "anchor": camera_anchor(row["ref"]) if slugify(row["ref"]) else f"p-{slugify(place)}" if place else "",
        "place": place,
        "ward": row["ward"],
        "location": ", ".join(filter(None, [row.get("location"), row.get("locality"), row.get("postcode_district")])),
        "type": CameraType(row["type"]).label,
        "ward_only": row["precision"] == "ward",
        "details": [*_sees(row), *_does(row), *_days(row)],
    }


def _said(key: str, value: object) -> dict[str, Any]:
    return {"key": key, "value": str(value)}


def _own(key: str, texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """A text that the authority wrote, marked where it is in another language than the page."""
    own: OwnText = own_text({language: {"text": texts.get(language, "")} for language in ("en", "cy")}, "text")
    if own:
        yield {"key": key, "value": own.text, "lang": own.lang}


def _sees(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "latitude" in row:
        yield _said(_("Latitude and longitude"), f"{row['latitude']}, {row['longitude']}")
    if "mount" in row:
        yield _said(_("Mounted on"), Mount(row["mount"]).label)
    if "direction" in row:
        yield _said(_("Direction, clockwise from north"), f"{row['direction']}°")
    yield from _own(_("What it sees"), row.get("view", {}))


def _does(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _own(_("Why it is there"), row.get("purpose", {}))
    if row.get("purposes"):
        yield _said(_("Purposes of this camera"), "; ".join(labels(row["purposes"], Purpose)))
    facts = (
        ("records_audio", _("It records sound.")),
        ("anpr_enabled", _("It reads number plates.")),
        ("privacy_zones", _("Parts of its view are masked.")),
    )
    yield from (_said("", sentence) for name, sentence in facts if row.get(name))
    if row.get("analytics"):
        yield {"key": _("Analytics"), "value": row["analytics"], "lang": ""}
    if row.get("monitored_by"):
        yield _said(_("Watched by"), local_words(row["monitored_by"]))


def _days(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if installed := day(row.get("installed_on")):
        yield _said(_("Installed on"), date_format(installed, "j F Y"))
    if reviewed := day(row.get("last_reviewed_on")):
        sentence = OUTCOMES.get(row.get("review_outcome", ""), gettext_lazy("Last reviewed on %(day)s"))
        yield _said("", str(sentence) % {"day": date_format(reviewed, "j F Y")})


def counted_units(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is counted and never mapped, each with its day."""
    return [
        {"kind": CountedUnits.Kind(row["kind"]).label, "count": row["count"], "counted_on": day(row["counted_on"])}
        for row in rows
    ]

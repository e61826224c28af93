"""The page of the map: what is counted, by what it can be narrowed, and everything on it as a list."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.models.camera import CameraType, Precision
from transparency.addresses import camera_path
from transparency.asked import chooser
from transparency.folding import folded
from transparency.grid import degrees
from transparency.map_choice import TECHNOLOGIES, TYPES, MapChoice
from transparency.models import KnownBy, PlaceCount, PlacedSystem, PublicCamera

CAMERAS_SHOWN, AUTHORITIES_SHOWN = 50, 20
LISTED = (KnownBy.EXACT, KnownBy.STREET, KnownBy.WARD)
# Where the map begins: west, south, east, north of England and Wales, in degrees.
ENGLAND_AND_WALES = (-5.9, 49.9, 1.9, 55.9)


def page_context(choice: MapChoice, number: Any) -> dict[str, Any]:
    """What the page shows in the language that is active. At most six queries, whatever is published, and as much work
    for four hundred authorities as for ten.
    """
    chosen = Organisation.objects.outward().filter(pk=choice.organisation).first() if choice.organisation else None
    context: dict[str, Any] = {
        "sentence": _sentence(_totals(choice)),
        "lists": _lists(choice),
        "chosen": chosen.local_name if chosen else "",
        "authority": choice.authority,
        "all_authorities": replace(choice, authority="", organisation=None, text="").query(),
        "query": choice.text,
        "is_filtered": bool(choice),
        "narrows_kind": choice.narrows_kind,
        "cells_query": choice.query_of_tiles(),
        "bounds": ",".join(str(each) for each in _bounds(choice)),
        "tiles_url": settings.PORTAL_TILES_URL,
        "tiles_attribution": settings.PORTAL_TILES_ATTRIBUTION,
        "tiles_host": settings.PORTAL_TILES_HOST,
    }
    listed = _cameras_listed if choice.authority else _authorities_listed
    return context | listed(choice, number)


# --- counts ---


def _totals(choice: MapChoice) -> Counter[str]:
    """How many cameras are counted in each way, whatever their type. One query."""
    counts = PlaceCount.objects.order_by()
    if choice.organisation is not None:
        counts = counts.filter(organisation=choice.organisation)
    return Counter(dict(counts.values_list("known_by").annotate(Sum("count"))))


def _sentence(totals: Counter[str]) -> str:
    """Every camera that is counted, in words; each is in one of them."""
    values = {known.value: f"{totals[known]:,}" for known in KnownBy} | {"counted": f"{totals.total():,}"}
    if not totals.total():
        return ""
    return (
        _(
            "Of %(counted)s cameras counted, %(exact)s are on the map, %(street)s are known by street, %(ward)s by "
            "ward, %(withheld)s are withheld, %(moving)s are worn, flown or moved, and %(unlisted)s are in no "
            "published list."
        )
        % values
    )


# --- what it can be narrowed by ---


def _lists(choice: MapChoice) -> list[dict[str, Any]]:
    technologies = [(each.value, each.label) for each in TECHNOLOGIES]
    return [
        chooser("type", _("Type"), [(each.value, each.label) for each in TYPES], choice.camera_type),
        chooser("technology", _("Technology"), technologies, choice.technology),
    ]


def _bounds(choice: MapChoice) -> tuple[float, ...]:
    """West, south, east, north of what the map shows first, in degrees. One query where an authority is chosen."""
    if choice.organisation is None:
        return ENGLAND_AND_WALES
    placed = PublicCamera.objects.on_the_map().filter(**choice.columns())
    found = placed.aggregate(Min("x"), Min("y"), Max("x"), Max("y"))
    if found["x__min"] is None:
        return ENGLAND_AND_WALES
    north, west = degrees(found["x__min"], found["y__min"])
    south, east = degrees(found["x__max"], found["y__max"])
    return west, south, east, north


# --- the list ---


def _authorities_listed(choice: MapChoice, number: Any) -> dict[str, Any]:
    """Who has such cameras and how many, by name in the language of the page. Three queries."""
    counts = PlaceCount.objects.order_by().filter(known_by__in=LISTED, **choice.columns())
    welsh = get_language() == "cy"
    own_name = Coalesce(NullIf("name_cy", Value("")), "name") if welsh else F("name")
    rows = (
        Organisation.objects.outward()
        .filter(Exists(counts.filter(organisation=OuterRef("pk"))))
        .annotate(own_name=own_name)
    )
    if choice.text:
        rows = rows.filter(_called(choice.text) | Q(pk__in=_with_place(choice.text)))
    listed = rows.order_by(Lower("own_name"), "pk").values_list("pk", "slug", "own_name")
    page_obj = Paginator(listed, AUTHORITIES_SHOWN).get_page(number)
    named: list[Any] = list(page_obj.object_list)
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    of_these = counts.filter(organisation__in=[row[0] for row in named])
    for organisation, known_by, count in of_these.values_list("organisation", "known_by").annotate(Sum("count")):
        sums[organisation][known_by] = count
    shown = [
        {
            "name": name,
            # Found by its name, all its cameras are shown; by a place of its, those there.
            "query": replace(choice, authority=slug, text="" if _is_called(choice.text, name) else choice.text).query(),
            "count": _cameras_of(sums[key].total()),
            "exact": f"{sums[key][KnownBy.EXACT]:,}",
        }
        for key, slug, name in named
    ]
    number_found = page_obj.paginator.count
    found = ngettext("%(count)d authority found", "%(count)d authorities found", number_found) % {"count": number_found}
    return {"authorities": shown, "page_obj": page_obj, "found": found}


def _called(text: str) -> Q:
    """Each word stands in the name, in either language."""
    found = Q()
    for word in text.split():
        found &= Q(name__icontains=word) | Q(name_cy__icontains=word)
    return found


def _is_called(text: str, name: str) -> bool:
    words = folded(text).split()
    return bool(words) and all(word in folded(name) for word in words)


def _with_place(text: str) -> "QuerySet[PlacedSystem, int]":
    """Who has cameras in a ward or town of that name."""
    name = folded(text)
    systems = PlacedSystem.objects.filter(places__contains=name) if name else PlacedSystem.objects.none()
    return systems.order_by().values_list("organisation", flat=True)


def _cameras_of(count: int) -> str:
    return ngettext("%(count)s camera", "%(count)s cameras", count) % {"count": f"{count:,}"}


def _cameras_listed(choice: MapChoice, number: Any) -> dict[str, Any]:
    """The cameras of one authority under their wards. Two queries."""
    cameras = PublicCamera.objects.filter(**choice.columns())
    for word in choice.text.split():
        cameras = cameras.filter(
            Q(location__icontains=word)
            | Q(ward__icontains=word)
            | Q(locality__icontains=word)
            | Q(ref__istartswith=word)
        )
    ordered = cameras.order_by("ward", "location", "ref", "pk").only(
        "ref", "location", "ward", "locality", "camera_type", "precision", "path", "x"
    )
    page_obj = Paginator(ordered, CAMERAS_SHOWN).get_page(number)
    wards: dict[str, list[dict[str, Any]]] = {}
    for row in page_obj.object_list:
        wards.setdefault(row.ward, []).append(_camera(row))
    return {
        "wards": [{"ward": ward, "rows": rows} for ward, rows in wards.items()],
        "has_types": any(row["type"] for rows in wards.values() for row in rows),
        "page_obj": page_obj,
        "found": _cameras_of(page_obj.paginator.count),
    }


def _camera(camera: PublicCamera) -> dict[str, Any]:
    if camera.x is not None:
        known = _("on the map")
    elif camera.precision == Precision.WARD:
        known = _("only the ward is published")
    else:
        known = _("known by street, not on the map")
    camera_type = CameraType(camera.camera_type)
    return {
        "ref": camera.ref,
        "where": ", ".join(filter(None, [camera.location, camera.locality])),
        "type": capfirst(str(camera_type.label)) if camera_type != CameraType.UNKNOWN else "",
        "known": known,
        "path": camera_path(camera, camera.ref),
    }

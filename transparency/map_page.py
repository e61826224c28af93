"""The page of the map: what is counted, by what it can be narrowed, and everything on it as a list."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Max, Min, Q, Sum
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.models.camera import CameraType, Precision
from transparency.addresses import camera_path
from transparency.grid import degrees
from transparency.map_choice import TECHNOLOGIES, TYPES, MapChoice
from transparency.models import KnownBy, PlaceCount, PublicCamera

CAMERAS_SHOWN = AUTHORITIES_SHOWN = 50
LISTED = (KnownBy.EXACT, KnownBy.STREET, KnownBy.WARD)
# Where the map begins: west, south, east, north of England and Wales, in degrees.
ENGLAND_AND_WALES = (-5.9, 49.9, 1.9, 55.9)


class Named(NamedTuple):
    key: int
    slug: str
    name: str


def page_context(choice: MapChoice, number: Any) -> dict[str, Any]:
    """What the page shows in the language that is active. At most eight queries, whatever is published."""
    sums = _sums(choice)
    named = _named(sums)
    chosen = next((each for each in named if each.key == choice.organisation), None)
    context: dict[str, Any] = {
        "sentence": _sentence(_totals(choice)),
        "lists": _lists(choice, named),
        "chosen": chosen,
        "query": choice.text,
        "is_filtered": bool(choice),
        "narrows_kind": choice.narrows_kind,
        "cells_query": choice.query_of_tiles(),
        "bounds": ",".join(str(each) for each in _bounds(choice)),
        "tiles_url": settings.PORTAL_TILES_URL,
        "tiles_attribution": settings.PORTAL_TILES_ATTRIBUTION,
        "tiles_host": settings.PORTAL_TILES_HOST,
    }
    if choice.authority:
        return context | _cameras_listed(choice, number)
    return context | _authorities_listed(choice, named, sums, number)


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


def _sums(choice: MapChoice) -> dict[int, Counter[str]]:
    """Listed cameras by organisation and by what they are known by, of the chosen types. One query."""
    columns = choice.columns()
    columns.pop("organisation", None)
    counts = PlaceCount.objects.order_by().filter(known_by__in=LISTED, **columns)
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for organisation, known_by, count in counts.values_list("organisation", "known_by").annotate(Sum("count")):
        sums[organisation][known_by] = count
    return sums


def _named(sums: Iterable[int]) -> list[Named]:
    """Who has listed cameras, by name in the language of the page. One query."""
    welsh = get_language() == "cy"
    rows = Organisation.objects.filter(pk__in=PlaceCount.objects.order_by().values("organisation"))
    found = [
        Named(key, slug, name_cy if welsh and name_cy else name)
        for key, slug, name, name_cy in rows.values_list("pk", "slug", "name", "name_cy")
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.key))


# --- what it can be narrowed by ---


def _lists(choice: MapChoice, named: list[Named]) -> list[dict[str, Any]]:
    authorities = [(each.slug, each.name) for each in named]
    technologies = [(each.value, str(each.label)) for each in TECHNOLOGIES]
    return [
        _list("authority", _("Authority"), authorities, choice.authority),
        _list("type", _("Type"), [(each.value, str(each.label)) for each in TYPES], choice.camera_type),
        _list("technology", _("Technology"), technologies, choice.technology),
    ]


def _list(name: str, label: str, pairs: Iterable[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "choices": [{"value": value, "label": capfirst(word), "chosen": value == chosen} for value, word in pairs],
    }


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


def _authorities_listed(
    choice: MapChoice, named: list[Named], sums: dict[int, Counter[str]], number: Any
) -> dict[str, Any]:
    """Who has such cameras and how many. No further query."""
    rows = [each for each in named if each.key in sums and choice.text.casefold() in each.name.casefold()]
    page_obj: Page[Any] = Paginator(rows, AUTHORITIES_SHOWN).get_page(number)
    shown = [
        {
            "name": each.name,
            "query": MapChoice(choice.camera_type, choice.technology, each.slug).query(),
            "count": _cameras_of(sums[each.key].total()),
            "exact": f"{sums[each.key][KnownBy.EXACT]:,}",
        }
        for each in page_obj.object_list
    ]
    count = sum(sums[each.key].total() for each in rows)
    return {"authorities": shown, "page_obj": page_obj, "found": _cameras_of(count)}


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

"""Maps (GeoJSON and KML) as tables: one line for each feature, its properties and the two numbers of its point."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from compliance.camera_lists.encodings import guess_encoding, known_encoding
from compliance.camera_lists.shapes import ListSettings
from compliance.camera_lists.tables import MAX_COLUMNS, MAX_ROWS, Line, Table
from core.errors import RuleBroken

X, Y = "geometry x", "geometry y"  # headings of the two numbers of a point
NOT_A_POINT = "not_a_point"
SEVERAL_POINTS = "several_places"
NO_FEATURE = "unreadable"
DEEPEST = 20
MEMBERS = {"MultiPoint": "coordinates", "GeometryCollection": "geometries"}


def open_geojson(data: bytes, settings: ListSettings) -> Table:
    """Raises RuleBroken for what is no FeatureCollection that can be read."""
    encoding = known_encoding(settings.encoding) if settings.encoding else guess_encoding(data)
    try:
        whole = json.loads(data.decode(encoding), parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        sentence = _("The file begins like GeoJSON and cannot be read to its end. It may not have finished saving.")
        raise RuleBroken(sentence) from error
    features = _features(whole)
    if len(features) > MAX_ROWS:
        raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MAX_ROWS})
    headings: dict[str, int] = {X: 0, Y: 1}
    for feature in features:
        for name in _properties(feature):
            headings.setdefault(name, len(headings))
    if len(headings) > MAX_COLUMNS:
        raise RuleBroken(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})

    def lines() -> Iterator[Line]:
        for number, feature in enumerate(features, 1):
            yield _line(number, feature, headings)

    return Table(
        "geojson", lines, encoding=encoding, lines_estimate=len(features), headings=list(headings), crs=_crs(whole)
    )


def _features(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        if isinstance(whole.get("features"), list):
            return list(whole["features"])
        if whole.get("type") == "Feature":
            return [whole]
        if isinstance(whole.get("geometries"), list):
            return [{"type": "Feature", "geometry": each, "properties": {}} for each in whole["geometries"]]
    raise RuleBroken(_("The file is JSON and no GeoJSON collection of features. Export it as GeoJSON or CSV."))


def _crs(whole: Any) -> str:
    """What an old GeoJSON says of its coordinates; today's always are degrees (RFC 7946)."""
    member = whole.get("crs") if isinstance(whole, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if "CRS84" in name.upper():
        return "EPSG:4326"
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d{4,6})$", name.strip(), re.IGNORECASE)
    return f"EPSG:{found[1]}" if found else ""


def _properties(feature: Any) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _line(number: int, feature: Any, headings: dict[str, int]) -> Line:
    cells = [""] * len(headings)
    if not isinstance(feature, dict):
        return Line(number, cells, NO_FEATURE)
    for name, value in _properties(feature).items():
        if name not in (X, Y):
            cells[headings[name]] = _text(value)
    point, fault = _point(feature.get("geometry"))
    if point:
        cells[0], cells[1] = point
    return Line(number, cells, fault)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else json.dumps(value, ensure_ascii=False)[:500]


def _point(geometry: Any) -> tuple[tuple[str, str] | None, str]:
    """The numbers of a point and no fault; no numbers where the feature has no geometry; else the fault."""
    for _deeper in range(DEEPEST):
        if geometry is None:
            return None, ""
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind == "Point":
            return _numbers(geometry.get("coordinates"))
        members = geometry.get(MEMBERS[kind]) if kind in MEMBERS else None
        if not isinstance(members, list) or len(members) > 1:
            return None, SEVERAL_POINTS if isinstance(members, list) else NOT_A_POINT
        inner = members[0] if members else None
        geometry = {"type": "Point", "coordinates": inner} if kind == "MultiPoint" and members else inner
    return None, NOT_A_POINT


def _numbers(coordinates: Any) -> tuple[tuple[str, str] | None, str]:
    """Of a point; a third number is its height. A point without numbers is no fault, but no place."""
    if not coordinates:
        return None, ""
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None, NOT_A_POINT
    x, y = _text(coordinates[0]), _text(coordinates[1])
    return ((x, y) if x or y else None), ""


# --- KML ---


def open_kml(data: bytes) -> Table:
    """Raises RuleBroken for markup that is broken or declares entities."""
    plain = data.replace(b"\x00", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise RuleBroken(_("The file declares entities, which can burst on reading. Save it again without them."))
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no entities, as found above
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise RuleBroken(_("The file begins like KML and cannot be read to its end.")) from error
    places = [element for element in root.iter() if _tag(element) == "Placemark"]
    if len(places) > MAX_ROWS:
        raise RuleBroken(_("The file has more than %(count)d rows. Divide it.") % {"count": MAX_ROWS})
    records = [_placemark(place) for place in places]
    headings: dict[str, int] = {X: 0, Y: 1}
    for values, _fault in records:
        for name in values:
            headings.setdefault(name, len(headings))
    if len(headings) > MAX_COLUMNS:
        raise RuleBroken(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})

    def lines() -> Iterator[Line]:
        for number, (values, fault) in enumerate(records, 1):
            cells = [""] * len(headings)
            for name, value in values.items():
                cells[headings[name]] = value
            yield Line(number, cells, fault)

    return Table("kml", lines, encoding="utf-8", lines_estimate=len(records), headings=list(headings), crs="EPSG:4326")


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemark(place: ElementTree.Element) -> tuple[dict[str, str], str]:
    values: dict[str, str] = {}
    points, others = [], 0
    for element in place.iter():
        tag, text = _tag(element), (element.text or "").strip()
        if tag in ("name", "description", "address") and text:
            values.setdefault(tag, text)
        elif tag == "Data":
            inner = next((child for child in element if _tag(child) == "value"), None)
            values[element.get("name") or "data"] = (inner.text or "").strip() if inner is not None else ""
        elif tag == "SimpleData":
            values[element.get("name") or "data"] = text
        elif tag == "Point":
            points.append(next(((each.text or "").strip() for each in element if _tag(each) == "coordinates"), ""))
        elif tag in ("LineString", "Polygon", "LinearRing", "Track", "Model"):
            others += 1
    if len(points) > 1:
        return values, SEVERAL_POINTS
    if others:
        return values, NOT_A_POINT
    if points and points[0]:
        parts = points[0].split(",")
        if len(parts) < 2:
            return values, NOT_A_POINT
        values = {**values, X: parts[0].strip(), Y: parts[1].strip()}
    return values, ""

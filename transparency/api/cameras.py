"""Cameras of the public API: the columns of the open data, by the function that writes them."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import override
from rest_framework import serializers

from transparency.languages import ENGLISH
from transparency.listed_cameras import has_place, is_named, is_public
from transparency.models import Publication, PublicCamera
from transparency.open_data.columns import CAMERAS, DATE, NUMBER, TEXT, WHOLE, YES_NO
from transparency.open_data.rows import camera_rows

FIELDS: Mapping[str, type[serializers.Field[Any, Any, Any, Any]]] = {
    TEXT: serializers.CharField,
    WHOLE: serializers.IntegerField,
    NUMBER: serializers.FloatField,
    YES_NO: serializers.BooleanField,
    DATE: serializers.DateField,
}
ALWAYS = {"authority", "system_reference", "location_precision", "camera_type", "technology", "status"}
PUBLICATIONS_AT_ONCE = 20  # frozen lists are long
DIGITS = 6  # of degrees, as the map keeps them
Key = tuple[Any, ...]  # what tells a camera from others of its system


class CameraSerializer(serializers.Serializer[Any]):
    """One listed camera with the columns of the open data, as far as its precision allows: only `exact` ones have
    coordinates, withheld ones no row. What is not published of it is null.
    """

    publication = serializers.CharField(read_only=True, help_text="In which it stands.")
    published_at = serializers.DateTimeField(read_only=True)
    url = serializers.CharField(read_only=True, help_text="Page of its system, as in `address`.")

    def get_fields(self) -> dict[str, Any]:
        with override(ENGLISH.code):
            columns = {
                column.name: FIELDS.get(column.kind, serializers.CharField)(
                    read_only=True, allow_null=column.name not in ALWAYS, help_text=str(column.means)
                )
                for column in CAMERAS.columns
            }
        return {**columns, **super().get_fields()}


def rows_of(cameras: Sequence[PublicCamera]) -> list[dict[str, Any]]:
    """What the frozen lists say of these cameras, in their order. One query."""
    wanted: dict[int, set[Key]] = defaultdict(set)
    for camera in cameras:
        wanted[camera.publication_id].add(_key_of(camera))
    known: dict[tuple[int, Key], deque[dict[str, Any]]] = defaultdict(deque)
    publications = Publication.objects.filter(pk__in=list(wanted)).order_by("pk")
    for publication in publications.iterator(chunk_size=PUBLICATIONS_AT_ONCE) if wanted else ():
        for key, row in _rows(publication, wanted[publication.pk]):
            known[publication.pk, key].append(row)
    found = []
    for camera in cameras:
        rows = known[camera.publication_id, _key_of(camera)]
        # Those that are alike in all that tells cameras apart come one after the other.
        found.append(rows.popleft() if len(rows) > 1 else rows[0])
    return found


def _rows(publication: Publication, wanted: set[Key]) -> Iterator[tuple[Key, dict[str, Any]]]:
    content = publication.facts()
    facts, cameras = content["facts"], content["facts"]["cameras"]
    keys, chosen = [], []
    for listed in cameras["list"]:
        if is_public(listed, content["operator"]) and (key := _key_in_list(listed)) in wanted:
            keys.append(key)
            chosen.append(listed)
    narrowed = {**content, "facts": {**facts, "cameras": {**cameras, "list": chosen}}}
    for key, row in zip(keys, camera_rows(narrowed, publication.path), strict=True):
        more = {"publication": publication.reference, "published_at": publication.published_at, "url": row["address"]}
        yield key, {**row, **more}


def _key_of(camera: PublicCamera) -> Key:
    place = None
    if camera.latitude is not None and camera.longitude is not None:
        place = (round(float(camera.latitude), DIGITS), round(float(camera.longitude), DIGITS))
    return camera.ref, camera.location, camera.ward, camera.locality, camera.camera_type, camera.precision, place


def _key_in_list(listed: Mapping[str, Any]) -> Key:
    """What the row of the map says of the same camera."""
    place = None
    if has_place(listed):
        place = (round(float(listed["latitude"]), DIGITS), round(float(listed["longitude"]), DIGITS))
    location = listed.get("location", "") if is_named(listed) else ""
    locality = listed.get("locality", "")
    return listed["ref"], location, listed["ward"], locality, listed["type"], listed["precision"], place

"""Tags of OpenStreetMap for published cameras (domain 7.6), so that mappers need not guess.

Only cameras whose exact place is public get tags: what moves is no point, and a street or a ward is none either.
"""

from collections.abc import Mapping
from typing import Any

from compliance.models.camera import CameraType, Mount

TAGS = (
    "osm:man_made",
    "osm:surveillance",
    "osm:surveillance:type",
    "osm:surveillance:zone",
    "osm:camera:type",
    "osm:camera:mount",
    "osm:camera:direction",
    "osm:operator",
    "osm:ref",
)
CAMERA_TYPES = {CameraType.PTZ: "panning", CameraType.DOME: "dome", CameraType.FIXED: "fixed"}
MOUNTS = {
    Mount.WALL: "wall",
    Mount.POLE: "pole",
    Mount.CEILING: "ceiling",
    Mount.STREET_LAMP: "street_lamp",
}
NONE: Mapping[str, None] = dict.fromkeys(TAGS)


def tags_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tags of one row of cameras, by column; all empty where the place is not public."""
    if row["latitude"] is None:
        return NONE
    kind, direction = row["camera_type"], row["direction"]
    return {
        "osm:man_made": "surveillance",
        "osm:surveillance": "public",
        "osm:surveillance:type": "ALPR" if kind == CameraType.ANPR else "camera",
        "osm:surveillance:zone": "traffic" if kind == CameraType.ANPR else "town",
        "osm:camera:type": CAMERA_TYPES.get(kind),
        "osm:camera:mount": MOUNTS.get(row["mount"]),
        "osm:camera:direction": None if direction is None else str(direction),
        "osm:operator": row["authority_name"],
        "osm:ref": row["camera_ref"] or None,
    }

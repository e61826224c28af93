"""What files, map, search and API alike say of a row in a published list of cameras: may it be shown, how exactly, and
of what is it. What the precision of a row does not allow is left out again, whatever the frozen list says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models.roles import Kind
from compliance.models.camera import NEVER_MAPPED, CameraType, Precision
from compliance.models.vocabulary import Technology

OF_TYPE: Mapping[str, Technology] = {
    CameraType.ANPR: Technology.ANPR,
    CameraType.BWV: Technology.BWV,
    CameraType.DRONE: Technology.DRONE,
    CameraType.MOBILE_VEHICLE: Technology.CCTV,
}
CARRIED = (Technology.BWV, Technology.DRONE)


def is_public(row: Mapping[str, Any], operator: Mapping[str, Any]) -> bool:
    """Whether a row of a frozen list is for everybody: neither withheld nor a number plate reader of the police."""
    return row["precision"] != Precision.WITHHELD and not is_police_anpr(row, operator)


def is_police_anpr(row: Mapping[str, Any], operator: Mapping[str, Any]) -> bool:
    """Whether a row of a frozen list reads number plates for the police."""
    return reads_for_police(operator.get("kind", ""), row["type"], bool(row.get("anpr_enabled")))


def reads_for_police(operator_kind: str, camera_type: str, anpr_enabled: bool) -> bool:
    """Number plate readers of the police are theirs to publish (domain 11.6)."""
    return operator_kind == Kind.POLICE_FORCE and (camera_type == CameraType.ANPR or anpr_enabled)


def is_named(row: Mapping[str, Any]) -> bool:
    """Whether its street and what would betray it may be told: not of what is known by its ward, nor of what moves."""
    return row["precision"] in (Precision.EXACT, Precision.STREET) and row["type"] not in NEVER_MAPPED


def has_place(row: Mapping[str, Any]) -> bool:
    """Whether it has coordinates that may be told (domain 11.8, 11.13)."""
    exact = row["precision"] == Precision.EXACT and row["type"] not in NEVER_MAPPED
    return bool(exact and row.get("latitude") and row.get("longitude"))


def technologies_of(facts: Mapping[str, Any]) -> list[str]:
    """The technologies of a frozen system, as `technology_of` takes them."""
    return [row["technology"] for row in facts["technologies"]]


def technology_of(camera_type: str, technologies: Sequence[str]) -> str:
    """What a camera belongs to: its type says so, else the technologies of its system."""
    if camera_type in OF_TYPE:
        return OF_TYPE[camera_type].value
    fixed = [each for each in technologies if each not in CARRIED]
    if Technology.CCTV in fixed or not fixed:
        return Technology.CCTV.value
    return fixed[0] if len(fixed) == 1 else Technology.OTHER.value

"""What the demonstration knows of single cameras: what some see and do, one that was placed, what is counted."""

from typing import Any

from accounts.models import User
from ccp_portal.demonstration import data
from compliance.models import Camera, CameraSystem, PlacementEvaluation
from compliance.services.cameras_register import change_camera, change_many
from compliance.services.counted_units import record_count
from compliance.services.placements import evaluate, place

Record = dict[str, Any]


def describe_cameras(system: CameraSystem, key: str, by: User) -> None:
    """As far as the file says something of the system."""
    known = data.read("register.yaml").get(key, {})
    for said in known.get("places", ()):
        _say_how_exactly(system, said, by)
    for number, changes in known.get("cameras", {}).items():
        camera = system.cameras.get(operator_ref=number)
        change_camera(camera=camera, version=camera.version, changes=changes, by=by)
    if placed := known.get("placement"):
        _place(system.cameras.get(operator_ref=placed["camera"]), placed, by)
    for counted in known.get("counts", ()):
        on = data.day(counted["counted"])
        record_count(system=system, kind=counted["kind"], count=counted["count"], counted_on=on, by=by)


def _say_how_exactly(system: CameraSystem, said: Record, by: User) -> None:
    """How exactly the public may know the places of these cameras; of all, where none are named."""
    cameras = system.cameras.select_related("system__operator").order_by("pk")
    if "cameras" in said:
        cameras = cameras.filter(operator_ref__in=said["cameras"])
    changes = {name: value for name, value in said.items() if name != "cameras"}
    if "withheld_review_on" in changes:
        changes["withheld_review_on"] = data.day(changes["withheld_review_on"])
    change_many(cameras=list(cameras), changes=changes, by=by)


def _place(camera: Camera, placed: Record, by: User) -> None:
    changes = {"camera_type": "redeployable"}
    camera = change_camera(camera=camera, version=camera.version, changes=changes, by=by)
    placement = place(
        camera=camera,
        location=placed["location"],
        ward=placed["ward"],
        target=placed["target"],
        purposes=placed["purposes"],
        starts_on=data.day(placed["starts"]),
        planned_end_on=data.day(placed["ends"]),
        sign_up_on=data.day(placed["sign"]),
        by=by,
    )
    before = PlacementEvaluation.Stage.BEFORE
    evaluate(placement=placement, stage=before, on=placement.starts_on, findings=placed["found"], incidents=23, by=by)

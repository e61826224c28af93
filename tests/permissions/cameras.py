"""Rows of the permission table: the register of cameras and lists that are brought in."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from tests.factories.cameras import PlacementFactory
from tests.factories.compliance import CameraFactory
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
SYSTEM: Any = {"of": "published system"}
CAMERA: Any = {"of": "published system", "parts": {"camera": "@camera"}}
PLACE: Any = {"of": "published system", "parts": {"camera": "@camera", "group": "place"}}

UNIT: Any = {"of": "published system", "parts": {"camera": "@redeployable camera"}}
PLACEMENT: Any = {"of": "published system", "parts": {"placement": "@placement"}}
DAY: Any = {"on_day": "1", "on_month": "5", "on_year": "2026"}
ONE: Any = {"camera": "@camera", "new-ward": "East"}

CAMERAS: list[Row] = [
    *page("compliance:all_cameras", OPERATOR),
    *page("compliance:all_cameras_csv", OPERATOR),
    *page("compliance:cameras_csv", OPERATOR, **SYSTEM),
    *page("compliance:cameras_several", OPERATOR, DRAFTERS, 422),
    *act("compliance:cameras_several", OPERATOR, DRAFTERS, 422),
    *act("compliance:cameras_several", OPERATOR, DRAFTERS, 200, sent=ONE),
    *page("compliance:camera", OPERATOR, **CAMERA),
    *page("compliance:camera_history", OPERATOR, **CAMERA),
    *form("compliance:camera_edit", OPERATOR, DRAFTERS, **PLACE),
    *act(
        "compliance:camera_edit",
        OPERATOR,
        DRAFTERS,
        sent={"location": "New Street", "reason": "Mistyped", "version": 1},
        **PLACE,
    ),
    *page("compliance:camera_new", OPERATOR, DRAFTERS, **SYSTEM),
    *act("compliance:camera_new", OPERATOR, DRAFTERS, 422, **SYSTEM),
    *page("compliance:camera_place", OPERATOR, DRAFTERS, **UNIT),
    *act("compliance:camera_place", OPERATOR, DRAFTERS, 422, **UNIT),
    *page("compliance:camera_place", OPERATOR, DRAFTERS, 422, **CAMERA),
    *page("compliance:placements", OPERATOR, **SYSTEM),
    *page("compliance:placement", OPERATOR, **PLACEMENT),
    *page("compliance:placement_change", OPERATOR, DRAFTERS, **PLACEMENT),
    *act("compliance:placement_change", OPERATOR, DRAFTERS, 422, **PLACEMENT),
    *page("compliance:placement_end", OPERATOR, DRAFTERS, **PLACEMENT),
    *act("compliance:placement_end", OPERATOR, DRAFTERS, 422, **PLACEMENT),
    *page("compliance:placement_evaluate", OPERATOR, DRAFTERS, **PLACEMENT),
    *act("compliance:placement_evaluate", OPERATOR, DRAFTERS, 422, **PLACEMENT),
    *act(
        "compliance:placement_evaluate",
        OPERATOR,
        DRAFTERS,
        sent={"stage": "during", "findings": "4 reports", **DAY},
        **PLACEMENT,
    ),
    *page("compliance:counted_units", OPERATOR, **SYSTEM),
    *act("compliance:counted_units", OPERATOR, DRAFTERS, 422, **SYSTEM),
]


def add_cameras(world: "World") -> None:
    """A redeployable camera with its placement."""
    camera = CameraFactory(system=world.records["published system"], camera_type="redeployable")
    placement = PlacementFactory(camera=camera, starts_on=dt.date(2026, 4, 1), planned_end_on=dt.date(2026, 12, 1))
    world.words["placement"] = placement.reference
    world.words["redeployable camera"] = camera.reference

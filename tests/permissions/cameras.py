"""Rows of the permission table: the register of cameras and lists that are brought in."""

from typing import Any

from accounts.models import Role
from tests.permissions.rows import OPERATOR, Row, act, form, page

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
SYSTEM: Any = {"of": "published system"}
CAMERA: Any = {"of": "published system", "parts": {"camera": "@camera"}}
PLACE: Any = {"of": "published system", "parts": {"camera": "@camera", "group": "place"}}

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
    *act("compliance:camera_edit", OPERATOR, DRAFTERS, sent={"location": "New Street", "version": 1}, **PLACE),
    *page("compliance:camera_new", OPERATOR, DRAFTERS, **SYSTEM),
    *act("compliance:camera_new", OPERATOR, DRAFTERS, 422, **SYSTEM),
]

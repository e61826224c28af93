"""Rows of the permission table: reviews of cameras, annual reviews of systems, and reports."""

from typing import Any

from accounts.models import Role
from tests.permissions.rows import OPERATOR, Row, form, page

MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
CAMERA: Any = {"of": "published system", "parts": {"camera": "@camera"}}

REVIEWS: list[Row] = [
    *page("compliance:reviews", OPERATOR),
    *page("compliance:reviews_wards", OPERATOR),
    *form("compliance:reviews_confirm", OPERATOR, MANAGERS, of="published system"),
    *form("compliance:camera_review", OPERATOR, MANAGERS, **CAMERA),
]

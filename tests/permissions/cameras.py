"""Rows of the permission table: the register of cameras and lists that are brought in."""

from tests.permissions.rows import OPERATOR, Row, page

CAMERA = {"of": "published system", "parts": {"camera": "@camera"}}

CAMERAS: list[Row] = [
    *page("compliance:camera", OPERATOR, **CAMERA),
]

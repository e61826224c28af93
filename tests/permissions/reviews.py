"""Rows of the permission table: reviews of cameras and annual reviews of systems."""

from tests.permissions.rows import Row

REVIEWS: list[Row] = []

"""Rows of the permission table: estate audits."""

from tests.permissions.rows import Row

ESTATE: list[Row] = []

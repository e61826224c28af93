"""Rows of the permission table: which cameras see a place, for police and partners, and control rooms."""

from tests.permissions.rows import Row

FINDER: list[Row] = []

"""Rows of the permission table: consultations of police and public."""

from tests.permissions.rows import Row

CONSULTATIONS: list[Row] = []

"""Rows of the permission table: data protection impact assessments and equality impact assessments."""

from tests.permissions.rows import Row

DPIAS: list[Row] = []

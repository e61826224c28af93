"""Rows of the permission table: faults, visits, tests and the firms that look after cameras."""

from tests.permissions.rows import Row

UPKEEP: list[Row] = []

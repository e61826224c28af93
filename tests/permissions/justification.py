"""Rows of the permission table: referrals, proposals, operational requirements and decisions about cameras."""

from tests.permissions.rows import Row

JUSTIFICATION: list[Row] = []

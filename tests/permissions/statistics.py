"""Rows of the permission table: statistics of periods, disclosures as counts, and reports."""

from tests.permissions.rows import Row

STATISTICS: list[Row] = []

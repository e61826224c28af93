"""Who may do what at the addresses of the search."""

from tests.permissions.rows import Row

SEARCHING: list[Row] = []

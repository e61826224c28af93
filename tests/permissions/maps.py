"""Who may do what at the addresses of the map."""

from tests.permissions.rows import Row

MAPS: list[Row] = []

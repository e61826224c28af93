"""Who may do what at the addresses of open data and feeds."""

from tests.permissions.rows import Row

OPEN_DATA: list[Row] = []

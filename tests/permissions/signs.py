"""Who may do what at the addresses of signs to print."""

from tests.permissions.rows import Row

SIGNS: list[Row] = []

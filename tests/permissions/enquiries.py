"""Who may do what at the addresses of enquiries."""

from tests.permissions.rows import Row

ENQUIRIES: list[Row] = []

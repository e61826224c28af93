"""Who may do what at the addresses of subscriptions."""

from tests.permissions.rows import Row

SUBSCRIPTIONS: list[Row] = []

"""Who may do what at the addresses of the facts that the camera information page tells."""

from tests.permissions.rows import Row

PAGE_FACTS: list[Row] = []

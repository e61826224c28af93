"""Who may do what at the addresses of publishing documents, and of publishing on a later day."""

from tests.permissions.rows import Row

PUBLIC_DOCUMENTS: list[Row] = []

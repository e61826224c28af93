"""What waits for a person, gathered from every app through the socket of core."""

import datetime as dt
from math import inf
from typing import Any

from accounts.models import Organisation
from core import registry
from core.dates import today
from core.registry import Waiting


def waiting_for(user: Any) -> list[Waiting]:
    """Everything that waits for the user in any role, what is due first at the top. A few queries per app."""
    found = [item for plug in registry.waiting for item in plug(user)]
    return sorted(found, key=lambda item: (item.due or dt.date.max, item.since.timestamp() if item.since else inf))


def waiting_at(items: list[Waiting], organisation: Organisation) -> list[Waiting]:
    """Those of `items` that lie in the organisation's part of the workspace."""
    return [item for item in items if item.url.startswith(organisation.get_absolute_url())]


def waiting_rows(items: list[Waiting], *, with_organisation: bool = True) -> list[dict[str, Any]]:
    """Rows of the component `waiting_list`."""
    return [
        {
            "label": item.label,
            "url": item.url,
            "organisation": item.organisation if with_organisation else "",
            "due": item.due,
            "is_overdue": item.due is not None and item.due < today(),
            "since": item.since,
        }
        for item in items
    ]

"""What waits for a person, gathered from every app through the socket of core."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core import registry
from core.dates import LONDON, today
from core.registry import Waiting

FAR = today().max


def waiting_for(user: Any) -> list[Waiting]:
    """Everything that waits for the user in any role, what is due first at the top. A few queries per app."""
    found = [item for plug in registry.waiting for item in plug(user)]
    return sorted(found, key=lambda item: (item.due or FAR, item.since.timestamp() if item.since else 0.0))


def waiting_at(items: list[Waiting], organisation: Organisation) -> list[Waiting]:
    """Those of `items` that lie in the organisation's part of the workspace."""
    return [item for item in items if item.url.startswith(organisation.get_absolute_url())]


def waiting_rows(items: list[Waiting], *, with_organisation: bool = True) -> list[dict[str, Any]]:
    """Rows of the component `waiting_list`."""
    return [
        {
            "label": item.label,
            "url": item.url,
            "where": item.organisation if with_organisation else "",
            **_when(item),
        }
        for item in items
    ]


def _when(item: Waiting) -> dict[str, str]:
    if item.due is not None:
        day = date_format(item.due, "j F Y")
        if item.due < today():
            return {"tag": _("Overdue"), "colour": "red", "when": _("since %(day)s") % {"day": day}}
        return {"when": _("by %(day)s") % {"day": day}}
    if item.since is not None:
        return {"when": _("since %(day)s") % {"day": date_format(item.since.astimezone(LONDON), "j F Y")}}
    return {}

"""What a control room's card says: for a pocket or a wall, as HTML and as PDF. Nothing of it is public."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from compliance.models import Camera, ControlRoom, RoomService
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"
TEMPLATE = "compliance/print/room_card.html"


def card_of(room: ControlRoom) -> dict[str, Any]:
    """Its facts and the systems that it watches today, as plain values. Two queries."""
    in_use = Count("system__cameras", filter=Q(system__cameras__status__in=Camera.IN_USE))
    services = (
        RoomService.objects.current()
        .filter(room=room)
        .select_related("system__operator")
        .prefetch_related(Prefetch("system__technologies"))
        .annotate(in_use=in_use)
        .order_by("system__operator__name", "system__name", "pk")
    )
    return {
        "reference": room.reference,
        "name": room.name,
        "organisation": room.organisation.name,
        "hours": room.hours,
        "phone_24h": room.phone_24h,
        "email": room.email,
        "how_to_ask": room.how_to_ask,
        "systems": [
            {
                "name": service.system.name,
                "operator": service.system.operator.name,
                "cameras": service.in_use,
                "hours": service.system.monitored_hours,
                "kept": kept(service.system),
            }
            for service in services
        ],
    }


def kept(system: Any) -> list[str]:
    """How long the images of each technology are kept, in words; with its technologies loaded."""
    return [
        f"{capfirst(row.get_technology_display())}: {days_words(row.retention_days)}"
        for row in system.technologies.all()
    ]


def days_words(days: int | None) -> str:
    if days is None:
        return _("not recorded")
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def card_pdf(card: Mapping[str, Any], *, on: dt.date) -> bytes:
    """The card as a tagged PDF of one A5 page or more."""
    with override(LANGUAGE):
        context = {
            "document_language": "en-GB",
            "demonstration": settings.PORTAL_DEMONSTRATION,
            "card": card,
            "on": date_format(on, "j F Y"),
        }
        return with_full_tags(html_to_pdf(render_to_string(TEMPLATE, context)))

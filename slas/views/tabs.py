"""The pages of one agreement, as a row of links that every one of them shows."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.registry import Link, Socket
from slas.models import Agreement
from slas.views.finding import Found

Status = Agreement.Status


def always(_agreement: Agreement) -> bool:
    return True


def when_complete(agreement: Agreement) -> bool:
    return agreement.status in Agreement.COMPLETE


def made_here(agreement: Agreement) -> bool:
    return agreement.origin == Agreement.Origin.PORTAL


def made_in_ink(agreement: Agreement) -> bool:
    return agreement.origin == Agreement.Origin.INK


PAGES: tuple[tuple[str, Text, Callable[[Agreement], bool]], ...] = (
    ("agreement", _("Overview"), always),
    ("clauses", _("Clauses"), made_here),
    ("returns", _("Performance"), when_complete),
    ("agreement_ink", _("In ink"), made_in_ink),
    ("agreement_standing", _("Review and end"), when_complete),
    ("notes", _("Private notes"), always),
)

# What a higher app can do with an agreement: takes the user and what was found, gives links. One query each.
agreement_links: Socket[Callable[[Any, Found], list[Link]]] = Socket()


def tabs(found: Found, here: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": found.address(name), "current": name == here}
        for name, label, shown in PAGES
        if shown(found.agreement)
    ]

"""What every page knows: the portal's name, and whether it is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

PORTAL_NAME = _("CCTV Compliance Portal")


def portal(request: HttpRequest) -> dict[str, Any]:
    return {"portal_name": PORTAL_NAME, "demonstration": settings.PORTAL_DEMONSTRATION}

"""A signed data protection impact assessment on paper: from the frozen text alone to a tagged PDF, always the same."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.dpia_content import LANGUAGE, frozen_values
from compliance.dpia_words import whole_of
from compliance.models import Dpia
from core.dates import LONDON
from core.printing import html_to_pdf, with_full_tags

TEMPLATE = "compliance/print/dpia.html"


def dpia_pdf(dpia: Dpia) -> bytes:
    """The whole that was signed, with signature and hash. No query."""
    if dpia.signed_at is None or dpia.review_on is None:
        raise ValueError(f"{dpia.reference} is not signed")
    with override(LANGUAGE):
        content = frozen_values(dpia)
        at = dpia.signed_at.astimezone(LONDON)
        context: dict[str, Any] = {
            "document_language": "en-GB",
            "demonstration": settings.PORTAL_DEMONSTRATION,
            "operator": content["operator"]["name"],
            "title": content["title"],
            "reference": content["reference"],
            "created": at.date().isoformat(),
            "signature": [
                (_("Signed by"), dpia.signed_name),
                (_("Post"), dpia.signed_post),
                (_("Signed on"), date_format(at, "j F Y, H:i")),
                (_("Review by"), date_format(dpia.review_on, "j F Y")),
                (_("Reference"), dpia.reference),
                (_("Schema of the signed text"), content["schema"]),
            ],
            "sha256": dpia.sha256,
            "about": _about(content),
            "whole": whole_of(content),
        }
        return with_full_tags(html_to_pdf(render_to_string(TEMPLATE, context)))


def _about(content: dict[str, Any]) -> list[tuple[str, str]]:
    cameras = content["cameras"]
    rows = [
        (_("Number"), content["own_number"]),
        (_("Systems"), ", ".join(system["name"] for system in cameras["systems"])),
        (_("Number of cameras on that day"), str(cameras["count"])),
        (_("Covers"), _("every camera of these systems") if cameras["whole_systems"] else _("the cameras named")),
        (_("Cameras as written"), cameras["as_written"]),
        (_("Follows"), content["predecessor"] or ""),
    ]
    return [(name, value) for name, value in rows if value]

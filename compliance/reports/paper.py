"""Reports on paper: from the frozen content alone to a tagged PDF, always the same bytes."""

import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from compliance.models import Report
from compliance.reports.blocks import day_of, prepared
from core.printing import html_to_pdf, with_full_tags

LANGUAGE = "en-gb"
TEMPLATE = "compliance/print/report.html"


def report_pdf(report: Report) -> bytes:
    """The document of a report whose content is there. No query but for what is asked."""
    return content_pdf(json.loads(report.content), sha256=report.sha256)


def content_pdf(content: dict[str, Any], *, sha256: str) -> bytes:
    """The same of a frozen content that stands in another one."""
    with override(LANGUAGE):
        return with_full_tags(html_to_pdf(render_to_string(TEMPLATE, _context(content, sha256))))


def _context(content: dict[str, Any], sha256: str) -> dict[str, Any]:
    return {
        "document_language": "en-GB",
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "content": content,
        "kind": content["kind"],
        "blocks": prepared(content, on_paper=True),
        "as_of": day_of(content["as_of"]),
        "sha256": sha256,
        "reference": content["reference"],
    }

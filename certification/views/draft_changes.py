"""Who changed what in a draft: several people of the applicant work on it."""

from typing import Any

from accounts.access import AuthenticatedHttpRequest
from accounts.trail_words import trail_row
from certification.views.finding import Found
from core.trail import TrailEntry

VERBS = ("started", "changed", "documents_chosen")
MOST = 20


def draft_changes(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """The newest changes of a draft, for its own side. One query."""
    record = found.application
    if not (record.is_draft and found.is_operator):
        return None
    entries = TrailEntry.objects.filter(
        subject_kind=record._meta.label, subject_id=record.pk, verb__in=VERBS
    ).select_related("seal")
    changes = [trail_row(entry) for entry in entries.order_by("-pk")[:MOST]]
    return {"template": "certification/_draft_changes.html", "changes": changes} if changes else None

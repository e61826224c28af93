"""Site visits on the page of an application."""

from typing import Any

from accounts.access import AuthenticatedHttpRequest
from certification.models import Application
from certification.models.scheme import Aim
from certification.services.visits import when_in_words
from certification.views.finding import Found
from certification.views.visit_finding import status_tag, visit_url

Status = Application.Status
BEFORE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED})
PROPOSED_AT = frozenset({Status.STEP1_PASSED, Status.STEP2_SCHEDULED, Status.STEP2_AUDIT, Status.STEP2_FINDINGS})


def visits_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """Its visits, and the way to a new one for whoever may propose it. One query, none before it was accepted."""
    application, user = found.application, request.user
    if application.status in BEFORE:
        return None
    may_plan = not found.is_operator and user.has_perm("certification.schedule_visit", application)
    if not found.is_operator and not may_plan and not user.has_perm("certification.read_review", application):
        return None
    visits = list(application.visits.for_list())
    skips = application.scheme.desktop_may_be_skipped and any(a.is_cleared for a in application.assignments.all())
    is_time = application.status in PROPOSED_AT or (application.status == Status.ACCEPTED and skips)
    is_time = is_time and application.aim == Aim.FULL
    under_surveillance = (
        application.status == Status.AWARDED and may_plan and getattr(application, "watch_is_open", False)
    )
    if not visits and not is_time and not under_surveillance:
        return None
    tasks = []
    for visit in visits:
        tag = status_tag(visit)
        tasks.append(
            {
                "title": when_in_words(visit),
                "hint": visit.reference,
                "url": visit_url(found, visit),
                "status": tag["label"],
                "colour": tag["colour"],
            }
        )
    new_url = found.address("visit_new") if may_plan and (is_time or under_surveillance) else ""
    return {"template": "certification/_visits_part.html", "tasks": tasks, "new_url": new_url}

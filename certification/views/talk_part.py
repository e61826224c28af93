"""Clarifications and findings on the page of an application: how many are open, and where they stand."""

from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest
from certification.models import Application, Clarification
from certification.services.follow_up import LEFT_OPEN
from certification.views.finding import Found

Status = Application.Status
BEFORE = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED})


def talk_part(request: AuthenticatedHttpRequest, found: Found) -> dict[str, Any] | None:
    """One query; none before a review can have begun."""
    application = found.application
    if application.status in BEFORE:
        return None
    if not found.is_operator and not request.user.has_perm("certification.read_documents", application):
        return None
    own = application.clarifications.order_by().values_list(Value("thread"), "status")
    rows = list(own.union(application.findings.order_by().values_list(Value("finding"), "status"), all=True))
    threads = [status for kind, status in rows if kind == "thread"]
    findings = [status for kind, status in rows if kind == "finding"]
    if not threads and not findings:
        return None
    open_threads = sum(status in Clarification.OPEN for status in threads)
    open_findings = sum(status in LEFT_OPEN for status in findings)
    tasks = []
    if findings:
        words = ngettext("%(number)d not settled", "%(number)d not settled", open_findings)
        tasks.append(_task(_("Findings"), found.address("application_findings"), words, open_findings))
    if threads:
        words = ngettext("%(number)d open", "%(number)d open", open_threads)
        tasks.append(_task(_("Clarifications"), found.address("application_clarifications"), words, open_threads))
    return {"template": "certification/_talk_part.html", "tasks": tasks}


def _task(title: str, url: str, words: str, number: int) -> dict[str, Any]:
    if not number:
        return {"title": title, "url": url, "status": _("None open"), "colour": "green"}
    return {"title": title, "url": url, "status": words % {"number": number}, "colour": "orange"}

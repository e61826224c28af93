"""How clarifications and findings are shown. No queries over rows that were loaded for it."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Organisation
from certification.finding_classes import class_of
from certification.models import Clarification, ClarificationMessage, Finding, FindingResponse, MatterFile
from certification.views.finding import Found
from core.downloads import SHOWN

CLARIFICATION_COLOURS: Mapping[str, str] = {
    Clarification.Status.WAITS_FOR_OPERATOR: "blue",
    Clarification.Status.WAITS_FOR_AUDITOR: "purple",
    Clarification.Status.CLOSED: "grey",
}
FINDING_COLOURS: Mapping[str, str] = {
    Finding.Status.OPEN: "orange",
    Finding.Status.ANSWERED: "purple",
    Finding.Status.PLAN_ACCEPTED: "teal",
    Finding.Status.CLOSED: "green",
    Finding.Status.CANCELLED: "grey",
}


def clarification_tag(thread: Clarification) -> dict[str, Any]:
    return {"label": capfirst(thread.get_status_display()), "colour": CLARIFICATION_COLOURS[thread.status]}


def finding_tag(finding: Finding) -> dict[str, Any]:
    return {"label": capfirst(finding.get_status_display()), "colour": FINDING_COLOURS[finding.status]}


def place_of(thread: Clarification) -> str:
    """What it is about: a criterion, else a principle, and perhaps a question of it."""
    where = thread.criterion.key if thread.criterion else _("Principle %(number)d") % {"number": thread.principle}
    if thread.question:
        return _("%(where)s, question %(number)d") % {"where": where, "number": thread.question}
    return where


def clarification_row(thread: Clarification, organisation: Organisation) -> dict[str, Any]:
    """A line of a list, from one party's side. Needs `application` and `criterion`."""
    application = thread.application
    return {
        "number": str(thread),
        "subject": thread.subject,
        "url": reverse("certification:clarification", args=[organisation.slug, application.reference, thread.number]),
        "application": application.reference,
        "other": _other(application, organisation),
        "place": place_of(thread),
        "tag": clarification_tag(thread),
        "due_on": thread.due_on,
        "is_overdue": thread.is_overdue(),
        "last_at": getattr(thread, "last_at", None),
    }


def finding_row(finding: Finding, organisation: Organisation) -> dict[str, Any]:
    """A line of a list, from one party's side. Needs `application` with its scheme, and `criterion`."""
    application = finding.application
    found_class = class_of(application.scheme, finding.class_key)
    return {
        "number": str(finding),
        "class": found_class.name,
        "is_blocking": found_class.blocks_award,
        "text": finding.text,
        "url": reverse("certification:finding", args=[organisation.slug, application.reference, finding.number]),
        "application": application.reference,
        "other": _other(application, organisation),
        "place": finding.criterion.key,
        "tag": finding_tag(finding),
        "due_on": finding.due_on,
        "is_overdue": finding.is_overdue(),
    }


def _other(application: Any, organisation: Organisation) -> str:
    other = application.body if organisation.pk == application.operator_id else application.operator
    return str(other.local_name)


def file_link(found: Found, kept: MatterFile) -> dict[str, Any]:
    """A file beside a message or an answer; what browsers show opens in place."""
    opens = kept.media_type in SHOWN
    return {
        "title": kept.title,
        "url": found.address("matter_file_view" if opens else "matter_file", kept.number),
        "size": filesizeformat(kept.size),
        "sha256": kept.sha256,
    }


def message_row(found: Found, message: ClarificationMessage) -> dict[str, Any]:
    return {
        "side": message.organisation.local_name,
        "by": message.by.get_full_name(),
        "at": message.at,
        "text": message.text,
        "is_own": message.organisation_id == found.organisation.pk,
        "files": [{**file_link(found, kept), "is_open": True} for kept in message.files.all()],
    }


def response_row(found: Found, response: FindingResponse, *, can_open: bool = True) -> dict[str, Any]:
    """An answer to a finding; without `can_open` its files are named and not linked."""
    judged = None
    if response.is_accepted is not None:
        judged = {
            "words": _("Accepted") if response.is_accepted else _("Not enough"),
            "reason": response.reason,
            "by": response.judged_by.get_full_name() if response.judged_by else "",
            "at": response.judged_at,
        }
    return {
        "cause": response.cause,
        "text": response.text,
        "done_by": response.done_by,
        "by": response.by.get_full_name(),
        "at": response.at,
        "files": [{**file_link(found, kept), "is_open": can_open} for kept in response.files.all()],
        "judged": judged,
    }

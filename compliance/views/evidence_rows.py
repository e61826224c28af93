"""Ready lists for templates: how evidence, its versions and its uses are shown. No queries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.explain import EVIDENCE_DUE
from compliance.leaks import words_of
from compliance.models import ActionItem, CameraSystem, Evidence, EvidenceUse, EvidenceVersion, MadeElsewhere
from compliance.radar import due_by, due_words
from core.addresses import address_of
from core.dates import today

Row = dict[str, Any]
DAY = "j F Y"
ELSEWHERE_COLOURS: Mapping[str, str] = {
    MadeElsewhere.Status.RECORDED: "yellow",
    MadeElsewhere.Status.CONFIRMED: "green",
    MadeElsewhere.Status.DECLINED: "red",
    MadeElsewhere.Status.REPLACED: "grey",
}


def address(name: str, evidence: Evidence, *args: object) -> str:
    """The address of one of the pages of a piece of evidence."""
    return address_of(f"compliance:{name}", evidence.operator.slug, evidence.reference, *args)


def due_tag(review_on: dt.date | None) -> Row | None:
    """What the calendar says of a review date: due, due soon (within 90 days), or nothing."""
    if review_on is None or review_on > due_by():
        return None
    is_past = review_on < today()
    return {"label": due_words(is_past), "colour": "red" if is_past else "yellow"}


def why_due(evidence: Evidence) -> str:
    """The page that explains the mark of a review date: its rule, what it looked at, and who can change it."""
    return reverse("compliance:why_record", args=[evidence.operator.slug, EVIDENCE_DUE, evidence.reference])


def evidence_row(evidence: Evidence) -> Row:
    """One piece in a list; with its operator, adder and systems loaded."""
    return {
        "reference": evidence.reference,
        "title": evidence.title,
        "kind": capfirst(evidence.get_kind_display()),
        "page_url": address("evidence", evidence),
        "url": evidence.url or evidence.get_absolute_url(),
        "is_link": bool(evidence.url),
        "what": what_of(evidence),
        "systems": [system.local_name for system in evidence.systems.all()],
        "dated": evidence.dated,
        "review_on": evidence.review_on,
        "due": due_tag(evidence.review_on),
        "why_url": why_due(evidence),
        "is_public": evidence.is_public,
        "added_at": evidence.added_at,
        "added_by": evidence.added_by.get_full_name() if evidence.added_by else "",
    }


def what_of(record: Evidence | EvidenceVersion) -> str:
    """Kind of file and size, or that it is a link."""
    if isinstance(record, Evidence) and record.url:
        return _("link")
    return f"{record.file_name.rpartition('.')[2].upper()}, {filesizeformat(record.size)}"


def facts_of(evidence: Evidence, systems: Sequence[CameraSystem]) -> list[Row]:
    """What is known of it, for `components/summary_list.html`."""
    added = date_format(evidence.added_at, DAY)
    who = evidence.added_by.get_full_name() if evidence.added_by else ""
    rows: list[Row] = [{"key": _("Kind of document"), "value": capfirst(evidence.get_kind_display())}]
    if evidence.url:
        rows.append({"key": _("Link"), "value": evidence.url, "link": evidence.url})
    else:
        rows += [
            {"key": _("File"), "value": evidence.file_name, "link": evidence.get_absolute_url()},
            {"key": _("Real type and size"), "value": f"{evidence.media_type}, {filesizeformat(evidence.size)}"},
            {"key": _("SHA-256"), "value": evidence.sha256},
        ]
    return [
        *rows,
        {"key": _("Marking"), "value": capfirst(evidence.get_marking_display())},
        {"key": _("Systems"), "values": [system.local_name for system in systems]},
        {"key": _("Date of the document"), "value": _day(evidence.dated)},
        {"key": _("Review date"), "value": _day(evidence.review_on)},
        {"key": _("Public"), "value": _("may be published") if evidence.is_public else _("not public")},
        {"key": _("Added"), "value": f"{added}, {who}" if who else added},
    ]


def _day(day: Any) -> str:
    return date_format(day, DAY) if day else _("not given")


def leaks_of(evidence: Evidence) -> list[Row]:
    """What the file gives away, which, and what to do."""
    return [words_of(leak) for leak in evidence.leaks]


def version_row(evidence: Evidence, version: EvidenceVersion) -> Row:
    """A file that was replaced."""
    return {
        "number": version.version,
        "url": address("evidence_version", evidence, version.version),
        "name": version.file_name,
        "what": what_of(version),
        "sha256": version.sha256,
        "added_at": version.added_at,
        "added_by": version.added_by.get_full_name() if version.added_by else "",
        "replaced_at": version.replaced_at,
    }


def use_row(use: EvidenceUse) -> Row:
    """The answer that it supports."""
    assessment, question = use.assessment, use.question
    args = [assessment.system.operator.slug, assessment.reference, question.number]
    return {
        "system": assessment.system.local_name,
        "url": reverse("compliance:question", args=args),
        "question": f"{question.number}. {question.local_title}",
        "assessment": assessment.reference,
        "status": assessment.get_status_display(),
        "added_at": use.added_at,
    }


def action_use(action: ActionItem) -> Row:
    """The action that it closed."""
    url = reverse("compliance:action", args=[action.operator.slug, action.reference])
    return {"url": url, "what": _("Shows that an action is done: %(reference)s") % {"reference": action.reference}}


def elsewhere_use(record: MadeElsewhere) -> Row:
    """The record of what was signed outside the portal."""
    words = {"reference": record.reference}
    return {"url": record.get_absolute_url(), "what": _("Is a document made outside the portal: %(reference)s") % words}

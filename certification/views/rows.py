"""Ready lists for templates: how applications, documents, verdicts and certificates are shown. No queries."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification import stages
from certification.models import (
    Application,
    ApplicationDocument,
    AuditorAssignment,
    Certificate,
    Criterion,
    StepReview,
    Verdict,
)
from certification.services.found_documents import kind_in_records
from certification.services.signatures import Coverage
from certification.submission import SubmittedSystem
from certification.views.finding import Found
from core.dates import LONDON
from core.downloads import SHOWN

Status = Application.Status
# What a move says to both sides; its note is shown to the applicant only where the applicant is meant to read it.
TOLD_TO_APPLICANT = frozenset({Status.RETURNED, Status.WITHDRAWN, Status.AWARDED, Status.DECLINED, Status.APPEALED})


def application_row(application: Application, organisation: Organisation, user: User) -> dict[str, Any]:
    """One line of the list, from one party's side."""
    step = stages.next_step(application)
    other = application.body if organisation.pk == application.operator_id else application.operator
    return {
        "reference": application.reference,
        "url": reverse("certification:application", args=[organisation.slug, application.reference]),
        "other": other.local_name,
        "systems": [system.local_name for system in application.systems.all()],
        "tag": stages.status_tag(application),
        "who": step.who,
        "what": step.what,
        "mine": stages.is_mine(step, application, user),
        "since": application.moved_at or application.created_at,  # type: ignore[attr-defined]
    }


def terms_rows(found: Found, systems: Iterable[str]) -> list[dict[str, Any]]:
    """What is applied for."""
    application = found.application
    rows: list[dict[str, Any]] = [
        {"key": _("Applicant"), "value": application.operator.local_name},
        {"key": _("Certification body"), "value": application.body.local_name},
        {"key": _("Scheme"), "value": application.scheme.local_name},
        {"key": _("Aim"), "value": capfirst(application.get_aim_display())},
        {"key": _("Camera systems"), "values": list(systems)},
        {"key": _("Scope"), "value": application.scope},
    ]
    if application.scope_cy:
        rows.append({"key": _("Scope in Welsh"), "value": application.scope_cy, "lang": "cy"})
    if application.is_bilingual:
        rows.append({"key": _("Language of the certificate"), "value": _("English and Welsh")})
    if application.sites:
        rows.append({"key": _("Sites"), "value": application.sites})
    if application.previous:
        follows = {"key": _("Follows"), "value": application.previous.reference}
        if found.is_operator or application.previous.body_id == application.body_id:
            url = reverse("certification:application", args=[found.organisation.slug, application.previous.reference])
            follows["link"] = url
        rows.append(follows)
    if application.submitted_at:
        day = date_format(application.submitted_at.astimezone(LONDON), "j F Y, H:i")
        rows.append({"key": _("Submitted"), "value": day})
    return rows


def coverage_row(covered: Coverage) -> dict[str, Any]:
    """A system of a draft, and which signature speaks for it."""
    if covered.signed is None:
        value = _("Nothing signed goes with it.") if not covered.is_replaced else _("Signed again since.")
    else:
        value = _("%(reference)s, signed on %(day)s by the post: %(post)s") % {
            "reference": covered.signed.reference,
            "day": day(covered.signed_on),
            "post": covered.signed.post,
        }
    return {"key": covered.system.local_name, "value": value}


def document_row(found: Found, document: ApplicationDocument, names: Mapping[str, str]) -> dict[str, Any]:
    """A document as submitted; a link to an address elsewhere carries no hash."""
    return {
        "kind": names.get(document.kind, _("Other document")),
        "title": document.title,
        "url": document.link or found.address(_place_of(document), document.position),
        "is_link": bool(document.link),
        "size": filesizeformat(document.size) if document.size else "",
        "dated": document.dated,
        "sha256": document.sha256,
    }


def _place_of(document: ApplicationDocument) -> str:
    """What browsers show opens in place, the rest is saved."""
    return "application_document_view" if document.media_type in SHOWN else "application_document"


def day(value: dt.date | None) -> str:
    """In words; a certificate that was recorded for the history may lack one."""
    return date_format(value, "j F Y") if value else _("Not known")


def document_names(application: Application) -> dict[str, str]:
    asked = application.scheme.documents_of(application.aim)
    return {kind_in_records(wanted["key"]): wanted["name"] for wanted in asked}


def system_rows(systems: Iterable[SubmittedSystem]) -> list[dict[str, Any]]:
    """Technologies of each system with their counts, as submitted."""
    return [{"system": system.name, "reference": system.reference, **row} for system in systems for row in system.rows]


def changes_of(found: Found, *, reads_review: bool) -> list[dict[str, Any]]:
    """What happened to it, newest first. The applicant does not read what body and auditor write to each other."""
    application = found.application
    begun: dict[str, Any] = {"title": _("Draft begun"), "by": application.created_by, "note": ""}
    begun["at"] = application.created_at
    happened: list[dict[str, Any]] = [
        {
            "title": _what_happened(change.before, change.after),
            "by": change.by,
            "at": change.at,
            "note": change.note if reads_review or change.after in TOLD_TO_APPLICANT else "",
        }
        for change in application.changes.all()
        if (change.before, change.after) != (Status.STEP1_PASSED, Status.RECOMMENDED)
    ]
    if not found.is_operator:
        happened += _assigned(application)
    elif all(change.after != Status.RECEIVED for change in application.changes.all()):  # that one was never drafted
        happened.insert(0, begun)
    happened.sort(key=lambda change: change["at"], reverse=True)
    return [{**change, "by": change["by"].get_full_name() if change["by"] else ""} for change in happened]


def _assigned(application: Application) -> list[dict[str, Any]]:
    """Assignments and declarations, for the body's side."""
    events: list[dict[str, Any]] = []
    for assignment in application.assignments.all():
        auditor = assignment.auditor
        events.append(
            {
                "title": _("Auditor assigned"),
                "by": None,
                "at": assignment.assigned_at,
                "note": _assignment_note(assignment),
            }
        )
        if assignment.declared_at:
            title = (
                _("Conflict of interest declared") if assignment.has_conflict else _("No conflict of interest declared")
            )
            events.append({"title": title, "by": auditor, "at": assignment.declared_at, "note": ""})
    return events


def _assignment_note(assignment: AuditorAssignment) -> str:
    """Who, what was warned of, and why nevertheless."""
    lines = [assignment.auditor.get_full_name(), *(warning["sentence"] for warning in assignment.warnings)]
    if assignment.reason_despite:
        lines.append(_("Assigned nevertheless: %(reason)s") % {"reason": assignment.reason_despite})
    return "\n".join(lines)


def _what_happened(before: str, after: str) -> str:
    words: Mapping[str, str] = {
        Status.SUBMITTED: _("Submitted"),
        Status.RETURNED: _("Returned"),
        Status.ACCEPTED: _("Accepted"),
        Status.STEP1_REVIEW: _("Desktop review begun"),
        Status.STEP1_PASSED: _("Desktop review concluded"),
        Status.AWARDED: _("Certificate awarded"),
        Status.DECLINED: _("No certificate awarded"),
        Status.WITHDRAWN: _("Withdrawn by the applicant"),
    }
    if before == Status.RECOMMENDED and after in (Status.STEP1_REVIEW, Status.STEP2_AUDIT):
        return _("Sent back to the auditor")
    return words.get(after) or str(capfirst(Status(after).label))


# --- reviews ---


def grade_tag(grade: str) -> dict[str, Any]:
    return {"label": capfirst(Verdict.Grade(grade).label), "colour": stages.GRADE_COLOURS[grade]}


def recommendation_tag(review: StepReview) -> dict[str, Any]:
    recommendation = StepReview.Recommendation(review.recommendation)
    return {"label": capfirst(recommendation.label), "colour": stages.RECOMMENDATION_COLOURS[recommendation]}


def verdict_figures(verdicts: Iterable[Verdict], criteria: int) -> list[dict[str, Any]]:
    """How many criteria were judged how; counts, never a share."""
    counts = Counter(verdict.grade for verdict in verdicts)
    figures = [{"label": capfirst(label), "value": counts.get(grade, 0)} for grade, label in Verdict.Grade.choices]
    return [*figures, {"label": _("No verdict yet"), "value": criteria - sum(counts.values())}]


def verdicts_by_principle(
    criteria: Iterable[Criterion], verdicts: Mapping[int, Verdict], titles: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Principles in order, each with its criteria and the verdict on each."""
    principles: dict[int, dict[str, Any]] = {}
    for criterion in criteria:
        principle = principles.setdefault(
            criterion.principle,
            {"number": criterion.principle, "title": titles.get(criterion.principle, ""), "rows": []},
        )
        verdict = verdicts.get(criterion.pk)
        principle["rows"].append(
            {
                "key": criterion.key,
                "anchor": criterion.anchor,
                "text": criterion.local_text,
                "tag": grade_tag(verdict.grade) if verdict else None,
                "note": verdict.note if verdict else "",
            }
        )
    return list(principles.values())


# --- certificates ---


def certificate_row(certificate: Certificate, organisation: Organisation) -> dict[str, Any]:
    other = certificate.body if organisation.pk == certificate.operator_id else certificate.operator
    return {
        "reference": certificate.reference,
        "url": reverse("certification:certificate", args=[organisation.slug, certificate.reference]),
        "other": other.local_name,
        "systems": [system["name"] for system in certificate.systems_listed],
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "tag": stages.standing_tag(certificate),
    }

"""The rows of the permission table between auditor and operator, and the records that they need."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from certification.models import Application
from certification.services import clarifications, findings
from tests.factories.certification import Parties, open_review
from tests.factories.compliance import PDF
from tests.permissions.rows import ASSIGNED, BODY, HAD_PART, OPERATOR, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

# Of the certification body everybody but auditors, and the auditor at work.
READERS = {Role.BODY_MANAGER, Role.DECISION_MAKER, HAD_PART, Role.OBSERVER, ASSIGNED}
AUDITOR, SPOC = {ASSIGNED}, {Role.SPOC}
WRITERS = {Role.SPOC, Role.SCHEME_MANAGER, Role.CONTRIBUTOR}
TALK: Any = {"of": "application with talk"}
OTHER: Any = {"of": "in review application"}  # nothing was said or found in it
OVER: Any = {"of": "recommended application"}
FIRST: Any = {"parts": {"number": 1}}
SECOND: Any = {"parts": {"number": 2}}
NINTH: Any = {"parts": {"number": 9}}
TEXT, REASON = {"text": "For this reason."}, {"reason": "For this reason."}
ABOUT: Any = {"query": "criterion=P01.C1"}
QUESTION = {"subject": "The statement", "text": "Where is it?"}
FOUND = {"class_key": "minor", "text": "It is not dated."}
DONE = {"outcome": "done", "reason": "Seen."}
EVIDENCE: Any = {"parts": {"sha256": "@evidence of the answer"}}
NO_EVIDENCE: Any = {"parts": {"sha256": "0" * 64}}
EARLIER: Any = {"parts": {"followed": "AP-2345678", "number": 1}}

FILES = [
    *page("certification:application_document_view", OPERATOR, **TALK, parts={"position": 1}),
    *page("certification:application_document_view", BODY, READERS, **TALK, parts={"position": 1}),
    *page(
        "certification:application_document_view",
        BODY,
        READERS - AUDITOR,
        of="assigned application",
        parts={"position": 1},
    ),
    *page("certification:matter_file", OPERATOR, **TALK, **FIRST),
    *page("certification:matter_file", BODY, READERS, **TALK, **FIRST),
    *page("certification:matter_file", BODY, READERS, 404, **TALK, **NINTH),
    *page("certification:matter_file_view", OPERATOR, **TALK, **FIRST),
    *page("certification:matter_file_view", BODY, READERS, **TALK, **FIRST),
    *page("certification:submitted_evidence", OPERATOR, **TALK, **EVIDENCE),
    *page("certification:submitted_evidence", BODY, READERS, **TALK, **EVIDENCE),
    *page("certification:submitted_evidence", BODY, READERS, 404, **TALK, **NO_EVIDENCE),
    *page("certification:submitted_evidence_view", OPERATOR, **TALK, **EVIDENCE),
    *page("certification:submitted_evidence_view", BODY, READERS, **TALK, **EVIDENCE),
]

CLARIFICATIONS = [
    *page("certification:clarifications", OPERATOR),
    *page("certification:clarifications", BODY),
    *page("certification:application_clarifications", OPERATOR, **TALK),
    *page("certification:application_clarifications", BODY, READERS, **TALK),
    *page("certification:clarification", OPERATOR, **TALK, **FIRST),
    *page("certification:clarification", BODY, READERS, **TALK, **FIRST),
    *page("certification:clarification", BODY, READERS, 404, **OTHER, **FIRST),
    *act("certification:clarification", OPERATOR, WRITERS, **TALK, **FIRST, sent=TEXT),
    *act("certification:clarification", OPERATOR, WRITERS, 422, **TALK, **FIRST),
    *act("certification:clarification", BODY, AUDITOR, **TALK, **FIRST, sent=TEXT),
    *act("certification:clarification", OPERATOR, WRITERS, 409, **TALK, **SECOND, sent=TEXT),
    *form("certification:clarification_ask", BODY, AUDITOR, **TALK, **ABOUT),
    *act("certification:clarification_ask", BODY, AUDITOR, **TALK, **ABOUT, sent=QUESTION),
    *page("certification:clarification_ask", BODY, AUDITOR, 409, **OVER, **ABOUT),
    *page("certification:clarification_ask", OPERATOR, (), **TALK, **ABOUT),
    *act("certification:clarification_close", BODY, AUDITOR, **TALK, **FIRST),
    *act("certification:clarification_close", BODY, AUDITOR, 409, **TALK, **SECOND),
    *act("certification:clarification_close", OPERATOR, (), **TALK, **FIRST),
    *form("certification:clarification_reopen", BODY, AUDITOR, **TALK, **SECOND),
    *act("certification:clarification_reopen", BODY, AUDITOR, **TALK, **SECOND, sent=TEXT),
    *act("certification:clarification_reopen", BODY, AUDITOR, 409, **TALK, **FIRST, sent=TEXT),
    *page("certification:clarification_reopen", OPERATOR, (), **TALK, **SECOND),
]

FINDINGS = [
    *page("certification:findings", OPERATOR),
    *page("certification:findings", BODY),
    *page("certification:application_findings", OPERATOR, **TALK),
    *page("certification:application_findings", BODY, READERS, **TALK),
    *page("certification:finding", OPERATOR, **TALK, **FIRST),
    *page("certification:finding", BODY, READERS, **TALK, **FIRST),
    *page("certification:finding", BODY, READERS, 404, **OTHER, **FIRST),
    *form("certification:finding_raise", BODY, AUDITOR, **TALK, **ABOUT),
    *act("certification:finding_raise", BODY, AUDITOR, **TALK, **ABOUT, sent=FOUND),
    *page("certification:finding_raise", BODY, AUDITOR, 409, **OVER, **ABOUT),
    *page("certification:finding_raise", BODY, AUDITOR, 404, **TALK),
    *page("certification:finding_raise", OPERATOR, (), **TALK, **ABOUT),
    *act("certification:findings_send", BODY, AUDITOR, **TALK),
    *act("certification:findings_send", BODY, AUDITOR, 422, **OTHER),
    *act("certification:findings_send", BODY, AUDITOR, 409, **OVER),
    *act("certification:findings_send", OPERATOR, (), **TALK),
    *form("certification:finding_respond", OPERATOR, SPOC, **TALK, **FIRST),
    *act("certification:finding_respond", OPERATOR, SPOC, **TALK, **FIRST, sent=TEXT),
    *act("certification:finding_respond", OPERATOR, SPOC, 409, **TALK, **SECOND, sent=TEXT),
    *page("certification:finding_respond", BODY, (), **TALK, **FIRST),
    *form("certification:finding_add_file", OPERATOR, SPOC, **TALK, **SECOND),
    *page("certification:finding_add_file", OPERATOR, SPOC, 409, **TALK, **FIRST),
    *page("certification:finding_add_file", BODY, (), **TALK, **SECOND),
    *form("certification:finding_judge", BODY, AUDITOR, **TALK, **SECOND),
    *act("certification:finding_judge", BODY, AUDITOR, **TALK, **SECOND, sent=DONE),
    *act("certification:finding_judge", BODY, AUDITOR, 409, **TALK, **FIRST, sent=DONE),
    *page("certification:finding_judge", OPERATOR, (), **TALK, **SECOND),
    *form("certification:finding_close", BODY, AUDITOR, **TALK, **FIRST),
    *act("certification:finding_close", BODY, AUDITOR, **TALK, **FIRST, sent=REASON),
    *act("certification:finding_close", BODY, AUDITOR, 409, **TALK, **SECOND, sent=REASON),
    *page("certification:finding_close", OPERATOR, (), **TALK, **FIRST),
    *form("certification:finding_cancel", BODY, AUDITOR, **TALK, **FIRST),
    *act("certification:finding_cancel", BODY, AUDITOR, **TALK, **SECOND, sent=REASON),
    *page("certification:finding_cancel", OPERATOR, (), **TALK, **FIRST),
    *page("certification:follow_up", BODY, AUDITOR, 404, **TALK, **EARLIER),
    *act("certification:follow_up", BODY, AUDITOR, 409, **OVER, **EARLIER, sent={"outcome": "closed", "text": "x"}),
    *page("certification:follow_up", OPERATOR, (), **TALK, **EARLIER),
]

QUEUE = [
    *page("certification:reviews", BODY),
    *page("certification:reviews", OPERATOR, (), refused=404),
    *page("certification:review_earlier", BODY, READERS, **TALK, **FIRST),
    *page("certification:review_earlier", BODY, READERS, 404, **TALK, **NINTH),
    *page("certification:review_earlier", OPERATOR, (), **TALK, **FIRST),
    *page("certification:review_plan", BODY, {Role.BODY_MANAGER}, **TALK),
    *act("certification:review_plan", BODY, {Role.BODY_MANAGER}, **TALK, sent={"planned_days": "2.5"}),
    *act("certification:review_plan", BODY, {Role.BODY_MANAGER}, 422, **TALK, sent={"planned_days": "many"}),
    *page("certification:review_plan", BODY, {Role.BODY_MANAGER}, 409, of="accepted application"),
    *page("certification:review_plan", OPERATOR, (), **TALK),
]

DESK = [*FILES, *CLARIFICATIONS, *FINDINGS, *QUEUE]


def add_talk(world: "World", parties: Parties) -> None:
    """An application in review with one thread open and one closed, a finding open and one answered, and a file."""
    application: Application = parties.in_review()
    review = open_review(application)
    criterion = application.scheme.criteria.get(key="P01.C1")
    about: Any = {"review": review, "criterion": criterion, "by": parties.auditor}
    thread = clarifications.ask(subject="The statement", text="Where is it?", **about)
    upload = SimpleUploadedFile("statement.pdf", PDF)
    clarifications.reply(
        clarification=thread, text="Here.", organisation=world.operator, by=parties.spoc, uploads=[upload]
    )
    closed = clarifications.ask(subject="The date", text="Of which day?", **about)
    clarifications.close(clarification=closed, by=parties.auditor)
    findings.raise_finding(class_key="major", text="There is no statement.", **about)
    second = findings.raise_finding(class_key="minor", text="It is not dated.", **about)
    findings.respond(finding=second, text="It is dated now.", by=parties.spoc)
    application.refresh_from_db()
    world.records["application with talk"] = application

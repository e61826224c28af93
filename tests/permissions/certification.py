"""The rows of the permission table for applications, reviews, decisions and certificates."""

from typing import Any

from accounts.models import Role
from tests.permissions.rows import ASSIGNED, BODY, HAD_PART, OPERATOR, act, form, page

SPOC, BODY_MANAGER = {Role.SPOC}, {Role.BODY_MANAGER}
DRAFTING = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
DPIA: Any = {"parts": {"kind": "dpia"}}
UNASKED: Any = {"parts": {"kind": "nonsense"}}
ON_A_DAY = {"day": "2", "month": "11", "year": "2026"}
QUOTED = {"version": 0, **{f"quoted_on_{part}": value for part, value in ON_A_DAY.items()}}
ENGAGED = {
    "version": 0,
    "signed_for_operator": "Director",
    "signed_for_body": "Manager",
    **{f"signed_on_{part}": value for part, value in ON_A_DAY.items()},
}
MET = {"grade": "met", "version": 0}
MET_AGAIN = {"grade": "met", "version": 1}
CONCLUSION = {"recommendation": "award", "conclusion": "The evidence fits.", "actual_days": "1.5"}
DECLINE = {"outcome": "decline", "reasons": "The evidence does not fit."}
FREE_AUDITOR = {"auditor": "@free auditor"}
NOTHING_DECLARED = {"advised": "no", "worked": "no", "other": "no"}
CRITERION: Any = {"parts": {"key": "P01.C1"}}
FIRST: Any = {"parts": {"position": 1}}
REASON = {"reason": "For this reason."}

# Of the certification body everybody but auditors reads what came in; an auditor reads what is assigned to them, and
# its documents once they have declared that they have no conflict of interest.
READERS = {Role.BODY_MANAGER, Role.DECISION_MAKER, HAD_PART, Role.OBSERVER}
AT_WORK = READERS | {ASSIGNED}
AUDITOR, DECISION_MAKER = {ASSIGNED}, {Role.DECISION_MAKER}

APPLICATIONS = [
    *page("certification:applications", OPERATOR),
    *page("certification:applications", BODY),
    *form("certification:application_new", OPERATOR, SPOC),
    *page("certification:application_new", BODY, ()),
    *page("certification:application", OPERATOR, of="draft application"),
    *page("certification:application", OPERATOR, of="awarded application"),
    *page("certification:application", BODY, (), of="draft application", refused=404),
    *page("certification:application", BODY, READERS, of="submitted application"),
    *page("certification:application", BODY, AT_WORK, of="assigned application"),
    *page("certification:application", BODY, AT_WORK, of="awarded application"),
    *form("certification:application_change", OPERATOR, DRAFTING, of="draft application"),
    *page("certification:application_change", OPERATOR, DRAFTING, 409, of="submitted application"),
    *page("certification:application_change", BODY, (), of="submitted application"),
    *act("certification:application_take_signed", OPERATOR, DRAFTING, of="draft application"),
    *act("certification:application_take_signed", OPERATOR, DRAFTING, 422, of="incomplete application"),
    *act("certification:application_take_signed", OPERATOR, DRAFTING, 409, of="submitted application"),
    *act("certification:application_take_signed", BODY, (), of="submitted application"),
    *form("certification:application_documents", OPERATOR, DRAFTING, of="draft application"),
    *act("certification:application_documents", OPERATOR, DRAFTING, 409, of="submitted application"),
    *page("certification:application_document_add", OPERATOR, DRAFTING, 302, of="draft application", **DPIA),
    *page("certification:application_document_add", OPERATOR, DRAFTING, 404, of="draft application", **UNASKED),
    *page("certification:application_document_add", OPERATOR, DRAFTING, 409, of="submitted application", **DPIA),
    *page("certification:application_document_add", BODY, (), of="submitted application", **DPIA),
    *form("certification:application_document_ask", OPERATOR, DRAFTING, of="draft application", **DPIA),
    *act("certification:application_document_ask", OPERATOR, DRAFTING, 409, of="submitted application", **DPIA),
    *page("certification:application_document_ask", BODY, (), of="submitted application", **DPIA),
    *act("certification:application_document_cancel", OPERATOR, DRAFTING, 404, of="draft application", **DPIA),
    *act("certification:application_document_cancel", BODY, (), of="submitted application", **DPIA),
    *page("certification:application_documents", BODY, (), of="submitted application"),
    *page("certification:application_document", OPERATOR, (), of="draft application", refused=404, **FIRST),
    *page("certification:application_document", OPERATOR, of="submitted application", **FIRST),
    *page("certification:application_document", BODY, (), of="draft application", refused=404, **FIRST),
    *page("certification:application_document", BODY, READERS, of="submitted application", **FIRST),
    *page("certification:application_document", BODY, READERS, of="assigned application", **FIRST),
    *page("certification:application_document", BODY, AT_WORK, of="declared application", **FIRST),
    *page("certification:application_document", BODY, READERS, of="awarded application", **FIRST),
    *page("certification:application_submission", OPERATOR, (), of="draft application", refused=404),
    *page("certification:application_submission", OPERATOR, of="submitted application"),
    *page("certification:application_submission", BODY, READERS, of="assigned application"),
    *page("certification:application_submission", BODY, AT_WORK, of="in review application"),
    *page("certification:application_readiness", OPERATOR, of="draft application"),
    *page("certification:application_readiness", OPERATOR, None, 409, of="submitted application"),
    *page("certification:application_readiness", BODY, (), of="submitted application"),
    *form("certification:application_word", OPERATOR, DRAFTING, of="draft application"),
    *page("certification:application_word", OPERATOR, DRAFTING, 409, of="submitted application"),
    *page("certification:application_word", BODY, (), of="submitted application"),
    *page("certification:application_word_file", OPERATOR, DRAFTING, of="draft application"),
    *page("certification:application_word_file", OPERATOR, DRAFTING, 409, of="submitted application"),
    *page("certification:application_word_file", BODY, (), of="submitted application"),
    *act("certification:application_word_take", OPERATOR, DRAFTING, 422, of="draft application"),
    *act("certification:application_word_take", OPERATOR, DRAFTING, 409, of="submitted application"),
    *act("certification:application_word_take", BODY, (), of="submitted application"),
    *page("certification:application_compared", OPERATOR, (), of="submitted application", refused=404),
    *page("certification:application_compared", BODY, READERS, 404, of="submitted application"),
    *form("certification:application_submit", OPERATOR, SPOC, of="draft application"),
    *act("certification:application_submit", OPERATOR, SPOC, of="draft application", sent={"version": "@version"}),
    *act("certification:application_submit", OPERATOR, SPOC, 409, of="draft application", sent={"version": 0}),
    *act("certification:application_submit", OPERATOR, SPOC, 422, of="incomplete application", sent={"version": 1}),
    *act("certification:application_submit", OPERATOR, SPOC, 409, of="submitted application", sent={"version": 1}),
    *form("certification:application_withdraw", OPERATOR, SPOC, of="in review application"),
    *act("certification:application_withdraw", OPERATOR, SPOC, of="in review application", sent=REASON),
    *act("certification:application_withdraw", OPERATOR, SPOC, 409, of="awarded application", sent=REASON),
    *act("certification:application_withdraw", BODY, (), of="in review application", sent=REASON),
]

ENGAGEMENT = [
    *form("certification:engagement_quote", BODY, BODY_MANAGER, of="submitted application"),
    *act("certification:engagement_quote", BODY, BODY_MANAGER, of="submitted application", sent=QUOTED),
    *act("certification:engagement_quote", BODY, BODY_MANAGER, 409, of="awarded application", sent=QUOTED),
    *page("certification:engagement_quote", OPERATOR, (), of="submitted application"),
    *form("certification:engagement_sign", BODY, BODY_MANAGER, of="submitted application"),
    *act("certification:engagement_sign", BODY, BODY_MANAGER, of="submitted application", sent=ENGAGED),
    *form("certification:engagement_sign", OPERATOR, SPOC, of="submitted application"),
    *act("certification:engagement_sign", OPERATOR, SPOC, of="submitted application", sent=ENGAGED),
    *act("certification:engagement_sign", OPERATOR, SPOC, 409, of="draft application", sent=ENGAGED),
]

INTAKE = [
    *act("certification:application_accept", BODY, BODY_MANAGER, of="submitted application"),
    *act("certification:application_accept", BODY, BODY_MANAGER, 409, of="accepted application"),
    *act("certification:application_accept", OPERATOR, (), of="submitted application"),
    *form("certification:application_return", BODY, BODY_MANAGER, of="submitted application"),
    *act("certification:application_return", BODY, BODY_MANAGER, of="submitted application", sent=REASON),
    *act("certification:application_return", BODY, BODY_MANAGER, 409, of="in review application", sent=REASON),
    *act("certification:application_return", OPERATOR, (), of="submitted application", sent=REASON),
    *form("certification:application_assign", BODY, BODY_MANAGER, of="accepted application"),
    *act("certification:application_assign", BODY, BODY_MANAGER, of="accepted application", sent=FREE_AUDITOR),
    *act("certification:application_assign", BODY, BODY_MANAGER, 409, of="recommended application", sent=FREE_AUDITOR),
    *page("certification:application_assign", OPERATOR, (), of="accepted application"),
    *form("certification:application_declare", BODY, AUDITOR, of="assigned application"),
    *act("certification:application_declare", BODY, AUDITOR, of="assigned application", sent=NOTHING_DECLARED),
    *act("certification:application_declare", BODY, AUDITOR, 422, of="declared application", sent=NOTHING_DECLARED),
    *act("certification:application_declare", BODY, AUDITOR, 409, of="recommended application"),
    *page("certification:application_declare", BODY, (), of="accepted application"),
    *page("certification:application_declare", OPERATOR, (), of="assigned application"),
]

REVIEW = [
    *act("certification:review_begin", BODY, (), of="assigned application"),
    *act("certification:review_begin", BODY, AUDITOR, of="declared application"),
    *act("certification:review_begin", BODY, AUDITOR, 409, of="in review application"),
    *act("certification:review_begin", OPERATOR, (), of="declared application"),
    *page("certification:review", BODY, AT_WORK, 404, of="declared application"),
    *page("certification:review", BODY, AT_WORK, of="in review application"),
    *page("certification:review", BODY, READERS, of="awarded application"),
    *page("certification:review", OPERATOR, (), of="in review application"),
    *page("certification:review_principle", BODY, AT_WORK, of="in review application", parts={"principle": 1}),
    *page("certification:review_principle", BODY, AT_WORK, 404, of="in review application", parts={"principle": 13}),
    *page("certification:review_principle", OPERATOR, (), of="in review application", parts={"principle": 1}),
    *act("certification:verdict", BODY, AUDITOR, 422, of="in review application", **CRITERION),
    *act("certification:verdict", BODY, AUDITOR, of="in review application", **CRITERION, sent=MET),
    *act("certification:verdict", BODY, AUDITOR, 409, of="in review application", **CRITERION, sent=MET_AGAIN),
    *act("certification:verdict", BODY, AUDITOR, 409, of="recommended application", **CRITERION, sent=MET),
    *act("certification:verdict", BODY, AUDITOR, 404, of="in review application", parts={"key": "P09.C9"}, sent=MET),
    *act("certification:verdict", BODY, (), of="awarded application", **CRITERION, sent=MET),
    *act("certification:verdict", OPERATOR, (), of="in review application", **CRITERION, sent=MET),
    *form("certification:review_conclude", BODY, AUDITOR, of="in review application"),
    *act("certification:review_conclude", BODY, AUDITOR, 422, of="in review application", sent=CONCLUSION),
    *act("certification:review_conclude", BODY, AUDITOR, 409, of="recommended application", sent=CONCLUSION),
    *page("certification:review_conclude", OPERATOR, (), of="in review application"),
    # Never by somebody who was the auditor of the same matter.
    *form("certification:decision", BODY, DECISION_MAKER, of="recommended application"),
    *act("certification:decision", BODY, DECISION_MAKER, of="recommended application", sent=DECLINE),
    *act("certification:decision", BODY, DECISION_MAKER, 409, of="in review application", sent=DECLINE),
    *act("certification:decision", BODY, DECISION_MAKER, 409, of="awarded application", sent=DECLINE),
    *page("certification:decision", OPERATOR, (), of="recommended application"),
]

CERTIFICATES = [
    *page("certification:certificates", OPERATOR),
    *page("certification:certificates", BODY),
    *page("certification:certificate", OPERATOR, of="certificate"),
    *page("certification:certificate", BODY, of="certificate"),
    *form("certification:certificate_act", BODY, DECISION_MAKER, of="certificate", parts={"act": "suspend"}),
    *act(
        "certification:certificate_act", BODY, DECISION_MAKER, of="certificate", parts={"act": "suspend"}, sent=REASON
    ),
    *act("certification:certificate_act", BODY, DECISION_MAKER, 409, of="certificate", parts={"act": "reinstate"}),
    *form("certification:certificate_act", BODY, DECISION_MAKER, of="certificate", parts={"act": "withdraw"}),
    *page("certification:certificate_act", BODY, (), of="certificate", parts={"act": "nonsense"}, refused=404),
    *act("certification:certificate_act", OPERATOR, (), of="certificate", parts={"act": "withdraw"}, sent=REASON),
]

CERTIFICATION = [*APPLICATIONS, *ENGAGEMENT, *INTAKE, *REVIEW, *CERTIFICATES]

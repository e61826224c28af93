"""Reports: for each kind a builder that reads the records and returns what the report says, as plain values.

Another kind is one line in BUILDERS. A builder raises RuleBroken with the reason where nothing can be said.
"""

from collections.abc import Callable, Mapping
from typing import Any

from compliance.models import Report
from compliance.reports import annual, council, pack

Builder = Callable[[Report], dict[str, Any]]

BUILDERS: Mapping[str, Builder] = {
    Report.Kind.ANNUAL_REVIEW: annual.annual_review,
    Report.Kind.SUMMARY: council.summary,
    Report.Kind.ANNUAL_REPORT: annual.annual_report,
    Report.Kind.CAMERA_LIST: council.camera_list,
    Report.Kind.CLOSURE_IMPACT: council.closure_impact,
    Report.Kind.CODE_ASSESSMENT_PACK: pack.code_assessment_pack,
}

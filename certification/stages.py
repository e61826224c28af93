"""Whose move it is: what an application needs now and from whom. Facts over rows that were loaded; no queries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certification.models import (
    Application,
    AuditorAssignment,
    Certificate,
    StepReview,
    SurveillanceReview,
    Transfer,
    Verdict,
)
from certification.models.certificate import Standing
from certification.permissions import (
    may_answer_finding,
    may_change_application,
    may_countersign_visit,
    may_decide,
    may_declare,
    may_manage,
)
from core.errors import Text

Status = Application.Status
STEP2 = (Status.STEP1_PASSED, Status.STEP2_SCHEDULED, Status.STEP2_AUDIT)
FINDINGS = (Status.STEP1_FINDINGS, Status.STEP2_FINDINGS)


class Act(StrEnum):
    """The next act of somebody; NONE where the matter is closed."""

    COMPLETE = "complete"
    TAKE_IN = "take_in"
    ASSIGN = "assign"
    DECLARE = "declare"
    BEGIN = "begin"
    REVIEW = "review"
    PLAN_VISIT = "plan_visit"
    AGREE_VISIT = "agree_visit"
    BEGIN_VISIT = "begin_visit"
    VISIT = "visit"
    COUNTERSIGN_VISIT = "countersign_visit"
    ANSWER = "answer"
    DECIDE = "decide"
    NONE = "none"


@dataclass(frozen=True)
class Step:
    """What is needed now: who acts, in words, and the sentence that says what; `task` heads it in a list of tasks."""

    act: Act
    who: Text
    what: Text
    task: Text = ""


OPERATOR = _("Applicant: single point of contact")
MANAGER = _("Certification body: manager")
AUDITOR = _("Certification body: assigned auditor")
DECISION_MAKER = _("Certification body: decision maker")

COMPLETE = Step(
    Act.COMPLETE, OPERATOR, _("Complete the application and submit it."), _("Complete and submit an application")
)
TAKE_IN = Step(
    Act.TAKE_IN, MANAGER, _("Accept the application, or return it with a reason."), _("Accept or return an application")
)
ASSIGN = Step(Act.ASSIGN, MANAGER, _("Assign an auditor."), _("Assign an auditor"))
DECLARE = Step(
    Act.DECLARE,
    AUDITOR,
    _("Declare whether there is a conflict of interest."),
    _("Declare whether you have a conflict of interest"),
)
BEGIN = Step(Act.BEGIN, AUDITOR, _("Begin the desktop review."), _("Begin a desktop review"))
REVIEW = Step(
    Act.REVIEW,
    AUDITOR,
    _("Give a verdict on each criterion, then conclude the review."),
    _("Go on with a desktop review"),
)
# Step 2, by `visit_stage` of the application (ApplicationQuerySet.with_visit_stage).
PLANNERS = _("Certification body: assigned auditor or manager")
SIGNATORIES = _("Applicant: single point of contact or senior responsible officer")
VISITS: Mapping[str | None, Step] = {
    None: Step(Act.PLAN_VISIT, PLANNERS, _("Propose a date for the site visit."), _("Propose a date for a site visit")),
    "wished": Step(
        Act.PLAN_VISIT,
        PLANNERS,
        _("Propose another date for the site visit."),
        _("Propose another date for a site visit"),
    ),
    "proposed": Step(
        Act.AGREE_VISIT,
        OPERATOR,
        _("Agree the date of the site visit, or ask for another."),
        _("Agree the date of a site visit"),
    ),
    "agreed": Step(
        Act.BEGIN_VISIT,
        AUDITOR,
        _("Draw the sample of cameras, and begin the visit on the agreed day."),
        _("Prepare and begin a site visit"),
    ),
    "under_way": Step(
        Act.VISIT, AUDITOR, _("Write down what is seen at the visit, then sign it off."), _("Go on with a site visit")
    ),
    "auditor_signed": Step(
        Act.COUNTERSIGN_VISIT, SIGNATORIES, _("Read and sign the record of the site visit."), _("Sign off a site visit")
    ),
    "signed": Step(
        Act.REVIEW,
        AUDITOR,
        _("Give a verdict on each criterion, then conclude the review of step 2."),
        _("Go on with a review of step 2"),
    ),
}
ANSWER = Step(
    Act.ANSWER,
    OPERATOR,
    _("Answer the findings of the review. It goes on when each that asks for an answer has one."),
    _("Answer findings"),
)
DECIDE = Step(
    Act.DECIDE,
    DECISION_MAKER,
    _("Decide: award, decline, or send back to the auditor."),
    _("Decide about an application"),
)
DECIDE_APPEAL = Step(
    Act.DECIDE,
    DECISION_MAKER,
    _("Decide about the appeal, by somebody with part in neither the review nor the decision."),
    _("Decide about an appeal"),
)
FINAL: Mapping[str, Step] = {
    Status.RETURNED: Step(Act.NONE, "", _("It was returned. The applicant can make a new application.")),
    Status.WITHDRAWN: Step(Act.NONE, "", _("It was withdrawn by the applicant.")),
    Status.DECLINED: Step(Act.NONE, "", _("No certificate was awarded. The applicant can make a new application.")),
    Status.AWARDED: Step(Act.NONE, "", _("A certificate was awarded.")),
}


def open_assignment(application: Application) -> AuditorAssignment | None:
    """The auditor's assignment that has not ended, from the loaded ones."""
    return next((a for a in application.assignments.all() if a.ended_at is None), None)


def next_step(application: Application) -> Step:
    """What is needed now. Needs `assignments` loaded, and `visit_stage`."""
    if application.status in (Status.ACCEPTED, Status.STEP1_REVIEW, *STEP2, *FINDINGS):
        return _review_step(application)
    visit_stage = getattr(application, "visit_stage", None)
    if application.status == Status.AWARDED and visit_stage not in (None, "signed"):
        return VISITS[visit_stage]  # of a surveillance review
    steps: Mapping[str, Step] = {
        Status.DRAFT: COMPLETE,
        Status.SUBMITTED: TAKE_IN,
        Status.RECOMMENDED: DECIDE,
        Status.APPEALED: DECIDE_APPEAL,
        **FINAL,
    }
    return steps[application.status]


def _review_step(application: Application) -> Step:
    assignment = open_assignment(application)
    if assignment is None:
        return ASSIGN
    if assignment.declared_at is None:
        return DECLARE
    if application.status in FINDINGS:
        return ANSWER
    visit_stage = getattr(application, "visit_stage", None)
    if application.status in STEP2 or (application.status == Status.ACCEPTED and visit_stage):
        return VISITS[visit_stage]
    return BEGIN if application.status == Status.ACCEPTED else REVIEW


def load_decisions(applications: Iterable[Application]) -> None:
    """What `is_mine` reads of appealed ones: who decided before. One query, none where nothing is appealed."""
    prefetch_related_objects([a for a in applications if a.status == Status.APPEALED], "decisions")


def is_mine(step: Step, application: Application, user: User) -> bool:
    """Whether that step is this user's to take, by the same rules as the acts' permissions but without a query."""
    rule = MINE.get(step.act)
    return rule is not None and rule(user, application)


# The predicates of the acts; an auditor's is asked by the assignment, because the guardian grant would cost a query.
MINE: Mapping[Act, Callable[[User, Application], bool]] = {
    Act.COMPLETE: may_change_application,
    Act.TAKE_IN: may_manage,
    Act.ASSIGN: may_manage,
    Act.DECLARE: may_declare,
    Act.BEGIN: may_declare,
    Act.REVIEW: may_declare,
    Act.PLAN_VISIT: lambda user, application: may_manage(user, application) or may_declare(user, application),
    Act.AGREE_VISIT: may_change_application,
    Act.BEGIN_VISIT: may_declare,
    Act.VISIT: may_declare,
    Act.COUNTERSIGN_VISIT: may_countersign_visit,
    Act.ANSWER: may_answer_finding,
    Act.DECIDE: may_decide,
}


# Acts of the applicant's side; the others are the certification body's.
OF_OPERATOR = frozenset({Act.COMPLETE, Act.ANSWER, Act.AGREE_VISIT, Act.COUNTERSIGN_VISIT})


# --- how stages look ---

STATUS_COLOURS: Mapping[str, str] = {
    Status.DRAFT: "grey",
    Status.SUBMITTED: "blue",
    Status.RECEIVED: "blue",
    Status.RETURNED: "orange",
    Status.ACCEPTED: "teal",
    Status.STEP1_REVIEW: "purple",
    Status.STEP1_FINDINGS: "orange",
    Status.STEP1_PASSED: "purple",
    Status.STEP2_FINDINGS: "orange",
    Status.STEP2_SCHEDULED: "teal",
    Status.STEP2_AUDIT: "purple",
    Status.RECOMMENDED: "yellow",
    Status.AWARDED: "green",
    Status.DECLINED: "red",
    Status.APPEALED: "orange",
    Status.WITHDRAWN: "grey",
}
STANDING_COLOURS: Mapping[str, str] = {
    Standing.VALID: "green",
    Standing.REVIEW_DUE: "yellow",
    Standing.SUSPENDED: "red",
    Standing.WITHDRAWN: "red",
    Standing.EXPIRED: "grey",
    Standing.NOT_YET: "blue",
    Standing.REPLACED: "grey",
    Standing.HISTORIC: "grey",
}
SURVEILLANCE_COLOURS: Mapping[str, str] = {
    SurveillanceReview.Status.PLANNED: "blue",
    SurveillanceReview.Status.UNDER_REVIEW: "purple",
    SurveillanceReview.Status.REVIEWED: "yellow",
    SurveillanceReview.Status.DECIDED: "green",
}
TRANSFER_COLOURS: Mapping[str, str] = {
    Transfer.Status.ASKED: "yellow",
    Transfer.Status.DONE: "green",
    Transfer.Status.REFUSED: "red",
}
# What happened to a certificate: status before and after, in words.
CERTIFICATE_CHANGES: Mapping[tuple[str, str], Text] = {
    ("valid", "suspended"): _("Suspended"),
    ("suspended", "valid"): _("Reinstated"),
    ("valid", "withdrawn"): _("Withdrawn"),
    ("suspended", "withdrawn"): _("Withdrawn"),
    ("valid", "replaced"): _("Replaced"),
}
GRADE_COLOURS: Mapping[str, str] = {
    Verdict.Grade.MET: "green",
    Verdict.Grade.PARTLY: "yellow",
    Verdict.Grade.NOT_MET: "red",
    Verdict.Grade.NOT_APPLICABLE: "grey",
}
RECOMMENDATION_COLOURS: Mapping[str, str] = {
    StepReview.Recommendation.AWARD: "green",
    StepReview.Recommendation.DECLINE: "red",
    StepReview.Recommendation.CONTINUE: "green",
    StepReview.Recommendation.SUSPEND: "orange",
    StepReview.Recommendation.WITHDRAW: "red",
}


def status_tag(application: Application) -> dict[str, Any]:
    return {
        "label": capfirst(application.get_status_display()),
        "colour": STATUS_COLOURS.get(application.status, "blue"),
    }


def standing_tag(certificate: Certificate) -> dict[str, Any]:
    """What it is worth today. Needs `scheme` loaded."""
    standing = certificate.standing()
    return {"label": capfirst(standing.label), "colour": STANDING_COLOURS[standing]}

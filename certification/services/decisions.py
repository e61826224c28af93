"""The decision, apart from the review: award, decline, or back to the auditor."""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, Certificate, Decision, StepReview, Verdict
from certification.services.certificates import issue_certificate
from certification.services.grants import end_grants
from certification.services.holding import require_status
from certification.services.impartiality import require_impartial
from certification.services.intake import require_current_body
from certification.services.news import tell_auditor, tell_body, tell_operator
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, RuleBroken, Text

Status = Application.Status
Outcome = Decision.Outcome
REASONS_LIMIT = 4000
MOVES_BY_OUTCOME = {
    Outcome.AWARD: Status.AWARDED,
    Outcome.DECLINE: Status.DECLINED,
    Outcome.BACK_TO_AUDITOR: Status.STEP1_REVIEW,
}


@transaction.atomic
def decide(*, application: Application, outcome: str, reasons: str, by: User) -> Decision:
    """Decide about a recommended application. An award issues the certificate in the same transaction.

    Raises RuleBroken for somebody who had part in the review or belongs to the operator, and for an award when the
    scheme is closed or the body may not certify under it today; Incomplete without outcome or reasons; IllegalMove,
    StaleRecord.
    """
    reasons = checked_text(reasons, limit=REASONS_LIMIT)
    missing = []
    if outcome not in Outcome.values:
        missing.append(_("Choose a decision."))
    if not reasons:
        missing.append(_("Write the reasons for the decision."))
    if missing:
        raise Incomplete(missing)
    target = MOVES_BY_OUTCOME[Outcome(outcome)]
    require_status(application, Status.RECOMMENDED, wanted=target)
    if application.assignments.filter(auditor=by).exists():
        raise RuleBroken(_("Whoever was an auditor of this application must not decide about it."))
    require_impartial(application, by)
    decision = Decision.objects.create(application=application, outcome=outcome, reasons=reasons, by=by)
    trail.record("decided", decision, by=by, after={"outcome": outcome, "reasons": reasons})
    application.move_to(target, by=by, note=reasons, note_in_trail=decision.is_for_operator)
    if outcome == Outcome.AWARD:
        _award(application, by)
    elif outcome == Outcome.DECLINE:
        _decline(application, reasons)
    else:
        _send_back(application, reasons)
    return decision


def _award(application: Application, by: User) -> None:
    require_current_body(application)
    certificate: Certificate = issue_certificate(application=application, by=by)
    end_grants(application)
    tell_operator(
        application,
        subject=format_lazy(
            gettext_lazy("A certificate was awarded: {certificate}"), certificate=certificate.reference
        ),
        body=format_lazy(
            gettext_lazy("Its document is being printed and will appear on its page. Application: {reference}"),
            reference=application.reference,
        ),
    )
    _tell_auditor_outcome(application, gettext_lazy("A certificate was awarded."))


def _decline(application: Application, reasons: str) -> None:
    end_grants(application)
    tell_operator(
        application,
        subject=format_lazy(gettext_lazy("No certificate was awarded: {reference}"), reference=application.reference),
        body=format_lazy(gettext_lazy("The certification body's reasons:\n\n{reasons}"), reasons=reasons),
    )
    _tell_auditor_outcome(application, gettext_lazy("No certificate was awarded."))


def _tell_auditor_outcome(application: Application, sentence: Text) -> None:
    if assignment := application.open_assignment():
        tell_auditor(
            application,
            assignment.auditor,
            subject=format_lazy(
                gettext_lazy("An application that you reviewed was decided: {reference}"),
                reference=application.reference,
            ),
            body=sentence,
        )


def _send_back(application: Application, reasons: str) -> None:
    """A new review by the same auditor, who finds the earlier verdicts; without one the manager assigns somebody."""
    assignment = application.open_assignment()
    subject = format_lazy(
        gettext_lazy("An application came back from decision: {reference}"), reference=application.reference
    )
    body = format_lazy(gettext_lazy("The decision maker's reasons:\n\n{reasons}"), reasons=reasons)
    if assignment is None or not assignment.is_cleared:
        tell_body(application, Role.BODY_MANAGER, subject=subject, body=body)
        return
    before = application.concluded_review()
    review = StepReview.objects.create(application=application, assignment=assignment, step=StepReview.Step.DESKTOP)
    if before is not None and before.assignment_id == assignment.pk:
        Verdict.objects.bulk_create(
            Verdict(review=review, criterion_id=v.criterion_id, grade=v.grade, note=v.note, by_id=v.by_id, at=v.at)
            for v in before.verdicts.all()
        )
    trail.record("begun", review, by=None, after={"step": review.step})
    tell_auditor(application, assignment.auditor, subject=subject, body=body)

"""The decision, apart from the review: award, decline, or back to the auditor; and on appeal, by other people."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, Certificate, Decision, StepReview, Verdict
from certification.services import findings, plans, reviews
from certification.services.certificates import WITHOUT_END, issue_certificate, issue_successor
from certification.services.grants import end_grants
from certification.services.holding import require_status
from certification.services.impartiality import require_impartial, require_impartial_review
from certification.services.life import move_what_is_open
from certification.services.news import tell_auditor, tell_body, tell_operator
from certification.services.schemes import require_may_certify
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, Text

Status = Application.Status
Outcome = Decision.Outcome
REASONS_LIMIT = 4000
SCOPE_LIMIT = 1000
# Where the application goes back to, by the step whose review was the last.
BACK_TO = {StepReview.Step.DESKTOP: Status.STEP1_REVIEW, StepReview.Step.ON_SITE: Status.STEP2_AUDIT}


@dataclass(frozen=True)
class Scope:
    """The scope as it is to be printed."""

    english: str
    welsh: str = ""


@transaction.atomic
def decide(
    *, application: Application, outcome: str, reasons: str, by: User, scope: str = "", scope_cy: str = ""
) -> Decision:
    """Decide about a recommended application, or about an appeal. An award issues the certificate in the same
    transaction, with the `scope` given or, where it is empty, the one that was applied for.

    Raises RuleBroken for somebody who had part in the review (on appeal: or in an earlier decision) or belongs to the
    operator, and for an award when the scheme is closed or the body may not certify under it today; Incomplete without
    outcome or reasons, and for an award that findings stop; IllegalMove, StaleRecord.
    """
    reasons = checked_text(reasons, limit=REASONS_LIMIT)
    decided = scope_of(application, scope, scope_cy)
    _check(application, outcome, reasons, decided, by)
    on_appeal = application.status == Status.APPEALED
    review = application.concluded_review()
    narrowed = decided != Scope(application.scope, application.scope_cy) and outcome == Outcome.AWARD
    decision = Decision.objects.create(
        application=application,
        outcome=outcome,
        reasons=reasons,
        recommended=review.recommendation if review else "",
        scope=decided.english if narrowed else "",
        scope_cy=decided.welsh if narrowed else "",
        by=by,
        on_appeal=on_appeal,
    )
    after = {"outcome": outcome, "reasons": reasons, "recommended": decision.recommended, "on_appeal": on_appeal}
    trail.record("decided", decision, by=by, after=after | ({"scope": decision.scope} if narrowed else {}))
    if outcome == Outcome.AWARD:
        application.move_to(Status.AWARDED, by=by, note=reasons)
        _award(application, decision, by)
    elif outcome == Outcome.DECLINE:
        application.move_to(Status.DECLINED, by=by, note=reasons)
        _decline(application, decision)
    else:
        step = review.step if review else StepReview.Step.DESKTOP
        application.move_to(BACK_TO[StepReview.Step(step)], by=by, note=reasons, note_in_trail=False)
        _send_back(application, step, reasons)
    return decision


@transaction.atomic
def check_award(
    *, application: Application, outcome: str, reasons: str, by: User, scope: str = "", scope_cy: str = ""
) -> None:
    """Raises what `decide` would raise about an award, and does nothing else."""
    reasons = checked_text(reasons, limit=REASONS_LIMIT)
    _check(application, outcome, reasons, scope_of(application, scope, scope_cy), by)
    require_may_certify(application.scheme, application.body)


def _check(application: Application, outcome: str, reasons: str, scope: Scope, by: User) -> None:
    require_status(application, Status.RECOMMENDED, Status.APPEALED, wanted=Status.AWARDED)
    if missing := _missing(application, outcome, reasons, scope, on_appeal=application.status == Status.APPEALED):
        raise Incomplete(missing)
    require_without_part(application, by)
    if outcome == Outcome.AWARD and (review := application.concluded_review()):
        require_impartial_review(application, review.assignment.auditor)


def scope_of(application: Application, scope: str, scope_cy: str = "") -> Scope:
    """The scope as it would be printed: what is given, else what was applied for. Raises RuleBroken for unfit text."""
    english = checked_text(scope, limit=SCOPE_LIMIT) or application.scope
    welsh = checked_text(scope_cy, limit=SCOPE_LIMIT)
    if english == application.scope:
        return Scope(english, welsh or application.scope_cy)
    return Scope(english, welsh)


def _missing(
    application: Application, outcome: str, reasons: str, scope: Scope, *, on_appeal: bool
) -> list[Problem | Text]:
    outcomes = [Outcome.AWARD, Outcome.DECLINE] if on_appeal else Outcome.values
    missing: list[Problem | Text] = []
    if outcome not in outcomes:
        missing.append(_("Choose a decision."))
    if not reasons:
        missing.append(_("Write the reasons for the decision."))
    if outcome == Outcome.AWARD:
        if application.is_bilingual and not scope.welsh:
            missing.append(_("Write the scope in Welsh as well: the certificate is in English and Welsh."))
        if application.scheme.months_of(application.aim) is None:
            missing.append(WITHOUT_END)
        missing += findings.blockers(application)
    return missing


def require_without_part(application: Application, person: User) -> None:
    """Raises RuleBroken for an auditor of the application, for somebody who belongs to the operator, and on appeal for
    whoever decided about it before. At most three queries.
    """
    if application.assignments.filter(auditor=person).exists():
        raise RuleBroken(_("Whoever was an auditor of this application must not decide about it."))
    if application.status == Status.APPEALED and application.decisions.filter(by=person).exists():
        raise RuleBroken(_("Whoever decided about this application must not decide about the appeal."))
    require_impartial(application, person)


# --- award ---


def _award(application: Application, decision: Decision, by: User) -> None:
    require_may_certify(application.scheme, application.body)
    certificate = _issue(application, decision, by)
    plans.plan_next(certificate, by=by)
    end_grants(application)
    body = format_lazy(
        gettext_lazy("Its document is being printed and will appear on its page. Application: {reference}"),
        reference=application.reference,
    )
    if decision.scope:
        body = format_lazy(
            gettext_lazy(
                "{body}\n\nIts scope differs from the one that was applied for:\n\n{scope}\n\nThe certification body's "
                "reasons:\n\n{reasons}"
            ),
            body=body,
            scope=decision.scope,
            reasons=decision.reasons,
        )
    tell_operator(
        application,
        subject=format_lazy(
            gettext_lazy("A certificate was awarded: {certificate}"), certificate=certificate.reference
        ),
        body=body,
    )
    _tell_auditor_outcome(application, gettext_lazy("A certificate was awarded."))


def _issue(application: Application, decision: Decision, by: User) -> Certificate:
    """A first certificate, or the renewal of the one that it names: that one is replaced from today."""
    is_narrowed = bool(decision.scope or decision.scope_cy)
    scope, scope_cy = (decision.scope, decision.scope_cy) if is_narrowed else (None, None)
    before = newest_of(application.renews) if application.renews else None
    if before is None or before.status == Certificate.Status.WITHDRAWN:
        return issue_certificate(application=application, by=by, scope=scope, scope_cy=scope_cy)
    if before.status == Certificate.Status.SUSPENDED:
        raise RuleBroken(_("The certificate to be renewed is suspended. Reinstate or withdraw it first."))
    certificate = issue_successor(
        certificate=before,
        origin=Certificate.Origin.RENEWAL,
        application=application,
        systems=list(application.systems.all()),
        dates="new",
        by=by,
        scope=scope,
        scope_cy=scope_cy,
    )
    plans.cancel_plan(before, by=by, note=_("The certificate was renewed."))
    move_what_is_open(before, certificate, by=by)
    return certificate


def newest_of(certificate: Certificate) -> Certificate:
    """The certificate that stands in its place today. One query for each one between."""
    while certificate.status == Certificate.Status.REPLACED:
        successor = certificate.successors.order_by("-pk").first()
        if successor is None:
            break
        certificate = successor
    return certificate


# --- decline ---


def _decline(application: Application, decision: Decision) -> None:
    end_grants(application)
    subject = gettext_lazy("No certificate was awarded: {reference}")
    if decision.on_appeal:
        subject = gettext_lazy("The appeal was decided, no certificate is awarded: {reference}")
    tell_operator(
        application,
        subject=format_lazy(subject, reference=application.reference),
        body=format_lazy(gettext_lazy("The certification body's reasons:\n\n{reasons}"), reasons=decision.reasons),
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


# --- back to the auditor ---


def _send_back(application: Application, step: str, reasons: str) -> None:
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
    review = reviews.open_review(application, step, assignment, by=None)
    if before is not None and before.assignment_id == assignment.pk:
        carry_verdicts(before, review)
    tell_auditor(application, assignment.auditor, subject=subject, body=body)


def carry_verdicts(before: StepReview, review: StepReview) -> None:
    """The verdicts of a review that came back, each to be looked at again. Two queries."""
    Verdict.objects.bulk_create(
        Verdict(review=review, criterion_id=v.criterion_id, grade=v.grade, note=v.note, by_id=v.by_id, at=v.at)
        for v in before.verdicts.all()
    )

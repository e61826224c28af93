"""Surveillance reviews: the holder says what changed, an auditor looks at the desk, a decision maker decides.

The review itself is a `StepReview` of the step "watch" on the application of the certificate: verdicts, findings and
clarifications are those of `services.reviews`. What it wants closed besides, and what follows it, is plugged in here.
"""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import (
    Application,
    AuditorAssignment,
    Certificate,
    CertificateEvent,
    StepReview,
    SurveillanceReview,
)
from certification.services import intake, life, plans, reviews
from certification.services.decisions import carry_verdicts
from certification.services.events import add_event
from certification.services.grants import end_grants
from certification.services.holding import require_text
from certification.services.impartiality import require_impartial_review
from certification.services.news import tell_auditor, tell_body, tell_holder
from certification.services.schemes import require_may_certify
from certification.signals import certificate_changed
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

Status = SurveillanceReview.Status
Outcome = StepReview.Recommendation
BACK = "back"
CHANGES_LIMIT = 4000
DECIDES = {Outcome.CONTINUE.value, Outcome.SUSPEND.value, Outcome.WITHDRAW.value, BACK}


def hold_review(surveillance: SurveillanceReview) -> None:
    """Keep everybody else from changing it and its certificate until the transaction ends, and read both afresh. Two
    queries. Raises StaleRecord where another certificate took that one's place meanwhile: the review is that one's now.
    """
    certificate = surveillance.certificate
    life.hold_certificate(certificate)  # first, as whoever replaces it does
    held = SurveillanceReview.objects.select_for_update(no_key=True)
    fields = ["status", "review", "certificate", "changes_declared", "declared_at"]
    surveillance.refresh_from_db(fields=fields, from_queryset=held)
    if surveillance.certificate_id != certificate.pk:
        raise StaleRecord(surveillance)
    surveillance.certificate = certificate


def application_of(surveillance: SurveillanceReview) -> Application:
    """The matter on which it is worked. Raises RuleBroken for a certificate that was only recorded."""
    application = surveillance.certificate.application
    if application is None:
        raise RuleBroken(_("A certificate that was recorded for the history has no surveillance reviews."))
    return application


def assignment_of(surveillance: SurveillanceReview) -> AuditorAssignment | None:
    """The auditor who is on it now: assigned since it was planned. Reads `assignments` where they are loaded."""
    application = surveillance.certificate.application
    if application is None:
        return None
    since = surveillance.created_at
    return next((a for a in application.assignments.all() if a.ended_at is None and a.assigned_at >= since), None)


@transaction.atomic
def declare_changes(*, surveillance: SurveillanceReview, changes: str, by: User) -> None:
    """What the holder says has changed; it can be said anew until the review is concluded. Raises Incomplete,
    IllegalMove.
    """
    changes = require_text(
        checked_text(changes, limit=CHANGES_LIMIT), _("Write what has changed, or “None” if nothing has.")
    )
    hold_review(surveillance)
    if surveillance.status not in (Status.PLANNED, Status.UNDER_REVIEW):
        raise IllegalMove(surveillance, Status.UNDER_REVIEW)
    before = {"changes": surveillance.changes_declared} if surveillance.declared_at else {}
    surveillance.changes_declared, surveillance.declared_by, surveillance.declared_at = changes, by, timezone.now()
    surveillance.save(update_fields=["changes_declared", "declared_by", "declared_at"])
    trail.record("declared", surveillance, by=by, before=before, after={"changes": changes})
    application = application_of(surveillance)
    tell_body(
        application,
        Role.BODY_MANAGER,
        subject=format_lazy(
            gettext_lazy("The holder said what has changed: {certificate}"),
            certificate=surveillance.certificate.reference,
        ),
        body=changes,
    )


@transaction.atomic
def assign(
    *,
    surveillance: SurveillanceReview,
    auditor: User,
    by: User,
    due_on: dt.date | None = None,
    reason_despite: str = "",
) -> AuditorAssignment:
    """Put an auditor on it, by the same rules as on an application; the auditor declares next. Raises as
    `intake.assign_auditor` does.
    """
    hold_review(surveillance)
    if surveillance.status not in (Status.PLANNED, Status.UNDER_REVIEW):
        raise IllegalMove(surveillance, Status.UNDER_REVIEW)
    require_may_certify(surveillance.certificate.scheme, surveillance.certificate.body)
    application = application_of(surveillance)
    if assignment_of(surveillance) is None:
        intake.end_finished(application)
    return intake.assign_auditor(
        application=application, auditor=auditor, by=by, due_on=due_on, reason_despite=reason_despite
    )


@transaction.atomic
def begin(*, surveillance: SurveillanceReview, by: User) -> StepReview:
    """The assigned auditor, who declared, opens the review. Again after another auditor took over.

    Raises RuleBroken, IllegalMove, StaleRecord.
    """
    hold_review(surveillance)
    application = application_of(surveillance)
    if not can_begin(surveillance):
        raise IllegalMove(surveillance, Status.UNDER_REVIEW)
    if assignment_of(surveillance) is None:
        raise RuleBroken(_("Nobody is assigned to this surveillance review yet."))
    review = reviews.begin(application=application, step=StepReview.Step.SURVEILLANCE, by=by)
    SurveillanceReview.objects.filter(pk=surveillance.pk).update(review=review)
    surveillance.review = review
    if surveillance.status == Status.PLANNED:
        surveillance.move_to(Status.UNDER_REVIEW, by=by)
    return review


def can_begin(surveillance: SurveillanceReview) -> bool:
    """Whether it is planned, or the review was closed because another auditor was assigned."""
    review = surveillance.review
    ended_without = review is None or (review.concluded_at is not None and not review.recommendation)
    return surveillance.status == Status.PLANNED or (surveillance.status == Status.UNDER_REVIEW and ended_without)


# --- what the desk asks ---


@reviews.open_points_of(StepReview.Step.SURVEILLANCE)
def open_points(review: StepReview) -> list[Problem]:
    """What keeps a surveillance review from being concluded besides the desk's own: no declaration of the holder, and
    places of the mark that were not checked in it. Two queries.
    """
    surveillance = SurveillanceReview.objects.select_related("certificate__body").filter(review=review).first()
    if surveillance is None:
        return []
    certificate = surveillance.certificate
    url = reverse(
        "certification:surveillance", args=[certificate.body.slug, certificate.reference, surveillance.number]
    )
    problems = []
    if surveillance.declared_at is None:
        problems.append(Problem(_("The holder has not said what has changed."), url))
    places = certificate.mark_places.filter(removed_on__isnull=True).exclude(checked_in=review)
    problems += [
        Problem(_("Not checked whether the mark is shown rightly: %(where)s") % {"where": place.where}, f"{url}#marks")
        for place in places
    ]
    return problems


@reviews.after_conclusion_of(StepReview.Step.SURVEILLANCE)
def hand_over(review: StepReview, by: User) -> None:
    """With the conclusion the matter goes to a decision maker."""
    surveillance = SurveillanceReview.objects.select_related("certificate").get(review=review)
    surveillance.move_to(Status.REVIEWED, by=by)
    tell_body(
        review.application,
        Role.DECISION_MAKER,
        subject=format_lazy(
            gettext_lazy("A decision is needed after a surveillance review: {certificate}"),
            certificate=surveillance.certificate.reference,
        ),
        body=format_lazy(
            gettext_lazy("The auditor's review is concluded. Holder: {operator}"),
            operator=review.application.operator.name,
        ),
        without=[by],
    )


# --- the decision ---


@transaction.atomic
def decide(*, surveillance: SurveillanceReview, outcome: str, reasons: str, by: User) -> None:
    """Continue, suspend or withdraw the certificate, or send the review back to the auditor.

    The next review is planned from the day on which this one was due. Raises Incomplete; RuleBroken for somebody with
    part in the review, and for a certificate that cannot continue because it is suspended; IllegalMove, StaleRecord.
    """
    reasons = checked_text(reasons, limit=life.REASON_LIMIT)
    missing = []
    if outcome not in DECIDES:
        missing.append(_("Choose a decision."))
    if not reasons:
        missing.append(_("Write the reasons for the decision."))
    if missing:
        raise Incomplete(missing)
    hold_review(surveillance)
    certificate = surveillance.certificate
    if surveillance.status != Status.REVIEWED:
        raise IllegalMove(surveillance, Status.DECIDED)
    life.require_without_part(certificate, by)
    if outcome == Outcome.CONTINUE and certificate.status == Certificate.Status.SUSPENDED:
        raise RuleBroken(_("The certificate is suspended. Reinstate it first, or decide otherwise."))
    if outcome == BACK:
        _send_back(surveillance, reasons, by)
        return
    if outcome == Outcome.CONTINUE and surveillance.review is not None:
        require_impartial_review(application_of(surveillance), surveillance.review.assignment.auditor)
    surveillance.move_to(Status.DECIDED, by=by, note=reasons)
    SurveillanceReview.objects.filter(pk=surveillance.pk).update(outcome=outcome)
    end_grants(application_of(surveillance))
    if outcome == Outcome.WITHDRAW:
        life.withdraw_certificate(certificate=certificate, reason=reasons, by=by)
        return
    _plan_further(surveillance, by)
    if outcome == Outcome.SUSPEND:
        if certificate.status != Certificate.Status.SUSPENDED:
            life.suspend(certificate=certificate, reason=reasons, by=by)
        return
    _continue(surveillance, reasons, by)


def _plan_further(surveillance: SurveillanceReview, by: User) -> None:
    """The day of the next review, a period after the day on which this one was due, and its plan."""
    certificate = surveillance.certificate
    months = certificate.scheme.surveillance_months
    following = add_months(surveillance.due_on, months) if months else None
    if following is not None and following <= today():
        following = add_months(today(), months or 0)
    if following is not None and certificate.valid_until is not None and following >= certificate.valid_until:
        following = None  # the certificate ends before: a renewal is its next review
    certificate.next_review_on = following
    certificate.save(update_fields=["next_review_on"])
    plans.plan_next(certificate, by=by)


def _continue(surveillance: SurveillanceReview, reasons: str, by: User) -> None:
    certificate = surveillance.certificate
    following = certificate.next_review_on.isoformat() if certificate.next_review_on else None
    data = {"review": surveillance.number, "next_review_on": following}
    add_event(certificate, CertificateEvent.Kind.CONTINUED, by=by, reason=reasons, data=data)
    trail.record("continued", certificate, by=by, after={**data, "reasons": reasons})
    certificate_changed.send(sender=Certificate, certificate=certificate)
    tell_holder(
        certificate,
        subject=format_lazy(
            gettext_lazy("A certificate continues after its surveillance review: {certificate}"),
            certificate=certificate.reference,
        ),
        body=format_lazy(gettext_lazy("The certification body's reasons:\n\n{reasons}"), reasons=reasons),
    )


def _send_back(surveillance: SurveillanceReview, reasons: str, by: User) -> None:
    """The same auditor looks again and finds the earlier verdicts. Raises RuleBroken when nobody is on it any more."""
    assignment, before = assignment_of(surveillance), surveillance.review
    if assignment is None or not assignment.is_cleared or before is None:
        raise RuleBroken(_("No auditor is on this review any more: decide, or have the manager assign one first."))
    application = application_of(surveillance)
    surveillance.move_to(Status.UNDER_REVIEW, by=by, note=reasons, note_in_trail=False)
    review = reviews.open_review(application, StepReview.Step.SURVEILLANCE, assignment, by=None)
    carry_verdicts(before, review)
    surveillance.review = review
    SurveillanceReview.objects.filter(pk=surveillance.pk).update(review=review)
    surveillance.certificate.mark_places.filter(checked_in=before).update(checked_in=review)
    tell_auditor(
        application,
        assignment.auditor,
        subject=format_lazy(
            gettext_lazy("A surveillance review came back from decision: {certificate}"),
            certificate=surveillance.certificate.reference,
        ),
        body=format_lazy(gettext_lazy("The decision maker's reasons:\n\n{reasons}"), reasons=reasons),
    )

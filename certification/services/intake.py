"""The body's acts before the review: return or accept, assign an auditor; the auditor's declaration of interests."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, AuditorAssignment, StepReview, SurveillanceReview
from certification.services.grants import end_grants, give_grant
from certification.services.holding import hold, require_status, require_text
from certification.services.impartiality import require_impartial
from certification.services.news import tell_auditor, tell_body, tell_operator
from certification.services.reviews import open_review
from certification.services.visit_holding import take_over
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import RuleBroken, StaleRecord

Status = Application.Status
REASON_LIMIT = 2000
DECLARATION_LIMIT = 2000
STEP1 = (Status.STEP1_REVIEW, Status.STEP1_FINDINGS)
STEP2 = (Status.STEP2_SCHEDULED, Status.STEP2_AUDIT, Status.STEP2_FINDINGS)
AT_WORK = (Status.ACCEPTED, *STEP1, Status.STEP1_PASSED, *STEP2)  # an auditor can be assigned


@transaction.atomic
def return_application(*, application: Application, reason: str, by: User) -> None:
    """Send it back for good: whoever applies again makes a new one. Raises Incomplete without a reason, IllegalMove."""
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why the application is returned."))
    hold(application)
    application.move_to(Status.RETURNED, by=by, note=reason)
    tell_operator(
        application,
        subject=format_lazy(gettext_lazy("An application was returned: {reference}"), reference=application.reference),
        body=format_lazy(gettext_lazy("The certification body's reason:\n\n{reason}"), reason=reason),
    )


@transaction.atomic
def accept(*, application: Application, by: User) -> None:
    """Take it on. Raises RuleBroken when the body may not certify under the scheme now, IllegalMove, StaleRecord."""
    require_status(application, Status.SUBMITTED, wanted=Status.ACCEPTED)
    require_current_body(application)
    application.move_to(Status.ACCEPTED, by=by)
    tell_operator(
        application,
        subject=format_lazy(gettext_lazy("An application was accepted: {reference}"), reference=application.reference),
        body=gettext_lazy("The certification body assigns an auditor next."),
    )


def require_current_body(application: Application) -> None:
    """Raises RuleBroken unless the scheme is open and the body may certify under it today. One query."""
    if application.scheme.is_closed():
        raise RuleBroken(_("The scheme is closed: nothing can be certified under it."))
    if not application.scheme.bodies.current().filter(body=application.body_id).exists():
        raise RuleBroken(_("The certification body may not certify under this scheme today."))


@transaction.atomic
def assign_auditor(
    *, application: Application, auditor: User, by: User, due_on: dt.date | None = None
) -> AuditorAssignment:
    """Put an auditor of the body on it, in place of the one before, whose grant and unfinished review end. `due_on` is
    the day by which the manager wants the review.

    Raises RuleBroken for somebody who is no auditor there or not impartial (`impartiality.stops_of`), IllegalMove.
    """
    require_status(application, *stages_of_work(application), wanted=Status.STEP1_REVIEW)
    if not holders(Role.AUDITOR, application.body).filter(pk=auditor.pk).exists():
        raise RuleBroken(_("Only an auditor of the certification body can be assigned."))
    require_impartial(application, auditor)
    require_due_day(due_on)
    before = application.open_assignment()
    if before is not None and before.auditor_id == auditor.pk:
        raise RuleBroken(_("This auditor is assigned already."))
    if before is not None:
        _replace(application, before, by)
    assignment = AuditorAssignment.objects.create(
        application=application, auditor=auditor, assigned_by=by, due_on=due_on
    )
    after = {"auditor": auditor.reference, "due_on": str(due_on or "")}
    trail.record("assigned", assignment, by=by, after=after)
    tell_auditor(
        application,
        auditor,
        subject=format_lazy(
            gettext_lazy("You are assigned to an application: {reference}"), reference=application.reference
        ),
        body=format_lazy(
            gettext_lazy("Declare first whether you have a conflict of interest. Applicant: {operator}"),
            operator=application.operator.name,
        ),
    )
    return assignment


def stages_of_work(application: Application) -> tuple[str, ...]:
    """Where an auditor can be assigned: once awarded, while a surveillance review is planned or under review. At most
    one query.
    """
    if application.status != Status.AWARDED:
        return AT_WORK
    open_ones = (SurveillanceReview.Status.PLANNED, SurveillanceReview.Status.UNDER_REVIEW)
    watched = SurveillanceReview.objects.filter(certificate__application=application, status__in=open_ones)
    return (*AT_WORK, Status.AWARDED) if watched.exists() else AT_WORK


def end_finished(application: Application) -> None:
    """End the assignment whose work is done, so that another, or the same auditor anew, can be assigned."""
    application.assignments.filter(ended_at__isnull=True).update(ended_at=timezone.now())


def require_due_day(due_on: dt.date | None) -> None:
    """Raises RuleBroken for a day that is past."""
    if due_on is not None and due_on < today():
        raise RuleBroken(_("A review can be due on a day from today on."))


def _replace(application: Application, before: AuditorAssignment, by: User) -> None:
    AuditorAssignment.objects.filter(pk=before.pk).update(ended_at=timezone.now())
    end_grants(application)
    StepReview.objects.filter(application=application, concluded_at__isnull=True).update(
        concluded_at=timezone.now(), conclusion=_("Ended without a conclusion: another auditor was assigned.")
    )
    trail.record("unassigned", before, by=by, before={"auditor": before.auditor.reference})
    tell_auditor(
        application,
        before.auditor,
        subject=format_lazy(gettext_lazy("Another auditor was assigned: {reference}"), reference=application.reference),
        body=gettext_lazy("Your work on this application has ended."),
    )


@transaction.atomic
def declare(*, application: Application, has_conflict: bool, declaration: str, by: User) -> None:
    """The assigned auditor's word on conflicts of interest, once. Without one the review may begin; with one the
    assignment ends and the manager is told. What is declared must be said. Raises Incomplete, RuleBroken, IllegalMove,
    StaleRecord.
    """
    declaration = checked_text(declaration, limit=DECLARATION_LIMIT)
    if has_conflict:
        require_text(declaration, _("Say what the conflict of interest is."))
    require_status(application, *stages_of_work(application), wanted=Status.STEP1_REVIEW)
    assignment = application.open_assignment()
    if assignment is None or assignment.auditor_id != by.pk:
        raise RuleBroken(_("Only the assigned auditor declares."))
    require_undeclared(assignment)
    now = timezone.now()
    undeclared = AuditorAssignment.objects.filter(pk=assignment.pk, declared_at__isnull=True, ended_at__isnull=True)
    if not undeclared.update(
        declared_at=now, has_conflict=has_conflict, declaration=declaration, ended_at=now if has_conflict else None
    ):
        raise StaleRecord(assignment)
    trail.record("declared", assignment, by=by, after={"conflict": has_conflict}, personal={"declaration": declaration})
    if has_conflict:
        _tell_conflict(application, declaration)
        return
    require_impartial(application, by)
    give_grant(application, by)
    # In place of an auditor whose review had begun
    if application.status in STEP1:
        open_review(application, StepReview.Step.DESKTOP, assignment, by=by)
    elif application.status in STEP2:
        open_review(application, StepReview.Step.ON_SITE, assignment, by=by)
    take_over(application, assignment, by=by)


def require_undeclared(assignment: AuditorAssignment | None) -> None:
    """Each assignment takes one declaration. Raises RuleBroken where it was given."""
    if assignment is not None and assignment.declared_at is not None:
        raise RuleBroken(_("You have declared already."))


def _tell_conflict(application: Application, declaration: str) -> None:
    tell_body(
        application,
        Role.BODY_MANAGER,
        subject=format_lazy(
            gettext_lazy("A conflict of interest was declared: {reference}"), reference=application.reference
        ),
        body=format_lazy(gettext_lazy("Assign another auditor. What was declared:\n\n{text}"), text=declaration),
    )

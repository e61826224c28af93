"""The body's acts before the review: return or accept, assign an auditor; the auditor's declaration of interests."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import Application, AuditorAssignment, Interest, StepReview, SurveillanceReview
from certification.services.fitness import require_fit, why_needed
from certification.services.grants import end_grants, give_grant
from certification.services.holding import hold, require_status, require_text
from certification.services.news import tell_auditor, tell_body, tell_operator
from certification.services.reviews import open_review
from certification.services.schemes import require_may_certify
from certification.services.visit_holding import take_over
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord, Text

Status = Application.Status
REASON_LIMIT = 2000
DECLARATION_LIMIT = 1000
DECLARED: Mapping[str, Text] = {
    Interest.Kind.ADVISED: gettext_lazy("Advice to the applicant"),
    Interest.Kind.WORKED: gettext_lazy("Work for the applicant"),
    Interest.Kind.OTHER: gettext_lazy("Another interest"),
}
NOT_SAID: Mapping[str, Text] = {
    Interest.Kind.ADVISED: gettext_lazy("Say what the advice was, and until when."),
    Interest.Kind.WORKED: gettext_lazy("Say what the work was, and until when."),
    Interest.Kind.OTHER: gettext_lazy("Say what the other interest is."),
}
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
    require_may_certify(application.scheme, application.body)
    application.move_to(Status.ACCEPTED, by=by)
    tell_operator(
        application,
        subject=format_lazy(gettext_lazy("An application was accepted: {reference}"), reference=application.reference),
        body=gettext_lazy("The certification body assigns an auditor next."),
    )


@transaction.atomic
def assign_auditor(
    *, application: Application, auditor: User, by: User, due_on: dt.date | None = None, reason_despite: str = ""
) -> AuditorAssignment:
    """Put an auditor of the body on it, in place of the one before, whose grant and unfinished review end. `due_on` is
    the day by which the manager wants the review. What was warned of is kept with the assignment, and the reason.

    Raises RuleBroken for somebody who is no auditor there or does not fit (`fitness.fitness_of`), Incomplete where a
    warning needs a reason and there is none, IllegalMove.
    """
    reason_despite = checked_text(reason_despite, limit=REASON_LIMIT)
    require_status(application, *stages_of_work(application), wanted=Status.STEP1_REVIEW)
    if not holders(Role.AUDITOR, application.body).filter(pk=auditor.pk).exists():
        raise RuleBroken(_("Only an auditor of the certification body can be assigned."))
    fitness = require_fit(application, auditor)
    if fitness.needs_reason and not reason_despite:
        raise Incomplete([Problem(why_needed(), "#id_reason_despite")])
    require_due_day(due_on)
    before = application.open_assignment()
    if before is not None and before.auditor_id == auditor.pk:
        raise RuleBroken(_("This auditor is assigned already."))
    if before is not None:
        _replace(application, before, by)
    warnings = [{"code": warning.code, "sentence": str(warning.sentence)} for warning in fitness.warnings]
    assignment = AuditorAssignment.objects.create(
        application=application,
        auditor=auditor,
        assigned_by=by,
        due_on=due_on,
        warnings=warnings,
        reason_despite=reason_despite if fitness.needs_reason else "",
    )
    _record_assigned(assignment, by)
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


def _record_assigned(assignment: AuditorAssignment, by: User) -> None:
    """In the trail; what is about the person stands where it can be erased."""
    after = {"auditor": assignment.auditor.reference, "due_on": str(assignment.due_on or "")}
    personal = {}
    if assignment.warnings:
        after["warnings"] = ", ".join(warning["code"] for warning in assignment.warnings)
        sentences = "\n".join(warning["sentence"] for warning in assignment.warnings)
        personal = {"warnings": sentences, "reason": assignment.reason_despite}
    trail.record("assigned", assignment, by=by, after=after, personal=personal)


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
def declare(*, application: Application, interests: Mapping[str, str], by: User, note: str = "") -> None:
    """The assigned auditor's word, item by item, once for each assignment. `interests` are those that there are, by
    `Interest.Kind`, each with what it is; a kind that is not in it is declared not to be. Without any the review may
    begin; with one the assignment ends and the manager is told.

    Raises Incomplete where one is not said, RuleBroken, IllegalMove, StaleRecord.
    """
    note = checked_text(note, limit=DECLARATION_LIMIT)
    declared = _checked(interests)
    require_status(application, *stages_of_work(application), wanted=Status.STEP1_REVIEW)
    assignment = application.open_assignment()
    if assignment is None or assignment.auditor_id != by.pk:
        raise RuleBroken(_("Only the assigned auditor declares."))
    require_undeclared(assignment)
    has_conflict, now = bool(declared), timezone.now()
    undeclared = AuditorAssignment.objects.filter(pk=assignment.pk, declared_at__isnull=True, ended_at__isnull=True)
    if not undeclared.update(
        declared_at=now,
        has_conflict=has_conflict,
        has_advised=Interest.Kind.ADVISED in declared,
        has_worked_for=Interest.Kind.WORKED in declared,
        has_other_interest=Interest.Kind.OTHER in declared,
        interests_declared=declared,
        declaration=note,
        ended_at=now if has_conflict else None,
    ):
        raise StaleRecord(assignment)
    words = declaration_words(declared, note)
    trail.record("declared", assignment, by=by, after={"conflict": has_conflict}, personal={"declaration": words})
    if has_conflict:
        _tell_conflict(application, words)
        return
    require_fit(application, by)
    give_grant(application, by)
    # In place of an auditor whose review had begun
    if application.status in STEP1:
        open_review(application, StepReview.Step.DESKTOP, assignment, by=by)
    elif application.status in STEP2:
        open_review(application, StepReview.Step.ON_SITE, assignment, by=by)
    take_over(application, assignment, by=by)


def _checked(interests: Mapping[str, str]) -> dict[str, str]:
    """By kind in the order of the form. Raises Incomplete with every kind that is not said."""
    said = {
        kind.value: checked_text(interests[kind], limit=DECLARATION_LIMIT)
        for kind in Interest.Kind
        if kind in interests
    }
    missing = [Problem(NOT_SAID[kind], f"#id_{kind}_text") for kind, text in said.items() if not text]
    if missing:
        raise Incomplete(missing)
    return said


def declaration_words(declared: Mapping[str, str], note: str) -> str:
    """A declaration as one text."""
    lines = [f"{DECLARED[kind]}: {text}" for kind, text in declared.items()]
    return "\n\n".join(filter(None, [*lines, note]))


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
        body=format_lazy(
            gettext_lazy(
                "Assign another auditor. What was declared can be recorded under “Impartiality”, so that this auditor "
                "is not offered again.\n\n{text}"
            ),
            text=declaration,
        ),
    )

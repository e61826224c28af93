"""Clarifications: threads between the auditor and the operator. Who is waited for is the status of the thread."""

import datetime as dt
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from accounts.services.notifications import notify
from certification.models import (
    Application,
    Clarification,
    ClarificationMessage,
    Criterion,
    MatterFile,
    StepReview,
)
from certification.services.at_work import require_auditor
from certification.services.holding import hold, next_in, require_text
from certification.services.matter_files import add_files, keeping
from certification.services.verdicts import require_criterion, require_open
from compliance.models import CameraSystem
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Problem, RuleBroken, Text

Status = Clarification.Status
SUBJECT_LIMIT = 150
TEXT_LIMIT = 4000
MOST_FILES = 10
LATEST_DAYS = 366


@transaction.atomic
def ask(
    *,
    review: StepReview,
    subject: str,
    text: str,
    by: User,
    criterion: Criterion | None = None,
    principle: int | None = None,
    question: int | None = None,
    system: CameraSystem | None = None,
    due_on: dt.date | None = None,
) -> Clarification:
    """Open a thread about a criterion, or about a principle and perhaps one question of the submission. The same words
    of the same person again are one thread while they wait for an answer (a double click).

    Raises Incomplete, RuleBroken for a criterion or a system of others, IllegalMove where the review is not open.
    """
    subject = require_text(checked_text(subject, limit=SUBJECT_LIMIT), _("Say in a few words what it is about."))
    text = require_text(checked_text(text, limit=TEXT_LIMIT), _("Write what you want to know."))
    _require_day(due_on)
    require_open(review)
    application = review.application
    if criterion is not None:
        require_criterion(review, criterion)
        principle = criterion.principle
    if principle is None or principle not in range(1, 13):
        raise RuleBroken(_("A clarification is about one of the twelve principles."))
    if system is not None and not application.systems.filter(pk=system.pk).exists():
        raise RuleBroken(_("This system is not part of the application."))
    same = review.clarifications.filter(criterion=criterion, principle=principle, question=question, system=system)
    same = same.filter(subject=subject, opened_by=by, messages__text=text, status=Status.WAITS_FOR_OPERATOR)
    if again := same.first():
        return again  # the button was pressed twice
    thread = Clarification.objects.create(
        application=application,
        review=review,
        number=next_in(application.clarifications.all()),
        criterion=criterion,
        principle=principle,
        question=question,
        system=system,
        subject=subject,
        due_on=due_on,
        opened_by=by,
    )
    ClarificationMessage.objects.create(clarification=thread, text=text, organisation=application.body, by=by)
    trail.record("asked", thread, by=by, after={"subject": subject, "due_on": str(due_on or "")})
    _tell(thread, application.operator, gettext_lazy("The auditor asks for a clarification: {subject}"), text)
    return thread


def reply(
    *,
    clarification: Clarification,
    text: str,
    organisation: Organisation,
    by: User,
    uploads: Sequence[UploadedFile] = (),
) -> ClarificationMessage:
    """Write into an open thread for one side; then the other side is waited for. A second message of the same side
    changes nothing in that. The same words of the same person again are one message (a double click).

    Raises Incomplete without words, RuleBroken for files that the portal does not hold, IllegalMove when it is closed.
    """
    text = require_text(checked_text(text, limit=TEXT_LIMIT), _("Write your message."))
    if len(uploads) > MOST_FILES:
        raise RuleBroken(_("At most %(number)d files go with one message.") % {"number": MOST_FILES})
    with keeping() as files:
        application = clarification.application
        is_operator = organisation.pk == application.operator_id
        waited_for = Status.WAITS_FOR_AUDITOR if is_operator else Status.WAITS_FOR_OPERATOR
        _hold(clarification)
        if clarification.status not in Clarification.OPEN:
            raise IllegalMove(clarification, waited_for)
        if not is_operator:
            require_auditor(application, by)
        last = clarification.messages.order_by("-pk").first()
        if last is not None and not uploads and (last.by_id, last.text) == (by.pk, text):
            return last
        kept = add_files(
            application=application,
            purpose=MatterFile.Purpose.CLARIFICATION,
            uploads=uploads,
            organisation=organisation,
            by=by,
        )
        files.extend(kept)
        message = ClarificationMessage.objects.create(
            clarification=clarification, text=text, organisation=organisation, by=by
        )
        message.files.set(files)
        trail.record("replied", clarification, by=by, after={"files": [file.sha256 for file in files]})
        if clarification.status != waited_for:
            clarification.move_to(waited_for, by=by)
        subject = gettext_lazy("A message in a clarification: {subject}")
        if is_operator:
            _tell_auditor(clarification, subject, text)
        else:
            _tell(clarification, application.operator, subject, text)
        return message


@transaction.atomic
def close(*, clarification: Clarification, by: User) -> None:
    """The auditor's word that it is clear. Raises IllegalMove when it is closed or no review is open, StaleRecord."""
    _hold(clarification)
    require_auditor(clarification.application, by)
    clarification.move_to(Status.CLOSED, by=by)
    _tell(clarification, clarification.application.operator, gettext_lazy("A clarification is closed: {subject}"), "")


@transaction.atomic
def reopen(*, clarification: Clarification, text: str, by: User, due_on: dt.date | None = None) -> None:
    """Ask on in a thread that was closed. Raises Incomplete without words, IllegalMove unless it is closed."""
    text = require_text(checked_text(text, limit=TEXT_LIMIT), _("Write what you want to know."))
    _require_day(due_on)
    _hold(clarification)
    require_auditor(clarification.application, by)
    if clarification.status != Status.CLOSED:
        raise IllegalMove(clarification, Status.WAITS_FOR_OPERATOR)
    clarification.move_to(Status.WAITS_FOR_OPERATOR, by=by)
    clarification.due_on = due_on
    clarification.save(update_fields=["due_on"])
    application = clarification.application
    ClarificationMessage.objects.create(clarification=clarification, text=text, organisation=application.body, by=by)
    _tell(clarification, application.operator, gettext_lazy("A clarification is open again: {subject}"), text)


def open_points(application: Application) -> list[Problem]:
    """Threads that are not closed, for the conclusion of a review. One query."""
    return [
        Problem(
            _("Clarification %(number)s is open: %(subject)s") % {"number": str(thread), "subject": thread.subject},
            address(application, application.body, thread.number),
        )
        for thread in application.clarifications.filter(status__in=Clarification.OPEN)
    ]


def address(application: Application, organisation: Organisation, number: int) -> str:
    """The page of a thread as seen from one of the parties."""
    return reverse("certification:clarification", args=[organisation.slug, application.reference, number])


def _require_day(due_on: dt.date | None) -> None:
    if due_on is not None and not today() <= due_on <= today() + dt.timedelta(days=LATEST_DAYS):
        raise RuleBroken(_("The answer can be wanted by a day from today on, within a year."))


def _hold(thread: Clarification) -> None:
    """Keep everybody else from writing into it, and read where it stands."""
    hold(thread.application)
    thread.refresh_from_db(fields=["status", "due_on"])


def _tell(thread: Clarification, organisation: Organisation, subject: Text, text: str) -> None:
    notify(
        users=holders(Role.SPOC, organisation),
        subject=format_lazy(subject, subject=thread.subject),
        body=text or thread.subject,
        url=address(thread.application, organisation, thread.number),
    )


def _tell_auditor(thread: Clarification, subject: Text, text: str) -> None:
    application = thread.application
    assignment = application.open_assignment()
    if assignment is not None:
        notify(
            users=[assignment.auditor],
            subject=format_lazy(subject, subject=thread.subject),
            body=text,
            url=address(application, application.body, thread.number),
        )

"""Findings: raised in a class of the scheme, answered by the operator, accepted or rejected with a reason, closed.

The class says what an open finding stops (domain 4.5): one that blocks the award must be closed; one with a deadline
needs at least an accepted plan; one without either only informs.
"""

import datetime as dt
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from accounts.services.notifications import notify
from certification.finding_classes import class_of, classes_of
from certification.models import Application, Criterion, Finding, FindingResponse, MatterFile, StepReview
from certification.services.at_work import require_auditor
from certification.services.holding import hold, next_in, require_text
from certification.services.matter_files import add_files, keeping
from certification.services.verdicts import require_criterion, require_open
from compliance.models import CameraSystem
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, Text

Status = Finding.Status
Stage = Application.Status
TEXT_LIMIT = 4000
SHORT_LIMIT = 2000
MOST_FILES = 10
LATEST_DAYS = 366
ANSWERS_END = (Stage.RETURNED, Stage.WITHDRAWN, Stage.DECLINED)
# The stage at which the operator's responses are waited for, and the one to which they lead back.
WAITS_AT = {Stage.STEP1_REVIEW: Stage.STEP1_FINDINGS, Stage.STEP2_AUDIT: Stage.STEP2_FINDINGS}
BACK_TO = {waits: works for works, waits in WAITS_AT.items()}
ACCEPT_PLAN, ACCEPT_DONE, REJECT = "plan", "done", "reject"


@transaction.atomic
def raise_finding(
    *,
    review: StepReview,
    criterion: Criterion,
    class_key: str,
    text: str,
    by: User,
    evidence: str = "",
    due_on: dt.date | None = None,
    question: int | None = None,
    systems: Sequence[CameraSystem] = (),
) -> Finding:
    """A finding at a criterion. Without a day it is due as its class says. The operator is told. The same words of the
    same person again are one finding while nothing became of it (a double click).

    Raises Incomplete, RuleBroken for a class, criterion or system that is not of the matter or a day out of bounds,
    IllegalMove where the review is not open.
    """
    text = require_text(checked_text(text, limit=TEXT_LIMIT), _("Write what was found."))
    evidence = checked_text(evidence, limit=SHORT_LIMIT)
    require_open(review)
    require_criterion(review, criterion)
    application = review.application
    found_class = next((c for c in classes_of(application.scheme) if c.key == class_key), None)
    if found_class is None:
        raise Incomplete([_("Choose the class of the finding.")])
    due_on = due_on or found_class.due_on()
    _require_day(due_on)
    if application.systems.filter(pk__in=[system.pk for system in systems]).count() != len(systems):
        raise RuleBroken(_("This system is not part of the application."))
    same = review.findings.filter(criterion=criterion, class_key=class_key, text=text, evidence=evidence)
    if again := same.filter(question=question, raised_by=by, status=Status.OPEN, responses__isnull=True).first():
        return again  # the button was pressed twice
    finding = Finding.objects.create(
        application=application,
        review=review,
        number=next_in(application.findings.all()),
        class_key=class_key,
        criterion=criterion,
        question=question,
        text=text,
        evidence=evidence,
        due_on=due_on,
        raised_by=by,
    )
    finding.systems.set(systems)
    trail.record(
        "raised",
        finding,
        by=by,
        after={"class": class_key, "criterion": criterion.key, "text": text, "due_on": str(due_on or "")},
    )
    _tell_operator(finding, gettext_lazy("A finding was raised: {finding}"), text)
    return finding


def _require_day(due_on: dt.date | None) -> None:
    if due_on is not None and not today() <= due_on <= today() + dt.timedelta(days=LATEST_DAYS):
        raise RuleBroken(_("A finding can be due on a day from today on, within a year."))


@transaction.atomic
def send_findings(*, review: StepReview, by: User) -> None:
    """Stop the review until the operator has answered its open findings. Raises RuleBroken where none must be answered,
    IllegalMove unless the review is at work, StaleRecord.
    """
    application = review.application
    require_auditor(application, by)
    waits = WAITS_AT.get(Stage(application.status))
    if waits is None:
        raise IllegalMove(application, Stage.STEP1_FINDINGS)
    if not unanswered(application):
        raise RuleBroken(_("No finding waits for an answer of the operator."))
    application.move_to(waits, by=by)
    notify(
        users=holders(Role.SPOC, application.operator),
        subject=format_lazy(
            gettext_lazy("The review waits for your answers to findings: {reference}"), reference=application.reference
        ),
        body=gettext_lazy("It goes on when each finding has an answer."),
        url=reverse("certification:application_findings", args=[application.operator.slug, application.reference]),
    )


def respond(
    *,
    finding: Finding,
    text: str,
    by: User,
    cause: str = "",
    done_by: dt.date | None = None,
    uploads: Sequence[UploadedFile] = (),
) -> FindingResponse:
    """The operator's answer: why it came about, what was done or is planned until when, with files. A plan that was
    accepted is answered again when it is carried out. When nothing more waits for the operator, the review goes on.

    Raises Incomplete, RuleBroken for files that the portal does not hold, IllegalMove, StaleRecord.
    """
    text = require_text(checked_text(text, limit=TEXT_LIMIT), _("Write what was done, or what is planned."))
    cause = checked_text(cause, limit=SHORT_LIMIT)
    if len(uploads) > MOST_FILES:
        raise RuleBroken(_("At most %(number)d files go with one answer.") % {"number": MOST_FILES})
    with keeping() as files:
        application = finding.application
        _hold(finding)
        if application.status in ANSWERS_END:
            raise IllegalMove(application, Status.ANSWERED)
        finding.move_to(Status.ANSWERED, by=by)
        kept = add_files(
            application=application,
            purpose=MatterFile.Purpose.RESPONSE,
            uploads=uploads,
            organisation=application.operator,
            by=by,
        )
        files.extend(kept)
        response = FindingResponse.objects.create(finding=finding, cause=cause, text=text, done_by=done_by, by=by)
        response.files.set(files)
        after = {"text": text, "done_by": str(done_by or ""), "files": [file.sha256 for file in files]}
        trail.record("answered", response, by=by, after=after)
        _tell_auditor(finding, gettext_lazy("A finding was answered: {finding}"), text)
        _go_on(application, by)
        return response


def add_response_files(*, finding: Finding, uploads: Sequence[UploadedFile], by: User) -> list[MatterFile]:
    """Further files beside the newest answer, until the auditor judges it, all of them or none. Raises RuleBroken,
    IllegalMove.
    """
    with keeping() as files:
        _hold(finding)
        response = finding.responses.order_by("-pk").first()
        if finding.status != Status.ANSWERED or response is None:
            raise IllegalMove(finding, Status.ANSWERED)
        if response.files.count() + len(uploads) > MOST_FILES:
            raise RuleBroken(_("At most %(number)d files go with one answer.") % {"number": MOST_FILES})
        kept = add_files(
            application=finding.application,
            purpose=MatterFile.Purpose.RESPONSE,
            uploads=uploads,
            organisation=finding.application.operator,
            by=by,
        )
        files.extend(kept)
        response.files.add(*kept)
        return kept


@transaction.atomic
def judge_response(*, response: FindingResponse, outcome: str, reason: str, by: User) -> None:
    """The auditor's word on the newest response: `done` closes the finding, `plan` accepts the plan, `reject` asks for
    another answer and needs a reason. Raises Incomplete, IllegalMove, StaleRecord.
    """
    reason = checked_text(reason, limit=SHORT_LIMIT)
    target = {ACCEPT_DONE: Status.CLOSED, ACCEPT_PLAN: Status.PLAN_ACCEPTED, REJECT: Status.OPEN}.get(outcome)
    if target is None:
        raise Incomplete([_("Choose what you make of the answer.")])
    if outcome == REJECT:
        require_text(reason, _("Say why the answer is not enough."))
    finding = response.finding
    _hold(finding)
    require_auditor(finding.application, by)
    newest = finding.responses.order_by("-pk").values_list("pk", flat=True).first()
    if finding.status != Status.ANSWERED or newest != response.pk:
        raise IllegalMove(finding, target)
    response.is_accepted, response.reason = outcome != REJECT, reason
    response.judged_by, response.judged_at = by, timezone.now()
    response.save(update_fields=["is_accepted", "reason", "judged_by", "judged_at"])
    finding.move_to(target, by=by, note=reason)
    subject = {
        ACCEPT_DONE: gettext_lazy("A finding is closed: {finding}"),
        ACCEPT_PLAN: gettext_lazy("Your plan for a finding is accepted: {finding}"),
        REJECT: gettext_lazy("Your answer to a finding is not enough: {finding}"),
    }[outcome]
    _tell_operator(finding, subject, reason or finding.text)


@transaction.atomic
def close(*, finding: Finding, reason: str, by: User) -> None:
    """Close it without, or beside, an answer: what was seen says why. Raises Incomplete, IllegalMove, StaleRecord."""
    reason = require_text(checked_text(reason, limit=SHORT_LIMIT), _("Say what shows that it is put right."))
    _end(finding, Status.CLOSED, reason, by, gettext_lazy("A finding is closed: {finding}"))


@transaction.atomic
def cancel(*, finding: Finding, reason: str, by: User) -> None:
    """It should not have been raised. Raises Incomplete without a reason, IllegalMove, StaleRecord."""
    reason = require_text(checked_text(reason, limit=SHORT_LIMIT), _("Say why the finding is cancelled."))
    _end(finding, Status.CANCELLED, reason, by, gettext_lazy("A finding is cancelled: {finding}"))


def _end(finding: Finding, target: str, reason: str, by: User, subject: Text) -> None:
    _hold(finding)
    require_auditor(finding.application, by)
    finding.move_to(target, by=by, note=reason)
    _tell_operator(finding, subject, reason)
    _go_on(finding.application, by)


def _go_on(application: Application, by: User) -> None:
    """Back to the review once nothing waits for the operator."""
    back = BACK_TO.get(Stage(application.status))
    if back is not None and not unanswered(application):
        application.move_to(back, by=by)


# --- what open findings stop ---


def unanswered(application: Application, loaded: Sequence[Finding] | None = None) -> list[Finding]:
    """Open findings of classes that must be answered. One query unless all findings are given as `loaded`."""
    return [
        finding
        for finding in (application.findings.filter(status=Status.OPEN) if loaded is None else loaded)
        if finding.status == Status.OPEN and class_of(application.scheme, finding.class_key).must_be_answered
    ]


def blockers(application: Application, unsettled: Sequence[Finding] | None = None) -> list[Problem]:
    """What stops a recommendation to award, and an award: findings of a blocking class that are not closed, and others
    that must be answered without an accepted plan. One query unless those not closed are given.
    """
    if unsettled is None:
        unsettled = list(application.findings.exclude(status__in=(Status.CLOSED, Status.CANCELLED)))
    problems = []
    for finding in unsettled:
        found_class = class_of(application.scheme, finding.class_key)
        if found_class.blocks_award:
            sentence = _("%(finding)s must be closed first.")
        elif found_class.must_be_answered and finding.status != Status.PLAN_ACCEPTED:
            sentence = _("%(finding)s needs an accepted plan first.")
        else:
            continue
        named = f"{found_class.name} {finding}"
        problems.append(Problem(sentence % {"finding": named}, address(finding, application.body)))
    return problems


def open_points(application: Application, *, in_favour: bool, loaded: Sequence[Finding] | None = None) -> list[Problem]:
    """For the conclusion of a review: responses without the auditor's word, and for a recommendation in favour whatever
    stops an award. One query unless all findings of the application are among those `loaded`.
    """
    over = (Status.CLOSED, Status.CANCELLED)
    if loaded is None:
        unsettled = list(application.findings.exclude(status__in=over))
    else:
        unsettled = [f for f in loaded if f.application_id == application.pk and f.status not in over]
    points = [
        Problem(
            _("The answer to %(finding)s waits for your word.") % {"finding": finding},
            address(finding, application.body),
        )
        for finding in unsettled
        if finding.status == Status.ANSWERED
    ]
    listed = {point.url for point in points}
    if in_favour:
        points += [problem for problem in blockers(application, unsettled) if problem.url not in listed]
    return points


def address(finding: Finding, organisation: Organisation | None = None) -> str:
    """The page of a finding as seen from one of the parties, by default the certification body."""
    application = finding.application
    slug = (organisation or application.body).slug
    return reverse("certification:finding", args=[slug, application.reference, finding.number])


def _hold(finding: Finding) -> None:
    hold(finding.application)
    finding.refresh_from_db(fields=["status"])


def _tell_operator(finding: Finding, subject: Text, body: str) -> None:
    application = finding.application
    notify(
        users=holders(Role.SPOC, application.operator),
        subject=format_lazy(subject, finding=f"{application.reference} {finding}"),
        body=body,
        url=address(finding, application.operator),
    )


def _tell_auditor(finding: Finding, subject: Text, body: str) -> None:
    application = finding.application
    assignment = application.open_assignment()
    if assignment is not None:
        notify(
            users=[assignment.auditor],
            subject=format_lazy(subject, finding=f"{application.reference} {finding}"),
            body=body,
            url=address(finding),
        )

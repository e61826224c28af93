"""Copying forward: a new self-assessment from an earlier one or from another system's, and reopening a signed one.

What is copied is marked as carried over and does not count until somebody confirms that it still holds. Reopened
answers were signed as they stand and carry no mark (docs/decisions/carrying-forward.md).
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from compliance.edition_changes import Joined, Touch, join
from compliance.models import (
    ActionItem,
    Answer,
    AnswerDisclosure,
    AnswerRevision,
    Assessment,
    CameraSystem,
    CodeEdition,
    EvidenceUse,
    Principle,
    Question,
)
from compliance.models.assessment import Origin
from compliance.services.actions import move_action
from compliance.services.answers import accept_carried
from compliance.services.assessments import RUNNING, SCOPE_LIMIT, hold, require_draft, save_scope, start_assessment
from compliance.services.people import tell_holders
from compliance.services.texts import checked_text
from compliance.states import questions_of
from core import trail
from core.errors import IllegalMove, Incomplete, RuleBroken

Status = Assessment.Status
REASON_LIMIT = 2000
FROM_LENGTH = 160
SIGNED = (Status.SIGNED, Status.SUPERSEDED)
SOURCES = (*SIGNED, *RUNNING)  # what can be copied from; what was given up cannot


@dataclass(frozen=True)
class _Copy:
    """From where to where, which questions go together, and how the copies are marked."""

    source: Assessment
    target: Assessment
    joined: Sequence[Joined]
    mark: str  # what stands in `carried_from` of each copy; '' for what needs no reconfirming
    note: str

    def untouched(self) -> dict[int, Question]:
        """The questions that ask the same as before, by the id of the one before."""
        return {step.before.pk: step.question for step in self.joined if step.before and step.touch == Touch.UNTOUCHED}


@transaction.atomic
def start_from(*, system: CameraSystem, source: Assessment, by: User, edition: CodeEdition | None = None) -> Assessment:
    """A draft for `system` with the answers of `source`, each not yet reconfirmed, on `edition` or the newest one.

    Only answers to questions that ask the same are copied, with the evidence and the decision on publishing that belong
    to them. From an earlier one of the same system, scope and open actions come along. 26 statements, and more for each
    action. Raises RuleBroken for a source of another operator or one that was given up, AlreadyRunning.
    """
    if source.system.operator_id != system.operator_id:
        raise RuleBroken(_("Answers can only be copied within one organisation."))
    if source.status not in SOURCES:
        raise RuleBroken(_("That self-assessment was abandoned. Choose another to copy from."))
    assessment = _begin(system, source, by, edition)
    mark = f"{source.reference}, {source.system.name}"[:FROM_LENGTH]
    _copy(_Copy(source, assessment, joined_between(source.edition, assessment.edition), mark, mark), by)
    return assessment


@transaction.atomic
def reopen(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """A draft with everything that was signed, on the same edition; the signed one stays so until the new one is.

    The senior responsible officer is told, with the reason. Raises Incomplete without one, IllegalMove unless it is
    signed and not superseded, AlreadyRunning.
    """
    reason = checked_text(reason, limit=REASON_LIMIT)
    hold(assessment)
    if assessment.status != Status.SIGNED:
        raise IllegalMove(assessment, Status.DRAFT)
    if not reason:
        raise Incomplete([_("Say why it is reopened.")])
    draft = _begin(assessment.system, assessment, by, assessment.edition, reason)
    questions = list(assessment.edition.questions.all())
    joined = [Joined(question, question) for question in questions]
    _copy(_Copy(assessment, draft, joined, "", assessment.reference), by)
    trail.record("reopened", assessment, by=by, after={"draft": draft.reference, "reason": reason})
    tell_holders(
        Role.SRO,
        assessment.system.operator,
        subject=format_lazy(
            gettext_lazy("A signed self-assessment is reopened: {system}"), system=assessment.system.name
        ),
        body=format_lazy(
            gettext_lazy("What you signed stays as it is until you sign the new one. The reason given:\n\n{reason}"),
            reason=reason,
        ),
        url=draft.get_absolute_url(),
    )
    return draft


@transaction.atomic
def confirm_carried(*, assessment: Assessment, versions: Mapping[int, int], by: User) -> int:
    """Say that carried answers still hold: each gets a new version with the same words. Returns how many.

    `versions` are those that were read, by number of question. What was confirmed or edited meanwhile needs nothing.
    Raises IllegalMove unless in draft, AnswerConflict when one of the others changed; then none is confirmed.
    """
    require_draft(assessment)
    carried = Answer.objects.filter(assessment=assessment, question__number__in=versions).exclude(carried_from="")
    waiting = list(carried.select_related("question__principle").order_by("question__number"))
    for answer in waiting:
        read = versions[answer.question.number]
        accept_carried(assessment=assessment, question=answer.question, version=read, by=by)
    return len(waiting)


def carry_actions(
    *, source: Assessment, target: Assessment, questions: Mapping[int, Question], by: User
) -> list[ActionItem]:
    """Open actions of `source` go on under `target`, of the same system; the old ones are closed with a word on it.

    Those of a draft that was begun from `source` and then abandoned come along. `questions` are those of the new
    edition by the id of the one before. A principle that the new edition lacks keeps its actions where they are.
    """
    principles = {principle.number: principle for principle in target.edition.principles.all()}
    given_up = Q(assessment__previous=source, assessment__status=Status.ABANDONED)
    open_ones = ActionItem.objects.open().filter(Q(assessment=source) | given_up, system=target.system_id)
    carried = []
    for action in open_ones.select_related("principle", "operator", "assessment__system__operator").order_by("pk"):
        if action.principle and (principle := principles.get(action.principle.number)):
            question = questions.get(action.question_id) if action.question_id else None
            carried.append(_carry_action(action, target, principle, question, by))
    return carried


def _carry_action(
    action: ActionItem, target: Assessment, principle: Principle, question: Question | None, by: User
) -> ActionItem:
    new = ActionItem.objects.create(
        operator_id=action.operator_id,
        system_id=target.system_id,
        assessment=target,
        principle=principle,
        question=question,
        origin=action.origin,
        origin_reference=action.origin_reference,
        description=action.description,
        owner_id=action.owner_id,
        priority=action.priority,
        due_on=action.due_on,
        carried_from=action,
        created_by=by,
    )
    trail.record("planned", new, by=by, after={"carried_from": action.reference, "due_on": new.due_on.isoformat()})
    if action.status == ActionItem.Status.IN_PROGRESS:
        new.move_to(ActionItem.Status.IN_PROGRESS, by=by)
    note = _("Carried forward to a new self-assessment as %(reference)s.") % {"reference": new.reference}
    move_action(action=action, status=ActionItem.Status.DROPPED, note=note, by=by)
    return new


def joined_between(before: CodeEdition, after: CodeEdition) -> list[Joined]:
    """The questions of `after` with those of `before` that they succeed. One query, and one for questions of editions
    that this process has not seen yet.
    """
    ordered = list(CodeEdition.objects.order_by("in_effect_on", "pk"))
    start, end = ordered.index(before), ordered.index(after)
    chain = ordered[start : end + 1] if start <= end else [before, after]
    asked = questions_of(chain)
    return join([asked[edition.pk] for edition in chain])


def _begin(
    system: CameraSystem, source: Assessment, by: User, edition: CodeEdition | None, reason: str = ""
) -> Assessment:
    """An empty draft that says what it was begun from, with its scope where it is of the same system."""
    assessment = start_assessment(system=system, by=by, edition=edition)
    assessment.previous, assessment.reopen_reason = source, reason
    assessment.save(update_fields=["previous", "reopen_reason"])
    if source.system_id == system.pk and source.scope:
        save_scope(assessment=assessment, scope=source.scope[:SCOPE_LIMIT], version=0, by=by)
    return assessment


def _copy(copy: _Copy, by: User) -> None:
    """Answers, evidence and decisions on publishing to questions that ask the same; actions within one system."""
    questions = copy.untouched()
    answers = _copy_answers(copy, questions, by)
    used = _copy_uses(copy, questions, by)
    _copy_disclosures(copy)
    carried: list[ActionItem] = []
    if copy.source.system_id == copy.target.system_id:
        carried = carry_actions(source=copy.source, target=copy.target, questions=questions, by=by)
    trail.record(
        "carried",
        copy.target,
        by=by,
        after={
            "from": copy.source.reference,
            "answers": {answer.question.number: _digest(answer) for answer in answers},
            "evidence": used,
            "actions": [action.reference for action in carried],
        },
    )


def _copy_answers(copy: _Copy, questions: Mapping[int, Question], by: User) -> list[Answer]:
    """A first version of each, without a conflict to fear: the draft was begun in this transaction."""
    now = timezone.now()
    given = Answer.objects.filter(assessment=copy.source, question__in=questions).exclude(choice="", text="")
    answers = Answer.objects.bulk_create(
        Answer(
            assessment=copy.target,
            question=questions[answer.question_id],
            choice=answer.choice,
            text=answer.text,
            language=answer.language,
            version=1,
            # What its source has not confirmed yet stays to be confirmed, whoever copies it.
            carried_from=copy.mark or answer.carried_from,
            updated_by=by,
            updated_at=now,
        )
        for answer in given.order_by("question__number")
    )
    AnswerRevision.objects.bulk_create(_revision(answer, Origin.CARRIED, copy.note, by, now) for answer in answers)
    return answers


def _revision(answer: Answer, origin: Origin, note: str, by: User, at: dt.datetime) -> AnswerRevision:
    return AnswerRevision(
        answer=answer,
        version=answer.version,
        choice=answer.choice,
        text=answer.text,
        language=answer.language,
        origin=origin,
        note=note,
        by=by,
        at=at,
    )


def _copy_uses(copy: _Copy, questions: Mapping[int, Question], by: User) -> int:
    uses = EvidenceUse.objects.filter(assessment=copy.source, question__in=questions)
    made = EvidenceUse.objects.bulk_create(
        EvidenceUse(
            evidence_id=use.evidence_id, assessment=copy.target, question=questions[use.question_id], added_by=by
        )
        for use in uses.order_by("pk")
    )
    return len(made)


def _copy_disclosures(copy: _Copy) -> None:
    """What was withheld stays withheld, with who decided it and when: else the next copy would publish it unseen."""
    questions = {step.before.pk: step.question for step in copy.joined if step.before}
    AnswerDisclosure.objects.bulk_create(
        AnswerDisclosure(
            assessment=copy.target,
            question=questions[decision.question_id],
            is_public=decision.is_public,
            reason=decision.reason,
            decided_by_id=decision.decided_by_id,
            decided_at=decision.decided_at,
        )
        for decision in AnswerDisclosure.objects.filter(assessment=copy.source, question__in=questions)
    )


def _digest(answer: Answer) -> str:
    return hashlib.sha256(answer.text.encode()).hexdigest() if answer.text else ""

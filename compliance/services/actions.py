"""The action plan: adding, changing and moving actions (domain 3.4)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.services.notifications import notify
from compliance.models import ActionItem, Answer, Assessment, CameraSystem, Evidence, Principle, Question
from compliance.services.answers import save_answer
from compliance.services.assessments import hold
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord, Text

DESCRIPTION_LIMIT = 1000
NOTE_LIMIT = 2000
SOURCE_LIMIT = 20
MOST_MONTHS = 60
FROM_OUTSIDE = (ActionItem.Origin.FREE, ActionItem.Origin.REVIEW, ActionItem.Origin.FINDING)
NEEDS_NOTE = (ActionItem.Status.DONE, ActionItem.Status.DROPPED)
_written = lazy(date_format, str)  # in the language of whoever reads it
PLANNED_IN = (Assessment.Status.DRAFT, Assessment.Status.SIGNED)


@dataclass(frozen=True)
class Plan:
    """What is to be done, by whom, how urgent, until when."""

    description: str
    due_on: dt.date
    priority: str = ActionItem.Priority.MEDIUM
    owner: User | None = None

    def for_trail(self) -> dict[str, object]:
        return {
            "description": self.description,
            "due_on": self.due_on.isoformat(),
            "priority": str(self.priority),
            "owner": self.owner.reference if self.owner else None,
        }


def latest_due() -> dt.date:
    """The last day on which an action may be due."""
    return add_months(today(), MOST_MONTHS)


@transaction.atomic
def add_action(
    *, assessment: Assessment, principle: Principle, plan: Plan, by: User, question: Question | None = None
) -> ActionItem:
    """Plan an action under a principle, while the self-assessment is in draft or once it is signed; its owner is told.

    The same action sent twice is one. Raises IllegalMove while it waits for sign-off or is over, RuleBroken.
    """
    if principle.edition_id != assessment.edition_id or (question and question.principle_id != principle.pk):
        raise RuleBroken(_("This question belongs to another edition of the Code."))
    hold(assessment)
    if assessment.status not in PLANNED_IN:
        raise IllegalMove(assessment, assessment.status)
    plan = _checked(plan, assessment.system.operator)
    same = ActionItem.objects.open().filter(
        assessment=assessment,
        principle=principle,
        description=plan.description,
        due_on=plan.due_on,
        priority=plan.priority,
        owner=plan.owner,
    )
    if existing := same.first():
        return existing
    action = ActionItem.objects.create(
        operator=assessment.system.operator,
        system=assessment.system,
        assessment=assessment,
        principle=principle,
        question=question,
        description=plan.description,
        due_on=plan.due_on,
        priority=plan.priority,
        owner=plan.owner,
        created_by=by,
    )
    trail.record("planned", action, by=by, after={**plan.for_trail(), "principle": principle.number})
    _tell_owner(action, by)
    return action


@dataclass(frozen=True)
class Source:
    """Where an action outside a self-assessment comes from: which finding or review, as it is called there, or none."""

    origin: str = ActionItem.Origin.FREE
    reference: str = ""


@transaction.atomic
def plan_action(
    *,
    operator: Organisation,
    plan: Plan,
    by: User,
    source: Source = Source(),
    system: CameraSystem | None = None,
    principle: Principle | None = None,
) -> ActionItem:
    """Plan an action that no self-assessment asks for: a free one, or one from a finding or a review.

    The same action sent twice is one. Raises RuleBroken.
    """
    if source.origin not in FROM_OUTSIDE:
        raise RuleBroken(_("Say whether it comes from a finding, from a review or from neither."))
    if system is not None and system.operator_id != operator.pk:
        raise RuleBroken(_("The system must be one of the organisation's own."))
    reference = checked_text(source.reference, limit=SOURCE_LIMIT)
    if source.origin == ActionItem.Origin.FREE and reference:
        raise RuleBroken(_("Only a finding or a review has a reference. Say that it comes from one, or leave it out."))
    plan = _checked(plan, operator)
    words = {
        "operator": operator,
        "system": system,
        "principle": principle,
        "origin": source.origin,
        "origin_reference": reference,
        "description": plan.description,
        "due_on": plan.due_on,
        "priority": plan.priority,
        "owner": plan.owner,
    }
    if existing := ActionItem.objects.open().filter(assessment=None, **words).first():
        return existing
    action = ActionItem.objects.create(**words, created_by=by)
    about = {
        "system": system.reference if system else None,
        "principle": principle.number if principle else None,
        "origin": str(source.origin),
        "origin_reference": reference,
    }
    trail.record("planned", action, by=by, after={**plan.for_trail(), **about})
    _tell_owner(action, by)
    return action


@transaction.atomic
def answer_and_plan(
    *,
    assessment: Assessment,
    question: Question,
    choice: str,
    text: str,
    version: int,
    plan: Plan | None,
    by: User,
    language: str | None = None,
) -> Answer:
    """Save the answer to a closing question and, with `plan`, an action under its principle: both or neither.

    Raises what `save_answer` and `add_action` raise.
    """
    answer = save_answer(
        assessment=assessment,
        question=question,
        choice=choice,
        text=text,
        version=version,
        by=by,
        language=language,
    )
    if plan is not None:
        add_action(assessment=assessment, principle=question.principle, question=question, plan=plan, by=by)
    return answer


@transaction.atomic
def change_action(*, action: ActionItem, plan: Plan, version: int, by: User) -> None:
    """Change an open action that still has the `version` that was read; a new owner is told.

    Nothing changed, nothing is written. Raises StaleRecord, RuleBroken, IllegalMove for a closed action or while the
    self-assessment waits for sign-off.
    """
    hold_plan(action)
    action.refresh_from_db(fields=["status", "description", "due_on", "priority", "owner", "version"])
    if write_plan(action, plan, version=version, by=by):
        _tell_owner(action, by)


def hold_plan(action: ActionItem) -> None:
    """Raises IllegalMove while the self-assessment of the action waits for sign-off; else keeps it from being sent."""
    if action.assessment is None:
        return
    hold(action.assessment)
    if action.assessment.status == Assessment.Status.READY:
        raise IllegalMove(action.assessment, action.assessment.status)


def write_plan(action: ActionItem, plan: Plan, *, version: int, by: User) -> bool:
    """Write `plan` into an action that was read afresh. Returns whether somebody else owns it now.

    Raises what `change_action` raises.
    """
    if not action.is_open():
        raise IllegalMove(action, action.status)
    before = plan_of(action)
    plan = _checked(plan, action.operator, before)
    if before == plan:
        return False
    seen = ActionItem.objects.filter(pk=action.pk, version=version, status=action.status)
    changed = seen.update(
        description=plan.description,
        due_on=plan.due_on,
        priority=plan.priority,
        owner=plan.owner,
        version=F("version") + 1,
    )
    if not changed:
        raise StaleRecord(action)
    action.refresh_from_db(fields=["description", "due_on", "priority", "owner", "version"])
    trail.record("replanned", action, by=by, before=before.for_trail(), after=plan.for_trail())
    return plan.owner != before.owner


def plan_of(action: ActionItem) -> Plan:
    """What is planned now."""
    return Plan(action.description, action.due_on, action.priority, action.owner)


@transaction.atomic
def move_action(*, action: ActionItem, status: str, note: str, by: User, evidence: Evidence | None = None) -> None:
    """Take an action up, close it or open it again. Done and dropped need a note: what was done, or why not.

    `evidence` of the same operator may show what was done. Opening it again takes the day of closing and the evidence
    off it; the trail keeps them. Raises Incomplete without that note, RuleBroken, IllegalMove, StaleRecord.
    """
    note = checked_text(note, limit=NOTE_LIMIT)
    if status in NEEDS_NOTE and action.can_move_to(status) and not note:
        raise Incomplete([_("Say what was done, or why the action is dropped.")])
    if evidence is not None and status != ActionItem.Status.DONE:
        raise RuleBroken(_("Evidence can be named only for an action that is done."))
    if evidence is not None and evidence.operator_id != action.operator_id:
        raise RuleBroken(_("Choose evidence from the organisation's own library."))
    if action.assessment is not None:
        hold(action.assessment)  # a signature that is being given sees this action open or closed, never in between
    action.move_to(status, by=by, note=note)
    before, action.closing_evidence = action.closing_evidence, evidence
    action.closed_at = timezone.now() if status in NEEDS_NOTE else None
    action.save(update_fields=["closed_at", "closing_evidence"])
    if before != evidence:
        shown = [{"closing_evidence": shown.reference if shown else None} for shown in (before, evidence)]
        trail.record("changed", action, by=by, before=shown[0], after=shown[1])


def _checked(plan: Plan, operator: Organisation, before: Plan | None = None) -> Plan:
    """The plan with a clean description, a sensible date and an owner who works there; a date and an owner that stood
    there `before` may stay.
    """
    description = checked_text(plan.description, limit=DESCRIPTION_LIMIT)
    if not description:
        raise Incomplete([_("Say what is to be done.")])
    if not (before and plan.due_on == before.due_on) and not today() <= plan.due_on <= latest_due():
        raise RuleBroken(_("The due date must lie between today and five years from now."))
    if plan.priority not in ActionItem.Priority.values:
        raise RuleBroken(_("Choose one of the priorities shown."))
    stays = before is not None and plan.owner == before.owner
    if plan.owner is not None and not stays and not plan.owner.roles_at(operator):
        raise RuleBroken(_("The owner must be somebody with a role in the organisation."))
    return Plan(description, plan.due_on, plan.priority, plan.owner)


def _tell_owner(action: ActionItem, by: User) -> None:
    if action.owner is None or action.owner == by:
        return
    operator = action.operator
    day = _written(action.due_on, "j F Y")
    due: Text = format_lazy(gettext_lazy("Due: {day}"), day=day)
    if action.system is not None:
        due = format_lazy(gettext_lazy("Due: {day}\nSystem: {system}"), day=day, system=action.system.name)
    notify(
        users=[action.owner],
        subject=format_lazy(gettext_lazy("An action is yours: {action}"), action=action.description[:120]),
        body=due,
        url=reverse("compliance:action", args=[operator.slug, action.reference]),
    )

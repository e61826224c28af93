"""Decisions by correspondence: a question in writing, one answer of each seat, a result that says who supported it."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, StaleRecord
from strategy.models.correspondence import (
    QUESTION_LIMIT,
    REMARK_LIMIT,
    CorrespondenceAnswer,
    CorrespondenceDecision,
    View,
)
from strategy.models.groups import Group, GroupMembership
from strategy.services.groups import tell_members

PAGE = "/workspace/%%s/groups/%s/decisions/%d/"


@transaction.atomic
def ask(
    *,
    group: Group,
    question: str,
    answers_by: dt.date | None,
    by: User | None,
    question_cy: str = "",
    asked_on: dt.date | None = None,
) -> CorrespondenceDecision:
    """Ask the members in writing, under the next number; they are told. One that was asked outside the portal is
    entered with its day. Raises Incomplete, RuleBroken.
    """
    text, day = checked_text(question, limit=QUESTION_LIMIT), asked_on or today()
    problems = [] if text else [Problem(_("Say what was asked."), field="question")]
    if answers_by is None or answers_by < day:
        problems.append(Problem(_("Say until which day answers are taken."), field="answers_by"))
    if day > today():
        problems.append(Problem(_("The day must not be in the future."), field="asked_on"))
    if problems or answers_by is None:
        raise Incomplete(problems)
    held = Group.objects.select_for_update(of=("self",)).select_related("body").get(pk=group.pk)
    made = CorrespondenceDecision.objects.create(
        group=held,
        number=(held.decisions.aggregate(last=Max("number"))["last"] or 0) + 1,
        question=text,
        question_cy=checked_text(question_cy, limit=QUESTION_LIMIT),
        asked_on=day,
        answers_by=answers_by,
        by=by,
    )
    trail.record("asked", made, by=by, after={"question": text, "answers_by": answers_by})
    tell_members(
        group=held,
        subject=gettext_lazy("A group asks for your answer in writing"),
        body=f"{held.name}, {made.label}: {text}",
        key=f"decision:{made.pk}",
        page=PAGE % (held.slug, made.number),
    )
    return made


def _open(decision: CorrespondenceDecision) -> CorrespondenceDecision:
    rows = CorrespondenceDecision.objects.select_for_update(of=("self",)).select_related("group__body")
    held = rows.get(pk=decision.pk)
    if held.decided_on is not None:
        raise StaleRecord(held)
    return held


@transaction.atomic
def answer(
    *,
    decision: CorrespondenceDecision,
    member: GroupMembership,
    view: str,
    by: User | None,
    remark: str = "",
) -> CorrespondenceAnswer:
    """What a seat says, in place of what it said before. Raises Incomplete, RuleBroken; StaleRecord once concluded."""
    held = _open(decision)
    problems = [] if view in View.values else [Problem(_("Choose what the member says."), field="view")]
    if not held.group.memberships.current().filter(pk=member.pk).exists():
        problems.append(Problem(_("Only members of the group answer."), field="member"))
    if problems:
        raise Incomplete(problems)
    fields = {"view": view, "remark": checked_text(remark, limit=REMARK_LIMIT), "by": by}
    made, _is_new = CorrespondenceAnswer.objects.update_or_create(decision=held, membership=member, defaults=fields)
    trail.record("answered", made, by=by, after={"decision": held.label, "member": str(member), "view": view})
    return made


@transaction.atomic
def conclude(
    *,
    decision: CorrespondenceDecision,
    outcome: str,
    decided_on: dt.date | None,
    by: User | None,
    outcome_cy: str = "",
) -> CorrespondenceDecision:
    """What came of it; nobody answers after that. Raises Incomplete, RuleBroken, StaleRecord."""
    held = _open(decision)
    text = checked_text(outcome, limit=QUESTION_LIMIT)
    problems = [] if text else [Problem(_("Say what was decided."), field="outcome")]
    if decided_on is None or not held.asked_on <= decided_on <= today():
        sentence = _("It was decided on or after the day on which it was asked, not in the future.")
        problems.append(Problem(sentence, field="decided_on"))
    if not held.answers.exists():
        problems.append(Problem(_("Nobody has answered yet. Record what members said.")))
    if problems:
        raise Incomplete(problems)
    held.outcome, held.outcome_cy = text, checked_text(outcome_cy, limit=QUESTION_LIMIT)
    held.decided_on = decided_on
    held.save(update_fields=["outcome", "outcome_cy", "decided_on"])
    trail.record("decided", held, by=by, after={"outcome": text, "decided_on": decided_on})
    return held

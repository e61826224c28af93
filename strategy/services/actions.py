"""Actions of groups: given at a meeting, told of by their owners, carried forward until they are done."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.services.notifications import notify
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem
from strategy.models.meetings import ACTION_LIMIT, GroupAction, GroupActionNote, Meeting
from strategy.models.plan import Deliverable

Status = GroupAction.Status


@dataclass(frozen=True)
class Task:
    """What is to be done, by whom, until when."""

    text: str
    owner: Organisation
    due_on: dt.date | None
    text_cy: str = ""
    owner_post: str = ""
    person: User | None = None
    deliverable: Deliverable | None = None


@transaction.atomic
def give_action(*, meeting: Meeting, task: Task, by: User | None) -> GroupAction:
    """The next action of a meeting that was held; its person hears of it.

    Raises Incomplete with all that is missing, RuleBroken, IllegalMove.
    """
    text = checked_text(task.text, limit=ACTION_LIMIT)
    held = Meeting.objects.select_for_update(of=("self",)).select_related("group__body").get(pk=meeting.pk)
    if held.status not in (Meeting.Status.HELD, Meeting.Status.MINUTES_DRAFT):
        raise IllegalMove(held, held.status)
    problems = [] if text else [Problem(_("Say what is to be done."), field="text")]
    if task.due_on is None:
        problems.append(Problem(_("Enter the day by which it is to be done."), field="due_on"))
    elif task.due_on < held.held_on:
        problems.append(Problem(_("It cannot be due before the meeting."), field="due_on"))
    seated = held.group.memberships.current(held.held_on).filter(organisation=task.owner).exists()
    if not seated and task.owner.pk != held.group.body_id:
        problems.append(Problem(_("Choose an organisation of the group."), field="owner"))
    if problems or task.due_on is None:
        raise Incomplete(problems)
    number = (held.actions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = GroupAction.objects.create(
        meeting=held,
        number=number,
        label=f"M{held.label}/{number}",
        text=text,
        text_cy=checked_text(task.text_cy, limit=ACTION_LIMIT),
        owner=task.owner,
        owner_post=checked_text(task.owner_post, limit=150),
        person=task.person,
        due_on=task.due_on,
        deliverable=task.deliverable,
    )
    trail.record("given", made, by=by, after={"text": text, "owner": task.owner.slug, "due_on": task.due_on})
    if task.person:
        notify(
            users=[task.person],
            subject=gettext_lazy("You have an action from a meeting"),
            body=f"{made.label}: {text}",
            url=f"/workspace/{task.owner.slug}/groups/actions/",
            key=f"group-action:{made.pk}",
        )
    return made


@transaction.atomic
def tell_of_action(*, action: GroupAction, text: str, status: str, by: User | None) -> GroupAction:
    """What was done, and where it stands now. Raises Incomplete without words, IllegalMove once it is finished."""
    said = checked_text(text, limit=ACTION_LIMIT)
    rows = GroupAction.objects.select_for_update(of=("self",)).select_related("meeting__group__body")
    held = rows.get(pk=action.pk)
    if held.status in GroupAction.FINISHED:
        raise IllegalMove(held, status)
    if not said:
        raise Incomplete([Problem(_("Say what was done and what comes next."), field="text")])
    GroupActionNote.objects.create(action=held, text=said, by=by)
    if status != held.status:
        held.move_to(status, by=by, note=said)
    else:
        trail.record("noted", held, by=by, after={"text": said})
    return held


def statuses_of(action: GroupAction, *, may_cancel: bool) -> list[str]:
    """Those that somebody may give it: the one that it has and those that follow; only the secretary cancels."""
    following = action.MOVES.get(action.status, frozenset()) - {Status.CARRIED_FORWARD}
    if not may_cancel:
        following -= {Status.CANCELLED}
    return [status for status in Status.values if status == action.status or status in following]


@transaction.atomic
def carry_forward(*, meeting: Meeting, by: User | None) -> int:
    """Whatever the group's earlier meetings left unfinished comes before this one. How many actions that were."""
    earlier = GroupAction.objects.unfinished().filter(meeting__group=meeting.group, meeting__number__lt=meeting.number)
    rows = list(earlier.select_for_update(of=("self",)).select_related("meeting__group__body").order_by("pk"))
    fresh = [action for action in rows if action.status != Status.CARRIED_FORWARD]
    GroupAction.move_many(fresh, Status.CARRIED_FORWARD, by=by, note=meeting.label)
    for action in rows:
        action.carried_to = meeting
    GroupAction.objects.bulk_update(rows, ["carried_to"])
    GroupActionNote.objects.bulk_create(
        [GroupActionNote(action=action, text="", meeting=meeting, by=by) for action in rows]
    )
    return len(rows)

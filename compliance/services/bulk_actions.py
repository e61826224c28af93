"""Changing many actions at once: each is checked, and all are changed or none."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.services.notifications import notify
from compliance.models import ActionItem
from compliance.services.actions import Plan, hold_plan, move_action, plan_of, write_plan
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Alike:
    """What all of them get. None and '' leave it as it is; `drop_because` closes them and stands alone."""

    owner: User | None = None
    due_on: dt.date | None = None
    priority: str = ""
    drop_because: str = ""

    @property
    def plans(self) -> bool:
        return bool(self.owner or self.due_on or self.priority)

    def plan_for(self, action: ActionItem) -> Plan:
        """What is planned for the action, with what all get."""
        plan = plan_of(action)
        if self.owner:
            plan = replace(plan, owner=self.owner)
        if self.due_on:
            plan = replace(plan, due_on=self.due_on)
        if self.priority:
            plan = replace(plan, priority=self.priority)
        return plan


class StaleActions(StaleRecord):
    """Some of the actions are not as they were when they were ticked. Nothing was written; `actions` are those."""

    def __init__(self, actions: Sequence[ActionItem]) -> None:
        super().__init__(actions[0])
        self.actions = actions


@transaction.atomic
def change_many(*, operator: Organisation, seen: Mapping[str, int], alike: Alike, by: User) -> int:
    """Change the actions with these references, each of which still has the version that was read. Returns how many.

    New owners are told once, with the number. Raises StaleActions, Incomplete with a sentence for each action that
    cannot be changed so, RuleBroken.
    """
    if bool(alike.drop_because) == alike.plans:
        raise Incomplete([_("Say what is to change: owner, due date, priority, or that they are dropped.")])
    actions = _read_afresh(operator, seen)
    if stale := [action for action in actions if action.version != seen[action.reference] or not action.is_open()]:
        raise StaleActions(stale)
    problems, newly_owned = [], 0
    for action in actions:
        try:
            newly_owned += _change(action, alike, by)
        except StaleRecord as overtaken:
            raise StaleActions([action]) from overtaken
        except IllegalMove:
            problems.append(_problem(action, _("its self-assessment waits for sign-off")))
        except RuleBroken as refusal:
            problems.append(_problem(action, str(refusal.sentence)))
    if problems:
        raise Incomplete(problems)
    if alike.owner and alike.owner != by and newly_owned:
        _tell(alike.owner, operator, newly_owned)
    return len(actions)


def _read_afresh(operator: Organisation, seen: Mapping[str, int]) -> list[ActionItem]:
    """Those of the operator, in the order in which their self-assessments are held: always the same, so that two
    changes at once do not wait for each other. Raises RuleBroken when none or too many are named, or one is not theirs.
    """
    if not seen:
        raise RuleBroken(_("Tick at least one action."))
    if len(seen) > MOST_AT_ONCE:
        raise RuleBroken(_("At most %(number)d actions can be changed at once.") % {"number": MOST_AT_ONCE})
    found = ActionItem.objects.filter(operator=operator, reference__in=seen)
    related = ("operator", "system__operator", "assessment__system__operator", "owner", "closing_evidence")
    actions = list(found.select_related(*related).order_by("assessment_id", "pk"))
    if len(actions) != len(seen):
        raise RuleBroken(_("One of these actions is not the organisation's. Open the list again."))
    return actions


def _change(action: ActionItem, alike: Alike, by: User) -> bool:
    """Drop it, or plan it anew; returns whether somebody else owns it now."""
    if alike.drop_because:
        move_action(action=action, status=ActionItem.Status.DROPPED, note=alike.drop_because, by=by)
        return False
    hold_plan(action)
    return write_plan(action, alike.plan_for(action), version=action.version, by=by)


def _problem(action: ActionItem, why: str) -> Problem:
    url = reverse("compliance:action", args=[action.operator.slug, action.reference])
    return Problem(f"{action.reference}: {why}", url)


def _tell(owner: User, operator: Organisation, number: int) -> None:
    notify(
        users=[owner],
        subject=format_lazy(gettext_lazy("Actions that are yours now: {number}"), number=number),
        body=format_lazy(
            gettext_lazy("You find them in the action plan of {organisation}"), organisation=operator.name
        ),
        url=reverse("compliance:actions", args=[operator.slug]) + "?show=mine",
    )

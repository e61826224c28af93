"""Reorganisations from plan to act: brought, rehearsed as often as somebody looks, confirmed, done on their day."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Organisation, User
from accounts.services.notifications import notify
from core import jobs, trail
from core.dates import today
from core.errors import Incomplete, PortalError, Problem, RuleBroken
from strategy.models.reorganisation import Reorganisation
from strategy.reorganisation_files import Plan, read_plan
from strategy.services.reorganisation import DryRun, dry_run
from strategy.services.reorganising import reorganise

CARRY_OUT = "strategy.carry_out_reorganisation"
MAX_TEXT = 400_000  # characters of a plan: some ten thousand systems
Status = Reorganisation.Status


def rehearse(text: str) -> DryRun:
    """What the plan would meet today. Raises Incomplete where it cannot be read or names nobody. Writes nothing."""
    return dry_run(read_plan(text))


@transaction.atomic
def bring(*, body: Organisation | None, text: str, by: User | None) -> Reorganisation:
    """Keep a plan. Nothing happens until it is confirmed. Raises Incomplete where it cannot be read or names nobody,
    RuleBroken for a body that is no national one.
    """
    if body is not None and body.kind != Kind.NATIONAL_BODY:
        raise RuleBroken(_("Reorganisations are brought by national bodies."))
    plan = _checked(text)
    made = Reorganisation(body=body, brought_by=by, text=text)
    _take(made, plan)
    made.save()
    trail.record("created", made, by=by, after={"title": made.title, "kind": made.kind, "vesting": made.vesting})
    return made


@transaction.atomic
def change_plan(*, reorganisation: Reorganisation, text: str, by: User | None) -> Reorganisation:
    """Another text while it is not confirmed, or was stopped on its day. Raises Incomplete, RuleBroken."""
    plan = _checked(text)
    held = _held(reorganisation)
    if held.status not in (Status.REHEARSED, Status.STOPPED):
        raise RuleBroken(_("The plan is confirmed. Withdraw it and bring another one."))
    before = {"title": held.title, "vesting": held.vesting}
    held.text = text
    _take(held, plan)
    held.save(update_fields=("text", "title", "kind", "vesting"))
    trail.record("changed", held, by=by, before=before, after={"title": held.title, "vesting": held.vesting})
    return held


@transaction.atomic
def confirm(*, reorganisation: Reorganisation, by: User | None) -> Reorganisation:
    """Have it carried out on its vesting date, or at once where that day has come.

    Raises Incomplete with everything that blocks it, IllegalMove.
    """
    held = _held(reorganisation)
    if blocking := blocks(rehearse(held.text)):
        raise Incomplete(blocking)
    held.move_to(Status.PLANNED, by=by)
    held.confirmed_by, held.confirmed_at, held.result = by, timezone.now(), {}
    held.save(update_fields=("confirmed_by", "confirmed_at", "result"))
    if held.vesting <= today():
        _promise(held)
    return held


@transaction.atomic
def withdraw(*, reorganisation: Reorganisation, by: User | None) -> Reorganisation:
    """Give the plan up. Raises IllegalMove for one that is done."""
    held = _held(reorganisation)
    held.move_to(Status.WITHDRAWN, by=by)
    return held


def promise_due(day: dt.date) -> int:
    """Promise each that is confirmed and whose day has come, once. Returns how many there are."""
    due = list(Reorganisation.objects.filter(status=Status.PLANNED, vesting__lte=day))
    for reorganisation in due:
        _promise(reorganisation)
    return len(due)


def carry_out(reorganisation_id: int) -> None:
    """Do one that is confirmed and due, whole or not at all; one that is done, withdrawn or ahead is passed over.

    What blocks it on its day stops it: it is kept what, and whoever confirmed it is told.
    """
    try:
        with transaction.atomic():
            held = Reorganisation.objects.select_for_update().get(pk=reorganisation_id)
            if held.status != Status.PLANNED or held.vesting > today():
                return
            moved = reorganise(read_plan(held.text), held.confirmed_by)
            held.move_to(Status.DONE, by=held.confirmed_by)
            held.result, held.done_at = {"moved": moved}, timezone.now()
            held.save(update_fields=("result", "done_at"))
            _tell(held, gettext_lazy("The reorganisation is done: {title}"))
    except RuleBroken as refusal:
        _stop(reorganisation_id, refusal)


@transaction.atomic
def _stop(reorganisation_id: int, refusal: RuleBroken) -> None:
    held = Reorganisation.objects.select_for_update().get(pk=reorganisation_id)
    held.move_to(Status.STOPPED, by=held.confirmed_by)
    held.result = {"blocked": [str(problem.text) for problem in refusal.problems]}
    held.save(update_fields=("result",))
    _tell(held, gettext_lazy("The reorganisation was not done, something blocks it: {title}"))


def _tell(held: Reorganisation, sentence: Any) -> None:
    if held.confirmed_by is None:
        return
    notify(
        users=[held.confirmed_by],
        subject=format_lazy(sentence, title=held.title),
        body=gettext_lazy("Its page says what was done, or what stands in the way."),
        url=held.get_absolute_url(),
    )


def blocks(rehearsed: DryRun) -> list[Problem]:
    """What must be mended before it can be confirmed."""
    return [Problem(f"{found.record}: {found.sentence}") for found in rehearsed.findings if found.blocks]


def _promise(reorganisation: Reorganisation) -> None:
    """Once for each time that it was confirmed."""
    confirmed = reorganisation.confirmed_at
    key = f"{CARRY_OUT}:{reorganisation.pk}:{confirmed.timestamp() if confirmed else 0}"
    jobs.promise(CARRY_OUT, {"reorganisation_id": reorganisation.pk}, key=key)


def _held(reorganisation: Reorganisation) -> Reorganisation:
    return Reorganisation.objects.select_for_update(of=("self",)).select_related("body").get(pk=reorganisation.pk)


def _checked(text: str) -> Plan:
    """The plan, and that its predecessors exist. Raises Incomplete."""
    if len(text) > MAX_TEXT:
        raise Incomplete([_("The plan is too long.")])
    try:
        plan = read_plan(text)
        dry_run(plan)
    except Incomplete:
        raise
    except PortalError as refusal:
        raise Incomplete([str(refusal)]) from refusal
    return plan


def _take(reorganisation: Reorganisation, plan: Plan) -> None:
    names = dict(Organisation.objects.filter(slug__in=plan.predecessors).values_list("slug", "name"))
    existing = [after.slug for after in plan.successors if after.existing]
    names |= dict(Organisation.objects.filter(slug__in=existing).values_list("slug", "name"))
    before = " + ".join(names[slug] for slug in plan.predecessors)
    after = " + ".join(one.name or names.get(one.slug, one.slug) for one in plan.successors)
    reorganisation.title = f"{before} → {after}"[:400]
    reorganisation.kind, reorganisation.vesting = plan.kind, plan.vesting

"""Strand leads report how a deliverable goes; a change of its date needs a reason, completion needs evidence."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem
from strategy.models import Deliverable, DeliverableReport
from strategy.services.plan_printing import promise_plans

TEXT_LIMIT, REASON_LIMIT = 3000, 500
Status = Deliverable.Status
_is_address = URLValidator(schemes=["https", "http"])


@dataclass(frozen=True)
class Progress:
    """What is reported. `status` is the one that it has from now on; `target_on` the date that it has from now on."""

    text: str
    text_cy: str
    evidence: str
    status: str
    target_on: dt.date | None
    reason: str = ""


@transaction.atomic
def report(*, deliverable: Deliverable, organisation: Organisation, told: Progress, by: User) -> DeliverableReport:
    """Keep what was reported, and move the deliverable where it says so.

    Raises Incomplete with everything that is missing, IllegalMove for a status that cannot follow.
    """
    held = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    text, reason = checked_text(told.text, limit=TEXT_LIMIT), checked_text(told.reason, limit=REASON_LIMIT)
    evidence = told.evidence.strip()
    changed = told.target_on != held.target_on
    if problems := _problems(told.status, text, evidence, reason if changed else "-"):
        raise Incomplete(problems)
    made = DeliverableReport.objects.create(
        deliverable=held,
        organisation=organisation,
        text=text,
        text_cy=checked_text(told.text_cy, limit=TEXT_LIMIT),
        evidence=evidence,
        status=told.status,
        target_on=told.target_on,
        changed_from=held.target_on if changed else None,
        reason=reason if changed else "",
        by=by,
    )
    if changed:
        held.target_on = told.target_on
        held.save(update_fields=["target_on"])
    if told.status != held.status:
        held.move_to(told.status, by=by, note=text[:REASON_LIMIT])
    after = {"number": held.number, "status": told.status, "target_on": str(told.target_on), "reason": made.reason}
    promise_plans()
    trail.record("reported", held, by=by, organisation=organisation, after=after)
    return made


def _problems(status: str, text: str, evidence: str, reason: str) -> list[Problem]:
    problems = []
    if not text:
        problems.append(Problem(_("Say what was done and what comes next."), field="text"))
    if evidence:
        try:
            _is_address(evidence)
        except ValidationError:
            problems.append(Problem(_("Give the evidence as an address that begins with https://."), field="evidence"))
    elif status == Status.COMPLETED:
        problems.append(Problem(_("Completed needs evidence: give the address where it stands."), field="evidence"))
    if not reason:
        problems.append(Problem(_("Say why the date changes."), field="reason"))
    return problems


def statuses_of(deliverable: Deliverable, *, may_reopen: bool) -> list[str]:
    """Those that a report may give it: the one that it has, and those that may follow."""
    following = deliverable.MOVES.get(deliverable.status, frozenset())
    if deliverable.status == Status.COMPLETED and not may_reopen:
        following = frozenset()
    return [status for status in Status.values if status == deliverable.status or status in following]

"""The register of disclosures as counts and decisions: how often, by whom asked, what was decided. Never who."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import CameraSystem, DisclosureCount
from compliance.models.system import MAX_COUNT
from compliance.periods import Length, is_period
from core import trail
from core.errors import Incomplete, RuleBroken

Key = tuple[str, str, str]  # recipient, decision, reason
REASON_LIMIT = 120


def counts_of(system: CameraSystem, month: dt.date) -> dict[Key, int]:
    """One query."""
    rows = DisclosureCount.objects.filter(system=system, month=month)
    return {(who, what, why): count for who, what, why, count in rows.values_list(*FIELDS, "count")}


FIELDS = ("recipient", "decision", "reason")


@transaction.atomic
def count_disclosures(
    *, system: CameraSystem, month: dt.date, seen: Mapping[Key, int], counts: Mapping[Key, int], by: User
) -> int:
    """Write the month's counts as a whole; a pair that is not named was not counted. Returns how many changed.

    `seen` are the counts that the form was filled from. Raises StaleCounts when they changed meanwhile, RuleBroken for
    a month that has not begun, Incomplete for what cannot be.
    """
    if not is_period(Length.MONTH, month):
        raise RuleBroken(_("Choose a month that has begun."))
    if wrong := [sentence for key, count in counts.items() for sentence in _problems(key, count)]:
        raise Incomplete(wrong)
    CameraSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    before = counts_of(system, month)
    if before != dict(seen):
        raise StaleCounts(_("Somebody else changed this month while you wrote. Look at it again."))
    wanted = {key: count for key, count in counts.items() if count}
    changed = {key for key in {*before, *wanted} if before.get(key) != wanted.get(key)}
    rows = DisclosureCount.objects.filter(system=system, month=month)
    for who, what, why in changed:
        rows.filter(recipient=who, decision=what, reason=why).delete()
    DisclosureCount.objects.bulk_create(
        DisclosureCount(
            system=system, month=month, recipient=key[0], decision=key[1], reason=key[2], count=count, by=by
        )
        for key, count in wanted.items()
        if key in changed
    )
    if changed:
        named = {" / ".join(filter(None, key)): (before.get(key, 0), wanted.get(key, 0)) for key in sorted(changed)}
        trail.record(
            "counted disclosures",
            system,
            by=by,
            before={"month": month, **{name: pair[0] for name, pair in named.items()}},
            after={"month": month, **{name: pair[1] for name, pair in named.items()}},
        )
    return len(changed)


class StaleCounts(RuleBroken):
    """The month was changed since it was read: nothing was written."""


def _problems(key: Key, count: int) -> list[str]:
    who, what, why = key
    wrong = []
    if who not in DisclosureCount.Recipient.values or what not in DisclosureCount.Decision.values:
        wrong.append(_("That is no recipient or decision that is kept here."))
    if not 0 <= count <= MAX_COUNT:
        wrong.append(_("Enter a whole number from 0 to %(most)s.") % {"most": f"{MAX_COUNT:,}"})
    if why and what != DisclosureCount.Decision.REFUSED:
        wrong.append(_("Only a refusal has a reason."))
    if len(why) > REASON_LIMIT:
        wrong.append(_("The reason is too long."))
    return wrong

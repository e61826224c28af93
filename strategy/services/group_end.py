"""The end of a group: its last day, that of its members, and no meeting after it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import trail
from core.errors import Incomplete, Problem, StaleRecord
from strategy.models import Group, Meeting
from strategy.services.groups import end_membership


@transaction.atomic
def end_group(*, group: Group, ended_on: dt.date, by: User | None) -> Group:
    """The last day on which there is the group, and of every seat that still stands. Meetings that were planned for
    later and have no agenda are taken off; minutes, decisions and actions stay, and can still be finished.

    Raises Incomplete with all that is in the way, StaleRecord for a group that has ended.
    """
    held = Group.objects.select_for_update(of=("self",)).select_related("body").get(pk=group.pk)
    if held.ended_on is not None:
        raise StaleRecord(held)
    seats = list(held.memberships.filter(until_on__isnull=True))
    late = list(held.meetings.filter(held_on__gt=ended_on).prefetch_related("items"))
    problems = []
    if ended_on < held.began_on or any(seat.from_on > ended_on for seat in seats):
        problems.append(Problem(_("The last day is before the group or one of its seats began."), field="until_on"))
    problems += [
        Problem(_("Meeting %(label)s is later and has an agenda.") % {"label": meeting.label}, field="until_on")
        for meeting in late
        if meeting.status != Meeting.Status.PLANNED or meeting.items.all()
    ]
    if problems:
        raise Incomplete(problems)
    for seat in seats:
        end_membership(member=seat, until_on=ended_on, by=by)
    held.meetings.filter(pk__in=[meeting.pk for meeting in late]).delete()
    held.ended_on = ended_on
    held.save(update_fields=["ended_on"])
    after = {"ended_on": ended_on, "taken_off": [meeting.held_on.isoformat() for meeting in late]}
    trail.record("ended", held, by=by, after=after)
    return held

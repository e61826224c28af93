"""Deliverable 5.6: the kinds of bodies that are represented in the working group."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from strategy.measures.base import Row, State, in_words, measure
from strategy.models.groups import Group, GroupKind, GroupMembership, Represents

# In plain English: what is frozen has one text
ASKED_FOR = {
    Represents.LOCAL_AUTHORITIES: "Local authorities",
    Represents.PCC_OFFICES: "Offices of police and crime commissioners",
    Represents.POLICE_CHIEFS: "Police chiefs' council",
}


@measure(
    "working_group",
    _("Kinds of bodies with a member in the national working group"),
    _("kinds: local authorities, offices of police and crime commissioners, police chiefs' council"),
    "National strategy 2020, 5.6: a working group with members of these three kinds",
)
def working_group(day: dt.date) -> Sequence[Row]:
    """Of the three kinds those that have a member on that day in a working group that there was then. Two queries."""
    standing = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    groups = Group.objects.filter(standing, kind=GroupKind.WORKING_GROUP, began_on__lte=day)
    seats = GroupMembership.objects.current(day).filter(group__in=groups)
    counted = Organisation.objects.counted()
    groups = groups.filter(body__in=counted)
    seats = seats.filter(group__in=groups, organisation__in=counted)
    if not groups.exists():
        why = f"There was no working group on {in_words(day)}"
        return [Row(str(kind), name, State.NO_DATA, why) for kind, name in ASKED_FOR.items()]
    first: dict[str, GroupMembership] = {}
    for seat in seats.select_related("organisation", "group").order_by("from_on", "pk"):
        first.setdefault(seat.represents, seat)
    return [_row(kind, name, first.get(kind)) for kind, name in ASKED_FOR.items()]


def _row(kind: str, name: str, seat: GroupMembership | None) -> Row:
    if seat is None:
        return Row(str(kind), name, State.NOT_COUNTED, "No member")
    why = f"{seat.group.name}: {seat.organisation.name}, {seat.post}"
    return Row(str(kind), name, State.COUNTED, why, since=seat.from_on.isoformat())

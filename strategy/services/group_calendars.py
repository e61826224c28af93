"""Calendars of groups: dates for everybody, and a secret address of each member, which can be renewed and revoked."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.due_dates import UID_OF
from compliance.ics import Event
from compliance.services.calendars import SECRET_BYTES, hash_of
from core import trail
from core.bilingual import local_words
from core.dates import LONDON
from strategy.models.groups import Group, GroupCalendar
from strategy.models.meetings import Meeting

TWO_HOURS = dt.timedelta(hours=2)  # of which length a meeting stands in a calendar


@transaction.atomic
def make_address(*, user: User) -> str:
    """A new secret, which nobody can read again. One that the user had ends: that is how one is renewed."""
    User.objects.select_for_update().get(pk=user.pk)  # two clicks make two addresses, one after the other
    revoke_address(user=user)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = GroupCalendar.objects.create(user=user, secret_sha256=hash_of(secret))
    trail.record("created", made, by=user)
    return secret


@transaction.atomic
def revoke_address(*, user: User) -> bool:
    """End the user's address; returns whether there was one."""
    held = list(GroupCalendar.objects.filter(user=user, revoked_at=None).select_for_update())
    for each in held:
        each.revoked_at = timezone.now()
        each.save(update_fields=["revoked_at"])
        trail.record("ended", each, by=user)
    return bool(held)


def owner_of(secret: str) -> User | None:
    """Whose address it is; None for an unknown or revoked one or a closed account. One query whatever the answer."""
    known = GroupCalendar.objects.select_related("user")
    found = known.filter(secret_sha256=hash_of(secret), revoked_at=None, user__is_active=True).first()
    return found.user if found else None


def events_for(user: User) -> Iterator[Event]:
    """Meetings of the groups that the user reads today, with their places. Three queries."""
    mine = {row.organisation_id: row.organisation.slug for row in user.memberships_now}
    groups = Group.objects.open_to(mine).prefetch_related("memberships")
    at = {group.pk: _through(group, mine) for group in groups}
    meetings = Meeting.objects.filter(group__in=at, addendum=0).select_related("group").order_by("held_on", "pk")
    for meeting in meetings:
        page = reverse("national:meeting", args=[at[meeting.group_id], meeting.group.slug, meeting.reference])
        yield event(
            reference=meeting.reference,
            day=meeting.held_on,
            begins=meeting.starts_at,
            summary=_title(meeting.group.local_name, meeting.label),
            venue=meeting.venue,
            url=settings.PORTAL_ORIGIN + page,
            moves=meeting.moves,
        )


def _through(group: Group, mine: Mapping[int, str]) -> str:
    """In whose workspace this user reads the group."""
    if group.body_id in mine:
        return mine[group.body_id]
    return next(mine[each.organisation_id] for each in group.memberships.all() if each.organisation_id in mine)


def public_events(content: Mapping[str, Any], address: str) -> Iterator[Event]:
    """Dates ahead as they were published with the group, whose page is at `address`. No query."""
    for each in content["ahead"]:
        yield event(
            reference=each["reference"],
            day=dt.date.fromisoformat(each["held_on"]),
            begins=dt.time.fromisoformat(each["starts_at"]),
            summary=_title(local_words(content["name"]), each["label"]),
            venue=each["venue"],
            url=address,
            moves=each["moves"],
            is_public=True,
        )


def _title(group: str, label: str) -> str:
    return _("%(group)s, meeting %(number)s") % {"group": group, "number": label}


def event(
    *,
    reference: str,
    day: dt.date,
    begins: dt.time,
    summary: str,
    venue: str,
    url: str,
    moves: int,
    is_public: bool = False,
) -> Event:
    """As it stands in a calendar. The hour is that of London, whatever the season."""
    starts_at = dt.datetime.combine(day, begins, tzinfo=LONDON)
    return Event(
        uid=UID_OF.format(reference=reference),
        starts_at=starts_at,
        ends_at=(starts_at.astimezone(dt.UTC) + TWO_HOURS).astimezone(LONDON),
        summary=summary,
        location=venue,
        url=url,
        sequence=moves,
        is_public=is_public,
    )

"""Secret addresses for calendar programs: made, renewed, revoked and read (only a hash of the secret is kept)."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import CalendarFeed
from core import trail
from core.errors import RuleBroken

SECRET_BYTES = 32
READ_AGAIN_AFTER = dt.timedelta(hours=1)  # reading is noted once in that time


@transaction.atomic
def make_feed(*, user: User, organisation: Organisation | None) -> str:
    """A new address for the user's own actions (no organisation) or for all dates of an organisation of theirs.

    Returns the secret, which nobody can read again. An address that the user had for the same ends: that is how one is
    renewed. Raises RuleBroken for an organisation that is not theirs.
    """
    if organisation is not None and organisation.pk not in user.organisation_ids():
        raise RuleBroken(_("Only people of the organisation can have its calendar."))
    User.objects.select_for_update().get(pk=user.pk)  # two clicks make two addresses, one after the other
    revoke_feed(user=user, organisation=organisation)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(user=user, organisation=organisation, secret_sha256=hash_of(secret))
    trail.record("created", feed, by=user, organisation=organisation)
    return secret


@transaction.atomic
def revoke_feed(*, user: User, organisation: Organisation | None) -> bool:
    """End the user's address for that; returns whether there was one."""
    held = CalendarFeed.objects.filter(user=user, organisation=organisation, revoked_at=None)
    feeds = list(held.select_for_update())
    for feed in feeds:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        trail.record("ended", feed, by=user, organisation=organisation)
    return bool(feeds)


def open_feed(*, secret: str) -> CalendarFeed | None:
    """The feed at a secret address, None for an unknown or revoked one or when its person has no account any more.

    The same hash and the same one query whatever the answer; when it was last read is noted at most once an hour.
    """
    known = CalendarFeed.objects.select_related("user", "organisation")
    feed = known.filter(secret_sha256=hash_of(secret), revoked_at=None, user__is_active=True).first()
    if feed is not None:
        _note_reading(feed)
    return feed


def _note_reading(feed: CalendarFeed) -> None:
    now = timezone.now()
    long_ago = Q(read_at=None) | Q(read_at__lt=now - READ_AGAIN_AFTER)
    if feed.read_at is None or feed.read_at < now - READ_AGAIN_AFTER:
        CalendarFeed.objects.filter(long_ago, pk=feed.pk).update(read_at=now)


def hash_of(secret: str) -> str:
    """SHA-256 in hexadecimal. The secret has 256 random bits: no salt and no slow hash could add to that."""
    return hashlib.sha256(secret.encode()).hexdigest()

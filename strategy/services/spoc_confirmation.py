"""Asking the mailbox of each single point of contact once a year whether the entry is right, by a link, without an
account. The link is kept as a hash: whoever reads the database cannot answer.
"""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.notifications import promise_mail
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models.spoc import CONFIRM_MONTHS, NAME_LIMIT, POST_LIMIT, SpocConfirmation, SpocEntry
from strategy.services import spoc_news

Answer = SpocConfirmation.Answer
LINK_DAYS = 30
ASK_AGAIN_AFTER = dt.timedelta(days=1)  # by hand: a mailbox is not flooded


class LinkUnknown(Exception):
    """No link of this portal, or one that nobody holds any more."""


class LinkClosed(RuleBroken):
    """A link that takes no answer: used, too old, or of an entry that ended."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def ask_due(on: dt.date) -> int:
    """Ask each whose year is over and who was not asked within it. Returns how many were asked.

    One transaction each: begun again after a crash, it goes on where it stopped.
    """
    year_ago = add_months(on, -CONFIRM_MONTHS)
    due = SpocEntry.objects.standing().filter(made_on__lte=year_ago).exclude(email="")
    due = due.filter(Q(confirmed_on__isnull=True) | Q(confirmed_on__lte=year_ago))
    due = due.annotate(last_asked=Max("confirmations__asked_at")).order_by("pk")
    return sum(
        _ask_in_time(entry)
        for entry in due
        if entry.last_asked is None or timezone.localdate(entry.last_asked) <= year_ago
    )


def _ask_in_time(entry: SpocEntry) -> bool:
    try:
        ask(entry=entry, by=None)
    except (RuleBroken, StaleRecord):  # ended or asked meanwhile
        return False
    return True


@transaction.atomic
def ask(*, entry: SpocEntry, by: User | None) -> SpocConfirmation:
    """Send the link, which replaces one that was sent before.

    Raises RuleBroken when one was sent within a day, StaleRecord for an entry that ended.
    """
    held = SpocEntry.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=entry.pk)
    if held.ended_on is not None:
        raise StaleRecord(held)
    now = timezone.now()
    if held.confirmations.filter(asked_at__gt=now - ASK_AGAIN_AFTER).exists():
        raise RuleBroken(_("The question was sent within the last day. Wait until tomorrow to send it again."))
    held.confirmations.filter(answered_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    asked = SpocConfirmation.objects.create(
        entry=held, token_sha256=_hash(token), asked_at=now, expires_at=now + dt.timedelta(days=LINK_DAYS)
    )
    trail.record("asked", held, by=by, after={"expires_at": asked.expires_at})
    _mail(asked, token)
    return asked


def _mail(asked: SpocConfirmation, token: str) -> None:
    """In the language that the entry says."""
    entry = asked.entry
    with override(entry.language):
        name = entry.organisation.local_name
        promise_mail(
            to=entry.email,
            subject=_("Are you still the single point of contact of %(name)s?") % {"name": name},
            body=_(
                "%(name)s named this mailbox as its single point of contact for surveillance cameras (SPOC):\n"
                "%(post)s\n\nOnce a year we ask whether that is still right. Open this address to answer:\n"
                "%(address)s\n\nYou need no account. The link works until %(day)s and takes one answer."
            )
            % {
                "name": name,
                "post": entry.post_cy if entry.language == SpocEntry.Language.WELSH and entry.post_cy else entry.post,
                "address": settings.PORTAL_ORIGIN + reverse("strategy:spoc_confirm", args=[token]),
                "day": date_format(timezone.localtime(asked.expires_at), "j F Y"),
            },
        )


def request_of(token: str) -> SpocConfirmation:
    """What the link asks. Raises LinkUnknown, LinkClosed with the reason. One query."""
    rows = SpocConfirmation.objects.select_related("entry__organisation")
    asked = rows.filter(token_sha256=_hash(token)).first()
    if asked is None:
        raise LinkUnknown
    _require_open(asked)
    return asked


def _require_open(asked: SpocConfirmation) -> None:
    if asked.answered_at is not None:
        raise LinkClosed(_("This link was used already. It takes one answer."))
    if asked.entry.ended_on is not None:
        raise LinkClosed(_("The organisation names somebody else by now. Nothing more is asked of you."))
    if not asked.is_open():
        raise LinkClosed(_("This link is too old, or a newer one was sent to you."))


@transaction.atomic
def answer(*, asked: SpocConfirmation, answer: str, name: str = "", post: str = "", email: str = "") -> None:
    """Take the one answer. "Still right" begins a new year; the others go to the organisation, and change nothing.

    Raises Incomplete, LinkClosed when it was used meanwhile.
    """
    fields = {"answer": answer, **_checked(answer, name, post, email)}
    # The entry first, as everybody who changes it does: an end and an answer cannot cross
    entry = SpocEntry.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=asked.entry_id)
    now = timezone.now()
    still_open = SpocConfirmation.objects.filter(pk=asked.pk, answered_at__isnull=True, expires_at__gt=now)
    if entry.ended_on is not None or not still_open.update(answered_at=now, **fields):
        asked.refresh_from_db()
        asked.entry = entry
        _require_open(asked)
        raise LinkClosed(_("This link is too old, or a newer one was sent to you."))
    if answer == Answer.STILL_RIGHT:
        entry.confirmed_on = today()
        entry.save(update_fields=["confirmed_on"])
    with trail.acting_as("the holder of the link"):
        trail.record("answered", entry, by=None, after={"answer": answer})
    if answer == Answer.SOMEBODY_ELSE:
        spoc_news.somebody_else(entry)
    elif answer == Answer.NOT_ME:
        spoc_news.not_me(entry)


def _checked(answer: str, name: str, post: str, email: str) -> dict[str, str]:
    if answer not in Answer.values:
        raise Incomplete([Problem(_("Choose one of the answers shown."), field="answer")])
    if answer != Answer.SOMEBODY_ELSE:
        return {}
    post, email = checked_text(post, limit=POST_LIMIT), email.strip().lower()
    problems = [] if post else [Problem(_("Enter the post of who it is now."), field="post")]
    try:
        validate_email(email)
    except ValidationError:
        problems.append(Problem(_("Enter an email address in the form name@example.org."), field="email"))
    if problems:
        raise Incomplete(problems)
    return {"new_name": checked_text(name, limit=NAME_LIMIT), "new_post": post, "new_email": email}

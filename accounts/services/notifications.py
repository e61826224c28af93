"""Telling people: one record for inbox and email, and mail that a worker sends once.

A job has one runner at a time (its lease), and marks the message as sent when it is. A worker that dies between the
two sends again under the same Message-ID, which mail servers and the data folder take for the same message.
"""

import secrets
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Notification, User
from core import jobs
from core.errors import Text
from core.jobs import Job


@transaction.atomic
def notify(*, users: Iterable[User], subject: Text, body: Text, url: str = "", key: str = "") -> list[Notification]:
    """Tell each of `users` once, in their own language (lazy texts), in the inbox and by email. `url` is a path of the
    portal.

    With `key`, the same news told twice to the same person is one notification. Returns those that were made.
    """
    made = []
    for user in {user.pk: user for user in users if user.is_active}.values():
        with override(user.language):
            texts = {"subject": str(subject)[:200], "body": str(body), "url": url}
        if key:
            notification, is_new = Notification.objects.get_or_create(
                key=f"{key}:{user.pk}", defaults={"user": user, **texts}
            )
        else:
            notification, is_new = Notification.objects.create(user=user, **texts), True
        if is_new:
            jobs.promise(
                "accounts.send_notification",
                {"notification_id": notification.pk},
                key=f"accounts.send_notification:{notification.pk}",
            )
            made.append(notification)
    return made


def send_notification(*, notification_id: int) -> None:
    """Send the email of one notification, unless it was sent. Two statements beside the message itself."""
    notification = Notification.objects.select_related("user").get(pk=notification_id)
    if notification.emailed_at is not None:
        return
    with override(notification.user.language):
        body = notification.body
        if notification.url:
            body += "\n\n" + _("Open it in the portal:") + f"\n{settings.PORTAL_ORIGIN}{notification.url}"
    _send(to=notification.user.email, subject=notification.subject, body=body, name=f"notification-{notification.pk}")
    Notification.objects.filter(pk=notification_id, emailed_at__isnull=True).update(emailed_at=timezone.now())


def promise_mail(*, to: str, subject: str, body: str, unsubscribe: str = "") -> None:
    """Promise one mail that is no notification: invitations and what allauth sends. `unsubscribe` is the address to
    which a mail program may post to end mails of this sort (RFC 8058).
    """
    token = secrets.token_hex(16)
    arguments = {"token": token, "to": to, "subject": subject, "body": body}
    if unsubscribe:
        arguments["unsubscribe"] = unsubscribe
    jobs.promise("accounts.send_mail", arguments, key=_mail_key(token))


def send_mail(*, token: str, to: str = "", subject: str = "", body: str = "", unsubscribe: str = "") -> None:
    """Send a promised mail, then wipe it from its job: such mails carry links that let somebody in.

    A job without an addressee was sent before.
    """
    if not to:
        return
    one_click = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    _send(to=to, subject=subject, body=body, name=f"mail-{token}", headers=one_click if unsubscribe else {})
    Job.objects.filter(key=_mail_key(token)).update(arguments={"token": token})


def _mail_key(token: str) -> str:
    return f"accounts.send_mail:{token}"


def _send(*, to: str, subject: str, body: str, name: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
    host = urlsplit(settings.PORTAL_ORIGIN).hostname or "localhost"
    EmailMessage(
        subject=" ".join(subject.split()),
        body=body.rstrip() + "\n",
        to=[to],
        headers={"Message-ID": f"<{name}@{host}>", **headers},
    ).send()


def mark_read(*, user: User, notification: Notification | None = None) -> int:
    """Mark one message, or all, as read by its user. Returns how many were unread."""
    unread = Notification.objects.filter(user=user).unread()
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    return unread.update(read_at=timezone.now())

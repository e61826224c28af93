"""Work that accounts promises."""

from accounts.services import notifications
from core import jobs


@jobs.handles("accounts.send_notification")
def send_notification(notification_id: int) -> None:
    notifications.send_notification(notification_id=notification_id)


@jobs.handles("accounts.send_mail", secret=True)
def send_mail(token: str, to: str = "", subject: str = "", body: str = "", unsubscribe: str = "") -> None:
    notifications.send_mail(token=token, to=to, subject=subject, body=body, unsubscribe=unsubscribe)

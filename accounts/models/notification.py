"""One record for inbox and email (design 4)."""

from django.db import models
from django.utils import timezone

from accounts.models.person import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def for_list(self) -> "NotificationQuerySet":
        return self.order_by("-created_at", "-pk")


class Notification(models.Model):
    """What a person is told, in their language as it was then. The email goes out once, by a worker."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)  # a path of the portal
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)
    # What is told, and to whom: the same news from a repeated job is one notification. Null: no such key.
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("user", "-created_at"), name="notification_inbox"),)

    def __str__(self) -> str:
        return self.subject

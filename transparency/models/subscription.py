"""Who wants a mail when something public changes. An address counts only once its owner has confirmed it."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.references import new_reference


def subscription_reference() -> str:
    return new_reference("SB", 12)


class SubscriptionKind(models.TextChoices):
    AUTHORITY = "authority", _("one authority")
    SYSTEM = "system", _("one camera system")
    CERTIFICATE = "certificate", _("one certificate")
    CONSULTATIONS = "consultations", _("consultations about cameras")
    BULLETINS = "bulletins", _("bulletins and news")
    GROUP = "group", _("one group and its minutes")


def kind_choices() -> Sequence[tuple[str, Text]]:
    """Named here so that a new kind is no migration."""
    return SubscriptionKind.choices


class Subscription(models.Model):
    """One address, one subject. `key` is a slug of authority or group, or the reference of system or certificate;
    empty for all consultations, and all bulletins.
    """

    Kind = SubscriptionKind

    reference = models.CharField(max_length=20, unique=True, default=subscription_reference, editable=False)
    kind = models.CharField(max_length=20, choices=kind_choices)
    key = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=2, default="en")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(default=timezone.now)  # what changed later is told next
    mailed_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("email", "kind", "key"), name="subscribed_once"),)
        indexes = (
            models.Index(fields=("asked_at",), name="subscription_open", condition=Q(confirmed_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

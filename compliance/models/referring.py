"""The public form by which anybody may ask an operator for a camera: on while its link is open."""

from django.db import models
from django.utils import timezone

from accounts.models import Organisation


class ReferralAddress(models.Model):
    """Since when an operator takes requests by its link. Opened anew, the link is another; None: closed."""

    operator = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="referral_address")
    opened_at = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "link for requests for cameras"
        verbose_name_plural = "links for requests for cameras"

    def __str__(self) -> str:
        return str(self.operator_id)

    def trail_organisation(self) -> Organisation:
        return self.operator

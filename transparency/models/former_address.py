"""Addresses at which pages of camera systems stood before their operator was reorganised."""

from django.db import models

from accounts.models import Organisation
from compliance.models import CameraSystem


class FormerSystemAddress(models.Model):
    """Both parts of a public address that a system had; whoever asks there is sent to where the system is now."""

    operator_slug = models.SlugField(max_length=80)
    system_slug = models.SlugField(max_length=80)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="former_addresses")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("operator_slug", "system_slug"), name="former_system_address_once"),
        )

    def __str__(self) -> str:
        return f"/authorities/{self.operator_slug}/{self.system_slug}/"

    def trail_organisation(self) -> Organisation:
        return self.system.operator

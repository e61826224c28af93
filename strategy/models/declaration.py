"""The dated word of an authority that it runs no public-space camera system."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class NoSystemDeclarationQuerySet(models.QuerySet["NoSystemDeclaration"]):
    def current(self, on: dt.date) -> "NoSystemDeclarationQuerySet":
        """Those that stand on a day, both days inclusive."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on), declared_on__lte=on)


class NoSystemDeclaration(models.Model):
    """Said by a senior responsible officer; while it stands the authority leaves the denominators of 5.2 and 5.4."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="no_system_declarations")
    declared_on = models.DateField()
    reason = models.CharField(_("why there is none"), max_length=500, blank=True)
    ended_on = models.DateField(null=True, editable=False)  # the last day on which it stood
    declared_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = NoSystemDeclarationQuerySet.as_manager()

    class Meta:
        ordering = ("-declared_on", "-pk")
        verbose_name = _("declaration that there is no system")
        verbose_name_plural = _("declarations that there is no system")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",), condition=Q(ended_on__isnull=True), name="one_standing_no_system_declaration"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("declared_on")), name="no_system_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}, {self.declared_on}"

    def trail_organisation(self) -> Organisation:
        return self.organisation

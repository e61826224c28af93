"""What happens to an agreement in force, and the word that there is none."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.vocabulary import Technology
from core.dates import today
from slas.models.agreement import Agreement, Side


class ConfirmedUnchanged(models.Model):
    """A side's word at a review that the agreement goes on unchanged until the next. It counts once both said it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reviews")
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField(_("next review"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    in_effect_at = models.DateTimeField(null=True, editable=False)  # when the other side said the same

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.review_on}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class AgreementReminder(models.Model):
    """A reminder that was written: each kind once for its day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20)
    due_on = models.DateField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("agreement", "kind", "due_on"), name="agreement_reminder_once"),)

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.kind} {self.due_on}"


class NoAgreementQuerySet(models.QuerySet["NoAgreement"]):
    def visible_to(self, user: Any) -> "NoAgreementQuerySet":
        ids = user.organisation_ids()
        return self.filter(Q(council_id__in=ids) | Q(force_id__in=ids))

    def current(self, on: dt.date | None = None) -> "NoAgreementQuerySet":
        """Those that hold on a day."""
        day = on or today()
        return self.filter(declared_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class NoAgreement(models.Model):
    """A council's or a force's dated word that they have no agreement on a technology: "none" is not "no data"."""

    council = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="no_agreements")
    force = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="no_agreements_of_force")
    technology = models.CharField(_("technology"), max_length=10, choices=Technology.choices)
    declared_on = models.DateField(default=today)
    declared_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why there is none"), blank=True, max_length=1000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, editable=False)

    objects = NoAgreementQuerySet.as_manager()

    class Meta:
        ordering = ("-declared_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("council", "force", "technology"),
                condition=Q(ended_on__isnull=True),
                name="one_word_of_no_agreement",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("declared_on")), name="no_agreement_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.council_id} {self.force_id} {self.technology}"

    def trail_organisation(self) -> Organisation:
        return self.declared_for

"""What a certification body knows of its auditors: competence per technology, and interests in operators."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.vocabulary import Technology
from core.dates import today


class Competence(models.Model):
    """That a body found one of its auditors competent for a technology, between two dates."""

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="competences")
    auditor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="competences")
    technology = models.CharField(_("technology"), max_length=10, choices=Technology.choices)
    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    basis = models.CharField(_("what it rests on"), max_length=300)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("auditor", "technology", "starts_on")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "auditor", "technology"), condition=Q(ends_on__isnull=True), name="competence_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")), name="competence_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.auditor_id}: {self.technology}"

    @property
    def reference(self) -> str:
        return f"{self.body.slug}/{self.auditor.reference}/{self.technology}"

    def trail_organisation(self) -> Organisation:
        return self.body


class Interest(models.Model):
    """An interest of a person in an operator that a body recorded: advice given, work done for it, or another tie."""

    class Kind(models.TextChoices):
        ADVISED = "advised", _("advised it")
        WORKED = "worked", _("worked for it")
        OTHER = "other", _("another tie")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="interests")
    number = models.PositiveIntegerField()  # from 1 in each body, without a gap; nothing is deleted
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="interests")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)  # None: goes on
    note = models.TextField(_("what it is"), max_length=1000)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("person", "operator", "starts_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="interest_dates_in_order",
            ),
            models.UniqueConstraint(fields=("body", "number"), name="interest_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.operator_id}"

    @property
    def reference(self) -> str:
        return f"{self.body.slug}/{self.person.reference}/{self.operator.slug}"

    def trail_organisation(self) -> Organisation:
        return self.body

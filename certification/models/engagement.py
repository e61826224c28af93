"""Around an application: what was quoted and engaged, the files of this matter alone, documents asked of people."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application


class MatterFile(models.Model):
    """A file of one matter between operator and body, checked at upload as evidence is. Its bytes never change."""

    class Purpose(models.TextChoices):
        QUOTE = "quote", _("quote")
        ENGAGEMENT = "engagement", _("signed engagement")
        CLARIFICATION = "clarification", _("beside a clarification")
        RESPONSE = "response", _("beside a response to a finding")
        VISIT = "visit", _("from a site visit")
        OTHER = "other", _("other")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()  # within the application, from 1: its address
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    title = models.CharField(max_length=150)
    file = models.FileField(editable=False)
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # whose side gave it
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("application", "number"), name="matter_file_number_once"),)

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        return f"{self.application.reference}/files/{self.number}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class Engagement(models.Model):
    """What the body quoted and both signed for one application. The fee is private to the two parties."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="engagement")
    fee = models.DecimalField(_("fee in pounds, without VAT"), max_digits=9, decimal_places=2, null=True, blank=True)
    planned_days = models.DecimalField(_("planned days"), max_digits=5, decimal_places=1, null=True, blank=True)
    quoted_on = models.DateField(_("quoted on"), null=True, blank=True)
    quote = models.ForeignKey(MatterFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_for_operator = models.CharField(_("signed for the operator by (post)"), max_length=150, blank=True)
    signed_for_body = models.CharField(_("signed for the certification body by (post)"), max_length=150, blank=True)
    document = models.ForeignKey(MatterFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"engagement of {self.application_id}"

    @property
    def reference(self) -> str:
        return self.application.reference

    def trail_organisation(self) -> Organisation:
        return self.application.body


class DocumentRequest(models.Model):
    """A required document that was not found in the records, asked of a colleague at the operator by name."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="document_requests")
    kind = models.CharField(max_length=30)
    asked_of = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    message = models.TextField(_("message"), blank=True, max_length=1000)
    due_on = models.DateField(_("wanted by"), null=True, blank=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)  # given, or not wanted any more

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("application", "kind"),
                condition=models.Q(ended_at__isnull=True),
                name="document_asked_of_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.kind}"

    @property
    def reference(self) -> str:
        return f"{self.application.reference}/{self.kind}"

    def trail_organisation(self) -> Organisation:
        return self.application.operator

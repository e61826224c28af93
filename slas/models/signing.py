"""What was signed: the frozen text, the signatures on its hash, its document; or what was signed in ink."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from slas.models.agreement import Agreement, AgreementParty


class AgreementTextQuerySet(models.QuerySet["AgreementText"]):
    def standing(self) -> "AgreementTextQuerySet":
        """Those that were not voided: at most one of an agreement."""
        return self.filter(voided_at__isnull=True)

    def for_document(self) -> "AgreementTextQuerySet":
        """Everything that is printed. Two queries."""
        signatures = models.Prefetch("signatures", Signature.objects.select_related("party__organisation"))
        return self.select_related("agreement__opened_by").prefetch_related(signatures)


class AgreementText(models.Model):
    """The text of an agreement, frozen at the first signature. A change afterwards voids it with its signatures."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()  # 1, 2, ... of the agreement
    content = models.TextField(editable=False)  # canonical JSON, docs/agreement-format.md
    sha256 = models.CharField(max_length=64, editable=False)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    voided_reason = models.TextField(blank=True, max_length=1000, editable=False)
    # The document, printed and signed by a worker once all have signed
    document = models.FileField(upload_to="agreements/", blank=True, editable=False)
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    document_made_at = models.DateTimeField(null=True, editable=False)
    facts = models.TextField(blank=True, editable=False)
    facts_jws = models.TextField(blank=True, editable=False)
    key_id = models.CharField(max_length=64, blank=True, editable=False)

    objects = AgreementTextQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "number"), name="text_number_once_per_agreement"),
            models.UniqueConstraint(
                fields=("agreement",), condition=Q(voided_at__isnull=True), name="one_standing_text_per_agreement"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement.reference}, text {self.number}"

    def trail_organisation(self) -> Organisation:
        return self.agreement.opened_by


class SignatureQuerySet(models.QuerySet["Signature"]):
    def with_text(self) -> "SignatureQuerySet":
        """With party and text, the oldest first; what the text says is not loaded."""
        left = [f"text__{name}" for name in ("content", "facts", "facts_jws")]
        return self.select_related("party__organisation", "text").defer(*left).order_by("text__number", "at", "pk")


class Signature(models.Model):
    """A signatory's signature for one party on the hash of a frozen text."""

    text = models.ForeignKey(AgreementText, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="signatures")
    sha256 = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("name"), max_length=150)
    post = models.CharField(_("rank or post"), max_length=150)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("text", "party"), name="one_signature_per_party"),)

    def __str__(self) -> str:
        return f"{self.name}, {self.post}"

    def trail_organisation(self) -> Organisation:
        return self.party.organisation


class InkRecord(models.Model):
    """An agreement signed in ink: the file as it is, its days, who signed by post, and what it covers (design 1.8)."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, related_name="ink")
    file = models.FileField(upload_to="agreements/ink/", blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    signed_on = models.DateField(_("signed on"))
    signatories = models.TextField(_("who signed, by post"), max_length=1000)
    scope = models.TextField(_("what it covers"), max_length=2000)
    scope_cy = models.TextField(_("that in Welsh"), max_length=2000, blank=True)
    returned_reason = models.TextField(blank=True, max_length=1000, editable=False)
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.agreement.reference}, in ink"

    def trail_organisation(self) -> Organisation:
        return self.agreement.opened_by


class Redaction(models.Model):
    """A clause whose text the public does not read, with the reason that it reads instead."""

    class Reason(models.TextChoices):
        OPERATIONAL = "operational", _("it would weaken policing or the security of the system")
        COMMERCIAL = "commercial", _("it is commercially confidential")
        PERSONAL = "personal", _("it names persons")
        OTHER = "other", _("another reason")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="redactions")
    clause_key = models.SlugField(max_length=40)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    details = models.CharField(_("in words, for the public"), max_length=300, blank=True)
    details_cy = models.CharField(_("that in Welsh"), max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "clause_key"), name="redaction_once_per_clause"),
            models.CheckConstraint(condition=~Q(reason="other") | ~Q(details=""), name="redaction_other_has_details"),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.clause_key}"

    def trail_organisation(self) -> Organisation:
        return self.organisation

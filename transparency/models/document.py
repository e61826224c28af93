"""Documents that operators publish, each with the bytes that were decided on; and plans to publish on a later day."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import CameraSystem
from core.bilingual import local_text
from core.references import new_reference


def document_reference() -> str:
    return new_reference("PD")


def published_path(document: "PublishedDocument", name: str) -> str:
    """A copy of its own: what happens to the record that it was taken from changes nothing here."""
    return f"published/{document.reference}-{document.edition}"


class PublicDocumentKind(models.TextChoices):
    """What a council publishes about its cameras (domain 7.2)."""

    CODE_OF_PRACTICE = "code_of_practice", _("code of practice")
    DPIA = "dpia", _("data protection impact assessment (DPIA)")
    DPIA_SUMMARY = "dpia_summary", _("summary of a data protection impact assessment")
    EQUALITY = "equality", _("equality impact assessment")
    SELF_ASSESSMENT = "self_assessment", _("self-assessment")
    ANNUAL_REVIEW = "annual_review", _("annual review")
    ANNUAL_REPORT = "annual_report", _("annual report")
    PRIVACY_NOTICE = "privacy_notice", _("privacy notice")
    PROCEDURES = "procedures", _("procedures")
    POLICY = "policy", _("policy")
    STATISTICS = "statistics", _("statistics report")
    AGREEMENT = "agreement", _("agreement with the police")
    DECISION = "decision", _("decision about cameras")
    OTHER = "other", _("other document")


class DocumentLanguage(models.TextChoices):
    """In which language a document is written."""

    ENGLISH = "en", _("English")
    WELSH = "cy", _("Welsh")
    BOTH = "both", _("English and Welsh")


class PublishedDocumentQuerySet(models.QuerySet["PublishedDocument"]):
    def visible_to(self, user: Any) -> "PublishedDocumentQuerySet":
        return self.filter(organisation_id__in=user.organisation_ids())

    def current(self) -> "PublishedDocumentQuerySet":
        """Those in force: neither replaced nor withdrawn."""
        return self.filter(ended_at__isnull=True)

    def newest(self) -> "PublishedDocumentQuerySet":
        """The newest edition of each, withdrawn ones included: an address never dies."""
        newest = self.model.objects.filter(reference=models.OuterRef("reference")).order_by("-edition")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1]))

    def untagged(self) -> "PublishedDocumentQuerySet":
        """Public PDFs without tags: people who use a screen reader cannot follow them."""
        return self.current().filter(is_tagged=False)

    def without_summary(self) -> "PublishedDocumentQuerySet":
        """Untagged ones for which nobody has written what they say."""
        return self.untagged().filter(summary="", summary_cy="")

    def at(self, address: str) -> "PublishedDocumentQuerySet":
        """Those whose reference stands in an address, in small letters."""
        return self.annotate(small=Lower("reference")).filter(small=address)

    def for_list(self) -> "PublishedDocumentQuerySet":
        return self.select_related("organisation", "system").order_by("kind", "title", "pk")


class PublishedDocument(models.Model):
    """One edition of one document: the bytes with their hash, and what the public is told about it.

    `reference` stays from edition to edition, and with it the address.
    """

    Kind = PublicDocumentKind
    Language = DocumentLanguage

    reference = models.CharField(max_length=20, default=document_reference, editable=False)
    edition = models.PositiveIntegerField(default=1, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="published_documents")
    system = models.ForeignKey(  # empty: of the whole organisation
        CameraSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="published_documents"
    )
    kind = models.CharField(_("kind of document"), max_length=20, choices=PublicDocumentKind.choices)
    title = models.CharField(_("title"), max_length=150)
    title_cy = models.CharField(_("title in Welsh"), max_length=150, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)  # as the document says
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    review_on = models.DateField(_("next review by"), null=True, blank=True)
    language = models.CharField(_("language of the document"), max_length=4, choices=DocumentLanguage.choices)
    summary = models.TextField(_("what it says, in short"), blank=True, max_length=6000)
    summary_cy = models.TextField(_("that in Welsh"), blank=True, max_length=6000)
    # From which record the bytes were taken, such as "evidence" and its reference
    source = models.CharField(max_length=20, editable=False)
    source_reference = models.CharField(max_length=20, editable=False)
    file = models.FileField(upload_to=published_path, editable=False)
    ending = models.CharField(max_length=10, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Of a PDF, when it was published: null where it is none, or could not be read
    is_tagged = models.BooleanField(null=True, editable=False)
    has_language = models.BooleanField(null=True, editable=False)
    has_title = models.BooleanField(null=True, editable=False)
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.CharField(max_length=500, blank=True, editable=False)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PublishedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("published document")
        verbose_name_plural = _("published documents")
        constraints = (
            models.UniqueConstraint(fields=("reference", "edition"), name="document_edition_once"),
            models.UniqueConstraint(
                fields=("reference",), condition=Q(ended_at__isnull=True), name="one_current_edition"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} ({self.edition})"

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.withdrawn_reason)

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def lacks_summary(self) -> bool:
        """Untagged, and nobody has written what it says. The twin of `without_summary`."""
        return self.ended_at is None and self.is_tagged is False and not (self.summary or self.summary_cy)

    def trail_organisation(self) -> Organisation:
        return self.organisation


class PublicationScheduleQuerySet(models.QuerySet["PublicationSchedule"]):
    def open(self) -> "PublicationScheduleQuerySet":
        """Plans that are still to be carried out."""
        return self.filter(ended_at__isnull=True)


class PublicationSchedule(models.Model):
    """That the page of a system is published at a moment, if the records still say then what was looked at."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("published as planned")
        CHANGED = "changed", _("not published: the records had changed")
        OBSTACLES = "obstacles", _("not published: something was missing")
        NOT_ALLOWED = "not_allowed", _("not published: who planned it may not publish any more")
        WITHDRAWN = "withdrawn", _("the plan was withdrawn")
        BY_HAND = "by_hand", _("published or withdrawn by hand before")

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="publication_plans")
    due_at = models.DateTimeField(_("publish on"))
    digest = models.CharField(max_length=64, editable=False)  # of the comparable content that was looked at
    welsh_missing_reason = models.CharField(max_length=250, blank=True)
    planned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, editable=False)

    objects = PublicationScheduleQuerySet.as_manager()

    class Meta:
        ordering = ("-due_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("system",), condition=Q(ended_at__isnull=True), name="one_open_plan"),
        )

    def __str__(self) -> str:
        return f"{self.system_id} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_due(self) -> bool:
        return self.due_at <= timezone.now()

    def trail_organisation(self) -> Organisation:
        return self.system.operator

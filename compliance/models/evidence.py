"""Evidence: files and links of an operator, what they are about, and until when they can be relied on."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.assessment import Assessment
from compliance.models.code import Question
from compliance.models.system import CameraSystem
from compliance.models.vocabulary import DocumentKind
from core.references import new_reference


def evidence_reference() -> str:
    return new_reference("EV")


def evidence_path(evidence: "Evidence", name: str) -> str:
    """A place that says nothing about the file and cannot be guessed from its name."""
    return f"evidence/{timezone.now():%Y/%m}/{evidence.reference}"


class Marking(models.TextChoices):
    """The handling marking on the document itself. What is marked higher is refused and referred to by title."""

    NONE = "", _("no marking")
    OFFICIAL = "official", _("OFFICIAL")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "EvidenceQuerySet":
        return self.select_related("operator", "added_by").prefetch_related("systems").order_by("-added_at", "-pk")


class Evidence(models.Model):
    """A file (checked, hashed, never served without asking) or a link."""

    reference = models.CharField(max_length=20, unique=True, default=evidence_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    systems = models.ManyToManyField(CameraSystem, related_name="evidence", verbose_name=_("systems"))
    kind = models.CharField(_("kind of document"), max_length=30, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=150)
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    review_on = models.DateField(_("review date"), null=True, blank=True)
    file = models.FileField(upload_to=evidence_path, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    url = models.URLField(_("link"), blank=True)
    marking = models.CharField(_("marking"), max_length=20, choices=Marking.choices, default=Marking.NONE, blank=True)
    is_public = models.BooleanField(_("may be published"), default=False)
    leaks = models.JSONField(default=list, editable=False)  # what a look inside found that should not be public
    version = models.PositiveIntegerField(default=1, editable=False)  # of the file: counts replacements
    added_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = (
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="")),
                name="evidence_is_file_or_link",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the file is handed out; a link has its own address in `url`."""
        return reverse("compliance:evidence_file", args=[self.operator.slug, self.reference])

    def file_of(self, sha256: str) -> FieldFile | None:
        """The file with that hash: the present one, or one that it replaced; None where there is none. What was signed
        or submitted names a file by its hash, and a replacement must not take it away. One query unless it is present.
        """
        if not sha256 or self.sha256 == sha256:
            return self.file if sha256 and self.file else None
        replaced = self.versions.filter(sha256=sha256).first()
        return replaced.file if replaced else None

    def trail_organisation(self) -> Organisation:
        return self.operator


class EvidenceVersion(models.Model):
    """A file that was replaced, as it was. The current one stands in Evidence itself."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    file = models.FileField(upload_to=evidence_path)
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    dated = models.DateField(null=True)
    added_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("evidence", "version"), name="evidence_version_once"),)

    def __str__(self) -> str:
        return f"{self.evidence_id} v{self.version}"


class EvidenceUse(models.Model):
    """That a piece of evidence supports the answer to a question. One file serves many answers and systems."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence_uses")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("evidence", "assessment", "question"), name="evidence_used_once"),
        )

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.assessment_id}/{self.question_id}"

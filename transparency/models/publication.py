"""Publications: frozen snapshots of what was published, by whom, from when to when. Public pages come from these alone."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.references import new_reference


def publication_reference() -> str:
    return new_reference("PB")


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: Any) -> "PublicationQuerySet":
        return self.filter(organisation_id__in=user.organisation_ids())

    def current(self) -> "PublicationQuerySet":
        """Those in force: neither replaced nor withdrawn."""
        return self.filter(ended_at__isnull=True)

    def latest(self) -> "PublicationQuerySet":
        """The newest of each subject, withdrawn ones included: an address never dies."""
        newest = self.model.objects.filter(
            kind=models.OuterRef("kind"), subject_reference=models.OuterRef("subject_reference")
        )
        return self.filter(pk=models.Subquery(newest.order_by("-version").values("pk")[:1]))


class Publication(models.Model):
    """One version of one published thing, in both languages, with the hash of its bytes."""

    class Kind(models.TextChoices):
        SYSTEM = "system", _("camera information page")

    reference = models.CharField(max_length=20, unique=True, default=publication_reference, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="publications")
    subject_reference = models.CharField(max_length=40)
    path = models.CharField(max_length=200)  # public address without language prefix, e.g. /authorities/x/y/
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField()
    content = models.TextField(editable=False)  # canonical JSON: facts once, texts under "en" and "cy"
    sha256 = models.CharField(max_length=64, editable=False)
    welsh_missing_reason = models.CharField(max_length=250, blank=True)
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject_reference", "version"), name="publication_version_once"),
            models.UniqueConstraint(
                fields=("kind", "subject_reference"), condition=Q(ended_at__isnull=True), name="one_current_publication"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.withdrawn_reason)

    def trail_organisation(self) -> Organisation:
        return self.organisation


class BakedPage(models.Model):
    """A public page as it was last built into a file, in one language; and why it could not be built again, if so."""

    path = models.CharField(max_length=220, unique=True)  # with language prefix, e.g. /cy/about/
    sha256 = models.CharField(max_length=64, blank=True)
    built_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path

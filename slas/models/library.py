"""Clause libraries: model clauses in both languages, loaded whole from a file and never changed once in use."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.bilingual import local_text


class ClauseLibraryQuerySet(models.QuerySet["ClauseLibrary"]):
    def newest(self) -> "ClauseLibrary | None":
        """The one that no other succeeds, of several the one published last."""
        return self.filter(successor__isnull=True).order_by("-published_on", "-pk").first()


class ClauseLibrary(models.Model):
    """An edition of the model clauses. `content` is the whole judged text of its file as plain JSON."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    name_cy = models.CharField(max_length=150)
    published_on = models.DateField()
    succeeds = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor")
    sha256 = models.CharField(max_length=64, editable=False)
    content = models.JSONField(editable=False)
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClauseLibraryQuerySet.as_manager()

    class Meta:
        ordering = ("-published_on", "pk")
        verbose_name = _("clause library")
        verbose_name_plural = _("clause libraries")

    def __str__(self) -> str:
        return self.key

    @property
    def local_name(self) -> str:
        return local_text(self, "name")

    def in_use(self) -> bool:
        """Whether an agreement rests on it. One query."""
        return bool(self.agreements.exists())

"""What became of a recommendation of the past, told with a date; and what the public says of it."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from strategy.models.plan import Recommendation

NOTE_LIMIT, COMMENT_LIMIT, NAME_LIMIT = 1000, 2000, 120


def comment_reference() -> str:
    return new_reference("RC")


class RecommendationNote(models.Model):
    """How a recommendation stands from a moment on, as a national body tells it. Never changed; the newest counts."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(_("what became of it"), max_length=10, choices=Recommendation.Standing.choices)
    text = models.TextField(_("what is known of it"), max_length=NOTE_LIMIT)
    text_cy = models.TextField(_("that in Welsh"), max_length=NOTE_LIMIT, blank=True)
    source = models.URLField(_("where that can be read"), max_length=200, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.at:%Y-%m-%d}"

    @property
    def local_text(self) -> str:
        return local_text(self, "text")


class RecommendationComment(Workflow):
    """What somebody of the public says of a recommendation. Only `published_text` is ever public.

    No address is asked for. What is refused is kept without its words.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("to be read")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("not published")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.WAITING: frozenset({Status.PUBLISHED, Status.REFUSED}),
        Status.PUBLISHED: frozenset({Status.REFUSED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=comment_reference, editable=False)
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="comments")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING, editable=False)
    language = models.CharField(max_length=2, default="en")
    text = models.TextField(max_length=COMMENT_LIMIT, blank=True)
    name = models.CharField(max_length=NAME_LIMIT, blank=True)  # of a person or an organisation, to be published
    published_text = models.TextField(max_length=COMMENT_LIMIT, blank=True)
    published_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    decided_on = models.DateField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)  # of recommendation and text: sent twice it is one
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("recommendation", "sha256"), name="comment_kept_once"),)

    def __str__(self) -> str:
        return self.reference


class RecommendationCommentChange(StatusChange):
    record = models.ForeignKey(RecommendationComment, on_delete=models.PROTECT, related_name="changes")

"""Bulletins of a national body, and short news. What the public reads is frozen (`services.bulletins`), never this."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.references import new_reference

TITLE_LIMIT, TEXT_LIMIT, ITEM_LIMIT = 150, 2000, 4000


def bulletin_reference() -> str:
    return new_reference("BU")


class BulletinKind(models.TextChoices):
    BULLETIN = "bulletin", _("bulletin")
    NEWS = "news", _("news")


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Any) -> "BulletinQuerySet":
        """Those of the user's organisations, drafts too."""
        return self.filter(body_id__in=user.organisation_ids())


class Bulletin(models.Model):
    """A numbered bulletin of a month, or one piece of news that may run out."""

    Kind = BulletinKind

    reference = models.CharField(max_length=20, unique=True, default=bulletin_reference, editable=False)
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bulletins")
    kind = models.CharField(_("kind"), max_length=10, choices=BulletinKind.choices, default=BulletinKind.BULLETIN)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)  # of bulletins, given by the service
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_cy = models.CharField(_("title in Welsh"), max_length=TITLE_LIMIT, blank=True)
    text = models.TextField(_("introduction, or the news itself"), max_length=TEXT_LIMIT, blank=True)
    text_cy = models.TextField(_("that in Welsh"), max_length=TEXT_LIMIT, blank=True)
    expires_on = models.DateField(_("last day on the list of news"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the record, against lost changes

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        constraints = (
            models.UniqueConstraint(fields=("body", "number"), name="bulletin_number_once"),
            models.CheckConstraint(
                condition=Q(kind="bulletin", number__isnull=False) | Q(kind="news", number__isnull=True),
                name="bulletins_are_numbered",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    def trail_organisation(self) -> Organisation:
        return self.body


class BulletinItem(models.Model):
    """One piece of a bulletin, in its order."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    headline = models.CharField(_("headline"), max_length=TITLE_LIMIT)
    headline_cy = models.CharField(_("headline in Welsh"), max_length=TITLE_LIMIT, blank=True)
    text = models.TextField(_("text"), max_length=ITEM_LIMIT)
    text_cy = models.TextField(_("text in Welsh"), max_length=ITEM_LIMIT, blank=True)
    link = models.URLField(_("where more is to be read"), max_length=200, blank=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.headline

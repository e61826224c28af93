"""What reorganisations leave behind: addresses that organisations had, and documents that passed to a successor."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation
from core.dates import today


class FormerSlug(models.Model):
    """An address that leads elsewhere: to the organisation that has another one now, or to the one that replaced it.

    An organisation that was split keeps its own: nobody can say to which successor it should lead.
    """

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_slugs")
    since = models.DateField()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class InheritedQuerySet(models.QuerySet["Inherited"]):
    def of(self, records: Iterable[models.Model]) -> "dict[int, Inherited]":
        """The newest of each record of one kind that was inherited, by its primary key. One query, none for none."""
        rows = list(records)
        if not rows:
            return {}
        kind = rows[0]._meta.label
        found = self.filter(kind=kind, record_id__in=[row.pk for row in rows]).select_related("predecessor")
        return {row.record_id: row for row in found.order_by("since", "pk")}


class Inherited(models.Model):
    """That a document was made by an organisation that ended, and holds at its successor until that has its own."""

    kind = models.CharField(max_length=100)  # the label of its table, such as "certification.Certificate"
    record_id = models.BigIntegerField()
    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bequeathed")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inherited")
    since = models.DateField()
    interim_until = models.DateField(null=True)  # None: nobody said until when

    objects = InheritedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "record_id", "successor"), name="inherited_once_by_each"),
            models.CheckConstraint(
                condition=Q(interim_until__isnull=True) | Q(interim_until__gte=models.F("since")),
                name="interim_days_in_order",
            ),
        )
        indexes = (models.Index(fields=("successor", "kind"), name="inherited_by"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"

    def is_interim(self, on: dt.date | None = None) -> bool:
        """Whether its day is still to come, where one was said."""
        return self.interim_until is None or (on or today()) <= self.interim_until

    def trail_organisation(self) -> Any:
        return self.successor

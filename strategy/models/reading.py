"""Readings of measures: one a day for each deliverable that is counted, never changed, with the list behind it."""

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from strategy.models.plan import Deliverable


class ReadingDetail(models.Model):
    """The list behind a number, once for all readings that have the same: canonical JSON of `measures.Row`s."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    content = models.TextField(editable=False)

    def __str__(self) -> str:
        return self.sha256

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.content)
        return found


class MeasureReading(models.Model):
    """What a measure counted for a day. `no_data` is the part of the denominator of which nothing is recorded."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="readings")
    measure = models.CharField(max_length=40)
    on = models.DateField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    no_data = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField(default=0)
    detail = models.ForeignKey(ReadingDetail, on_delete=models.PROTECT, related_name="readings")
    taken_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("deliverable", "on"), name="reading_once_a_day"),
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")) & Q(no_data__lte=F("denominator") - F("numerator")),
                name="reading_parts_of_the_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.on}: {self.numerator} of {self.denominator}"

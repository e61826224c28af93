"""Lifecycles: a table of moves, one function that makes them, and a history that cannot be orphaned.

This module is the only code that writes a status. A move is compare-and-set: no lock, and it works on every database.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from core import trail
from core.errors import IllegalMove, StaleRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class StatusChange(models.Model):
    """Who moved a record, when, from what, to what and why. Each workflow has its own table with a real key."""

    record: Any
    before = models.CharField(max_length=40, editable=False)
    after = models.CharField(max_length=40, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    note = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Workflow(models.Model):
    """A record with a `status` that only `move_to` writes.

    A subclass gives `MOVES` (status → statuses that may follow), a `status` field, and a `StatusChange` table whose
    `record` key has `related_name="changes"`. What time alone changes (expired, overdue) is never a status.
    """

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {}
    status: Any
    changes: Any

    class Meta:
        abstract = True

    def can_move_to(self, status: str) -> bool:
        """Whether `status` may follow the present one."""
        return status in self.MOVES.get(self.status, frozenset())

    @transaction.atomic
    def move_to(
        self, status: str, *, by: "AbstractBaseUser | None", note: str = "", note_in_trail: bool = True
    ) -> None:
        """Write `status`, its history row and its trail entry. Without `note_in_trail` the note stands in the history
        alone: for a note that the party whose trail it is must not read.

        Raises IllegalMove, StaleRecord; then nothing is written.
        """
        before = self.status
        if not self.can_move_to(status):
            raise IllegalMove(self, status)
        rows: Any = type(self)._base_manager.filter(pk=self.pk)
        if not rows.filter(status=before).update(status=status):
            raise StaleRecord(self)
        self.status = status
        self.changes.create(before=before, after=status, by=by, note=note)
        told = note if note_in_trail else ""
        trail.record("moved", self, by=by, before={"status": before}, after={"status": status, "note": told})

    @classmethod
    @transaction.atomic
    def move_many(cls, records: Iterable[Self], status: str, *, by: "AbstractBaseUser | None", note: str = "") -> int:
        """Move all of `records`, or none: a few statements per status for any number of them. Returns how many moved.

        Raises IllegalMove for the first record that may not move, StaleRecord if any was moved by somebody else.
        """
        groups: dict[str, list[Self]] = {}
        for record in records:
            if not record.can_move_to(status):
                raise IllegalMove(record, status)
            groups.setdefault(record.status, []).append(record)
        change = cls.changes.rel.related_model
        for before, group in groups.items():
            moved = cls._base_manager.filter(pk__in=[r.pk for r in group], status=before).update(status=status)
            if moved != len(group):
                raise StaleRecord(group[0])
            change.objects.bulk_create(
                [change(record=r, before=before, after=status, by=by, note=note) for r in group], batch_size=1000
            )
            for record in group:
                record.status = status
            trail.record_many("moved", group, by=by, before={"status": before}, after={"status": status, "note": note})
        return sum(map(len, groups.values()))

"""Reorganisations as they are planned, confirmed and carried out: which plan, by whom, what came of it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def reorganisation_reference() -> str:
    return new_reference("RO")


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def visible_to(self, user: Any) -> "ReorganisationQuerySet":
        """Those that bodies of the reader brought."""
        return self.filter(body__in=user.organisation_ids())


class Reorganisation(Workflow):
    """One plan file. What it would meet is found out each time anew; what it did is kept."""

    class Status(models.TextChoices):
        REHEARSED = "rehearsed", _("rehearsed, not confirmed")
        PLANNED = "planned", _("confirmed for its day")
        DONE = "done", _("done")
        STOPPED = "stopped", _("not done: something blocked it on its day")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.REHEARSED: frozenset({Status.PLANNED, Status.WITHDRAWN}),
        Status.PLANNED: frozenset({Status.DONE, Status.STOPPED, Status.WITHDRAWN}),
        Status.STOPPED: frozenset({Status.PLANNED, Status.WITHDRAWN}),
    }

    reference = models.CharField(max_length=20, unique=True, default=reorganisation_reference, editable=False)
    body = models.ForeignKey(  # whose administrator brought it; none: the command line
        Organisation, null=True, on_delete=models.PROTECT, related_name="reorganisations"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REHEARSED, editable=False)
    title = models.CharField(_("title"), max_length=400)  # "A and B become C", as the file says
    kind = models.CharField(max_length=10)
    vesting = models.DateField(_("vesting date"))
    text = models.TextField(editable=False)  # the file
    result: Any = models.JSONField(default=dict, editable=False)  # column → rows; or what blocked it
    brought_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ("-brought_at", "-pk")
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page at the body that brought it; '' for one that the command line brought."""
        return reverse("national:reorganisation", args=[self.body.slug, self.reference]) if self.body else ""

    def trail_organisation(self) -> Organisation | None:
        return self.body


class ReorganisationChange(StatusChange):
    record = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="changes")

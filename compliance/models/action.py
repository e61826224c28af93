"""The action plan: what is to be done about a gap, by whom, until when."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.assessment import Assessment
from compliance.models.code import Principle, Question
from compliance.models.evidence import Evidence
from compliance.models.system import CameraSystem
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def action_reference() -> str:
    return new_reference("AC")


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: Any) -> "ActionItemQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def open(self) -> "ActionItemQuerySet":
        return self.filter(status__in=(ActionItem.Status.OPEN, ActionItem.Status.IN_PROGRESS))

    def for_list(self) -> "ActionItemQuerySet":
        related = ("operator", "system", "assessment", "principle", "owner")
        return self.select_related(*related).order_by("due_on", "pk")

    def for_detail(self) -> "ActionItemQuerySet":
        """Also with what its own page leads to. One query."""
        further = ("question", "created_by", "system__operator", "assessment__system__operator")
        closing = ("closing_evidence__operator", "carried_from__operator", "carried_from__assessment")
        return self.for_list().select_related(*further, *closing)


class ActionItem(Workflow):
    """One action, from a gap or free (domain 3.4)."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    class Origin(models.TextChoices):
        GAP = "gap", _("a gap")
        FINDING = "finding", _("a finding")
        REVIEW = "review", _("a review")
        FREE = "free", _("planned freely")

    class Priority(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.IN_PROGRESS, Status.DONE, Status.DROPPED}),
        Status.IN_PROGRESS: frozenset({Status.OPEN, Status.DONE, Status.DROPPED}),
        Status.DONE: frozenset({Status.OPEN}),
        Status.DROPPED: frozenset({Status.OPEN}),
    }

    reference = models.CharField(max_length=20, unique=True, default=action_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="actions")
    system = models.ForeignKey(CameraSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    # Those of a self-assessment belong to a principle of it; a free one, or one from a review, need not.
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    principle = models.ForeignKey(Principle, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(_("where it comes from"), max_length=8, choices=Origin.choices, default=Origin.GAP)
    origin_reference = models.CharField(max_length=20, blank=True)  # of the finding or review, where there is one
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(_("what is to be done"), max_length=1000)
    owner = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, default=Priority.MEDIUM)
    due_on = models.DateField(_("due"))
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # counts accepted changes
    closing_evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("evidence")
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried_to")
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(assessment__isnull=True) | models.Q(principle__isnull=False),
                name="action_of_an_assessment_has_a_principle",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def is_open(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.IN_PROGRESS)

    def is_overdue(self, on: dt.date | None = None) -> bool:
        """Open after its due date; derived from the date, never stored."""
        return self.is_open() and self.due_on < (on or today())

    def trail_organisation(self) -> Organisation:
        return self.operator


class ActionChange(StatusChange):
    record = models.ForeignKey(ActionItem, on_delete=models.PROTECT, related_name="changes")


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads due dates: a person's own, or those of an organisation.

    Only a hash of the secret is kept. Revoking ends the address; another one is another row.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="calendar_feeds")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.user_id}/{self.organisation_id}"

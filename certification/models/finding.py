"""Between auditor and operator: clarifications, findings, and the operator's responses to them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application
from certification.models.engagement import MatterFile
from certification.models.review import StepReview
from certification.models.scheme import Criterion
from compliance.models import CameraSystem
from core.dates import today
from core.workflow import StatusChange, Workflow


class TalkQuerySet(models.QuerySet[Any]):
    """What clarifications and findings have in common: parties, a day by which somebody is waited for."""

    def readable_by(self, user: Any) -> Self:
        """Those of applications whose documents the user may read."""
        return self.filter(application__in=Application.objects.talk_readable_by(user).values("pk"))

    def overdue(self, on: dt.date | None = None) -> Self:
        """Those whose day is past while somebody is still waited for."""
        return self.filter(status__in=self.model.WAITING, due_on__lt=on or today())

    def for_list(self) -> Self:
        """With their applications, criteria and systems, the earliest due first. One or two queries."""
        return (
            self.select_related("application__operator", "application__body", "application__scheme", "criterion")
            .defer("application__frozen")
            .order_by(F("due_on").asc(nulls_last=True), "application__pk", "number")
        )


class ClarificationQuerySet(TalkQuerySet):
    def for_thread(self) -> Self:
        """With every message and its files. Three queries."""
        messages = ClarificationMessage.objects.select_related("by", "organisation").prefetch_related("files")
        return self.select_related("criterion", "system", "opened_by").prefetch_related(
            models.Prefetch("messages", messages)
        )

    def with_last_message(self) -> Self:
        """`last_at`: when somebody wrote last."""
        return self.annotate(last_at=Max("messages__at"))


class Clarification(Workflow):
    """A thread about one question or criterion: who is waited for is its status."""

    class Status(models.TextChoices):
        WAITS_FOR_OPERATOR = "operator", _("waits for the operator")
        WAITS_FOR_AUDITOR = "auditor", _("waits for the auditor")
        CLOSED = "closed", _("closed")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.WAITS_FOR_OPERATOR: frozenset({Status.WAITS_FOR_AUDITOR, Status.CLOSED}),
        Status.WAITS_FOR_AUDITOR: frozenset({Status.WAITS_FOR_OPERATOR, Status.CLOSED}),
        Status.CLOSED: frozenset({Status.WAITS_FOR_OPERATOR}),
    }
    OPEN: ClassVar = (Status.WAITS_FOR_OPERATOR, Status.WAITS_FOR_AUDITOR)
    WAITING: ClassVar = (Status.WAITS_FOR_OPERATOR,)  # for what `due_on` says

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="clarifications")
    review = models.ForeignKey(StepReview, on_delete=models.PROTECT, related_name="clarifications")
    number = models.PositiveIntegerField()  # within the application, from 1: C1
    criterion = models.ForeignKey(Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    principle = models.PositiveSmallIntegerField()
    question = models.PositiveSmallIntegerField(null=True, blank=True)  # its number in the submission
    system = models.ForeignKey(CameraSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=150)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITS_FOR_OPERATOR, editable=False)
    due_on = models.DateField(_("answer wanted by"), null=True, blank=True)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("application", "number"), name="clarification_number_once"),)

    def __str__(self) -> str:
        return f"C{self.number}"

    @property
    def reference(self) -> str:
        return f"{self.application.reference}/C{self.number}"

    def is_overdue(self, on: dt.date | None = None) -> bool:
        """The twin of `overdue`."""
        return self.status in self.WAITING and self.due_on is not None and self.due_on < (on or today())

    def trail_organisation(self) -> Organisation:
        return self.application.operator


class ClarificationChange(StatusChange):
    record = models.ForeignKey(Clarification, on_delete=models.PROTECT, related_name="changes")


class ClarificationMessage(models.Model):
    """One message in a thread. Never changed."""

    clarification = models.ForeignKey(Clarification, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(max_length=4000)
    files = models.ManyToManyField(MatterFile, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # whose side speaks
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.clarification_id}: {self.at}"


class FindingQuerySet(TalkQuerySet):
    def for_finding(self) -> Self:
        """With its answers, their files and what happened to it. Five queries."""
        responses = FindingResponse.objects.select_related("by", "judged_by").prefetch_related("files")
        changes = FindingChange.objects.select_related("by")
        return self.select_related("criterion", "raised_by", "review").prefetch_related(
            "systems", models.Prefetch("responses", responses), models.Prefetch("changes", changes)
        )


class Finding(Workflow):
    """What an auditor found, in a class of the scheme, which says whether it blocks an award (`finding_classes`)."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered by the operator")
        PLAN_ACCEPTED = "plan", _("plan accepted")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled by the auditor")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.ANSWERED, Status.CLOSED, Status.CANCELLED}),
        Status.ANSWERED: frozenset({Status.OPEN, Status.PLAN_ACCEPTED, Status.CLOSED, Status.CANCELLED}),
        Status.PLAN_ACCEPTED: frozenset({Status.ANSWERED, Status.OPEN, Status.CLOSED}),
        Status.CLOSED: frozenset({Status.OPEN}),
    }
    UNSETTLED: ClassVar = (Status.OPEN, Status.ANSWERED)
    WAITING: ClassVar = (Status.OPEN, Status.PLAN_ACCEPTED)  # for what `due_on` says

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    review = models.ForeignKey(StepReview, on_delete=models.PROTECT, related_name="findings")  # which raised it
    number = models.PositiveIntegerField()  # within the application, from 1: F1
    class_key = models.CharField(_("class"), max_length=20)  # of the scheme's `finding_classes`
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="findings")
    question = models.PositiveSmallIntegerField(null=True, blank=True)
    systems = models.ManyToManyField(CameraSystem, blank=True, related_name="+")
    text = models.TextField(_("what was found"), max_length=4000)
    evidence = models.TextField(_("what it rests on"), blank=True, max_length=2000)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)
    due_on = models.DateField(_("to be put right by"), null=True, blank=True)
    raised_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    # At the next review: in which, and what was seen there
    followed_up_in = models.ForeignKey(
        StepReview, null=True, blank=True, on_delete=models.PROTECT, related_name="followed_up"
    )
    follow_up = models.TextField(_("what was seen at the follow-up"), blank=True, max_length=2000)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("application", "number"), name="finding_number_once"),)

    def __str__(self) -> str:
        return f"F{self.number}"

    @property
    def reference(self) -> str:
        return f"{self.application.reference}/F{self.number}"

    def is_overdue(self, on: dt.date | None = None) -> bool:
        """The twin of `overdue`."""
        return self.status in self.WAITING and self.due_on is not None and self.due_on < (on or today())

    def trail_organisation(self) -> Organisation:
        return self.application.operator


class FindingChange(StatusChange):
    record = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="changes")


class FindingResponse(models.Model):
    """What the operator answered: cause, what was done or is planned, until when, with files. Never changed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="responses")
    cause = models.TextField(_("why it came about"), blank=True, max_length=2000)
    text = models.TextField(_("what was done, or is planned"), max_length=4000)
    done_by = models.DateField(_("done, or to be done, by"), null=True, blank=True)
    files = models.ManyToManyField(MatterFile, blank=True, related_name="+")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # The auditor's word on it; None: not yet
    is_accepted = models.BooleanField(null=True)
    reason = models.TextField(blank=True, max_length=2000)
    judged_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.at}"

    @property
    def reference(self) -> str:
        return self.finding.reference

    def trail_organisation(self) -> Organisation:
        return self.finding.application.operator

"""Working on a self-assessment together: links between answers, comments, who answers what, questions sent out."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.assessment import Assessment, Choice
from compliance.models.code import Principle, Question
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def question_request_reference() -> str:
    return new_reference("QR")


class AnswerLink(models.Model):
    """One question that several running self-assessments of an operator answer together.

    Each keeps an Answer of its own; a save through one writes all in one transaction, and a conflict in any refuses all
    (design 4). What is linked reads the same: linking makes it so.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    linked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.question_id} #{self.pk}"


class LinkedAnswer(models.Model):
    """That a self-assessment takes part in a link. No row, no link: unlinking deletes it and changes no answer."""

    link = models.ForeignKey(AnswerLink, on_delete=models.CASCADE, related_name="members")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="linked_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "question"), name="one_link_per_question"),)

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.question_id}"


class PrincipleAssignment(models.Model):
    """Who is asked to answer a principle; anybody who may edit still can."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assignments")
    principle = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "principle", "user"), name="principle_assigned_once"),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.principle_id}: {self.user_id}"


class Comment(models.Model):
    """A remark among colleagues beside a question; no part of the answer, of what is signed, or of what is public."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.question_id} by {self.by_id}"

    def trail_organisation(self) -> Organisation:
        return self.assessment.system.operator


class QuestionRequestQuerySet(models.QuerySet["QuestionRequest"]):
    def visible_to(self, user: Any) -> "QuestionRequestQuerySet":
        return self.filter(assessment__system__operator_id__in=user.organisation_ids())

    def waiting(self, now: dt.datetime | None = None) -> "QuestionRequestQuerySet":
        """Sent, not answered, and the link still works; the twin of `QuestionRequest.can_be_answered`."""
        return self.filter(status=QuestionRequest.Status.SENT, expires_at__gt=now or timezone.now())


class QuestionRequest(Workflow):
    """One question sent to somebody without an account by a link that works once; the reply is a suggestion."""

    class Status(models.TextChoices):
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("answered")
        TAKEN = "taken", _("taken over")
        DECLINED = "declined", _("not taken over")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.SENT: frozenset({Status.ANSWERED, Status.WITHDRAWN}),
        Status.ANSWERED: frozenset({Status.TAKEN, Status.DECLINED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=question_request_reference, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="question_requests")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT, editable=False)
    email = models.EmailField(_("email address"))
    name = models.CharField(_("name or post"), max_length=120)
    message = models.TextField(_("message"), max_length=2000, blank=True)
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    choice = models.CharField(max_length=3, choices=Choice.choices, blank=True)
    text = models.TextField(blank=True)
    answered_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return self.reference

    def can_be_answered(self, now: dt.datetime | None = None) -> bool:
        """The link still works; derived from the date, never stored."""
        return self.status == self.Status.SENT and self.expires_at > (now or timezone.now())

    def trail_organisation(self) -> Organisation:
        return self.assessment.system.operator


class QuestionRequestChange(StatusChange):
    record = models.ForeignKey(QuestionRequest, on_delete=models.PROTECT, related_name="changes")


class AssessmentLook(models.Model):
    """When somebody last looked through the changes of a self-assessment: what came later is new to them."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "user"), name="one_look_per_person"),)

    def __str__(self) -> str:
        return f"{self.assessment_id} by {self.user_id}"


class AnswerDisclosure(models.Model):
    """Whether the public copy shows an answer. No row: public, but for questions that are withheld by default."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="disclosures")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField()
    reason = models.CharField(_("why it is withheld"), max_length=500, blank=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "question"), name="one_disclosure_per_question"),
            models.CheckConstraint(condition=Q(is_public=True) | ~Q(reason=""), name="withheld_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.question_id}: {self.is_public}"

    def trail_organisation(self) -> Organisation:
        return self.assessment.system.operator

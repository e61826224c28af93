"""Self-assessments: one row per answer with a version, every accepted version kept, and what was signed, frozen."""

import functools
from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.code import CodeEdition, Question
from compliance.models.system import CameraSystem
from core.addresses import address_of
from core.references import new_reference
from core.workflow import StatusChange, Workflow

LANGUAGES = (("en", _("English")), ("cy", _("Welsh")))  # in which an answer may be written


def assessment_reference() -> str:
    return new_reference("SA")


def signed_reference() -> str:
    return new_reference("SS")


def signed_document_path(signed: "SignedAssessment", name: str) -> str:
    return f"signed/{signed.signed_at:%Y/%m}/{signed.reference}.pdf"


class Choice(models.TextChoices):
    """The closed part of an answer; empty where a question asks for text only, or nothing is chosen yet."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_APPLICABLE = "na", _("Not applicable")


class Origin(models.TextChoices):
    """How a version of an answer came about."""

    TYPED = "typed", _("typed")
    RESTORED = "restored", _("restored from an earlier version")
    CARRIED = "carried", _("carried over")
    CONFIRMED = "confirmed", _("reconfirmed")
    IMPORTED = "imported", _("taken from a file")
    SUGGESTED = "suggested", _("taken from a suggestion")
    LINKED = "linked", _("saved through a linked question")


def _count_of(model: str, condition: Q) -> Coalesce:
    """How many rows of `model` an assessment has, counted apart: two joins at once would multiply their rows."""
    rows = apps.get_model(model)._base_manager.filter(condition, assessment=OuterRef("pk")).order_by()
    counted = rows.values("assessment").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


@functools.cache  # as expressions they are never changed, and putting them together took a tenth of the list's time
def _counts() -> dict[str, Coalesce]:
    return {
        "answered": _count_of("compliance.Answer", ~Q(choice="", text="")),
        "open_actions": _count_of("compliance.ActionItem", Q(status__in=("open", "in_progress"))),
    }


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """Self-assessments of the operators that the user belongs to."""
        return self.filter(system__operator_id__in=user.organisation_ids())

    def for_list(self) -> "AssessmentQuerySet":
        """With counts, newest first. One query."""
        return self.select_related("system__operator", "edition").annotate(**_counts()).order_by("-started_at", "-pk")

    def for_detail(self) -> "AssessmentQuerySet":
        return self.select_related("system__operator", "edition").prefetch_related("system__technologies")


class Assessment(Workflow):
    """A self-assessment of one system against one edition of the Code (domain 9.3 as changed by design 4)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        READY = "ready_for_sign_off", _("waiting for sign-off")
        SIGNED = "signed", _("signed")
        SUPERSEDED = "superseded", _("superseded")
        ABANDONED = "abandoned", _("abandoned")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.READY, Status.ABANDONED}),
        Status.READY: frozenset({Status.DRAFT, Status.SIGNED}),
        Status.SIGNED: frozenset({Status.SUPERSEDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=assessment_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="assessments")
    edition = models.ForeignKey(CodeEdition, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    scope = models.TextField(_("scope"), max_length=4000, blank=True)
    scope_version = models.PositiveIntegerField(default=0, editable=False)  # counts accepted saves of the scope
    # The one that it was begun from: reopened, carried forward, or of another system.
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    reopen_reason = models.TextField(max_length=2000, blank=True)
    started_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        constraints = (
            models.UniqueConstraint(
                fields=("system",),
                condition=Q(status__in=("draft", "ready_for_sign_off")),
                name="one_running_assessment_per_system",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return address_of("compliance:assessment", self.system.operator.slug, self.reference)

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class AssessmentChange(StatusChange):
    record = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="changes")


class Answer(models.Model):
    """The answer to one question. `version` counts accepted saves: a save against an older one is a conflict."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    choice = models.CharField(max_length=3, choices=Choice.choices, blank=True)
    text = models.TextField(blank=True)  # the text, the explanation, or why it is not applicable
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    version = models.PositiveIntegerField(default=0)
    # Carried over and not yet reconfirmed: from where, in words that stay readable (a reference, a file name); else ''.
    carried_from = models.CharField(max_length=160, blank=True)
    updated_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "question"), name="one_answer_per_question"),)

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.question_id} v{self.version}"

    @property
    def reference(self) -> str:
        return f"{self.assessment.reference}/{self.question.number}"

    @property
    def is_given(self) -> bool:
        return bool(self.choice or self.text)

    def trail_organisation(self) -> Organisation:
        return self.assessment.system.operator


class AnswerRevision(models.Model):
    """One accepted version of an answer, kept for ever."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    choice = models.CharField(max_length=3, choices=Choice.choices, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="en")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TYPED)
    note = models.CharField(max_length=200, blank=True)  # restored from which version, carried from where
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("answer", "version"), name="answer_version_once"),)

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


class SignedAssessment(models.Model):
    """What the SRO signed: canonical JSON, its SHA-256, the typed name and post. Never changed."""

    reference = models.CharField(max_length=20, unique=True, default=signed_reference, editable=False)
    assessments = models.ManyToManyField(Assessment, related_name="signed_as")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="signed_assessments")
    content = models.TextField(editable=False)  # the exact text that was hashed
    sha256 = models.CharField(max_length=64, editable=False)
    document = models.FileField(upload_to=signed_document_path, blank=True, editable=False)  # printed by a worker, once
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    typed_name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-signed_at",)

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.operator

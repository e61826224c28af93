"""Questions and answers between the people of councils, police forces and national bodies, and who offers help. Inside
alone: nothing of it is ever published.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from strategy.models.resources import Topic

TITLE_LIMIT, TEXT_LIMIT, REASON_LIMIT, NOTE_LIMIT = 150, 4000, 500, 300


def question_reference() -> str:
    return new_reference("QA")


def still_there(user: str, organisation: str) -> Exists:
    """Whether who wrote it still belongs to the organisation for which it was written."""
    return Exists(Membership.objects.current().filter(user=OuterRef(user), organisation=OuterRef(organisation)))


class MemberQuestionQuerySet(models.QuerySet["MemberQuestion"]):
    def visible_to(self, user: Any) -> "MemberQuestionQuerySet":
        """All that are not hidden, and one's own."""
        return self.filter(~Q(status=MemberQuestion.Status.HIDDEN) | Q(asked_by=user))

    def for_list(self) -> "MemberQuestionQuerySet":
        """With who asked and how many answered; nothing that was made up for training."""
        shown = Q(answers__hidden_at__isnull=True, answers__organisation__is_training=False)
        named = (
            self.filter(organisation__is_training=False)
            .select_related("organisation", "asked_by")
            .annotate(is_there=still_there("asked_by", "organisation"))
        )
        return named.annotate(answered=models.Count("answers", filter=shown)).order_by("-asked_at", "-pk")


class MemberQuestion(Workflow):
    """What somebody asks colleagues elsewhere."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        HIDDEN = "hidden", _("hidden")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.ANSWERED, Status.HIDDEN}),
        Status.ANSWERED: frozenset({Status.OPEN, Status.HIDDEN}),
        Status.HIDDEN: frozenset({Status.OPEN}),
    }

    reference = models.CharField(max_length=20, unique=True, default=question_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    title = models.CharField(_("question"), max_length=TITLE_LIMIT)
    text = models.TextField(_("what one should know to answer"), max_length=TEXT_LIMIT, blank=True)

    objects = MemberQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a member")
        verbose_name_plural = _("questions of members")

    def __str__(self) -> str:
        return self.title

    def trail_organisation(self) -> Organisation:
        return self.organisation


class MemberQuestionChange(StatusChange):
    record = models.ForeignKey(MemberQuestion, on_delete=models.PROTECT, related_name="changes")


class MemberAnswer(models.Model):
    """What somebody elsewhere answers."""

    question = models.ForeignKey(MemberQuestion, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now, editable=False)
    text = models.TextField(_("answer"), max_length=TEXT_LIMIT)
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_reason = models.CharField(max_length=REASON_LIMIT, blank=True, editable=False)

    class Meta:
        ordering = ("answered_at", "pk")

    def __str__(self) -> str:
        return f"{self.question_id}, {self.pk}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class HelpOffer(models.Model):
    """Somebody may be asked about some topics; they say so themselves, and stop when they like."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topics: Any = models.JSONField(default=list)  # of Topic
    note = models.CharField(_("what you can help with"), max_length=NOTE_LIMIT, blank=True)
    offered_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (models.UniqueConstraint(fields=("organisation", "user"), name="one_offer_of_help"),)

    def __str__(self) -> str:
        return f"{self.user_id}, {self.organisation_id}"

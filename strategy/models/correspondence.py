"""What a group decides between two meetings, in writing: asked, answered by its members, concluded."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.dates import today
from strategy.models.groups import Group, GroupMembership

QUESTION_LIMIT, REMARK_LIMIT = 2000, 1000


class View(models.TextChoices):
    SUPPORTS = "supports", _("supports it")
    OPPOSES = "opposes", _("opposes it")
    ABSTAINS = "abstains", _("abstains")


class CorrespondenceDecision(models.Model):
    """A question in writing, known in the group as C3. It is open until it is concluded."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    question = models.TextField(_("what was asked"), max_length=QUESTION_LIMIT)
    question_cy = models.TextField(_("that in Welsh"), max_length=QUESTION_LIMIT, blank=True)
    asked_on = models.DateField(_("asked on"), default=today)
    answers_by = models.DateField(_("answers by"))
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    outcome = models.TextField(_("what was decided"), max_length=QUESTION_LIMIT, blank=True)
    outcome_cy = models.TextField(_("what was decided, in Welsh"), max_length=QUESTION_LIMIT, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("group", "number"), name="decision_once_per_group"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, outcome="") | Q(decided_on__gte=F("asked_on")),
                name="decision_days_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.group.slug} {self.label}"

    @property
    def label(self) -> str:
        return f"C{self.number}"

    @property
    def local_question(self) -> str:
        return local_text(self, "question")

    @property
    def local_outcome(self) -> str:
        return local_text(self, "outcome")

    def is_late(self, on: dt.date | None = None) -> bool:
        """Open, and the day for answers is over."""
        return self.decided_on is None and self.answers_by < (on or today())

    def trail_organisation(self) -> Organisation:
        return self.group.body


class CorrespondenceAnswer(models.Model):
    """What one seat answered. It may be changed until the decision is concluded."""

    decision = models.ForeignKey(CorrespondenceDecision, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(GroupMembership, on_delete=models.PROTECT, related_name="answers")
    view = models.CharField(_("view"), max_length=10, choices=View.choices)
    remark = models.TextField(_("remark"), max_length=REMARK_LIMIT, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("membership__organisation__name", "pk")
        constraints = (models.UniqueConstraint(fields=("decision", "membership"), name="answer_once_per_seat"),)

    def __str__(self) -> str:
        return f"{self.membership}: {self.view}"

    def trail_organisation(self) -> Organisation:
        return self.decision.group.body

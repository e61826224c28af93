"""Reviews: the auditor's own verdict per criterion beside the operator's answers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application, AuditorAssignment
from certification.models.scheme import Aim, Criterion


class StepReview(models.Model):
    """One step's review by one auditor: begun, concluded, with a recommendation."""

    class Step(models.TextChoices):
        DESKTOP = "step1", _("step 1: desktop")
        ON_SITE = "step2", _("step 2: on site")
        SURVEILLANCE = "watch", _("surveillance review")

    class Recommendation(models.TextChoices):
        AWARD = "award", _("recommend award")
        DECLINE = "decline", _("recommend that no certificate is awarded")
        CONTINUE = "continue", _("recommend that the certificate continues")  # surveillance only, as the two below
        SUSPEND = "suspend", _("recommend suspension")
        WITHDRAW = "withdraw", _("recommend withdrawal")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    assignment = models.ForeignKey(AuditorAssignment, on_delete=models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=6, choices=Step.choices)
    begun_at = models.DateTimeField(default=timezone.now)
    concluded_at = models.DateTimeField(null=True)
    recommendation = models.CharField(max_length=8, choices=Recommendation.choices, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    due_on = models.DateField(_("due"), null=True, blank=True)
    planned_days = models.DecimalField(_("planned days"), max_digits=5, decimal_places=1, null=True, blank=True)
    actual_days = models.DecimalField(_("actual days"), max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application", "step"),
                condition=models.Q(concluded_at__isnull=True),
                name="one_open_review_per_step",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.step}"

    @property
    def leads_to_visit(self) -> bool:
        """Whether a good end of it is no recommendation to award yet, but step 2 on site."""
        return self.step == self.Step.DESKTOP and self.application.aim == Aim.FULL

    @property
    def reference(self) -> str:
        return self.application.reference

    def trail_organisation(self) -> Organisation:
        return self.application.body


class Verdict(models.Model):
    """The auditor's verdict on one criterion. No row: no verdict yet; nothing is ever ticked beforehand."""

    class Grade(models.TextChoices):
        MET = "met", _("met")
        PARTLY = "partly", _("partly met")
        NOT_MET = "not_met", _("not met")
        NOT_APPLICABLE = "na", _("does not apply")

    review = models.ForeignKey(StepReview, on_delete=models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="verdicts")
    grade = models.CharField(_("verdict"), max_length=8, choices=Grade.choices)
    note = models.TextField(_("note"), blank=True, max_length=4000)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "criterion"), name="one_verdict_per_criterion"),)

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.grade}"

    @property
    def reference(self) -> str:
        return f"{self.review.application.reference}/{self.criterion.key}"

    def trail_organisation(self) -> Organisation:
        return self.review.application.body

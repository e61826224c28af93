"""A delivery plan on paper, in each language: made by a worker when a reading or a report changed what it says."""

from django.db import models
from django.utils import timezone

from strategy.models.plan import Strategy


class PlanPrint(models.Model):
    """The newest file of a plan in a language; `says` is the hash of what it was printed from."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="prints")
    language = models.CharField(max_length=5)
    says = models.CharField(max_length=64, editable=False)
    file = models.FileField(upload_to="strategy/plans/", editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("strategy", "language")
        constraints = (models.UniqueConstraint(fields=("strategy", "language"), name="one_print_of_a_plan"),)

    def __str__(self) -> str:
        return f"{self.strategy_id}, {self.language}"

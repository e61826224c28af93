"""Which documents of a council's records were made from which edition of a model."""

from django.db import models
from django.utils import timezone

from compliance.models import Evidence


class ModelCopy(models.Model):
    """A copy is evidence like any other; this says where it came from. Nothing of it is ever changed."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="model_copy")
    model = models.CharField(max_length=40)  # the key of the model
    edition = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    copied_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-copied_at", "-pk")

    def __str__(self) -> str:
        return f"{self.model}, {self.edition}, {self.language}"

"""The PDF of a published agreement: made by a worker from what was frozen, without what is withheld."""

from django.db import models
from django.utils import timezone

from transparency.models.publication import Publication


class AgreementCopy(models.Model):
    """The file of one version. Only that of the version in force is served."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="agreement_copy")
    file = models.FileField(upload_to="agreements/public/", editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.publication_id}, as PDF"

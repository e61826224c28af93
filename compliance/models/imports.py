"""Lists of cameras that were brought in: what a person confirmed, how the rows were sorted, and how to take it back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.camera import Camera
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def import_reference() -> str:
    return new_reference("IM")


class ListMapping(models.Model):
    """What a person confirmed for one shape of an operator's list: it is the guess for the next edition of it."""

    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="list_mappings")
    shape = models.CharField(max_length=64)  # SHA-256 over the column headings in order
    mapping = models.JSONField(default=dict)  # heading or "column N" → field
    crs = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    has_header = models.BooleanField(default=True)
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("operator", "shape"), name="mapping_once_per_shape"),)

    def __str__(self) -> str:
        return f"{self.operator_id} {self.shape[:8]}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Any) -> "ImportRunQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())

    def for_list(self) -> "ImportRunQuerySet":
        return self.select_related("system__operator", "by").order_by("-at", "-pk")


class ImportRun(Workflow):
    """One list on its way into the register: which file, by whom, how it is read, how its rows were sorted, what became
    of it. The counts are the words of design 7; they add up to `rows`, apart from `gone`.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("to be confirmed")  # the guess of its columns is shown
        SORTING = "sorting", _("being sorted")
        SORTED = "sorted", _("sorted, to be looked at")
        APPLYING = "applying", _("being entered")
        APPLIED = "applied", _("entered")
        UNDONE = "undone", _("taken back")
        FAILED = "failed", _("could not be read")
        DISCARDED = "discarded", _("discarded")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.UPLOADED: frozenset({Status.SORTING, Status.FAILED, Status.DISCARDED}),
        Status.SORTING: frozenset({Status.SORTED, Status.FAILED}),
        # An overtaken sorting is done again
        Status.SORTED: frozenset({Status.APPLYING, Status.SORTING, Status.UPLOADED, Status.DISCARDED}),
        Status.APPLYING: frozenset({Status.APPLIED, Status.SORTED, Status.FAILED}),
        Status.APPLIED: frozenset({Status.UNDONE}),
        Status.FAILED: frozenset({Status.UPLOADED, Status.DISCARDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=import_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="import_runs")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED, editable=False)
    file_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # How it is read
    settings = models.JSONField(default=dict)  # of ListSettings, and `transformation` once it is sorted
    # How its rows were sorted (design 7)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    renumbered = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    estate = models.JSONField(default=list, editable=False)  # what the cameras were when it was sorted
    failure = models.CharField(max_length=500, blank=True, editable=False)
    applied_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="applied") | Q(applied_at__isnull=False), name="applied_run_has_its_time"
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def counts(self) -> dict[str, int]:
        """The sorting in the words of design 7."""
        names = ("rows", "new", "unchanged", "changed", "moved", "renumbered", "gone", "duplicate", "refused")
        return {name: getattr(self, name) for name in names}

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class ImportRunChange(StatusChange):
    record = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes")


class ImportProblem(models.Model):
    """What is wrong with one row of a list, in the order of the rows. Rows of their own: a list may have any number."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()  # as a spreadsheet counts; 0: the file as a whole
    code = models.CharField(max_length=60)
    message = models.TextField()
    sorted_as = models.CharField(max_length=12, blank=True)  # where the row landed; blank for the file as a whole

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"


class ImportedChange(models.Model):
    """What one list changed of one camera that was there before, so that it can be taken back."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changed_cameras")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="imported_changes")
    sorted_as = models.CharField(max_length=12)  # changed, moved, renumbered or gone
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # field → value; the status where it moved
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=1)  # of the camera afterwards
    # Of a camera that moved: the placement that was written for it, and the open one that ended
    placement = models.ForeignKey("Placement", null=True, on_delete=models.PROTECT, related_name="+")
    ended_placement = models.ForeignKey("Placement", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "camera"), name="camera_once_per_import"),)

    def __str__(self) -> str:
        return f"{self.sorted_as} {self.camera_id}"

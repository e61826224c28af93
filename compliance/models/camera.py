"""Cameras and the runs that brought them in.

A camera's position is its place now; placements come with their history.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.system import CameraSystem
from core.workflow import StatusChange, Workflow


class Precision(models.TextChoices):
    """How exactly the public may know where a camera is (domain 7.5)."""

    EXACT = "exact", _("exact place")
    STREET = "street", _("street")
    WARD = "ward", _("ward")
    WITHHELD = "withheld", _("withheld, with a reason")


class CameraType(models.TextChoices):
    FIXED = "fixed", _("fixed")
    PTZ = "ptz", _("pan, tilt and zoom")
    DOME = "dome", _("dome")
    REDEPLOYABLE = "redeployable", _("redeployable")
    MOBILE_VEHICLE = "mobile_vehicle", _("on a vehicle")
    ANPR = "anpr", _("number plate reader")
    BWV = "bwv", _("body-worn")
    DRONE = "drone", _("drone")
    UNKNOWN = "unknown", _("not stated")


class CameraQuerySet(models.QuerySet["Camera"]):
    def visible_to(self, user: Any) -> "CameraQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())

    def in_use(self) -> "CameraQuerySet":
        """Cameras that exist in the street: not proposed, refused or gone."""
        return self.filter(status__in=Camera.IN_USE)

    def for_list(self) -> "CameraQuerySet":
        """By number, 9 before 10: the shorter first."""
        return self.select_related("system").order_by(Length("operator_ref"), "operator_ref", "pk")

    def wards(self) -> list[str]:
        """The wards that cameras stand in, by name. One query."""
        return list(self.exclude(ward="").order_by("ward").values_list("ward", flat=True).distinct())

    def matching(self, *, text: str = "", status: str = "", camera_type: str = "", ward: str = "") -> "CameraQuerySet":
        """Those of a state, type and ward whose number or place has `text` in it; empty values do not narrow."""
        exact = {"status": status, "camera_type": camera_type, "ward": ward}
        found = self.filter(**{name: value for name, value in exact.items() if value})
        if text:
            found = found.filter(Q(operator_ref__icontains=text) | Q(location__icontains=text))
        return found


class Camera(Workflow):
    """One camera of a system. Its lifecycle is design 4 over domain 9.2."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        OR_DEFINED = "or_defined", _("operational requirement defined")
        CONSULTATION = "consultation", _("in consultation")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        INSTALLED = "installed", _("installed")
        OPERATIONAL = "operational", _("operational")
        FAULTY = "faulty", _("faulty")
        UNDER_REVIEW = "under_review", _("under review")
        REMOVE_RECOMMENDED = "remove_recommended", _("removal recommended")
        DECOMMISSIONED = "decommissioned", _("decommissioned")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PROPOSED: frozenset({Status.OR_DEFINED}),
        Status.OR_DEFINED: frozenset({Status.CONSULTATION}),
        Status.CONSULTATION: frozenset({Status.APPROVED, Status.REFUSED}),
        Status.APPROVED: frozenset({Status.INSTALLED}),
        Status.INSTALLED: frozenset({Status.OPERATIONAL}),
        Status.OPERATIONAL: frozenset({Status.FAULTY, Status.UNDER_REVIEW, Status.REMOVE_RECOMMENDED}),
        Status.FAULTY: frozenset({Status.OPERATIONAL, Status.REMOVE_RECOMMENDED}),
        Status.UNDER_REVIEW: frozenset({Status.OPERATIONAL, Status.REMOVE_RECOMMENDED}),
        Status.REMOVE_RECOMMENDED: frozenset({Status.OPERATIONAL, Status.DECOMMISSIONED}),
    }
    IN_USE: ClassVar = (
        Status.OPERATIONAL,
        Status.FAULTY,
        Status.UNDER_REVIEW,
        Status.REMOVE_RECOMMENDED,
    )

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="cameras")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PROPOSED, editable=False)
    operator_ref = models.CharField(_("the operator's own number"), max_length=60, blank=True)
    location = models.CharField(_("street or landmark"), max_length=250, blank=True)
    ward = models.CharField(_("ward"), max_length=120, blank=True)
    ward_code = models.CharField(_("ward code"), max_length=12, blank=True)
    camera_type = models.CharField(_("type"), max_length=20, choices=CameraType.choices, default=CameraType.UNKNOWN)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    precision = models.CharField(
        _("shown to the public as"),
        max_length=10,
        choices=Precision.choices,
        default=Precision.STREET,
    )
    withheld_reason = models.CharField(_("reason for withholding"), max_length=250, blank=True)
    import_run = models.ForeignKey(
        "ImportRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cameras",
        editable=False,
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CameraQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera")
        verbose_name_plural = _("cameras")
        constraints = (
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__gte=49,
                    latitude__lte=56,
                    longitude__gte=-7,
                    longitude__lte=2.5,
                ),  # England and Wales with a margin
                name="camera_in_england_or_wales",
            ),
            models.CheckConstraint(
                condition=~Q(precision="withheld") | ~Q(withheld_reason=""),
                name="withheld_camera_has_reason",
            ),
        )
        indexes = (models.Index(fields=("system", "operator_ref"), name="camera_by_ref"),)

    def __str__(self) -> str:
        return self.operator_ref or self.location or f"camera {self.pk}"

    @property
    def reference(self) -> str:
        """What people call it: the operator's own number where there is one."""
        return str(self)

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class CameraChange(StatusChange):
    record = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="changes")


class ImportRun(models.Model):
    """One accepted list: which file, by whom, when, and how its rows were sorted."""

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="import_runs")
    file_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    # The preview that was accepted; unique, so that accepting it twice is one run. None: accepted on the command line.
    preview = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.file_name

    def trail_organisation(self) -> Organisation:
        return self.system.operator

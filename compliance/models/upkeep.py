"""Keeping cameras working: faults, visits, commissioning tests, yearly picture checks, and the firms that do it.

Results only, never footage: what a test showed is recorded in numbers and words.
"""

import functools
import operator
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from accounts.models import Organisation
from compliance.models.camera import Camera
from compliance.models.system import CameraSystem
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def fault_reference() -> str:
    return new_reference("FT")


def grant_reference() -> str:
    return new_reference("SG")


class FaultQuerySet(models.QuerySet["Fault"]):
    def visible_to(self, user: Any) -> "FaultQuerySet":
        return self.filter(camera__system__operator_id__in=user.organisation_ids())

    def open(self) -> "FaultQuerySet":
        return self.filter(status__in=(Fault.Status.REPORTED, Fault.Status.ATTENDED))

    def for_list(self) -> "FaultQuerySet":
        return self.select_related("camera__system__operator").order_by("-reported_at", "-pk")


class Fault(Workflow):
    """One fault of one camera, from report to repair. The times of those that stop pictures make the uptime."""

    class Status(models.TextChoices):
        REPORTED = "reported", _("reported")
        ATTENDED = "attended", _("attended, not repaired")
        REPAIRED = "repaired", _("repaired")
        DISMISSED = "dismissed", _("no fault found")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.REPORTED: frozenset({Status.ATTENDED, Status.REPAIRED, Status.DISMISSED}),
        Status.ATTENDED: frozenset({Status.REPAIRED, Status.DISMISSED}),
    }

    class Kind(models.TextChoices):
        NO_PICTURE = "no_picture", _("no picture")
        POOR_PICTURE = "poor_picture", _("poor picture")
        NO_RECORDING = "no_recording", _("not recorded")
        NO_MOVEMENT = "no_movement", _("cannot be moved")
        OBSTRUCTED = "obstructed", _("view obstructed")
        POWER = "power", _("no power")
        NETWORK = "network", _("no connection")
        DAMAGE = "damage", _("damaged")
        TIME = "time", _("wrong time")
        OTHER = "other", _("other")

    reference = models.CharField(max_length=20, unique=True, default=fault_reference, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="faults")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REPORTED, editable=False)
    kind = models.CharField(_("what is wrong"), max_length=14, choices=Kind.choices)
    stops_pictures = models.BooleanField(_("no usable pictures meanwhile"), default=True)
    description = models.TextField(_("description"), blank=True, max_length=2000)
    reported_at = models.DateTimeField(_("since when"), default=timezone.now)
    reported_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    repaired_at = models.DateTimeField(_("repaired at"), null=True, blank=True)
    repair = models.TextField(_("what was done"), blank=True, max_length=2000)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = FaultQuerySet.as_manager()

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")
        constraints = (
            models.CheckConstraint(
                condition=Q(repaired_at__isnull=True) | Q(repaired_at__gte=F("reported_at")),
                name="repaired_after_it_was_reported",
            ),
        )
        indexes = (models.Index(fields=("camera", "status"), name="fault_by_camera"),)

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.camera.system.operator


class FaultChange(StatusChange):
    record = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="changes")


class Recorded(models.Model):
    """Something that was done on a day, and who put it on record when."""

    on = models.DateField(_("date"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ("-on", "-pk")


class RecordedOfCamera(Recorded):
    """The same of one camera."""

    camera: Any
    camera_id: int

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.camera_id} {self.on}"

    def trail_organisation(self) -> Organisation:
        operator: Organisation = self.camera.system.operator
        return operator


class MaintenanceVisit(Recorded):
    """A visit by whoever maintains: when, to which cameras, what was done."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned maintenance")
        CLEANING = "cleaning", _("cleaning")
        REPAIR = "repair", _("repair")
        INSTALLATION = "installation", _("installation")

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="maintenance_visits")
    cameras = models.ManyToManyField(Camera, related_name="maintenance_visits", blank=True)
    kind = models.CharField(_("kind of visit"), max_length=12, choices=Kind.choices)
    note = models.TextField(_("what was done"), max_length=2000)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class CommissioningTest(RecordedOfCamera):
    """What a camera showed when it was commissioned, in the classes of one edition of the standard (domain 4.8).

    The classes and their figures are data: `compliance/data/standards/picture-classes.yaml`.
    """

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="commissioning_tests")
    standard = models.CharField(_("edition of the standard"), max_length=40)  # key of the data file
    picture_class = models.CharField(_("class that is required"), max_length=20, blank=True)
    pixels_per_metre = models.DecimalField(
        _("measured, pixels per metre"),
        max_digits=7,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    distance_metres = models.DecimalField(
        _("distance to the target (metres)"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    by_night = models.BooleanField(_("tested by night too"), default=False)
    recording_works = models.BooleanField(_("recording and export work"), default=False)
    passed = models.BooleanField(_("passed"), default=False)
    note = models.TextField(_("remarks"), blank=True, max_length=2000)


class PictureCheck(RecordedOfCamera):
    """The yearly look whether a camera still does what it was commissioned for: result only, never footage."""

    class Picture(models.TextChoices):
        AS_COMMISSIONED = "as_commissioned", _("as at commissioning")
        WORSE_USABLE = "worse_usable", _("worse, still good enough")
        NOT_GOOD_ENOUGH = "not_good_enough", _("not good enough")

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="picture_checks")
    export_works = models.BooleanField(_("an export was made and plays"))
    time_offset_seconds = models.IntegerField(_("clock is off by (seconds)"))
    picture = models.CharField(_("picture"), max_length=16, choices=Picture.choices)
    masks_hold = models.BooleanField(_("privacy masks are in place"), null=True, blank=True)
    sign_seen = models.BooleanField(_("the sign was seen"), default=False)
    note = models.TextField(_("remarks"), blank=True, max_length=1000)


class SystemGrantQuerySet(models.QuerySet["SystemGrant"]):
    def visible_to(self, user: Any) -> "SystemGrantQuerySet":
        """For the operator's people."""
        return self.filter(system__operator_id__in=user.organisation_ids())

    def current(self, user: Any = None) -> "SystemGrantQuerySet":
        """Those that hold today, of one person where given."""
        day = today()
        found = self.filter(starts_on__lte=day, ended_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )
        return found if user is None else found.filter(user=user)

    def held_by(self, user: Any) -> "SystemGrantQuerySet":
        """Those by which a person may act today: accepted, within their dates, with guardian's grant behind them."""
        rows = CameraSystemUserObjectPermission.objects.filter(user=user, content_object=OuterRef("system"))
        of_kind = [
            Q(kind__in=kinds) & Exists(rows.filter(permission__codename=name)) for name, kinds in GRANTED.items()
        ]
        return self.current(user).filter(functools.reduce(operator.or_, of_kind))

    def not_over(self) -> "SystemGrantQuerySet":
        """Not ended, and their last day is not past: offered, held, or to begin later."""
        return self.filter(ended_at__isnull=True).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()))

    def for_list(self) -> "SystemGrantQuerySet":
        return self.select_related("user", "given_by", "system__operator").order_by("-given_at", "-pk")


class SystemGrant(models.Model):
    """That a person who belongs to no organisation here may see and look after one system: installer, maintainer, or
    somebody of the hub that monitors it. Guardian's grant follows it.
    """

    class Kind(models.TextChoices):
        INSTALLER = "installer", _("installer")
        MAINTAINER = "maintainer", _("maintainer")
        HUB = "hub", _("member of the monitoring hub")

    reference = models.CharField(max_length=20, unique=True, default=grant_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField(_("as"), max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="system_grants"
    )
    email = models.EmailField(_("email address"))  # to which the invitation went
    company = models.CharField(_("company or hub"), max_length=150)
    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    given_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SystemGrantQuerySet.as_manager()

    class Meta:
        ordering = ("-given_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="grant_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.system.operator


# Guardian's permission for each kind of grant, by its name.
GRANTED: Mapping[str, tuple[str, ...]] = {
    "maintain_system": (SystemGrant.Kind.INSTALLER, SystemGrant.Kind.MAINTAINER),
    "monitor_system": (SystemGrant.Kind.HUB,),
}


class CameraSystemUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grants on systems, with a real key: those of installers, maintainers and members of hubs."""

    content_object = models.ForeignKey(CameraSystem, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("grant on a camera system")
        verbose_name_plural = _("grants on camera systems")

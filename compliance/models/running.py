"""Who watches the cameras, what is counted and never mapped, and who looked for cameras (domain 7.5, 11.8, 11.10)."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.system import MAX_COUNT, CameraSystem
from core.dates import today
from core.references import new_reference


def room_reference() -> str:
    return new_reference("CR")


class ControlRoomQuerySet(models.QuerySet["ControlRoom"]):
    def visible_to(self, user: Any) -> "ControlRoomQuerySet":
        return self.filter(organisation_id__in=user.organisation_ids())

    def for_list(self) -> "ControlRoomQuerySet":
        return self.select_related("organisation").order_by("name", "pk")


class ControlRoom(models.Model):
    """Where operators watch: may serve several councils. Its telephone is for police and partners, never public."""

    reference = models.CharField(max_length=20, unique=True, default=room_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="control_rooms")
    name = models.CharField(_("name of the control room"), max_length=120)
    hours = models.CharField(_("staffed hours"), max_length=200, blank=True)
    phone_24h = models.CharField(_("24-hour telephone, for police and partners"), max_length=40, blank=True)
    email = models.EmailField(_("email for requests"), blank=True)
    how_to_ask = models.TextField(_("how to ask for footage"), blank=True, max_length=2000)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ControlRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("control room")
        verbose_name_plural = _("control rooms")

    def __str__(self) -> str:
        return self.name

    def trail_organisation(self) -> Organisation:
        return self.organisation


class RoomServiceQuerySet(models.QuerySet["RoomService"]):
    def current(self) -> "RoomServiceQuerySet":
        """Those of today, both dates inclusive."""
        day = today()
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day))


class RoomService(models.Model):
    """That a control room watches a system, from when to when: a hub monitors for others."""

    room = models.ForeignKey(ControlRoom, on_delete=models.PROTECT, related_name="services")
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="room_services")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = RoomServiceQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("system",), condition=models.Q(ends_on__isnull=True), name="one_control_room_per_system"
            ),
        )

    def __str__(self) -> str:
        return f"{self.room_id} for {self.system_id}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class CountedUnits(models.Model):
    """Cameras that are counted and never mapped, as of a day. A new count is a new row; old ones are the history."""

    class Kind(models.TextChoices):
        BWV = "bwv", _("body-worn cameras")
        VEHICLE = "vehicle", _("vehicles with cameras")
        DRONE = "drone", _("drones")
        POLICE_ANPR = "police_anpr", _("police number plate readers")

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="counted_units")
    kind = models.CharField(_("what is counted"), max_length=12, choices=Kind.choices)
    count = models.PositiveIntegerField(_("how many"), validators=[MaxValueValidator(MAX_COUNT)])
    counted_on = models.DateField(_("counted on"))
    note = models.CharField(_("note"), max_length=250, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("kind", "-counted_on", "-pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class FinderSearch(models.Model):
    """That somebody of the police or of a partner looked for the cameras of a place: who, for whom, why, what came."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="finder_searches")
    at = models.DateTimeField(default=timezone.now, editable=False)
    place = models.CharField(max_length=200)  # as typed
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    metres = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=250)
    found = models.PositiveIntegerField()
    operators = models.ManyToManyField(Organisation, related_name="+")  # whose cameras were shown

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.place

"""Where cameras were, from when to when: relocations, and the dated placements of redeployable units (domain 9.2)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.camera import Camera, Precision
from core.references import new_reference


def placement_reference() -> str:
    return new_reference("PL")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Any) -> "PlacementQuerySet":
        return self.filter(camera__system__operator_id__in=user.organisation_ids())

    def for_list(self) -> "PlacementQuerySet":
        return self.select_related("camera__system__operator", "dpia").order_by("-starts_on", "-pk")


class Placement(models.Model):
    """One dated position of a camera: what it is there for, its sign, its DPIA, when it ends. The place is a copy."""

    reference = models.CharField(max_length=20, unique=True, default=placement_reference, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="placements")
    location = models.CharField(_("street or landmark"), max_length=250)
    ward = models.CharField(_("ward"), max_length=120, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    precision = models.CharField(
        _("shown to the public as"), max_length=10, choices=Precision.choices, default=Precision.STREET
    )
    target = models.TextField(_("the problem it is there for"), max_length=2000)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)  # of Purpose
    starts_on = models.DateField(_("from"))
    planned_end_on = models.DateField(_("planned until"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True, max_length=1000)
    sign_up_on = models.DateField(_("sign put up on"), null=True, blank=True)
    dpia = models.ForeignKey(
        "Dpia", null=True, blank=True, on_delete=models.PROTECT, related_name="placements", verbose_name=_("DPIA")
    )
    placed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("camera",), condition=Q(ends_on__isnull=True), name="one_open_placement_per_camera"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="placement_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.camera.system.operator


class PlacementEvaluation(models.Model):
    """What a placement did: before it, while it lasts, at its end and some months after (domain 9.2)."""

    class Stage(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("while it lasts")
        END = "end", _("at its end")
        AFTER = "after", _("some months after")

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.CharField(_("when"), max_length=6, choices=Stage.choices)
    on = models.DateField(_("date"))
    incidents = models.PositiveIntegerField(_("incidents in the period"), null=True, blank=True)
    findings = models.TextField(_("what was found"), max_length=4000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("on", "pk")

    def __str__(self) -> str:
        return f"{self.placement_id} {self.stage}"

    def trail_organisation(self) -> Organisation:
        return self.placement.trail_organisation()

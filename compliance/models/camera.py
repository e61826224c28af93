"""Cameras: where each stands, what it is for, what it does, and how the portal knows (domain 7.5).

A camera's position is its place now; placements (`compliance.models.placement`) keep where it was.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow

REFERENCE_LENGTH = 10  # a million cameras do not meet by chance: 28**10


def camera_reference() -> str:
    return new_reference("CM", REFERENCE_LENGTH)


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


# What moves with a person or a vehicle has no fixed place: counted, never mapped (domain 11.8).
NEVER_MAPPED = (CameraType.MOBILE_VEHICLE, CameraType.BWV, CameraType.DRONE)


class Mount(models.TextChoices):
    """What a camera is fixed to (domain 7.5)."""

    WALL = "wall", _("wall")
    POLE = "pole", _("pole")
    CEILING = "ceiling", _("ceiling")
    STREET_LAMP = "street_lamp", _("street lamp")
    VEHICLE = "vehicle", _("vehicle")
    BODY = "body", _("body")


class CameraOrigin(models.TextChoices):
    """How a camera came into the register."""

    ENTERED = "entered", _("entered by hand")
    IMPORTED = "imported", _("imported from a list")
    PROPOSED = "proposed", _("proposed")
    AUDIT = "audit", _("found by an estate audit")


class CameraQuerySet(models.QuerySet["Camera"]):
    def visible_to(self, user: Any) -> "CameraQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())

    def in_use(self) -> "CameraQuerySet":
        """Cameras that exist in the street: not proposed, refused or gone."""
        return self.filter(status__in=Camera.IN_USE)

    def proposals(self) -> "CameraQuerySet":
        """Cameras that are asked for and not yet in use."""
        return self.filter(status__in=Camera.PROPOSALS)

    def for_list(self) -> "CameraQuerySet":
        """By number, 9 before 10: the shorter first."""
        return self.select_related("system").order_by(Length("operator_ref"), "operator_ref", "pk")

    def wards(self) -> list[str]:
        """The wards that cameras stand in, by name. One query."""
        return list(self.exclude(ward="").order_by("ward").values_list("ward", flat=True).distinct())

    def matching(
        self, *, text: str = "", status: str = "", camera_type: str = "", ward: str = "", precision: str = ""
    ) -> "CameraQuerySet":
        """Those of a state, type, ward and precision whose number or place has `text` in it; empty values do not
        narrow.
        """
        exact = {"status": status, "camera_type": camera_type, "ward": ward, "precision": precision}
        found = self.filter(**{name: value for name, value in exact.items() if value})
        if text:
            found = found.filter(Q(operator_ref__icontains=text) | Q(location__icontains=text))
        return found


class Camera(Workflow):
    """One camera of a system. Its lifecycle is design 4 over domain 9.2; a proposal may be refused before approval."""

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
        Status.PROPOSED: frozenset({Status.OR_DEFINED, Status.REFUSED}),
        Status.OR_DEFINED: frozenset({Status.CONSULTATION, Status.REFUSED}),
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
    PROPOSALS: ClassVar = (
        Status.PROPOSED,
        Status.OR_DEFINED,
        Status.CONSULTATION,
        Status.APPROVED,
        Status.INSTALLED,
    )

    # Unique by a constraint, which has one index where `unique` has two: a list brings a hundred thousand cameras at
    # once. So, too, no foreign key has an index of its own where another index begins with it
    # (docs/decisions/applying-lists.md).
    reference = models.CharField(max_length=20, default=camera_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="cameras", db_index=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PROPOSED, editable=False)
    origin = models.CharField(
        max_length=10, choices=CameraOrigin.choices, default=CameraOrigin.IMPORTED, editable=False
    )
    operator_ref = models.CharField(_("the operator's own number"), max_length=60, blank=True)
    # Where it stands
    location = models.CharField(_("street or landmark"), max_length=250, blank=True)
    locality = models.CharField(_("town or locality"), max_length=120, blank=True)
    ward = models.CharField(_("ward"), max_length=120, blank=True)
    ward_code = models.CharField(_("ward code"), max_length=12, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    easting = models.PositiveIntegerField(_("easting"), null=True, blank=True)  # OSGB36, metres, as the list gave it
    northing = models.PositiveIntegerField(_("northing"), null=True, blank=True)
    is_public_space = models.BooleanField(_("it looks at a public space"), default=True)
    precision = models.CharField(
        _("shown to the public as"), max_length=10, choices=Precision.choices, default=Precision.STREET
    )
    withheld_reason = models.CharField(_("reason for withholding"), max_length=250, blank=True)
    withheld_post = models.CharField(_("post that decided to withhold"), max_length=120, blank=True)
    withheld_review_on = models.DateField(_("withholding is reviewed on"), null=True, blank=True)
    # What it is
    camera_type = models.CharField(_("type"), max_length=20, choices=CameraType.choices, default=CameraType.UNKNOWN)
    mount = models.CharField(_("mounted on"), max_length=20, choices=Mount.choices, blank=True)
    direction = models.PositiveSmallIntegerField(
        _("direction in degrees, clockwise from north"), null=True, blank=True, validators=[MaxValueValidator(359)]
    )
    view_description = models.TextField(_("area of view"), blank=True, max_length=500)
    view_description_cy = models.TextField(_("area of view in Welsh"), blank=True, max_length=500)
    maker = models.CharField(_("maker and model"), max_length=120, blank=True)  # never public (domain 11.30)
    # What it is for and what it does; empty purposes are those of the system
    purposes = models.JSONField(_("purposes"), default=list, blank=True)  # of Purpose
    purpose_note = models.TextField(_("purpose of this camera"), blank=True, max_length=1000)
    purpose_note_cy = models.TextField(_("that in Welsh"), blank=True, max_length=1000)
    records_audio = models.BooleanField(_("it records sound"), default=False)
    anpr_enabled = models.BooleanField(_("it reads number plates"), default=False)
    analytics = models.CharField(_("analytics in use"), max_length=250, blank=True)
    has_privacy_zones = models.BooleanField(_("parts of its view are masked"), default=False)
    monitored_by = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("monitored by"),
        db_index=False,
    )  # empty: as the system
    owned_by = models.CharField(_("owned by, if not the operator"), max_length=150, blank=True)
    # Days of its life
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    sign_up_on = models.DateField(_("sign put up on"), null=True, blank=True)
    removed_on = models.DateField(_("taken down on"), null=True, blank=True)
    sign_removed_on = models.DateField(_("sign taken down on"), null=True, blank=True)
    # When its need was last shown: approved, or kept at a review. Empty: justification outstanding (design 7)
    justified_on = models.DateField(null=True, editable=False)
    reviewed_on = models.DateField(null=True, editable=False)
    review_due_on = models.DateField(null=True, editable=False)
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
        editable=False,
        db_index=False,
    )  # the refused camera that is proposed again, or the one that this replaces
    import_run = models.ForeignKey(
        "ImportRun",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cameras",
        editable=False,
        db_constraint=False,  # written by the transaction that holds the run; a run is never deleted
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CameraQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera")
        verbose_name_plural = _("cameras")
        constraints = (
            models.UniqueConstraint(fields=("reference",), name="camera_reference_is_its_own"),
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
            models.CheckConstraint(
                condition=~Q(camera_type__in=("mobile_vehicle", "bwv", "drone"))
                | Q(latitude__isnull=True, longitude__isnull=True, easting__isnull=True, northing__isnull=True),
                name="what_moves_is_never_mapped",
            ),
        )
        indexes = (
            models.Index(fields=("system", "operator_ref"), name="camera_by_ref"),
            models.Index(
                fields=("system", "review_due_on"), condition=Q(review_due_on__isnull=False), name="camera_by_review"
            ),
            models.Index(
                fields=("monitored_by",), condition=Q(monitored_by__isnull=False), name="camera_by_who_watches"
            ),
            models.Index(fields=("previous",), condition=Q(previous__isnull=False), name="camera_by_the_one_before"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call it: the operator's own number where there is one, else its place."""
        return self.operator_ref or self.location or self.reference

    def get_absolute_url(self) -> str:
        system = self.system
        return reverse("compliance:camera", args=[system.operator.slug, system.reference, self.reference])

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class CameraChange(StatusChange):
    record = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="changes")

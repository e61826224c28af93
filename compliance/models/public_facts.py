"""What the public is told of a camera system beyond its own record (domain 7.2): what its cameras can do, how well it
works, what the police may do, who looks on, and what is withheld and why.

The facts `biometrics`, `reference_database` and `records_audio` of the system hold the same truth as its uses;
compliance/services/public_facts.py keeps them together.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.errors import Text

MAX_CAMERAS = 1_000_000


class PoliceAccess(models.TextChoices):
    """What a police force can do with the pictures by itself."""

    NONE = "none", _("none: the police ask and the operator answers")
    LIVE_VIEW = "live_view", _("see live pictures")
    REMOTE_CONTROL = "remote_control", _("steer cameras")
    DOWNLOAD = "download", _("download recordings")


class Stated(models.TextChoices):
    """A yes or no that nobody may guess."""

    YES = "yes", _("yes")
    NO = "no", _("no")


class PublicFacts(models.Model):
    """Columns of a camera system that its public page tells and nothing else needs."""

    # Police, and who else asks for pictures
    police_access = models.JSONField(_("access of the police"), default=list, blank=True)  # of PoliceAccess
    police_agreement = models.TextField(_("under which agreement"), blank=True, max_length=2000)
    police_agreement_cy = models.TextField(_("that agreement in Welsh"), blank=True, max_length=2000)
    anpr_shared = models.CharField(
        _("number plates are shared with the police"), max_length=3, choices=Stated.choices, blank=True
    )
    anpr_sharing = models.TextField(_("how number plates are shared"), blank=True, max_length=2000)
    anpr_sharing_cy = models.TextField(_("how they are shared, in Welsh"), blank=True, max_length=2000)
    requests_how_to = models.TextField(_("how police and insurers ask for pictures"), blank=True, max_length=2000)
    requests_how_to_cy = models.TextField(_("how they ask, in Welsh"), blank=True, max_length=2000)
    # Rights
    sar_url = models.URLField(_("address of the form for one's own footage"), blank=True)
    complaints_how_to = models.TextField(_("how complaints are answered"), blank=True, max_length=2000)
    complaints_how_to_cy = models.TextField(_("how complaints are answered, in Welsh"), blank=True, max_length=2000)
    # Extent
    public_space_count = models.PositiveIntegerField(
        _("cameras in public places"), null=True, blank=True, validators=[MaxValueValidator(MAX_CAMERAS)]
    )
    internal_count = models.PositiveIntegerField(
        _("cameras inside buildings and depots"), null=True, blank=True, validators=[MaxValueValidator(MAX_CAMERAS)]
    )
    places_counted_on = models.DateField(_("counted by place on"), null=True, blank=True)
    camera_list_policy = models.TextField(_("how exactly places are listed, and why"), blank=True, max_length=2000)
    camera_list_policy_cy = models.TextField(_("that in Welsh, about places"), blank=True, max_length=2000)
    other_systems = models.TextField(_("cameras that are not part of this system"), blank=True, max_length=2000)
    other_systems_cy = models.TextField(_("those cameras, in Welsh"), blank=True, max_length=2000)
    # Who looks on, and with whom
    scrutiny_committee = models.CharField(_("committee that looks at the system"), max_length=200, blank=True)
    scrutiny_committee_cy = models.CharField(_("committee in Welsh"), max_length=200, blank=True)
    scrutinised_on = models.DateField(_("last considered on"), null=True, blank=True)
    partners = models.TextField(_("partners, one a line"), blank=True, max_length=2000)
    contractors = models.TextField(_("contractors, one a line"), blank=True, max_length=2000)
    # Welsh of what was written once only
    monitored_hours_cy = models.CharField(_("monitored hours in Welsh"), max_length=200, blank=True)
    audio_reason_cy = models.TextField(_("why sound is recorded, in Welsh"), blank=True, max_length=2000)
    # People: an SRO may be named; a single point of contact only who agreed to it
    sro_name = models.CharField(_("name of the senior responsible officer"), max_length=120, blank=True)
    spoc_name = models.CharField(_("name of the single point of contact"), max_length=120, blank=True)
    spoc_name_agreed_on = models.DateField(_("agreed to be named on"), null=True, blank=True)
    spoc_confirmed_on = models.DateField(_("contact confirmed on"), null=True, editable=False)

    class Meta:
        abstract = True


class SystemUse(models.Model):
    """Whether the cameras of a system do one thing that people ask about, said in words even when they do not."""

    class Kind(models.TextChoices):
        LIVE_RECOGNITION = "live_recognition", _("live facial recognition")
        RETROSPECTIVE_RECOGNITION = "retrospective_recognition", _("retrospective facial recognition")
        SEARCH = "search", _("search of recordings for people, objects or vehicles")
        BEHAVIOUR = "behaviour", _("detection of behaviour")
        LOUDSPEAKERS = "loudspeakers", _("loudspeakers")
        AUDIO = "audio", _("recording of sound")

    class Term(models.TextChoices):
        TRIAL = "trial", _("on trial")
        PERMANENT = "permanent", _("permanently")

    RECOGNITION = (Kind.LIVE_RECOGNITION, Kind.RETROSPECTIVE_RECOGNITION)

    system = models.ForeignKey("compliance.CameraSystem", on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(_("kind of use"), max_length=30, choices=Kind.choices)
    used = models.BooleanField(_("it is used"))
    run_by = models.CharField(_("operated by"), max_length=200, blank=True)
    watchlist_owner = models.CharField(_("the watchlist belongs to"), max_length=200, blank=True)
    first_used_on = models.DateField(_("first used on"), null=True, blank=True)
    term = models.CharField(_("on trial or permanently"), max_length=10, choices=Term.choices, blank=True)
    trial_until = models.DateField(_("trial until"), null=True, blank=True)
    approved_by = models.CharField(_("approved by (post)"), max_length=120, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    explanation = models.TextField(_("explanation for the public"), blank=True, max_length=2000)
    explanation_cy = models.TextField(_("explanation in Welsh"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("use of cameras")
        verbose_name_plural = _("uses of cameras")
        constraints = (models.UniqueConstraint(fields=("system", "kind"), name="use_said_once_per_system"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.used}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class ServiceStandard(models.Model):
    """What an operator promises of a system, and what was measured of it from one day to another."""

    class Kind(models.TextChoices):
        STAFFING = "staffing", _("hours in which the control room is staffed")
        EVIDENCE = "evidence", _("time until evidence is ready")
        WORKING = "working", _("cameras that work")
        REPAIR = "repair", _("time until a fault is repaired")

    class Unit(models.TextChoices):
        HOURS_A_WEEK = "hours_a_week", _("hours a week")
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        PER_CENT = "per_cent", _("per cent of cameras")

    UNITS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        Kind.STAFFING: (Unit.HOURS_A_WEEK,),
        Kind.EVIDENCE: (Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS),
        Kind.WORKING: (Unit.PER_CENT,),
        Kind.REPAIR: (Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS),
    }
    HIGHEST: ClassVar[Mapping[str, int]] = {Unit.HOURS_A_WEEK: 168, Unit.PER_CENT: 100}

    system = models.ForeignKey("compliance.CameraSystem", on_delete=models.CASCADE, related_name="service_standards")
    kind = models.CharField(_("what is promised"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    target = models.DecimalField(
        _("target"), max_digits=7, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    result = models.DecimalField(
        _("result"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    measured_from = models.DateField(_("measured from"), null=True, blank=True)
    measured_until = models.DateField(_("measured until"), null=True, blank=True)

    class Meta:
        verbose_name = _("service standard")
        verbose_name_plural = _("service standards")
        constraints = (
            models.UniqueConstraint(fields=("system", "kind"), name="standard_once_per_system"),
            models.CheckConstraint(
                condition=Q(measured_from__isnull=True) | Q(measured_until__gte=F("measured_from")),
                name="standard_measured_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class Withholdable(models.TextChoices):
    """What may be withheld. Purposes, lawful basis, retention, recognition, contacts and rights never are."""

    MONITORED_HOURS = "monitored_hours", _("when the cameras are watched")
    AREAS = "areas_covered", _("areas covered")
    POLICE_ACCESS = "police_access", _("access of the police")
    ANPR_SHARING = "anpr_shared", _("sharing of number plates with the police")
    REQUESTS = "requests_how_to", _("requests of police and insurers")
    PLACES = "public_space_count", _("cameras in public places and inside")
    OTHER_SYSTEMS = "other_systems", _("cameras that are not part of this system")
    PARTNERS = "partners", _("partners")
    CONTRACTORS = "contractors", _("contractors")
    STAFFING = "standard_staffing", _("standard: staffing hours")
    EVIDENCE = "standard_evidence", _("standard: time until evidence is ready")
    WORKING = "standard_working", _("standard: cameras that work")
    REPAIR = "standard_repair", _("standard: time until a repair")


def withholdable() -> Sequence[tuple[str, Text]]:
    """Named here so that a further one is no migration."""
    return Withholdable.choices


class WithheldFact(models.Model):
    """That a field of the public page is withheld: why, by which post, and when that is looked at again.

    The public reads all of this, and it counts as answered (domain 9.11).
    """

    Field = Withholdable

    system = models.ForeignKey("compliance.CameraSystem", on_delete=models.CASCADE, related_name="withheld_facts")
    field = models.CharField(_("what is withheld"), max_length=30, choices=withholdable)
    reason = models.CharField(_("reason"), max_length=500)
    reason_cy = models.CharField(_("reason in Welsh"), max_length=500, blank=True)
    decided_by = models.CharField(_("deciding post"), max_length=120)
    review_on = models.DateField(_("looked at again on"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("withheld fact")
        verbose_name_plural = _("withheld facts")
        constraints = (models.UniqueConstraint(fields=("system", "field"), name="fact_withheld_once"),)

    def __str__(self) -> str:
        return self.field

    def trail_organisation(self) -> Organisation:
        return self.system.operator

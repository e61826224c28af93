"""Camera systems: what is run, by whom, why, on which basis, kept how long.

Their facts decide which questions of a self-assessment apply.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.public_facts import PublicFacts
from compliance.models.vocabulary import Fact, Technology
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow

MAX_COUNT = 1_000_000
MAX_RETENTION_DAYS = 3660


def system_reference() -> str:
    return new_reference("CS")


class CameraSystemQuerySet(models.QuerySet["CameraSystem"]):
    def visible_to(self, user: Any) -> "CameraSystemQuerySet":
        """Systems of the operators that the user belongs to."""
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "CameraSystemQuerySet":
        return (
            self.select_related("operator")
            .prefetch_related("technologies")
            .annotate(cameras_listed=Count("cameras", distinct=True))
            .order_by("name")
        )

    def for_detail(self) -> "CameraSystemQuerySet":
        """With technologies and history. Three queries."""
        changes = Prefetch("changes", SystemChange.objects.select_related("by").order_by("-at", "-pk"))
        return self.select_related("operator", "monitored_by").prefetch_related("technologies", changes)


class CameraSystem(PublicFacts, Workflow):
    """A surveillance camera system (PoFA 2012 s.29(6)) of one operator."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        AT_RISK = "at_risk_of_closure", _("at risk of closure")
        CLOSING = "closing", _("closing")
        CLOSED = "closed", _("closed")
        TRANSFERRED = "transferred", _("transferred")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.ACTIVE}),
        Status.ACTIVE: frozenset({Status.AT_RISK, Status.CLOSING, Status.TRANSFERRED}),
        Status.AT_RISK: frozenset({Status.ACTIVE, Status.CLOSING}),
        Status.CLOSING: frozenset({Status.CLOSED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=system_reference, editable=False)
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="camera_systems",
        verbose_name=_("operator"),
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    slug = models.SlugField(_("public address"), max_length=80)
    name = models.CharField(_("name of the system"), max_length=120)
    name_cy = models.CharField(_("name in Welsh"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    description_cy = models.TextField(_("description in Welsh"), blank=True, max_length=4000)
    is_main = models.BooleanField(_("this is the main public-space system"), default=False)
    # Why and on which basis
    purposes = models.JSONField(_("purposes"), default=list, blank=True)  # of Purpose
    pressing_need = models.TextField(_("pressing need"), blank=True, max_length=4000)
    pressing_need_cy = models.TextField(_("pressing need in Welsh"), blank=True, max_length=4000)
    legal_bases = models.JSONField(_("lawful basis"), default=list, blank=True)  # of LegalBasis
    retention_reason = models.TextField(_("reason for the retention period"), blank=True, max_length=2000)
    retention_reason_cy = models.TextField(_("that reason in Welsh"), blank=True, max_length=2000)
    # Facts that decide which questions apply (Fact)
    biometrics = models.BooleanField(Fact.BIOMETRICS.label, default=False)
    joint = models.BooleanField(Fact.JOINT.label, default=False)
    networked = models.BooleanField(Fact.NETWORKED.label, default=False)
    reference_database = models.BooleanField(Fact.REFERENCE_DATABASE.label, default=False)
    # How it is run
    monitored_hours = models.CharField(_("monitored hours"), max_length=200, blank=True)
    monitored_by = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("monitored by"),
    )
    funding_ends_on = models.DateField(_("funding ends on"), null=True, blank=True)  # never public
    areas_covered = models.TextField(_("areas covered, one a line"), blank=True, max_length=4000)
    records_audio = models.BooleanField(_("sound is recorded"), default=False)
    audio_reason = models.TextField(_("why sound is recorded"), blank=True, max_length=2000)
    # Who answers for it: posts and role mailboxes, never private people
    sro_post = models.CharField(_("post of the senior responsible officer"), max_length=120, blank=True)
    spoc_post = models.CharField(_("post of the single point of contact"), max_length=120, blank=True)
    spoc_email = models.EmailField(_("email of the single point of contact"), blank=True)
    spoc_phone = models.CharField(_("telephone of the single point of contact"), max_length=40, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True, max_length=500)
    dpo_contact = models.CharField(_("contact of the data protection officer"), max_length=200, blank=True)
    ico_registration = models.CharField(_("ICO registration number"), max_length=20, blank=True)
    privacy_notice_url = models.URLField(_("address of the privacy notice"), blank=True)
    complaints_url = models.URLField(_("address of the complaints procedure"), blank=True)
    footage_how_to = models.TextField(_("how to ask for footage of oneself"), blank=True, max_length=2000)
    footage_how_to_cy = models.TextField(_("that in Welsh"), blank=True, max_length=2000)
    created_by = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CameraSystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera system")
        verbose_name_plural = _("camera systems")
        permissions = (  # guardian's, which no role implies (SystemGrant)
            ("maintain_system", "Look after the cameras of a system"),
            ("monitor_system", "Watch the cameras of a system for its operator"),
        )
        constraints = (
            models.UniqueConstraint(fields=("operator", "slug"), name="system_address_unique"),
            models.UniqueConstraint(
                fields=("operator",),
                condition=Q(is_main=True),
                name="one_main_system_per_operator",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("compliance:system", args=[self.operator.slug, self.reference])

    @property
    def local_name(self) -> str:
        """The name in the language of the page, where there is one."""
        return local_text(self, "name")

    def facts(self) -> frozenset[str]:
        """The facts that hold."""
        return frozenset(fact.value for fact in Fact if getattr(self, fact.value))

    def technology_keys(self) -> frozenset[str]:
        """The technologies in use. One query unless prefetched."""
        return frozenset(technology.technology for technology in self.technologies.all())

    def conditions(self) -> frozenset[str]:
        """What decides which questions apply: technologies and facts together."""
        return self.technology_keys() | self.facts()

    def trail_organisation(self) -> Organisation:
        return self.operator


class SystemTechnology(models.Model):
    """One technology of a system: how many, counted when, kept how long."""

    system = models.ForeignKey(CameraSystem, on_delete=models.CASCADE, related_name="technologies")
    technology = models.CharField(_("technology"), max_length=10, choices=Technology.choices)
    retention_days = models.PositiveIntegerField(
        _("images are kept for (days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MAX_RETENTION_DAYS)],
    )
    fixed_count = models.PositiveIntegerField(_("fixed"), default=0, validators=[MaxValueValidator(MAX_COUNT)])
    ptz_count = models.PositiveIntegerField(
        _("pan, tilt and zoom"), default=0, validators=[MaxValueValidator(MAX_COUNT)]
    )
    redeployable_count = models.PositiveIntegerField(
        _("redeployable"), default=0, validators=[MaxValueValidator(MAX_COUNT)]
    )
    mobile_count = models.PositiveIntegerField(
        _("mobile, worn or flown"), default=0, validators=[MaxValueValidator(MAX_COUNT)]
    )
    counted_on = models.DateField(_("counted on"), null=True, blank=True)

    class Meta:
        ordering = ("technology",)
        constraints = (models.UniqueConstraint(fields=("system", "technology"), name="technology_once_per_system"),)

    def __str__(self) -> str:
        return self.get_technology_display()

    @property
    def total(self) -> int:
        return self.fixed_count + self.ptz_count + self.redeployable_count + self.mobile_count

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class SystemChange(StatusChange):
    record = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="changes")

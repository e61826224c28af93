"""Data protection impact assessments for cameras, and the equality assessments beside them (domain 4.8, 9.6)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.camera import Camera
from compliance.models.evidence import Evidence
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def dpia_reference() -> str:
    return new_reference("DP")


def equality_reference() -> str:
    return new_reference("EQ")


class Regime(models.TextChoices):
    """The law under which images are processed (domain 1.5, 4.8)."""

    UK_GDPR = "uk_gdpr", _("UK GDPR and Part 2 of the Data Protection Act 2018")
    LAW_ENFORCEMENT = "law_enforcement", _("Part 3 of the Data Protection Act 2018 (law enforcement)")
    BOTH = "both", _("both")


class Level(models.TextChoices):
    """How great a risk is, as likelihood and severity give it or as it is left after measures."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class SignedOff(models.Model):
    """What two kinds of assessment share: who began it, and, once it is signed, the text as it was frozen."""

    content = models.TextField(blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    signed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_name = models.CharField(max_length=120, blank=True, editable=False)
    signed_post = models.CharField(max_length=120, blank=True, editable=False)
    started_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    operator: Any

    class Meta:
        abstract = True

    def trail_organisation(self) -> Organisation:
        organisation: Organisation = self.operator
        return organisation


class DpiaQuerySet(models.QuerySet["Dpia"]):
    def visible_to(self, user: Any) -> "DpiaQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "DpiaQuerySet":
        return self.select_related("operator").order_by("-started_at", "-pk")

    def signed(self) -> "DpiaQuerySet":
        """Those in force: signed off and not replaced."""
        return self.filter(status=Dpia.Status.SIGNED_OFF)

    def for_detail(self) -> "DpiaQuerySet":
        """With what its pages show. Three queries."""
        loaded = self.select_related("operator", "evidence", "predecessor", "advice_by", "signed_by")
        return loaded.prefetch_related("systems", "equality_assessments")

    def of_camera(self, camera: Camera) -> "DpiaQuerySet":
        """Those that name the camera, or its whole system."""
        return self.filter(Q(cameras=camera) | Q(systems=camera.system_id, covers_whole_systems=True)).distinct()


class Dpia(SignedOff, Workflow):
    """One assessment, for many cameras if need be, from screening to signature and on to its successor."""

    class Status(models.TextChoices):
        SCREENING = "screening", _("screening")
        NOT_REQUIRED = "not_required", _("not required, with the reason")
        DRAFT = "draft", _("draft")
        DPO_ADVICE = "dpo_advice", _("with the data protection officer")
        CONSULTATION = "consultation", _("in consultation")
        HIGH_RESIDUAL_RISK = "high_residual_risk", _("high residual risk")
        ICO_CONSULTED = "ico_consulted", _("the ICO is consulted")
        STOPPED = "stopped", _("stopped")
        SIGNED_OFF = "signed_off", _("signed off")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        ELSEWHERE = "elsewhere", _("made outside the portal, not confirmed")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.SCREENING: frozenset({Status.NOT_REQUIRED, Status.DRAFT, Status.ELSEWHERE}),
        Status.ELSEWHERE: frozenset({Status.SIGNED_OFF, Status.STOPPED}),
        Status.NOT_REQUIRED: frozenset({Status.SCREENING}),  # something changed
        Status.DRAFT: frozenset({Status.DPO_ADVICE, Status.STOPPED}),
        Status.DPO_ADVICE: frozenset({Status.DRAFT, Status.CONSULTATION, Status.HIGH_RESIDUAL_RISK}),
        Status.CONSULTATION: frozenset({Status.SIGNED_OFF, Status.DRAFT}),
        Status.HIGH_RESIDUAL_RISK: frozenset({Status.ICO_CONSULTED, Status.DRAFT, Status.STOPPED}),
        Status.ICO_CONSULTED: frozenset({Status.DRAFT, Status.STOPPED}),
        Status.SIGNED_OFF: frozenset({Status.SUPERSEDED}),
    }
    OPEN: ClassVar = (
        Status.SCREENING,
        Status.DRAFT,
        Status.DPO_ADVICE,
        Status.CONSULTATION,
        Status.HIGH_RESIDUAL_RISK,
        Status.ICO_CONSULTED,
        Status.ELSEWHERE,
    )

    reference = models.CharField(max_length=20, unique=True, default=dpia_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dpias")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.SCREENING, editable=False)
    own_number = models.CharField(_("the operator's own number"), max_length=60, blank=True)  # such as PERM101
    title = models.CharField(_("title"), max_length=150)
    systems = models.ManyToManyField(CameraSystem, related_name="dpias", blank=True, verbose_name=_("systems"))
    covers_whole_systems = models.BooleanField(_("it covers every camera of these systems"), default=False)
    cameras = models.ManyToManyField(Camera, related_name="dpias", blank=True, verbose_name=_("cameras"))
    cameras_as_written = models.CharField(_("cameras, as written"), max_length=1000, blank=True)
    # Answers by key of compliance/dpia_form.py
    screening = models.JSONField(default=dict, blank=True)
    screening_reason = models.TextField(_("reason"), blank=True, max_length=4000)  # of "not required"
    triggers = models.JSONField(default=list, blank=True)
    regime = models.CharField(_("regime"), max_length=20, choices=Regime.choices, blank=True)
    parts = models.JSONField(default=dict, blank=True)
    matrix = models.JSONField(default=list, blank=True)  # location category × camera type: count and risk
    risks = models.JSONField(default=list, blank=True)  # source, likelihood, severity, measure, residual
    residual_risk = models.CharField(_("residual risk"), max_length=6, choices=Level.choices, blank=True)
    advice = models.TextField(_("advice of the data protection officer"), blank=True, max_length=6000)
    advice_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    advice_at = models.DateTimeField(null=True, editable=False)
    advice_followed = models.BooleanField(_("the advice is followed"), null=True, blank=True)
    advice_reason = models.TextField(_("why it is not followed"), blank=True, max_length=2000)
    consulted = models.TextField(_("who was consulted and what they said"), blank=True, max_length=6000)
    ico_note = models.TextField(_("what the ICO was asked and answered"), blank=True, max_length=4000)
    review_on = models.DateField(_("review by"), null=True, blank=True)
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    # The document: of one made here as a worker printed it, of one made elsewhere as it was recorded; by its hash
    made_elsewhere = models.BooleanField(_("made outside the portal"), default=False, editable=False)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="dpias", verbose_name=_("document")
    )
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = DpiaQuerySet.as_manager()

    class Meta:
        verbose_name = _("data protection impact assessment")
        verbose_name_plural = _("data protection impact assessments")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("compliance:dpia", args=[self.operator.slug, self.reference])


class DpiaChange(StatusChange):
    record = models.ForeignKey(Dpia, on_delete=models.PROTECT, related_name="changes")


class EqualityAssessmentQuerySet(models.QuerySet["EqualityAssessment"]):
    def visible_to(self, user: Any) -> "EqualityAssessmentQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())


class EqualityAssessment(SignedOff, Workflow):
    """What cameras mean for people with protected characteristics (Equality Act 2010, s.149; R (Bridges), 2020).

    Required where analytics or recognition are used.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED_OFF = "signed_off", _("signed off")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        DROPPED = "dropped", _("dropped")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.SIGNED_OFF, Status.DROPPED}),
        Status.SIGNED_OFF: frozenset({Status.SUPERSEDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=equality_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="equality_assessments")
    dpia = models.ForeignKey(Dpia, on_delete=models.PROTECT, related_name="equality_assessments")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    groups = models.JSONField(default=dict, blank=True)  # by protected characteristic: effect and measure
    accuracy = models.TextField(
        _("how accuracy differs between groups, and how that is known"), blank=True, max_length=4000
    )
    involved = models.TextField(_("who was involved"), blank=True, max_length=4000)
    conclusion = models.TextField(_("conclusion"), blank=True, max_length=4000)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("made elsewhere")
    )

    objects = EqualityAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("equality impact assessment")
        verbose_name_plural = _("equality impact assessments")

    def __str__(self) -> str:
        return self.reference


class EqualityAssessmentChange(StatusChange):
    record = models.ForeignKey(EqualityAssessment, on_delete=models.PROTECT, related_name="changes")

"""Why a camera is there: asked for, required, decided with reasons, and reviewed every year (domain 4.8, 9.2)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.camera import Camera
from compliance.models.evidence import Evidence
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def referral_reference() -> str:
    return new_reference("RF")


def requirement_reference() -> str:
    return new_reference("OR")


def decision_reference() -> str:
    return new_reference("CD")


def review_reference() -> str:
    return new_reference("RV")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: Any) -> "ReferralQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "ReferralQuerySet":
        return self.select_related("operator", "camera__system__operator").order_by("-received_at", "-pk")


class Referral(Workflow):
    """A request for a camera by somebody who runs none: police, ward councillor, another service, a resident."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        TAKEN_UP = "taken_up", _("taken up as a proposal")
        DECLINED = "declined", _("declined")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.RECEIVED: frozenset({Status.TAKEN_UP, Status.DECLINED}),
    }

    class Source(models.TextChoices):
        POLICE = "police", _("police")
        COUNCILLOR = "councillor", _("elected member")
        SERVICE = "service", _("service of the council")
        BUSINESS = "business", _("business")
        RESIDENT = "resident", _("resident")
        OTHER = "other", _("other")

    reference = models.CharField(max_length=20, unique=True, default=referral_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED, editable=False)
    location = models.CharField(_("street or landmark"), max_length=250)
    problem = models.TextField(_("the problem"), max_length=4000)
    since = models.CharField(_("since when, and how often"), max_length=500, blank=True)
    tried = models.TextField(_("what was tried already"), blank=True, max_length=2000)
    source = models.CharField(_("asked for by"), max_length=10, choices=Source.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)  # personal: erasable, never public
    email = models.EmailField(_("email address"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    language = models.CharField(max_length=5, default="en", editable=False)  # of the page that it was sent from
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("reason given"), blank=True, max_length=2000)
    settled_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)
    camera = models.ForeignKey(Camera, null=True, on_delete=models.PROTECT, related_name="referrals", editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.operator


class ReferralChange(StatusChange):
    record = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="changes")


class OperationalRequirementQuerySet(models.QuerySet["OperationalRequirement"]):
    def visible_to(self, user: Any) -> "OperationalRequirementQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())


class OperationalRequirement(models.Model):
    """What a camera must show, of what, when and for whom, in two levels (domain 4.8). One may serve several cameras.

    `level_1` and `level_2` are answers by key of `compliance/operational_requirement.py`. One that was made outside the
    portal is a file with its date; its levels may stay empty.
    """

    reference = models.CharField(max_length=20, unique=True, default=requirement_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="operational_requirements")
    cameras = models.ManyToManyField(Camera, related_name="operational_requirements")
    title = models.CharField(_("title"), max_length=150)
    level_1 = models.JSONField(default=dict, blank=True)
    level_2 = models.JSONField(default=dict, blank=True)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("made elsewhere")
    )
    dated = models.DateField(_("date"), null=True, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OperationalRequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("operational requirement")
        verbose_name_plural = _("operational requirements")

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class Proposal(models.Model):
    """Why a camera is asked for: one per camera that was proposed here."""

    camera = models.OneToOneField(Camera, on_delete=models.PROTECT, related_name="proposal")
    problem = models.TextField(_("the problem"), max_length=4000)
    evidence_of_need = models.TextField(_("what shows the need"), blank=True, max_length=4000)
    alternatives = models.TextField(_("alternatives considered"), blank=True, max_length=4000)
    expected = models.TextField(_("what it is to change, and how that is measured"), blank=True, max_length=2000)
    cost = models.DecimalField(_("cost (GBP)"), max_digits=10, decimal_places=2, null=True, blank=True)
    funded_by = models.CharField(_("funded by"), max_length=150, blank=True)
    police_view = models.TextField(_("view of the police"), blank=True, max_length=4000)
    police_post = models.CharField(_("post that gave it"), max_length=120, blank=True)
    police_view_on = models.DateField(_("date of that view"), null=True, blank=True)
    proposed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    def __str__(self) -> str:
        return str(self.camera_id)

    def trail_organisation(self) -> Organisation:
        return self.camera.system.operator


class CameraDecision(models.Model):
    """A decision of the SRO about a camera, with reasons and what it rested on, frozen (design 1, 3)."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        KEPT = "kept", _("kept, though removal was recommended")
        REMOVED = "removed", _("to be removed")
        RELOCATED = "relocated", _("to be moved to another place")

    reference = models.CharField(max_length=20, unique=True, default=decision_reference, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"), max_length=4000)
    content = models.TextField(editable=False)  # canonical JSON of what was decided on
    sha256 = models.CharField(max_length=64, editable=False)
    typed_name = models.CharField(_("name"), max_length=120)
    post = models.CharField(_("post"), max_length=120)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("decision about a camera")
        verbose_name_plural = _("decisions about cameras")

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.camera.system.operator


class CameraReviewQuerySet(models.QuerySet["CameraReview"]):
    def visible_to(self, user: Any) -> "CameraReviewQuerySet":
        return self.filter(camera__system__operator_id__in=user.organisation_ids())


class CameraReview(models.Model):
    """The yearly review of one camera's necessity (Code, principle 10): figures of the period, what else was
    considered, the outcome and its reason. Many confirmed in one act share `batch`; each has its own record.
    """

    class Outcome(models.TextChoices):
        KEEP = "keep", _("keep")
        RELOCATE = "relocate", _("relocate")
        REMOVE = "remove", _("remove")

    reference = models.CharField(max_length=20, unique=True, default=review_reference, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField(_("date of the review"))
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_until = models.DateField(_("until"), null=True, blank=True)
    incidents = models.PositiveIntegerField(_("incidents it showed"), null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests for its pictures"), null=True, blank=True)
    complaints = models.PositiveIntegerField(_("complaints"), null=True, blank=True)
    alternatives = models.TextField(_("alternatives considered"), blank=True, max_length=2000)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    picture_check = models.ForeignKey(
        "PictureCheck", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    next_due_on = models.DateField(_("next review by"))
    batch = models.CharField(max_length=20, blank=True, editable=False)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CameraReviewQuerySet.as_manager()

    class Meta:
        ordering = ("-on", "-pk")
        verbose_name = _("review of a camera")
        verbose_name_plural = _("reviews of cameras")
        constraints = (
            models.CheckConstraint(condition=Q(next_due_on__gt=F("on")), name="next_review_after_this"),
            models.CheckConstraint(
                condition=Q(period_until__isnull=True)
                | Q(period_from__isnull=True)
                | Q(period_until__gte=F("period_from")),
                name="review_period_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.camera.system.operator


def annual_reference() -> str:
    return new_reference("AR")


class AnnualReviewQuerySet(models.QuerySet["AnnualReview"]):
    def visible_to(self, user: Any) -> "AnnualReviewQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())

    def for_list(self) -> "AnnualReviewQuerySet":
        return self.select_related("system__operator").order_by("-reviewed_on", "-pk")


class AnnualReview(Workflow):
    """The annual review of a system in the layout that councils use (domain 7.4), authorised by the SRO."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        READY = "ready", _("ready to be authorised")
        AUTHORISED = "authorised", _("authorised")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        ABANDONED = "abandoned", _("abandoned")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.READY, Status.ABANDONED}),
        Status.READY: frozenset({Status.DRAFT, Status.AUTHORISED}),
        Status.AUTHORISED: frozenset({Status.SUPERSEDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=annual_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="annual_reviews")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    period_from = models.DateField(_("period from"))
    period_until = models.DateField(_("period until"))
    reviewed_on = models.DateField(_("date of review"), null=True, blank=True)
    responsible_post = models.CharField(_("responsible officer, by post"), max_length=120, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    authorising_post = models.CharField(_("authorising officer, by post"), max_length=120, blank=True)
    next_review_on = models.DateField(_("next review date"), null=True, blank=True)
    # By key of the form's lines (compliance/annual_review.py): answer, comment, action
    items = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True, editable=False)  # taken from the records, with their day
    content = models.TextField(blank=True, editable=False)  # canonical JSON, frozen when it was authorised
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    typed_name = models.CharField(max_length=120, blank=True, editable=False)
    typed_post = models.CharField(max_length=120, blank=True, editable=False)
    authorised_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AnnualReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual review")
        verbose_name_plural = _("annual reviews")
        constraints = (
            models.UniqueConstraint(
                fields=("system",), condition=Q(status__in=("draft", "ready")), name="one_open_annual_review"
            ),
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")), name="annual_review_period_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class AnnualReviewChange(StatusChange):
    record = models.ForeignKey(AnnualReview, on_delete=models.PROTECT, related_name="changes")

"""Step 2 on site: the agreed visit, the sample of cameras, what was seen, and both sides' sign-off."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application
from certification.models.engagement import MatterFile
from certification.models.finding import Finding
from certification.models.review import StepReview
from compliance.models import Camera, CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def visit_reference() -> str:
    return new_reference("SV")


class SiteVisitQuerySet(models.QuerySet["SiteVisit"]):
    def open(self) -> "SiteVisitQuerySet":
        """Neither ended nor cancelled."""
        return self.exclude(status__in=SiteVisit.OVER)

    def for_list(self) -> "SiteVisitQuerySet":
        """Without the long texts. One query."""
        return self.defer("record", "rule", "checklist").order_by("starts_at", "pk")

    def for_paper(self) -> "SiteVisitQuerySet":
        """With whom it names. One query."""
        return self.select_related("application__operator", "application__body", "review__assignment__auditor")


class SiteVisit(Workflow):
    """A visit of an auditor to the operator, for step 2 or a surveillance review."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("date proposed")
        AGREED = "agreed", _("date agreed")
        UNDER_WAY = "under_way", _("under way")
        SIGNED = "signed", _("signed off by both sides")
        UNSIGNED = "unsigned", _("ended without the operator's signature")
        CANCELLED = "cancelled", _("cancelled")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PROPOSED: frozenset({Status.AGREED, Status.CANCELLED}),
        Status.AGREED: frozenset({Status.PROPOSED, Status.UNDER_WAY, Status.CANCELLED}),
        Status.UNDER_WAY: frozenset({Status.SIGNED, Status.UNSIGNED, Status.CANCELLED}),
    }
    ENDED: ClassVar = (Status.SIGNED, Status.UNSIGNED)  # with a record that stays
    OVER: ClassVar = (*ENDED, Status.CANCELLED)

    reference = models.CharField(max_length=20, unique=True, default=visit_reference, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    review = models.ForeignKey(StepReview, on_delete=models.PROTECT, related_name="visits")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.TextField(_("where"), max_length=500)
    agenda = models.TextField(_("what is to be seen, and with whom"), blank=True, max_length=4000)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of its event in calendars (RFC 5545, 3.8.7.4)
    # What the operator asked for instead of the proposed date; '' once that was dealt with
    wish = models.TextField(blank=True, max_length=2000, editable=False)
    # The sample: the same seed, rule and register give the same cameras
    seed = models.CharField(max_length=40, blank=True, editable=False)
    rule = models.JSONField(default=dict, editable=False)  # how many of how many, and of which strata
    drawn_at = models.DateTimeField(null=True, editable=False)
    checklist = models.JSONField(default=list, editable=False)  # copied when the sample is drawn
    places = models.JSONField(default=list, editable=False)  # control rooms and others: {name, kind}
    # Sign-off: the auditor first, then the operator, who may remark
    auditor_signed_at = models.DateTimeField(null=True, editable=False)
    auditor_name = models.CharField(max_length=150, blank=True)
    operator_signed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    operator_signed_at = models.DateTimeField(null=True, editable=False)
    operator_name = models.CharField(max_length=150, blank=True)
    operator_post = models.CharField(max_length=150, blank=True)
    operator_remarks = models.TextField(blank=True, max_length=2000)
    # Or the auditor's word that the operator was asked and did not sign
    unsigned_at = models.DateTimeField(null=True, editable=False)
    unsigned_reason = models.TextField(blank=True, max_length=2000)
    # What was signed: canonical JSON, at the auditor's signature and once more with the operator's
    record = models.TextField(blank=True, editable=False)
    record_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    document = models.CharField(max_length=200, blank=True, editable=False)  # the record as printed, in the storage
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="visit_begins_before_it_ends"),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.application.operator


class SiteVisitChange(StatusChange):
    record = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="changes")


class VisitMessage(models.Model):
    """What one side said to the other about the date, and why. Never changed."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("date proposed")
        ASKED = "asked", _("another date asked for")
        AGREED = "agreed", _("date agreed")
        CHANGED = "changed", _("date or place changed")
        CANCELLED = "cancelled", _("cancelled")
        REOPENED = "reopened", _("the auditor's signature taken back")
        REMINDED = "reminded", _("the operator asked again to sign")
        UNSIGNED = "unsigned", _("ended without the operator's signature")

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True, max_length=2000)
    starts_at = models.DateTimeField()  # as it stood then
    ends_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.kind}"


class CameraSample(models.Model):
    """A camera to be seen at a visit, with its facts as they stood when it was drawn or chosen."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="sample")
    position = models.PositiveIntegerField()
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="+")
    camera_reference = models.CharField(max_length=60)
    location = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    stratum = models.CharField(max_length=120, blank=True)
    is_chosen = models.BooleanField(default=False)  # by the auditor, not by lot
    reason = models.CharField(max_length=300, blank=True)  # of one that was chosen

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("visit", "camera"), name="camera_once_per_visit"),
            models.UniqueConstraint(fields=("visit", "position"), name="sample_position_once"),
        )

    def __str__(self) -> str:
        return self.camera_reference


class Observation(models.Model):
    """What was seen at one camera, or in a control room, under one line of the checklist."""

    class Seen(models.TextChoices):
        AS_EXPECTED = "yes", _("as it should be")
        OTHERWISE = "no", _("not as it should be")
        NOT_SEEN = "unseen", _("could not be seen")
        NOT_APPLICABLE = "na", _("does not apply")

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="observations")
    sample = models.ForeignKey(
        CameraSample, null=True, blank=True, on_delete=models.PROTECT, related_name="observations"
    )
    place = models.CharField(max_length=150, blank=True)  # a control room or another place, where `sample` is None
    item = models.CharField(max_length=40)  # key of the line in `visit.checklist`
    seen = models.CharField(_("what was seen"), max_length=8, choices=Seen.choices)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="observations")
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("visit", "sample", "item"), condition=Q(sample__isnull=False), name="camera_item_once"
            ),
            models.UniqueConstraint(
                fields=("visit", "place", "item"), condition=Q(sample__isnull=True), name="place_item_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.item}"

    @property
    def reference(self) -> str:
        return f"{self.visit.reference}/{self.item}"

    def trail_organisation(self) -> Organisation:
        return self.visit.application.body


class VisitPhoto(models.Model):
    """A picture taken at a visit: of equipment, a sign, a room. Never of what a camera recorded."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="photos")
    sample = models.ForeignKey(CameraSample, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    place = models.CharField(max_length=150, blank=True)
    file = models.OneToOneField(MatterFile, on_delete=models.PROTECT, related_name="visit_photo")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.file_id}"

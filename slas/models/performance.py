"""What an agreement achieves: measures with targets, returns for a period, and what footage led to.

Counts and times only; nothing here is about a person (design 4, domain pitfall 16).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from slas.models.agreement import Agreement, Side


class Better(models.TextChoices):
    HIGHER = "higher", _("at least")
    LOWER = "lower", _("at most")


class ServiceMeasure(models.Model):
    """A measure of an agreement in force, copied from the text that was signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="measures")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=12)  # percent, days, hours, count
    better = models.CharField(max_length=6, choices=Better.choices)
    target = models.DecimalField(max_digits=10, decimal_places=2)
    within = models.PositiveIntegerField(null=True)
    within_unit = models.CharField(max_length=14, blank=True)
    owed_by = models.CharField(max_length=10)  # a side, or "both"
    has_denominator = models.BooleanField(default=True)  # a share of something, else a figure of its own
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("agreement", "key"), name="measure_once_per_agreement"),)

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local_text(self, "name")

    def is_met_by(self, value: Any) -> bool:
        return bool(value >= self.target if self.better == Better.HIGHER else value <= self.target)


def return_reference() -> str:
    return new_reference("PR")


class PerformanceReturnQuerySet(models.QuerySet["PerformanceReturn"]):
    def seen_by(self, organisation_id: int) -> "PerformanceReturnQuerySet":
        """What a party reads of an agreement's returns: its own at any time, the others' once sent."""
        return self.filter(Q(organisation_id=organisation_id) | ~Q(status=PerformanceReturn.Status.DRAFT))


class PerformanceReturn(Workflow):
    """What one party reports for a month or a quarter; the other side agrees the figures or asks about them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("sent to the other side")
        QUERIED = "queried", _("asked about")
        AGREED = "agreed", _("figures agreed")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.SUBMITTED}),
        Status.SUBMITTED: frozenset({Status.AGREED, Status.QUERIED}),
        Status.QUERIED: frozenset({Status.SUBMITTED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=return_reference, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="performance_returns")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))  # inclusive: of a month or of a quarter
    comment = models.TextField(_("comment"), blank=True, max_length=4000)
    # Evidence that was sent to the police in the period, by how it went; None: not counted
    sent_by_disc = models.PositiveIntegerField(_("sent by disc or stick"), null=True, blank=True)
    sent_by_link = models.PositiveIntegerField(_("sent by link"), null=True, blank=True)
    sent_into_police_system = models.PositiveIntegerField(_("uploaded into the police system"), null=True, blank=True)
    requests_standard = models.PositiveIntegerField(_("standard requests for footage"), null=True, blank=True)
    requests_urgent = models.PositiveIntegerField(_("urgent requests for footage"), null=True, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PerformanceReturnQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "organisation", "starts_on", "ends_on"), name="return_once_per_period_and_party"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="return_days_in_order"),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.organisation


class ReturnChange(StatusChange):
    record = models.ForeignKey(PerformanceReturn, on_delete=models.PROTECT, related_name="changes")


class MeasureFigure(models.Model):
    """One measure in one return: a share as numerator of denominator, or a figure."""

    performance_return = models.ForeignKey(PerformanceReturn, on_delete=models.CASCADE, related_name="figures")
    measure = models.ForeignKey(ServiceMeasure, on_delete=models.PROTECT, related_name="figures")
    numerator = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    denominator = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    comment = models.TextField(blank=True, max_length=1000)

    class Meta:
        ordering = ("measure__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("performance_return", "measure"), name="figure_once_per_return"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(numerator__gte=0), name="measure_figure_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0), name="measure_denominator_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.performance_return_id}: {self.measure_id}"


class ReturnComment(models.Model):
    """What a side says about a return, for both to read."""

    performance_return = models.ForeignKey(PerformanceReturn, on_delete=models.CASCADE, related_name="comments")
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=2000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.performance_return_id}: {self.at:%Y-%m-%d}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class FootageUse(models.TextChoices):
    """Where or for what footage was used."""

    HIGH_STREET = "high_street", _("town centre or high street")
    EVENTS = "events", _("public event")
    MAJOR_INCIDENT = "major_incident", _("major incident")
    TRANSPORT = "transport", _("transport")
    OTHER = "other", _("elsewhere")


class Outcome(models.TextChoices):
    """What footage led to, as the police tell it."""

    ARREST = "arrest", _("arrest")
    CHARGE = "charge", _("charge")
    SAFEGUARDING = "safeguarding", _("safeguarding")
    MISSING_FOUND = "missing_found", _("missing person found")
    OTHER = "other", _("another result")
    NONE = "none", _("no result")


def use_choices() -> Any:
    return FootageUse.choices


def outcome_choices() -> Any:
    return Outcome.choices


class OutcomeCount(models.Model):
    """How often footage of one use led to one outcome in the period of a return."""

    performance_return = models.ForeignKey(PerformanceReturn, on_delete=models.CASCADE, related_name="outcomes")
    use = models.CharField(max_length=20, choices=use_choices)
    outcome = models.CharField(max_length=20, choices=outcome_choices)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("performance_return", "use", "outcome"), name="outcome_once_per_return"),
        )

    def __str__(self) -> str:
        return f"{self.use}, {self.outcome}: {self.number}"

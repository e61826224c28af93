"""What the cameras did, in figures by year and month, and disclosures as counts and decisions (domain 7.3).

Counts and money only: nothing here is about one person.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.system import CameraSystem
from core.references import new_reference


def period_reference() -> str:
    return new_reference("ST")


def report_reference() -> str:
    return new_reference("RP")


class PeriodStatisticsQuerySet(models.QuerySet["PeriodStatistics"]):
    def visible_to(self, user: Any) -> "PeriodStatisticsQuerySet":
        return self.filter(system__operator_id__in=user.organisation_ids())

    def for_list(self) -> "PeriodStatisticsQuerySet":
        return self.select_related("system__operator", "for_organisation").order_by("-starts_on", "-pk")


class PeriodStatistics(models.Model):
    """The figures of one system for one year (April to March) or one month.

    What is watched for another body stands apart, under that body (domain 7.3).
    """

    class Length(models.TextChoices):
        YEAR = "year", _("year, April to March")
        MONTH = "month", _("month")

    reference = models.CharField(max_length=20, unique=True, default=period_reference, editable=False)
    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="statistics")
    for_organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("watched for"),
    )
    length = models.CharField(_("period"), max_length=5, choices=Length.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    note = models.TextField(_("note for readers"), blank=True, max_length=2000)
    confirmed_at = models.DateTimeField(null=True, editable=False)  # complete, as the manager says
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PeriodStatisticsQuerySet.as_manager()

    class Meta:
        verbose_name = _("statistics of a period")
        verbose_name_plural = _("statistics of periods")
        constraints = (
            models.UniqueConstraint(
                fields=("system", "length", "starts_on"),
                condition=Q(for_organisation__isnull=True),
                name="own_statistics_once_per_period",
            ),
            models.UniqueConstraint(
                fields=("system", "length", "starts_on", "for_organisation"), name="statistics_once_per_period"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="statistics_dates_in_order"),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class StatisticFigure(models.Model):
    """One figure: a measure (key of compliance/measures.py), whole or by area or category. Empty value: not known."""

    period = models.ForeignKey(PeriodStatistics, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=40)
    area = models.CharField(max_length=120, blank=True)  # empty: the whole system
    category = models.CharField(max_length=120, blank=True)  # type of incident, reason of refusal; empty: all
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("period", "measure", "area", "category"), name="figure_once"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="figure_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class DisclosureCount(models.Model):
    """How often pictures were asked for by whom and what was decided, in one month. Never who or of whom."""

    class Recipient(models.TextChoices):
        POLICE = "police", _("police")
        INSURER = "insurer", _("insurers and solicitors")
        SUBJECT = "subject", _("people shown (subject access)")
        COUNCIL = "council", _("services of the council")
        COURT = "court", _("courts")
        OTHER = "other", _("others")

    class Decision(models.TextChoices):
        RELEASED = "released", _("released")
        PARTLY = "partly", _("released in part")
        REFUSED = "refused", _("refused")
        NOT_HELD = "not_held", _("not held any longer, or never")

    system = models.ForeignKey(CameraSystem, on_delete=models.PROTECT, related_name="disclosures")
    month = models.DateField(_("month"))  # its first day
    recipient = models.CharField(_("asked for by"), max_length=10, choices=Recipient.choices)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    reason = models.CharField(_("reason of refusal"), max_length=120, blank=True)
    count = models.PositiveIntegerField(_("how many"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-month", "recipient", "decision")
        constraints = (
            models.UniqueConstraint(
                fields=("system", "month", "recipient", "decision", "reason"), name="disclosure_counted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month} {self.recipient} {self.decision}"

    def trail_organisation(self) -> Organisation:
        return self.system.operator


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "ReportQuerySet":
        return self.select_related("operator", "system", "by").order_by("-asked_at", "-pk")


class Report(models.Model):
    """A report that workers make as HTML and tagged PDF from the records as they stood then: what it said is kept."""

    class Kind(models.TextChoices):
        ANNUAL_REVIEW = "annual_review", _("annual review")
        SUMMARY = "summary", _("one-page summary for councillors")
        ANNUAL_REPORT = "annual_report", _("annual report")
        CAMERA_LIST = "camera_list", _("list of cameras")
        CLOSURE_IMPACT = "closure_impact", _("closure impact sheet")
        CODE_ASSESSMENT_PACK = "code_assessment_pack", _("Code Assessment Pack")

    reference = models.CharField(max_length=20, unique=True, default=report_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="reports")
    system = models.ForeignKey(CameraSystem, null=True, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    content = models.TextField(editable=False)  # canonical JSON of what it says
    sha256 = models.CharField(max_length=64, editable=False)
    pdf = models.FileField(upload_to="reports/%Y/%m", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    failure = models.CharField(max_length=500, blank=True, editable=False)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.operator

"""Certification schemes as records (design 2): terms, criteria per principle, and which body may certify when."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text, local_words
from core.dates import today


class Aim(models.TextChoices):
    """What an application aims at: step 1 alone, or the full audit."""

    DESKTOP = "desktop", _("desktop certification (step 1)")
    FULL = "full", _("full certification (steps 1 and 2)")


class PartlyKnownDays(models.Model):
    """A record with days of some of which no more than the month is known; a day of that month stands for it then."""

    known_by_month = models.JSONField(default=list, blank=True, editable=False)  # names of those fields

    class Meta:
        abstract = True

    def day_in_words(self, name: str) -> str:
        """The day of a field as it is known, in the active language: 1 March 2024, or March 2024; '' for none."""
        day = getattr(self, name)
        return date_format(day, "F Y" if name in self.known_by_month else "j F Y") if day else ""


class CertificationScheme(PartlyKnownDays):
    """A scheme as loaded from its YAML file. One that is in use is never changed, only succeeded."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200)
    owner_cy = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=20, default="1")  # of its terms and criteria
    succeeds = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors", verbose_name=_("succeeds")
    )
    edition_key = models.CharField(max_length=40)
    number_prefix = models.CharField(max_length=8, default="CC")  # of its certificates' numbers
    opened_on = models.DateField()
    closed_to_applications_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    statement = models.TextField()  # what a certificate of the scheme is not (design 2)
    statement_cy = models.TextField(blank=True)
    terms = models.TextField(blank=True)  # on which a certificate is held: one term a line
    terms_cy = models.TextField(blank=True)
    closing_reason = models.TextField(blank=True)  # said publicly beside the day
    closing_reason_cy = models.TextField(blank=True)
    no_criteria_note = models.TextField(blank=True)
    no_criteria_note_cy = models.TextField(blank=True)
    desktop_months = models.PositiveSmallIntegerField(null=True)
    full_months = models.PositiveSmallIntegerField(null=True)
    surveillance_months = models.PositiveSmallIntegerField(null=True)
    desktop_may_be_skipped = models.BooleanField(default=False)
    look_back_years = models.PositiveSmallIntegerField(default=2)  # 0: no such rule recorded
    rotation_limit = models.PositiveSmallIntegerField(default=3)  # 0: no such rule recorded
    rotation_stops = models.BooleanField(default=True)  # at the limit; else the manager is warned and gives a reason
    finding_classes = models.JSONField(default=list)  # {key, name: {en, cy}, deadline_days, blocks_award}
    required_documents = models.JSONField(default=dict)  # aim → list of {key, name: {en, cy}, required}
    sample = models.JSONField(
        default=dict
    )  # how many cameras are drawn: `certification.sampling.SizeRule`; {}: default
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-opened_on",)

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        return self.key

    @property
    def local_name(self) -> str:
        return local_text(self, "name")

    @property
    def local_statement(self) -> str:
        return local_text(self, "statement")

    @property
    def local_no_criteria_note(self) -> str:
        return local_text(self, "no_criteria_note")

    def takes_applications(self, on: dt.date | None = None) -> bool:
        """Open for new applications on that day, first day inclusive, closing day exclusive."""
        day = on or today()
        closed = self.closed_to_applications_on or self.closed_on
        return self.opened_on <= day and (closed is None or day < closed)

    def is_closed(self, on: dt.date | None = None) -> bool:
        """Closed from `closed_on` on, that day inclusive: every certificate under it is then historic."""
        return self.closed_on is not None and self.closed_on <= (on or today())

    def in_use(self) -> bool:
        """Whether an application or a certificate rests on it. Two queries."""
        return self.applications.exists() or self.certificates.exists()

    def documents_of(self, aim: str) -> list[dict[str, Any]]:
        """What an application of that aim is asked for: `{key, name, required}`, named in the language of the page."""
        return [
            {
                "key": document["key"],
                "name": local_words(document["name"]),
                "required": document["required"],
            }
            for document in self.required_documents.get(aim, [])
        ]

    def months_of(self, aim: str) -> int | None:
        """How long a certificate of that aim lasts."""
        return self.desktop_months if aim == Aim.DESKTOP else self.full_months


class SchemeBodyQuerySet(models.QuerySet["SchemeBody"]):
    def current(self, on: dt.date | None = None) -> "SchemeBodyQuerySet":
        day = on or today()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def for_list(self) -> "SchemeBodyQuerySet":
        return self.select_related("scheme", "body").order_by("body__name", "starts_on")


class SchemeBody(PartlyKnownDays):
    """A body that may certify under a scheme between two dates, inclusive. No award outside it."""

    scheme = models.ForeignKey(CertificationScheme, on_delete=models.PROTECT, related_name="bodies")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="schemes")
    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    accreditation_number = models.CharField(_("accreditation number"), max_length=40, blank=True)

    objects = SchemeBodyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scheme", "body"),
                condition=Q(ends_on__isnull=True),
                name="body_once_per_scheme",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="scheme_body_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme_id}: {self.body_id}"

    @property
    def reference(self) -> str:
        return f"{self.scheme.key}/{self.body.slug}/{self.starts_on}"

    def is_current(self, on: dt.date | None = None) -> bool:
        """Whether the body may certify on that day, both dates inclusive: the twin of `current`."""
        day = on or today()
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def trail_organisation(self) -> Organisation:
        return self.body


class Criterion(models.Model):
    """One public criterion of a scheme under a guiding principle; verdicts are per criterion."""

    scheme = models.ForeignKey(CertificationScheme, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=12)
    principle = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_cy = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # usual objective evidence
    evidence_cy = models.TextField(blank=True)
    grading = models.TextField(blank=True)
    grading_cy = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "criteria"
        constraints = (
            models.UniqueConstraint(fields=("scheme", "key"), name="criterion_key_once"),
            models.CheckConstraint(
                condition=Q(principle__gte=1, principle__lte=12),
                name="criterion_principle_1_to_12",
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def local_text(self) -> str:
        return local_text(self, "text")

    @property
    def anchor(self) -> str:
        """The id of its place on a page."""
        return self.key.lower().replace(".", "-")

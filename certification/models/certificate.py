"""Certificates: words copied at issue, bytes stored once, standing derived from dates."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application
from certification.models.scheme import Aim, CertificationScheme
from compliance.models import CameraSystem
from core.dates import today
from core.workflow import StatusChange, Workflow


class Standing(models.TextChoices):
    """What a certificate is worth on a day (design 2): the first that holds, in this order."""

    HISTORIC = "historic", _("historic: scheme closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUSPENDED = "suspended", _("suspended")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired")
    NOT_YET = "not_yet", _("not valid yet")
    REVIEW_DUE = "review_due", _("review due")
    VALID = "valid", _("valid")


IN_FORCE = frozenset({Standing.VALID, Standing.REVIEW_DUE})


def standing_is(standing: str, on: dt.date | None = None) -> Q:
    """The condition in SQL that a certificate's standing on that day is this one: the twin of `standing`."""
    day = on or today()
    if standing == Standing.HISTORIC:
        return Q(scheme__closed_on__lte=day)
    living = Q(scheme__closed_on__isnull=True) | Q(scheme__closed_on__gt=day)
    if standing in (Standing.WITHDRAWN, Standing.SUSPENDED, Standing.REPLACED):
        return living & Q(status=standing)
    valid = living & Q(status=Certificate.Status.VALID)
    if standing == Standing.EXPIRED:
        return valid & Q(valid_until__lt=day)
    within = valid & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    if standing == Standing.NOT_YET:
        return within & Q(valid_from__gt=day)
    begun = within & (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    if standing == Standing.REVIEW_DUE:
        return begun & Q(next_review_on__lt=day)
    return begun & (Q(next_review_on__isnull=True) | Q(next_review_on__gte=day))


class CertificateNumber(models.Model):
    """The last number given in a series. Advanced by one UPDATE inside the awarding transaction: no gap, no double."""

    series = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> "CertificateQuerySet":
        ids = user.organisation_ids()
        return self.filter(Q(operator_id__in=ids) | Q(body_id__in=ids))

    def in_force(self, on: dt.date | None = None) -> "CertificateQuerySet":
        """Those whose standing on that day is valid or review due, and whose first day is known: the SQL twin of
        `is_in_force`.
        """
        day = on or today()
        return (
            self.filter(status=Certificate.Status.VALID, valid_from__lte=day)
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
            .filter(Q(scheme__closed_on__isnull=True) | Q(scheme__closed_on__gt=day))
        )

    def of_standing(self, standing: str, on: dt.date | None = None) -> "CertificateQuerySet":
        """Those whose standing on that day is this one."""
        return self.filter(standing_is(standing, on))

    def for_register(self) -> "CertificateQuerySet":
        return self.select_related("scheme", "operator", "body").order_by("-issued_on", "-reference")

    def for_detail(self) -> "CertificateQuerySet":
        """Everything that its page in the workspace shows. Three queries."""
        return self.select_related("scheme", "operator", "body", "application").prefetch_related(
            "changes__by", "application__assignments"
        )

    def for_life(self) -> "CertificateQuerySet":
        """What its page shows of its life: events, reviews, places of the mark, transfers, renewals. Eight queries."""
        from certification.models.life import CertificateEvent, Transfer  # noqa: PLC0415  (they refer to this module)

        return self.select_related("scheme", "operator", "body", "application", "predecessor").prefetch_related(
            "application__assignments",
            Prefetch("events", CertificateEvent.objects.select_related("by")),
            "surveillance",
            "mark_places",
            Prefetch("transfers", Transfer.objects.select_related("body")),
            Prefetch("renewals", Application.objects.defer("frozen")),
            "successors",
        )

    def for_marks(self) -> "CertificateQuerySet":
        """Its places of the mark, and who works on it. Three queries."""
        return self.select_related("scheme", "operator", "body", "application").prefetch_related(
            "application__assignments__auditor", "mark_places"
        )

    def for_document(self) -> "CertificateQuerySet":
        """Everything that is printed and signed. One query."""
        return self.select_related("scheme", "operator", "predecessor")


class Certificate(Workflow):
    """Issued by a certification body. Its words are copies made at issue; the PDF is made from this row alone."""

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("replaced")

    class Origin(models.TextChoices):
        AWARD = "award", _("awarded")
        RENEWAL = "renewal", _("renewed")
        SCOPE = "scope", _("issued again with another scope")
        TRANSFER = "transfer", _("transferred from another certification body")
        REISSUE = "reissue", _("issued again without any change of substance")
        RECORDED = "recorded", _("issued outside the portal and recorded for the history")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.VALID: frozenset({Status.SUSPENDED, Status.WITHDRAWN, Status.REPLACED}),
        Status.SUSPENDED: frozenset({Status.VALID, Status.WITHDRAWN, Status.REPLACED}),
    }

    reference = models.CharField(max_length=40, unique=True, editable=False)  # its number
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.AWARD, editable=False)
    # None: recorded for the history
    application = models.ForeignKey(
        Application, null=True, on_delete=models.PROTECT, related_name="certificates", editable=False
    )
    scheme = models.ForeignKey(CertificationScheme, on_delete=models.PROTECT, related_name="certificates")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="certificates")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="certificates_issued")
    systems = models.ManyToManyField(CameraSystem, related_name="certificates")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID, editable=False)
    aim = models.CharField(max_length=10, choices=Aim.choices, editable=False)
    # Copies made at issue
    body_name = models.CharField(max_length=200, editable=False)
    accreditation_number = models.CharField(max_length=40, blank=True, editable=False)
    operator_name = models.CharField(max_length=200, editable=False)
    operator_name_cy = models.CharField(max_length=200, blank=True, editable=False)
    body_name_cy = models.CharField(max_length=200, blank=True, editable=False)
    scheme_name = models.CharField(max_length=200, editable=False)
    scheme_name_cy = models.CharField(max_length=200, blank=True, editable=False)
    scheme_version = models.CharField(max_length=20, blank=True, editable=False)
    scheme_statement = models.TextField(editable=False)
    scheme_statement_cy = models.TextField(blank=True, editable=False)
    terms = models.TextField(blank=True, editable=False)
    terms_cy = models.TextField(blank=True, editable=False)
    edition_title = models.CharField(max_length=200, editable=False)
    edition_title_cy = models.CharField(max_length=200, blank=True, editable=False)
    scope = models.TextField(editable=False)
    scope_cy = models.TextField(blank=True, editable=False)
    is_bilingual = models.BooleanField(default=False, editable=False)
    sites = models.CharField(max_length=300, blank=True, editable=False)
    systems_listed = models.JSONField(editable=False)  # list of {reference, name, technologies, cameras, counted_on}
    found = models.JSONField(default=dict, editable=False)  # verdict → number of criteria with it
    # Blank only in one that was recorded for the history: not known
    reviewed_on = models.DateField(null=True, editable=False)
    issued_on = models.DateField(null=True, editable=False)
    valid_from = models.DateField(null=True, editable=False)
    valid_until = models.DateField(null=True, editable=False)
    next_review_on = models.DateField(null=True, editable=False)
    address = models.URLField(editable=False)  # of its verify page, as printed
    predecessor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    # The same facts as data: canonical JSON, and signed as a JWS in compact form by the key of that id
    facts = models.TextField(blank=True, editable=False)
    facts_jws = models.TextField(blank=True, editable=False)
    key_id = models.CharField(max_length=64, blank=True, editable=False)
    # The document: stored once
    document = models.FileField(blank=True, editable=False)
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    document_made_at = models.DateTimeField(null=True, editable=False)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="certificate_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(origin="recorded")
                | Q(
                    application__isnull=False,
                    reviewed_on__isnull=False,
                    issued_on__isnull=False,
                    valid_from__isnull=False,
                ),
                name="certificate_dates_known_unless_recorded",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("transparency:certificate", args=[self.reference])

    def standing(self, on: dt.date | None = None) -> Standing:
        """What it is worth on that day. Needs `scheme` loaded."""
        day = on or today()
        if self.scheme.is_closed(day):
            return Standing.HISTORIC
        if self.status != self.Status.VALID:
            return Standing(self.status)
        if self.valid_until is not None and self.valid_until < day:
            return Standing.EXPIRED
        if self.valid_from is not None and self.valid_from > day:
            return Standing.NOT_YET
        if self.next_review_on is not None and self.next_review_on < day:
            return Standing.REVIEW_DUE
        return Standing.VALID

    def is_in_force(self, on: dt.date | None = None) -> bool:
        """Whether it is worth something on that day: the twin of the scope `in_force`. Needs `scheme` loaded."""
        return self.valid_from is not None and self.standing(on) in IN_FORCE

    def trail_organisation(self) -> Organisation:
        return self.operator


class CertificateChange(StatusChange):
    record = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="changes")

"""The life of certificates after issue: events, appeals, surveillance, where the mark is shown, issuing many again."""

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models.application import Application, Decision
from certification.models.certificate import Certificate
from certification.models.review import StepReview
from certification.models.scheme import CertificationScheme
from core.references import new_reference
from core.workflow import StatusChange, Workflow


class AppendOnly(TypeError):
    """Somebody tried to change or delete an event of a certificate: a mistake of the code, never of a person."""


def surveillance_reference() -> str:
    return new_reference("SR")


def reissue_reference() -> str:
    return new_reference("RI")


def transfer_reference() -> str:
    return new_reference("CT")


class CertificateReminder(models.Model):
    """That holder and body were reminded of a day of a certificate, once for each of the distances before it."""

    class About(models.TextChoices):
        END = "end", _("the end of the certificate")
        REVIEW = "review", _("its surveillance review")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reminders")
    about = models.CharField(max_length=6, choices=About.choices)
    day = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("sent_at",)
        constraints = (
            models.UniqueConstraint(fields=("certificate", "about", "day", "days_before"), name="reminded_once"),
        )

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.about} {self.day} − {self.days_before}"


class CertificateEventQuerySet(models.QuerySet["CertificateEvent"]):
    """Events are added one by one and never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class CertificateEvent(models.Model):
    """What happened to a certificate, append-only; each names the hash of the one before it (design 4).

    `sha256` is over the canonical JSON of `services.events.hashed_values`. Written by `services.events` alone.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        RECORDED = "recorded", _("recorded for the history")
        SUSPENDED = "suspended", _("suspended")
        REINSTATED = "reinstated", _("reinstated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("replaced")
        CONTINUED = "continued", _("continued after a surveillance review")
        CORRECTED = "corrected", _("corrected")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()  # from 1, without a gap
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)  # as published
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)

    objects = CertificateEventQuerySet.as_manager()

    class Meta:
        ordering = ("certificate", "number")
        constraints = (models.UniqueConstraint(fields=("certificate", "number"), name="certificate_event_once"),)

    def __str__(self) -> str:
        return f"{self.certificate_id}/{self.number}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class Appeal(models.Model):
    """An operator's appeal against a decision, once per application; decided by people with part in neither."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="appeal")
    against = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    grounds = models.TextField(_("grounds of the appeal"), max_length=4000)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"appeal in {self.application_id}"

    @property
    def reference(self) -> str:
        return self.application.reference

    def trail_organisation(self) -> Organisation:
        return self.application.operator


class SurveillanceReview(Workflow):
    """One yearly look at the holder of a full certificate, reviewed as a step and decided as anything else is."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNDER_REVIEW = "review", _("under review")
        REVIEWED = "reviewed", _("waits for a decision")
        DECIDED = "decided", _("decided")
        CANCELLED = "cancelled", _("cancelled")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PLANNED: frozenset({Status.UNDER_REVIEW, Status.CANCELLED}),
        Status.UNDER_REVIEW: frozenset({Status.REVIEWED, Status.CANCELLED}),
        Status.REVIEWED: frozenset({Status.DECIDED, Status.UNDER_REVIEW, Status.CANCELLED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=surveillance_reference, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="surveillance")
    number = models.PositiveSmallIntegerField()  # first, second, … of this certificate
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED, editable=False)
    due_on = models.DateField(_("due"))
    review = models.OneToOneField(
        StepReview, null=True, blank=True, on_delete=models.PROTECT, related_name="surveillance"
    )
    outcome = models.CharField(max_length=8, choices=StepReview.Recommendation.choices, blank=True)  # once decided
    changes_declared = models.TextField(
        _("what has changed at the operator since the last review"), blank=True, max_length=4000
    )
    declared_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("certificate", "number")
        constraints = (models.UniqueConstraint(fields=("certificate", "number"), name="surveillance_number_once"),)

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.certificate.operator


class SurveillanceChange(StatusChange):
    record = models.ForeignKey(SurveillanceReview, on_delete=models.PROTECT, related_name="changes")


class MarkPlace(models.Model):
    """Where a holder says that it shows the mark; checked at surveillance reviews."""

    class Kind(models.TextChoices):
        WEBSITE = "website", _("website")
        SIGN = "sign", _("sign")
        VEHICLE = "vehicle", _("vehicle")
        PAPER = "paper", _("letter, leaflet or report")
        OTHER = "other", _("elsewhere")

    class Check(models.TextChoices):
        IN_ORDER = "ok", _("shown as it should be")
        WRONG = "wrong", _("shown wrongly")
        GONE = "gone", _("not shown there")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="mark_places")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind of place"), max_length=8, choices=Kind.choices)
    where = models.CharField(_("where, or its address"), max_length=300)
    since = models.DateField(_("shown since"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    check_result = models.CharField(max_length=8, choices=Check.choices, blank=True)
    checked_in = models.ForeignKey(StepReview, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("certificate", "number"), name="mark_place_number_once"),)

    def __str__(self) -> str:
        return self.where

    @property
    def reference(self) -> str:
        return f"{self.certificate.reference}/mark/{self.number}"

    def trail_organisation(self) -> Organisation:
        return self.certificate.operator


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: Any) -> "TransferQuerySet":
        """Those whose holder, present body or receiving body the user belongs to."""
        ids = user.organisation_ids()
        return self.filter(Q(certificate__operator_id__in=ids) | Q(certificate__body_id__in=ids) | Q(body_id__in=ids))

    def for_detail(self) -> "TransferQuerySet":
        return self.select_related(
            "certificate__scheme",
            "certificate__operator",
            "certificate__body",
            "certificate__application",
            "body",
            "asked_by",
            "successor",
        ).prefetch_related("changes__by", "certificate__application__assignments")


class Transfer(Workflow):
    """The holder of a certificate asks another body of the scheme to take it over; that body decides."""

    class Status(models.TextChoices):
        ASKED = "asked", _("asked for")
        DONE = "done", _("taken over")
        REFUSED = "refused", _("not taken over")
        CANCELLED = "cancelled", _("taken back by the holder")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ASKED: frozenset({Status.DONE, Status.REFUSED, Status.CANCELLED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=transfer_reference, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="transfers")
    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="transfers_received", verbose_name=_("receiving body")
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED, editable=False)
    reason = models.TextField(_("why the holder wants to change"), max_length=2000)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    successor = models.OneToOneField(
        Certificate, null=True, on_delete=models.PROTECT, related_name="transferred_by", editable=False
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("certificate",), condition=Q(status="asked"), name="one_open_transfer_per_certificate"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.certificate.operator


class TransferChange(StatusChange):
    record = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="changes")


class Reissue(models.Model):
    """Many certificates issued again in one act: scope, dates and decision unchanged, predecessor linked."""

    reference = models.CharField(max_length=20, unique=True, default=reissue_reference, editable=False)
    scheme = models.ForeignKey(CertificationScheme, on_delete=models.PROTECT, related_name="reissues")  # the old one
    successor = models.ForeignKey(CertificationScheme, on_delete=models.PROTECT, related_name="+")  # the new one
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.reference


class ReissueItem(models.Model):
    """One certificate of a reissue; without a successor it is still to be done, or `refusal` says why it was not."""

    reissue = models.ForeignKey(Reissue, on_delete=models.PROTECT, related_name="items")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reissue_items")
    successor = models.OneToOneField(Certificate, null=True, on_delete=models.PROTECT, related_name="reissued_from")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            # Each certificate once, in one reissue; one that was refused can come into a later one
            models.UniqueConstraint(fields=("certificate",), condition=Q(refusal=""), name="certificate_reissued_once"),
        )

    def __str__(self) -> str:
        return f"{self.reissue_id}: {self.certificate_id}"

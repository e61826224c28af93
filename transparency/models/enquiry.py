"""What people ask about cameras, and the answers. Clocks follow the kind and run from receipt (domain 9.11)."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import CameraSystem
from core.errors import Text
from core.references import new_reference
from core.workflow import StatusChange, Workflow

TEXT_LIMIT = 6000
POST_LIMIT = 120
MOST_WORKING_DAYS = 120


def enquiry_reference() -> str:
    return new_reference("EN")


def hash_of_token(token: str) -> str:
    """What is kept of the secret part of a follow-up address."""
    return hashlib.sha256(token.encode()).hexdigest()


class EnquiryKind(models.TextChoices):
    """What somebody wants. Those with a clock of the law's own: footage, information, data_protection."""

    QUESTION = "question", _("question")
    COMPLAINT = "complaint", _("complaint")
    FAULT = "fault", _("camera or equipment that does not work")
    MISSING_SIGN = "missing_sign", _("missing or wrong sign")
    FOOTAGE = "footage", _("request for footage of oneself (subject access)")
    INFORMATION = "information", _("freedom of information request")
    DATA_PROTECTION = "data_protection", _("data protection complaint")
    PROPOSED_CAMERA = "proposed_camera", _("for or against a proposed camera")
    UNLISTED_CAMERA = "unlisted_camera", _("camera that is on no list")
    PRINCIPLE = "principle", _("question on one principle of a self-assessment")


class EnquiryStatus(models.TextChoices):
    RECEIVED = "received", _("received")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    INVESTIGATING = "investigating", _("being looked into")
    ANSWERED = "answered", _("answered")
    INTERNAL_REVIEW = "internal_review", _("internal review")
    REFERRED = "referred", _("referred")
    CLOSED = "closed", _("closed")


class EnquiryOutcome(models.TextChoices):
    """What became of a complaint; empty where nothing was to be upheld."""

    UPHELD = "upheld", _("upheld")
    PARTLY = "partly", _("partly upheld")
    NOT_UPHELD = "not_upheld", _("not upheld")


class ReferredTo(models.TextChoices):
    POLICE = "police", _("the police")
    OTHER_OPERATOR = "other_operator", _("another operator of cameras")
    ICO = "ico", _("the data protection regulator (ICO)")


def kind_choices() -> Sequence[tuple[str, Text]]:
    """Named here so that a new kind is no migration."""
    return EnquiryKind.choices


def status_choices() -> Sequence[tuple[str, Text]]:
    return EnquiryStatus.choices


def outcome_choices() -> Sequence[tuple[str, Text]]:
    return EnquiryOutcome.choices


def referred_choices() -> Sequence[tuple[str, Text]]:
    return ReferredTo.choices


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: Any) -> "EnquiryQuerySet":
        """Those that the organisations of the user received."""
        return self.filter(organisation_id__in=user.organisation_ids())

    def open(self) -> "EnquiryQuerySet":
        """Those that still wait for the organisation: for an answer, or for a review of one."""
        return self.filter(status__in=OPEN)

    def for_list(self) -> "EnquiryQuerySet":
        return self.select_related("organisation", "organisation__enquiry_target", "system", "assigned_to").order_by(
            "-received_at", "-pk"
        )


OPEN = (
    EnquiryStatus.RECEIVED,
    EnquiryStatus.ACKNOWLEDGED,
    EnquiryStatus.INVESTIGATING,
    EnquiryStatus.INTERNAL_REVIEW,
)


class Enquiry(Workflow):
    """One enquiry. Who sent it is known by name and address only as far as they gave them; both can be erased."""

    Kind, Status, Outcome = EnquiryKind, EnquiryStatus, EnquiryOutcome

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        EnquiryStatus.RECEIVED: frozenset({EnquiryStatus.ACKNOWLEDGED, EnquiryStatus.REFERRED}),
        EnquiryStatus.ACKNOWLEDGED: frozenset({EnquiryStatus.INVESTIGATING, EnquiryStatus.REFERRED}),
        EnquiryStatus.INVESTIGATING: frozenset({EnquiryStatus.ANSWERED, EnquiryStatus.REFERRED}),
        EnquiryStatus.ANSWERED: frozenset({EnquiryStatus.CLOSED, EnquiryStatus.INTERNAL_REVIEW}),
        EnquiryStatus.INTERNAL_REVIEW: frozenset({EnquiryStatus.CLOSED}),
        EnquiryStatus.REFERRED: frozenset({EnquiryStatus.CLOSED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=enquiry_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="enquiries")
    system = models.ForeignKey(CameraSystem, null=True, blank=True, on_delete=models.PROTECT, related_name="enquiries")
    kind = models.CharField(_("kind"), max_length=20, choices=kind_choices)
    status = models.CharField(max_length=20, choices=status_choices, default=EnquiryStatus.RECEIVED, editable=False)
    camera = models.CharField(_("camera"), max_length=60, blank=True)  # as the public page calls it, or as was typed
    principle = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    place = models.CharField(_("place"), max_length=250, blank=True)
    incident_on = models.DateField(_("day that it is about"), null=True, blank=True)
    language = models.CharField(max_length=2, default="en", editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    may_publish = models.BooleanField(default=False)  # question and reply, without who asked
    may_forward = models.BooleanField(default=False)  # to a national body
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    review_asked_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=12, choices=outcome_choices, blank=True, editable=False)
    referred_to = models.CharField(max_length=20, choices=referred_choices, blank=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-pk")
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        indexes = (
            models.Index(fields=("organisation", "-received_at"), name="enquiry_by_organisation"),
            models.Index(fields=("email",), name="enquiry_by_email", condition=~models.Q(email="")),
            models.Index(fields=("closed_at",), name="enquiry_by_closing", condition=models.Q(erased_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def received_on(self) -> dt.date:
        return timezone.localdate(self.received_at)

    def trail_organisation(self) -> Organisation:
        return self.organisation


class EnquiryChange(StatusChange):
    record = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="changes")


class EnquiryMessage(models.Model):
    """One message of an enquiry. A note is read inside the organisation only; a draft is a reply that was not sent."""

    class Author(models.TextChoices):
        PERSON = "person", _("the person who asked")
        RECIPIENT = "recipient", _("the organisation")
        NOTE = "note", _("private note")
        DRAFT = "draft", _("draft of a reply")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=10, choices=Author.choices)
    text = models.TextField(max_length=TEXT_LIMIT)
    language = models.CharField(max_length=2, default="en")
    post = models.CharField(max_length=POST_LIMIT, blank=True)  # who replies, as the public may know it
    outcome = models.CharField(max_length=12, choices=outcome_choices, blank=True)  # what a draft says of a complaint
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.author}"

    def trail_organisation(self) -> Organisation:
        return self.enquiry.organisation


class EnquiryTarget(models.Model):
    """How many working days an organisation gives itself to answer what has no clock of the law's own."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="enquiry_target")
    working_days = models.PositiveSmallIntegerField(
        _("working days to answer"), validators=[MinValueValidator(1), MaxValueValidator(MOST_WORKING_DAYS)]
    )

    class Meta:
        verbose_name = _("service target for enquiries")
        verbose_name_plural = _("service targets for enquiries")

    def __str__(self) -> str:
        return str(self.organisation_id)

    def trail_organisation(self) -> Organisation:
        return self.organisation

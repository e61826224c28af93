"""Asking before deciding: one engine for police and public; its subject is proposed cameras, later a national question.

Responses are read and released one by one; a person's name and mailbox never leave the operator (domain 8.2, design 4).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.camera import Camera
from compliance.models.evidence import Evidence
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def consultation_reference() -> str:
    return new_reference("CO")


def response_reference() -> str:
    return new_reference("CN")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: Any) -> "ConsultationQuerySet":
        return self.filter(organisation_id__in=user.organisation_ids())

    def for_police(self, user: Any) -> "ConsultationQuerySet":
        """Those opened for a force of the user's, about cameras in the area that it polices."""
        return self.exclude(status=Consultation.Status.DRAFT).filter(
            asks_police=True, organisation__police_forces__in=user.organisation_ids()
        )

    def for_list(self) -> "ConsultationQuerySet":
        return self.select_related("organisation").order_by("-opens_on", "-pk")


class Consultation(Workflow):
    """One question put to police, public or both, between two days, with its outcome."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        CONCLUDED = "concluded", _("concluded, outcome given")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.OPEN, Status.WITHDRAWN}),
        Status.OPEN: frozenset({Status.CLOSED, Status.WITHDRAWN}),
        Status.CLOSED: frozenset({Status.CONCLUDED}),
    }

    class Kind(models.TextChoices):
        CAMERAS = "cameras", _("proposed cameras")
        QUESTION = "question", _("a question")

    reference = models.CharField(max_length=20, unique=True, default=consultation_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consultations")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CAMERAS, editable=False)
    cameras = models.ManyToManyField(Camera, related_name="consultations", blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=150)
    title_cy = models.CharField(_("title in Welsh"), max_length=150, blank=True)
    summary = models.TextField(_("what is proposed and why"), max_length=6000)
    summary_cy = models.TextField(_("that in Welsh"), blank=True, max_length=6000)
    questions = models.JSONField(default=list, blank=True)  # dicts with "text", "text_cy", "kind": choice or text
    documents = models.ManyToManyField(Evidence, related_name="consultations", blank=True)
    asks_police = models.BooleanField(_("the police are asked"), default=True)
    asks_public = models.BooleanField(_("the public is asked"), default=True)
    # else they see no more of a place than its precision allows the public
    police_see_places = models.BooleanField(_("the police see every place in full"), default=False)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))  # the last day on which an answer is taken
    outcome = models.TextField(_("outcome"), blank=True, max_length=6000)
    outcome_cy = models.TextField(_("outcome in Welsh"), blank=True, max_length=6000)
    welsh_missing_reason = models.CharField(max_length=250, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="consultation_dates_in_order"),
            models.CheckConstraint(
                condition=Q(asks_police=True) | Q(asks_public=True), name="consultation_asks_somebody"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def takes_answers(self) -> bool:
        """Whether an answer is taken today; the days decide, not a job."""
        return self.status == self.Status.OPEN and self.opens_on <= today() <= self.closes_on

    @property
    def is_over(self) -> bool:
        """Whether its last day is past, though nobody has closed it yet."""
        return self.status == self.Status.CLOSED or (self.status == self.Status.OPEN and self.closes_on < today())

    def get_absolute_url(self) -> str:
        return reverse("compliance:consultation", args=[self.organisation.slug, self.reference])

    def trail_organisation(self) -> Organisation:
        return self.organisation


class ConsultationChange(StatusChange):
    record = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="changes")


class ConsultationResponseQuerySet(models.QuerySet["ConsultationResponse"]):
    def of_public(self) -> "ConsultationResponseQuerySet":
        return self.filter(force__isnull=True)

    def unread(self) -> "ConsultationResponseQuerySet":
        """Those that somebody must still read. What a force says to the operator is read by being there."""
        return self.of_public().filter(release=ConsultationResponse.Release.UNREAD)

    def with_same_text(self) -> "ConsultationResponseQuerySet":
        """Marked `is_repeated` where an earlier answer to the same consultation has the same words."""
        earlier = ConsultationResponse.objects.filter(
            consultation=OuterRef("consultation"), text=OuterRef("text"), pk__lt=OuterRef("pk")
        ).exclude(text="")
        return self.annotate(is_repeated=Exists(earlier))


class ConsultationResponse(models.Model):
    """One answer. What the public may read of it, an officer decides one by one, and only with consent."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", _("resident")
        BUSINESS = "business", _("business")
        COUNCILLOR = "councillor", _("elected member")
        POLICE = "police", _("police")
        GROUP = "group", _("group or charity")
        OTHER = "other", _("other")

    class View(models.TextChoices):
        FOR = "for", _("in favour")
        AGAINST = "against", _("against")
        NEITHER = "neither", _("neither")

    class Release(models.TextChoices):
        UNREAD = "unread", _("not read yet")
        RELEASED = "released", _("may be shown")
        KEPT = "kept", _("counted, not shown")

    reference = models.CharField(max_length=20, unique=True, default=response_reference, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(_("you answer as"), max_length=10, choices=Kind.choices)
    view = models.CharField(_("your view"), max_length=8, choices=View.choices)
    text = models.TextField(_("your answer"), blank=True, max_length=6000)
    answers = models.JSONField(default=list, blank=True)  # to the consultation's own questions, in their order
    language = models.CharField(max_length=5, default="en")
    name = models.CharField(_("name"), max_length=120, blank=True)  # personal: never public
    email = models.EmailField(_("email address"), blank=True)
    organisation = models.CharField(_("organisation or post"), max_length=150, blank=True)
    may_publish = models.BooleanField(_("my answer may be published without my name"), default=False)
    release = models.CharField(max_length=8, choices=Release.choices, default=Release.UNREAD, editable=False)
    release_reason = models.CharField(max_length=250, blank=True)
    force = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )  # of the police, who answer signed in: one answer each, mended until the last day
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")  # police, signed in
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsultationResponseQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("response to a consultation")
        verbose_name_plural = _("responses to consultations")
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "force"), condition=Q(force__isnull=False), name="one_answer_of_each_force"
            ),
            models.CheckConstraint(
                condition=~Q(release="released") | Q(may_publish=True), name="released_with_consent_only"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.consultation.organisation

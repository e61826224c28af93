"""What a national question adds to a consultation: moments of opening and closing, background, documents, and answers
to questions of several kinds. The engine stands below, in `compliance.models.consultation`; its subject is a question.

Nothing here is public: what everybody reads is frozen as a publication (`services.publish_consultation`).
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import Consultation, ConsultationResponse
from core.bilingual import local_text
from core.dates import add_months
from core.references import new_reference

BACKGROUND_LIMIT, CONTACT_LIMIT = 20_000, 250
OUTCOME_MONTHS = 12  # by then an outcome is expected
USUAL_MONTHS = 12  # names and mailboxes are kept so long after the outcome, unless another time is given


def document_reference() -> str:
    return new_reference("CD")


def document_path(document: "ConsultationDocument", name: str) -> str:
    return f"consultations/{timezone.now():%Y/%m}/{document.reference}"


class QuestionKind(models.TextChoices):
    ONE = "one", _("choose one")
    MANY = "many", _("choose any number")
    SCALE = "scale", _("agree or disagree, in five steps")
    TEXT = "text", _("answer in words")


class Scale(models.TextChoices):
    """Five steps, from full agreement to none."""

    FULLY = "5", _("strongly agree")
    RATHER = "4", _("agree")
    NEITHER = "3", _("neither agree nor disagree")
    HARDLY = "2", _("disagree")
    NOT = "1", _("strongly disagree")


class Decided(models.TextChoices):
    """What became of a question."""

    KEPT = "kept", _("goes ahead as proposed")
    CHANGED = "changed", _("goes ahead with changes")
    DROPPED = "dropped", _("does not go ahead")
    LATER = "later", _("to be decided later")


class Consent(models.TextChoices):
    """What the public may read of an answer."""

    NAMED = "named", _("yes, with the name")
    UNNAMED = "unnamed", _("yes, without the name")
    NO = "no", _("no")


class Stage(models.TextChoices):
    """How it stands at a moment: what was recorded, and what time made of it."""

    DRAFT = "draft", _("draft")
    LATER = "later", _("opens later")
    OPEN = "open", _("open for answers")
    CLOSED = "closed", _("closed, outcome to come")
    CONCLUDED = "concluded", _("outcome published")
    WITHDRAWN = "withdrawn", _("withdrawn")


STAGE_COLOURS = {
    Stage.DRAFT: "grey",
    Stage.LATER: "blue",
    Stage.OPEN: "green",
    Stage.CLOSED: "yellow",
    Stage.CONCLUDED: "purple",
    Stage.WITHDRAWN: "red",
}


class NationalConsultationQuerySet(models.QuerySet["NationalConsultation"]):
    def visible_to(self, user: Any) -> "NationalConsultationQuerySet":
        return self.filter(consultation__organisation_id__in=user.organisation_ids())


class NationalConsultation(models.Model):
    """One consultation of a national body. Status, title and questions stand in the consultation itself."""

    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="national")
    background = models.TextField(_("background"), max_length=BACKGROUND_LIMIT, blank=True)
    background_cy = models.TextField(_("background in Welsh"), max_length=BACKGROUND_LIMIT, blank=True)
    makes_policy = models.BooleanField(_("it makes or changes a policy that applies in Wales"), default=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))  # from this moment no answer is taken
    contact = models.CharField(_("whom to ask"), max_length=CONTACT_LIMIT, blank=True)
    keep_months = models.PositiveSmallIntegerField(_("months for which names are kept"), default=USUAL_MONTHS)
    outcomes = models.JSONField(default=list, blank=True)  # by question: heard, heard_cy, decision, change, change_cy
    concluded_on = models.DateField(null=True, editable=False)
    withdrawn_on = models.DateField(null=True, editable=False)

    objects = NationalConsultationQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at", "-pk")
        verbose_name = _("national consultation")
        verbose_name_plural = _("national consultations")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="national_moments_in_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.consultation)

    @property
    def reference(self) -> str:
        return self.consultation.reference

    @property
    def ended_on(self) -> dt.date:
        """From this day on its time runs for which names are kept: that of the outcome or the withdrawal; where neither
        comes, a year after the last answer could be sent.
        """
        closed_on = timezone.localdate(self.closes_at)
        return self.concluded_on or self.withdrawn_on or add_months(closed_on, OUTCOME_MONTHS)

    def stage(self, at: dt.datetime) -> Stage:
        """How it stands at a moment; the moment decides, not a job."""
        return stage_of(self.consultation.status, self.opens_at, self.closes_at, at)

    def trail_organisation(self) -> Organisation:
        return self.consultation.organisation


def stage_of(status: str, opens_at: dt.datetime, closes_at: dt.datetime, at: dt.datetime) -> Stage:
    """Time makes what opens later, is open, and is closed of what was opened; the rest was recorded."""
    if status != Consultation.Status.OPEN:
        return Stage(status)
    if at < opens_at:
        return Stage.LATER
    return Stage.OPEN if at < closes_at else Stage.CLOSED


class ConsultationDocument(models.Model):
    """A document that belongs to the question, for everybody to read once it is opened."""

    reference = models.CharField(max_length=20, unique=True, default=document_reference, editable=False)
    national = models.ForeignKey(NationalConsultation, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=150)
    title_cy = models.CharField(_("title in Welsh"), max_length=150, blank=True)
    language = models.CharField(_("language of the document"), max_length=2, default="en")
    file = models.FileField(upload_to=document_path, editable=False)
    file_name = models.CharField(max_length=150, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("document of a consultation")
        verbose_name_plural = _("documents of consultations")

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    def trail_organisation(self) -> Organisation:
        return self.national.trail_organisation()


class NationalResponseQuerySet(models.QuerySet["NationalResponse"]):
    def counted(self) -> "NationalResponseQuerySet":
        """Those that figures are made of: all but those set aside."""
        return self.filter(is_set_aside=False)

    def unread(self) -> "NationalResponseQuerySet":
        return self.filter(response__release=ConsultationResponse.Release.UNREAD)

    def with_likeness(self) -> "NationalResponseQuerySet":
        """Marked `has_same_words` and `has_same_sender` where another answer to the same question has them."""
        others = NationalResponse.objects.filter(response__consultation=OuterRef("response__consultation")).exclude(
            pk=OuterRef("pk")
        )
        return self.annotate(
            has_same_words=Exists(others.filter(fingerprint=OuterRef("fingerprint")).exclude(fingerprint="")),
            has_same_sender=Exists(others.filter(sender_key=OuterRef("sender_key")).exclude(sender_key="")),
        )


class NationalResponse(models.Model):
    """What a national question adds to an answer: who sends it, what may be read of it, what it is like."""

    class Channel(models.TextChoices):
        FORM = "form", _("form on the web")
        FILE = "file", _("file")

    response = models.OneToOneField(ConsultationResponse, on_delete=models.PROTECT, related_name="national")
    is_organisation = models.BooleanField(default=False)
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.NO)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.FORM)
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)  # of the words
    sender_key = models.CharField(max_length=150, blank=True, db_index=True, editable=False)  # of the organisation
    is_set_aside = models.BooleanField(default=False, editable=False)  # kept, and in no figure
    shown_answers = models.JSONField(default=dict, blank=True, editable=False)  # by key: words with [[passages]] marked

    objects = NationalResponseQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("answer to a national consultation")
        verbose_name_plural = _("answers to national consultations")

    def __str__(self) -> str:
        return self.response.reference

    def trail_organisation(self) -> Organisation:
        return self.response.trail_organisation()

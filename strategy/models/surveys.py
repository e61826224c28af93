"""Surveys of authorities: what is asked, whom, and the one return of each organisation.

Nothing here is public: the tables that a national body publishes are frozen (`services.publish_survey`).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow

TITLE_LIMIT, TEXT_LIMIT, QUESTION_LIMIT, POST_LIMIT, NAME_LIMIT = 150, 3000, 300, 150, 120


def survey_reference() -> str:
    return new_reference("SV")


class QuestionKind(models.TextChoices):
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("choose one")
    NUMBER = "number", _("number")
    TEXT = "text", _("text")


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: Any) -> "SurveyQuerySet":
        """Those that the user's organisations run."""
        return self.filter(organisation_id__in=user.organisation_ids())


class Survey(Workflow):
    """One survey that a national body runs."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", _("published")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.OPEN}),
        Status.OPEN: frozenset({Status.CLOSED}),
        Status.CLOSED: frozenset({Status.PUBLISHED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=survey_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="surveys")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the record, against lost changes
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_cy = models.CharField(_("title in Welsh"), max_length=TITLE_LIMIT, blank=True)
    purpose = models.TextField(_("purpose"), max_length=TEXT_LIMIT, blank=True)
    purpose_cy = models.TextField(_("purpose in Welsh"), max_length=TEXT_LIMIT, blank=True)
    opens_on = models.DateField(_("first day"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(opens_on__lte=F("closes_on")),
                name="survey_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def local_purpose(self) -> str:
        return local_text(self, "purpose")

    def trail_organisation(self) -> Organisation:
        return self.organisation


class SurveyChange(StatusChange):
    record = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="changes")


class SurveyQuestion(models.Model):
    """One question. Its key is what makes it the same question in another survey."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=QUESTION_LIMIT)
    text_cy = models.CharField(_("question in Welsh"), max_length=QUESTION_LIMIT, blank=True)
    required = models.BooleanField(_("an answer is needed"), default=False)
    options: Any = models.JSONField(default=list, blank=True)  # of "choose one": [[English, Welsh], ...]
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    unit_cy = models.CharField(_("unit in Welsh"), max_length=40, blank=True)
    lowest = models.PositiveIntegerField(_("lowest number"), null=True, blank=True)
    highest = models.PositiveIntegerField(_("highest number"), null=True, blank=True)
    prefill = models.CharField(_("filled in from the records"), max_length=30, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("survey", "key"), name="survey_key_once"),)

    def __str__(self) -> str:
        return self.text

    @property
    def local_question(self) -> str:
        return local_text(self, "text")


class SurveyReturnQuerySet(models.QuerySet["SurveyReturn"]):
    def visible_to(self, user: Any) -> "SurveyReturnQuerySet":
        """Those of the user's organisations, and those of surveys that a national body of theirs runs."""
        mine = user.organisation_ids()
        runs = Q(survey__organisation_id__in=mine, survey__organisation__kind=Kind.NATIONAL_BODY)
        return self.filter(Q(organisation_id__in=mine) | runs)


class SurveyReturn(Workflow):
    """What one organisation answers to one survey: one return, whoever fills it in."""

    class Status(models.TextChoices):
        ASKED = "asked", _("asked")
        COMPLETED = "completed", _("completed, not signed")
        SIGNED = "signed", _("signed")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ASKED: frozenset({Status.COMPLETED}),
        Status.COMPLETED: frozenset({Status.ASKED, Status.SIGNED}),
        Status.SIGNED: frozenset({Status.ASKED}),  # by the body that asks, while the survey is open
    }

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="survey_returns")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    email = models.EmailField(_("address of the chief executive"), blank=True)
    signer_email = models.EmailField(_("address of who signs"), blank=True)  # as the chief executive says
    answers: Any = models.JSONField(default=dict)  # by key of the question
    prefilled: Any = models.JSONField(default=dict)  # as the records said when it opened: {key: {value, on}}
    reasons: Any = models.JSONField(default=dict)  # why a prefilled answer was corrected, by key
    lead = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    completer_name = models.CharField(_("name of who completes it"), max_length=NAME_LIMIT, blank=True)
    completer_post = models.CharField(_("post of who completes it"), max_length=POST_LIMIT, blank=True)
    signer_name = models.CharField(_("name of the senior responsible officer"), max_length=NAME_LIMIT, blank=True)
    signer_post = models.CharField(_("post of the senior responsible officer"), max_length=POST_LIMIT, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)

    objects = SurveyReturnQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        verbose_name = _("survey return")
        verbose_name_plural = _("survey returns")
        constraints = (
            models.UniqueConstraint(fields=("survey", "organisation"), name="one_return_of_an_organisation"),
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | ~Q(lead=F("organisation")), name="survey_lead_is_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.survey_id}, {self.organisation_id}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class SurveyReturnChange(StatusChange):
    record = models.ForeignKey(SurveyReturn, on_delete=models.PROTECT, related_name="changes")


class SurveyLink(models.Model):
    """A link that was mailed, kept as a hash: whoever reads the database cannot answer."""

    class Purpose(models.TextChoices):
        CHIEF = "chief", _("chief executive")
        COMPLETER = "completer", _("completer")
        SIGNER = "signer", _("senior responsible officer")

    record = models.ForeignKey(SurveyReturn, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    email = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-sent_at", "-pk")

    def __str__(self) -> str:
        return f"{self.record_id}, {self.purpose}"

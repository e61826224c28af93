"""Trials of surveillance technology and research into it, as the public may read of them before they begin.

Nothing of a record here is public: what is announced is frozen as a publication each time (`services.trials`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import Dpia, EqualityAssessment
from compliance.models.vocabulary import LegalBasis
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow

TITLE_LIMIT, TEXT_LIMIT, POST_LIMIT, REASON_LIMIT = 150, 3000, 120, 500


def trial_reference() -> str:
    return new_reference("TR")


class TrialKind(models.TextChoices):
    TRIAL = "trial", _("trial")
    RESEARCH = "research", _("research")


class Tried(models.TextChoices):
    """What is tried."""

    LIVE_FACES = "live_faces", _("live facial recognition")
    LATER_FACES = "later_faces", _("retrospective facial recognition")
    ANALYTICS = "analytics", _("search for objects, vehicles or behaviour")
    CCTV = "cctv", _("CCTV")
    ANPR = "anpr", _("automatic number plate recognition (ANPR)")
    BWV = "bwv", _("body-worn video")
    DRONE = "drone", _("drones")
    OTHER = "other", _("another technology")


COMPARES_FACES = frozenset({Tried.LIVE_FACES, Tried.LATER_FACES})


class Stage(models.TextChoices):
    """How a trial stands on a day: what was recorded, and what time made of it."""

    DRAFT = "draft", _("draft")
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("under way")
    ENDED = "ended", _("ended, evaluation to come")
    EVALUATION_OVERDUE = "overdue", _("evaluation overdue")
    EVALUATED = "evaluated", _("evaluated, decision to come")
    DECIDED = "decided", _("decided")
    ABANDONED = "abandoned", _("given up")


STAGE_COLOURS: Mapping[str, str] = {
    Stage.DRAFT: "grey",
    Stage.PLANNED: "blue",
    Stage.RUNNING: "turquoise",
    Stage.ENDED: "yellow",
    Stage.EVALUATION_OVERDUE: "red",
    Stage.EVALUATED: "purple",
    Stage.DECIDED: "green",
    Stage.ABANDONED: "grey",
}


class Choice(models.TextChoices):
    """What was decided once it was evaluated."""

    ADOPT = "adopt", _("use it")
    ADOPT_CHANGED = "adopt_changed", _("use it with changes")
    TRY_AGAIN = "try_again", _("try it again")
    STOP = "stop", _("do not use it")


class TrialQuerySet(models.QuerySet["Trial"]):
    def visible_to(self, user: Any) -> "TrialQuerySet":
        """Those of the user's organisations: the others are read where they are published."""
        return self.filter(organisation_id__in=user.organisation_ids())


class Trial(Workflow):
    """One trial or piece of research, answered for by one organisation."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        EVALUATED = "evaluated", _("evaluated")
        DECIDED = "decided", _("decided")
        ABANDONED = "abandoned", _("given up")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.ANNOUNCED}),
        Status.ANNOUNCED: frozenset({Status.EVALUATED, Status.ABANDONED}),
        Status.EVALUATED: frozenset({Status.DECIDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=trial_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="trials")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the record, against lost changes

    kind = models.CharField(_("kind"), max_length=10, choices=TrialKind.choices, default=TrialKind.TRIAL)
    technology = models.CharField(_("technology"), max_length=12, choices=Tried.choices)
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_cy = models.CharField(_("title in Welsh"), max_length=TITLE_LIMIT, blank=True)
    purpose = models.TextField(_("what it is to find out"), max_length=TEXT_LIMIT, blank=True)
    purpose_cy = models.TextField(_("what it is to find out, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    place = models.TextField(_("place"), max_length=TEXT_LIMIT, blank=True)
    place_cy = models.TextField(_("place, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    partners = models.CharField(_("partners and suppliers"), max_length=REASON_LIMIT, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    evaluation_due_on = models.DateField(_("evaluation by"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=30, choices=LegalBasis.choices, blank=True)
    law = models.TextField(_("the law it rests on"), max_length=TEXT_LIMIT, blank=True)
    law_cy = models.TextField(_("the law it rests on, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    watchlist = models.TextField(_("whom it looks for, and how that list is made"), max_length=TEXT_LIMIT, blank=True)
    watchlist_cy = models.TextField(_("that in Welsh"), max_length=TEXT_LIMIT, blank=True)
    told = models.TextField(_("how people on the spot are told"), max_length=TEXT_LIMIT, blank=True)
    told_cy = models.TextField(_("how people are told, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    success = models.TextField(_("by what it is judged"), max_length=TEXT_LIMIT, blank=True)
    success_cy = models.TextField(_("by what it is judged, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    dpia = models.ForeignKey(Dpia, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dpia_words = models.TextField(_("DPIA elsewhere, or why there is none"), max_length=TEXT_LIMIT, blank=True)
    equality = models.ForeignKey(EqualityAssessment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    equality_words = models.TextField(
        _("equality assessment elsewhere, or why there is none"), max_length=TEXT_LIMIT, blank=True
    )

    evaluation = models.TextField(_("what was found"), max_length=TEXT_LIMIT, blank=True)
    evaluation_cy = models.TextField(_("what was found, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    evaluation_url = models.URLField(_("address of the report"), max_length=200, blank=True)
    evaluated_on = models.DateField(_("evaluated on"), null=True, blank=True)
    evaluated_by = models.CharField(_("evaluated by"), max_length=POST_LIMIT, blank=True)
    choice = models.CharField(_("decision"), max_length=15, choices=Choice.choices, blank=True)
    decision = models.TextField(_("reasons for the decision"), max_length=TEXT_LIMIT, blank=True)
    decision_cy = models.TextField(_("reasons, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.CharField(_("deciding post"), max_length=POST_LIMIT, blank=True)
    abandoned_because = models.TextField(_("why it was given up"), max_length=TEXT_LIMIT, blank=True)
    abandoned_because_cy = models.TextField(_("why, in Welsh"), max_length=TEXT_LIMIT, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("trial or research")
        verbose_name_plural = _("trials and research")
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="trial_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def compares_faces(self) -> bool:
        return self.technology in COMPARES_FACES

    def stage(self, on: dt.date) -> Stage:
        """How it stands on a day."""
        return stage_of(self.status, self.starts_on, self.ends_on, self.evaluation_due_on, on)

    def trail_organisation(self) -> Organisation:
        return self.organisation


class TrialChange(StatusChange):
    record = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="changes")


def stage_of(
    status: str, starts_on: dt.date | None, ends_on: dt.date | None, due_on: dt.date | None, on: dt.date
) -> Stage:
    """Time makes planned, under way, ended and overdue of what is announced; the rest was recorded."""
    if status != Trial.Status.ANNOUNCED:
        return Stage(status)
    if starts_on is None or on < starts_on:
        return Stage.PLANNED
    if ends_on is None or on <= ends_on:
        return Stage.RUNNING
    return Stage.EVALUATION_OVERDUE if due_on is not None and on > due_on else Stage.ENDED

"""Strategies with strands, objectives and deliverables (domain 6.1, 6.2), and those of the past as an archive (1.9)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow


class StrategyKind(models.TextChoices):
    PLAN = "plan", _("plan with deliverables")
    ARCHIVE = "archive", _("archive of a strategy of the past")


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def public(self) -> "StrategyQuerySet":
        """All but those that somebody is still writing."""
        return self.filter(is_draft=False)


class Strategy(models.Model):
    """A national strategy as it was on `as_of`; a proposal of the portal is marked as one."""

    Kind = StrategyKind

    # Who added it here and may change its words; None: it comes with the portal
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_draft = models.BooleanField(default=False, editable=False)  # read by its organisation alone
    key = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=StrategyKind.choices, default=StrategyKind.PLAN)
    is_proposal = models.BooleanField(_("a proposal of this portal"), default=False)
    name = models.CharField(_("name"), max_length=150)
    name_cy = models.CharField(_("name in Welsh"), max_length=150, blank=True)
    owner = models.CharField(_("owner"), max_length=200)
    owner_cy = models.CharField(_("owner in Welsh"), max_length=200, blank=True)
    summary = models.TextField(_("what it is"), max_length=3000)
    summary_cy = models.TextField(_("what it is, in Welsh"), max_length=3000, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    as_of = models.CharField(_("as of"), max_length=40)  # as it was given: "2020", "23 November 2026"
    source = models.CharField(_("source"), max_length=300, blank=True)
    aims = models.JSONField(default=list, blank=True)  # [{"en", "cy"}]
    position = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)  # of the file that it was loaded from

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="strategy_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local_text(self, "name")


class Strand(models.Model):
    """A strand of work with who leads it (`holders`). Leads that were named on a page are no more those of the file."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="strands")
    key = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=150)
    name_cy = models.CharField(_("name in Welsh"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    keeps_leads = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("strategy", "key"), name="strand_once_per_strategy"),)

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local_text(self, "name")


class Holder(models.Model):
    """Who led a strand, as of a day: holders are named with a date only (domain 9.11)."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="holders")
    name = models.CharField(_("name or post"), max_length=150)
    body = models.CharField(_("organisation"), max_length=150, blank=True)
    as_of = models.CharField(_("as of"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.name}, {self.body}" if self.body else self.name


class Objective(models.Model):
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="objectives")
    strand = models.ForeignKey(Strand, null=True, blank=True, on_delete=models.SET_NULL, related_name="objectives")
    number = models.CharField(_("number"), max_length=10)
    statement = models.TextField(_("statement"), max_length=1000)
    statement_cy = models.TextField(_("statement in Welsh"), max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("strategy", "number"), name="objective_once_per_strategy"),)

    def __str__(self) -> str:
        return f"{self.number} {self.statement}"

    @property
    def local_statement(self) -> str:
        return local_text(self, "statement")


class Rag(models.TextChoices):
    """How a deliverable stands, always shown as a word (domain 6.1)."""

    NOT_STARTED = "not_started", _("not started")
    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OVERDUE = "overdue", _("overdue")
    COMPLETED = "completed", _("completed")
    CLOSED = "closed_superseded", _("closed, superseded")


RAG_COLOURS: Mapping[str, str] = {
    Rag.NOT_STARTED: "grey",
    Rag.ON_TRACK: "green",
    Rag.AT_RISK: "yellow",
    Rag.OVERDUE: "red",
    Rag.COMPLETED: "blue",
    Rag.CLOSED: "grey",
}


class Deliverable(Workflow):
    """What a strategy promises by a day, how success is measured, and the query that counts it."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("not started")
        ACTIVE = "active", _("on track")
        AT_RISK = "at_risk", _("at risk")
        COMPLETED = "completed", _("completed")
        SUPERSEDED = "superseded", _("closed, superseded")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PROPOSED: frozenset({Status.ACTIVE, Status.SUPERSEDED}),
        Status.ACTIVE: frozenset({Status.AT_RISK, Status.COMPLETED, Status.SUPERSEDED}),
        Status.AT_RISK: frozenset({Status.ACTIVE, Status.COMPLETED, Status.SUPERSEDED}),
        Status.COMPLETED: frozenset({Status.ACTIVE}),  # reopened by the administrator of the national body alone
    }

    reference = models.CharField(max_length=20, unique=True, editable=False)
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="deliverables")
    number = models.CharField(_("number"), max_length=10)  # N.M
    text = models.TextField(_("text"), max_length=1000)
    text_cy = models.TextField(_("text in Welsh"), max_length=1000, blank=True)
    success_measure = models.TextField(_("success measure"), max_length=600)
    success_measure_cy = models.TextField(_("success measure in Welsh"), max_length=600, blank=True)
    contribution = models.TextField(_("how it helps"), max_length=1000, blank=True)
    contribution_cy = models.TextField(_("how it helps, in Welsh"), max_length=1000, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PROPOSED, editable=False)
    status_word = models.CharField(_("as the document says it"), max_length=40, blank=True)  # such as COMPLETED
    target_on = models.DateField(_("target date"), null=True, blank=True)
    original_target_on = models.DateField(null=True, blank=True, editable=False)
    measure = models.CharField(_("counted by"), max_length=40, blank=True)  # a key of `strategy.measures`
    target_percent = models.PositiveSmallIntegerField(_("target in per cent"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("objective", "number"), name="deliverable_once_per_objective"),
            models.CheckConstraint(
                condition=Q(target_percent__isnull=True) | Q(target_percent__lte=100), name="deliverable_target_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.reference:
            self.reference = new_reference("DV")
        super().save(*args, **kwargs)

    @property
    def local_text(self) -> str:
        return local_text(self, "text")

    @property
    def local_success_measure(self) -> str:
        return local_text(self, "success_measure")

    def rag(self, on: dt.date | None = None) -> Rag:
        """How it stands on a day: overdue is derived from the target date, never stored."""
        day = on or today()
        if self.status == self.Status.COMPLETED:
            return Rag.COMPLETED
        if self.status == self.Status.SUPERSEDED:
            return Rag.CLOSED
        if self.target_on is not None and self.target_on < day:
            return Rag.OVERDUE
        words = {self.Status.PROPOSED: Rag.NOT_STARTED, self.Status.AT_RISK: Rag.AT_RISK}
        return words.get(self.Status(self.status), Rag.ON_TRACK)


class DeliverableChange(StatusChange):
    record = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="changes")


class DeliverableReport(models.Model):
    """What a strand lead reported: words, evidence, and a change of the target date with its reason. Never changed."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="reports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("progress"), max_length=3000)
    text_cy = models.TextField(_("progress in Welsh"), max_length=3000, blank=True)
    evidence = models.URLField(_("evidence, as an address"), max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Deliverable.Status.choices)
    target_on = models.DateField(null=True)
    changed_from = models.DateField(null=True)  # the target date before, where it was changed
    reason = models.CharField(_("reason for the new date"), max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.deliverable.number}, {self.at:%Y-%m-%d}"


class Recommendation(models.Model):
    """A recommendation of a strategy of the past, with what became of it as far as is known."""

    class Standing(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        OPEN = "open", _("open")
        PARTLY = "partly", _("partly done")
        DONE = "done", _("done")
        OVERTAKEN = "overtaken", _("overtaken")

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), max_length=1500, blank=True)  # blank: the text was not to be had
    text_cy = models.TextField(_("text in Welsh"), max_length=1500, blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.UNKNOWN)
    note = models.CharField(_("what is known of it"), max_length=500, blank=True)
    note_cy = models.CharField(_("that in Welsh"), max_length=500, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("strategy", "number"), name="recommendation_once"),)

    def __str__(self) -> str:
        return f"{self.strategy.key} {self.number}"


class ArchiveDocument(models.Model):
    """A document of the past under its own number: minutes, an addendum to them, a bulletin."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("strategy")
        MINUTES = "minutes", _("minutes")
        ADDENDUM = "addendum", _("addendum")
        BULLETIN = "bulletin", _("bulletin")

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    dated = models.CharField(max_length=40, blank=True)  # as it was given: "July 2009"
    source = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

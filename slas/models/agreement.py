"""Agreements, who is party to them on which side, and what they are worth on a day (domain 5 and 9.5, design 4)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from slas.models.library import ClauseLibrary

EXPIRING_DAYS = 90  # so long before its last day an agreement reads "expiring"


class ClauseSet(models.TextChoices):
    """Which clauses an agreement is made of: ANPR data has its own, with its own signatures (domain 5.2, no 18)."""

    MAIN = "main", _("CCTV and other cameras")
    ANPR = "anpr", _("ANPR data")


class Side(models.TextChoices):
    """An agreement has two sides that negotiate; on each stand one or more parties, and every party signs."""

    COUNCILS = "councils", _("councils")
    POLICE = "police", _("police and other agencies")

    @property
    def other(self) -> "Side":
        return Side.POLICE if self == Side.COUNCILS else Side.COUNCILS


class PartyRole(models.TextChoices):
    """What a party does under the agreement (domain 5.2, no 1); where the police own the system, they are its owner."""

    SYSTEM_OWNER = "system_owner", _("owns the system")
    SERVICE_PROVIDER = "service_provider", _("runs the control room for others")
    SERVICE_RECIPIENT = "service_recipient", _("receives the service")
    DATA_RECIPIENT = "data_recipient", _("receives data")


class Standing(models.TextChoices):
    """What an agreement is worth on a day: the first that holds, in this order."""

    OPEN = "open", _("not signed by all")
    TERMINATED = "terminated", _("terminated")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired")
    NOT_YET = "not_yet", _("not in force yet")
    NOTICE_GIVEN = "notice_given", _("notice given")
    EXPIRING = "expiring", _("expiring")
    REVIEW_DUE = "review_due", _("review due")
    IN_FORCE = "in_force", _("in force")


IN_FORCE = frozenset({Standing.NOTICE_GIVEN, Standing.EXPIRING, Standing.REVIEW_DUE, Standing.IN_FORCE})


def agreement_reference() -> str:
    return new_reference("AG")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Any) -> "AgreementQuerySet":
        """Those to which an organisation of the user is party: a draft only for whoever drafts it."""
        ids = user.organisation_ids()
        return self._shown(Q(parties__organisation_id__in=ids), Q(opened_by_id__in=ids))

    def of(self, organisation: Organisation) -> "AgreementQuerySet":
        """Those that stand under the organisation's address: its own drafts and what it is party to."""
        return self._shown(Q(parties__organisation=organisation), Q(opened_by=organisation))

    def _shown(self, party: Q, opener: Q) -> "AgreementQuerySet":
        """To the opener always; to the parties once they were asked, so never a draft that was given up unsent."""
        asked = AgreementChange.objects.filter(record=OuterRef("pk"), after__in=Agreement.ASKED)
        given_up = Q(status=Agreement.Status.ABANDONED) & ~Exists(asked)
        return self.filter(opener | (party & ~Q(status=Agreement.Status.DRAFT) & ~given_up)).distinct()

    def complete(self) -> "AgreementQuerySet":
        """Those that all parties signed, whatever became of them."""
        return self.filter(status__in=Agreement.COMPLETE)

    def with_standing(self, on: dt.date | None = None) -> "AgreementQuerySet":
        """`standing_on`: the standing on that day in SQL, the twin of `standing`."""
        day = on or today()
        ended = Q(ends_on__lt=day)
        cases = (
            When(~Q(status__in=Agreement.COMPLETE), then=Value(Standing.OPEN.value)),
            When(status=Agreement.Status.TERMINATED, ends_early_on__lt=day, then=Value(Standing.TERMINATED.value)),
            When(status=Agreement.Status.REPLACED, replaced_from__lte=day, then=Value(Standing.REPLACED.value)),
            When(ended, then=Value(Standing.EXPIRED.value)),
            When(starts_on__gt=day, then=Value(Standing.NOT_YET.value)),
            When(status=Agreement.Status.TERMINATED, then=Value(Standing.NOTICE_GIVEN.value)),
            When(ends_on__lt=day + dt.timedelta(days=EXPIRING_DAYS), then=Value(Standing.EXPIRING.value)),
            When(review_on__lt=day, then=Value(Standing.REVIEW_DUE.value)),
        )
        return self.annotate(
            standing_on=Case(*cases, default=Value(Standing.IN_FORCE.value), output_field=models.CharField())
        )

    def in_force(self, on: dt.date | None = None) -> "AgreementQuerySet":
        """Those in force on that day: the SQL twin of `is_in_force`."""
        return self.with_standing(on).filter(standing_on__in=IN_FORCE)  # type: ignore[misc]

    def for_list(self) -> "AgreementQuerySet":
        """With parties and technologies, newest first. Three queries."""
        return (
            self.select_related("opened_by").prefetch_related(*_parties(), "technologies").order_by("-made_at", "-pk")
        )

    def for_page(self) -> "AgreementQuerySet":
        """What every page of one agreement shows of it. Four queries; the text of its library is read where a process
        has not made it yet.
        """
        return self.with_parties().prefetch_related("technologies", "systems")

    def with_parties(self) -> "AgreementQuerySet":
        """The same without technologies and systems. Two queries."""
        related = self.select_related("opened_by", "library", "previous").defer("library__content")
        return related.prefetch_related(*_parties())


def _parties() -> tuple[Prefetch, ...]:
    return (Prefetch("parties", AgreementParty.objects.select_related("organisation")),)


class Agreement(Workflow):
    """A service level agreement between one or more councils and one or more forces or agencies."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        NEGOTIATING = "negotiating", _("being negotiated")
        AGREED_TEXT = "agreed_text", _("text agreed")
        SIGNED_BY_ONE = "signed_by_one", _("signed by some")
        IN_INK = "in_ink", _("signed in ink, to be confirmed")
        SIGNED_BY_BOTH = "signed_by_both", _("signed by all")
        TERMINATED = "terminated", _("notice given")
        REPLACED = "replaced", _("replaced")
        ABANDONED = "abandoned", _("abandoned")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.NEGOTIATING, Status.IN_INK, Status.ABANDONED}),
        Status.NEGOTIATING: frozenset({Status.AGREED_TEXT, Status.ABANDONED}),
        Status.AGREED_TEXT: frozenset({Status.NEGOTIATING, Status.SIGNED_BY_ONE, Status.ABANDONED}),
        Status.SIGNED_BY_ONE: frozenset({Status.NEGOTIATING, Status.SIGNED_BY_BOTH}),
        Status.IN_INK: frozenset({Status.DRAFT, Status.SIGNED_BY_BOTH, Status.ABANDONED}),
        Status.SIGNED_BY_BOTH: frozenset({Status.TERMINATED, Status.REPLACED}),
        # Notice may be taken back by agreement until it takes effect; a new agreement may come sooner
        Status.TERMINATED: frozenset({Status.SIGNED_BY_BOTH, Status.REPLACED}),
    }
    COMPLETE: ClassVar = (Status.SIGNED_BY_BOTH, Status.TERMINATED, Status.REPLACED)
    ASKED: ClassVar = (Status.NEGOTIATING, Status.IN_INK)  # from then on the other side knows of it
    UNDER_WAY: ClassVar = (Status.DRAFT, Status.NEGOTIATING, Status.AGREED_TEXT, Status.SIGNED_BY_ONE, Status.IN_INK)

    class Origin(models.TextChoices):
        PORTAL = "portal", _("made in the portal")
        INK = "ink", _("made outside the portal")

    class Begun(models.TextChoices):
        MODEL = "model", _("the model clauses")
        PREVIOUS = "previous", _("the last agreement of these parties")
        PUBLISHED = "published", _("a published agreement of others")

    reference = models.CharField(max_length=20, unique=True, default=agreement_reference, editable=False)
    clause_set = models.CharField(_("clauses for"), max_length=10, choices=ClauseSet.choices, default=ClauseSet.MAIN)
    library = models.ForeignKey(ClauseLibrary, on_delete=models.PROTECT, related_name="agreements")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PORTAL, editable=False)
    title = models.CharField(_("title"), max_length=150)
    title_cy = models.CharField(_("title in Welsh"), max_length=150, blank=True)
    is_bilingual = models.BooleanField(_("in English and Welsh"), default=False)
    systems = models.ManyToManyField(CameraSystem, blank=True, related_name="agreements", verbose_name=_("systems"))
    opened_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements_opened")
    begun_from = models.CharField(max_length=10, choices=Begun.choices, default=Begun.MODEL, editable=False)
    begun_from_reference = models.CharField(max_length=20, blank=True, editable=False)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    reply_by = models.DateField(_("reply wanted by"), null=True, blank=True)
    # Of the text that all signed, or as entered for one made in ink; blank until then
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)  # None: until it is ended
    review_on = models.DateField(_("review due"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("months of notice"), null=True, blank=True)
    reports_every = models.PositiveSmallIntegerField(_("months of a return"), default=3, editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)
    replaced_from = models.DateField(null=True, editable=False)
    notice_on = models.DateField(null=True, editable=False)
    notice_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    notice_reason = models.TextField(blank=True, max_length=1000, editable=False)
    ends_early_on = models.DateField(null=True, editable=False)  # the last day after notice
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("signed_by_both", "terminated", "replaced"))
                | Q(starts_on__isnull=False, completed_at__isnull=False),
                name="agreement_complete_has_first_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="terminated") | Q(ends_early_on__isnull=False), name="agreement_notice_has_last_day"
            ),
            models.CheckConstraint(
                condition=~Q(status="replaced") | Q(replaced_from__isnull=False), name="agreement_replaced_has_day"
            ),
        )
        indexes = (models.Index(fields=("status", "starts_on"), name="agreement_by_status"),)

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.opened_by

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    def standing(self, on: dt.date | None = None) -> Standing:
        """What it is worth on that day, all dates inclusive."""
        day = on or today()
        soon = day + dt.timedelta(days=EXPIRING_DAYS)
        has_notice, is_replaced = self.status == self.Status.TERMINATED, self.status == self.Status.REPLACED
        cases = (
            (Standing.OPEN, self.status not in self.COMPLETE),
            (Standing.TERMINATED, has_notice and self.ends_early_on is not None and self.ends_early_on < day),
            (Standing.REPLACED, is_replaced and self.replaced_from is not None and self.replaced_from <= day),
            (Standing.EXPIRED, self.ends_on is not None and self.ends_on < day),
            (Standing.NOT_YET, self.starts_on is not None and self.starts_on > day),
            (Standing.NOTICE_GIVEN, has_notice),
            (Standing.EXPIRING, self.ends_on is not None and self.ends_on < soon),
            (Standing.REVIEW_DUE, self.review_on is not None and self.review_on < day),
        )
        return next((standing for standing, holds in cases if holds), Standing.IN_FORCE)

    def was_shared(self) -> bool:
        """Whether the other side was ever asked; the twin of `AgreementQuerySet._shown`. One query where it was given
        up, else none.
        """
        if self.status == self.Status.ABANDONED:
            return self.changes.filter(after__in=self.ASKED).exists()
        return self.status != self.Status.DRAFT

    def is_in_force(self, on: dt.date | None = None) -> bool:
        return self.standing(on) in IN_FORCE

    # --- its parties; they read `parties` where it is loaded with `organisation` ---

    def party_of(self, organisation: Organisation) -> "AgreementParty | None":
        return next((party for party in self.parties.all() if party.organisation_id == organisation.pk), None)

    def parties_on(self, side: str) -> list["AgreementParty"]:
        return [party for party in self.parties.all() if party.side == side]

    @property
    def opening_side(self) -> Side:
        """The side of whoever drafted it."""
        return Side(next(party.side for party in self.parties.all() if party.organisation_id == self.opened_by_id))

    def technology_keys(self) -> frozenset[str]:
        return frozenset(row.technology for row in self.technologies.all())

    @property
    def takes_moves(self) -> bool:
        """Whether its clauses may change now: drafted by one side, or negotiated by both."""
        return self.status in (self.Status.DRAFT, self.Status.NEGOTIATING)


class AgreementChange(StatusChange):
    record = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="changes")


class AgreementTechnology(models.Model):
    """One technology that an agreement is about."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="technologies")
    technology = models.CharField(_("technology"), max_length=10, choices=Technology.choices)

    class Meta:
        ordering = ("technology",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "technology"), name="technology_once_per_agreement"),
        )

    def __str__(self) -> str:
        return self.get_technology_display()


class AgreementParty(models.Model):
    """An organisation that is party to an agreement: its side and what it does under it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreement_parties")
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    role = models.CharField(_("role"), max_length=20, choices=PartyRole.choices)
    position = models.PositiveSmallIntegerField(default=0)
    # Of one made in ink: who of this party confirmed that the record is right
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("side", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("agreement", "organisation"), name="party_once_per_agreement"),)

    def __str__(self) -> str:
        return self.organisation.name

    def trail_organisation(self) -> Organisation:
        return self.organisation

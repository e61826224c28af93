"""The clauses of an agreement, every text that was proposed for them, and every move about them.

A revision is never changed once it was proposed, a move never at all: what both sides last accepted can always be told
again from the moves alone.
"""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from slas.models.agreement import Agreement, Side

MOST_CHARACTERS = 20_000  # of the text of a clause in one language


class ClauseRevisionQuerySet(models.QuerySet["ClauseRevision"]):
    def seen_by(self, side: str) -> "ClauseRevisionQuerySet":
        """What a side may read: whatever was proposed, and its own drafts."""
        return self.filter(Q(proposed_at__isnull=False) | Q(side=side))


class ClauseQuerySet(models.QuerySet["Clause"]):
    def shared(self) -> "ClauseQuerySet":
        """Those that both sides know: something was proposed, and lies on the table or is agreed."""
        return self.filter(SHARED)

    def seen_by(self, side: str) -> "ClauseQuerySet":
        """What a side may read: those that both know, and those that it drafts."""
        own = ClauseRevision.objects.filter(clause=OuterRef("pk"), side=side)
        return self.filter(SHARED | Exists(own))

    def written(self) -> "ClauseQuerySet":
        """Without those that were added and thrown away again: nobody has a text of them any more."""
        return self.filter(Exists(ClauseRevision.objects.filter(clause=OuterRef("pk"))))


SHARED = Q(agreed__isnull=False) | Q(tabled__isnull=False)


class Clause(models.Model):
    """One clause: what both last agreed, and what lies on the table."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    key = models.SlugField(max_length=40)  # of the library, or `own-1` and so on
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=150)
    title_cy = models.CharField(_("title in Welsh"), max_length=150, blank=True)
    # The text that both sides accepted last; None until there is one
    agreed = models.ForeignKey(
        "slas.ClauseRevision", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # The proposal that waits for the side that did not make it, or was rejected by it; None when nothing is open
    tabled = models.ForeignKey(
        "slas.ClauseRevision", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_rejected = models.BooleanField(default=False, editable=False)  # of what is tabled: its side moves next
    version = models.PositiveIntegerField(default=1, editable=False)  # a move against an older one is a conflict

    objects = ClauseQuerySet.as_manager()

    class Meta:
        ordering = ("number", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "key"), name="clause_key_once_per_agreement"),
            models.CheckConstraint(
                condition=Q(is_rejected=False) | Q(tabled__isnull=False), name="clause_rejected_has_proposal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def is_shared(self) -> bool:
        """Whether both sides know it; the twin of `ClauseQuerySet.shared`."""
        return self.agreed_id is not None or self.tabled_id is not None

    @property
    def is_agreed(self) -> bool:
        """Both sides accepted its text and nothing else lies on the table."""
        return self.agreed_id is not None and self.tabled_id is None

    @property
    def waits_for(self) -> Side | None:
        """The side whose move it is: who did not propose, or who did once that was rejected. Needs `tabled`."""
        if self.tabled is None:
            return None
        side = Side(self.tabled.side)
        return side if self.is_rejected else side.other


class ClauseRevision(models.Model):
    """One version of a clause as one side wrote it; the other side sees it once it was proposed."""

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"), blank=True, max_length=MOST_CHARACTERS)
    text_cy = models.TextField(_("text in Welsh"), blank=True, max_length=MOST_CHARACTERS)
    values = models.JSONField(
        default=dict, blank=True
    )  # of the structured fields, as `slas.wording.clean_values` gives
    is_own_wording = models.BooleanField(default=False)  # else the text is what the library writes from the values
    is_left_out = models.BooleanField(default=False)
    reason = models.TextField(
        _("why"), blank=True, max_length=1000
    )  # why it is left out or changed; both sides read it
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_at = models.DateTimeField(null=True, editable=False)

    objects = ClauseRevisionQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("clause", "number"), name="revision_number_once_per_clause"),
            models.UniqueConstraint(
                fields=("clause", "side"), condition=Q(proposed_at__isnull=True), name="one_draft_per_clause_and_side"
            ),
            models.CheckConstraint(condition=Q(is_left_out=False) | ~Q(reason=""), name="clause_left_out_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.clause_id}/{self.number}"

    def trail_organisation(self) -> Organisation:
        """The trail of whoever wrote it: a draft of one side is not in the other's."""
        return self.organisation

    def says_the_same(self, other: "ClauseRevision | None") -> bool:
        """Whether both say the same in both languages, with the same values."""
        return other is not None and self.substance() == other.substance()

    def substance(self) -> tuple[Any, ...]:
        """What is agreed when a revision is accepted."""
        if self.is_left_out:
            return (True, self.reason)
        return (False, self.text, self.text_cy, tuple(sorted(self.values.items(), key=str)))


class ClauseMove(models.Model):
    """What a side did about a clause, for both to read. Append-only."""

    class Kind(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("took back the proposal")

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="moves")
    revision = models.ForeignKey(ClauseRevision, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(_("comment for the other side"), blank=True, max_length=2000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.clause_id}: {self.kind}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def of_side(self, side: str) -> "PrivateNoteQuerySet":
        """The only door to private notes: those of one side."""
        return self.filter(side=side).select_related("by", "organisation")


class PrivateNote(models.Model):
    """A note that the own side alone reads: never on a page, in a file or an answer of the other side's."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="private_notes")
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.CASCADE, related_name="private_notes")
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("private note"), max_length=4000)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"private note {self.pk}"

    def trail_organisation(self) -> Organisation:
        return self.organisation


class TextConfirmationQuerySet(models.QuerySet["TextConfirmation"]):
    def standing(self) -> "TextConfirmationQuerySet":
        return self.filter(ended_at__isnull=True)


class TextConfirmation(models.Model):
    """A side's word that the whole text with that hash is what it agreed to. Stale once the text is another."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="confirmations")
    side = models.CharField(max_length=10, choices=Side.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, editable=False)  # when the text was opened again
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TextConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("agreement", "side"), condition=Q(ended_at__isnull=True), name="one_confirmation_per_side"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side} {self.sha256[:8]}"

    def trail_organisation(self) -> Organisation:
        return self.organisation

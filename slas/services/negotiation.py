"""Negotiating clause by clause: draft, propose, accept, reject, take back; nothing agreed changes unseen.

A clause has what both sides agreed last and what lies on the table. A side may put another text on the table at any
time; the other accepts it, rejects it with a comment, or puts its own there instead. Only acceptance by the side that
did not write a text makes it agreed. Each move is held against the version of the clause that the side saw.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas.models import Agreement, AgreementParty, Clause, ClauseMove, ClauseRevision, PrivateNote
from slas.models.clause import MOST_CHARACTERS
from slas.services.holding import held_clause, hold, require_party, require_status

COMMENT_LIMIT, REASON_LIMIT, NOTE_LIMIT = 2000, 1000, 4000
Status = Agreement.Status
Kind = ClauseMove.Kind


@dataclass(frozen=True)
class Wording:
    """What a side wants a clause to say. `values` are clean (`slas.wording.clean_values`)."""

    text: str = ""
    text_cy: str = ""
    values: Mapping[str, Any] | None = None
    is_own_wording: bool = False
    is_left_out: bool = False
    reason: str = ""


@transaction.atomic
def save_draft(
    *, clause: Clause, party: AgreementParty, wording: Wording, by: User | None, version: int | None = None
) -> ClauseRevision:
    """What the side thinks of proposing: it alone sees it. One draft of a clause and side, written over.

    Raises Incomplete for what is left out without a reason or says nothing, IllegalMove when the clauses are not being
    negotiated, StaleRecord where the clause moved since.
    """
    clause = held_clause(clause, party, version)
    require_status(clause.agreement, Status.DRAFT, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    values = _checked(wording)
    draft = clause.revisions.filter(side=party.side, proposed_at__isnull=True).first()
    before = _told(draft) if draft else {}
    if draft is None:
        last = clause.revisions.order_by("-number").first()
        draft = ClauseRevision(clause=clause, number=last.number + 1 if last else 1, side=party.side)
    draft.organisation, draft.made_by, draft.made_at = party.organisation, by, timezone.now()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save()
    trail.record("drafted", draft, by=by, before=before, after=_told(draft))
    return draft


def _checked(wording: Wording) -> dict[str, Any]:
    reason = checked_text(wording.reason, limit=REASON_LIMIT)
    if wording.is_left_out:
        if not reason:
            raise Incomplete([_("Say why the clause is left out. Both sides read it.")])
        return {
            "text": "",
            "text_cy": "",
            "values": {},
            "is_own_wording": False,
            "is_left_out": True,
            "reason": reason,
        }
    text = checked_text(wording.text, limit=MOST_CHARACTERS)
    if not text:
        raise Incomplete([_("Write what the clause says, or leave it out with a reason.")])
    return {
        "text": text,
        "text_cy": checked_text(wording.text_cy, limit=MOST_CHARACTERS),
        "values": dict(wording.values or {}),
        "is_own_wording": wording.is_own_wording,
        "is_left_out": False,
        "reason": reason,
    }


def _told(revision: ClauseRevision) -> dict[str, Any]:
    return {
        "clause": revision.clause.key,
        "number": revision.number,
        "text": revision.text,
        "text_cy": revision.text_cy,
        "values": revision.values,
        "left_out": revision.is_left_out,
        "reason": revision.reason,
    }


@transaction.atomic
def discard_draft(*, clause: Clause, party: AgreementParty, by: User) -> None:
    """Throw away the side's own draft. In a draft agreement a clause keeps its text: there it is refused."""
    clause = held_clause(clause, party, None)
    require_status(clause.agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    draft = clause.revisions.filter(side=party.side, proposed_at__isnull=True).first()
    if draft is not None:
        trail.record("discarded", draft, by=by, before=_told(draft))
        draft.delete()


@transaction.atomic
def propose(
    *, clause: Clause, party: AgreementParty, by: User, comment: str = "", version: int | None = None
) -> ClauseRevision:
    """Put the side's draft on the table, in the place of whatever lay there. What was agreed stays agreed meanwhile.

    Raises RuleBroken without a draft, or where it says what lies there or is agreed already; IllegalMove, StaleRecord.
    """
    clause = held_clause(clause, party, version)
    require_status(clause.agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    return _propose(clause, party, by, checked_text(comment, limit=COMMENT_LIMIT))


def _propose(clause: Clause, party: AgreementParty, by: User, comment: str) -> ClauseRevision:
    draft = clause.revisions.filter(side=party.side, proposed_at__isnull=True).first()
    if draft is None:
        raise RuleBroken(_("There is nothing new to propose: change the clause first."))
    lying = clause.tabled or clause.agreed
    if draft.says_the_same(lying):
        if clause.tabled is not None and clause.tabled.side != party.side:
            raise RuleBroken(_("The other side proposes exactly this: accept it."))
        raise RuleBroken(_("This is what stands there already."))
    draft.proposed_at = timezone.now()
    draft.save(update_fields=["proposed_at"])
    _put(clause, tabled=draft)
    _moved(clause, draft, Kind.PROPOSED, party=party, by=by, comment=comment)
    return draft


@transaction.atomic
def propose_all(*, agreement: Agreement, party: AgreementParty, by: User) -> int:
    """Put all drafts of the side on the table, but for those that change nothing. Returns how many were proposed."""
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    mine = ClauseRevision.objects.filter(clause__agreement=agreement, side=party.side, proposed_at__isnull=True)
    keys = set(mine.values_list("clause", flat=True))
    clauses = Clause.objects.filter(pk__in=keys).select_related("agreed", "tabled")
    done = 0
    for clause in clauses.order_by("number", "pk"):
        clause.agreement = agreement
        draft = mine.get(clause=clause)
        if not draft.says_the_same(clause.tabled or clause.agreed):
            _propose(clause, party, by, "")
            done += 1
    if not done:
        raise RuleBroken(_("There is nothing new to propose: change a clause first."))
    return done


@transaction.atomic
def accept(*, clause: Clause, party: AgreementParty, by: User, comment: str = "", version: int) -> None:
    """Accept what the other side put on the table: it is agreed from now on.

    Raises RuleBroken where nothing of the other side lies there, IllegalMove, StaleRecord where something else does.
    """
    clause = held_clause(clause, party, version)
    require_status(clause.agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    _accept(clause, party, by, checked_text(comment, limit=COMMENT_LIMIT))


def _accept(clause: Clause, party: AgreementParty, by: User, comment: str) -> None:
    tabled = _of_the_other(clause, party)
    _put(clause, agreed=tabled, tabled=None)
    _moved(clause, tabled, Kind.ACCEPTED, party=party, by=by, comment=comment)


@transaction.atomic
def accept_many(*, agreement: Agreement, party: AgreementParty, versions: Mapping[int, int], by: User) -> int:
    """Accept several clauses, or none: `versions` has the version that the side saw by the clause's primary key.

    Raises StaleRecord with the first clause that is not what the side saw; RuleBroken, IllegalMove.
    """
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    if not versions:
        raise Incomplete([_("Choose the clauses that you accept.")])
    clauses = list(agreement.clauses.filter(pk__in=versions).select_related("agreed", "tabled"))
    for clause in clauses:
        clause.agreement = agreement
        if clause.version != versions[clause.pk]:
            raise StaleRecord(clause)
        _accept(clause, party, by, "")
    return len(clauses)


@transaction.atomic
def reject(*, clause: Clause, party: AgreementParty, by: User, comment: str, version: int) -> None:
    """Say no to what the other side put on the table, and why: its move next. What was agreed before stays agreed.

    Raises Incomplete without a comment; RuleBroken, IllegalMove, StaleRecord.
    """
    clause = held_clause(clause, party, version)
    require_status(clause.agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    comment = checked_text(comment, limit=COMMENT_LIMIT)
    if not comment:
        raise Incomplete([_("Say why, so that the other side can propose something better.")])
    tabled = _of_the_other(clause, party)
    if clause.is_rejected:
        raise RuleBroken(_("Your side rejected this proposal already."))
    _put(clause, tabled=tabled, is_rejected=True)
    _moved(clause, tabled, Kind.REJECTED, party=party, by=by, comment=comment)


@transaction.atomic
def withdraw(*, clause: Clause, party: AgreementParty, by: User, comment: str = "", version: int) -> None:
    """Take back what the own side put on the table: what the other side proposed last lies there again, unless it was
    accepted or taken back; else what was agreed stands.

    Raises RuleBroken where the clause would be left without any text; IllegalMove, StaleRecord.
    """
    clause = held_clause(clause, party, version)
    require_status(clause.agreement, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    tabled = clause.tabled
    if tabled is None or tabled.side != party.side:
        raise RuleBroken(_("Nothing of your side lies on the table here."))
    before = _before(clause, tabled)
    if before is None and clause.agreed is None:
        raise RuleBroken(_("The clause would have no text then. Propose another text, or leave it out with a reason."))
    _put(clause, tabled=before)
    comment = checked_text(comment, limit=COMMENT_LIMIT)
    _moved(clause, tabled, Kind.WITHDRAWN, party=party, by=by, comment=comment)


def _before(clause: Clause, tabled: ClauseRevision) -> ClauseRevision | None:
    """What the other side offers still: its newest proposal since anything was agreed, unless it took that back.

    A proposal that its own side replaced by another is gone, whatever became of that other.
    """
    moves = list(clause.moves.select_related("revision").order_by("at", "pk"))
    agreed_at = max((n for n, move in enumerate(moves) if move.kind == Kind.ACCEPTED), default=-1)
    taken_back = {move.revision_id for move in moves if move.kind == Kind.WITHDRAWN}
    offers = [
        move.revision for move in moves[agreed_at + 1 :] if move.kind == Kind.PROPOSED and move.side != tabled.side
    ]
    return offers[-1] if offers and offers[-1].pk not in taken_back else None


def _of_the_other(clause: Clause, party: AgreementParty) -> ClauseRevision:
    tabled = clause.tabled
    if tabled is None or tabled.side == party.side:
        raise RuleBroken(_("Nothing of the other side lies on the table here."))
    return tabled


def _put(
    clause: Clause,
    *,
    tabled: ClauseRevision | None,
    agreed: ClauseRevision | None = None,
    is_rejected: bool = False,
) -> None:
    """Write what lies on the table and, where given, what is agreed; against the version that was read."""
    values: dict[str, Any] = {"tabled": tabled, "is_rejected": is_rejected, "version": F("version") + 1}
    if agreed is not None:
        values["agreed"] = agreed
    if not Clause.objects.filter(pk=clause.pk, version=clause.version).update(**values):
        raise StaleRecord(clause)
    clause.version += 1
    clause.tabled, clause.is_rejected = tabled, is_rejected
    clause.agreed = agreed or clause.agreed


def _moved(
    clause: Clause, revision: ClauseRevision, kind: str, *, party: AgreementParty, by: User, comment: str
) -> None:
    move = ClauseMove.objects.create(
        clause=clause,
        revision=revision,
        kind=kind,
        side=party.side,
        organisation=party.organisation,
        comment=comment,
        by=by,
    )
    after = {"agreement": clause.agreement.reference, "clause": clause.key, "revision": revision.number}
    trail.record(str(kind), move, by=by, after={**after, "comment": comment})


def table_first(*, clauses: Iterable[Clause], party: AgreementParty, by: User) -> None:
    """Put the drafts of a draft agreement on the table when the other side is asked: `services.drafting.send`."""
    for clause in clauses:
        _propose(clause, party, by, "")


@transaction.atomic
def write_note(
    *, agreement: Agreement, party: AgreementParty, text: str, by: User, clause: Clause | None = None
) -> None:
    """A note that the own side alone ever reads, at any stage. Raises Incomplete when it is empty."""
    require_party(agreement, party)
    text = checked_text(text, limit=NOTE_LIMIT)
    if not text:
        raise Incomplete([_("Write the note.")])
    if clause is not None and clause.agreement_id != agreement.pk:
        raise IllegalMove(agreement, agreement.status)
    note = PrivateNote.objects.create(
        agreement=agreement, clause=clause, side=party.side, organisation=party.organisation, text=text, by=by
    )
    # The trail is the own organisation's; the words stay in the note
    trail.record("noted", note, by=by, after={"agreement": agreement.reference, "clause": clause.key if clause else ""})

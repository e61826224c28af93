"""A draft of one side: its frame, its clauses, and sending it to the other side."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from slas.clause_files import MOST_CLAUSES
from slas.models import (
    Agreement,
    AgreementParty,
    AgreementTechnology,
    Clause,
    ClauseSet,
    PartyRole,
    Side,
)
from slas.permissions import side_of, takes_part
from slas.services import negotiation, news
from slas.services.holding import hold, require_party, require_status
from slas.services.library_wording import write_again
from slas.services.negotiation import Wording

Status = Agreement.Status
TITLE_LIMIT, REASON_LIMIT, MOST_PARTIES = 150, 1000, 60


@dataclass(frozen=True)
class PartyWanted:
    """An organisation that shall be party; its side follows from its kind."""

    organisation: Organisation
    role: str


@dataclass(frozen=True)
class Frame:
    """What stands around the clauses. Which clauses it has is decided when it is begun."""

    title: str
    title_cy: str
    is_bilingual: bool
    technologies: frozenset[str]
    parties: Sequence[PartyWanted]
    systems: Sequence[CameraSystem]


def checked_frame(frame: Frame, clause_set: str, opened_by: Organisation) -> Frame:
    """The frame with its texts cleaned. Raises Incomplete with everything that is missing or does not fit."""
    title = " ".join(checked_text(frame.title, limit=TITLE_LIMIT).split())
    title_cy = " ".join(checked_text(frame.title_cy, limit=TITLE_LIMIT).split())
    problems = [] if title else [Problem(_("Give the agreement a title."), field="title")]
    if frame.is_bilingual and not title_cy:
        problems.append(Problem(_("Give it a title in Welsh too, or make it in English alone."), field="title_cy"))
    anpr = clause_set == ClauseSet.ANPR
    if not frame.technologies <= set(Technology.values) or not frame.technologies:
        problems.append(Problem(_("Say which technologies it is about."), field="technologies"))
    elif (Technology.ANPR in frame.technologies) != anpr or (anpr and len(frame.technologies) > 1):
        sentence = _("ANPR data has an agreement of its own, with its own clauses and signatures.")
        problems.append(Problem(sentence, field="technologies"))
    problems += _problems_of_parties(frame, opened_by)
    owners = {wanted.organisation.pk for wanted in frame.parties}
    if any(system.operator_id not in owners for system in frame.systems):
        problems.append(Problem(_("Every system must be of one of the parties."), field="systems"))
    if problems:
        raise Incomplete(problems)
    return Frame(
        title,
        title_cy,
        frame.is_bilingual,
        frame.technologies,
        tuple(frame.parties),
        tuple(frame.systems),
    )


def _problems_of_parties(frame: Frame, opened_by: Organisation) -> list[Problem]:
    organisations = [wanted.organisation for wanted in frame.parties]
    problems = []
    if opened_by.pk not in {organisation.pk for organisation in organisations}:
        problems.append(Problem(_("Your own organisation must be one of the parties."), field="parties"))
    if len({organisation.pk for organisation in organisations}) != len(organisations):
        problems.append(Problem(_("Each organisation can be party only once."), field="parties"))
    if len(organisations) > MOST_PARTIES:
        problems.append(Problem(_("An agreement has at most %(n)d parties.") % {"n": MOST_PARTIES}, field="parties"))
    for organisation in organisations:
        if not (takes_part(organisation) and organisation.is_current() and opened_by.deals_with(organisation)):
            sentence = _("%(name)s cannot be party to an agreement.") % {"name": organisation.local_name}
            problems.append(Problem(sentence, field="parties"))
    sides = {side_of(organisation) for organisation in organisations}
    if sides != set(Side):
        sentence = _("There must be at least one council and at least one police force or agency.")
        problems.append(Problem(sentence, field="parties"))
    if any(wanted.role not in PartyRole.values for wanted in frame.parties):
        problems.append(Problem(_("Say what each party does."), field="parties"))
    return problems


def fill_frame(agreement: Agreement, frame: Frame) -> None:
    """Write parties, technologies and systems of a checked frame. Call it inside a transaction."""
    kept = {wanted.organisation.pk for wanted in frame.parties}
    agreement.parties.exclude(organisation__in=kept).delete()
    for position, wanted in enumerate(frame.parties):
        AgreementParty.objects.update_or_create(
            agreement=agreement,
            organisation=wanted.organisation,
            defaults={"side": side_of(wanted.organisation), "role": wanted.role, "position": position},
        )
    agreement.technologies.exclude(technology__in=frame.technologies).delete()
    present = set(agreement.technologies.values_list("technology", flat=True))
    AgreementTechnology.objects.bulk_create(
        AgreementTechnology(agreement=agreement, technology=technology)
        for technology in sorted(frame.technologies - present)
    )
    agreement.systems.set(frame.systems)


def told(frame: Frame) -> dict[str, object]:
    """A frame as the trail has it."""
    return {
        "title": frame.title,
        "title_cy": frame.title_cy,
        "bilingual": frame.is_bilingual,
        "technologies": sorted(frame.technologies),
        "parties": [[wanted.organisation.slug, wanted.role] for wanted in frame.parties],
        "systems": sorted(system.reference for system in frame.systems),
    }


@transaction.atomic
def change_frame(*, agreement: Agreement, frame: Frame, by: User, version: int) -> None:
    """Change what stands around the clauses while it is a draft; the library's words follow. Raises Incomplete,
    IllegalMove, StaleRecord.
    """
    hold(agreement)
    require_status(agreement, Status.DRAFT, wanted=Status.DRAFT)
    if agreement.version != version:
        raise StaleRecord(agreement)
    frame = checked_frame(frame, agreement.clause_set, agreement.opened_by)
    agreement.title, agreement.title_cy, agreement.is_bilingual = frame.title, frame.title_cy, frame.is_bilingual
    agreement.version += 1
    agreement.save(update_fields=["title", "title_cy", "is_bilingual", "version"])
    fill_frame(agreement, frame)
    write_again(agreement, by)
    trail.record("changed", agreement, by=by, after=told(frame))


@transaction.atomic
def add_clause(
    *, agreement: Agreement, party: AgreementParty, title: str, title_cy: str, wording: Wording, by: User
) -> Clause:
    """A clause of the parties' own, at the end. The other side sees it once it is proposed.

    Raises Incomplete, RuleBroken beyond the most clauses, IllegalMove.
    """
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.DRAFT, Status.NEGOTIATING, wanted=Status.NEGOTIATING)
    title = " ".join(checked_text(title, limit=TITLE_LIMIT).split())
    if not title:
        raise Incomplete([Problem(_("Give the clause a title."), field="title")])
    numbers = list(agreement.clauses.values_list("number", "key"))
    if agreement.clauses.written().count() >= MOST_CLAUSES:
        raise RuleBroken(_("An agreement has at most %(n)d clauses.") % {"n": MOST_CLAUSES})
    own = max((int(key[4:]) for _number, key in numbers if re.fullmatch(r"own-\d+", key)), default=0)
    clause = Clause.objects.create(
        agreement=agreement,
        key=f"own-{own + 1}",
        number=max((number for number, _key in numbers), default=0) + 1,
        title=title,
        title_cy=" ".join(checked_text(title_cy, limit=TITLE_LIMIT).split()),
    )
    negotiation.save_draft(clause=clause, party=party, wording=wording, by=by)
    return clause


@transaction.atomic
def send(*, agreement: Agreement, party: AgreementParty, by: User, reply_by: dt.date | None = None) -> None:
    """Put all clauses before the other side, which is told; `reply_by` is when an answer is wanted.

    Raises Incomplete with everything that is missing, IllegalMove.
    """
    require_party(agreement, party)
    hold(agreement)
    require_status(agreement, Status.DRAFT, wanted=Status.NEGOTIATING)
    if agreement.origin == Agreement.Origin.INK:  # signed outside the portal: there is nothing to negotiate
        raise IllegalMove(agreement, Status.NEGOTIATING)
    if reply_by is not None and reply_by < today():
        raise Incomplete([Problem(_("The day by which you want a reply is past."), field="reply_by")])
    clauses = list(agreement.clauses.select_related("agreed", "tabled"))
    if problems := problems_of_draft(agreement, clauses):
        raise Incomplete(problems, _("The draft is not complete yet."))
    agreement.move_to(Status.NEGOTIATING, by=by)
    if reply_by is not None:
        agreement.reply_by = reply_by
        agreement.save(update_fields=["reply_by"])
    for clause in clauses:
        clause.agreement = agreement
    negotiation.table_first(clauses=clauses, party=party, by=by)
    news.asked(agreement, party)


def problems_of_draft(agreement: Agreement, clauses: Iterable[Clause]) -> list[Problem]:
    """What a draft lacks before it can be sent, each with its page. Three queries."""
    from slas.completeness import problems_of_clauses  # noqa: PLC0415  (it reads the wording engine)

    sides = {party.side for party in agreement.parties.all()}
    problems = []
    if sides != set(Side):
        problems.append(Problem(_("There must be at least one council and at least one police force or agency.")))
    return [*problems, *problems_of_clauses(agreement, clauses)]


@transaction.atomic
def abandon(*, agreement: Agreement, party: AgreementParty, by: User, reason: str) -> None:
    """Give up an agreement that is not signed by anybody; all parties that saw it are told why.

    Raises Incomplete without a reason, IllegalMove.
    """
    require_party(agreement, party)
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([_("Say why it is given up.")])
    hold(agreement)
    was_seen = agreement.status != Status.DRAFT
    agreement.move_to(Status.ABANDONED, by=by, note=reason)
    if was_seen:
        news.abandoned(agreement, party, reason)

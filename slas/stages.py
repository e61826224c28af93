"""Where an agreement stands, what is needed now and whose move it is, in words and colours."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from slas.models import Agreement, Side, Standing
from slas.standing_moves import Owed

Status = Agreement.Status
COLOURS: Mapping[str, str] = {
    Status.DRAFT: "grey",
    Status.NEGOTIATING: "blue",
    Status.AGREED_TEXT: "teal",
    Status.SIGNED_BY_ONE: "purple",
    Status.IN_INK: "yellow",
    Status.ABANDONED: "grey",
    Standing.TERMINATED: "red",
    Standing.REPLACED: "grey",
    Standing.EXPIRED: "red",
    Standing.NOT_YET: "teal",
    Standing.NOTICE_GIVEN: "orange",
    Standing.EXPIRING: "orange",
    Standing.REVIEW_DUE: "yellow",
    Standing.IN_FORCE: "green",
}


@dataclass(frozen=True)
class Tag:
    label: Text
    colour: str


@dataclass(frozen=True)
class Step:
    """What is needed now, and of which sides: none where nothing is."""

    what: Text
    sides: frozenset[Side] = frozenset()


BOTH = frozenset(Side)
UNSENT = _("Write the clauses and send them to the other side. It sees nothing before.")
RETURNED = _("Another party returned the record: mend it and send it again, or give it up.")


def tag_of(agreement: Agreement) -> Tag:
    """Its stage while it is not signed by all, its standing today afterwards."""
    if agreement.status in Agreement.COMPLETE:
        standing = agreement.standing()
        return Tag(standing.label, COLOURS[standing])
    return Tag(agreement.get_status_display(), COLOURS[agreement.status])


def next_step(agreement: Agreement, counts: Owed, *, signed: frozenset[int] = frozenset()) -> Step:
    """What is needed now. `signed`: the parties that signed the standing text, by primary key. Reads `parties`."""
    status = agreement.status
    if status == Status.DRAFT:
        returned = agreement.origin == Agreement.Origin.INK
        return Step(RETURNED if returned else UNSENT, frozenset({agreement.opening_side}))
    if status == Status.NEGOTIATING:
        return _negotiating(counts)
    if status in (Status.AGREED_TEXT, Status.SIGNED_BY_ONE):
        missing = [party for party in agreement.parties.all() if party.pk not in signed]
        names = ", ".join(party.organisation.local_name for party in missing)
        return Step(
            format_lazy(_("Both sides agreed the text. Signatures are missing of: {names}."), names=names),
            frozenset(Side(party.side) for party in missing),
        )
    if status == Status.IN_INK:
        missing = [party for party in agreement.parties.all() if party.confirmed_at is None]
        names = ", ".join(party.organisation.local_name for party in missing)
        return Step(
            format_lazy(_("It was signed in ink. These confirm that the record is right: {names}."), names=names),
            frozenset(Side(party.side) for party in missing),
        )
    if status == Status.ABANDONED:
        return Step(_("It was given up before it was signed."))
    return _in_force(agreement)


def _negotiating(counts: Owed) -> Step:
    if counts.is_settled:
        return Step(_("Every clause is agreed. Each side reads the whole and says so; then it can be signed."), BOTH)
    waiting = frozenset(side for side in Side if counts.by(side))
    if waiting == BOTH:
        return Step(
            format_lazy(
                _("{councils} clauses wait for the councils, {police} for the police."),
                councils=counts.councils,
                police=counts.police,
            ),
            BOTH,
        )
    if Side.POLICE in waiting:
        return Step(format_lazy(_("Clauses that wait for the police: {number}."), number=counts.police), waiting)
    return Step(format_lazy(_("Clauses that wait for the councils: {number}."), number=counts.councils), waiting)


def _in_force(agreement: Agreement) -> Step:
    standing = agreement.standing()
    sentences: Mapping[str, Text] = {
        Standing.IN_FORCE: _("It is in force."),
        Standing.NOT_YET: _("It is signed by all and not in force yet."),
        Standing.REVIEW_DUE: _("Its review is due: confirm it unchanged, or negotiate a new one."),
        Standing.EXPIRING: _("It ends soon: negotiate a new one, or let it end."),
        Standing.EXPIRED: _("It has ended. Negotiate a new one if the work goes on."),
        Standing.NOTICE_GIVEN: _("Notice was given: it ends early."),
        Standing.TERMINATED: _("It was ended by notice."),
        Standing.REPLACED: _("Another agreement took its place."),
    }
    needed = standing in (Standing.REVIEW_DUE, Standing.EXPIRING)
    return Step(sentences[standing], BOTH if needed else frozenset())


def draft_tag(lacks: bool) -> Tag:
    """Of a clause of a draft that the other side has not seen."""
    return Tag(_("to be filled in"), "yellow") if lacks else Tag(_("ready"), "green")


def clause_tag(clause: object, side: str) -> Tag:
    """Where one clause stands for a side. Needs `tabled`."""
    waits_for = clause.waits_for  # type: ignore[attr-defined]
    if waits_for is None:
        return Tag(_("agreed"), "green") if clause.agreed_id else Tag(_("your draft"), "grey")  # type: ignore[attr-defined]
    if waits_for != side:
        return Tag(_("waits for the other side"), "blue")
    if clause.is_rejected:  # type: ignore[attr-defined]
        return Tag(_("your proposal was rejected"), "orange")
    return Tag(_("waits for you"), "yellow")


def dates_in_words(agreement: Agreement) -> Text:
    """From when to when; empty before it has a first day."""
    if agreement.starts_on is None:
        return ""
    start = date_format(agreement.starts_on, "j F Y")
    if agreement.ends_on is None:
        return format_lazy(_("From {start} until it is ended"), start=start)
    return format_lazy(_("{start} to {end}"), start=start, end=date_format(agreement.ends_on, "j F Y"))

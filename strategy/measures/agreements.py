"""Deliverables 5.4 and 5.5: agreements between councils and police that are in force and published."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Kind, Organisation
from slas.models import IN_FORCE, Agreement, AgreementParty, NoAgreement, Side
from strategy.measures.base import (
    Row,
    State,
    bodies,
    declared_none,
    end_of,
    forces_of,
    in_words,
    measure,
    public_on,
    row_of,
    words_of_none,
)
from strategy.measures.passed import Passed, passed_since
from transparency.agreement_standing import day_of, standing_of
from transparency.models import Publication

Pair = tuple[str, str]  # slugs of a council and a force


@dataclass
class Known:
    """What was known when a day ended about pairs of a council and a force."""

    in_force: dict[Pair, list[tuple[dt.date, str]]] = field(default_factory=lambda: defaultdict(list))
    past: dict[Pair, str] = field(default_factory=dict)  # public, but not in force: why
    signed: set[Pair] = field(default_factory=set)
    none: dict[Pair, dt.date] = field(default_factory=dict)


@measure(
    "agreements_published",
    _("Councils and police forces with an agreement that both signed, in force and published"),
    _("pairs of a principal authority and its force, without authorities that have no public-space system"),
    "National strategy 2020, 5.4 and 5.5: agreements are signed by police and local authority, and published",
)
def agreements_published(day: dt.date) -> Sequence[Row]:
    """Pairs of a principal authority and its territorial force between which an agreement that all signed was in force
    on that day, and public when it ended; those of an authority whose word that it runs no public-space system stood
    then are excluded. Six queries, for a past day three more at most.

    Days and end are read as they were public on that day, frozen with each version; parties and the force of an area as
    they were then, where a reorganisation passed them on since. No data: no agreement was signed by then and neither of
    the two had said that there is none. Drafts and talks are known to those who lead them alone, and count as nothing
    here.
    """
    passed = passed_since(day)
    known, none = _known(day, passed), declared_none(day)
    return [
        _row(body, force, known, none.get(body.pk))
        for body in bodies(day, Kind.PRINCIPAL_AUTHORITY, passed)
        for force in forces_of(body)
        if _is_there(force, day)
    ]


def _is_there(force: Organisation, day: dt.date) -> bool:
    return force.is_counted and force.kind == Kind.POLICE_FORCE and force.is_current(day)


def _row(body: Organisation, force: Organisation, known: Known, none_since: dt.date | None) -> Row:
    pair = (body.slug, force.slug)
    if none_since is not None:
        return row_of(body, State.EXCLUDED, words_of_none(none_since), none_since, force=force)
    if pair in known.in_force:
        since, reference = min(known.in_force[pair])
        return row_of(body, State.COUNTED, reference, since, force=force)
    if why := known.past.get(pair):
        return row_of(body, State.NOT_COUNTED, why, force=force)
    if pair in known.signed:
        return row_of(body, State.NOT_COUNTED, "An agreement was signed; none is public", force=force)
    if pair in known.none:
        why = f"It was declared on {in_words(known.none[pair])} that there is none"
        return row_of(body, State.NOT_COUNTED, why, force=force)
    return row_of(body, State.NO_DATA, "No agreement is recorded, and nobody said that there is none", force=force)


def _known(day: dt.date, passed: Passed) -> Known:
    """Three queries."""
    known = Known(signed=_signed(day, passed))
    said = NoAgreement.objects.current(day).order_by("declared_on", "pk")
    for council, force, since in said.values_list("council__slug", "force__slug", "declared_on"):
        known.none.setdefault((council, force), since)
    public = Publication.objects.of_agreements().filter(public_on(day)).order_by("subject_reference", "version")
    for reference, summary in public.values_list("subject_reference", "summary"):
        standing = standing_of(summary, day)
        for pair in _pairs(reference, summary, passed):
            if standing in IN_FORCE:
                known.in_force[pair].append((day_of(summary["starts_on"]) or day, reference))
            else:
                with override("en-gb"):
                    known.past[pair] = f"{reference}: {standing.label}"
    return known


def _pairs(reference: str, summary: Mapping[str, Any], passed: Passed) -> list[Pair]:
    sides: dict[str, list[str]] = defaultdict(list)
    for party in summary["parties"]:
        sides[party["side"]].append(passed.party(reference, party["slug"]))
    return _across(sides)


def _across(sides: Mapping[str, Iterable[str]]) -> list[Pair]:
    return [(council, force) for council in sides[Side.COUNCILS] for force in sides[Side.POLICE]]


def _signed(day: dt.date, passed: Passed) -> set[Pair]:
    """Pairs that had signed an agreement, whatever became of it. One query."""
    parties = AgreementParty.objects.filter(
        agreement__completed_at__lt=end_of(day), agreement__status__in=Agreement.COMPLETE
    ).order_by()
    sides: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for agreement, side, slug in parties.values_list("agreement__reference", "side", "organisation__slug"):
        sides[agreement][side].append(passed.party(agreement, slug))
    return {pair for each in sides.values() for pair in _across(each)}

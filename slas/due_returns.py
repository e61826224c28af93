"""Returns that a party owes, or that wait for its answer, over all agreements in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from slas import return_periods
from slas.models import Agreement, AgreementParty, PerformanceReturn, ServiceMeasure, Side

MOST_AGREEMENTS = 200
Status = PerformanceReturn.Status


@dataclass(frozen=True)
class DueReturn:
    """What one party should do: send its own return for a period, or answer `made`, which the other side sent."""

    agreement: Agreement
    party: AgreementParty
    starts_on: dt.date
    ends_on: dt.date
    made: PerformanceReturn | None = None


def due_returns(user: User) -> Iterator[DueReturn]:
    """For each party of the agreements in force that the user reads: the newest period that is over, and what was sent.

    Who may act is asked by the caller. Five queries; one where there is no such agreement.
    """
    measured = Agreement.objects.filter(measures__isnull=False).values("pk")
    found = Agreement.objects.visible_to(user).in_force().filter(pk__in=measured).for_list()
    agreements = list(found[:MOST_AGREEMENTS])
    if not agreements:
        return
    keys = [agreement.pk for agreement in agreements]
    owed = set(ServiceMeasure.objects.filter(agreement__in=keys).values_list("agreement", "owed_by"))
    returns: dict[int, list[PerformanceReturn]] = defaultdict(list)
    for made in PerformanceReturn.objects.filter(agreement__in=keys).order_by("starts_on", "pk"):
        returns[made.agreement_id].append(made)
    for agreement in agreements:
        for party in agreement.parties.all():
            if {(agreement.pk, party.side), (agreement.pk, "both")} & owed:
                yield from _owed(agreement, party, returns[agreement.pk])
            yield from _to_answer(agreement, party, returns[agreement.pk])


def _owed(agreement: Agreement, party: AgreementParty, returns: list[PerformanceReturn]) -> Iterator[DueReturn]:
    """The newest period without a return of the party, and every return of it that was asked about."""
    own = {made.starts_on: made.status for made in returns if made.organisation_id == party.organisation_id}
    periods = return_periods.periods_of(agreement)
    for place, (first, last) in enumerate(periods):
        if own.get(first) == Status.QUERIED or (place == 0 and own.get(first, Status.DRAFT) == Status.DRAFT):
            yield DueReturn(agreement, party, first, last)


def _to_answer(agreement: Agreement, party: AgreementParty, returns: list[PerformanceReturn]) -> Iterator[DueReturn]:
    others = {other.organisation_id for other in agreement.parties_on(Side(party.side).other)}
    for made in returns:
        if made.status == Status.SUBMITTED and made.organisation_id in others:
            yield DueReturn(agreement, party, made.starts_on, made.ends_on, made)

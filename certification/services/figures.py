"""Figures of certification bodies, by year: how long matters took, recommendations that were overturned, suspensions.

Per body, never per auditor: nothing here reads who reviewed or decided. What happened counts in the year, London time,
in which it happened; a time counts in the year in which it ended. Below five of them no median is given: so few days
are those of single matters, and of whoever had them. See docs/decisions/impartiality.md.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from certification.models import (
    Application,
    ApplicationChange,
    CertificateEvent,
    CertificationScheme,
    Decision,
    SurveillanceReview,
)
from core.dates import LONDON
from core.errors import Text

MEDIAN_FROM = 5
Status = Application.Status
DECIDED = (Status.AWARDED, Status.DECLINED)
FINAL = (Decision.Outcome.AWARD, Decision.Outcome.DECLINE)
SUBMITTED, SENT_BACK = "submitted", "sent_back"
DIFFERING, SURVEILLANCE_DIFFERING = "differing", "surveillance_differing"
APPEALS_CHANGED, SUSPENDED, WITHDRAWN = "appeals_changed", "suspended", "withdrawn"

# In the order of a matter; the whole of it last.
LEGS: Mapping[str, Text] = {
    "accepted": _("From submission to acceptance"),
    "step1": _("From acceptance to the conclusion of step 1"),
    "step2": _("From then to the conclusion of step 2"),
    "decided": _("From the recommendation to the decision"),
    "whole": _("From submission to the decision"),
}
COUNTS: Mapping[str, Text] = {
    SUBMITTED: _("Applications submitted"),
    SENT_BACK: _("Sent back to the auditor instead of decided"),
    SUSPENDED: _("Certificates suspended"),
    WITHDRAWN: _("Certificates withdrawn"),
}
# A number, and of how many.
SHARES: Mapping[str, Text] = {
    DIFFERING: _("Decisions on applications that differ from the recommendation"),
    SURVEILLANCE_DIFFERING: _("Decisions after surveillance that differ from the recommendation"),
    APPEALS_CHANGED: _("Appeals by which the decision was changed"),
}


@dataclass
class Year:
    """One body in one year. `days` by leg; `counts` by key; `shares` by key as a number and of how many."""

    body: str
    body_name: str
    year: int
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shares: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def count_of(self, leg: str) -> int:
        return len(self.days.get(leg, ()))

    def median_of(self, leg: str) -> float | None:
        """In days; None where there are fewer than five."""
        days = self.days.get(leg, [])
        return float(median(days)) if len(days) >= MEDIAN_FROM else None

    def share(self, key: str, *, counts: bool) -> None:
        found = self.shares[key]
        found[0] += counts
        found[1] += 1


class Sheet:
    """The years of some bodies, made as they are met."""

    def __init__(self, bodies: Iterable[Organisation]) -> None:
        self.bodies = {body.pk: body for body in bodies}
        self.years: dict[tuple[int, int], Year] = {}

    def at(self, body: int, moment: dt.datetime) -> Year:
        year = moment.astimezone(LONDON).year
        if (body, year) not in self.years:
            record = self.bodies[body]
            self.years[body, year] = Year(record.slug, record.local_name, year)
        return self.years[body, year]

    def newest_first(self) -> list[Year]:
        return sorted(self.years.values(), key=lambda year: (year.body_name, year.body, -year.year))


def figures_of(bodies: Iterable[Organisation], scheme: CertificationScheme | None = None) -> list[Year]:
    """By body and year, the newest first; of one scheme or of all. Four queries whatever the number of bodies."""
    sheet = Sheet(bodies)
    for reader in (_turnaround, _decisions, _after_surveillance, _events):
        reader(sheet, scheme)
    return sheet.newest_first()


def _turnaround(sheet: Sheet, scheme: CertificationScheme | None) -> None:
    moves = ApplicationChange.objects.filter(record__body__in=sheet.bodies).order_by("record", "at", "pk")
    if scheme is not None:
        moves = moves.filter(record__scheme=scheme)
    matters: dict[int, list[tuple[str, str, dt.datetime]]] = defaultdict(list)
    bodies: dict[int, int] = {}
    for matter, body, before, after, at in moves.values_list("record", "record__body", "before", "after", "at"):
        bodies[matter] = body
        matters[matter].append((before, after, at))
    for matter, happened in matters.items():
        for leg, first, last in legs_of(happened):
            sheet.at(bodies[matter], last).days[leg].append(_days(first, last))
        if submitted := _first(happened, lambda before, after: after == Status.SUBMITTED):
            sheet.at(bodies[matter], submitted).counts[SUBMITTED] += 1


def legs_of(happened: list[tuple[str, str, dt.datetime]]) -> Iterator[tuple[str, dt.datetime, dt.datetime]]:
    """Each leg of one matter that has ended, with its two moments. `happened` is in order: before, after, when."""
    submitted = _first(happened, lambda before, after: after == Status.SUBMITTED)
    accepted = _first(happened, lambda before, after: after == Status.ACCEPTED)
    step1 = _first(happened, lambda before, after: after == Status.STEP1_PASSED)
    step2 = _first(happened, lambda before, after: (before, after) == (Status.STEP2_AUDIT, Status.RECOMMENDED))
    decided = _first(happened, lambda before, after: before == Status.RECOMMENDED and after in DECIDED)
    recommended = [at for _before, after, at in happened if after == Status.RECOMMENDED]
    ends = {
        "accepted": (submitted, accepted),
        "step1": (accepted, step1),
        "step2": (step1 or accepted, step2),
        "decided": (recommended[-1] if recommended else None, decided),
        "whole": (submitted, decided),
    }
    for leg, (first, last) in ends.items():
        if first is not None and last is not None:
            yield leg, first, last


def _first(happened: list[tuple[str, str, dt.datetime]], wanted: Callable[[str, str], bool]) -> dt.datetime | None:
    return next((at for before, after, at in happened if wanted(before, after)), None)


def _days(first: dt.datetime, last: dt.datetime) -> int:
    """Days of the calendar between two moments, London time."""
    return (last.astimezone(LONDON).date() - first.astimezone(LONDON).date()).days


def _decisions(sheet: Sheet, scheme: CertificationScheme | None) -> None:
    decisions = Decision.objects.filter(application__body__in=sheet.bodies)
    if scheme is not None:
        decisions = decisions.filter(application__scheme=scheme)
    for body, outcome, recommended, on_appeal, at in decisions.values_list(
        "application__body", "outcome", "recommended", "on_appeal", "at"
    ):
        year = sheet.at(body, at)
        if on_appeal:  # there is an appeal against a refusal alone
            year.share(APPEALS_CHANGED, counts=outcome == Decision.Outcome.AWARD)
        elif outcome == Decision.Outcome.BACK_TO_AUDITOR:
            year.counts[SENT_BACK] += 1
        elif recommended in FINAL:  # a certificate that was taken over has none
            year.share(DIFFERING, counts=outcome != recommended)


def _after_surveillance(sheet: Sheet, scheme: CertificationScheme | None) -> None:
    """Those decided since the outcome is recorded with the review."""
    reviews = SurveillanceReview.objects.filter(
        certificate__body__in=sheet.bodies, changes__after=SurveillanceReview.Status.DECIDED
    ).exclude(outcome="")
    if scheme is not None:
        reviews = reviews.filter(certificate__scheme=scheme)
    for body, outcome, recommended, at in reviews.values_list(
        "certificate__body", "outcome", "review__recommendation", "changes__at"
    ):
        sheet.at(body, at).share(SURVEILLANCE_DIFFERING, counts=outcome != recommended)


def _events(sheet: Sheet, scheme: CertificationScheme | None) -> None:
    kinds = {CertificateEvent.Kind.SUSPENDED.value: SUSPENDED, CertificateEvent.Kind.WITHDRAWN.value: WITHDRAWN}
    events = CertificateEvent.objects.filter(certificate__body__in=sheet.bodies, kind__in=kinds).order_by()
    if scheme is not None:
        events = events.filter(certificate__scheme=scheme)
    for body, kind, at in events.values_list("certificate__body", "kind", "at"):
        sheet.at(body, at).counts[kinds[kind]] += 1

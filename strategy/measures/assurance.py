"""Deliverables 5.2 and 5.2b: certificates and signed self-assessments of main systems."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from certification.models import Certificate, CertificateEvent
from certification.services.events import STATUS_AFTER
from compliance.models import MadeElsewhere, SignedAssessment
from core.dates import add_months
from strategy.measures.base import (
    Row,
    State,
    bodies,
    declared_none,
    end_of,
    in_words,
    measure,
    row_of,
    words_of_none,
)
from strategy.measures.passed import Passed, passed_since
from strategy.measures.systems import Estate, System, estate_of, estates

ASSESSED_MONTHS = 12
NO_MAIN = "No system is marked as the main one"


def _without_main(body: Organisation, estate: Estate, none_since: dt.date | None) -> Row:
    """Why there is nothing to look at: the word that there is none, no main system, or nothing is known."""
    if estate.recorded:
        return row_of(body, State.NOT_COUNTED, NO_MAIN)
    if none_since is not None:
        return row_of(body, State.NOT_COUNTED, words_of_none(none_since))
    return row_of(body, State.NO_DATA, "No camera system is recorded")


# --- 5.2: certificates ---


@dataclass(frozen=True)
class Held:
    """What a certificate was worth when a day ended."""

    reference: str
    since: dt.date | None
    fault: str  # empty: in force
    listed: frozenset[str] = frozenset()  # names of systems as printed, of one that was recorded for the history

    def may_be_of(self, main: System | None) -> bool:
        """Of a recorded one, whose list names no system of the portal: whether that list has the main system by its
        name, public CCTV, or nothing at all.
        """
        return not self.listed or "cctv" in self.listed or (main is not None and main.name.casefold() in self.listed)


@dataclass
class Certificates:
    """Those that had been issued when a day ended: by system, and by holder the ones recorded for the history."""

    of_system: dict[int, list[Held]]
    recorded: dict[int, list[Held]]

    def of_main(self, body: Organisation, main: System | None) -> list[Held]:
        own = self.of_system.get(main.pk, []) if main is not None else []
        return own + [each for each in self.recorded.get(body.pk, ()) if each.may_be_of(main)]


@measure(
    "main_certified",
    _("Councils whose main camera system holds a certificate in force, desktop or full"),
    _("principal authorities, without those that declared to have no public-space system"),
    "National strategy 2020, 5.2: half of the local authorities certified their main system, at least desktop",
)
def main_certified(day: dt.date) -> Sequence[Row]:
    """Principal authorities whose main system had a desktop or full certificate in force on that day; those whose word
    that they run no public-space system stood then are excluded. Seven queries.

    Suspension, reinstatement, withdrawal and replacement count from the moment of their event; a certificate that has
    none of these events counts by its status. From the day on which its scheme is closed none is in force. One that was
    recorded for the history counts for the days that it names, though they are before it was recorded: nobody could
    count 31 March 2021 otherwise. No data: neither certificate nor system was recorded by then.
    """
    passed = passed_since(day)
    held, there, none = _held(day, passed), estates(day, passed), declared_none(day)
    return [
        _certified(body, held, estate_of(there, body), none.get(body.pk))
        for body in bodies(day, Kind.PRINCIPAL_AUTHORITY, passed)
    ]


def _certified(body: Organisation, held: Certificates, estate: Estate, none_since: dt.date | None) -> Row:
    if none_since is not None:
        return row_of(body, State.EXCLUDED, words_of_none(none_since), none_since)
    own = held.of_main(body, estate.main)
    if good := [each for each in own if not each.fault]:
        first = min(good, key=lambda each: (each.since or dt.date.max, each.reference))
        return row_of(body, State.COUNTED, first.reference, first.since)
    if own:
        last = max(own, key=lambda each: (each.since or dt.date.min, each.reference))
        return row_of(body, State.NOT_COUNTED, f"{last.reference}: {last.fault}")
    if estate.main is None or not estate.main.is_recorded:
        return _without_main(body, estate, none_since)
    return row_of(body, State.NOT_COUNTED, "No certificate of the main system")


def _held(day: dt.date, passed: Passed) -> Certificates:
    """Two queries."""
    status_of, found = _statuses(day), Certificates(defaultdict(list), defaultdict(list))
    names = ("pk", "reference", "operator_id", "origin", "status", "systems_listed", "issued_on", "valid_from")
    rows = Certificate.objects.order_by("pk").values(*names, "valid_until", "scheme__closed_on", "systems__pk")
    for row in rows:  # one for each of its systems
        begun = row["issued_on"] or row["valid_from"]
        if begun is None or begun > day:
            continue
        fault = _fault(row, status_of.get(row["pk"], row["status"]), day)
        if row["systems__pk"] is not None:
            held = Held(row["reference"], row["valid_from"], fault)
            found.of_system[row["systems__pk"]].append(held)
        elif row["origin"] == Certificate.Origin.RECORDED:
            listed = frozenset(str(each.get("name", "")).casefold() for each in row["systems_listed"])
            holder = passed.owner(Certificate, row["pk"], row["operator_id"])
            found.recorded[holder].append(Held(row["reference"], row["valid_from"], fault, listed))
    return found


def _statuses(day: dt.date) -> Mapping[int, str]:
    """The status when the day ended of each certificate to which anything ever happened. One query."""
    end = end_of(day)
    found: dict[int, str] = {}
    events = CertificateEvent.objects.filter(kind__in=STATUS_AFTER).order_by("certificate_id", "number")
    for certificate, kind, at in events.values_list("certificate_id", "kind", "at"):
        found.setdefault(certificate, Certificate.Status.VALID)
        if at < end:
            found[certificate] = STATUS_AFTER[kind]
    return found


def _fault(row: Mapping[str, Any], status: str, day: dt.date) -> str:
    """Why it was not in force on that day; empty where it was. In the order of `Certificate.standing`."""
    closed, first, last = row["scheme__closed_on"], row["valid_from"], row["valid_until"]
    if closed is not None and closed <= day:
        return f"its scheme was closed on {in_words(closed)}"
    if status != Certificate.Status.VALID:
        return str(Certificate.Status(status).value)
    if last is not None and last < day:
        return f"expired on {in_words(last)}"
    if first is None:
        return "its first day is not known"
    return f"valid from {in_words(first)}" if first > day else ""


# --- 5.2b: self-assessments ---


@measure(
    "main_assessed",
    _("Councils with a self-assessment of their main camera system signed within 12 months"),
    _("principal authorities"),
    "The portal's measure beside 5.2, which can be counted after the end of the certification scheme",
)
def main_assessed(day: dt.date) -> Sequence[Row]:
    """Principal authorities with a self-assessment of their main system that was signed within the 12 months before
    the day was over; one that was made outside the portal counts from when it was confirmed, by the day on which it was
    signed. Seven queries. No data: no system recorded by then and no word that there is none.
    """
    passed = passed_since(day)
    signed, there, none = newest_signed(day), estates(day, passed), declared_none(day)
    return [
        _assessed(body, signed, estate_of(there, body), none.get(body.pk), day)
        for body in bodies(day, Kind.PRINCIPAL_AUTHORITY, passed)
    ]


Signed = tuple[dt.date, str]  # day and reference


def _assessed(
    body: Organisation, signed: Mapping[int, Signed], estate: Estate, none_since: dt.date | None, day: dt.date
) -> Row:
    if estate.main is None or not estate.main.is_recorded:
        return _without_main(body, estate, none_since)
    last = signed.get(estate.main.pk)
    if last is None:
        return row_of(body, State.NOT_COUNTED, "No signed self-assessment of the main system")
    signed_on, reference = last
    if signed_on <= add_months(day, -ASSESSED_MONTHS):
        return row_of(
            body,
            State.NOT_COUNTED,
            f"{reference}: signed on {in_words(signed_on)}, more than {ASSESSED_MONTHS} months before",
        )
    return row_of(body, State.COUNTED, reference, signed_on)


def newest_signed(day: dt.date) -> Mapping[int, Signed]:
    """The newest of each system that counted when the day ended. Two queries.

    One made outside the portal that was replaced since needs no look at its history: only a newer one for the same
    systems replaces it.
    """
    end = end_of(day)
    found: dict[int, Signed] = {}
    here = SignedAssessment.objects.filter(signed_at__lt=end).order_by()
    for system, at, reference in here.values_list("assessments__system_id", "signed_at", "reference"):
        _keep(found, system, (timezone.localdate(at), reference))
    elsewhere = MadeElsewhere.objects.filter(
        kind=MadeElsewhere.Kind.SELF_ASSESSMENT, confirmed_at__lt=end, signed_on__lte=day
    ).order_by()
    for system, on, reference in elsewhere.values_list("systems__pk", "signed_on", "reference"):
        _keep(found, system, (on, reference))
    return found


def _keep(found: dict[int, Signed], system: int | None, signed: Signed) -> None:
    if system is not None:
        found[system] = max(found.get(system, signed), signed)

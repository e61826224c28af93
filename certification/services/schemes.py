"""Schemes and their bodies: a scheme is loaded whole and never changed once in use; bodies come and go with dates."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from certification.models import CertificationScheme, Criterion, SchemeBody
from certification.scheme_files import SchemeText, read_scheme
from certification.services.holding import require_order
from core import trail
from core.dates import today
from core.errors import RuleBroken, StaleRecord


def require_may_certify(scheme: CertificationScheme, body: Organisation) -> None:
    """Raises RuleBroken unless the scheme is open and the body may certify under it today. One query."""
    if scheme.is_closed():
        raise RuleBroken(_("The scheme is closed: nothing can be certified under it."))
    if not scheme.bodies.current().filter(body=body).exists():
        raise RuleBroken(_("The certification body may not certify under this scheme today."))


class Outcome(StrEnum):
    LOADED = "loaded"
    REPLACED = "replaced"
    COMPLETED = "completed"  # the same as before, with what the format did not have then
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadedScheme:
    scheme: CertificationScheme
    outcome: Outcome


def load_scheme(*, text: str, by: User | None) -> LoadedScheme:
    """Store the scheme that a YAML text describes.

    The same content again changes nothing; other content under the same key replaces a scheme that nothing rests on.
    Raises Incomplete with every problem of the text, RuleBroken for what is no YAML, for a scheme in use, for a prefix
    of numbers that another scheme has, and for a scheme to be succeeded that is not there.
    """
    return _store(read_scheme(text), by)


@transaction.atomic
def _store(wanted: SchemeText, by: User | None) -> LoadedScheme:
    scheme = CertificationScheme.objects.select_for_update().filter(key=wanted.key).first()
    before = {"sha256": scheme.sha256} if scheme else {}
    if scheme is None:
        scheme, outcome = CertificationScheme(key=wanted.key), Outcome.LOADED
    elif scheme.sha256 == wanted.sha256:
        return LoadedScheme(scheme, Outcome.UNCHANGED)
    elif scheme.sha256 in wanted.earlier_hashes:
        return LoadedScheme(_complete(scheme, wanted, by), Outcome.COMPLETED)
    elif scheme.in_use():
        raise RuleBroken(
            f"The scheme “{scheme.key}” is in use: it cannot be changed, only succeeded. Give the new one its own key."
        )
    else:
        outcome = Outcome.REPLACED
        scheme.criteria.all().delete()
    _fill(scheme, wanted)
    trail.record(outcome.value, scheme, by=by, before=before, after={"key": scheme.key, "sha256": scheme.sha256})
    return LoadedScheme(scheme, outcome)


def _complete(scheme: CertificationScheme, wanted: SchemeText, by: User | None) -> CertificationScheme:
    """A scheme of an earlier portal gets what its file lacked then; all else stays, also where it is in use."""
    _fill_later(scheme, wanted)
    criteria = list(scheme.criteria.order_by("position"))
    for criterion, text in zip(criteria, wanted.criteria, strict=True):
        criterion.evidence_cy, criterion.grading_cy = text.evidence.cy, text.grading.cy
    Criterion.objects.bulk_update(criteria, ["evidence_cy", "grading_cy"])
    before, scheme.sha256 = {"sha256": scheme.sha256}, wanted.sha256
    scheme.save()
    trail.record(Outcome.COMPLETED.value, scheme, by=by, before=before, after={"sha256": scheme.sha256})
    return scheme


def _fill_later(scheme: CertificationScheme, wanted: SchemeText) -> None:
    others = CertificationScheme.objects.exclude(key=wanted.key)
    if others.filter(number_prefix=wanted.number_prefix).exists():
        raise RuleBroken(
            f"Another scheme numbers its certificates {wanted.number_prefix}-…: give this one a prefix of its own."
        )
    scheme.number_prefix, scheme.version = wanted.number_prefix, wanted.version
    scheme.terms = "\n".join(term.en for term in wanted.terms)
    scheme.terms_cy = "\n".join(term.cy for term in wanted.terms)
    scheme.rotation_stops = wanted.rotation_stops
    scheme.known_by_month = list(wanted.known_by_month)
    scheme.succeeds = None
    if wanted.succeeds is not None:
        scheme.succeeds = others.filter(key=wanted.succeeds).first()
        if scheme.succeeds is None:
            raise RuleBroken(f"The scheme “{wanted.succeeds}”, which this one succeeds, is not loaded.")


def _fill(scheme: CertificationScheme, wanted: SchemeText) -> None:
    _fill_later(scheme, wanted)
    scheme.name, scheme.name_cy = wanted.name.en, wanted.name.cy
    scheme.owner, scheme.owner_cy = wanted.owner.en, wanted.owner.cy
    scheme.edition_key = wanted.edition
    scheme.opened_on = wanted.opened_on
    scheme.closed_to_applications_on = wanted.closed_to_applications_on
    scheme.closed_on = wanted.closed_on
    scheme.statement, scheme.statement_cy = wanted.statement.en, wanted.statement.cy
    scheme.no_criteria_note, scheme.no_criteria_note_cy = wanted.no_criteria_note.en, wanted.no_criteria_note.cy
    scheme.desktop_months = wanted.desktop_months
    scheme.full_months = wanted.full_months
    scheme.surveillance_months = wanted.surveillance_months
    scheme.desktop_may_be_skipped = wanted.desktop_may_be_skipped
    scheme.look_back_years = wanted.look_back_years
    scheme.rotation_limit = wanted.rotation_limit
    scheme.finding_classes = wanted.finding_classes
    scheme.required_documents = wanted.required_documents
    scheme.sample = wanted.sample
    scheme.sha256 = wanted.sha256
    scheme.save()
    Criterion.objects.bulk_create(
        Criterion(
            scheme=scheme,
            key=criterion.key,
            principle=criterion.principle,
            text=criterion.text.en,
            text_cy=criterion.text.cy,
            evidence=criterion.evidence.en,
            evidence_cy=criterion.evidence.cy,
            grading=criterion.grading.en,
            grading_cy=criterion.grading.cy,
            position=position,
        )
        for position, criterion in enumerate(wanted.criteria, 1)
    )


@transaction.atomic
def add_body(
    *,
    scheme: CertificationScheme,
    body: Organisation,
    by: User | None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    accreditation_number: str = "",
    known_by_month: Collection[str] = (),
) -> SchemeBody:
    """Let a body certify under a scheme from one day to another, both inclusive; without an end until it is ended.

    `known_by_month` names the days of which no more than the month is known, for the history. Raises RuleBroken for an
    organisation of another kind, dates that do not fit, a month not past, and a period that overlaps another.
    """
    starts_on = starts_on or today()
    if body.kind != Kind.CERTIFICATION_BODY:
        raise RuleBroken(_("Only a certification body can certify under a scheme."))
    require_order(starts_on, ends_on)
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if name in known_by_month and day is not None:
            _require_past_month(day)
    if starts_on < scheme.opened_on:
        raise RuleBroken(_("The body cannot certify before the scheme opened."))
    if scheme.is_closed(starts_on):
        raise RuleBroken(_("The scheme is closed on that day: no body can certify under it."))
    CertificationScheme.objects.select_for_update().get(pk=scheme.pk)  # two administrators at once: one after the other
    overlapping = SchemeBody.objects.filter(scheme=scheme, body=body).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    )
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise RuleBroken(_("The body may certify under this scheme in that period already. End that entry first."))
    entry = SchemeBody.objects.create(
        scheme=scheme,
        body=body,
        starts_on=starts_on,
        ends_on=ends_on,
        known_by_month=sorted(known_by_month),
        accreditation_number=accreditation_number,
    )
    trail.record("added", entry, by=by, after=_values(entry))
    return entry


@transaction.atomic
def end_body(*, entry: SchemeBody, by: User | None, ends_on: dt.date | None = None, by_month: bool = False) -> None:
    """End a body's right to certify after a day, inclusive; today unless given. What it awarded stays as it is.

    `by_month`: of the day no more than its month is known. Raises RuleBroken for a day before its first and for a month
    that has not passed, StaleRecord when somebody else ended it meanwhile.
    """
    ends_on = ends_on or today()
    if by_month:
        _require_past_month(ends_on)
    require_order(entry.starts_on, ends_on)
    before = _values(entry)
    known_by_month = sorted({*entry.known_by_month, "ends_on"} if by_month else {*entry.known_by_month} - {"ends_on"})
    same = SchemeBody.objects.filter(pk=entry.pk, ends_on=entry.ends_on)
    if not same.update(ends_on=ends_on, known_by_month=known_by_month):
        raise StaleRecord(entry)
    entry.ends_on, entry.known_by_month = ends_on, known_by_month
    trail.record("ended", entry, by=by, before=before, after=_values(entry))


def _require_past_month(day: dt.date) -> None:
    """Whether a body may certify is for the day to say: the month alone will do for the past only."""
    if (day.year, day.month) >= (today().year, today().month):
        raise RuleBroken(_("Give the day as well: the month alone is enough for past months only."))


def _values(entry: SchemeBody) -> dict[str, object]:
    return {
        "scheme": entry.scheme.key,
        "body": entry.body.slug,
        "starts_on": entry.starts_on,
        "ends_on": entry.ends_on,
        "known_by_month": entry.known_by_month,
        "accreditation_number": entry.accreditation_number,
    }

"""Guidance and good practice: written, sent in, returned, published as numbered versions, withdrawn."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models import Resource
from strategy.models.resources import NUMBERS, REASON_LIMIT, TEXT_LIMIT
from strategy.resource_files import shipped_entries
from transparency.models import Publication
from transparency.services.publish import Subject, new_version, withdraw_publication

SCHEMA = "ccp/resource-publication/1"
Status = Resource.Status
TEXTS = ("title", "summary", "text", "outcome")
SHARED = ("title", "title_cy", "summary", "summary_cy", "text", "text_cy", "url", "principles", "technology", "topic")
WRITTEN: Mapping[str, tuple[str, ...]] = {
    Resource.Kind.GUIDANCE: (*SHARED, "publisher", "edition", "as_of", "review_by", "is_superseded"),
    Resource.Kind.PRACTICE: (*SHARED, "outcome", "outcome_cy", "post"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    Resource.Kind.GUIDANCE: ("summary", "topic", "publisher", "as_of", "review_by"),
    Resource.Kind.PRACTICE: ("summary", "text", "outcome", "post", "topic"),
}
Facts = Mapping[str, Any]


def kind_of(organisation: Organisation) -> str:
    """National bodies keep guidance; operators of cameras tell of good practice. Raises RuleBroken for others."""
    if organisation.kind == Kind.NATIONAL_BODY:
        return Resource.Kind.GUIDANCE
    if organisation.runs_cameras:
        return Resource.Kind.PRACTICE
    raise RuleBroken(_("The library is kept by national bodies and operators of cameras."))


@transaction.atomic
def write(*, organisation: Organisation, facts: Facts, by: User | None) -> Resource:
    """A draft. Raises Incomplete, RuleBroken."""
    made = Resource(organisation=organisation, kind=kind_of(organisation))
    _take(made, facts)
    made.save()
    trail.record("created", made, by=by, after={"title": made.title})
    return made


@transaction.atomic
def take_shipped(*, body: Organisation, by: User | None) -> int:
    """The entries that come with the portal, as drafts to be looked at; those it has stay. How many were new.

    Raises RuleBroken for an organisation that is no national body.
    """
    if kind_of(body) != Resource.Kind.GUIDANCE:
        raise RuleBroken(_("Only a national body keeps guidance."))
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    have = set(Resource.objects.filter(organisation=body).exclude(shipped="").values_list("shipped", flat=True))
    new = [each for each in shipped_entries() if each["shipped"] not in have]
    made = Resource.objects.bulk_create(
        Resource(organisation=body, kind=Resource.Kind.GUIDANCE, **each) for each in new
    )
    trail.record_each("loaded", [(each, None, {"title": each.title}) for each in made], by=by)
    return len(made)


@transaction.atomic
def change(*, resource: Resource, facts: Facts, version: int, by: User | None) -> Resource:
    """What is said of it; what is public stays until it is published again.

    Raises Incomplete, StaleRecord, and RuleBroken once it was sent in or withdrawn.
    """
    held = _held(resource, version)
    open_to_change = {Status.DRAFT, Status.RETURNED} if held.is_practice else {Status.DRAFT, Status.PUBLISHED}
    if held.status not in open_to_change:
        raise RuleBroken(_("It cannot be changed as it stands."))
    before = held.title
    _take(held, facts)
    _save(held)
    trail.record("changed", held, by=by, before={"title": before}, after={"title": held.title})
    return held


@transaction.atomic
def drop(*, resource: Resource, by: User | None) -> None:
    """Throw a draft away. Raises RuleBroken for one that was sent in or published."""
    held = _held(resource, None)
    if held.status != Status.DRAFT:
        raise RuleBroken(_("Only a draft can be thrown away."))
    trail.record("discarded", held, by=by, before={"title": held.title})
    held.delete()


@transaction.atomic
def submit(*, resource: Resource, version: int, by: User | None) -> None:
    """Send good practice to the secretaries. Raises Incomplete with all that is missing, IllegalMove, StaleRecord, and
    RuleBroken for a training organisation.
    """
    held = _held(resource, version)
    if not held.is_practice:
        raise IllegalMove(held, Status.SUBMITTED)
    if held.organisation.is_training:
        raise RuleBroken(_("This is a training organisation: what it writes is not sent to anybody."))
    if problems := lacks(held):
        raise Incomplete(problems)
    held.move_to(Status.SUBMITTED, by=by)
    _save(held)


@transaction.atomic
def send_back(*, resource: Resource, reason: str, version: int, by: User | None) -> None:
    """Return what was sent in, with what to do better. Raises Incomplete, IllegalMove, StaleRecord."""
    held, reason = _held(resource, version), checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([Problem(_("Say why it is returned."), field="reason")])
    held.move_to(Status.RETURNED, by=by, note=reason)
    _save(held)


@transaction.atomic
def publish(*, resource: Resource, version: int, by: User | None, note: str = "", note_cy: str = "") -> Publication:
    """Freeze it as it stands: the next version. From the second on `note` says what changed.

    Raises Incomplete with all that is missing, IllegalMove, StaleRecord.
    """
    held, note = _held(resource, version), checked_text(note, limit=REASON_LIMIT)
    if held.status != Status.PUBLISHED and not may_follow(held, Status.PUBLISHED):
        raise IllegalMove(held, Status.PUBLISHED)
    problems = lacks(held)
    if held.status == Status.PUBLISHED and not note:
        problems.append(Problem(_("Say what changed. The public reads it."), field="note"))
    if problems:
        raise Incomplete(problems)
    if held.status != Status.PUBLISHED:
        held.move_to(Status.PUBLISHED, by=by)
    _save(held)
    return new_version(
        Subject(held, "resource", held.reference, held.organisation, held.title, held.title_cy),
        Publication.Kind.RESOURCE,
        path=f"/resources/{held.reference}/",
        content=gather(held, note=note, note_cy=checked_text(note_cy, limit=REASON_LIMIT)),
        summary=_summary(held),
        by=by,
    )


def may_follow(resource: Resource, status: str) -> bool:
    """Whether the step is open to its kind: good practice is published once it was sent in, guidance from a draft."""
    if resource.status == Status.DRAFT:
        return status == (Status.SUBMITTED if resource.is_practice else Status.PUBLISHED)
    return resource.can_move_to(status)


@transaction.atomic
def withdraw(*, resource: Resource, reason: str, version: int, by: User | None) -> None:
    """Take it back; its address stays and says so. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(resource, version)
    held.move_to(Status.WITHDRAWN, by=by, note=checked_text(reason, limit=REASON_LIMIT))
    _save(held)
    publication = newest_of(held.reference)
    if publication is not None:
        withdraw_publication(publication=publication, by=by, reason=reason)


def newest_of(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    versions = Publication.objects.filter(kind=Publication.Kind.RESOURCE, subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def lacks(resource: Resource) -> list[Problem]:
    """What is missing before it may be sent in or published, everything at once. No query."""
    problems = [_missing(resource, name) for name in NEEDED[resource.kind] if not getattr(resource, name)]
    if resource.organisation.is_welsh:
        told = [name for name in TEXTS if getattr(resource, name) and not getattr(resource, f"{name}_cy")]
        problems += [_missing(resource, f"{name}_cy") for name in told]
    return problems


def gather(resource: Resource, *, note: str = "", note_cy: str = "") -> dict[str, Any]:
    """Everything that the page says; nobody is named but by post. No query."""
    return {
        "schema": SCHEMA,
        "reference": resource.reference,
        "kind": resource.kind,
        "texts": {name: _both(getattr(resource, name), getattr(resource, f"{name}_cy")) for name in TEXTS},
        **{name: getattr(resource, name) for name in ("url", "publisher", "edition", "post", "technology", "topic")},
        "principles": resource.principles,
        "is_superseded": resource.is_superseded,
        **{name: _iso(getattr(resource, name)) for name in ("as_of", "review_by")},
        "note": _both(note, note_cy),
    }


def _summary(resource: Resource) -> dict[str, Any]:
    return {
        **{name: getattr(resource, name) for name in ("kind", "technology", "topic", "principles", "is_superseded")},
        "publisher": resource.publisher,
        "as_of": _iso(resource.as_of),
        "found": [[resource.summary[:200], resource.summary_cy[:200]]],
    }


def _held(resource: Resource, version: int | None) -> Resource:
    """The record for this transaction alone. Raises StaleRecord when it is another version by now, or is gone."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("organisation")
    held = rows.filter(pk=resource.pk).first()
    if held is None or (version is not None and held.version != version):
        raise StaleRecord(held or resource)
    return held


def _save(resource: Resource) -> None:
    resource.version += 1
    resource.save()


def _take(resource: Resource, facts: Facts) -> None:
    """Texts tidied, everything else as it is. Raises Incomplete, RuleBroken for what is unfit."""
    for name in WRITTEN[resource.kind]:
        value = facts[name]
        setattr(resource, name, checked_text(value, limit=TEXT_LIMIT) if isinstance(value, str) else value)
    problems = [] if resource.title else [_missing(resource, "title")]
    if any(number not in NUMBERS for number in resource.principles):
        problems.append(Problem(_("Choose one of the answers shown."), field="principles"))
    if resource.as_of and resource.as_of > today():
        problems.append(Problem(_("The day must not be in the future."), field="as_of"))
    if problems:
        raise Incomplete(problems)


def _missing(resource: Resource, name: str) -> Problem:
    label = Resource._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Problem(_("Missing: %(what)s.") % {"what": label}, field=name)


def _both(english: str, welsh: str) -> dict[str, str]:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""

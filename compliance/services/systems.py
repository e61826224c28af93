"""Camera systems: created, described, activated, put at risk, closed. Each change is compare-and-set on the version."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.completeness import missing_to_activate
from compliance.models import Camera, CameraSystem, SystemTechnology, SystemUse
from compliance.models.public_facts import PoliceAccess
from compliance.models.vocabulary import Fact, LegalBasis, Purpose
from compliance.services.fields import field_problems
from compliance.services.texts import checked_text
from compliance.use_rules import AUDIO_FACT, contradictions
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

SLUG_LENGTH = 70
NOTE_LENGTH = 2000
# What may be about a person: it enters the trail so that it can be erased.
PERSONAL_FIELDS = frozenset({"spoc_email", "spoc_phone", "spoc_name", "sro_name", "dpo_contact"})
CONTACT = frozenset({"spoc_post", "spoc_email", "spoc_phone", "spoc_name"})  # who enters these says that they are right
FINAL = frozenset({CameraSystem.Status.CLOSED, CameraSystem.Status.TRANSFERRED})
CHANGEABLE = frozenset(
    field.name
    for field in CameraSystem._meta.concrete_fields
    if field.editable and not field.primary_key and field.name not in {"operator", "slug"}
)


@dataclass(frozen=True)
class TechnologyRow:
    """One technology as it is to be: images kept for so many days (None: not known yet), how many, counted when."""

    technology: str
    retention_days: int | None = None
    fixed_count: int = 0
    ptz_count: int = 0
    redeployable_count: int = 0
    mobile_count: int = 0
    counted_on: dt.date | None = None


def technology_rows(system: CameraSystem) -> list[TechnologyRow]:
    """The technologies as they are now. One query unless prefetched."""
    names = TechnologyRow.__dataclass_fields__
    return [TechnologyRow(**{name: getattr(row, name) for name in names}) for row in system.technologies.all()]


def create_system(
    *, operator: Organisation, name: str, by: User | None, name_cy: str = "", technologies: Collection[str] = ()
) -> CameraSystem:
    """A draft system. Raises RuleBroken for an operator without cameras, Incomplete for values that will not do."""
    if not operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    system = CameraSystem(operator=operator, name=name.strip(), name_cy=name_cy.strip(), created_by=by)
    try:
        with transaction.atomic():
            system.slug = _free_slug(operator, system.name)
            _check(system)
            system.save(force_insert=True)
            _write_technologies(system, [TechnologyRow(technology=key) for key in dict.fromkeys(technologies)])
            after = {"name": system.name, "name_cy": system.name_cy, "technologies": sorted(technologies)}
            trail.record("created", system, by=by, after=after)
    except IntegrityError as error:  # somebody took the same address at the same moment
        raise StaleRecord(system) from error
    return system


def update_system(*, system: CameraSystem, version: int, changes: Mapping[str, Any], by: User | None) -> CameraSystem:
    """Write `changes` (field → value) if the record is still at `version`. Returns it as it now stands.

    Nothing different: nothing written. Raises StaleRecord, IllegalMove for a closed or transferred system, Incomplete
    when a value will not do or an active system would lose what makes it one.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    with transaction.atomic():
        current = at_version(system, version)
        before = {name: getattr(current, name) for name in changes}
        for name, value in changes.items():
            setattr(current, name, value)
        changed = [name for name in changes if before[name] != getattr(current, name)]
        if not changed:
            return current
        _check(current)
        _check_main(current)
        _check_still_active(current)
        _keep_one_truth(current, changed)
        if CONTACT & set(changed):
            current.spoc_confirmed_on = today()
        try:
            with transaction.atomic():
                write_version(current, [*changed, "spoc_confirmed_on"])
        except IntegrityError as error:  # another system became the main one at the same moment
            raise StaleRecord(system) from error
        _record_change(current, {name: before[name] for name in changed}, by)
    return current


def set_technologies(
    *, system: CameraSystem, version: int, rows: Sequence[TechnologyRow], by: User | None
) -> CameraSystem:
    """Make the technologies of a system exactly `rows`. Raises as `update_system` does."""
    with transaction.atomic():
        current = at_version(system, version)
        before = {row.technology: asdict(row) for row in technology_rows(current)}
        after = {row.technology: asdict(row) for row in rows}
        if before == after:
            return current
        current.technologies.exclude(technology__in=after).delete()
        _write_technologies(current, rows)
        _check_still_active(current)
        write_version(current, ())
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        trail.record(
            "changed",
            current,
            by=by,
            before={"technologies": {key: before[key] for key in sorted(changed & before.keys())}},
            after={"technologies": {key: after[key] for key in sorted(changed & after.keys())}},
        )
    return current


@transaction.atomic
def set_facts(
    *, system: CameraSystem, version: int, technologies: Collection[str], facts: Collection[str], by: User | None
) -> CameraSystem:
    """Say which technologies are in use and which facts hold, all others not. Raises as `update_system` does.

    A technology that stays keeps its counts and retention.
    """
    known = {row.technology: row for row in technology_rows(system)}
    rows = [known.get(technology, TechnologyRow(technology)) for technology in dict.fromkeys(technologies)]
    current = set_technologies(system=system, version=version, rows=rows, by=by)
    changes = {fact.value: fact.value in facts for fact in Fact}
    return update_system(system=system, version=current.version, changes=changes, by=by)


@transaction.atomic
def activate_system(*, system: CameraSystem, by: User | None, note: str = "") -> None:
    """Draft or at risk → active. Raises Incomplete with all that is missing, IllegalMove, StaleRecord."""
    _check_move(system, CameraSystem.Status.ACTIVE)
    if missing := missing_to_activate(_locked(system)):
        raise Incomplete(missing)
    system.move_to(CameraSystem.Status.ACTIVE, by=by, note=checked_text(note, limit=NOTE_LENGTH))


def mark_at_risk(*, system: CameraSystem, by: User | None, note: str) -> None:
    """Active → at risk of closure, with the reason. Raises Incomplete, IllegalMove, StaleRecord."""
    _check_move(system, CameraSystem.Status.AT_RISK)
    system.move_to(CameraSystem.Status.AT_RISK, by=by, note=_reason(note))


def start_closing(*, system: CameraSystem, by: User | None, note: str) -> None:
    """Active or at risk → closing, with the reason. Raises Incomplete, IllegalMove, StaleRecord."""
    _check_move(system, CameraSystem.Status.CLOSING)
    system.move_to(CameraSystem.Status.CLOSING, by=by, note=_reason(note))


@transaction.atomic
def close_system(*, system: CameraSystem, by: User | None, note: str = "") -> None:
    """Closing → closed, once no camera is in use any more (domain 9.1). Raises Incomplete, IllegalMove, StaleRecord."""
    _check_move(system, CameraSystem.Status.CLOSED)
    in_use = Camera.objects.filter(system=_locked(system)).in_use().count()
    if in_use:
        raise Incomplete([_("Cameras that are still in use: %(count)d. Decommission them first.") % {"count": in_use}])
    system.move_to(CameraSystem.Status.CLOSED, by=by, note=checked_text(note, limit=NOTE_LENGTH))


def _check_move(system: CameraSystem, status: str) -> None:
    """A wrong state is told before anything is asked for."""
    if not system.can_move_to(status):
        raise IllegalMove(system, status)


def _reason(note: str) -> str:
    if not (reason := checked_text(note, limit=NOTE_LENGTH)):
        raise Incomplete([_("Give the reason.")])
    return reason


def _locked(system: CameraSystem) -> CameraSystem:
    """The row as it is now, nobody else's to change or to import into until this transaction ends."""
    return CameraSystem.objects.select_for_update(of=("self",)).select_related("operator").get(pk=system.pk)


def at_version(system: CameraSystem, version: int) -> CameraSystem:
    """The row as it is now, locked; also for services that write what belongs to it.

    Raises StaleRecord unless it is at `version`, IllegalMove when it is closed.
    """
    current = _locked(system)
    if current.status in FINAL:
        raise IllegalMove(current, current.status)
    if current.version != version:
        raise StaleRecord(current)
    return current


def write_version(system: CameraSystem, fields: Iterable[str]) -> None:
    """Compare-and-set; needs no lock where the database has none."""
    values = {name: getattr(system, name) for name in fields} | {"version": system.version + 1}
    if not CameraSystem.objects.filter(pk=system.pk, version=system.version).update(**values):
        raise StaleRecord(system)
    system.version += 1


def _write_technologies(system: CameraSystem, rows: Iterable[TechnologyRow]) -> None:
    technologies = [
        SystemTechnology(system=system, **asdict(row)) for row in {row.technology: row for row in rows}.values()
    ]
    for technology in technologies:
        _check(technology)
    SystemTechnology.objects.bulk_create(
        technologies,
        update_conflicts=True,
        unique_fields=("system", "technology"),
        update_fields=tuple(name for name in TechnologyRow.__dataclass_fields__ if name != "technology"),
    )


def _check(record: CameraSystem | SystemTechnology) -> None:
    """Raises Incomplete with a sentence for each value that will not do."""
    problems: list[Problem | str] = [*field_problems(record)]
    if isinstance(record, CameraSystem):
        problems += [*_unknown_words(record), *_untold(record)]
    if problems:
        raise Incomplete(problems)


def _unknown_words(system: CameraSystem) -> list[str]:
    unknown = [word for word in system.purposes if word not in Purpose.values]
    unknown += [word for word in system.legal_bases if word not in LegalBasis.values]
    unknown += [word for word in system.police_access if word not in PoliceAccess.values]
    return [_("Not in the list: %(word)s") % {"word": word} for word in unknown]


def _untold(system: CameraSystem) -> Iterator[Problem]:
    """What is told only together with something else (domain 7.2)."""
    if PoliceAccess.NONE in system.police_access and len(system.police_access) > 1:
        sentence = _("The police either have no access or have one of the others: choose again.")
        yield Problem(sentence, field="police_access")
    if system.spoc_name and not system.spoc_name_agreed_on:
        sentence = _("They are named only with their agreement: give the day on which they agreed.")
        yield Problem(sentence, field="spoc_name_agreed_on")
    if system.scrutinised_on and not system.scrutiny_committee:
        yield Problem(_("Say which committee considered the system."), field="scrutiny_committee")
    counts = (system.public_space_count, system.internal_count, system.places_counted_on)
    if any(value is not None for value in counts) and None in counts:
        sentence = _("Both are counted together, as of one day: give both numbers and the day.")
        yield Problem(sentence, field="public_space_count")
    for name in ("spoc_name_agreed_on", "scrutinised_on", "places_counted_on"):
        if (day := getattr(system, name)) and day > today():
            yield Problem(_("The date must be today or earlier."), field=name)


def _check_main(system: CameraSystem) -> None:
    main = CameraSystem.objects.filter(operator=system.operator, is_main=True).exclude(pk=system.pk).first()
    if system.is_main and main:
        raise Incomplete([_("Another system is the main one already: %(name)s.") % {"name": main.name}])


def _check_still_active(system: CameraSystem) -> None:
    """What made a system active may be changed but not taken away."""
    if system.status != CameraSystem.Status.DRAFT and (missing := missing_to_activate(system)):
        raise Incomplete(missing)


def _keep_one_truth(system: CameraSystem, changed: Collection[str]) -> None:
    """What the cameras are said to do follows the fact that sound is recorded; it rules out the loss of others."""
    if AUDIO_FACT in changed:
        system.uses.filter(kind=SystemUse.Kind.AUDIO).update(used=system.records_audio)
    facts = {fact.value: getattr(system, fact.value) for fact in Fact if fact.value in changed}
    if facts and (found := list(contradictions(facts, system.uses.all()))):
        raise Incomplete(found)


def _record_change(system: CameraSystem, before: Mapping[str, Any], by: User | None) -> None:
    after = {name: getattr(system, name) for name in before}
    personal = before.keys() & PERSONAL_FIELDS
    trail.record(
        "changed",
        system,
        by=by,
        before={name: _plain(value) for name, value in before.items() if name not in personal},
        after={name: _plain(value) for name, value in after.items() if name not in personal},
        personal={name: {"before": before[name], "after": after[name]} for name in sorted(personal)},
    )


def _plain(value: Any) -> Any:
    return value.slug if isinstance(value, Organisation) else value


TAKEN_SLUGS = frozenset({"open-data"})  # what stands at /authorities/<slug>/ beside the systems


def _free_slug(operator: Organisation, name: str) -> str:
    """An address of the name that no system of the operator has. One query."""
    base = slugify(name)[:SLUG_LENGTH].strip("-") or "system"
    taken = set(CameraSystem.objects.filter(operator=operator, slug__startswith=base).values_list("slug", flat=True))
    taken |= TAKEN_SLUGS
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug

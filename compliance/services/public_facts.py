"""What the public is told of a system: what its cameras do, what is promised of it, what is withheld, who to ask.

All of it belongs to the record of the system: each act is compare-and-set on the version of that.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact
from compliance.models.vocabulary import Fact
from compliance.services.fields import problems_at_fields
from compliance.services.systems import at_version, update_system, write_version
from compliance.use_rules import WITH_WATCHLIST, settled_facts
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem

DETAILS = (
    "run_by",
    "watchlist_owner",
    "first_used_on",
    "term",
    "trial_until",
    "approved_by",
    "approved_on",
    "explanation",
    "explanation_cy",
)
MEASURED = ("unit", "target", "result", "measured_from", "measured_until")
DECIDED = ("reason", "reason_cy", "decided_by", "review_on")


@transaction.atomic
def state_uses(*, system: CameraSystem, version: int, used: Mapping[str, bool], by: User | None) -> CameraSystem:
    """Say of each kind in `used` whether the cameras do it. The facts of the system follow: sound, biometrics, lists.

    What was told of a use that ended goes with it; the trail keeps it. Raises StaleRecord, IllegalMove for a closed
    system, Incomplete for a kind that is none.
    """
    if set(used) - set(SystemUse.Kind.values):
        raise Incomplete([_("Choose one of the answers shown.")])
    current = at_version(system, version)
    stored = {use.kind: use for use in current.uses.all()}
    recognised = any(stored[kind].used for kind in SystemUse.RECOGNITION if kind in stored)
    before = {kind: _told(stored[kind]) for kind in used if kind in stored and stored[kind].used != used[kind]}
    changed = [kind for kind in used if kind not in stored or kind in before]
    if not changed:
        return current
    for kind in changed:
        nothing = {name: SystemUse._meta.get_field(name).get_default() for name in DETAILS}  # type: ignore[union-attr]
        SystemUse.objects.update_or_create(system=current, kind=kind, defaults={**nothing, "used": used[kind]})
    after = {kind: {"used": used[kind]} for kind in sorted(changed)}
    trail.record("changed", current, by=by, before={"uses": before} if before else {}, after={"uses": after})
    return _settled(current, by, recognised=recognised)


@transaction.atomic
def describe_use(
    *, system: CameraSystem, version: int, kind: str, details: Mapping[str, Any], by: User | None
) -> CameraSystem:
    """What the public reads of a use (`DETAILS`). Raises StaleRecord, IllegalMove, Incomplete while it is not used."""
    current = at_version(system, version)
    use = current.uses.filter(kind=kind, used=True).first()
    if use is None:
        raise Incomplete([_("Say first that the cameras do this.")])
    before = _told(use)
    for name in DETAILS:
        setattr(use, name, details.get(name, getattr(use, name)))
    _check(use, _use_problems(use))
    if _told(use) == before:
        return current
    use.save()
    trail.record("changed", current, by=by, before={"uses": {kind: before}}, after={"uses": {kind: _told(use)}})
    return _settled(current, by)


def _settled(current: CameraSystem, by: User | None, *, recognised: bool = False) -> CameraSystem:
    """One truth: the facts that the uses settle are written with them. Where a recognition ended and none is left,
    biometrics went with it.
    """
    write_version(current, ())
    facts = settled_facts(current.uses.all())
    if recognised and not facts.get(Fact.BIOMETRICS.value):
        facts[Fact.BIOMETRICS.value] = False
    return update_system(system=current, version=current.version, changes=facts, by=by)


def _told(use: SystemUse) -> dict[str, Any]:
    told = {name: getattr(use, name) for name in DETAILS}
    return {"used": use.used, **{name: value for name, value in told.items() if value}}


def _use_problems(use: SystemUse) -> list[Problem]:
    problems = []
    if use.term == SystemUse.Term.TRIAL and not use.trial_until:
        problems.append(Problem(_("Say until when the trial lasts."), field="trial_until"))
    if use.trial_until and use.term != SystemUse.Term.TRIAL:
        problems.append(Problem(_("Only a trial has a last day."), field="trial_until"))
    if use.watchlist_owner and use.kind not in WITH_WATCHLIST:
        problems.append(Problem(_("This use has no watchlist."), field="watchlist_owner"))
    days = {name: getattr(use, name) for name in ("first_used_on", "approved_on")}
    later = [name for name, day in days.items() if day and day > today()]
    problems += [Problem(_("The date must be today or earlier."), field=name) for name in later]
    if use.first_used_on and use.trial_until and use.trial_until < use.first_used_on:
        problems.append(Problem(_("The trial cannot end before it began."), field="trial_until"))
    return problems


@transaction.atomic
def set_standard(
    *, system: CameraSystem, version: int, kind: str, values: Mapping[str, Any], by: User | None
) -> CameraSystem:
    """What is promised, and what was measured if it was (`MEASURED`). Raises StaleRecord, IllegalMove, Incomplete."""
    current = at_version(system, version)
    stored = current.service_standards.filter(kind=kind).first()
    before, standard = _kept(stored, MEASURED), stored or ServiceStandard(system=current, kind=kind)
    for name in MEASURED:
        setattr(standard, name, values.get(name))
    _check(standard, _standard_problems(standard))
    after = _kept(standard, MEASURED)
    if after == before:
        return current
    standard.save()
    return _written(current, ("standards", kind), before, after, by)


@transaction.atomic
def drop_standard(*, system: CameraSystem, version: int, kind: str, by: User | None) -> CameraSystem:
    """Promise it no more. Nothing promised: nothing done. Raises StaleRecord, IllegalMove."""
    current = at_version(system, version)
    standard = current.service_standards.filter(kind=kind).first()
    if standard is None:
        return current
    before = _kept(standard, MEASURED)
    standard.delete()
    return _written(current, ("standards", kind), before, {}, by)


def _standard_problems(standard: ServiceStandard) -> list[Problem]:
    problems = []
    if standard.unit and standard.unit not in ServiceStandard.UNITS.get(standard.kind, ()):
        problems.append(Problem(_("Choose one of the answers shown."), field="unit"))
    highest = ServiceStandard.HIGHEST.get(standard.unit)
    for name in ("target", "result"):
        if highest is not None and (getattr(standard, name) or 0) > highest:
            sentence = _("It can be %(highest)d at most.") % {"highest": highest}
            problems.append(Problem(sentence, field=name))
    measured = (standard.result, standard.measured_from, standard.measured_until)
    if any(value is not None for value in measured) and None in measured:
        problems.append(
            Problem(_("Give the result with the days from which to which it was measured."), field="result")
        )
    if standard.measured_from and standard.measured_until and standard.measured_until < standard.measured_from:
        problems.append(Problem(_("The last day cannot be before the first."), field="measured_until"))
    if standard.measured_until and standard.measured_until > today():
        problems.append(Problem(_("The date must be today or earlier."), field="measured_until"))
    return problems


@transaction.atomic
def withhold_fact(
    *, system: CameraSystem, version: int, field: str, values: Mapping[str, Any], by: User | None
) -> CameraSystem:
    """Keep a field off the public page; the public reads the `DECIDED`: reason, deciding post, next look.

    Raises StaleRecord, IllegalMove, Incomplete without these or for a field that is never withheld.
    """
    current = at_version(system, version)
    stored = current.withheld_facts.filter(field=field).first()
    before, fact = _kept(stored, DECIDED), stored or WithheldFact(system=current, field=field)
    for name in DECIDED:
        value = values.get(name)
        setattr(fact, name, value.strip() if isinstance(value, str) else value)
    further = []
    if isinstance(fact.review_on, dt.date) and fact.review_on <= today():
        further.append(Problem(_("Choose a day that is still to come: then you look at it again."), field="review_on"))
    _check(fact, further)
    after = _kept(fact, DECIDED)
    if after == before:
        return current
    fact.by = by
    fact.save()
    return _written(current, ("withheld", field), before, after, by)


@transaction.atomic
def show_fact(*, system: CameraSystem, version: int, field: str, by: User | None) -> CameraSystem:
    """Withhold a field no more: the next version of the page tells it. Raises StaleRecord, IllegalMove."""
    current = at_version(system, version)
    fact = current.withheld_facts.filter(field=field).first()
    if fact is None:
        return current
    before = _kept(fact, DECIDED)
    fact.delete()
    return _written(current, ("withheld", field), before, {}, by)


@transaction.atomic
def confirm_contact(*, system: CameraSystem, version: int, by: User | None) -> CameraSystem:
    """The single point of contact is still right, as of today. Raises StaleRecord, IllegalMove, Incomplete."""
    current = at_version(system, version)
    if not (current.spoc_post and current.spoc_email):
        raise Incomplete([_("Give post and email address of the single point of contact first.")])
    if current.spoc_confirmed_on == today():
        return current
    before, current.spoc_confirmed_on = current.spoc_confirmed_on, today()
    write_version(current, ("spoc_confirmed_on",))
    after = {"spoc_confirmed_on": current.spoc_confirmed_on}
    trail.record("confirmed", current, by=by, before={"spoc_confirmed_on": before} if before else {}, after=after)
    return current


def _check(record: Model, further: list[Problem]) -> None:
    if problems := [*problems_at_fields(record), *further]:
        raise Incomplete(problems)


def _kept(record: Model | None, names: Iterable[str]) -> dict[str, Any]:
    """What a record says, by field; nothing where there is none."""
    return {name: getattr(record, name) for name in names} if record else {}


def _written(
    current: CameraSystem, what: tuple[str, str], before: dict[str, Any], after: dict[str, Any], by: User | None
) -> CameraSystem:
    """The next version of the record; the trail says what became of one thing of a part of it, `what` naming both."""
    part, key = what
    write_version(current, ())
    said = [{part: {key: values}} if values else {} for values in (before, after)]
    trail.record("changed", current, by=by, before=said[0], after=said[1])
    return current

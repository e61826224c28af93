"""Trials and research: entered, announced before they begin, evaluated, decided; each step is public at once."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.models import Dpia, EqualityAssessment
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models.trials import REASON_LIMIT, TEXT_LIMIT, Trial
from strategy.services import publish_trial
from transparency.models import Publication
from transparency.services.publish import withdraw_publication

Status = Trial.Status
DESCRIBED = (
    *("kind", "technology", "title", "title_cy", "purpose", "purpose_cy", "place", "place_cy", "partners"),
    *("starts_on", "ends_on", "evaluation_due_on", "legal_basis", "law", "law_cy", "watchlist", "watchlist_cy"),
    *("told", "told_cy", "success", "success_cy", "dpia", "dpia_words", "equality", "equality_words"),
)
EVALUATION = ("evaluation", "evaluation_cy", "evaluation_url", "evaluated_on", "evaluated_by")
DECISION = ("choice", "decision", "decision_cy", "decided_on", "decided_by")
GIVEN_UP = ("abandoned_because", "abandoned_because_cy")
Facts = Mapping[str, Any]


def may_hold(organisation: Organisation) -> bool:
    """Whether it may answer for a trial: whoever runs cameras, and national bodies for research."""
    return organisation.runs_cameras or organisation.kind == Kind.NATIONAL_BODY


@transaction.atomic
def enter(*, organisation: Organisation, facts: Facts, by: User | None) -> Trial:
    """A draft that nobody else sees. Raises Incomplete, RuleBroken."""
    if not may_hold(organisation):
        raise RuleBroken(_("Trials are entered by operators of cameras and by national bodies."))
    trial = Trial(organisation=organisation)
    _take(trial, facts, DESCRIBED)
    _checked_draft(trial)
    trial.save()
    trail.record("created", trial, by=by, after={"title": trial.title})
    return trial


@transaction.atomic
def change(*, trial: Trial, facts: Facts, version: int, by: User | None, note: str = "", note_cy: str = "") -> Trial:
    """What is said of it. Once announced, the public reads the change with `note`, why it was made, beside it.

    Raises Incomplete with everything that is missing, StaleRecord where somebody else changed it meanwhile, and
    RuleBroken once it is decided or given up.
    """
    held = _held(trial, version)
    if held.status in (Status.DECIDED, Status.ABANDONED):
        raise RuleBroken(_("It is concluded. What was published stays as it is."))
    reason = checked_text(note, limit=REASON_LIMIT)
    before = {name: str(getattr(held, name)) for name in DESCRIBED}
    _take(held, facts, DESCRIBED)
    _checked_draft(held)
    announced = held.status != Status.DRAFT
    changed = {name for name in DESCRIBED if before[name] != str(getattr(held, name))}
    if announced and changed:
        problems = list(lacks(held))
        if not reason:
            problems.append(Problem(_("Say why it changes. The public reads it."), field="note"))
        if problems:
            raise Incomplete(problems)
    _save(held)
    if not changed:
        return held
    told = {name: before[name] for name in sorted(changed) if not name.endswith("_cy")}
    trail.record("changed", held, by=by, before=told, after={name: str(getattr(held, name)) for name in told})
    if announced:
        publish_trial.publish(held, by=by, note=reason, note_cy=checked_text(note_cy, limit=REASON_LIMIT))
    return held


@transaction.atomic
def announce(*, trial: Trial, version: int, by: User | None, welsh_missing_reason: str = "") -> Publication:
    """Make it public, best before it begins. Raises Incomplete with all that is missing, IllegalMove, StaleRecord."""
    held = _held(trial, version)
    reason = checked_text(welsh_missing_reason, limit=REASON_LIMIT // 2)
    problems = list(lacks(held))
    if held.organisation.is_welsh and not reason:
        problems += publish_trial.missing_welsh(held)
    if problems:
        raise Incomplete(problems)
    held.move_to(Status.ANNOUNCED, by=by)
    _save(held)
    return publish_trial.publish(held, by=by, welsh_missing_reason=reason)


@transaction.atomic
def evaluate(*, trial: Trial, facts: Facts, version: int, by: User | None) -> Publication:
    """What was found, once it is over. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(trial, version)
    _take(held, facts, EVALUATION)
    problems = [*_needed(held, "evaluation", "evaluated_by", "evaluated_on"), *_not_ahead(held, "evaluated_on")]
    if held.starts_on and held.starts_on > today():
        problems.append(Problem(_("It has not begun yet. Give it up if it does not take place.")))
    if problems:
        raise Incomplete(problems)
    held.move_to(Status.EVALUATED, by=by)
    _save(held)
    return publish_trial.publish(held, by=by)


@transaction.atomic
def decide(*, trial: Trial, facts: Facts, version: int, by: User | None) -> Publication:
    """What follows from it, by which post, with the reasons. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(trial, version)
    _take(held, facts, DECISION)
    problems = [*_needed(held, "choice", "decision", "decided_by", "decided_on"), *_not_ahead(held, "decided_on")]
    if held.decided_on and held.evaluated_on and held.decided_on < held.evaluated_on:
        problems.append(Problem(_("The decision follows the evaluation."), field="decided_on"))
    if problems:
        raise Incomplete(problems)
    held.move_to(Status.DECIDED, by=by)
    _save(held)
    return publish_trial.publish(held, by=by)


@transaction.atomic
def give_up(*, trial: Trial, facts: Facts, version: int, by: User | None) -> Publication:
    """It does not take place, or was broken off. Raises Incomplete, IllegalMove, StaleRecord."""
    held = _held(trial, version)
    _take(held, facts, GIVEN_UP)
    if problems := _needed(held, "abandoned_because"):
        raise Incomplete(problems)
    held.move_to(Status.ABANDONED, by=by)
    _save(held)
    return publish_trial.publish(held, by=by)


@transaction.atomic
def withdraw(*, trial: Trial, reason: str, by: User | None) -> None:
    """Take back what was published by mistake; its address says so. Raises RuleBroken, Incomplete, StaleRecord."""
    publication = publish_trial.newest_of(trial.reference)
    if publication is None or publication.ended_at is not None:
        raise RuleBroken(_("Nothing of it is public."))
    withdraw_publication(publication=publication, by=by, reason=reason)


@transaction.atomic
def drop(*, trial: Trial, by: User | None) -> None:
    """Throw a draft away. Raises RuleBroken for one that was announced."""
    held = _held(trial, None)
    if held.status != Status.DRAFT:
        raise RuleBroken(_("It was announced: give it up instead, with the reason."))
    trail.record("discarded", held, by=by, before={"title": held.title})
    held.delete()


def lacks(trial: Trial) -> Iterator[Problem]:
    """What is missing before the public may read of it, everything at once. No query but for the two assessments."""
    yield from _needed(trial, "purpose", "place", "starts_on", "ends_on", "evaluation_due_on")
    yield from _needed(trial, "legal_basis", "law", "told", "success")
    if trial.compares_faces:
        yield from _needed(trial, "watchlist")
    if trial.dpia is None and not trial.dpia_words:
        yield Problem(_("Choose the signed DPIA, or say where it can be read or why there is none."), field="dpia")
    if trial.equality is None and not trial.equality_words:
        sentence = _("Choose the signed equality assessment, or say where it can be read or why there is none.")
        yield Problem(sentence, field="equality")
    if trial.ends_on and trial.evaluation_due_on and trial.evaluation_due_on < trial.ends_on:
        yield Problem(_("The evaluation follows the last day."), field="evaluation_due_on")


def _held(trial: Trial, version: int | None) -> Trial:
    """The record for this transaction alone. Raises StaleRecord when it is another version by now, or is gone."""
    rows = Trial.objects.select_for_update(of=("self",)).select_related("organisation", "dpia", "equality")
    held = rows.filter(pk=trial.pk).first()
    if held is None or (version is not None and held.version != version):
        raise StaleRecord(held or trial)
    return held


def _save(trial: Trial) -> None:
    trial.version += 1
    trial.save()


def _take(trial: Trial, facts: Facts, names: tuple[str, ...]) -> None:
    """Texts tidied, everything else as it is. Raises RuleBroken for a text that is unfit."""
    for name in names:
        value = facts[name]
        setattr(trial, name, checked_text(value, limit=TEXT_LIMIT) if isinstance(value, str) else value)


def _checked_draft(trial: Trial) -> None:
    problems = _needed(trial, "title", "technology")
    if trial.starts_on and trial.ends_on and trial.ends_on < trial.starts_on:
        problems.append(Problem(_("The last day is before the first."), field="ends_on"))
    for name, model in (("dpia", Dpia), ("equality", EqualityAssessment)):
        chosen = getattr(trial, name)
        signed = (model.Status.SIGNED_OFF, model.Status.SUPERSEDED)
        if chosen is not None and (chosen.operator_id != trial.organisation_id or chosen.status not in signed):
            problems.append(Problem(_("Choose one of your own that is signed."), field=name))
    if problems:
        raise Incomplete(problems)


def _needed(trial: Trial, *names: str) -> list[Problem]:
    def label(name: str) -> str:
        return str(Trial._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    empty = [name for name in names if getattr(trial, name) in ("", None)]
    return [Problem(_("Missing: %(what)s.") % {"what": label(name)}, field=name) for name in empty]


def _not_ahead(trial: Trial, name: str) -> list[Problem]:
    day: dt.date | None = getattr(trial, name)
    if day is None or day <= today():
        return []
    return [Problem(_("The day must not be in the future."), field=name)]

"""Writing a data protection impact assessment: screening, cameras, parts, matrix and risks, each over its version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from compliance.dpia_form import (
    BY_KEY,
    CATEGORIES,
    LEVEL_ORDER,
    LIKELIHOODS,
    LIMIT,
    LINE_LIMIT,
    SCREENING_KEYS,
    SEVERITIES,
    Field,
    Kind,
    level_of,
)
from compliance.models import Camera, CameraSystem, Dpia
from compliance.models.camera import CameraType
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord

Status = Dpia.Status
WRITTEN_IN = (Status.SCREENING, Status.DRAFT)
# People may be asked, and their answers recorded, until it is signed.
CONSULTED_IN = (Status.DRAFT, Status.DPO_ADVICE, Status.CONSULTATION)
MOST_RISKS = 100


@transaction.atomic
def save_screening(*, dpia: Dpia, answers: Mapping[str, Mapping[str, str]], version: int, by: User) -> None:
    """Answers to the screening questions, by key: "answer" yes, no or empty, and "comment".

    Raises RuleBroken, IllegalMove, StaleRecord.
    """
    if unknown := set(answers) - set(SCREENING_KEYS):
        raise RuleBroken(_("There is no such question: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
    kept = {}
    for key, answer in answers.items():
        said, comment = answer.get("answer", ""), checked_text(answer.get("comment", ""), limit=LIMIT)
        if said not in {"yes", "no", ""}:
            raise RuleBroken(_("A screening question is answered with yes or no."))
        if said or comment:
            kept[key] = {"answer": said, "comment": comment}
    _write(dpia, {"screening": kept}, version=version, states=(Status.SCREENING,), by=by)


@transaction.atomic
def cover(
    *,
    dpia: Dpia,
    systems: Sequence[CameraSystem],
    whole: bool,
    cameras: Iterable[Camera],
    as_written: str,
    version: int,
    by: User,
) -> None:
    """Say which cameras it is about: whole systems, or cameras of them, with the words in which they were given.

    Raises Incomplete, RuleBroken, IllegalMove, StaleRecord.
    """
    chosen = [] if whole else list(cameras)
    if {system.operator_id for system in systems} - {dpia.operator_id}:
        raise RuleBroken(_("The systems must be of the same organisation."))
    if {camera.system_id for camera in chosen} - {system.pk for system in systems}:
        raise RuleBroken(_("The cameras must be of the systems that are chosen."))
    if not systems:
        raise Incomplete([_("Choose at least one system.")])
    if not whole and not chosen:
        raise Incomplete([_("No camera of the register is covered. Choose others, or the whole system.")])
    text = checked_text(as_written, limit=1000)
    _write(dpia, {"covers_whole_systems": whole, "cameras_as_written": text}, version=version, states=WRITTEN_IN, by=by)
    dpia.systems.set(systems)
    dpia.cameras.set(chosen)
    after = {"systems": sorted(system.reference for system in systems), "cameras": len(chosen), "whole": whole}
    trail.record("changed", dpia, by=by, after=after)


@transaction.atomic
def save_heading(*, dpia: Dpia, title: str, own_number: str, version: int, by: User) -> None:
    """Its title and the operator's own number. Raises Incomplete, IllegalMove, StaleRecord."""
    dpia.title, dpia.own_number = title.strip(), own_number.strip()
    problems = field_problems(dpia)
    values = {"title": dpia.title, "own_number": dpia.own_number}
    dpia.refresh_from_db(fields=list(values))
    if problems:
        raise Incomplete(problems)
    _write(dpia, values, version=version, states=WRITTEN_IN, by=by)


@transaction.atomic
def save_part(*, dpia: Dpia, part: str, values: Mapping[str, Any], version: int, by: User) -> None:
    """The answers of one part, by key of its fields; what is not given becomes empty.

    Raises RuleBroken, IllegalMove, StaleRecord.
    """
    asked = BY_KEY[part]
    known = {field.key: field for field in asked.fields}
    if unknown := set(values) - set(known):
        raise RuleBroken(_("There is no such question: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
    cleaned = {key: _cleaned(field, values.get(key)) for key, field in known.items()}
    columns = {field.column: cleaned[key] for key, field in known.items() if field.column}
    kept = {key: value for key, value in cleaned.items() if not known[key].column and value}
    written = columns | {"parts": {key: value for key, value in (dpia.parts | {part: kept}).items() if value}}
    was_asked = bool(dpia.consulted)
    states = CONSULTED_IN if part == "consultation" else (Status.DRAFT,)
    _write(dpia, written, version=version, states=states, by=by)
    if dpia.status == Status.CONSULTATION and dpia.consulted and not was_asked:
        tell_sro(dpia)


def tell_sro(dpia: Dpia) -> None:
    """It can be signed now."""
    tell_holders(
        Role.SRO,
        dpia.operator,
        subject=format_lazy(gettext_lazy("A DPIA waits for your signature: {title}"), title=dpia.title),
        body=gettext_lazy("Read it with the advice of the data protection officer, then sign it or return it."),
        url=reverse("compliance:dpia_sign", args=[dpia.operator.slug, dpia.reference]),
    )


def _cleaned(field: Field, value: Any) -> Any:
    if field.kind == Kind.MANY:
        chosen = list(dict.fromkeys(value or ()))
        if set(chosen) - {key for key, _label in field.choices}:
            raise RuleBroken(_("Choose among the answers shown."))
        return chosen
    text = checked_text(str(value or ""), limit=LINE_LIMIT if field.kind == Kind.LINE else LIMIT)
    allowed = {"yes", "no"} if field.kind == Kind.YES_NO else {key for key, _label in field.choices}
    if text and allowed and text not in allowed:
        raise RuleBroken(_("Choose among the answers shown."))
    return text


@transaction.atomic
def save_matrix(*, dpia: Dpia, rows: Sequence[Mapping[str, Any]], version: int, by: User) -> None:
    """The risk matrix: kinds of places by types of cameras, how many, and the level of risk ('' while it is open).

    Rows of no cameras fall away. Raises RuleBroken, IllegalMove, StaleRecord.
    """
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        place = (row["category"], row["camera_type"])
        if row["category"] not in CATEGORIES or row["camera_type"] not in CameraType.values:
            raise RuleBroken(_("Choose a kind of place and a type of camera."))
        if row["level"] and row["level"] not in LEVEL_ORDER:
            raise RuleBroken(_("Choose low, medium or high."))
        if place in kept:
            raise RuleBroken(_("A kind of place and a type of camera stand in one row only."))
        if row["count"] > 0:
            kept[place] = {
                "category": place[0],
                "camera_type": place[1],
                "count": row["count"],
                "level": row["level"],
            }
    order = (list(CATEGORIES), CameraType.values)
    matrix = [kept[key] for key in sorted(kept, key=lambda key: (order[0].index(key[0]), order[1].index(key[1])))]
    _write(dpia, {"matrix": matrix}, version=version, states=(Status.DRAFT,), by=by)


@transaction.atomic
def save_risk(
    *,
    dpia: Dpia,
    number: int | None,
    source: str,
    likelihood: str,
    severity: str,
    measure: str,
    residual: str,
    version: int,
    by: User,
) -> None:
    """Add a risk, or change the one of that number (from 1). Its level follows from likelihood and severity.

    Raises Incomplete, RuleBroken, IllegalMove, StaleRecord.
    """
    if likelihood not in LIKELIHOODS or severity not in SEVERITIES or residual not in LEVEL_ORDER:
        raise Incomplete([_("Say how likely and how severe it is, and what is left of it.")])
    source, measure = checked_text(source, limit=LIMIT), checked_text(measure, limit=LIMIT)
    if not source or not measure:
        raise Incomplete([_("Describe the risk and the measure against it.")])
    risk = {
        "source": source,
        "likelihood": likelihood,
        "severity": severity,
        "level": level_of(likelihood, severity),
        "measure": measure,
        "residual": residual,
    }
    risks = list(dpia.risks)
    if number is None:
        if len(risks) >= MOST_RISKS:
            raise RuleBroken(_("An assessment names a hundred risks at most."))
        risks.append(risk)
    else:
        _require_number(dpia, number)
        risks[number - 1] = risk
    _write(dpia, {"risks": risks}, version=version, states=(Status.DRAFT,), by=by)


@transaction.atomic
def remove_risk(*, dpia: Dpia, number: int, version: int, by: User) -> None:
    """Take a risk off. Raises StaleRecord, IllegalMove."""
    _require_number(dpia, number)
    risks = [risk for place, risk in enumerate(dpia.risks, start=1) if place != number]
    _write(dpia, {"risks": risks}, version=version, states=(Status.DRAFT,), by=by)


def _require_number(dpia: Dpia, number: int) -> None:
    if not 1 <= number <= len(dpia.risks):
        raise StaleRecord(dpia)


def _write(dpia: Dpia, values: dict[str, Any], *, version: int, states: Sequence[str], by: User) -> None:
    """Compare and set: only over the version that was read, only in a state in which this is written."""
    before = {name: getattr(dpia, name) for name in values}
    if dpia.status not in states:
        raise IllegalMove(dpia, states[-1])
    if dpia.version != version:
        raise StaleRecord(dpia)
    seen = Dpia.objects.filter(pk=dpia.pk, version=version, status__in=states)
    if not seen.update(version=F("version") + 1, **values):
        raise StaleRecord(dpia)
    for name, value in values.items():
        setattr(dpia, name, value)
    dpia.version = version + 1
    changed = {name for name, value in values.items() if before[name] != value}
    if changed:
        trail.record(
            "changed",
            dpia,
            by=by,
            before={name: before[name] for name in changed},
            after={name: values[name] for name in changed},
        )

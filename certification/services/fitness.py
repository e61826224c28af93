"""Whether an auditor fits an application: without ties, competent in its technologies, not too often in a row.

What stops and what only warns, and when it is asked again, is in docs/decisions/impartiality.md.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Role, User
from certification.models import Application, Competence, StepReview
from certification.services.impartiality import Ties, ties_of
from compliance.models.vocabulary import Technology
from compliance.services.people import holders
from core.dates import today
from core.errors import RuleBroken, Text

NO_RECORDS: Text = gettext_lazy("Your organisation has not recorded the competence of anybody yet.")
Unit = tuple[str, int]


@dataclass(frozen=True)
class Remark:
    """Something that the manager is told before choosing. `needs_reason` is false for what is not about the person."""

    code: str  # tie, rotation, no_competence_records
    sentence: Text
    needs_reason: bool = True


@dataclass(frozen=True)
class Fitness:
    """One auditor of a body, as an application sees them."""

    auditor: User
    stops: Sequence[Text] = field(default_factory=tuple)
    warnings: Sequence[Remark] = field(default_factory=tuple)

    @property
    def needs_reason(self) -> bool:
        return any(warning.needs_reason for warning in self.warnings)


def fitness_of(application: Application, auditors: Sequence[User]) -> list[Fitness]:
    """Each with everything that stops them and everything to be warned of. Four queries, five where nothing is frozen
    yet.
    """
    ties = ties_of(application, auditors)
    lacking = _lacking(application, auditors)
    runs = runs_of(application, auditors) if application.scheme.rotation_limit else {}
    return [
        _fitness(application, auditor, ties.get(auditor.pk, Ties()), lacking, runs.get(auditor.pk, 0))
        for auditor in auditors
    ]


def _fitness(
    application: Application, auditor: User, ties: Ties, lacking: dict[int, list[str]] | None, run: int
) -> Fitness:
    stops = list(ties.stops)
    warnings = [Remark("tie", sentence) for sentence in ties.warnings]
    if lacking is None:
        warnings.append(Remark("no_competence_records", NO_RECORDS, needs_reason=False))
    else:
        stops += [_not_competent(technology) for technology in lacking[auditor.pk]]
    limit = application.scheme.rotation_limit
    if limit and run >= limit:
        if application.scheme.rotation_stops:
            stops.append(_run_words(run, limit))
        else:
            warnings.append(Remark("rotation", _run_words(run, limit)))
    return Fitness(auditor, tuple(stops), tuple(warnings))


def _not_competent(technology: str) -> Text:
    return format_lazy(
        gettext_lazy("No competence is recorded for today: {technology}"),
        technology=capfirst(str(Technology(technology).label)),
    )


def _run_words(run: int, limit: int) -> str:
    return ngettext(
        "Audited the applicant %(run)d time running; the scheme sets a limit of %(limit)d.",
        "Audited the applicant %(run)d times running; the scheme sets a limit of %(limit)d.",
        run,
    ) % {"run": run, "limit": limit}


# --- competence ---


def technologies_of(application: Application) -> list[str]:
    """Those of its systems: as they were submitted, or as they are while it is a draft. At most one query."""
    if application.frozen:
        systems = json.loads(application.frozen)["systems"]
        has = {row["technology"] for system in systems for row in system["technologies"]}
    else:
        has = set(application.systems.values_list("technologies__technology", flat=True))
    return [technology for technology in Technology.values if technology in has]


def _lacking(application: Application, auditors: Sequence[User]) -> dict[int, list[str]] | None:
    """By auditor the technologies for which no competence holds today; None where the body has recorded none at all,
    of anybody, ever: a young body is told, not locked out.
    """
    day = today()
    recorded = list(
        Competence.objects.filter(body=application.body_id).values_list("auditor", "technology", "starts_on", "ends_on")
    )
    if not recorded:
        return None
    held = {
        (auditor, technology) for auditor, technology, first, last in recorded if first <= day <= (last or dt.date.max)
    }
    wanted = technologies_of(application)
    return {a.pk: [technology for technology in wanted if (a.pk, technology) not in held] for a in auditors}


# --- rotation ---


def runs_of(application: Application, auditors: Sequence[User]) -> dict[int, int]:
    """By auditor how many of the newest audits of the operator they led in a row, this one left out.

    One audit is an application (both steps of it) or one surveillance review, at whichever body; it belongs to all who
    concluded a review in it with a recommendation. One query.
    """
    concluded = (
        StepReview.objects.filter(application__operator=application.operator_id, concluded_at__isnull=False)
        .exclude(recommendation="")
        .values_list("application", "step", "surveillance", "assignment__auditor", "concluded_at")
    )
    led: dict[Unit, set[int]] = {}
    newest: dict[Unit, dt.datetime] = {}
    for matter, step, surveillance, auditor, at in concluded:
        unit = _unit(application, matter, step, surveillance)
        if unit is not None and at is not None:
            led.setdefault(unit, set()).add(auditor)
            newest[unit] = max(at, newest.get(unit, at))
    audits = [led[unit] for unit in sorted(led, key=lambda unit: newest[unit], reverse=True)]
    return {auditor.pk: _run(audits, auditor.pk) for auditor in auditors}


def _run(audits: Sequence[set[int]], auditor: int) -> int:
    """How many of the first ones are this auditor's."""
    return len(list(takewhile(lambda leading: auditor in leading, audits)))


def _unit(application: Application, matter: int, step: str, surveillance: int | None) -> Unit | None:
    """Which audit a review belongs to; None for that of the application itself, and for a review that was sent back."""
    if step == StepReview.Step.SURVEILLANCE:
        return None if surveillance is None else ("surveillance", surveillance)
    if matter == application.pk and application.status != Application.Status.AWARDED:
        return None
    return "application", matter


# --- rules ---


def require_fit(application: Application, auditor: User) -> Fitness:
    """Raises RuleBroken with everything that stops this auditor. Four queries."""
    fitness = fitness_of(application, [auditor])[0]
    if fitness.stops:
        raise RuleBroken(
            format_lazy(
                gettext_lazy("Impartiality: this person must not take part. {reason}"),
                reason="; ".join(str(stop) for stop in fitness.stops),
            )
        )
    return fitness


def auditors_for(application: Application) -> list[Fitness]:
    """The body's auditors by name, each with what stops them and what to be warned of. Five queries."""
    return fitness_of(application, list(holders(Role.AUDITOR, application.body)))


def why_needed() -> str:
    """What is missing where somebody with a warning is chosen without a reason."""
    return _("Say why this auditor is assigned despite what you were warned of.")

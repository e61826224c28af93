"""Numbers for the overview in pictures. Counts only: nothing here is a share, a score or a verdict (domain 3.5)."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from compliance.models import ActionItem, Assessment, CameraSystem, Question, SignedAssessment
from compliance.models.assessment import Choice
from compliance.rules import PrincipleState, QuestionState, Standing
from compliance.states import state_of
from core.dates import LONDON, add_months, today

MONTHS_BACK, MONTHS_AHEAD = 11, 3
A_YEAR_BEFORE = 6  # months: what was signed at least so long before is taken for the year before
Counts = tuple[int, ...]

# How a question of a running self-assessment stands, in the order of the pieces of a bar.
NOW = ("answered", "gap", "not_applicable", "unfinished", "unanswered")
# How one of a signed self-assessment stood.
SIGNED = ("answered", "differs", "gap", "not_applicable")


@dataclass(frozen=True)
class Principles:
    """How many questions of each principle stand how: principle number → counts, in the order of NOW or SIGNED."""

    titles: Mapping[int, str]
    counts: Mapping[int, Counts]


@dataclass(frozen=True)
class SignedYear:
    """The state that was signed on a day."""

    reference: str
    signed_on: dt.date
    counts: Mapping[int, Counts]


@dataclass(frozen=True)
class Month:
    first: dt.date
    opened: int
    closed: int
    due: int


def newest_assessment(system: CameraSystem) -> Assessment | None:
    """The newest that is in draft, waits or is signed. Two queries."""
    shown = (Assessment.Status.DRAFT, Assessment.Status.READY, Assessment.Status.SIGNED)
    return system.assessments.filter(status__in=shown).for_detail().order_by("-started_at", "-pk").first()


def principles_now(assessment: Assessment) -> Principles:
    """How the questions stand today. The queries of `state_of`."""
    principles = state_of(assessment).principles
    return Principles(
        {found.principle.number: found.principle.local_title for found in principles},
        {found.principle.number: _counts_now(found) for found in principles},
    )


def _counts_now(principle: PrincipleState) -> Counts:
    counted = Counter(_standing_now(question) for question in principle.questions)
    return tuple(counted[name] for name in NOW)


def _standing_now(question: QuestionState) -> str:
    if question.is_gap:
        return "gap"
    return "not_applicable" if question.standing == Standing.DOES_NOT_APPLY else str(question.standing)


def signed_years(system: CameraSystem) -> list[SignedYear]:
    """The last one signed and that of the year before, from the frozen texts; fewer where there are fewer.

    Without one that is half a year older, the one signed just before. Three queries.
    """
    known = SignedAssessment.objects.filter(assessments__system=system).order_by("-signed_at", "-pk")
    dated = list(known.values_list("pk", "signed_at"))
    if not dated:
        return []
    last = dated[0][1].astimezone(LONDON).date()
    before = add_months(last, -A_YEAR_BEFORE)
    older = [pk for pk, at in dated[1:] if at.astimezone(LONDON).date() <= before] or [pk for pk, _at in dated[1:]]
    wanted = SignedAssessment.objects.filter(pk__in=[dated[0][0], *older[:1]]).order_by("-signed_at", "-pk")
    texts = [(signed, _part_of(json.loads(signed.content), system)) for signed in wanted]
    expected = _expected([part for _signed, part in texts])
    return [
        SignedYear(signed.reference, signed.signed_at.astimezone(LONDON).date(), _counts_signed(part, expected))
        for signed, part in texts
    ]


def _part_of(content: Mapping[str, Any], system: CameraSystem) -> Mapping[str, Any]:
    """What was signed about this system: one sign-off may cover several."""
    found: Mapping[str, Any] = next(
        part for part in content["assessments"] if part["system"]["reference"] == system.reference
    )
    return found


def _expected(parts: Sequence[Mapping[str, Any]]) -> Mapping[tuple[str, str], str]:
    """The expected answer, by edition and question. One query."""
    editions = {part["edition"]["key"] for part in parts}
    questions = Question.objects.filter(edition__key__in=editions).exclude(expected="")
    return {
        (edition, key): expected for edition, key, expected in questions.values_list("edition__key", "key", "expected")
    }


def _counts_signed(part: Mapping[str, Any], expected: Mapping[tuple[str, str], str]) -> Mapping[int, Counts]:
    edition = part["edition"]["key"]
    counts = {}
    for principle in part["principles"]:
        questions = principle["questions"]
        counted = Counter(_standing_signed(row, expected.get((edition, row["key"]), "")) for row in questions)
        counts[principle["number"]] = tuple(counted[name] for name in SIGNED)
    return counts


def _standing_signed(question: Mapping[str, Any], expected: str) -> str:
    choice = (question["answer"] or {}).get("choice", "")
    if question["standing"] in {Standing.DOES_NOT_APPLY, Standing.NOT_APPLICABLE}:
        return "not_applicable"
    if question["kind"] == Question.Kind.GAP and choice == Choice.YES:
        return "gap"
    return "differs" if expected and choice in {Choice.YES, Choice.NO} and choice != expected else "answered"


def months_of(operator_id: int) -> list[Month]:
    """Actions planned, closed and due in each month: eleven back, this one, three ahead. One query.

    Due are those not dropped. One that was carried over was planned once, and is not closed by going on as another. An
    action stands in the month of its day in London.
    """
    this = today().replace(day=1)
    firsts = [add_months(this, n) for n in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]
    opened: Counter[dt.date] = Counter()
    closed: Counter[dt.date] = Counter()
    due: Counter[dt.date] = Counter()
    goes_on = Exists(ActionItem.objects.filter(carried_from=OuterRef("pk")))
    actions = ActionItem.objects.filter(operator=operator_id).annotate(goes_on=goes_on)
    dates = actions.values_list("created_at", "closed_at", "due_on", "status", "carried_from", "goes_on")
    for created_at, closed_at, due_on, status, carried_from, went_on in dates.iterator():
        if carried_from is None:
            opened[_month(created_at)] += 1
        if closed_at and not went_on:
            closed[_month(closed_at)] += 1
        if status != ActionItem.Status.DROPPED:
            due[due_on.replace(day=1)] += 1
    return [Month(first, opened[first], closed[first], due[first]) for first in firsts]


def _month(at: dt.datetime) -> dt.date:
    return at.astimezone(LONDON).date().replace(day=1)

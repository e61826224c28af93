"""What the task list says of the work around the answers: who answers what, comments, questions sent out, evidence."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest
from compliance.beside import ASSIGNED, COMMENT, MOVED, Beside, around, of_kind
from compliance.explain import EVIDENCE_DUE, marks_of_principle
from compliance.models import Assessment
from compliance.radar import DueEvidence, evidence_due
from compliance.rules import AssessmentState
from compliance.views.finding import address
from compliance.views.marks import Mark
from compliance.views.rows import what_happened

MINE = "mine"


def changes_of(assessment: Assessment) -> list[dict[str, Any]]:
    """What happened to it, newest first, for `components/timeline.html`. No query beside `around`."""
    told = {Assessment.Status.DRAFT, Assessment.Status.ABANDONED}
    return [
        {
            "title": what_happened(row.status, row.choice),
            "by": row.who or "",
            "at": row.at,
            "note": row.text if row.choice in told else "",
        }
        for row in reversed(of_kind(around(assessment), MOVED))
    ]


def due_here(assessment: Assessment) -> Mapping[int, list[DueEvidence]]:
    """The evidence that is due, by principle. One query, then kept with `assessment`."""
    kept: Mapping[int, list[DueEvidence]] | None = assessment.__dict__.get("_evidence_due")
    if kept is None:
        kept = assessment.__dict__["_evidence_due"] = evidence_due(assessment)
    return kept


def assigned_to(state: AssessmentState, user_id: int) -> set[int]:
    """The numbers of the principles that somebody is asked to answer."""
    return {row.principle for row in of_kind(around(state.assessment), ASSIGNED) if row.who_id == user_id}


def marks_around(request: AuthenticatedHttpRequest, state: AssessmentState) -> Mapping[int, Sequence[Mark]]:
    """Beside each principle: who answers it, open comments, questions that wait, evidence that is due, and why."""
    assessment = state.assessment
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    names: defaultdict[int, list[str]] = defaultdict(list)
    for row in of_kind(around(assessment), ASSIGNED):
        names[row.principle].append(row.who or "")
    for number, people in names.items():
        marks[number].append(Mark(_("Answered by: %(names)s") % {"names": ", ".join(people)}))
    for words, counted in _counted(around(assessment)):
        for number, count in counted.items():
            marks[number].append(Mark(words(count)))
    due = due_here(assessment)
    for principle in state.principles:
        number = principle.principle.number
        for mark in marks_of_principle(principle, due.get(number, [])):
            why = address("why_number", assessment, mark.key, number)
            marks[number].append(Mark(str(mark.label), why, turns_amber=mark.key == EVIDENCE_DUE))
    return marks


def _counted(rows: list[Beside]) -> list[tuple[Callable[[int], str], Counter[int]]]:
    comments = Counter(row.principle for row in of_kind(rows, COMMENT) if row.is_open)
    suggestions = Counter(row.principle for row in rows if row.is_suggestion)
    sent = Counter(row.principle for row in rows if row.is_waiting)
    return [(comments_words, comments), (suggestion_words, suggestions), (sent_words, sent)]


def comments_words(number: int) -> str:
    return ngettext("%(number)d open comment", "%(number)d open comments", number) % {"number": number}


def suggestion_words(number: int) -> str:
    return ngettext("%(number)d suggestion to read", "%(number)d suggestions to read", number) % {"number": number}


def sent_words(number: int) -> str:
    words = ngettext("%(number)d question sent out", "%(number)d questions sent out", number)
    return words % {"number": number}


def around_panel(request: AuthenticatedHttpRequest, state: AssessmentState) -> dict[str, Any]:
    """Counts of the whole, the filter to what one is asked to answer, and where to go."""
    assessment = state.assessment
    counts = [words(sum(counted.values())) for words, counted in _counted(around(assessment)) if counted]
    if differing := sum(asked.differs for asked in state.questions):
        words = ngettext(
            "%(number)d answer is not the expected one", "%(number)d answers are not the expected ones", differing
        )
        counts.append(words % {"number": differing})
    due = {item.reference for items in due_here(assessment).values() for item in items}
    if due:
        words = ngettext(
            "%(number)d piece of evidence with a review due or due soon",
            "%(number)d pieces of evidence with a review due or due soon",
            len(due),
        )
        counts.append(words % {"number": len(due)})
    mine = assigned_to(state, request.user.pk)
    links = [
        (_("What changed since you last looked"), address("since", assessment)),
        (_("Read or print the whole"), address("whole", assessment)),
    ]
    if request.user.has_perm("compliance.assign_principles", assessment) and assessment.status in {
        Assessment.Status.DRAFT,
        Assessment.Status.READY,
    }:
        links.append((_("Ask colleagues to answer principles"), address("assignments", assessment)))
    return {
        "template": "compliance/_assessment_around.html",
        "counts": ", ".join(counts),
        "due_url": reverse("compliance:evidence_list", args=[assessment.system.operator.slug]) if due else "",
        "mine": len(mine),
        "shows_mine": bool(mine) and request.GET.get("show") == MINE,
        "mine_url": f"{assessment.get_absolute_url()}?show={MINE}",
        "all_url": assessment.get_absolute_url(),
        "links": [{"label": label, "url": url} for label, url in links],
    }

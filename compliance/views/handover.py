"""The page for somebody who takes over as manager."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models import User
from compliance.handover import MOST_ASSESSMENTS, MOST_ROWS, Handover, Known, Unexplained, handover_of
from compliance.models import Assessment, Evidence, QuestionRequest
from compliance.rules import AssessmentState
from compliance.views import rows
from compliance.views.evidence_rows import due_tag
from compliance.views.finding import address
from compliance.views.system_finding import operator_or_404
from core.dates import today


@require_safe
def handover(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """One page to read and to print; everybody of the organisation may."""
    operator = operator_or_404(request, organisation)
    found = handover_of(operator, request.user)
    unexplained = found.unexplained()
    context = {
        "organisation": operator,
        "today": today(),
        "figures": [
            {"label": _("self-assessments running"), "value": len(found.running)},
            {"label": _("open actions"), "value": len(found.actions)},
            {"label": _("pieces of evidence with a review due or due soon"), "value": len(found.evidence)},
            {"label": _("answers not explained"), "value": len(unexplained)},
            {"label": _("questions sent out"), "value": len(found.requests)},
        ],
        "running": [_running(state) for state in found.running],
        "owners": [
            {**_person(found, owner, _("Nobody yet")), "actions": [rows.action_row(action) for action in actions]}
            for owner, actions in found.by_owner()
        ],
        "evidence": [_evidence(evidence) for evidence in found.evidence],
        "unexplained": _unexplained(unexplained),
        "requests": [_request(sent) for sent in found.requests],
        "people": [
            {**_person(found, person, _("Not known")), "known": [_known(facts) for facts in known]}
            for person, known in found.who_knew()
        ],
        "limits": _limits(found),
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Handover"), "")],
    }
    return render(request, "compliance/handover.html", context)


def _limits(found: Handover) -> list[str]:
    """What the page leaves out, so that nobody takes a cut list for a whole one."""
    limits = []
    if len(found.states) == MOST_ASSESSMENTS:
        limits.append(_("Only %(number)d self-assessments were looked at.") % {"number": MOST_ASSESSMENTS})
    if max(len(found.actions), len(found.evidence), len(found.requests)) >= MOST_ROWS:
        limits.append(_("Each list shows at most %(number)d rows.") % {"number": MOST_ROWS})
    return limits


def _person(found: Handover, person: User | None, nobody: str) -> dict[str, Any]:
    return {"name": person.get_full_name() if person else nobody, "left": found.left(person)}


def _running(state: AssessmentState) -> dict[str, Any]:
    assessment = state.assessment
    return {
        **_of(assessment),
        "url": assessment.get_absolute_url(),
        "counts": rows.counts_of(state),
        "started_at": assessment.started_at,
    }


def _of(assessment: Assessment) -> dict[str, Any]:
    return {
        "system": assessment.system.local_name,
        "reference": assessment.reference,
        "status": assessment.get_status_display(),
        "colour": rows.STATUS_COLOURS[Assessment.Status(assessment.status)],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "kind": capfirst(evidence.get_kind_display()),
        "url": reverse("compliance:evidence", args=[evidence.operator.slug, evidence.reference]),
        "review_on": evidence.review_on,
        "due": due_tag(evidence.review_on),
    }


def _unexplained(found: Sequence[Unexplained]) -> list[dict[str, Any]]:
    """By self-assessment; the questions of which the same is to be said stand together."""
    grouped: dict[int, dict[str, Any]] = {}
    for answer in found:
        assessment, question = answer.assessment, answer.question.question
        group = grouped.setdefault(assessment.pk, {**_of(assessment), "sentences": {}})
        link = {
            "number": question.number,
            "title": f"{question.number}. {question.local_title}",
            "url": address("question", assessment, question.number),
        }
        group["sentences"].setdefault(answer.sentence, []).append(link)
    return [
        {**group, "sentences": [{"text": text, "questions": links} for text, links in group["sentences"].items()]}
        for group in grouped.values()
    ]


def _request(sent: QuestionRequest) -> dict[str, Any]:
    waits = sent.can_be_answered(timezone.now())
    is_answered = sent.status == QuestionRequest.Status.ANSWERED
    standing = _("answered, not looked at") if is_answered else _("waiting") if waits else _("ran out")
    return {
        **_of(sent.assessment),
        "title": f"{sent.question.number}. {sent.question.local_title}",
        "url": address("question", sent.assessment, sent.question.number),
        "name": sent.name,
        "asked_by": sent.asked_by.get_full_name() if sent.asked_by else "",
        "asked_at": sent.asked_at,
        "standing": standing,
        "standing_colour": "yellow" if is_answered else "blue" if waits else "grey",
    }


def _known(facts: Known) -> dict[str, Any]:
    numbers = ", ".join(map(str, facts.principles))
    return {**_of(facts.assessment), "principles": numbers, "last_on": facts.last_on}

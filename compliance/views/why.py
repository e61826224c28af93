"""Explain this: the page behind each mark."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from compliance import explain
from compliance.explain import EVIDENCE_DUE, Explanation
from compliance.models import ActionItem, Assessment
from compliance.radar import due_by
from compliance.rules import AssessmentState, PrincipleState, QuestionState, Remark
from compliance.services.signing import problems_of
from compliance.states import state_of
from compliance.views.around import due_here
from compliance.views.finding import address, assessment_or_404, principle_or_404, question_or_404, trail_to


@require_safe
def why(request: AuthenticatedHttpRequest, organisation: str, reference: str, mark: str) -> HttpResponse:
    """Of a mark at the whole self-assessment."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    explained = _known(explain.WHOLE_MARKS, mark)(state)
    if mark == explain.WAITS:
        stands = found.status == Assessment.Status.READY
    else:
        remarks = (*state.blockers, *state.warnings)
        stands = (mark, 0) in {explain.mark_of_remark(state, remark) for remark in remarks}
    return _page(request, found.system.operator, explained, trail_to(found, (_("Why it is marked"), "")), stands=stands)


@require_safe
def why_number(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, mark: str, number: int
) -> HttpResponse:
    """Of a mark at a principle or a question, which `number` names."""
    found = assessment_or_404(request, organisation, reference)
    state = state_of(found)
    if mark in explain.QUESTION_MARKS:
        asked = question_or_404(state, number)
        explained = explain.QUESTION_MARKS[mark](state, asked)
        marks = explain.marks_of_question(asked)
        label, url = _("Question %(number)d"), address("question", found, number)
    else:
        explained = _of_principle(state, mark, number)
        due = due_here(found).get(number, ()) if mark == EVIDENCE_DUE else ()
        marks = explain.marks_of_principle(principle_or_404(state, number), due)
        label, url = _("Principle %(number)d"), address("principle", found, number)
    trail = trail_to(found, (label % {"number": number}, url), (_("Why it is marked"), ""))
    stands = mark in {standing.key for standing in marks}
    return _page(request, found.system.operator, explained, trail, stands=stands)


def _of_principle(state: AssessmentState, mark: str, number: int) -> Explanation:
    function = _known(explain.PRINCIPLE_MARKS, mark)
    shown = principle_or_404(state, number)
    if mark == EVIDENCE_DUE:
        return explain.evidence_due(state, shown, due_here(state.assessment).get(number, ()))
    return function(state, shown)


@require_safe
def why_record(request: AuthenticatedHttpRequest, organisation: str, mark: str, reference: str) -> HttpResponse:
    """Of a mark at an action or a piece of evidence, which `reference` names."""
    operator = organisation_or_404(request.user, organisation)
    model, function = _known(explain.RECORD_MARKS, mark)
    own = model.objects.visible_to(request.user).filter(operator=operator)
    related = ("operator", "owner") if model is ActionItem else ("operator",)
    record: Any = get_object_or_404(own.select_related(*related), reference=reference)
    trail = [(operator.local_name, operator.get_absolute_url()), (_("Why it is marked"), "")]
    stands = record.is_overdue() if model is ActionItem else bool(record.review_on and record.review_on <= due_by())
    return _page(request, operator, function(record), trail, stands=stands)


def _known(marks: Mapping[str, Any], mark: str) -> Any:
    try:
        return marks[mark]
    except KeyError:
        raise Http404 from None


def _page(
    request: AuthenticatedHttpRequest,
    operator: Organisation,
    explained: Explanation,
    trail: list[tuple[str, str]],
    *,
    stands: bool,
) -> HttpResponse:
    context = {
        "organisation": operator,
        "explained": explained,
        "stands": stands,
        "rows": [{"key": i.label, "value": i.value, **({"link": i.url} if i.url else {})} for i in explained.inputs],
        "breadcrumbs": trail,
    }
    return render(request, "compliance/why.html", context)


def _address(assessment: Assessment, mark: str, number: int) -> str:
    """Where a mark is explained; `number` 0 is the whole."""
    return address("why_number", assessment, mark, number) if number else address("why", assessment, mark)


def explained_remarks(state: AssessmentState, remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    """Blockers or warnings with the pages where each is mended (`url`) and explained (`why_url`)."""
    problems = problems_of(state.assessment, remarks)
    return [
        {
            "text": problem.text,
            "url": problem.url,
            "why_url": _address(state.assessment, *explain.mark_of_remark(state, remark)),
        }
        for problem, remark in zip(problems, remarks, strict=True)
    ]


def links_of_principle(state: AssessmentState, shown: PrincipleState) -> list[dict[str, Any]]:
    """The marks at a principle, each with its explanation. One query, for the evidence that is due."""
    number = shown.principle.number
    marks = explain.marks_of_principle(shown, due_here(state.assessment).get(number, ()))
    return [{"label": mark.label, "url": _address(state.assessment, mark.key, number)} for mark in marks]


def marks_part(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """The marks at a question, each with its explanation. No query."""
    marks = explain.marks_of_question(asked)
    if not marks:
        return None
    return {
        "template": "compliance/_question_marks.html",
        "marks": [
            {"label": mark.label, "url": address("why_number", state.assessment, mark.key, asked.question.number)}
            for mark in marks
        ],
    }

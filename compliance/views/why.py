"""Explain this: the page behind each mark."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from compliance import explain
from compliance.explain import EVIDENCE_DUE, Explanation
from compliance.models import ActionItem
from compliance.rules import AssessmentState, QuestionState
from compliance.states import state_of
from compliance.views.around import due_here
from compliance.views.finding import address, assessment_or_404, principle_or_404, question_or_404, trail_to


@require_safe
def why(request: AuthenticatedHttpRequest, organisation: str, reference: str, mark: str) -> HttpResponse:
    """Of a mark at the whole self-assessment."""
    found = assessment_or_404(request, organisation, reference)
    explained = _known(explain.WHOLE_MARKS, mark)(state_of(found))
    return _page(request, found.system.operator, explained, trail_to(found, (_("Why it is marked"), "")))


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
        label, url = _("Question %(number)d"), address("question", found, number)
    else:
        explained = _of_principle(state, mark, number)
        label, url = _("Principle %(number)d"), address("principle", found, number)
    trail = trail_to(found, (label % {"number": number}, url), (_("Why it is marked"), ""))
    return _page(request, found.system.operator, explained, trail)


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
    return _page(request, operator, function(record), trail)


def _known(marks: Mapping[str, Any], mark: str) -> Any:
    try:
        return marks[mark]
    except KeyError:
        raise Http404 from None


def _page(
    request: AuthenticatedHttpRequest, operator: Organisation, explained: Explanation, trail: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "organisation": operator,
        "explained": explained,
        "rows": [{"key": i.label, "value": i.value, **({"link": i.url} if i.url else {})} for i in explained.inputs],
        "breadcrumbs": trail,
    }
    return render(request, "compliance/why.html", context)


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

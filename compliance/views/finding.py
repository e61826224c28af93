"""How pages find the self-assessment or action in their address: strangers get 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from compliance.models import ActionItem, Assessment, Question, SystemTechnology
from compliance.rules import AssessmentState, PrincipleState, QuestionState
from compliance.states import questions_of
from core.addresses import address_of
from core.prepared import Prepared, keep_related

# Of an operator that the user belongs to today: `organisation_or_404` was asked before. Together they are the twin of
# `Assessment.objects.visible_to(user)`, which asks the same memberships; tests/permissions/test_twin_of_visible_to.py
# holds the pair together. Never call these with an operator that did not come from there.
FOUND = Prepared(
    lambda operator, reference: Assessment.objects.filter(
        system__operator=operator, reference=reference
    ).select_related("system", "edition")
)
TECHNOLOGIES = Prepared(lambda system: SystemTechnology.objects.filter(system=system))


def assessment_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Assessment:
    """The self-assessment at that address with what its pages show. Two queries."""
    found = bare_assessment_or_404(request, organisation, reference)
    keep_related(found.system, "technologies", TECHNOLOGIES(system=found.system_id))
    return found


def bare_assessment_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Assessment:
    """The same without the technologies of its system, for pages that judge no answer. One query."""
    return _only_one(organisation_or_404(request.user, organisation), reference)


def _only_one(operator: Organisation, reference: str) -> Assessment:
    """With its system and edition, and the operator in hand. One query. Raises Http404."""
    found = FOUND(operator=operator.pk, reference=reference)
    if not found:
        raise Http404
    found[0].system.operator = operator
    return found[0]


def asked_or_404(
    request: AuthenticatedHttpRequest, operator: Organisation, reference: str, number: int
) -> tuple[Assessment, Question]:
    """A self-assessment and one of its questions, for acts that need no more than these. One query, and one for the
    questions of an edition that this process has not seen yet.
    """
    found = _only_one(operator, reference)
    for question in questions_of([found.edition])[found.edition_id]:
        if question.number == number:
            return found, question
    raise Http404


def question_or_404(state: AssessmentState, number: int) -> QuestionState:
    try:
        return state.by_number[number]
    except KeyError:
        raise Http404 from None


def principle_or_404(state: AssessmentState, number: int) -> PrincipleState:
    for principle in state.principles:
        if principle.principle.number == number:
            return principle
    raise Http404


def question_trail(assessment: Assessment, question: Question, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs to a question, and to what lies below it."""
    principle = question.principle.number
    own = address("question", assessment, question.number) if further else ""
    return trail_to(
        assessment,
        (_("Principle %(number)d") % {"number": principle}, address("principle", assessment, principle)),
        (_("Question %(number)d") % {"number": question.number}, own),
        *further,
    )


def action_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> ActionItem:
    """The action at that address with what its pages show. One query."""
    operator = organisation_or_404(request.user, organisation)
    own = ActionItem.objects.visible_to(request.user).filter(operator=operator)
    return get_object_or_404(own.for_detail(), reference=reference)


def address(name: str, assessment: Assessment, *args: object) -> str:
    """The address of one of the pages of a self-assessment."""
    return address_of(f"compliance:{name}", assessment.system.operator.slug, assessment.reference, *args)


def action_address(name: str, action: ActionItem) -> str:
    return address_of(f"compliance:{name}", action.operator.slug, action.reference)


def trail_to(assessment: Assessment, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs: the organisation, its self-assessments, this one, and what lies below. The last has no address."""
    operator = assessment.system.operator
    return [
        (operator.local_name, operator.get_absolute_url()),
        (_("Self-assessments"), address_of("compliance:assessments", operator.slug)),
        (assessment.system.local_name, assessment.get_absolute_url() if further else ""),
        *further,
    ]

"""What there is to take away: what was signed, the answers as they stand, or the bare questions."""

import json
from typing import Any

from compliance import frozen
from compliance.models import Assessment, SignedAssessment
from compliance.rules import AssessmentState, judge
from compliance.states import state_of


def signed_of(assessment: Assessment) -> SignedAssessment | None:
    """Its signature, if it has one. One query."""
    return assessment.signed_as.select_related("signed_by", "operator").first()


def filled_content(assessment: Assessment, signed: SignedAssessment | None) -> dict[str, Any]:
    """The frozen content where there is one, else the answers as they stand, in the same schema.

    Only there a question that is not asked at present may have `kept`: what was typed before and does not count.
    """
    if signed is not None:
        content: dict[str, Any] = json.loads(signed.content)
        return content
    state = state_of(assessment)
    values = frozen.as_values([state])
    for principle in values["assessments"][0]["principles"]:
        for question in principle["questions"]:
            stored = state.by_number[question["number"]]
            if question["answer"] is None and stored.answer is not None and stored.answer.is_given:
                question["kept"] = frozen.answer_values(stored)
    return values


def blank_content(assessment: Assessment) -> dict[str, Any]:
    """The same without any answer, scope, action or evidence: to be filled in elsewhere."""
    state = _without_answers(state_of(assessment))
    values = frozen.as_values([state])
    part = values["assessments"][0]
    part["scope"] = ""
    for principle in part["principles"]:
        for question in principle["questions"]:
            question["evidence"] = []
    return values


def _without_answers(state: AssessmentState) -> AssessmentState:
    assessment = state.assessment
    return judge(
        assessment,
        questions=[question.question for question in state.questions],
        answers=(),
        actions=(),
        conditions=assessment.system.conditions(),
        sro_post=assessment.system.sro_post,
    )

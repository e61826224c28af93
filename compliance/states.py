"""What the rules say of stored self-assessments, loaded once for a whole page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from compliance.models import ActionItem, Answer, Assessment, Question
from compliance.rules import AssessmentState, judge

Row = TypeVar("Row", Question, Answer, ActionItem)


def state_of(assessment: Assessment) -> AssessmentState:
    """The state of one self-assessment. Three queries, and one for the technologies of its system unless prefetched."""
    return states_of([assessment])[0]


def states_of(assessments: Sequence[Assessment]) -> list[AssessmentState]:
    """The states of several, in their order. Three queries for any number, if `system__technologies` is prefetched."""
    ids = [assessment.pk for assessment in assessments]
    editions = {assessment.edition_id for assessment in assessments}
    questions = _grouped(
        Question.objects.filter(edition__in=editions).select_related("principle").order_by("number"), "edition_id"
    )
    answers = _grouped(Answer.objects.filter(assessment__in=ids).select_related("updated_by"), "assessment_id")
    actions = _grouped(
        ActionItem.objects.filter(assessment__in=ids).select_related("owner").order_by("due_on", "pk"), "assessment_id"
    )
    for assessment in assessments:
        for action in actions[assessment.pk]:
            action.assessment = assessment
    return [
        judge(
            assessment,
            questions=questions[assessment.edition_id],
            answers=answers[assessment.pk],
            actions=actions[assessment.pk],
            conditions=assessment.system.conditions(),
            sro_post=assessment.system.sro_post,
        )
        for assessment in assessments
    ]


def _grouped(rows: Iterable[Row], key: str) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped

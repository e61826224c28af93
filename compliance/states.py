"""What the rules say of stored self-assessments, loaded once for a whole page."""

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from compliance.models import ActionItem, Answer, Assessment, CodeEdition, Question
from compliance.rules import AssessmentState, StoredAnswer, judge
from core.prepared import Prepared

Row = TypeVar("Row", StoredAnswer, ActionItem)
MOST_EDITIONS = 20
_questions: dict[tuple[int, str, str], list[Question]] = {}  # of editions as loaded: what is asked never changes in one


def _answers(**which: object) -> QuerySet[Answer, Any]:
    """As rows of StoredAnswer: the whole person beside each answer took more time than the answers."""
    name = Coalesce(NullIf("updated_by__name", Value("")), "updated_by__email", output_field=CharField())
    return Answer.objects.filter(**which).annotate(saved_by=name).values_list(*StoredAnswer._fields)


def _actions(**which: object) -> QuerySet[ActionItem]:
    return ActionItem.objects.filter(**which).select_related("owner").order_by("due_on", "pk")


ANSWERS, ACTIONS = Prepared(_answers), Prepared(_actions)


def state_of(assessment: Assessment) -> AssessmentState:
    """The state of one self-assessment. One query, another when somebody asks for its actions, one for the technologies
    of its system unless prefetched, and one for the questions of an edition that this process has not seen yet.
    """
    return states_of([assessment])[0]


def states_of(assessments: Sequence[Assessment], planned: Iterable[ActionItem] | None = None) -> list[AssessmentState]:
    """The states of several, in their order. Two queries for any number, if `system__technologies` is prefetched and
    this process has seen their editions. The second comes when somebody asks for actions, and never with `planned`:
    their actions with owners, loaded before.
    """
    ids = [assessment.pk for assessment in assessments]
    questions = questions_of({assessment.edition for assessment in assessments})
    found = ANSWERS(assessment=ids[0]) if len(ids) == 1 else _answers(assessment__in=ids)
    answers = _grouped(map(StoredAnswer._make, found), "assessment_id")
    actions = functools.cache(lambda: _by_assessment(assessments, planned))
    return [
        judge(
            assessment,
            questions=questions[assessment.edition_id],
            answers=answers[assessment.pk],
            actions=_later(assessment, actions),
            conditions=assessment.system.conditions(),
            sro_post=assessment.system.sro_post,
        )
        for assessment in assessments
    ]


def _later(assessment: Assessment, actions: Callable[[], Mapping[int, list[ActionItem]]]) -> Iterator[ActionItem]:
    """Those of one, read by whoever first looks at any."""
    yield from actions()[assessment.pk]


def _by_assessment(
    assessments: Sequence[Assessment], planned: Iterable[ActionItem] | None
) -> Mapping[int, list[ActionItem]]:
    ids = [assessment.pk for assessment in assessments]
    if planned is None:
        planned = ACTIONS(assessment=ids[0]) if len(ids) == 1 else _actions(assessment__in=ids)
    actions = _grouped(planned, "assessment_id")
    for assessment in assessments:
        for action in actions[assessment.pk]:
            action.assessment, action.operator = assessment, assessment.system.operator
    return actions


def questions_of(editions: Collection[CodeEdition]) -> dict[int, list[Question]]:
    """The questions of editions with their principles, by the id of the edition. Kept by the process: loading anything
    into an edition, guidance too, moves `loaded_at`. The rows are shared: nobody writes to them.
    """
    keys = {edition.pk: (edition.pk, edition.sha256, edition.loaded_at.isoformat()) for edition in editions}
    found = {pk: _questions[key] for pk, key in keys.items() if key in _questions}
    unknown = keys.keys() - found.keys()
    if unknown:
        found |= {pk: [] for pk in unknown}
        for question in Question.objects.filter(edition__in=unknown).select_related("principle").order_by("number"):
            found[question.edition_id].append(question)
        _questions.update({keys[pk]: found[pk] for pk in unknown})
        for oldest in list(_questions)[:-MOST_EDITIONS]:  # what was read last stays
            _questions.pop(oldest, None)
    return found


def _grouped(rows: Iterable[Row], key: str) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped

"""What the state of a self-assessment is made of, and when it is read."""

from typing import Any

import pytest

from accounts.models import Role
from compliance.models import ActionItem, Answer
from compliance.rules import StoredAnswer
from compliance.states import state_of, states_of
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import ActionItemFactory, AnswerFactory, AssessmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 2])
def test_an_answer_reads_as_it_is_stored(count: int) -> None:
    """Alone by a prepared statement, among others by one of their own."""
    drafts = [AssessmentFactory() for _ in range(count)]
    for draft in drafts:
        by = member(draft.system.operator, Role.SPOC)
        values = {"choice": "no", "text": f"Of {draft}.", "language": "cy", "version": 4, "carried_from": "SA-1"}
        AnswerFactory(assessment=draft, question=draft.edition.questions.get(number=2), updated_by=by, **values)
        AnswerFactory(assessment=draft, question=draft.edition.questions.get(number=3), updated_by=UserFactory(name=""))
        AnswerFactory(assessment=draft, question=draft.edition.questions.get(number=4), updated_by=None)
    for state in states_of(drafts):
        found = [asked.answer for asked in state.questions if asked.answer]
        rows = (
            Answer.objects.filter(assessment=state.assessment).select_related("updated_by").order_by("question__number")
        )
        assert found == [
            StoredAnswer(
                **{name: getattr(row, name) for name in StoredAnswer._fields if name != "saved_by"},
                saved_by=row.updated_by.get_full_name() if row.updated_by else None,
            )
            for row in rows
        ]


def test_actions_are_read_once_and_only_by_who_asks_for_them(django_assert_num_queries: Any) -> None:
    drafts = [AssessmentFactory() for _ in range(2)]
    for draft in drafts:
        for principle in draft.edition.principles.all():
            ActionItemFactory(assessment=draft, principle=principle, owner=UserFactory())
    states_of(drafts)
    for some in (drafts[:1], drafts):
        with django_assert_num_queries(1 + len(some)):  # the technologies of each system
            states = states_of(some)
        with django_assert_num_queries(1):
            found = [action for state in states for one in state.principles for action in one.actions]
            assert all(action.operator == action.assessment.system.operator for action in found)
            assert all(action.owner.name for action in found)
        assert sorted(action.pk for action in found) == sorted(
            ActionItem.objects.filter(assessment__in=some).values_list("pk", flat=True)
        )
    with django_assert_num_queries(3):
        assert state_of(drafts[0]).open_actions == len(found) / 2


def test_actions_that_were_read_before_are_not_read_again(django_assert_num_queries: Any) -> None:
    draft = AssessmentFactory()
    planned = ActionItemFactory(assessment=draft, principle=draft.edition.principles.get(number=1))
    [state] = states_of([draft], planned=[planned])
    with django_assert_num_queries(0):
        assert list(state.principles[0].actions) == [planned]

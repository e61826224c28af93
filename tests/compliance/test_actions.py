"""The action plan: adding, changing and moving actions."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from compliance.models import ActionItem, Assessment
from compliance.services.actions import Plan, add_action, answer_and_plan, change_action, latest_due, move_action
from compliance.services.answers import AnswerConflict
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CodeEditionFactory,
    signed_assessment,
)

pytestmark = pytest.mark.django_db

SOON = today() + dt.timedelta(days=30)


def add(assessment, **changes):
    plan = Plan(**{"description": "Replace the signs.", "due_on": SOON, **changes})
    return add_action(
        assessment=assessment, principle=assessment.edition.principles.get(number=1), plan=plan, by=UserFactory()
    )


def test_an_action_is_planned_and_its_owner_is_told():
    assessment = AssessmentFactory()
    owner = member(assessment.system.operator, Role.VIEWER)
    action = add(assessment, owner=owner, priority="high")
    assert (action.status, action.principle.number, action.owner, action.priority) == ("open", 1, owner, "high")
    told = Notification.objects.get()
    assert (told.user, told.url) == (owner, f"/workspace/{assessment.system.operator.slug}/actions/{action.reference}/")
    entry = TrailEntry.objects.get(verb="planned")
    assert entry.after["description"] == "Replace the signs."
    assert (entry.after["owner"], entry.after["due_on"]) == (owner.reference, SOON.isoformat())


def test_an_owner_is_told_of_the_day_in_their_own_language():
    assessment = AssessmentFactory()
    owner = member(assessment.system.operator, Role.VIEWER)
    owner.language = "cy"
    owner.save()
    action = add(assessment, owner=owner, due_on=dt.date(today().year + 1, 2, 1))
    assert f"1 Chwefror {action.due_on.year}" in Notification.objects.get().body


def test_the_same_action_sent_twice_is_one():
    assessment = AssessmentFactory()
    assert add(assessment) == add(assessment)
    assert add(assessment, priority="high") != add(assessment)
    assert ActionItem.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"description": "  "},
        {"description": "x" * 1001},
        {"description": "bell \x07"},
        {"due_on": today() - dt.timedelta(days=1)},
        {"due_on": latest_due() + dt.timedelta(days=1)},
        {"priority": "urgent"},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(changes):
    with pytest.raises(RuleBroken):
        add(AssessmentFactory(), **changes)
    assert (ActionItem.objects.count(), TrailEntry.objects.count()) == (0, 0)


def test_the_owner_works_in_the_organisation():
    stranger, former = MembershipFactory().user, UserFactory()
    assessment = AssessmentFactory()
    MembershipFactory(user=former, organisation=assessment.system.operator, ends_on=dt.date(2021, 1, 1))
    for person in (stranger, former):
        with pytest.raises(RuleBroken):
            add(assessment, owner=person)


def test_a_principle_of_another_edition_is_refused():
    other = CodeEditionFactory().principles.get(number=1)
    with pytest.raises(RuleBroken):
        add_action(assessment=AssessmentFactory(), principle=other, plan=Plan("x", SOON), by=UserFactory())


@pytest.mark.parametrize("status", Assessment.Status.values)
def test_actions_are_planned_in_draft_and_after_signing(status):
    assessment = AssessmentFactory()
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    if status in {"draft", "signed"}:
        assert add(assessment).status == "open"
    else:
        with pytest.raises(IllegalMove):
            add(assessment)


def test_answer_and_action_are_saved_together_or_not_at_all():
    assessment = AssessmentFactory()
    gap = assessment.edition.questions.get(number=3)
    answer_and_plan(
        assessment=assessment,
        question=gap,
        choice="yes",
        text="",
        version=0,
        plan=Plan("Replace the signs.", SOON),
        by=UserFactory(),
    )
    action = ActionItem.objects.get()
    assert (action.question, action.principle) == (gap, gap.principle)
    with pytest.raises(AnswerConflict):
        answer_and_plan(
            assessment=assessment,
            question=gap,
            choice="no",
            text="",
            version=0,
            plan=Plan("Another.", SOON),
            by=UserFactory(),
        )
    with pytest.raises(RuleBroken):
        answer_and_plan(
            assessment=assessment,
            question=gap,
            choice="no",
            text="",
            version=1,
            plan=Plan("", SOON),
            by=UserFactory(),
        )
    assert (ActionItem.objects.count(), assessment.answers.get().choice) == (1, "yes")


def change(action, version, **changes):
    plan = Plan(**{"description": action.description, "due_on": action.due_on, **changes})
    change_action(action=action, plan=plan, version=version, by=UserFactory())


def test_a_change_is_compared_and_set():
    action = ActionItemFactory()
    change(action, 1, description="Check half of the signs.")
    action.refresh_from_db()
    assert (action.description, action.version) == ("Check half of the signs.", 2)
    entry = TrailEntry.objects.get(verb="replanned")
    assert entry.before["description"] == "Check every sign."
    with pytest.raises(StaleRecord):
        change(action, 1, description="Check none.")
    change(action, 2)
    assert (action.version, TrailEntry.objects.filter(verb="replanned").count()) == (2, 1)


def test_an_overdue_date_may_stay_when_something_else_changes():
    action = ActionItemFactory(due_on=today() - dt.timedelta(days=9))
    change(action, 1, priority="high")
    assert ActionItem.objects.get().priority == "high"
    with pytest.raises(RuleBroken):
        change(action, 2, due_on=today() - dt.timedelta(days=8))


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_a_closed_action_is_not_changed_and_closing_needs_a_note(status):
    action = ActionItemFactory()
    with pytest.raises(Incomplete):
        move_action(action=action, status=status, note=" ", by=UserFactory())
    move_action(action=action, status=status, note="All replaced.", by=UserFactory())
    assert (action.status, action.changes.get().note) == (status, "All replaced.")
    with pytest.raises(IllegalMove):
        change(action, 1, description="Again")
    move_action(action=action, status="open", note="", by=UserFactory())
    assert action.is_open()


def test_the_plan_goes_on_after_signing_and_rests_while_it_waits():
    assessment = signed_assessment()
    action = ActionItemFactory(assessment=assessment)
    change(action, 1, priority="low")
    Assessment.objects.filter(pk=assessment.pk).update(status="ready_for_sign_off")
    with pytest.raises(IllegalMove):
        change(action, 2, priority="high")
    move_action(action=action, status="done", note="Done early.", by=UserFactory())
    assert ActionItem.objects.get().status == "done"


def test_overdue_is_derived_from_the_date():
    action = ActionItemFactory(due_on=dt.date(2026, 3, 31))
    assert [action.is_overdue(on=dt.date(2026, 3, day)) for day in (30, 31)] == [False, False]
    assert action.is_overdue(on=dt.date(2026, 4, 1))
    action.move_to("done", by=None)
    assert not action.is_overdue(on=dt.date(2026, 4, 1))


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER])
def test_who_moves_an_action(role):
    action = ActionItemFactory()
    operator = action.assessment.system.operator
    person = member(operator, role)
    may = role in {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
    assert person.has_perm("compliance.move_action", action) is may
    action.owner = person
    assert person.has_perm("compliance.move_action", action)
    assert list(ActionItem.objects.visible_to(person)) == [action]
    stranger = MembershipFactory(role=role).user
    assert not stranger.has_perm("compliance.move_action", action)
    assert list(ActionItem.objects.visible_to(stranger)) == []

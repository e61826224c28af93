"""Changing several actions at once: all or none, and never what somebody else changed meanwhile."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from compliance.models import ActionItem, Assessment
from compliance.services.actions import Plan, change_action
from compliance.services.bulk_actions import Alike, StaleActions, change_many
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, UserFactory, member
from tests.factories.compliance import ActionItemFactory, AssessmentFactory

pytestmark = pytest.mark.django_db

SOON = today() + dt.timedelta(days=30)


@pytest.fixture
def three():
    assessment = AssessmentFactory()
    return [ActionItemFactory(assessment=assessment, description=f"Action {n}") for n in range(3)]


def seen(actions):
    return {action.reference: action.version for action in actions}


def change(actions, by=None, **alike):
    operator = actions[0].operator
    return change_many(operator=operator, seen=seen(actions), alike=Alike(**alike), by=by or UserFactory())


def values(*names):
    return list(ActionItem.objects.order_by("pk").values_list(*names))


def test_all_get_the_same_owner_date_and_priority_and_the_owner_is_told_once(three):
    owner = member(three[0].operator, Role.VIEWER)
    assert change(three, owner=owner, due_on=SOON, priority="high") == 3
    assert values("owner", "due_on", "priority", "version") == [(owner.pk, SOON, "high", 2)] * 3
    assert values("description") == [("Action 0",), ("Action 1",), ("Action 2",)]
    assert Notification.objects.get().subject == "Actions that are yours now: 3"
    assert TrailEntry.objects.filter(verb="replanned").count() == 3


def test_what_is_left_out_stays_as_it_is(three):
    ActionItem.objects.filter(pk=three[0].pk).update(due_on=today() - dt.timedelta(days=9))
    change(three, priority="low")
    dates = [today() - dt.timedelta(days=9), dt.date(2027, 3, 31), dt.date(2027, 3, 31)]
    assert values("due_on", "priority") == [(day, "low") for day in dates]


def test_all_are_dropped_with_the_reason(three):
    change(three, drop_because="The system closes.")
    assert values("status") == [("dropped",)] * 3
    assert [action.changes.get().note for action in three] == ["The system closes."] * 3


def test_one_that_somebody_else_changed_is_named_and_nothing_is_written(three):
    late = seen(three)
    change_action(action=three[1], plan=Plan("Mine now", SOON), version=1, by=UserFactory())
    three[2].move_to("done", by=None, note="Done.")
    before = values("owner", "due_on", "priority", "version", "status")
    with pytest.raises(StaleActions) as refused:
        change_many(operator=three[0].operator, seen=late, alike=Alike(priority="high"), by=UserFactory())
    assert refused.value.actions == [three[1], three[2]]
    assert values("owner", "due_on", "priority", "version", "status") == before


def test_one_that_waits_for_sign_off_holds_up_all(three):
    other = ActionItemFactory(assessment=AssessmentFactory(system__operator=three[0].operator))
    Assessment.objects.filter(pk=other.assessment_id).update(status="ready_for_sign_off")
    with pytest.raises(Incomplete) as refused:
        change([*three, other], priority="high")
    assert [problem.text for problem in refused.value.problems] == [
        f"{other.reference}: its self-assessment waits for sign-off"
    ]
    assert values("priority") == [("medium",)] * 4


@pytest.mark.parametrize(
    "alike",
    [
        {},
        {"priority": "high", "drop_because": "No."},
        {"priority": "urgent"},
        {"due_on": today() - dt.timedelta(days=1)},
    ],
)
def test_what_makes_no_sense_is_refused_whole(three, alike):
    with pytest.raises(RuleBroken):
        change(three, **alike)
    assert values("status", "version") == [("open", 1)] * 3


def test_an_owner_without_a_role_there_is_refused(three):
    with pytest.raises(RuleBroken):
        change(three, owner=MembershipFactory().user)


def test_an_action_of_others_is_refused_whole(three):
    other = ActionItemFactory()
    with pytest.raises(RuleBroken):
        change([*three, other], priority="high")
    assert values("priority") == [("medium",)] * 4


def test_at_least_one_and_at_most_a_hundred(three):
    for number in (0, 101):
        many = {f"AC-{n}": 1 for n in range(number)}
        with pytest.raises(RuleBroken):
            change_many(operator=three[0].operator, seen=many, alike=Alike(priority="low"), by=UserFactory())


# --- the page ---


@pytest.fixture
def at(client, three):
    client.force_login(member(three[0].operator, Role.CONTRIBUTOR))
    return f"/workspace/{three[0].operator.slug}/actions/several/"


def ticked(actions):
    return [f"{action.reference}:{action.version}" for action in actions]


def test_the_list_offers_a_tick_for_open_ones_and_the_page_lists_what_was_ticked(client, three, at):
    three[2].move_to("done", by=None, note="Done.")
    body = client.get(at.replace("several/", "?show=all")).content.decode()
    assert [f'value="{tick}"' in body for tick in ticked(three)] == [True, True, False]
    page = client.get(at, {"action": ticked(three[:2])})
    assert [row["description"] for row in page.context["actions"]] == ["Action 0", "Action 1"]


def test_the_page_changes_all(client, three, at):
    page = client.post(at, {"action": ticked(three), "priority": "high"})
    assert page.url == at.replace("several/", "")
    assert values("priority") == [("high",)] * 3


def test_the_page_names_those_overtaken_and_keeps_the_others_and_the_words(client, three, at):
    sent = {"action": ticked(three), "drop": "on", "reason": "The system closes."}
    change_action(action=three[1], plan=Plan("Mine now", SOON), version=1, by=UserFactory())
    page = client.post(at, sent)
    assert page.status_code == 409
    assert [row["description"] for row in page.context["stale"]] == ["Mine now"]
    assert [row["tick"] for row in page.context["actions"]] == ticked([three[0], three[2]])
    assert "The system closes." in page.content.decode()
    assert values("status") == [("open",)] * 3
    again = {**sent, "action": [row["tick"] for row in page.context["actions"]]}
    assert client.post(at, again).status_code == 302
    assert values("status") == [("dropped",), ("open",), ("dropped",)]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"drop": "on"},
        {"reason": "No."},
        {"drop": "on", "reason": "No.", "priority": "low"},
        {"priority": "urgent"},
        {"due_on_day": "1", "due_on_month": "1", "due_on_year": "1999"},
        {"owner": "P-NOBODY"},
    ],
)
def test_a_form_that_makes_no_sense_is_422(client, three, at, sent):
    page = client.post(at, {"action": ticked(three), **sent})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert values("status", "version") == [("open", 1)] * 3


@pytest.mark.parametrize("sent", [{}, {"action": "x"}, {"action": "AC-1:-1"}, {"action": "AC-1:²"}])
def test_nothing_ticked_is_422_with_a_sentence(client, three, at, sent):
    for ask in (client.get, client.post):
        page = ask(at, sent)
        assert page.status_code == 422
        assert "Tick at least one action." in page.content.decode()


def test_an_action_of_others_is_not_shown(client, three, at):
    other = ActionItemFactory(description="Theirs")
    body = client.get(at, {"action": ticked([*three, other])}).content.decode()
    assert "Theirs" not in body
    page = client.post(at, {"action": ticked([*three, other]), "priority": "high"})
    assert page.status_code == 422
    assert "Theirs" not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_at_constant_cost(client, django_assert_num_queries, three, at, rows):
    with django_assert_num_queries(6):
        client.get(at, {"action": ticked(three[:rows])})


@pytest.mark.parametrize("role", [Role.SRO, Role.VIEWER])
def test_colleagues_without_the_role_get_403(client, three, role):
    client.force_login(member(three[0].operator, role))
    assert client.get(f"/workspace/{three[0].operator.slug}/actions/several/").status_code == 403
    assert (
        "several" not in client.get(f"/workspace/{three[0].operator.slug}/actions/").content.decode().split("main")[1]
    )

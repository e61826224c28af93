"""Pages of the action plan."""

import datetime as dt

import pytest

from accounts.models import Role
from compliance.models import ActionItem
from core.dates import today
from tests.factories.accounts import MembershipFactory, member
from tests.factories.compliance import ActionItemFactory, AssessmentFactory

pytestmark = pytest.mark.django_db


def at(action, rest=""):
    return f"/workspace/{action.assessment.system.operator.slug}/actions/{action.reference}/{rest}"


@pytest.fixture
def action():
    return ActionItemFactory()


@pytest.fixture
def contributor(client, action):
    person = member(action.assessment.system.operator, Role.CONTRIBUTOR)
    client.force_login(person)
    return person


@pytest.mark.parametrize("rows", [1, 3])
def test_the_plan_lists_own_actions_by_date_at_constant_cost(client, django_assert_num_queries, rows):
    viewer = MembershipFactory(role=Role.VIEWER)
    assessment = AssessmentFactory(system__operator=viewer.organisation)
    days = [dt.date(2027, 1, 31 - n) for n in range(rows)]
    own = [ActionItemFactory(assessment=assessment, due_on=day, owner=viewer.user) for day in days]
    ActionItemFactory()
    client.force_login(viewer.user)
    with django_assert_num_queries(9):
        page = client.get(f"/workspace/{viewer.organisation.slug}/actions/")
    assert [row["reference"] for row in page.context["actions"]] == [action.reference for action in own[::-1]]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("", {"late", "mine"}),
        ("open", {"late", "mine"}),
        ("overdue", {"late"}),
        ("mine", {"mine"}),
        ("closed", {"done"}),
        ("all", {"late", "mine", "done"}),
    ],
)
def test_what_is_shown(client, action, contributor, show, expected):
    ActionItem.objects.filter(pk=action.pk).update(due_on=today() - dt.timedelta(days=1), description="late")
    ActionItemFactory(assessment=action.assessment, description="mine", owner=contributor, due_on=today())
    done = ActionItemFactory(assessment=action.assessment, description="done", due_on=dt.date(2026, 1, 1))
    done.move_to("done", by=None)
    page = client.get(f"/workspace/{action.assessment.system.operator.slug}/actions/?show={show}")
    assert {row["description"] for row in page.context["actions"]} == expected
    assert {r["description"] for r in page.context["actions"] if r["is_overdue"]} == expected & {"late"}


def test_an_unknown_filter_is_422(client, action, contributor):
    assert client.get(f"/workspace/{action.assessment.system.operator.slug}/actions/?show=x").status_code == 422


@pytest.mark.parametrize("rest", ["", "change/", "move/"])
def test_strangers_get_404(client, action, rest):
    client.force_login(MembershipFactory().user)
    assert client.get(at(action, rest)).status_code == 404
    assert client.get(at(action, rest).replace(action.reference, "AC-NOTHERE")).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.CONTRIBUTOR, 200), (Role.SRO, 403), (Role.VIEWER, 403)])
@pytest.mark.parametrize("rest", ["change/", "move/"])
def test_colleagues_without_the_role_get_403(client, action, role, status, rest):
    client.force_login(member(action.assessment.system.operator, role))
    assert client.get(at(action)).status_code == 200
    assert client.get(at(action, rest)).status_code == status


def test_the_owner_moves_the_own_action_whatever_the_role(client, action):
    owner = member(action.assessment.system.operator, Role.VIEWER)
    ActionItem.objects.filter(pk=action.pk).update(owner=owner)
    client.force_login(owner)
    assert client.post(at(action, "move/"), {"status": "done", "note": "All replaced."}).url == at(action)
    assert ActionItem.objects.get().status == "done"
    assert client.get(at(action, "change/")).status_code == 403


@pytest.mark.parametrize(
    "sent", [{"status": "done", "note": " "}, {"status": "dropped"}, {"status": "open"}, {"status": "gone"}, {}]
)
def test_a_move_that_lacks_something_is_422(client, action, contributor, sent):
    assert client.post(at(action, "move/"), sent).status_code == 422
    assert (ActionItem.objects.get().status, action.changes.count()) == ("open", 0)


@pytest.mark.parametrize(
    ("assessment", "status", "warned"),
    [
        ("draft", "open", False),
        ("ready_for_sign_off", "open", True),
        ("ready_for_sign_off", "done", False),
        ("signed", "open", False),
    ],
)
@pytest.mark.usefixtures("contributor")
def test_who_closes_an_action_while_a_signature_is_due_is_told_what_may_come_of_it(
    client, action, assessment, status, warned
):
    type(action.assessment).objects.filter(pk=action.assessment_id).update(status=assessment)
    ActionItem.objects.filter(pk=action.pk).update(status=status)
    page = client.get(at(action, "move/")).content.decode()
    assert ("cannot be signed as it stands" in page) is warned


def a_change(**changes):
    values = {"description": "Check half.", "priority": "high", "owner": "", "version": "1"}
    return {**values, "due_on_day": "31", "due_on_month": "3", "due_on_year": "2027", **changes}


def test_a_change_against_an_older_version_is_409_and_keeps_what_was_typed(client, action, contributor):
    assert client.post(at(action, "change/"), a_change()).url == at(action)
    page = client.post(at(action, "change/"), a_change(description="Mine"))
    assert page.status_code == 409
    body = page.content.decode()
    assert "Mine" in body
    assert "Check half." in body
    assert page.context["form"].data["version"] == "2"
    assert client.post(at(action, "change/"), a_change(description="Mine", version="2")).status_code == 302
    assert ActionItem.objects.get().description == "Mine"


@pytest.mark.parametrize("changes", [{"description": "x" * 1001}, {"due_on_month": "13"}, {"due_on_year": "1999"}])
def test_a_change_that_makes_no_sense_is_422(client, action, contributor, changes):
    assert client.post(at(action, "change/"), a_change(**changes)).status_code == 422
    assert ActionItem.objects.get().version == 1


def test_a_closed_action_is_not_changed(client, action, contributor):
    action.move_to("dropped", by=None, note="No longer needed.")
    assert client.get(at(action, "change/")).status_code == 409
    assert client.post(at(action, "change/"), a_change()).status_code == 409
    assert "No longer needed." in client.get(at(action)).content.decode()


@pytest.mark.parametrize("rest", ["change/", "move/"])
def test_the_forms_are_sent_to_their_own_pages(client, action, contributor, rest):
    page = client.get(at(action, rest)).content.decode()
    main = page[page.index("<main") :]
    assert '<form method="post" novalidate>' in main

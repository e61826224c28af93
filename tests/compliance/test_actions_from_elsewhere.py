"""Actions outside a self-assessment: free ones, and those from findings and reviews; what closing them leaves."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from compliance.models import ActionItem, ActionTemplate
from compliance.services.actions import Plan, Source, change_action, move_action, plan_action
from core.dates import today
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import CertificationBodyFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.accounts import member as new_member
from tests.factories.compliance import (
    ActionItemFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    EvidenceFactory,
    signed_assessment,
)

pytestmark = pytest.mark.django_db

SOON = today() + dt.timedelta(days=30)


def plan(operator, by=None, **changes):
    words = Plan("Survey the masts.", SOON, owner=changes.pop("owner", None))
    return plan_action(operator=operator, plan=words, by=by or UserFactory(), **changes)


def test_a_free_action_needs_no_system_and_no_principle():
    operator = OrganisationFactory()
    owner = new_member(operator, Role.VIEWER)
    action = plan(operator, owner=owner)
    assert (action.operator, action.system, action.principle, action.assessment) == (operator, None, None, None)
    assert (action.origin, action.status, action.trail_organisation()) == ("free", "open", operator)
    told = Notification.objects.get()
    assert (told.user, told.url) == (owner, f"/workspace/{operator.slug}/actions/{action.reference}/")
    assert "System" not in told.body
    assert TrailEntry.objects.get(verb="planned").after["origin"] == "free"


def test_a_finding_keeps_its_reference_and_the_same_action_twice_is_one():
    system = CameraSystemFactory()
    given = {"source": Source("finding", "FN-12"), "system": system}
    by = UserFactory()
    assert plan(system.operator, by, **given) == plan(system.operator, by, **given)
    assert plan(system.operator, by, **{**given, "source": Source("finding", "FN-13")}).origin_reference == "FN-13"
    assert ActionItem.objects.count() == 2


@pytest.mark.parametrize("source", [Source("gap"), Source("free", "FN-1"), Source("review", "x" * 21), Source("x")])
def test_a_source_that_makes_no_sense_is_refused(source):
    with pytest.raises(RuleBroken):
        plan(OrganisationFactory(), source=source)
    assert ActionItem.objects.count() == 0


def test_a_system_of_another_operator_is_refused():
    with pytest.raises(RuleBroken):
        plan(OrganisationFactory(), system=CameraSystemFactory())


def test_a_free_action_is_changed_and_moved_like_any_other():
    operator = OrganisationFactory()
    action = plan(operator)
    change_action(action=action, plan=Plan("Survey half.", SOON, "high"), version=1, by=UserFactory())
    assert (action.description, action.priority, action.version) == ("Survey half.", "high", 2)


def test_closing_keeps_the_day_and_the_evidence_and_opening_again_takes_them_off():
    action = ActionItemFactory()
    evidence = EvidenceFactory(operator=action.operator)
    move_action(action=action, status="done", note="Surveyed.", evidence=evidence, by=UserFactory())
    stored = ActionItem.objects.get()
    assert (stored.closing_evidence, stored.closed_at.date(), stored.status) == (
        evidence,
        action.closed_at.date(),
        "done",
    )
    assert TrailEntry.objects.get(verb="changed").after == {"closing_evidence": evidence.reference}
    move_action(action=action, status="open", note="", by=UserFactory())
    stored = ActionItem.objects.get()
    assert (stored.closing_evidence, stored.closed_at, stored.status) == (None, None, "open")


def test_evidence_of_others_or_for_what_is_not_done_is_refused():
    action = ActionItemFactory()
    for status, evidence in (
        ("done", EvidenceFactory()),
        ("dropped", EvidenceFactory(operator=action.operator)),
        ("in_progress", EvidenceFactory(operator=action.operator)),
    ):
        with pytest.raises(RuleBroken):
            move_action(action=action, status=status, note="So.", evidence=evidence, by=UserFactory())
    assert ActionItem.objects.get().status == "open"


# --- pages ---


@pytest.fixture
def contributor(client):
    membership = MembershipFactory(role=Role.CONTRIBUTOR)
    client.force_login(membership.user)
    return membership


def address(membership, rest="add/"):
    return f"/workspace/{membership.organisation.slug}/actions/{rest}"


def sent(**changes):
    values = {"description": "Survey the masts.", "priority": "high", "owner": "", "origin": "review"}
    date = {"due_on_day": str(SOON.day), "due_on_month": str(SOON.month), "due_on_year": str(SOON.year)}
    return {**values, **date, "origin_reference": "AR-2026", "system": "", "principle": "", **changes}


def test_the_form_plans_an_action_from_a_review(client, contributor):
    edition = CodeEditionFactory()
    system = CameraSystemFactory(operator=contributor.organisation)
    page = client.post(address(contributor), sent(system=system.reference, principle="2"))
    action = ActionItem.objects.get()
    assert page.url == address(contributor, f"{action.reference}/")
    assert (action.system, action.principle, action.origin, action.origin_reference) == (
        system,
        edition.principles.get(number=2),
        "review",
        "AR-2026",
    )
    body = client.get(page.url).content.decode()
    assert "A review, AR-2026" in body
    assert client.get(address(contributor, f"{action.reference}/change/")).status_code == 200
    assert client.get(address(contributor, f"{action.reference}/move/")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"description": ""}, {"origin": "gap"}, {"origin": "free"}, {"due_on_year": "1999"}, {"system": "CS-NOWHERE"}],
)
def test_a_form_that_makes_no_sense_is_422(client, contributor, changes):
    assert client.post(address(contributor), sent(**changes)).status_code == 422
    assert ActionItem.objects.count() == 0


def test_a_system_of_others_cannot_be_chosen(client, contributor):
    assert client.post(address(contributor), sent(system=CameraSystemFactory().reference)).status_code == 422


def test_ready_made_words_fill_the_form(client, contributor):
    edition = CodeEditionFactory()
    ActionTemplate.objects.create(edition=edition, key="signs", principles=[2], text="Survey all signs", days=60)
    page = client.get(address(contributor, "add/?template=signs"))
    initial = page.context["form"].initial
    assert initial == {"description": "Survey all signs", "due_on": today() + dt.timedelta(days=60), "principle": 2}
    assert '<option value="2" selected>' in page.content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.CONTRIBUTOR, 200), (Role.SRO, 403), (Role.VIEWER, 403)])
def test_who_plans(client, role, status):
    membership = MembershipFactory(role=role)
    client.force_login(membership.user)
    assert client.get(address(membership)).status_code == status


def test_an_organisation_without_cameras_has_no_plan(client):
    body = CertificationBodyFactory()
    client.force_login(new_member(body, Role.BODY_MANAGER))
    assert client.get(f"/workspace/{body.slug}/actions/add/").status_code == 404


def test_closing_evidence_is_chosen_from_the_own_library(client, contributor):
    action = plan(contributor.organisation)
    own, other = EvidenceFactory(operator=contributor.organisation), EvidenceFactory()
    page = client.get(address(contributor, f"{action.reference}/move/"))
    assert list(page.context["form"].fields["evidence"].queryset) == [own]
    move = address(contributor, f"{action.reference}/move/")
    done = {"status": "done", "note": "Surveyed."}
    assert client.post(move, {**done, "evidence": other.reference}).status_code == 422
    assert client.post(move, {**done, "status": "dropped", "evidence": own.reference}).status_code == 422
    assert client.post(move, {**done, "evidence": own.reference}).status_code == 302
    body = client.get(address(contributor, f"{action.reference}/")).content.decode()
    assert own.title in body
    assert "Closed" in body


def test_what_was_carried_over_says_from_where(client, contributor):
    before = ActionItemFactory(assessment=signed_assessment(system__operator=contributor.organisation))
    action = plan(contributor.organisation)
    ActionItem.objects.filter(pk=action.pk).update(carried_from=before)
    body = client.get(address(contributor, f"{action.reference}/")).content.decode()
    assert f"{before.reference}, {before.assessment.reference}" in body
    assert "carried over" in client.get(address(contributor, "")).content.decode()


# --- the list and its filters ---


@pytest.fixture
def shown(client, contributor):
    """Asks the list with a query; answers which actions it shows, by their words."""

    def ask(query):
        page = client.get(address(contributor, query))
        assert page.status_code == 200
        return {row["description"] for row in page.context["actions"]}

    return ask


def test_the_list_is_narrowed_by_each_filter_and_by_several(contributor, shown):
    organisation, me = contributor.organisation, contributor.user
    edition = CodeEditionFactory()
    system = CameraSystemFactory(operator=organisation)
    left = UserFactory()
    common = {"assessment": None, "operator": organisation, "system": None, "principle": None}
    ActionItemFactory(**{**common, "system": system}, description="system", owner=me, origin="free", due_on=SOON)
    principle = edition.principles.get(number=2)
    ActionItemFactory(**{**common, "principle": principle}, description="two", owner=left, origin="finding")
    late = today() - dt.timedelta(days=1)
    ActionItemFactory(**common, description="late", origin="review", due_on=late, status="in_progress")
    ActionItemFactory(**common, description="gone", origin="free", status="dropped")
    assert shown("") == {"system", "two", "late"}
    assert shown("?show=overdue") == shown("?show=in_progress") == {"late"}
    assert shown("?show=soon") == shown("?show=mine") == shown("?owner=me") == {"system"}
    assert shown("?show=dropped") == shown("?show=closed") == {"gone"}
    assert shown("?show=done") == set()
    assert shown("?owner=nobody") == {"late"}
    assert shown(f"?owner={left.reference}") == shown("?principle=2") == shown("?origin=finding") == {"two"}
    assert shown(f"?system={system.reference}") == {"system"}
    assert shown("?system=none&principle=none") == {"late"}
    assert shown("?show=all&origin=free&owner=nobody") == {"gone"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "The plan has no open actions."),
        ("?show=overdue", "No action is overdue."),
        ("?show=mine", "You have no open action here."),
        ("?show=overdue&owner=nobody", "No action matches this filter."),
    ],
)
def test_an_empty_list_says_of_what_it_is_empty(client, contributor, query, sentence):
    assert sentence in client.get(address(contributor, query)).content.decode()


@pytest.mark.parametrize("query", ["?system=CS-NOWHERE", "?owner=x", "?principle=99", "?origin=x", "?show=gap"])
def test_a_filter_that_is_not_offered_is_422(client, contributor, query):
    assert client.get(address(contributor, query)).status_code == 422

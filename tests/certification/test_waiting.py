"""What waits for whom in certification, and what an organisation's first page says of it."""

import pytest

from accounts.models import Role
from certification.models import Application, Certificate
from certification.services import visits
from certification.services.applications import withdraw_application
from certification.services.intake import return_application
from certification.sockets import panel, waiting
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import Parties
from tests.factories.certification_visits import FullParties, watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def labels(person) -> list[str]:
    fresh = type(person).objects.get(pk=person.pk)
    return [str(item.label).split(":")[0] for item in waiting(fresh)]


@pytest.mark.parametrize(
    ("stage", "who", "label"),
    [
        ("draft", "spoc", "Complete and submit an application"),
        ("submitted", "manager", "Accept or return an application"),
        ("accepted", "manager", "Assign an auditor"),
        ("assigned", "auditor", "Declare whether you have a conflict of interest"),
        ("declared", "auditor", "Begin a desktop review"),
        ("in_review", "auditor", "Go on with a desktop review"),
        ("recommended", "decider", "Decide about an application"),
        ("awarded", "", ""),
    ],
)
def test_it_waits_for_the_one_whose_move_it_is(parties, stage, who, label):
    getattr(parties, stage)()
    for person in ("spoc", "manager", "auditor", "decider"):
        assert labels(getattr(parties, person)) == ([label] if person == who else [])


STEP2 = {
    "step1_passed": ("Propose a date for a site visit", {"manager", "auditor"}),
    "proposed": ("Agree the date of a site visit", {"spoc"}),
    "agreed": ("Prepare and begin a site visit", {"auditor"}),
    "under_way": ("Go on with a site visit", {"auditor"}),
    "auditor_signed": ("Sign off a site visit", {"spoc", "sro"}),
    "signed": ("Go on with a review of step 2", {"auditor"}),
    "step2_concluded": ("Decide about an application", {"decider"}),
}


@pytest.mark.parametrize("stage", STEP2)
def test_step_2_waits_for_the_one_whose_move_it_is(stage):
    parties = FullParties.make()
    getattr(parties, stage)()
    people = {name: getattr(parties, name) for name in ("spoc", "manager", "auditor", "decider")}
    people["sro"] = parties.sro()
    label, waited_for = STEP2[stage]
    for name, person in people.items():
        assert labels(person) == ([label] if name in waited_for else []), name


def test_a_visit_of_a_surveillance_review_waits_for_the_operator_then_for_the_auditor():
    parties = FullParties.make()
    review = watched(parties)
    visit = parties.propose(review.application)
    assert "Agree the date of a site visit" in labels(parties.spoc)
    visits.agree(visit=visit, version=1, by=parties.spoc)
    assert "Agree the date of a site visit" not in labels(parties.spoc)
    assert "Prepare and begin a site visit" in labels(parties.auditor)


def test_what_came_back_waits_until_another_application_follows_it(parties, django_assert_num_queries):
    application = parties.submitted()
    return_application(application=application, reason="x", by=parties.manager)
    assert labels(parties.spoc) == ["Read why it was returned or declined"]
    assert labels(member(parties.operator, Role.VIEWER)) == []
    following = parties.draft()
    Application.objects.filter(pk=following.pk).update(previous=application)
    assert labels(parties.spoc) == ["Complete and submit an application"]
    withdraw_application(application=following, reason="x", by=parties.spoc)
    assert labels(parties.spoc) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_costs_the_same_for_any_number(parties, django_assert_num_queries, rows):
    for _ in range(rows):
        parties.submitted()
    person = type(parties.manager).objects.get(pk=parties.manager.pk)
    with django_assert_num_queries(3):
        assert len(list(waiting(person))) == rows


def test_the_panel_counts_open_applications_and_certificates_in_force(parties, django_assert_num_queries):
    parties.submitted()
    parties.awarded()
    Parties.make().awarded()
    assert parties.spoc.memberships_now
    with django_assert_num_queries(2):
        (shown,) = panel(parties.spoc, parties.operator)
    assert [figure["value"] for figure in shown["figures"]] == [1, 1]
    assert list(panel(parties.spoc, OrganisationFactory(kind="national_body"))) == []
    assert Certificate.objects.count() == 2

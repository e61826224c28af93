"""What the pages of a site visit ask the database, for any number of rows."""

import pytest
from django.urls import reverse

from certification.models import Criterion
from certification.services import clarifications, decisions, findings, visits
from tests.factories.certification import active_system
from tests.factories.certification_visits import FullParties, address, see_all
from tests.factories.compliance import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> FullParties:
    return FullParties.make()


def with_systems(parties, count):
    """A visit under way whose application has so many systems, each with five cameras."""
    parties.cameras = 5
    visit = parties.drawn()
    for _more in range(count - 1):
        system = active_system(parties.operator)
        visit.application.systems.add(system)
        for number in range(5):
            CameraFactory(system=system, operator_ref=str(number), camera_type="ptz")
    if count > 1:
        visits.draw_sample(visit=visit, version=visit.version, by=parties.auditor, reason="All systems.")
    return visit


COSTS = {
    "visit": ((), "drawn", 12),
    "visit_sample": ((), "drawn", 11),
    "visit_camera": ((1,), "under_way", 12),
    "visit_sign": ((), "under_way", 12),
    "visit_record": ((), "signed", 8),
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", COSTS)
def test_a_page_costs_the_same_for_any_number_of_systems(client, parties, django_assert_num_queries, name, count):
    args, stage, queries = COSTS[name]
    visit = with_systems(parties, count)
    if stage != "drawn":
        visits.begin(visit=visit, by=parties.auditor)
    if stage == "signed":
        see_all(visit, by=parties.auditor)
        visits.sign_off_auditor(
            visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=parties.auditor
        )
    client.force_login(parties.auditor)
    with django_assert_num_queries(queries):
        client.get(address(visit, name, *args))


def test_looking_for_a_camera_to_choose_costs_the_same_for_1_and_3(client, parties, django_assert_num_queries):
    visit = with_systems(parties, 3)
    client.force_login(parties.auditor)
    for text, found in (("1001", 1), ("100", 5)):
        visit.sample.all().delete()
        with django_assert_num_queries(12):
            response = client.get(address(visit, "visit_sample"), {"q": text})
        assert len(response.context["cameras"]) == found


def test_the_page_before_the_draw_costs_the_same(client, parties, django_assert_num_queries):
    visit = parties.agreed()
    client.force_login(parties.auditor)
    for more in (0, 20):
        CameraFactory.create_batch(more, system=visit.application.systems.get(), camera_type="ptz")
        with django_assert_num_queries(11):
            response = client.get(address(visit, "visit_sample"))
        assert response.context["population"]["cameras"] == 5 + more


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_an_application_after_its_visit_costs_the_same(client, parties, django_assert_num_queries, rows):
    application = with_talk(parties, parties.signed(), rows)
    for person, side in ((parties.auditor, "body"), (parties.manager, "body"), (parties.spoc, "operator")):
        client.force_login(person)
        url = reverse("certification:application", args=[getattr(application, side).slug, application.reference])
        with django_assert_num_queries(10):
            client.get(url)


def test_the_page_of_an_awarded_application_costs_no_more(client, parties, django_assert_num_queries):
    application = parties.step2_concluded()
    decisions.decide(application=application, outcome="award", reasons="The review holds.", by=parties.decider)
    for person, side in ((parties.manager, "body"), (parties.spoc, "operator")):
        client.force_login(person)
        url = reverse("certification:application", args=[getattr(application, side).slug, application.reference])
        with django_assert_num_queries(10):
            page = client.get(url)
        assert application.certificate.reference in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_conclusion_of_step_2_with_35_criteria_costs_the_same(client, parties, django_assert_num_queries, rows):
    application = with_talk(parties, parties.signed(), rows)
    for place in range(35 - application.scheme.criteria.count()):
        Criterion.objects.create(scheme=application.scheme, key=f"P12.C{place}", principle=12, text="", position=99)
    client.force_login(parties.auditor)
    url = reverse("certification:review_conclude", args=[parties.body.slug, application.reference])
    with django_assert_num_queries(11):
        page = client.get(url)
    assert len(page.context["open_points"]) == 35 + 2 * rows


def with_talk(parties, visit, rows):
    """So many clarifications and findings that are open."""
    about = {"review": visit.review, "criterion": visit.application.scheme.criteria.first(), "by": parties.auditor}
    for number in range(rows):
        clarifications.ask(subject=f"Statement {number}", text="Where is it?", **about)
        findings.raise_finding(class_key="minor", text=f"Statement {number} is not dated.", **about)
    return visit.application

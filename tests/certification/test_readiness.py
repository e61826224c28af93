"""Readiness: what it finds in signed answers and records, that it explains itself, and what it costs."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from certification.models import Application
from certification.readiness import Check, State, readiness_of
from certification.services import applications
from compliance.models import Answer, CameraSystem, SignedAssessment
from core.dates import add_months, today
from tests.factories.accounts import member
from tests.factories.certification import Parties, active_system, required_evidence, signed_assessment
from tests.factories.compliance import EvidenceFactory

pytestmark = pytest.mark.django_db
THERE, LOOK, MISSING, NOT_ASKED = State.THERE, State.LOOK, State.MISSING, State.NOT_ASKED


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def found(application: Application, principle: int) -> dict[str, tuple[State, str]]:
    """What stands under a principle (0: the documents), by title."""
    documents, principles = readiness_of(application)
    checks: list[Check] = principles[principle] if principle else documents
    return {str(check.title): (check.state, str(check.sentence)) for check in checks}


def test_the_documents_of_a_desktop_review_with_what_is_chosen_and_what_is_not(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    dpia = EvidenceFactory(operator=parties.operator, systems=[system], kind="dpia", title="DPIA 2026")
    application.documents.get(kind="procedures_manual").delete()
    documents = found(application, 0)
    assert list(documents) == [
        "Signed self-assessment of each system",
        "Number of cameras",
        "Code of practice",
        "Procedures manual",
        "DPIA",
    ]
    assert documents["Signed self-assessment of each system"][0] == THERE
    assert documents["Procedures manual"][0] == MISSING  # it is in the records and required, and was not chosen
    assert documents["DPIA"] == (LOOK, f"In your records, not chosen yet: {dpia.title}")


def test_a_system_without_signature_an_old_one_and_one_signed_again(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    title = "Signed self-assessment of each system"
    SignedAssessment.objects.update(signed_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    assert found(application, 0)[title] == (LOOK, f"Signed more than twelve months ago: {system.name}")
    signed_assessment(system)
    assert found(application, 0)[title] == (MISSING, f"Signed again since: {system.name}")
    application.signed_assessments.clear()
    assert found(application, 0)[title] == (MISSING, f"Nothing signed goes with it: {system.name}")


def test_cameras_counted_long_ago_or_never(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    system.technologies.update(counted_on=today() - dt.timedelta(days=400))
    assert found(application, 0)["Number of cameras"][0] == LOOK
    system.technologies.update(counted_on=None)
    assert found(application, 0)["Number of cameras"][0] == MISSING


@pytest.mark.parametrize(
    ("principle", "kind", "title"),
    [
        (2, "dpia", "Data protection impact assessment (DPIA)"),
        (5, "training_record", "Training record of the last twelve months"),
        (7, "information_sharing_agreement", "Information sharing agreement"),
        (10, "annual_report", "Annual review or report of the last twelve months"),
    ],
)
def test_a_document_is_missing_undated_past_its_review_or_there(parties, principle, kind, title):
    application = parties.draft()
    (system,) = application.systems.all()
    assert found(application, principle)[title] == (MISSING, f"Not in the records: {system.name}")
    values = {"operator": parties.operator, "systems": [system], "kind": kind, "title": "It"}
    document = EvidenceFactory(**values, dated=None)
    assert found(application, principle)[title] == (LOOK, "Undated: It")
    type(document).objects.update(dated=today(), review_on=today() - dt.timedelta(days=1))
    assert found(application, principle)[title] == (LOOK, "Its review date is past: It")
    type(document).objects.update(review_on=None)
    assert found(application, principle)[title] == (THERE, "It")


def test_what_is_wanted_every_year_is_old_after_one_and_a_dpia_from_before_the_law_shows(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    values = {"operator": parties.operator, "systems": [system]}
    EvidenceFactory(**values, kind="training_record", title="Log", dated=add_months(today(), -13))
    EvidenceFactory(**values, kind="dpia", title="PIA", dated=dt.date(2015, 6, 1))
    assert found(application, 5)["Training record of the last twelve months"] == (LOOK, "Older than a year: Log")
    title = "Data protection impact assessment (DPIA)"
    assert found(application, 2)[title] == (LOOK, "From before the UK GDPR applied: PIA")


def test_retention_that_is_not_stated(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    title = "Retention period of each technology"
    assert found(application, 6)[title][0] == THERE
    system.technologies.update(retention_days=None)
    assert found(application, 6)[title] == (MISSING, f"Not stated: {system.name}")


def test_reference_databases_are_asked_about_only_where_there_are_some(parties):
    application = parties.draft()
    (system,) = application.systems.all()
    title = "Accuracy of reference databases"
    assert found(application, 12)[title][0] == NOT_ASKED
    CameraSystem.objects.filter(pk=system.pk).update(reference_database=True)
    assert found(application, 12)[title][0] == MISSING


def test_a_standard_is_looked_for_in_the_signed_words(parties):
    system = active_system(parties.operator)
    signed_assessment(system)
    required_evidence(system)
    application = applications.start_application(
        operator=parties.operator,
        scheme=parties.scheme,
        body=parties.body,
        systems=[system],
        scope="All",
        by=parties.spoc,
    )
    assert found(application, 8)["Standards named and shown"][0] == MISSING
    Answer.objects.update(text="Changed after signing: BS 7958")
    assert found(application, 8)["Standards named and shown"][0] == MISSING  # what was signed counts


def test_each_check_explains_itself_and_what_is_wanting_has_a_way_to_mend_it(parties):
    documents, principles = readiness_of(parties.draft(systems=2))
    checks = [*documents, *(check for checks in principles.values() for check in checks)]
    assert set(principles) == set(range(1, 13))
    assert all(principles.values())
    for check in checks:
        assert check.why
        assert "%" not in f"{check.sentence}{check.why}"
        if check.state in (LOOK, MISSING):
            assert check.url.startswith(f"/workspace/{parties.operator.slug}/"), check
            assert check.action


def address(application: Application) -> str:
    return reverse("certification:application_readiness", args=[application.operator.slug, application.reference])


@pytest.mark.parametrize("systems", [1, 3])
def test_the_page_costs_twelve_queries_for_any_number_of_systems(client, parties, django_assert_num_queries, systems):
    application = parties.draft(systems)
    client.force_login(parties.spoc)
    with django_assert_num_queries(12):
        page = client.get(address(application))
    assert page.status_code == 200
    assert "There is a problem" not in page.content.decode()


def test_every_link_of_the_page_leads_somewhere_for_whoever_drafts(client, parties):
    application = parties.draft()
    client.force_login(member(parties.operator, Role.SPOC))
    page = client.get(address(application))
    urls = {check.url for part in page.context["principles"] for check in part["checks"] if check.url}
    urls |= {check.url for check in page.context["documents"] if check.url}
    assert len(urls) > 5
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_a_reader_finds_no_links_to_what_is_not_theirs(client, parties):
    client.force_login(member(parties.operator, Role.VIEWER))
    page = client.get(address(parties.draft()))
    assert "back=" not in page.content.decode()
    assert client.get(address(parties.submitted())).status_code == 409

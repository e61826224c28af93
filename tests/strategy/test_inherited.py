"""Documents of an organisation that was reorganised read "inherited from X, interim until DATE", for everybody."""

import datetime as dt

import pytest
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.inheritance import inherited_words
from accounts.models import Inherited, Organisation, Role
from certification.models import Certificate
from core import jobs
from core.dates import today
from strategy.reorganisation_files import Plan, Successor
from strategy.services.reorganising import reorganise
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import CertificateFactory, active_system, signed_assessment
from tests.factories.compliance import EvidenceFactory
from tests.factories.documents import published_document
from tests.factories.dpias import draft_dpia
from tests.factories.slas import signed
from tests.factories.transparency import published, system_of
from tests.transparency.test_agreement_publishing import publish
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db
UNTIL = today() + dt.timedelta(days=400)


def joined(*before: Organisation) -> Organisation:
    slugs = tuple(body.slug for body in before)
    reorganise(Plan("join", today(), slugs, (Successor("both", name="Both Council"),), {}, interim_until=UNTIL), None)
    jobs.drain()
    return Organisation.objects.get(slug="both")


def words(name: str, language: str) -> str:
    with override(language):
        day = date_format(UNTIL, "j F Y")
    if language == "cy":
        return f"Etifeddwyd oddi wrth {name}, dros dro tan {day}"
    return f"Inherited from {name}, interim until {day}"


@pytest.fixture
def east():
    return OrganisationFactory(slug="east", name="East & Quay Council")


def test_public_pages_say_so_in_both_languages(client, east):
    page = published(operator=east, slug="quay")
    document = published_document(organisation=east)
    certificate = CertificateFactory(application__operator=east, application__status="awarded")
    table = signed(council=east)
    publish(table)
    joined(east, OrganisationFactory())
    code = document.reference.lower()
    for root, language in (("", "en-gb"), ("/cy", "cy")):
        sentence = words("East &amp; Quay Council", language)
        for path in (
            "/authorities/both/quay/",
            f"/authorities/both/documents/{code}/",
            f"/certificates/{certificate.reference}/",
            f"/agreements/{table.agreement.reference}/",
        ):
            html = client.get(f"{root}{path}").content.decode()
            assert html.count(sentence) == 1, (root, path)
    publish_system(system=system_of(page), by=None)  # its own version
    jobs.drain()
    assert "Inherited from" not in client.get("/authorities/both/quay/").content.decode()


def test_pages_inside_say_so(east):
    spoc = member(east, Role.SPOC)
    system = active_system(east)
    assessment = signed_assessment(system)
    evidence, dpia = EvidenceFactory(operator=east), draft_dpia(system)
    table = signed(council=east)
    joined(east, OrganisationFactory())
    client = Client()
    client.force_login(spoc)
    for path in (
        f"/workspace/both/assessments/{assessment.assessments.get().reference}/signed/",
        f"/workspace/both/evidence/{evidence.reference}/",
        f"/workspace/both/dpias/{dpia.reference}/",
        f"/workspace/both/agreements/{table.agreement.reference}/",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert words("East &amp; Quay Council", "en-gb") in response.content.decode(), path


def test_of_what_passed_on_twice_the_last_one_is_named(east):
    certificate = CertificateFactory(application__operator=east, application__status="awarded")
    first = joined(east, OrganisationFactory())
    yesterday = today() - dt.timedelta(days=1)
    Inherited.objects.update(since=yesterday)
    Organisation.objects.filter(pk=first.pk).update(starts_on=yesterday)
    plan = Plan("join", today(), ("both", OrganisationFactory().slug), (Successor("all", name="All"),), {})
    reorganise(plan, None)
    assert Certificate.objects.get().operator.slug == "all"
    assert inherited_words("certification.Certificate", [certificate.pk]) == ["inherited from Both Council"]


def test_whoever_was_not_reorganised_reads_nothing_of_it(client, east):
    other = CertificateFactory(application__status="awarded")
    joined(east, OrganisationFactory())
    assert "Inherited" not in client.get(f"/certificates/{other.reference}/").content.decode()

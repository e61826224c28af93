"""The public pages of certification schemes and bodies: what is said, in which language, and what today decides."""

import datetime as dt
import re

import pytest
from django.utils.translation import override

from core.dates import today
from tests.factories.certification import CertificationSchemeFactory, SchemeBodyFactory, shipped_scheme
from tests.factories.compliance import real_edition
from tests.transparency.test_pages import text_of
from transparency.schemes import state

pytestmark = pytest.mark.django_db
TOMORROW, YESTERDAY = today() + dt.timedelta(days=1), today() - dt.timedelta(days=1)


def told(client, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=60")
    return text_of(answer.content.decode())


def test_a_scheme_is_shown_whole(client):
    real_edition()
    scheme = shipped_scheme()
    SchemeBodyFactory(scheme=scheme, body__name="Bright Body", accreditation_number="UKAS 12")
    page = told(client, "/schemes/independent-assurance/")
    for words in (
        "Independent assurance against the Surveillance Camera Code Open to applications",
        "Owner The operator of this portal Version 1 Edition of the Code",
        "Desktop certification (step 1) A certificate lasts 12 months.",
        "A certificate lasts 60 months. A surveillance review follows every 12 months.",
        "Whether it is in force is what the register says on the day, not this document.",
        "Bright Body Yes 1 January 2026 none set UKAS 12",
        "Code of practice for the system (required)",
        "Survey of signs (if there is one)",
        "Major finding 28 days no certificate is awarded",
        "Observation no deadline a certificate may be awarded",
        "P01.C1 Each system has a written and dated statement of its purpose",
        "Usual evidence Statement of purpose and objectives;",
        "Usual grading Major where there is no statement;",
    ):
        assert words in page, words
    assert page.count("Usual evidence ") == page.count("Usual grading ") == scheme.criteria.count() == 35


def test_a_closed_scheme_reads_historic_wherever_it_is_shown(client):
    scheme = shipped_scheme("scc-tpc")
    SchemeBodyFactory(scheme=scheme, starts_on=dt.date(2016, 1, 1))
    for address in ("/schemes/", "/schemes/scc-tpc/"):
        page = told(client, address)
        assert "Historic: scheme closed" in page
        assert "19 November 2025" in page
        assert "Open to applications" not in page
    for address in ("/schemes/scc-tpc/", "/certificates/bodies/"):
        assert "No: the scheme is closed 1 January 2016 none set" in told(client, address)
    page = told(client, "/schemes/scc-tpc/")
    assert "The portal holds no criteria of this scheme" in page
    assert "Opened November 2015 Closed to applications September 2023 Closed 19 November 2025" in page
    assert "Opened: November 2015 Closed: 19 November 2025" in told(client, "/schemes/")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "open"),
        ({"opened_on": TOMORROW}, "not_yet"),
        ({"closed_to_applications_on": today()}, "no_applications"),
        ({"closed_to_applications_on": TOMORROW}, "open"),
        ({"closed_on": TOMORROW}, "open"),
        ({"closed_on": today()}, "historic"),
    ],
)
def test_what_a_scheme_is_follows_from_its_days(fields, key):
    assert state(CertificationSchemeFactory.build(**fields), today())["key"] == key


def test_a_scheme_that_will_be_closed_says_when_and_why(client):
    CertificationSchemeFactory(key="going", closed_on=TOMORROW, closing_reason="Nobody applies.")
    page = told(client, "/schemes/going/")
    assert f"The scheme will be closed on {TOMORROW.day} {TOMORROW:%B %Y}." in page
    assert "Nobody applies." in page


def test_whoever_may_not_certify_today_is_said_to(client):
    scheme = CertificationSchemeFactory()
    SchemeBodyFactory(scheme=scheme, starts_on=dt.date(2026, 1, 1), ends_on=YESTERDAY)
    assert " Not any more 1 January 2026 " in told(client, f"/schemes/{scheme.key}/")
    SchemeBodyFactory(scheme=scheme, starts_on=TOMORROW)
    assert " Not yet " in told(client, "/certificates/bodies/")


def test_welsh_stands_where_there_is_some_and_english_is_marked(client):
    scheme = CertificationSchemeFactory()
    html = client.get(f"/cy/schemes/{scheme.key}/").content.decode()
    assert "Maen prawf 1, egwyddor 1." in html
    assert '<dd lang="en">A signed statement.</dd>' in html
    with override("cy"):
        assert "Yn Saesneg yn unig y mae rhai" in html


def test_the_shipped_scheme_is_in_welsh_throughout(client):
    real_edition()
    SchemeBodyFactory(scheme=shipped_scheme())
    html = client.get("/cy/schemes/independent-assurance/").content.decode()
    assert "Yn Saesneg yn unig" not in html
    assert re.findall(r'<(?:dd|p|li|span|h1|div)[^>]* lang="en"', html) == []
    assert ">Caiff</strong>" in html  # what may be: no yes, which a verb answers in Welsh


def test_predecessor_and_successor_lead_to_each_other(client):
    old = CertificationSchemeFactory(key="old", closed=True)
    new = CertificationSchemeFactory(key="new", succeeds=old)
    assert f'href="/schemes/{new.key}/"' in client.get("/schemes/old/").content.decode()
    assert f'href="/schemes/{old.key}/"' in client.get("/schemes/new/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_schemes_cost_the_same_for_any_number(client, django_assert_num_queries, rows):
    real_edition()
    scheme = CertificationSchemeFactory()
    for _ in range(rows):
        SchemeBodyFactory(scheme=scheme)
        CertificationSchemeFactory(succeeds=scheme)
    for address, queries in (("/schemes/", 2), (f"/schemes/{scheme.key}/", 6), ("/certificates/bodies/", 1)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_every_public_page_leads_to_the_schemes(client):
    for address in ("/verify/", "/certificates/", "/schemes/", "/certificates/bodies/"):
        assert 'href="/schemes/"' in client.get(address).content.decode()


def test_an_unknown_scheme_is_a_404(client):
    assert client.get("/schemes/nowhere/").status_code == 404

"""The register: by what it is filtered, what it gives as data, its feed, and what it costs."""

import csv
import datetime as dt
import io
import json
import re
from xml.etree import ElementTree

import pytest

from certification.models import Certificate
from certification.services.events import add_event
from certification.services.scheme_closing import close_scheme
from core.dates import today
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, UserFactory
from tests.factories.certification import ApplicationFactory, CertificateFactory
from tests.transparency.test_certificates import references
from tests.transparency.test_pages import text_of
from transparency.register_data import COLUMNS

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def recorded(**fields) -> Certificate:
    certificate = CertificateFactory(**fields)
    add_event(certificate, "issued", by=UserFactory(name="SECRET Person"))
    return certificate


def in_region(region: str, *forces, **fields) -> Certificate:
    operator = OrganisationFactory(region=region)
    operator.police_forces.set(forces)
    return CertificateFactory(application=ApplicationFactory(operator=operator), **fields)


def test_the_register_filters_by_region_force_step_body_and_scheme(client):
    force = PoliceForceFactory()
    one = in_region("London", force, aim="full")
    two = in_region("Wales")
    own = CertificateFactory(application=ApplicationFactory(operator=force))
    for query, wanted in (
        ({"region": "London"}, {one}),
        ({"region": "Nowhere"}, {one, two, own}),
        ({"force": force.slug}, {one, own}),
        ({"force": "nobody"}, set()),
        ({"step": "full"}, {one}),
        ({"body": two.body.slug}, {two}),
        ({"scheme": own.scheme.key}, {own}),
        ({"scheme": own.scheme.key, "step": "full"}, set()),
    ):
        found = {each.reference for each in wanted}
        assert set(references(client.get("/certificates/", query))) == found, query
        rows = client.get("/certificates/register.json", query).json()
        assert ({row["number"] for row in rows["certificates"]}, rows["count"]) == (found, len(found))
        listed = client.get("/api/v1/certificates/", query)
        if query == {"region": "Nowhere"}:  # the page shows what there is; a program is told that it asks in vain
            assert listed.status_code == 400
        else:
            assert {row["reference"] for row in listed.json()["results"]} == found


def test_a_choice_stays_chosen_and_goes_into_the_downloads(client):
    body = CertificateFactory().body
    html = client.get("/certificates/", {"body": body.slug, "page": "1", "q": "", "step": ""}).content.decode()
    assert f'<option value="{body.slug}" selected>' in html
    assert f'href="/certificates/register.csv?body={body.slug}"' in html


def test_the_list_as_csv_gives_what_it_says_and_no_formula(client):
    force = PoliceForceFactory(name="Northern Police")
    certificate = in_region("London", force, operator_name="=cmd|' /C calc'!A0", scope="-1+2", valid_until=None)
    answer = client.get("/certificates/register.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=60"
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tuple(heading) == COLUMNS
    told = dict(zip(heading, row, strict=True))
    assert told == {
        "number": certificate.reference,
        "standing": "valid",
        "standing_on": today().isoformat(),
        "holder": "'=cmd|' /C calc'!A0",
        "holder_gss_code": certificate.operator.gss_code,
        "region": "London",
        "police_forces": "Northern Police",
        "body": certificate.body_name,
        "scheme": certificate.scheme.key,
        "step": "desktop",
        "technologies": "CCTV",
        "systems": "Town centre",
        "scope": "'-1+2",
        "issued_on": today().isoformat(),
        "valid_from": today().isoformat(),
        "valid_until": "",
        "next_review_on": "",
        "origin": "award",
        "address": f"http://testserver/certificates/{certificate.reference}/",
    }


def test_each_row_has_its_history_and_never_who(client):
    certificate = recorded()
    add_event(certificate, "suspended", by=UserFactory(name="SECRET Decider"), reason="Not in time.")
    row = client.get("/certificates/register.json").json()["certificates"][0]
    assert [(event["event"], event["reason"]) for event in row["history"]] == [
        ("issued", ""),
        ("suspended", "Not in time."),
    ]
    day = f"{today().day} {today():%B %Y}"
    told = text_of(client.get("/certificates/").content.decode())
    assert f"Suspended, {day} Issued, {day}" in told
    for address in ("/certificates/", "/certificates/register.json", "/feeds/certificates.atom"):
        assert "SECRET" not in client.get(address).content.decode()


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_the_feed_tells_changes_newest_first(client, prefix):
    certificate = recorded(operator_name="A & B <Council>")
    add_event(certificate, "withdrawn", by=None, reason="It asked for it.")
    answer = client.get(f"{prefix}/feeds/certificates.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=60"
    root = ElementTree.fromstring(answer.content)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"http://testserver/certificates/{certificate.reference}/#event-{number}" for number in (2, 1)
    ]
    links = {entry.find(f"{ATOM}link").get("href") for entry in entries}
    assert links == {f"http://testserver{prefix}/certificates/{certificate.reference}/"}
    summary = entries[0].findtext(f"{ATOM}summary") or ""
    assert entries[0].find(f"{ATOM}summary").get("type") == "html"
    assert "A &amp; B &lt;Council&gt;<br>" in summary
    if not prefix:
        assert "Standing today: Valid" in summary
        assert summary.endswith("Reason: It asked for it.")
        assert entries[0].findtext(f"{ATOM}title") == f"{certificate.reference}: Withdrawn"


def test_the_feed_has_what_its_format_requires(client):
    """RFC 4287: 4.1.1 of the feed, 4.1.2 of each entry."""
    close_scheme(scheme=recorded().scheme, closed_on=today(), reason="Nobody applies.", by=None)
    root = ElementTree.fromstring(client.get("/cy/feeds/certificates.atom").content)
    assert (root.tag, root.get("{http://www.w3.org/XML/1998/namespace}lang")) == (f"{ATOM}feed", "cy")
    assert len(root.findall(f"{ATOM}author/{ATOM}name")) == 1
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/cy/certificates/",
        "self": "http://testserver/cy/feeds/certificates.atom",
    }
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    for part in (root, *entries):
        for name in ("id", "title", "updated"):
            assert [bool(each.text) for each in part.findall(f"{ATOM}{name}")] == [True]
        assert dt.datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo is not None
    for entry in entries:
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert entry.findtext(f"{ATOM}summary")


@pytest.mark.parametrize(
    "address", ["/certificates/register.csv", "/certificates/register.json", "/feeds/certificates.atom"]
)
def test_a_page_of_another_site_may_read_the_data(client, address):
    answer = client.get(address, headers={"origin": "https://council.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies


def test_the_csv_stands_as_spreadsheets_read_it(client):
    """RFC 4180: lines end with CR LF, commas, quotes and line breaks are quoted, each row has every column."""
    recorded(operator_name='A "B", C', scope="one\ntwo")
    content = client.get("/certificates/register.csv").content.decode("utf-8-sig")
    assert '"A ""B"", C"' in content
    assert '"one\ntwo"' in content
    assert content.replace('"one\ntwo"', "").replace("\r\n", "").count("\n") == 0
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 2


def test_the_closing_of_a_scheme_is_in_the_feed_from_its_day_on(client):
    certificate = recorded()
    close_scheme(scheme=certificate.scheme, closed_on=today(), reason="Nobody applies.", by=None)
    root = ElementTree.fromstring(client.get("/feeds/certificates.atom").content)
    titles = {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}summary") for entry in root.iter(f"{ATOM}entry")}
    assert titles[f"Scheme closed: {certificate.scheme.name}"] == (
        "None of its certificates is valid any more.<br>Nobody applies."
    )
    assert "Standing today: Historic: scheme closed" in (titles[f"{certificate.reference}: Issued"] or "")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_for_any_number_of_rows(client, django_assert_num_queries, rows):
    for _ in range(rows):
        recorded()
    for address, queries in (
        ("/certificates/", 6),
        ("/certificates/register.csv", 4),
        ("/certificates/register.json", 5),
        ("/feeds/certificates.atom", 2),
        ("/api/v1/certificates/", 1),
    ):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_those_without_a_known_day_come_last(client):
    known = CertificateFactory()
    unknown = CertificateFactory(origin="recorded", issued_on=None, valid_from=None, valid_until=None, reviewed_on=None)
    assert references(client.get("/certificates/")) == [known.reference, unknown.reference]
    assert "not known" in text_of(client.get("/certificates/").content.decode())
    row = json.loads(client.get("/certificates/register.json").content)["certificates"][1]
    assert (row["issued_on"], row["origin"]) == (None, "recorded")


def test_absurd_parameters_are_no_faults(client):
    for query, of_program in (
        ({"body": "\x00"}, 400),
        ({"force": "x" * 9000}, 400),
        ({"scheme": "' or 1=1"}, 200),
        ({"step": ["a", "b"]}, 400),
    ):
        for address in ("/certificates/", "/certificates/register.csv"):
            assert client.get(address, query).status_code == 200
        assert client.get("/api/v1/certificates/", query).status_code == of_program


def test_the_register_links_its_feed_its_bodies_and_schemes(client):
    html = client.get("/cy/certificates/").content.decode()
    for address in ("/cy/feeds/certificates.atom", "/cy/certificates/bodies/", "/cy/schemes/"):
        assert re.search(rf'<a class="govuk-link" href="{address}"', html)

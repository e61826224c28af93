"""The public API of certificates and publications: fields by name, pages capped, nothing withdrawn."""

import base64
from urllib.parse import urlencode

import pytest

from certification.models.certificate import Standing
from compliance.models import CameraSystem
from core.dates import today
from tests.factories.accounts import UserFactory
from tests.factories.certification import CertificateFactory
from tests.factories.transparency import published, system_of
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db

CERTIFICATE = {
    "reference", "standing", "standing_on", "body", "body_name", "accreditation_number", "operator", "operator_name",
    "operator_name_cy", "scheme", "scheme_name", "scheme_statement", "aim", "edition_title", "scope", "sites",
    "systems_listed", "found", "reviewed_on", "issued_on", "valid_from", "valid_until", "next_review_on", "predecessor",
    "url", "document_url", "document_sha256",
}  # fmt: skip
PUBLICATION = {
    "reference", "kind", "organisation", "subject_reference", "title", "title_cy", "version", "sha256", "published_at",
    "ended_at", "withdrawn_reason", "welsh_missing_reason", "url",
}  # fmt: skip


def test_a_certificate_says_what_it_is_worth_today(client):
    certificate = CertificateFactory()
    certificate.move_to("suspended", by=UserFactory(), note="x")
    (row,) = client.get("/api/v1/certificates/").json()["results"]
    assert set(row) == CERTIFICATE
    assert (row["standing"], row["standing_on"]) == (Standing.SUSPENDED, today().isoformat())
    assert row["url"] == f"http://testserver/certificates/{certificate.reference}/"
    assert (row["document_url"], row["body"], row["scheme"]) == (None, certificate.body.slug, certificate.scheme.key)
    assert client.get(f"/api/v1/certificates/{certificate.reference}/").json() == row
    assert client.get("/api/v1/certificates/CC-2099-1/").status_code == 404


def test_a_publication_gives_its_content_while_it_is_in_force(client):
    first = published(description="Words that were.")
    CameraSystem.objects.update(description="Words in force.")
    second = publish_system(system=system_of(first), by=UserFactory())
    (row,) = client.get("/api/v1/publications/").json()["results"]
    assert set(row) == PUBLICATION
    assert (row["reference"], row["version"]) == (second.reference, 2)
    detail = client.get(f"/api/v1/publications/{second.reference}/").json()
    assert set(detail) == PUBLICATION | {"content"}
    assert detail["content"] == second.facts()
    assert client.get(f"/api/v1/publications/{first.reference}/").status_code == 404
    withdraw_publication(publication=second, by=None, reason="Taken down.")
    detail = client.get(f"/api/v1/publications/{second.reference}/").json()
    assert (detail["content"], detail["withdrawn_reason"]) == (None, "Taken down.")
    assert "Words in force." not in client.get("/api/v1/publications/").content.decode()


@pytest.mark.parametrize(("path", "queries"), [("certificates", 1), ("publications", 1)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_the_api_costs_the_same_for_any_number(client, django_assert_num_queries, rows, path, queries):
    for _ in range(rows):
        published()
        CertificateFactory()
    with django_assert_num_queries(queries):
        assert len(client.get(f"/api/v1/{path}/").json()["results"]) == rows


def cursor(**values: str) -> str:
    return base64.b64encode(urlencode(values).encode()).decode()


@pytest.mark.parametrize("path", ["authorities", "certificates", "publications"])
@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"},
        {"cursor": "\x00"},
        {"cursor": cursor(p="\x00")},
        {"cursor": cursor(p="zzz")},
        {"cursor": cursor(o="999999999999999999999999", p="a")},
        {"cursor": cursor(o="-1")},
        {"cursor": cursor(r="1", p="\ud7ff" * 3)},
        {"page_size": "0"},
        {"page_size": "1111805924369776771072"},
        {"page_size": "-5"},
        {"page_size": "x"},
    ],
)
def test_absurd_pages_are_no_faults(client, path, query):
    published()
    CertificateFactory()
    assert client.get(f"/api/v1/{path}/", query).status_code in (200, 404)


def test_the_api_reads_no_session_and_only_reads(client):
    client.force_login(UserFactory())
    certificate = CertificateFactory()
    for path in ("certificates/", f"certificates/{certificate.reference}/", "publications/"):
        answer = client.get(f"/api/v1/{path}")
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "max-age=60" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"  # what everybody may read, scripts of other sites may read
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(f"/api/v1/{path}").status_code == 405

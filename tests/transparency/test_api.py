"""The public API of certificates and publications: fields by name, pages capped, nothing withdrawn."""

import base64
from urllib.parse import urlencode

import pytest

from certification.models.certificate import Standing
from compliance.models import CameraSystem
from core import jobs
from core.dates import today
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.certification import CertificateFactory, active_system
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from transparency.models import Publication, PublicCamera
from transparency.open_data.columns import CAMERAS
from transparency.open_data.rows import camera_rows
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
    assert client.get(f"/api/v1/{path}/", query).status_code in (200, 400)


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


def cameras() -> None:
    """Two systems: one with a camera of each precision, one with a number plate reader."""
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    publish_system(system=system, by=None)
    other = active_system(OrganisationFactory(), technologies=["anpr"])
    CameraFactory(
        system=other, operator_ref="AN1", camera_type="anpr", precision="exact", latitude="51.5", longitude="0.1"
    )
    publish_system(system=other, by=None)
    jobs.drain()


def refs(client, **asked) -> set[str]:
    return {row["camera_ref"] for row in client.get("/api/v1/cameras/", asked).json()["results"]}


def test_cameras_are_told_as_far_as_their_precision_allows(client):
    cameras()
    rows = {row["camera_ref"]: row for row in client.get("/api/v1/cameras/").json()["results"]}
    assert set(rows) == {"EX1", "ST1", "WA1", "AN1"}
    assert all(rows["EX1"][name] is not None for name in ("latitude", "longitude"))
    assert {rows[ref][name] for ref in ("ST1", "WA1") for name in ("latitude", "longitude")} == {None}
    assert (rows["ST1"]["location_description"], rows["WA1"]["location_description"]) == ("Street Row", None)
    publication = Publication.objects.get(reference=rows["EX1"]["publication"])
    withdraw_publication(publication=publication, by=None, reason="Taken down.")
    jobs.drain()
    assert refs(client) == {"AN1"}


def test_cameras_have_the_columns_of_the_open_data(client):
    cameras()
    rows = client.get("/api/v1/cameras/").json()["results"]
    written = {}
    for publication in Publication.objects.of_systems():
        written |= {row["camera_ref"]: row for row in camera_rows(publication.facts(), publication.path)}
    assert {row["camera_ref"] for row in rows} == set(written)
    for row in rows:
        assert {name: row[name] for name in CAMERAS.names} == written[row["camera_ref"]]
        assert set(row) - set(CAMERAS.names) == {"publication", "published_at", "url"}


def test_cameras_that_nothing_public_tells_apart_are_each_told_once(client):
    system = active_system(OrganisationFactory())
    for mount in ("wall", "pole"):
        CameraFactory(system=system, operator_ref="", location="", ward="Abbey", precision="ward", mount=mount)
    publish_system(system=system, by=None)
    jobs.drain()
    assert [row["mount"] for row in client.get("/api/v1/cameras/").json()["results"]] == ["wall", "pole"]
    assert len(client.get("/api/v1/cameras/?page_size=1").json()["results"]) == 1


def test_cameras_are_filtered(client):
    cameras()
    of = PublicCamera.objects.select_related("organisation").get(ref="AN1")
    assert refs(client, authority=of.organisation.slug) == {"AN1"}
    assert refs(client, system=of.system_reference) == {"AN1"}
    assert refs(client, type="anpr") == refs(client, technology="anpr") == {"AN1"}
    assert refs(client, precision="ward") == {"WA1"}
    assert refs(client, ward="Abbey") == {"EX1", "ST1"}
    assert refs(client, bbox="0.09,51.49,0.11,51.51") == {"AN1"}  # by its tiles
    assert refs(client, bbox="-9,49,3,56") == {"EX1", "AN1"}  # by its places
    assert refs(client, bbox="0.2,51.49,0.3,51.51") == set()
    assert refs(client, updated_since=today().isoformat()) == {"EX1", "ST1", "WA1", "AN1"}
    assert refs(client, updated_since="2999-01-01") == set()


def test_systems_are_listed_with_their_figures_and_filtered(client):
    cameras()
    everything = client.get("/api/v1/systems/").json()["results"]
    (row,) = client.get("/api/v1/systems/", {"technology": "anpr"}).json()["results"]
    assert (len(everything), row["technologies"], row["cameras_listed"]) == (2, ["anpr"], 1)
    assert client.get(f"/api/v1/systems/{row['reference']}/").json() == row
    (row,) = client.get("/api/v1/systems/", {"technology": "cctv"}).json()["results"]
    assert row["cameras_withheld"] == 2


def test_who_has_an_answer_is_not_given_it_again(client):
    cameras()
    for path in ("authorities", "systems", "cameras", "publications"):
        answer = client.get(f"/api/v1/{path}/")
        again = client.get(f"/api/v1/{path}/", headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_who_asks_too_often_is_told_when_to_ask_again(client):
    for _ in range(240):
        assert client.get("/api/v1/systems/").status_code == 200
    answer = client.get("/api/v1/systems/")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["Cache-Control"] == "no-store"  # no shared cache gives it to others


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_systems_or_cameras_costs_the_same_for_any_number(client, django_assert_num_queries, rows):
    for _ in range(rows):
        system = active_system(OrganisationFactory())
        CameraFactory(system=system)
        publish_system(system=system, by=None)
    jobs.drain()
    for path, queries in (("systems", 1), ("cameras", 2)):
        with django_assert_num_queries(queries):
            assert len(client.get(f"/api/v1/{path}/").json()["results"]) == rows

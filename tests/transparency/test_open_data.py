"""Open data: made from publications alone, the same bytes by page and by command, documented, safe to open."""

import csv
import gzip
import hashlib
import io
import json
import re
import time

import brotli
import pytest
from django.core.management import call_command

from accounts.models import Kind
from compliance.exchange.csv_files import as_it_was
from compliance.models import CameraSystem
from core import jobs
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import CertificateFactory, active_system
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from transparency.open_data import columns
from transparency.open_data.places import folder_of, public_folder
from transparency.services import open_data
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db

# Caister water tower: the worked example of the Ordnance Survey's guide to coordinate systems
LIVES = {"latitude": "52.658008", "longitude": "1.716074", "precision": "exact"}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def with_cameras(**fields):
    system = active_system(OrganisationFactory(**fields))
    cameras_of_every_precision(system)
    return publish_system(system=system, by=None, welsh_missing_reason="None yet.")


def top(names: set[str]) -> set[str]:
    return {name for name in names if "/" not in name}


def times_of(publication) -> list[int]:
    folder = public_folder(folder_of(publication.organisation.slug))
    return [path.stat().st_mtime_ns for path in sorted(folder.iterdir())]


def kinds_of(node) -> list[str]:
    return [node["@type"]] if isinstance(node["@type"], str) else node["@type"]


def all_files(folder) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pages_and_command_give_the_same_bytes(client, tmp_path):
    first, second = with_cameras(), with_cameras(nation="wales", name_cy="Untref")
    CertificateFactory()
    CertificateFactory(operator=first.organisation)
    withdraw_publication(publication=second, by=None, reason="Taken down.")
    jobs.drain()
    call_command("export_open_data", str(tmp_path))
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    listed = {entry["name"] for entry in manifest["files"]}
    assert top(names) == top(listed) | {"manifest.json", "seals.jsonl"}
    for entry in manifest["files"]:
        content = (tmp_path / entry["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert client.get(entry["address"].removeprefix("http://testserver")).getvalue() == content
    assert client.get("/open-data/manifest.json").getvalue() == (tmp_path / "manifest.json").read_bytes()
    for path in (tmp_path / "authorities").glob("*/*"):
        assert client.get(f"{folder_of(path.parent.name)}{path.name}").getvalue() == path.read_bytes()
        own = json.loads((path.parent / "manifest.json").read_bytes())
        hashes = {entry["name"]: entry["sha256"] for entry in own["files"]}
        if path.name != "manifest.json":
            assert hashes[path.name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_column_is_documented_and_nothing_else_is_in_a_file(tmp_path):
    with_cameras()
    CertificateFactory()
    call_command("export_open_data", str(tmp_path))
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert [each["name"] for each in package["resources"]] == [table.name for table in columns.TABLES]
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        heads = content.decode("utf-8-sig").splitlines()[0].split(",")  # a file without rows has them too
        assert heads == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])
    used = {column.name for table in columns.TABLES for column in table.columns}
    assert set(columns.MEANINGS) <= used  # others are told with their table


def test_a_camera_has_the_columns_of_its_precision():
    publication = with_cameras()
    rows = {row["camera_ref"]: row for row in open_data.rows.camera_rows(publication.facts(), publication.path)}
    assert set(rows) == {"EX1", "ST1", "WA1"}
    assert tuple(rows["EX1"]) == columns.CAMERAS.names
    assert all(rows["EX1"][name] is not None for name in ("latitude", "longitude", "easting", "northing"))
    for ref in ("ST1", "WA1"):
        place = ("latitude", "longitude", "easting", "northing", *(name for name in rows[ref] if "osm:" in name))
        assert {rows[ref][name] for name in place} == {None}
    assert (rows["ST1"]["location_description"], rows["WA1"]["location_description"]) == ("Street Row", None)


def test_places_stand_in_both_grids_and_osm_has_its_tags():
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, operator_ref="P", camera_type="ptz", mount="pole", direction=90, **LIVES)
    CameraFactory(system=system, operator_ref="A", camera_type="anpr", **LIVES)
    CameraFactory(system=system, operator_ref="B", camera_type="bwv", latitude=None, longitude=None)
    publication = publish_system(system=system, by=None)
    rows = {row["camera_ref"]: row for row in open_data.rows.camera_rows(publication.facts(), publication.path)}
    assert (rows["P"]["easting"], rows["P"]["northing"]) == (651410, 313177)
    tags = {name: value for name, value in rows["P"].items() if name.startswith("osm:")}
    assert tags == {
        "osm:man_made": "surveillance",
        "osm:surveillance": "public",
        "osm:surveillance:type": "camera",
        "osm:surveillance:zone": "town",
        "osm:camera:type": "panning",
        "osm:camera:mount": "pole",
        "osm:camera:direction": "90",
        "osm:operator": publication.organisation.name,
        "osm:ref": "P",
    }
    assert rows["A"]["osm:surveillance:type"] == "ALPR"
    assert (rows["B"]["latitude"], rows["B"]["osm:man_made"]) == (None, None)


def test_number_plate_readers_of_the_police_are_in_no_row(tmp_path):
    system = active_system(OrganisationFactory(kind=Kind.POLICE_FORCE))
    CameraFactory(system=system, operator_ref="SECRET-ANPR", camera_type="anpr", **LIVES)
    CameraFactory(system=system, operator_ref="SECRET-READS", camera_type="fixed", anpr_enabled=True, **LIVES)
    CameraFactory(system=system, operator_ref="SEEN", camera_type="fixed", **LIVES)
    publish_system(system=system, by=None)
    call_command("export_open_data", str(tmp_path))
    assert [row["camera_ref"] for row in rows_of((tmp_path / "cameras.csv").read_bytes())] == ["SEEN"]
    assert not any(b"SECRET" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_no_cell_is_run_by_a_spreadsheet(tmp_path):
    system = active_system(OrganisationFactory(), name='=HYPERLINK("x")', areas_covered="+1\n@SUM(A1)")
    CameraFactory(system=system, operator_ref="-2+3", location="=1+1", ward="\t=1", **LIVES)
    publish_system(system=system, by=None)
    call_command("export_open_data", str(tmp_path))
    (camera,) = rows_of((tmp_path / "cameras.csv").read_bytes())
    assert (camera["camera_ref"], camera["location_description"]) == ("'-2+3", "'=1+1")
    assert as_it_was(camera["location_description"]) == "=1+1"
    assert camera["longitude"] == "1.716074"  # a number, not a text
    for path in tmp_path.rglob("*.csv"):
        for row in rows_of(path.read_bytes()):
            texts = [value for name, value in row.items() if name not in ("latitude", "longitude")]
            assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    (feature,) = json.loads((tmp_path / "cameras.geojson").read_bytes())["features"]
    assert feature["properties"]["location_description"] == "=1+1"  # as it was: no spreadsheet runs JSON


def test_maps_get_points_for_exact_places_alone(tmp_path):
    with_cameras()
    call_command("export_open_data", str(tmp_path))
    collection = json.loads((tmp_path / "cameras.geojson").read_bytes())
    points = {each["properties"]["camera_ref"]: each["geometry"] for each in collection["features"]}
    assert (points["ST1"], points["WA1"]) == (None, None)
    assert points["EX1"]["type"] == "Point"
    west, north = points["EX1"]["coordinates"]
    assert west < 3 and 49 < north < 61  # noqa: PT018
    assert set(collection) == {"type", "name", "as_of", "license", "features"}


def test_linked_data_is_whole_and_every_name_in_it_leads_somewhere(tmp_path):
    publication = with_cameras(nation="wales", name_cy="Untref")
    certificate = CertificateFactory(operator=publication.organisation)
    call_command("export_open_data", str(tmp_path))
    data = json.loads((tmp_path / "data.jsonld").read_bytes())
    nodes = {node["@id"]: node for node in data["@graph"]}
    kinds = {kind for node in nodes.values() for kind in kinds_of(node)}
    assert kinds == {
        "DataCatalog", "dcat:Catalog", "Dataset", "dcat:Dataset", "GovernmentOrganization", "GovernmentService",
        "Place", "Certification",
    }  # fmt: skip
    (catalogue,) = [node for node in nodes.values() if "DataCatalog" in node["@type"]]
    assert {each["@id"] for each in catalogue["dataset"]} <= set(nodes)
    service = nodes[f"http://testserver{publication.path}#service"]
    assert service["serviceOperator"]["@id"] in nodes
    about = nodes[f"http://testserver/certificates/{certificate.reference}/#certification"]["about"]
    assert about["@id"] in nodes
    places = [node for node in nodes.values() if node["@type"] == "Place"]
    assert ["geo" in place for place in sorted(places, key=lambda each: each["name"])] == [True, False, False]


def test_what_is_withheld_is_told_with_reason_post_and_review(tmp_path):
    publication = with_cameras()
    call_command("export_open_data", str(tmp_path))
    (row,) = [each for each in rows_of((tmp_path / "withheld.csv").read_bytes()) if each["kind"] == "camera"]
    told = (row["withheld_number"], row["reason"], row["decided_by"], row["system_reference"])
    assert told == ("2", "Protected premises", "Head of Safety", publication.subject_reference)
    assert row["review_on"] == "2099-01-31"


def test_a_change_rebuilds_the_files_of_its_authority_alone():
    first, second = published(), published()
    jobs.drain()
    before = times_of(first), times_of(second)
    CameraSystem.objects.filter(reference=first.subject_reference).update(description="Words anew.")
    publish_system(system=system_of(first), by=None)
    while ids := [job.pk for job in Job.objects.due() if job.kind != open_data.OF_ALL]:
        for each in ids:
            jobs.run(each)
    assert times_of(second) == before[1]
    assert times_of(first) != before[0]


def test_the_national_files_rest_for_as_long_as_they_cost(monkeypatch):
    published()
    jobs.drain()
    took = iter([0.0, 100.0, 100.0, 100.0])
    monkeypatch.setattr(open_data.time, "monotonic", lambda: next(took))
    open_data.build_national()
    published()
    jobs.drain()
    (waiting,) = Job.objects.filter(kind=open_data.OF_ALL).open()
    wait = (waiting.due_at - waiting.promised_at).total_seconds()
    assert 4990 < wait < 5010  # fifty times a hundred seconds


def test_of_several_promises_for_one_authority_the_last_does_it(monkeypatch):
    publication = published()
    jobs.drain()
    slug = publication.organisation.slug
    promised = open_data.promise_open_data([slug]) + open_data.promise_open_data([slug])
    CameraSystem.objects.update(description="Words anew.")
    publish_system(system=system_of(publication), by=None)
    folder = public_folder(folder_of(slug))
    before = (folder / "systems.csv").stat().st_mtime_ns
    jobs.run(promised[0].pk)
    assert (folder / "systems.csv").stat().st_mtime_ns == before
    jobs.run(promised[1].pk)
    assert (folder / "systems.csv").stat().st_mtime_ns != before


def test_a_file_is_given_compressed_once_and_not_again_to_who_has_it(client):
    publication = with_cameras()
    address = f"{folder_of(publication.organisation.slug)}cameras.csv"
    waiting = client.get(address)
    assert (waiting.status_code, waiting["Retry-After"], waiting["Cache-Control"]) == (503, "60", "no-store")
    jobs.drain()
    plain = client.get(address)
    content = plain.getvalue()
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get(address, headers={"accept-encoding": encoding})
        assert packed["Content-Encoding"] == encoding
        assert unpack(packed.getvalue()) == content
    assert (plain["Access-Control-Allow-Origin"], plain["Cache-Control"]) == ("*", "public, max-age=60")
    assert plain["Content-Type"] == "text/csv; charset=utf-8"
    again = client.get(address, headers={"if-none-match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("nothing.csv", "..", ".open-data.json", "authorities.csv"):
        assert client.get(f"{folder_of(publication.organisation.slug)}{name}").status_code == 404
    assert client.get("/authorities/nowhere/open-data/cameras.csv").status_code == 404


def test_files_do_not_depend_on_when_they_are_made(tmp_path):
    with_cameras()
    call_command("export_open_data", str(tmp_path / "a"))
    time.sleep(0.01)
    call_command("export_open_data", str(tmp_path / "b"))
    assert all_files(tmp_path / "a") == all_files(tmp_path / "b")


@pytest.mark.parametrize("rows", [1, 3])
def test_an_authority_costs_the_same_for_any_number(django_assert_num_queries, tmp_path, rows):
    operator = OrganisationFactory()
    for _ in range(rows):
        published(operator=operator)
        CertificateFactory(operator=operator)
    with django_assert_num_queries(5):
        open_data.write_authority(operator, tmp_path, compressed=False)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SystemExit) as refused:
        call_command("export_open_data", str(tmp_path / "file" / "in it"))
    assert refused.value.code == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_pages_list_the_files_with_their_hashes(client, prefix):
    publication = with_cameras()
    slug = publication.organisation.slug
    assert "manifest.json" not in client.get(f"{prefix}/open-data/").content.decode()
    jobs.drain()
    for address in ("/open-data/", folder_of(slug)):
        html = client.get(prefix + address).content.decode()
        manifest = json.loads(client.get(f"{address}manifest.json").getvalue())
        assert all(e["sha256"] in html for e in manifest["files"] if "/" not in e["name"])
        assert "Open Government Licence v3.0" in html
    assert "osm:camera:direction" in client.get(f"{prefix}/open-data/columns/").content.decode()
    assert client.get(f"{prefix}{folder_of(OrganisationFactory().slug)}").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_pages_tell_programs_what_they_are_about(client, prefix):
    system = active_system(OrganisationFactory(), name="Town </script><b>centre</b>")
    publication = publish_system(system=system, by=None)
    slug = publication.organisation.slug
    service = linked_in(client.get(f"{prefix}{publication.path}").content.decode())
    assert (service["@type"], service["name"]) == ("GovernmentService", "Town </script><b>centre</b>")
    html = client.get(f"{prefix}/authorities/{slug}/").content.decode()
    authority = linked_in(html)
    asked = {"contactType": publication.summary["spoc_post"], "email": publication.summary["spoc_email"]}
    assert authority.pop("contactPoint") == {"@type": "ContactPoint", **asked}
    assert asked["email"] in html.split("<main")[1]
    assert authority == service["serviceOperator"] | {"@context": "https://schema.org"}
    assert f'href="{prefix}{folder_of(slug)}"' in html
    nothing = client.get(f"{prefix}/authorities/{OrganisationFactory().slug}/").content.decode()
    assert "/open-data/" not in nothing.split("<footer")[0]
    assert "contactPoint" not in linked_in(nothing)


def linked_in(html: str):
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(block)


def test_of_many_changes_one_building_of_the_national_files_waits(monkeypatch):
    published()
    jobs.drain()
    took = iter([0.0, 100.0])
    monkeypatch.setattr(open_data.time, "monotonic", lambda: next(took))
    open_data.build_national()
    for _number in range(3):
        published()
        jobs.drain()
    assert Job.objects.filter(kind=open_data.OF_ALL).open().count() == 1

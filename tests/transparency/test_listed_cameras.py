"""Files, map and API name the same technology of a camera and leave out the same ones, whatever a frozen list says."""

import csv
import io

import pytest

from accounts.models import Kind
from core import jobs
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from transparency.models import PublicCamera
from transparency.open_data.places import folder_of
from transparency.open_data.rows import camera_rows as rows_of_files
from transparency.services.places import camera_rows as rows_of_map
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("technologies", "of_a_dome"),
    [(["cctv", "anpr"], "cctv"), (["anpr"], "anpr"), (["other", "bwv"], "other"), (["anpr", "other"], "other")],
)
def test_files_map_and_api_name_the_same_technology(client, technologies, of_a_dome):
    system = active_system(OrganisationFactory(), technologies=technologies)
    for fixed in ("dome", "anpr"):
        CameraFactory(system=system, operator_ref=fixed, camera_type=fixed)
    for moving in ("bwv", "mobile_vehicle"):
        CameraFactory(system=system, operator_ref=moving, camera_type=moving, latitude=None, longitude=None)
    publication = publish_system(system=system, by=None)
    jobs.drain()
    told = {"dome": of_a_dome, "anpr": "anpr", "bwv": "bwv", "mobile_vehicle": "cctv"}
    file = client.get(f"{folder_of(publication.organisation.slug)}cameras.csv").getvalue().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(file, newline=""))
    assert {row["camera_ref"]: row["technology"] for row in rows} == told
    assert dict(PublicCamera.objects.values_list("ref", "technology")) == told
    answered = client.get("/api/v1/cameras/").json()["results"]
    assert {row["camera_ref"]: row["technology"] for row in answered} == told


def test_a_list_with_what_is_not_public_is_narrowed_for_files_and_map_alike():
    system = active_system(OrganisationFactory(kind=Kind.POLICE_FORCE))
    CameraFactory(system=system, operator_ref="SEEN", camera_type="fixed")
    content = publish_system(system=system, by=None).facts()
    (seen,) = content["facts"]["cameras"]["list"]
    more = ({"type": "anpr"}, {"anpr_enabled": True}, {"precision": "withheld"})
    content["facts"]["cameras"]["list"] += [seen | {"ref": "UNSEEN"} | each for each in more]
    assert [row["camera_ref"] for row in rows_of_files(content, "/")] == ["SEEN"]
    assert [row.ref for row in rows_of_map(content)] == ["SEEN"]

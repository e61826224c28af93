"""Pages of a system's cameras: the list, narrowed and paged, and the import that is looked at first and done once."""

import pytest
from django.urls import reverse

from accounts.models import Role
from compliance.models import CameraSystem
from compliance.views import camera_list as views
from tests.factories.accounts import member
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


def url(name: str, system: CameraSystem) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_shows_the_systems_own_cameras_at_constant_cost(client, django_assert_num_queries, rows):
    system = CameraSystemFactory()
    own = [CameraFactory(system=system, operator_ref=f"A{n}") for n in range(rows)]
    CameraFactory(operator_ref="elsewhere")
    CameraFactory(system=CameraSystemFactory(operator=system.operator), operator_ref="other system")
    client.force_login(member(system.operator, Role.VIEWER))
    with django_assert_num_queries(8):
        page = client.get(url("cameras", system))
    assert [row["number"] for row in page.context["rows"]] == [camera.operator_ref for camera in own]
    assert b"Import a list" not in page.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["A1", "A2", "A3"]),
        ({"text": "mill"}, ["A2"]),
        ({"text": "a3"}, ["A3"]),
        ({"text": "%"}, []),
        ({"status": "faulty"}, ["A2"]),
        ({"camera_type": "ptz"}, ["A3"]),
        ({"ward": "North"}, ["A1", "A2"]),
        ({"ward": "North", "status": "faulty", "text": "Mill", "page": "7"}, ["A2"]),
    ],
)
def test_list_is_narrowed(client, query, found):
    system = CameraSystemFactory()
    CameraFactory(system=system, operator_ref="A1", ward="North", location="High Street")
    CameraFactory(system=system, operator_ref="A2", ward="North", location="Mill Lane", status="faulty")
    CameraFactory(system=system, operator_ref="A3", ward="South", location="High Street", camera_type="ptz")
    client.force_login(member(system.operator, Role.VIEWER))
    assert [row["number"] for row in client.get(url("cameras", system), query).context["rows"]] == found


@pytest.mark.parametrize("query", [{"status": "flying"}, {"ward": "Nowhere"}, {"text": "x" * 101}, {"text": "a\x00b"}])
def test_a_forged_filter_is_refused(client, query):
    system = CameraFactory().system
    client.force_login(member(system.operator, Role.VIEWER))
    page = client.get(url("cameras", system), query)
    assert (page.status_code, page.context["rows"]) == (422, [])


def test_types_are_a_column_once_one_is_known(client):
    system = CameraFactory(camera_type="unknown", latitude=None, longitude=None).system
    client.force_login(member(system.operator, Role.VIEWER))
    body = client.get(url("cameras", system)).content.decode()
    assert ('data-label="Type"' in body, body.count(">Type</th>"), "(no coordinates)" in body) == (False, 0, True)
    CameraFactory(system=system, camera_type="dome")
    body = client.get(url("cameras", system)).content.decode()
    assert (body.count('data-label="Type"'), body.count(">Type</th>")) == (2, 1)


def test_list_is_paged_and_keeps_what_was_asked_for(client):
    system = CameraSystemFactory()
    CameraFactory.create_batch(views.PAGE_SIZE + 1, system=system)
    client.force_login(member(system.operator, Role.VIEWER))
    page = client.get(url("cameras", system), {"ward": "Central", "page": "2"})
    assert (len(page.context["rows"]), "ward=Central&amp;page=1" in page.content.decode()) == (1, True)

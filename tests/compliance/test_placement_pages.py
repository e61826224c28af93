"""Pages of placements: where redeployables are now, what is missing, placing, ending and evaluating."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from compliance.models import Camera, CameraSystem, Placement
from core.dates import today
from tests.factories.accounts import member
from tests.factories.cameras import DpiaFactory, PlacementFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def system(client: Client) -> CameraSystem:
    found = CameraSystemFactory()
    client.force_login(member(found.operator, Role.CONTRIBUTOR))
    return found  # type: ignore[no-any-return]


def at(system: CameraSystem, rest: str = "") -> str:
    return f"/workspace/{system.operator.slug}/systems/{system.reference}/placements/{rest}"


def date(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def placed(system: CameraSystem, **changes: Any) -> Placement:
    camera = CameraFactory(system=system, camera_type="redeployable")
    found: Placement = PlacementFactory(camera=camera, **changes)
    return found


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_says_where_each_redeployable_is_at_constant_cost(client, system, django_assert_num_queries, rows):
    for n in range(rows):
        placed(system, location=f"Alley {n}", planned_end_on=today())
    PlacementFactory(camera__camera_type="redeployable")
    with django_assert_num_queries(9):
        page = client.get(at(system))
    assert sorted(row["location"] for row in page.context["rows"]) == sorted(f"Alley {n}" for n in range(rows))


def test_one_in_store_one_overdue_and_those_that_ended(client, system):
    CameraFactory(system=system, camera_type="redeployable", operator_ref="R0", location="")
    placed(system, location="Now", starts_on=today() - 9 * DAY, planned_end_on=today() - DAY)
    placed(system, location="Then", starts_on=today() - 9 * DAY, ends_on=today() - DAY)
    CameraFactory(system=system, location="Fixed")
    rows = client.get(at(system)).context["rows"]
    assert [(row["location"], row.get("is_overdue")) for row in rows[:2]] == [("In store", None), ("Now", True)]
    assert [row["location"] for row in client.get(at(system, "?show=all")).context["rows"]] == ["Then", "Now"]


def test_a_camera_is_placed_from_its_page(client, system):
    camera = CameraFactory(system=system, camera_type="redeployable", location="", latitude=None, longitude=None)
    dpia = DpiaFactory(operator=system.operator)
    assert b"Place it somewhere" in client.get(camera.get_absolute_url()).content
    address = f"{camera.get_absolute_url()}place/"
    assert client.get(address).status_code == 200
    sent = {
        "version": "1",
        "location": "Alley 2",
        "precision": "ward",
        "target": "Waste is dumped.",
        "dpia": dpia.reference,
        **date("starts_on", today()),
        **date("planned_end_on", today() + 30 * DAY),
    }
    refused = client.post(address, {**sent, "target": ""})
    assert (refused.status_code, b'value="Alley 2"' in refused.content) == (422, True)
    done = client.post(address, sent)
    placement = Placement.objects.get()
    assert (done.url, placement.dpia, placement.precision) == (at(system, f"{placement.reference}/"), dpia, "ward")
    page = client.get(camera.get_absolute_url())
    assert (b"Alley 2" in page.content, Camera.objects.get().location) == (True, "Alley 2")
    late = client.post(address, {**sent, "location": "Elsewhere"})
    assert (late.status_code, b"Stored now" in late.content, b'value="Elsewhere"' in late.content) == (409, True, True)


def test_a_placement_is_mended_evaluated_and_ended(client, system, django_assert_num_queries):
    placement = placed(system, starts_on=today() - 9 * DAY, planned_end_on=today())
    here = at(system, f"{placement.reference}/")
    with django_assert_num_queries(6):
        page = client.get(here)
    assert page.context["lacks"] == [
        "the day on which its sign was put up",
        "its DPIA",
        "the evaluation before it",
        "the evaluation while it lasts",
    ]
    changed = {
        "version": "1",
        "target": "Other",
        **date("planned_end_on", today() + DAY),
        **date("sign_up_on", today()),
    }
    assert client.post(f"{here}change/", changed).url == here
    assert client.post(f"{here}change/", changed).status_code == 409
    for stage in ("before", "during"):
        day = placement.starts_on if stage == "before" else today()
        sent = {"stage": stage, "findings": "4 reports", "incidents": "4", **date("on", day)}
        assert client.post(f"{here}evaluate/", sent).status_code == 302
    assert client.post(f"{here}evaluate/", {"stage": "end", "findings": "x", **date("on", today())}).status_code == 422
    assert client.get(here).context["lacks"] == ["its DPIA"]
    ended = {"version": "2", "reason": "Solved", **date("ends_on", today())}
    assert client.post(f"{here}end/", {**ended, "reason": ""}).status_code == 422
    assert client.post(f"{here}end/", ended).url == here
    placement.refresh_from_db()
    assert (placement.target, placement.ends_on, placement.sign_up_on) == ("Other", today(), today())


def test_the_other_place_of_a_fixed_camera_is_not_recorded_but_decided(client, system):
    camera = CameraFactory(system=system, location="High Street")
    address = f"{camera.get_absolute_url()}place/"
    assert address.encode() not in client.get(camera.get_absolute_url()).content
    sent = {
        "version": "1",
        "location": "Mill Lane",
        "precision": "street",
        "target": "Rebuilt",
        **date("starts_on", today()),
    }
    for refused in (client.get(address), client.post(address, sent)):
        assert (refused.status_code, b"The senior responsible officer decides" in refused.content) == (422, True)
    assert Placement.objects.count() == 0


def test_what_moves_with_a_person_is_not_offered_a_place(client, system):
    camera = CameraFactory(system=system, camera_type="bwv", latitude=None, longitude=None)
    assert f"{camera.get_absolute_url()}place/" not in client.get(camera.get_absolute_url()).content.decode()
    sent = {"version": "1", "location": "x", "precision": "street", "target": "x", **date("starts_on", today())}
    assert client.post(f"{camera.get_absolute_url()}place/", sent).status_code == 422

"""Cameras as lists of a system and of an organisation: narrowed, in order, as a file, and many changed alike."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from compliance.models import Camera, CameraReview, CameraSystem
from compliance.services.cameras_register import change_camera
from core.dates import today
from core.trail import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def system(client: Client) -> CameraSystem:
    found = CameraSystemFactory()
    client.force_login(member(found.operator, Role.CONTRIBUTOR))
    return found  # type: ignore[no-any-return]


def at(system: CameraSystem, rest: str = "") -> str:
    return f"/workspace/{system.operator.slug}/cameras/{rest}"


def of_system(system: CameraSystem, rest: str = "") -> str:
    return f"/workspace/{system.operator.slug}/systems/{system.reference}/cameras/{rest}"


def numbers(page: Any) -> list[str]:
    return [row["number"] for row in page.context["rows"]]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_organisations_list_has_the_cameras_of_all_its_systems_at_constant_cost(
    client, system, django_assert_num_queries, rows
):
    other = CameraSystemFactory(operator=system.operator)
    mine = [CameraFactory(system=(system, other)[n % 2], operator_ref=f"A{n}") for n in range(rows)]
    CameraFactory(operator_ref="of others")
    with django_assert_num_queries(8):
        page = client.get(at(system))
    assert sorted(numbers(page)) == sorted(camera.operator_ref for camera in mine)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_a_system_costs_the_same(client, system, django_assert_num_queries, rows):
    mine = [CameraFactory(system=system) for _n in range(rows)]
    CameraFactory(system__operator=system.operator)
    with django_assert_num_queries(8):
        page = client.get(of_system(system))
    assert numbers(page) == [camera.operator_ref for camera in mine]


@pytest.mark.parametrize(
    ("lacks", "found"),
    [
        ("outstanding", ["A2"]),
        ("review", ["A3"]),
        ("withheld", ["A4"]),
        ("place", ["A5"]),
        ("sign", ["A6"]),
        ("fault", ["A7"]),
    ],
)
def test_what_is_to_do_is_found(client, system, lacks, found):
    well: dict[str, Any] = {"system": system, "justified_on": today(), "sign_up_on": today()}
    CameraFactory(**well, operator_ref="A1", review_due_on=today() + DAY)
    CameraFactory(**well | {"justified_on": None}, operator_ref="A2")
    CameraFactory(**well, operator_ref="A3", review_due_on=today())
    CameraFactory(
        **well, operator_ref="A4", precision="withheld", withheld_reason="Refuge", withheld_review_on=today() - DAY
    )
    CameraFactory(**well, operator_ref="A5", latitude=None, longitude=None)
    CameraFactory(**well | {"sign_up_on": None}, operator_ref="A6")
    FaultFactory(camera=CameraFactory(**well, operator_ref="A7"))
    FaultFactory(camera=Camera.objects.get(operator_ref="A1"), status="repaired")
    CameraFactory(**well, operator_ref="A8", camera_type="bwv", latitude=None, longitude=None)
    CameraFactory(system=system, operator_ref="A9", status="decommissioned", latitude=None, longitude=None)
    assert numbers(client.get(at(system), {"lacks": lacks})) == found
    assert numbers(client.get(of_system(system), {"lacks": lacks})) == found


def test_the_organisations_list_is_narrowed_and_ordered(client, system):
    other = CameraSystemFactory(operator=system.operator)
    CameraFactory(system=system, operator_ref="10", ward="North", precision="exact", review_due_on=today())
    CameraFactory(system=system, operator_ref="9", ward="South", location="Alley")
    CameraFactory(system=other, operator_ref="8", ward="East", location="Zoo", review_due_on=today() - DAY)
    asked: list[tuple[dict[str, str], list[str]]] = [
        ({}, ["8", "9", "10"]),
        ({"system": other.reference}, ["8"]),
        ({"precision": "exact"}, ["10"]),
        ({"sort": "ward"}, ["8", "10", "9"]),
        ({"sort": "review"}, ["8", "10", "9"]),
        ({"sort": "location", "system": system.reference}, ["10", "9"]),
    ]
    for query, found in asked:
        assert (query, numbers(client.get(at(system), query))) == (query, found)


@pytest.mark.parametrize("query", [{"sort": "colour"}, {"system": "CS-NONE"}, {"lacks": "taste"}])
def test_a_forged_filter_is_refused(client, system, query):
    CameraFactory(system=system)
    CameraFactory(system__operator=system.operator)
    page = client.get(at(system), query)
    assert (page.status_code, numbers(page)) == (422, [])


class TestFile:
    def lines(self, response: Any) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    def test_it_has_the_columns_of_the_field_guide_and_runs_no_formula(self, client, system):
        hub = OrganisationFactory(name="Hub")
        camera = CameraFactory(
            system=system,
            operator_ref="=1+1",
            location="Quay",
            postcode="NR1 3DH",
            monitored_by=hub,
            reviewed_on=today(),
            maker="Acme",
            owned_by="Somebody",
        )
        for outcome, day in (("relocate", today() - DAY), ("keep", today())):
            CameraReview.objects.create(
                camera=camera, on=day, outcome=outcome, reason="x", next_due_on=today() + 300 * DAY
            )
        CameraFactory(system=system, ward="Elsewhere")
        response = client.get(of_system(system, "cameras.csv"), {"ward": "Central"})
        (line,) = self.lines(response)
        assert (line["camera_ref"], line["postcode_district"], line["review_outcome"], line["monitored_by"]) == (
            "'=1+1",
            "NR1",
            "keep",
            "Hub",
        )
        assert line["purpose"] == "crime_prevention; public_safety"
        assert (b"Acme" in response.content, b"Somebody" in response.content) == (False, False)
        assert response["Content-Disposition"].startswith('attachment; filename="cameras-')

    @pytest.mark.parametrize("rows", [1, 30])
    def test_it_costs_the_same_for_any_list(self, client, system, django_assert_num_queries, rows):
        for _n in range(rows):
            CameraFactory(system=system)
        with django_assert_num_queries(6):
            assert len(self.lines(client.get(at(system, "cameras.csv")))) == rows


class TestSeveral:
    def chosen(self, *cameras: Camera) -> dict[str, Any]:
        return {"camera": [camera.reference for camera in cameras]}

    def test_ticked_cameras_are_looked_at_and_then_changed(self, client, system):
        one, two, three = (CameraFactory(system=system, ward=ward) for ward in ("North", "South", "East"))
        chosen = self.chosen(one, two, three)
        page = client.get(at(system, "several/"), chosen)
        assert (page.status_code, page.context["count"]) == (200, 3)
        look = client.post(at(system, "several/"), {**chosen, "new-ward": "East"})
        assert [figure["value"] for figure in look.context["figures"]] == [2, 1, 0]
        assert look.context["changes"] == [
            {
                "field": "ward",
                "after": "East",
                "count": 2,
                "befores": [{"value": "North", "count": 1}, {"value": "South", "count": 1}],
                "more": 0,
            }
        ]
        assert Camera.objects.filter(ward="East").count() == 1
        done = client.post(at(system, "several/"), {**chosen, "new-ward": "East", "seen": look.context["seen"]})
        assert (done.status_code, done.url) == (302, at(system))
        assert (Camera.objects.filter(ward="East").count(), TrailEntry.objects.filter(verb="changed").count()) == (3, 2)

    def test_all_that_a_filter_finds_are_changed_and_no_others(self, client, system):
        CameraFactory.create_batch(3, system=system, ward="North")
        CameraFactory(system=system, ward="South")
        CameraFactory(system__operator=system.operator, ward="North")
        CameraFactory(ward="North")
        chosen = {"all": "1", "ward": "North", "of": system.reference}
        look = client.post(at(system, "several/"), {**chosen, "new-mount": "pole"})
        assert look.context["figures"][0]["value"] == 3
        assert set(look.context["choice"]) == {("all", "1"), ("ward", "North"), ("of", system.reference)}
        done = client.post(at(system, "several/"), {**chosen, "new-mount": "pole", "seen": look.context["seen"]})
        assert (done.url, Camera.objects.filter(mount="pole").count()) == (f"{of_system(system)}?ward=North", 3)

    def test_those_that_cannot_are_named_and_left_out(self, client, system):
        mapped = CameraFactory(system=system)
        free = CameraFactory(system=system, latitude=None, longitude=None)
        sent = {**self.chosen(mapped, free), "new-camera_type": "drone"}
        look = client.post(at(system, "several/"), sent)
        assert [(each["count"], each["cameras"]) for each in look.context["refused"]] == [(1, [mapped])]
        assert "take its coordinates out" in look.context["refused"][0]["reason"]
        client.post(at(system, "several/"), {**sent, "seen": look.context["seen"]})
        assert list(Camera.objects.filter(camera_type="drone")) == [free]

    def test_what_somebody_changed_meanwhile_is_looked_at_again(self, client, system):
        camera = CameraFactory(system=system, ward="North")
        sent = {**self.chosen(camera), "new-ward": "East"}
        look = client.post(at(system, "several/"), sent)
        change_camera(camera=camera, version=1, changes={"mount": "pole"}, by=None)
        late = client.post(at(system, "several/"), {**sent, "seen": look.context["seen"]})
        assert (late.status_code, late.context["overtaken"], Camera.objects.get().ward) == (409, True, "North")
        client.post(at(system, "several/"), {**sent, "seen": late.context["seen"]})
        assert Camera.objects.get().ward == "East"

    def test_other_values_may_be_chosen_and_none_is_refused(self, client, system):
        camera = CameraFactory(system=system)
        again = client.post(
            at(system, "several/"), {**self.chosen(camera), "new-ward": "East", "seen": "x", "again": "1"}
        )
        assert (again.status_code, 'value="East"' in again.content.decode()) == (200, True)
        nothing = client.post(at(system, "several/"), self.chosen(camera))
        assert (nothing.status_code, b"fill in at least one field" in nothing.content) == (422, True)
        withheld = client.post(at(system, "several/"), {**self.chosen(camera), "new-precision": "withheld"})
        assert (withheld.status_code, len(withheld.context["form"].errors)) == (422, 3)

    def test_none_chosen_is_refused(self, client, system):
        for query in ({}, self.chosen(CameraFactory())):
            page = client.get(at(system, "several/"), query)
            assert (page.status_code, b"Tick at least one camera" in page.content) == (422, True)

    def test_a_hub_is_set_and_taken_away(self, client, system):
        hub = OrganisationFactory()
        camera = CameraFactory(system=system)
        for value, stored in ((hub.slug, hub), ("system", None)):
            sent = {**self.chosen(camera), "new-monitored_by": value}
            look = client.post(at(system, "several/"), sent)
            client.post(at(system, "several/"), {**sent, "seen": look.context["seen"]})
            assert Camera.objects.get().monitored_by == stored

    @pytest.mark.parametrize("rows", [1, 30])
    def test_a_look_costs_the_same_for_any_number(self, client, system, django_assert_num_queries, rows):
        for _n in range(rows):
            CameraFactory(system=system)
        with django_assert_num_queries(8):
            client.post(at(system, "several/"), {"all": "1", "new-ward": "East"})


def test_ten_thousand_cameras_make_a_page_of_fifty(client, system, django_assert_num_queries):
    Camera.objects.bulk_create(CameraFactory.build_batch(10_000, system=system), batch_size=2000)
    with django_assert_num_queries(8):
        page = client.get(at(system), {"text": "Market", "page": "7"})
    assert (len(page.context["rows"]), page.context["page_obj"].paginator.count) == (50, 10_000)

"""The one writer of a camera's fields: what it takes, what it refuses, what the trail keeps, one camera or many."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Role
from compliance.models import Camera, CameraSystem
from compliance.services.cameras_register import add_camera, change_camera, change_many, look_at_many
from core.dates import today
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.trail import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.cameras import PlacementFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db
WITHHELD = {
    "precision": "withheld",
    "withheld_reason": "A refuge is there.",
    "withheld_post": "Head of Safety",
    "withheld_review_on": today() + dt.timedelta(days=300),
}


def change(camera: Camera, **changes: Any) -> Camera:
    return change_camera(camera=camera, version=camera.version, changes=changes, by=None, reason="Typed wrongly")


def sentences(camera: Camera, **changes: Any) -> list[str]:
    with pytest.raises(Incomplete) as refusal:
        change(camera, **changes)
    camera.refresh_from_db()
    assert camera.version == 1
    return [str(problem.text) for problem in refusal.value.problems]


def test_a_change_keeps_before_and_after_of_each_field_that_is_different():
    camera = CameraFactory(location="Mill Lane", ward="North")
    person = member(camera.system.operator, Role.CONTRIBUTOR)
    hub = OrganisationFactory()
    changes = {"location": "Mill Road", "ward": "North", "monitored_by": hub}
    now = change_camera(camera=camera, version=1, changes=changes, by=person, reason="A new name")
    stored = Camera.objects.get()
    assert (now.version, stored.version, stored.location, stored.monitored_by) == (2, 2, "Mill Road", hub)
    entry = TrailEntry.objects.get(verb="changed")
    assert entry.before == {"location": "Mill Lane", "monitored_by": None}
    assert entry.after == {"location": "Mill Road", "monitored_by": hub.slug, "reason": "A new name"}
    assert (entry.actor_id, entry.subject_reference) == (person.pk, camera.reference)


def test_nothing_different_is_nothing_written():
    camera = CameraFactory(ward="North")
    change(camera, ward="North")
    assert (Camera.objects.get().version, TrailEntry.objects.count()) == (1, 0)


def test_who_saw_an_older_version_changes_nothing():
    camera = CameraFactory()
    change(camera, ward="North")
    with pytest.raises(StaleRecord):
        change_camera(camera=camera, version=1, changes={"ward": "South"}, by=None)
    assert Camera.objects.get().ward == "North"


@pytest.mark.parametrize(("changes", "code"), [({"ward": "South"}, ""), ({"ward": "North", "maker": "B"}, "E05000001")])
def test_the_code_of_a_ward_does_not_stay_with_another_ward(changes, code):
    change(CameraFactory(ward="North", ward_code="E05000001"), **changes)
    assert Camera.objects.get().ward_code == code


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"operator_ref": "", "location": ""}, "Give the number of the camera, or the street or landmark"),
        ({"precision": "withheld"}, "Give the reason why the place is withheld."),
        (WITHHELD | {"withheld_post": " "}, "Say which post decided"),
        (WITHHELD | {"withheld_review_on": None}, "Say when the decision"),
        (WITHHELD | {"withheld_review_on": today()}, "must lie ahead"),
        ({"camera_type": "drone"}, "has no fixed place: take its coordinates out"),
        ({"longitude": None}, "Give both latitude and longitude"),
        ({"easting": 380000}, "Give both easting and northing"),
        ({"latitude": Decimal("53.35"), "longitude": Decimal("-6.26")}, "not in England or Wales"),
        ({"latitude": Decimal("-2.284777"), "longitude": Decimal("53.464515")}, "seem to be swapped"),
        ({"direction": 360}, "359"),
        ({"postcode": "NR1"}, "Enter a full postcode"),
        ({"purposes": ["spying"]}, "Not in the list: spying"),
        ({"installed_on": today() + dt.timedelta(days=1)}, "must be today or earlier"),
        ({"installed_on": dt.date(2025, 5, 2), "removed_on": dt.date(2025, 5, 1)}, "before it was installed"),
        ({"location": "a\x00b"}, "cannot be shown"),
    ],
)
def test_what_will_not_do_is_refused_in_a_sentence(changes, sentence):
    assert any(sentence in said for said in sentences(CameraFactory(), **changes))


def test_what_a_list_brought_in_wrong_does_not_stop_other_changes():
    camera = CameraFactory(postcode="XX", installed_on=today() + dt.timedelta(days=9))
    change(camera, ward="North")
    assert Camera.objects.get().ward == "North"


def test_a_place_far_from_the_authority_needs_a_word():
    camera = CameraFactory(system__operator__latitude="50.7", system__operator__longitude="-3.5")
    place = {"latitude": Decimal("54.97"), "longitude": Decimal("-1.61")}
    assert ["km from the authority" in said for said in sentences(camera, **place)] == [True]
    change_camera(camera=camera, version=1, changes=place, by=None, even_far=True, reason="Mistyped")
    assert str(Camera.objects.get().latitude) == "54.970000"


@pytest.mark.parametrize("changes", [{"location": "Mill Road"}, {"latitude": None, "longitude": None}])
def test_a_place_on_record_is_corrected_with_a_reason(changes):
    camera = CameraFactory(location="Mill Lane")
    with pytest.raises(Incomplete) as refusal:
        change_camera(camera=camera, version=1, changes=changes, by=None, reason=" ")
    assert [problem.field for problem in refusal.value.problems] == ["reason"]


@pytest.mark.parametrize("changes", [{"ward": "North"}, {"easting": 377000, "northing": 393000}])
def test_what_was_not_on_record_is_added_without_one(changes):
    camera = CameraFactory(location="Mill Lane", latitude=None, longitude=None)
    assert change_camera(camera=camera, version=1, changes=changes, by=None).version == 2


def test_the_place_of_a_proposal_needs_no_reason():
    camera = CameraFactory(status="proposed", location="Mill Lane")
    assert change_camera(camera=camera, version=1, changes={"location": "Mill Road"}, by=None).version == 2


def test_a_place_that_is_shown_again_keeps_no_reason_to_withhold():
    camera = CameraFactory(**WITHHELD)
    change(camera, precision="ward")
    camera.refresh_from_db()
    assert (camera.withheld_reason, camera.withheld_post, camera.withheld_review_on) == ("", "", None)
    assert TrailEntry.objects.get().before["withheld_reason"] == "A refuge is there."


def test_the_national_grid_gives_the_degrees_where_there_are_none():
    camera = CameraFactory(latitude=None, longitude=None)
    grid = {"easting": 651410, "northing": 313177}  # the Ordnance Survey's own example, Caister water tower
    changed = change(camera, **grid, latitude=None, longitude=None)
    assert (str(changed.latitude), str(changed.longitude)) == ("52.658004", "1.716077")
    camera = CameraFactory()
    assert sentences(camera, **grid) == [
        "Easting and northing name another place than latitude and longitude. Take one pair out."
    ]
    assert sentences(camera, easting=2_000_000, northing=1) == [
        "Easting and northing lie outside the national grid. Check them, or take them out."
    ]


def test_a_postcode_has_one_form():
    assert change(CameraFactory(), postcode="nr13dh").postcode == "NR1 3DH"


def test_a_number_is_given_once_in_a_system():
    camera = CameraFactory(operator_ref="A1")
    CameraFactory(system=camera.system, operator_ref="A2")
    CameraFactory(system=camera.system, operator_ref="A3", status="decommissioned")
    CameraFactory(operator_ref="A4")
    assert sentences(camera, operator_ref="A2") == ["The system has a camera with the number A2 already."]
    for free in ("A3", "A4"):
        camera = change(camera, operator_ref=free)


@pytest.mark.parametrize("status", ["refused", "decommissioned"])
def test_a_camera_that_is_gone_does_not_change(status):
    with pytest.raises(IllegalMove):
        change(CameraFactory(status=status), ward="North")


def test_nothing_changes_in_a_closed_system():
    with pytest.raises(IllegalMove):
        change(CameraFactory(system__status="closed"), ward="North")


def test_the_open_placement_follows_a_correction():
    placement = PlacementFactory(camera__location="Mill Lane", location="Mill Lane")
    change(placement.camera, location="Mill Road", mount="pole")
    placement.refresh_from_db()
    assert (placement.location, placement.version) == ("Mill Road", 2)


def test_status_and_what_reviews_say_are_not_changed_here():
    with pytest.raises(ValueError, match="justified_on"):
        change(CameraFactory(), justified_on=today())


def test_a_camera_that_exists_is_entered_in_operation_with_its_justification_outstanding():
    system = CameraSystemFactory()
    person = member(system.operator, Role.CONTRIBUTOR)
    camera = add_camera(system=system, values={"operator_ref": "N1", "location": "Quay", "ward": ""}, by=person)
    assert (camera.status, camera.origin, camera.justified_on) == ("operational", "entered", None)
    entry = TrailEntry.objects.get()
    assert (entry.verb, entry.after) == (
        "created",
        {"status": "operational", "operator_ref": "N1", "location": "Quay"},
    )
    with pytest.raises(Incomplete, match="N1 already"):
        add_camera(system=system, values={"operator_ref": "N1"}, by=person)
    CameraSystem.objects.update(status="closed")
    with pytest.raises(IllegalMove):
        add_camera(system=system, values={"operator_ref": "N2"}, by=person)


class TestMany:
    def test_each_camera_has_its_own_entry_with_its_own_value_before(self):
        system = CameraSystemFactory()
        cameras = [CameraFactory(system=system, ward=ward) for ward in ("North", "South", "East")]
        assert change_many(cameras=cameras, changes={"ward": "East"}, by=None) == 2
        assert [camera.ward for camera in Camera.objects.all()] == ["East"] * 3
        assert [camera.version for camera in Camera.objects.order_by("pk")] == [2, 2, 1]
        entries = TrailEntry.objects.filter(verb="changed").order_by("pk")
        assert [(entry.before, entry.after) for entry in entries] == [
            ({"ward": "North"}, {"ward": "East"}),
            ({"ward": "South"}, {"ward": "East"}),
        ]

    def test_a_look_sorts_and_writes_nothing(self):
        system = CameraSystemFactory()
        mapped = CameraFactory(system=system)
        free = CameraFactory(system=system, latitude=None, longitude=None)
        already = CameraFactory(system=system, latitude=None, longitude=None, camera_type="bwv")
        gone = CameraFactory(system=system, status="decommissioned")
        look = look_at_many(cameras=[mapped, free, already, gone], changes={"camera_type": "bwv"})
        assert (look.changing, look.unchanged) == ([free], 1)
        assert [(each.camera, len(each.reasons)) for each in look.refused] == [(mapped, 1), (gone, 1)]
        assert (free.camera_type, TrailEntry.objects.count()) == ("unknown", 0)

    def test_one_that_cannot_stops_all(self):
        cameras = [CameraFactory(latitude=None, longitude=None), CameraFactory()]
        with pytest.raises(Incomplete, match="take its coordinates out"):
            change_many(cameras=cameras, changes={"camera_type": "drone"}, by=None)
        assert Camera.objects.filter(camera_type="drone").count() == 0

    def test_one_that_somebody_changed_meanwhile_stops_all(self):
        cameras = [CameraFactory(ward="North") for _n in range(3)]
        change(cameras[1], mount="pole")
        with pytest.raises(StaleRecord):
            change_many(cameras=cameras, changes={"ward": "East"}, by=None)
        assert Camera.objects.filter(ward="East").count() == 0

    def test_a_value_that_no_camera_can_have_is_refused_at_once(self):
        with pytest.raises(Incomplete):
            look_at_many(cameras=[], changes={"direction": 400})

    def test_it_costs_the_same_for_many(self, django_assert_num_queries):
        system = CameraSystemFactory()
        cameras = [CameraFactory(system=system, ward=f"Ward {n}") for n in range(30)]
        with django_assert_num_queries(5):  # savepoint twice, cameras, placements, trail
            change_many(cameras=cameras, changes={"ward": "East"}, by=None)

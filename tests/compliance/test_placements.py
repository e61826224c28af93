"""Placements: the place that a camera leaves stays on record; redeployables go into store; evaluations have a time."""

import datetime as dt
from typing import Any

import pytest

from compliance.models import Camera, CameraDecision, Placement
from compliance.placement_standing import is_overdue, lacks_of
from compliance.services.placements import change_placement, end_placement, evaluate, place
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.trail import TrailEntry
from tests.factories.cameras import DpiaFactory, PlacementFactory
from tests.factories.compliance import CameraFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def put(camera: Camera, **changes: Any) -> Placement:
    values: dict[str, Any] = {
        "location": "Alley 2",
        "target": "Waste is dumped.",
        "starts_on": today() - 10 * DAY,
        "planned_end_on": today() + 30 * DAY,
    }
    return place(camera=camera, by=None, **values | changes)


def redeployable(**changes: Any) -> Camera:
    return CameraFactory(camera_type="redeployable", **changes)


def test_the_place_of_a_fixed_camera_that_moves_stays_as_a_closed_placement():
    camera = CameraFactory(
        location="High Street", ward="North", postcode="NR1 3DH", direction=90, installed_on=dt.date(2020, 5, 1)
    )
    new = put(camera, planned_end_on=None, location="Mill Lane", ward="South", decided=CameraDecision())
    old = Placement.objects.exclude(pk=new.pk).get()
    assert (old.location, old.ward, str(old.latitude), old.starts_on, old.ends_on, old.end_reason) == (
        "High Street",
        "North",
        "53.464515",
        dt.date(2020, 5, 1),
        new.starts_on,
        "Moved to Mill Lane",
    )
    camera.refresh_from_db()
    assert (camera.location, camera.ward, camera.latitude, camera.postcode, camera.direction) == (
        "Mill Lane",
        "South",
        None,
        "",
        None,
    )
    assert TrailEntry.objects.get(verb="changed").before["location"] == "High Street"


def test_a_redeployable_that_moves_on_ends_the_placement_before():
    camera = redeployable(location="")
    first = put(camera)
    second = put(camera, location="Alley 3", starts_on=today())
    first.refresh_from_db()
    assert (first.ends_on, first.end_reason, second.ends_on) == (today(), "Moved to Alley 3", None)
    assert (Placement.objects.count(), Camera.objects.get().location) == (2, "Alley 3")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"location": " "}, "Street or landmark"),
        ({"target": ""}, "The problem it is there for"),
        ({"starts_on": today() + DAY}, "must be today or earlier"),
        ({"planned_end_on": None}, "Say until when"),
        ({"planned_end_on": today() - 20 * DAY}, "cannot lie before the first day"),
        ({"sign_up_on": today() + DAY}, "day of the sign"),
        ({"latitude": "53.35", "longitude": "-6.26"}, "not in England or Wales"),
    ],
)
def test_what_a_placement_needs_is_said_and_nothing_is_written(changes, sentence):
    camera = redeployable(location="")
    with pytest.raises(Incomplete, match=sentence):
        put(camera, **changes)
    assert (Placement.objects.count(), Camera.objects.get().version) == (0, 1)


def test_a_dpia_of_others_is_not_taken():
    camera = redeployable()
    with pytest.raises(Incomplete, match="same organisation"):
        put(camera, dpia=DpiaFactory())
    put(camera, dpia=DpiaFactory(operator=camera.system.operator))


def test_what_moves_with_a_person_is_never_placed():
    with pytest.raises(RuleBroken, match="never mapped"):
        put(CameraFactory(camera_type="bwv", latitude=None, longitude=None))


def test_a_fixed_camera_goes_nowhere_without_a_decision():
    with pytest.raises(RuleBroken, match="The senior responsible officer decides"):
        put(CameraFactory())
    assert Placement.objects.count() == 0


@pytest.mark.parametrize("status", ["proposed", "refused", "decommissioned"])
def test_only_a_camera_that_is_there_is_moved(status):
    with pytest.raises(IllegalMove):
        put(CameraFactory(status=status))


def test_who_saw_an_older_camera_moves_nothing():
    camera = CameraFactory()
    Camera.objects.update(version=2)
    with pytest.raises(StaleRecord):
        put(camera)


def test_a_redeployable_in_store_has_no_place():
    camera = redeployable(location="")
    placement = put(camera, latitude="53.464515", longitude="-2.284777")
    end_placement(placement=placement, version=1, ends_on=today(), reason="The problem is gone.", by=None)
    camera.refresh_from_db()
    assert (camera.location, camera.latitude, camera.placements.get().end_reason) == ("", None, "The problem is gone.")
    with pytest.raises(StaleRecord):
        end_placement(placement=placement, version=1, ends_on=today(), reason="Again", by=None)


@pytest.mark.parametrize(("day", "reason"), [(today() + DAY, "x"), (today() - 11 * DAY, "x"), (today(), " ")])
def test_an_end_needs_a_day_within_and_a_reason(day, reason):
    placement = put(redeployable(location=""))
    with pytest.raises(Incomplete):
        end_placement(placement=placement, version=1, ends_on=day, reason=reason, by=None)


def test_a_fixed_camera_is_not_taken_into_store():
    placement = put(CameraFactory(), planned_end_on=None, decided=CameraDecision())
    with pytest.raises(RuleBroken, match="recommend removal"):
        end_placement(placement=placement, version=1, ends_on=today(), reason="x", by=None)


def test_sign_and_dpia_are_given_later():
    placement = put(redeployable(location=""))
    dpia = DpiaFactory(operator=placement.camera.system.operator)
    change_placement(placement=placement, version=1, changes={"sign_up_on": today(), "dpia": dpia}, by=None)
    assert Camera.objects.get().sign_up_on == today()
    assert TrailEntry.objects.filter(verb="changed").order_by("-pk")[0].after == {
        "sign_up_on": today().isoformat(),
        "dpia": dpia.reference,
    }
    with pytest.raises(StaleRecord):
        change_placement(placement=placement, version=1, changes={"target": "Other"}, by=None)


@pytest.mark.parametrize(
    ("stage", "days", "right"),
    [
        ("before", -10, True),
        ("before", -9, False),
        ("during", -9, True),
        ("during", -11, False),
        ("during", 1, False),
        ("end", 0, False),
        ("after", 0, False),
    ],
)
def test_an_evaluation_has_its_time(stage, days, right):
    placement = put(redeployable(location=""))
    made: dict[str, Any] = {"placement": placement, "stage": stage, "on": today() + days * DAY, "by": None}
    if right:
        assert evaluate(**made, findings="4 reports", incidents=4).incidents == 4
        return
    with pytest.raises(Incomplete):
        evaluate(**made, findings="4 reports")
    assert placement.evaluations.count() == 0


def test_what_is_missing_grows_with_the_days():
    start = dt.date(2026, 1, 10)
    placement = PlacementFactory(starts_on=start, planned_end_on=dt.date(2026, 3, 1))
    assert lacks_of(placement, [], start) == [
        "the day on which its sign was put up",
        "its DPIA",
        "the evaluation before it",
    ]
    assert lacks_of(placement, ["before"], start + DAY)[2:] == ["the evaluation while it lasts"]
    assert [is_overdue(placement, dt.date(2026, 3, day)) for day in (1, 2)] == [False, True]
    placement.ends_on = dt.date(2026, 3, 5)
    assert is_overdue(placement, dt.date(2026, 4, 1)) is False
    assert lacks_of(placement, ["before", "during"], dt.date(2026, 6, 4))[2:] == ["the evaluation at its end"]
    assert lacks_of(placement, ["before", "during", "end"], dt.date(2026, 6, 5))[2:] == [
        "the evaluation some months after"
    ]

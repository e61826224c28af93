"""The yearly review of each camera's necessity: what it records, how it moves the camera, and many in one act."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Role
from compliance.models import Camera, CameraReview, PictureCheck
from compliance.services import camera_reviews as services
from compliance.services.camera_reviews import Figures, Finding, Period
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import member
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


def finding(**different: Any) -> Finding:
    given = {"outcome": "keep", "reason": "Robberies at the stands.", "alternatives": "Lights were put up."}
    return Finding(**{**given, **different})


def review(camera: Camera, **different: Any) -> CameraReview:
    by = member(camera.system.operator, Role.SCHEME_MANAGER)
    return services.review_camera(camera=camera, finding=finding(**different), by=by, version=camera.version)


def moves(camera: Camera) -> list[tuple[str, str]]:
    return list(camera.changes.values_list("before", "after"))


def check(camera: Camera, on: dt.date) -> PictureCheck:
    return PictureCheck.objects.create(
        camera=camera, on=on, export_works=True, time_offset_seconds=2, picture="as_commissioned"
    )


def test_a_camera_that_is_kept_goes_through_review_and_is_justified_for_a_year():
    camera = CameraFactory()
    newest = check(camera, today() - dt.timedelta(days=3))
    made = review(camera, figures=Figures(12, 4, 0), period=Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31)))
    camera.refresh_from_db()
    assert moves(camera) == [("operational", "under_review"), ("under_review", "operational")]
    assert (camera.reviewed_on, camera.justified_on, camera.version) == (today(), today(), 2)
    assert camera.review_due_on == made.next_due_on == add_months(today(), 12)
    assert (made.incidents, made.requests, made.complaints, made.picture_check) == (12, 4, 0, newest)
    entry = TrailEntry.objects.get(verb="reviewed")
    assert (entry.before["reviewed_on"], entry.after["review"]) == (None, made.reference)


@pytest.mark.parametrize(
    ("status", "outcome", "after", "justified"),
    [
        ("operational", "relocate", "operational", False),
        ("operational", "remove", "remove_recommended", False),
        ("under_review", "keep", "operational", True),
        ("under_review", "remove", "remove_recommended", False),
        ("faulty", "keep", "faulty", True),
        ("faulty", "remove", "remove_recommended", False),
    ],
)
def test_the_outcome_decides_the_state_and_only_keeping_justifies(status, outcome, after, justified):
    camera = CameraFactory(status=status)
    review(camera, outcome=outcome)
    camera.refresh_from_db()
    assert (camera.status, camera.justified_on is not None, camera.reviewed_on) == (after, justified, today())


@pytest.mark.parametrize("status", ["proposed", "refused", "remove_recommended", "decommissioned"])
def test_what_is_not_in_use_or_waits_for_removal_is_not_reviewed(status):
    with pytest.raises(IllegalMove):
        review(CameraFactory(status=status))
    assert not CameraReview.objects.exists()


@pytest.mark.parametrize(
    "different",
    [
        {"reason": " "},
        {"alternatives": ""},
        {"outcome": "forget"},
        {"on": today() + dt.timedelta(days=1)},
        {"next_due_on": today()},
        {"next_due_on": add_months(today(), 12) + dt.timedelta(days=1)},
        {"period": Period(today(), today() - dt.timedelta(days=1))},
        {"period": Period(None, today() + dt.timedelta(days=1))},
    ],
)
def test_an_incomplete_review_writes_nothing(different):
    camera = CameraFactory()
    with pytest.raises(Incomplete):
        review(camera, **different)
    assert (CameraReview.objects.exists(), moves(camera)) == (False, [])


def test_a_review_sent_twice_is_one():
    camera = CameraFactory()
    again = Camera.objects.get(pk=camera.pk)
    review(camera)
    with pytest.raises(StaleRecord):
        review(again)
    assert CameraReview.objects.count() == 1


def test_the_yearly_look_at_the_picture_is_recorded_with_the_review_or_the_newest_is_linked():
    camera = CameraFactory()
    check(camera, add_months(today(), -12))
    check(CameraFactory(system=camera.system), today())
    assert review(camera).picture_check is None
    camera.refresh_from_db()
    look = {
        "on": today(),
        "export_works": True,
        "time_offset_seconds": -4,
        "picture": "worse_usable",
        "sign_seen": True,
    }
    by = member(camera.system.operator, Role.SPOC)
    made = services.review_camera(camera=camera, finding=finding(), by=by, version=camera.version, check=look)
    assert made.picture_check is not None
    assert (made.picture_check.camera, made.picture_check.time_offset_seconds) == (camera, -4)


# --- many at once ---


def confirm(cameras: list[Camera], figures: Any = None, **different: Any) -> list[CameraReview]:
    return services.confirm_many(
        cameras=cameras,
        finding=finding(**different),
        figures=figures or {},
        versions={camera.pk: camera.version for camera in cameras},
        by=member(cameras[0].system.operator, Role.SPOC),
    )


def test_many_cameras_are_confirmed_in_one_act_each_with_its_own_record():
    system = CameraSystemFactory()
    cameras = CameraFactory.create_batch(3, system=system)
    made = confirm(cameras, {cameras[0].pk: Figures(5, 1, 0), cameras[1].pk: Figures(0, 0, 0)})
    kept = CameraReview.objects.order_by("camera__operator_ref")
    assert [(r.camera, r.incidents, r.complaints) for r in kept] == [
        (cameras[0], 5, 0),
        (cameras[1], 0, 0),
        (cameras[2], None, None),
    ]
    assert len({r.reference for r in made}) == 3
    assert len({r.batch for r in made}) == 1
    assert {c.justified_on for c in Camera.objects.all()} == {today()}
    assert moves(cameras[2]) == [("operational", "under_review"), ("under_review", "operational")]
    entries = TrailEntry.objects.filter(verb="reviewed")
    assert {e.after["review"] for e in entries} == {r.reference for r in made}


def test_what_needs_a_look_of_its_own_is_not_confirmed_with_others_and_is_named():
    system = CameraSystemFactory()
    names = ("1", "2", "3", "4")
    fine, broken, complained, gone = (CameraFactory(system=system, operator_ref=n) for n in names)
    FaultFactory(camera=broken)
    Camera.objects.filter(pk=gone.pk).update(status="remove_recommended")
    gone.refresh_from_db()
    with pytest.raises(Incomplete) as refusal:
        confirm([fine, broken, complained, gone], {complained.pk: Figures(0, 0, 2)})
    assert [(str(p.text), p.url) for p in refusal.value.problems] == [
        ("2 has an open fault.", broken.get_absolute_url()),
        ("About 3 there were complaints.", complained.get_absolute_url()),
        ("4 is removal recommended.", gone.get_absolute_url()),
    ]
    assert not CameraReview.objects.exists()


def test_together_cameras_are_only_kept_and_all_or_none():
    cameras = CameraFactory.create_batch(2, system=CameraSystemFactory())
    with pytest.raises(RuleBroken, match="only be kept"):
        confirm(cameras, outcome="remove")
    Camera.objects.filter(pk=cameras[1].pk).update(version=9)
    with pytest.raises(StaleRecord):
        confirm(cameras)
    assert (CameraReview.objects.count(), Camera.objects.filter(reviewed_on__isnull=False).count()) == (0, 0)


def test_confirming_costs_the_same_for_any_number(django_assert_num_queries):
    system = CameraSystemFactory()
    by = member(system.operator, Role.SPOC)
    for number in (2, 5):
        cameras = list(CameraFactory.create_batch(number, system=system))
        versions = {camera.pk: camera.version for camera in cameras}
        with django_assert_num_queries(COST):
            services.confirm_many(cameras=cameras, finding=finding(), figures={}, versions=versions, by=by)


COST = 18

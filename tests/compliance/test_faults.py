"""Faults: reported, attended, repaired, dismissed, and the state of the camera that follows them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from compliance.models import Camera, Fault
from compliance.services import faults as services
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import UserFactory
from tests.factories.compliance import CameraFactory

pytestmark = pytest.mark.django_db

Status = Camera.Status
HOUR = dt.timedelta(hours=1)


def report(camera: Camera, **different: Any) -> Fault:
    given = {"kind": "no_picture", "stops_pictures": True, "description": "The screen is black.", "by": UserFactory()}
    return services.report_fault(camera=camera, **{**given, **different})


def state(camera: Camera) -> str:
    return Camera.objects.get(pk=camera.pk).status


def test_a_fault_that_stops_pictures_makes_the_camera_faulty_until_the_last_such_fault_is_closed():
    camera, by = CameraFactory(), UserFactory()
    first, second = report(camera), report(camera, kind="power")
    services.repair(fault=first, repair="New lens.", by=by)
    assert (state(camera), first.camera.status) == (Status.FAULTY, Status.FAULTY)
    services.attend(fault=second, note="A fuse is needed.", by=by)
    services.repair(fault=second, repair="New fuse.", by=by)
    assert (state(camera), second.closed_by, second.repair) == (Status.OPERATIONAL, by, "New fuse.")
    moves = camera.changes.values_list("before", "after")
    assert list(moves) == [(Status.OPERATIONAL, Status.FAULTY), (Status.FAULTY, Status.OPERATIONAL)]
    assert list(second.changes.values_list("after", "note")) == [
        ("attended", "A fuse is needed."),
        ("repaired", "New fuse."),
    ]
    assert TrailEntry.objects.filter(verb="added", subject_kind="compliance.Fault").count() == 2


def test_a_fault_that_leaves_the_pictures_leaves_the_camera_as_it_is():
    camera = CameraFactory()
    fault = report(camera, kind="no_movement", stops_pictures=False)
    assert state(camera) == Status.OPERATIONAL
    services.dismiss(fault=fault, reason="It moves.", by=UserFactory())
    assert (fault.status, fault.repaired_at, state(camera)) == ("dismissed", None, Status.OPERATIONAL)


@pytest.mark.parametrize("kept", [Status.UNDER_REVIEW, Status.REMOVE_RECOMMENDED])
def test_a_camera_under_review_or_recommended_for_removal_keeps_its_state(kept: str):
    camera = CameraFactory(status=kept)
    fault = report(camera)
    assert state(camera) == kept
    services.repair(fault=fault, repair="New cable.", by=UserFactory())
    assert state(camera) == kept


def test_a_camera_kept_after_a_review_with_an_open_fault_is_faulty():
    camera = CameraFactory(status=Status.UNDER_REVIEW)
    report(camera)
    camera.move_to(Status.OPERATIONAL, by=None)
    services.follow_open_faults(camera=camera, by=None)
    assert state(camera) == Status.FAULTY


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.INSTALLED, Status.DECOMMISSIONED])
def test_only_cameras_in_use_have_faults(status: str):
    camera = CameraFactory(status=status)
    with pytest.raises(IllegalMove):
        report(camera)
    assert (Fault.objects.count(), state(camera)) == (0, status)


def test_what_is_missing_or_impossible_is_refused_and_nothing_is_written():
    camera, now = CameraFactory(), timezone.now()
    for wrong in ({"kind": "haunted"}, {"reported_at": now + HOUR}, {"reported_at": now.replace(year=1996)}):
        with pytest.raises(Incomplete):
            report(camera, **wrong)
    assert (Fault.objects.count(), state(camera)) == (0, Status.OPERATIONAL)
    fault = report(camera, reported_at=now - 2 * HOUR)
    for wrong in ({"repair": " "}, {"repaired_at": now - 3 * HOUR}, {"repaired_at": now + HOUR}):
        with pytest.raises(Incomplete):
            services.repair(**{"fault": fault, "repair": "New fuse.", "by": UserFactory(), **wrong})
    with pytest.raises(Incomplete):
        services.attend(fault=fault, note=" ", by=UserFactory())
    with pytest.raises(Incomplete):
        services.dismiss(fault=fault, reason="", by=UserFactory())
    assert (Fault.objects.get().status, state(camera)) == ("reported", Status.FAULTY)


def test_a_closed_fault_stays_closed_and_of_two_who_close_it_one_wins():
    fault = report(CameraFactory())
    seen_by_another = Fault.objects.get(pk=fault.pk)
    services.repair(fault=fault, repair="New fuse.", by=UserFactory())
    with pytest.raises(IllegalMove):
        services.attend(fault=fault, note="Again", by=UserFactory())
    with pytest.raises(StaleRecord):
        services.dismiss(fault=seen_by_another, reason="Nothing found.", by=UserFactory())
    assert Fault.objects.get().repair == "New fuse."


def test_of_many_that_became_operational_those_with_an_open_fault_are_faulty():
    dark, light = CameraFactory(status=Status.UNDER_REVIEW), CameraFactory(status=Status.UNDER_REVIEW)
    report(dark)
    report(light, stops_pictures=False)
    Camera.move_many([dark, light], Status.OPERATIONAL, by=None)
    services.follow_open_faults_of(cameras=[dark, light], by=None)
    assert (state(dark), state(light)) == (Status.FAULTY, Status.OPERATIONAL)

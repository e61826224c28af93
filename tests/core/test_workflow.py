"""Moves are compare-and-set: who was overtaken writes nothing; many move all together or not at all."""

from typing import Any

import pytest

from compliance.models import Camera
from core.errors import IllegalMove, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import UserFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

Status = Camera.Status


def test_whoever_was_overtaken_writes_nothing() -> None:
    camera = CameraFactory(status=Status.OPERATIONAL)
    overtaken = Camera.objects.get(pk=camera.pk)
    camera.move_to(Status.FAULTY, by=None)
    entries = TrailEntry.objects.count()
    with pytest.raises(StaleRecord):
        overtaken.move_to(Status.UNDER_REVIEW, by=None)
    assert Camera.objects.get(pk=camera.pk).status == Status.FAULTY
    assert camera.changes.count() == 1
    assert TrailEntry.objects.count() == entries


def test_many_move_together_in_statements_of_constant_number(django_assert_num_queries: Any) -> None:
    system, user = CameraSystemFactory(), UserFactory()
    few = CameraFactory.create_batch(2, system=system)
    many = CameraFactory.create_batch(20, system=system)
    for cameras in (few, many):
        loaded = list(Camera.objects.filter(pk__in=[c.pk for c in cameras]).select_related("system__operator"))
        with django_assert_num_queries(5):  # savepoint, move, history, trail, release
            assert Camera.move_many(loaded, Status.UNDER_REVIEW, by=user, note="yearly") == len(cameras)
    assert Camera.objects.filter(status=Status.UNDER_REVIEW).count() == 22
    assert {(c.before, c.after, c.by, c.note) for camera in many for c in camera.changes.all()} == {
        ("operational", "under_review", user, "yearly")
    }
    assert TrailEntry.objects.filter(verb="moved").count() == 22


def test_one_that_may_not_move_keeps_all_where_they_are() -> None:
    system = CameraSystemFactory()
    cameras = [CameraFactory(system=system), CameraFactory(system=system, status=Status.DECOMMISSIONED)]
    with pytest.raises(IllegalMove):
        Camera.move_many(cameras, Status.FAULTY, by=None)
    assert not Camera.objects.filter(status=Status.FAULTY).exists()
    assert not TrailEntry.objects.filter(verb="moved").exists()


def test_one_that_was_overtaken_keeps_all_where_they_are() -> None:
    system = CameraSystemFactory()
    cameras = [CameraFactory(system=system), CameraFactory(system=system, status=Status.FAULTY)]
    Camera.objects.filter(pk=cameras[1].pk).update(status=Status.UNDER_REVIEW)
    with pytest.raises(StaleRecord):
        Camera.move_many(cameras, Status.REMOVE_RECOMMENDED, by=None)
    assert not Camera.objects.filter(status=Status.REMOVE_RECOMMENDED).exists()
    assert not TrailEntry.objects.filter(verb="moved").exists()

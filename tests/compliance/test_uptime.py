"""Uptime from fault times, against cases worked out by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from compliance.models import Camera, CameraSystem
from compliance.uptime import Uptime, uptime_of, uptime_of_cameras
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
FIRST, TENTH = dt.date(2026, 1, 1), dt.date(2026, 1, 10)  # ten winter days: 240 hours


def at(day: int, hour: int = 0, month: int = 1) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def known_camera(**fields: Any) -> Camera:
    camera: Camera = CameraFactory(**{"added_at": LONG_AGO, **fields})
    return camera


def dark(camera: Camera, begins: dt.datetime, ends: dt.datetime | None, **fields: Any) -> None:
    FaultFactory(
        camera=camera, reported_at=begins, repaired_at=ends, **{"status": "repaired" if ends else "reported", **fields}
    )


@pytest.fixture
def system() -> CameraSystem:
    made: CameraSystem = CameraSystemFactory()
    return made


def test_hours_without_pictures_are_taken_off_the_hours_of_all_cameras(system):
    one, _two = known_camera(system=system), known_camera(system=system)
    dark(one, at(2, 6), at(3, 6))  # a day of two cameras' 480 hours
    assert uptime_of(system, FIRST, TENTH) == Uptime(480, 24, Decimal("95.0"))
    assert uptime_of_cameras(Camera.objects.filter(pk=one.pk), FIRST, TENTH) == Uptime(240, 24, Decimal("90.0"))


def test_two_faults_at_the_same_time_count_once_and_what_lies_outside_the_period_does_not(system):
    camera = known_camera(system=system)
    dark(camera, at(1).replace(year=2025), at(1, 5))  # five hours of it inside
    dark(camera, at(4, 0), at(4, 10))
    dark(camera, at(4, 8), at(4, 12))  # with the one before twelve hours
    dark(camera, at(10, 21), at(20, 0))  # three hours of it inside
    dark(camera, at(11), at(12))
    assert uptime_of(system, FIRST, TENTH) == Uptime(240, 20, Decimal("91.6"))  # 220/240 = 91.66…, rounded down


def test_what_leaves_the_pictures_and_what_was_no_fault_does_not_count(system):
    camera = known_camera(system=system)
    dark(camera, at(2), at(9), stops_pictures=False)
    dark(camera, at(2), None, status="dismissed")
    assert uptime_of(system, FIRST, TENTH) == Uptime(240, 0, Decimal("100.0"))


def test_an_open_fault_lasts_until_the_end_of_the_period(system):
    dark(known_camera(system=system), at(10, 0), None)
    assert uptime_of(system, FIRST, TENTH) == Uptime(240, 24, Decimal("90.0"))


def test_a_camera_counts_from_the_day_when_it_was_known_and_installed_until_it_was_taken_down(system):
    known_camera(system=system, added_at=at(10, 0))  # the last day
    known_camera(system=system, installed_on=dt.date(2026, 1, 9))  # two days
    gone = known_camera(system=system, removed_on=dt.date(2026, 1, 3), status="decommissioned")  # two days
    dark(gone, at(2, 0), at(8, 0))  # a day of it while the camera hung there
    known_camera(system=system, status="proposed")
    known_camera(system=system, added_at=at(11, 0))
    assert uptime_of(system, FIRST, TENTH) == Uptime(24 + 48 + 48, 24, Decimal("80.0"))


def test_a_camera_that_was_proposed_here_counts_from_its_operation_to_its_decommissioning(system):
    camera = known_camera(system=system, status="decommissioned")
    moves = ((at(2), "approved", "installed"), (at(4), "installed", "operational"))
    moves += ((at(5), "faulty", "operational"), (at(8), "remove_recommended", "decommissioned"))
    for moment, before, after in moves:
        camera.changes.create(before=before, after=after, at=moment)
    assert uptime_of(system, FIRST, TENTH) == Uptime(96, 0, Decimal("100.0"))


def test_where_nothing_was_in_use_the_share_is_not_known(system):
    known_camera(system=system, added_at=at(11))
    assert uptime_of(system, FIRST, TENTH) == Uptime(0, 0, None)


def test_the_future_does_not_count(system):
    known_camera(system=system, added_at=timezone.now() - dt.timedelta(hours=5, minutes=30))
    day = dt.timedelta(days=3)
    now = timezone.now().date()
    assert uptime_of(system, now - day, now + 9 * day) == Uptime(5, 0, Decimal("100.0"))


def test_the_night_when_clocks_go_back_has_an_hour_more(system):
    camera = known_camera(system=system)
    october = dt.date(2025, 10, 26)
    assert uptime_of(system, october, october) == Uptime(25, 0, Decimal("100.0"))
    begins = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    dark(camera, begins, begins + dt.timedelta(hours=5))
    assert uptime_of(system, october, october) == Uptime(25, 5, Decimal("80.0"))


def test_a_minute_without_pictures_is_no_hundred_per_cent(system):
    dark(known_camera(system=system), at(5, 0), at(5, 0) + dt.timedelta(minutes=1))
    assert uptime_of(system, FIRST, TENTH) == Uptime(240, 0, Decimal("99.9"))


def test_uptime_costs_three_queries_for_any_number_of_cameras(system, django_assert_num_queries):
    for _number in range(3):
        dark(known_camera(system=system), at(5), at(6))
    with django_assert_num_queries(3):
        uptime_of(system, FIRST, TENTH)

"""Cameras that are counted, never mapped: the newest day counts, old counts stay, the page of the system says so."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Role
from compliance.models import CountedUnits
from compliance.services.counted_units import newest_counts, record_count
from core.dates import today
from core.errors import IllegalMove, Incomplete
from core.trail import TrailEntry
from tests.factories.accounts import member
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def count(system: Any, number: int, *, kind: str = "bwv", on: dt.date | None = None) -> CountedUnits:
    return record_count(system=system, kind=kind, count=number, counted_on=on or today(), by=None)


def test_the_newest_day_counts_and_of_one_day_the_last_entry():
    system = CameraSystemFactory()
    count(system, 5, kind="drone")
    count(system, 120)
    count(system, 124)
    count(system, 90, on=today() - DAY)
    count(CameraSystemFactory(), 7)
    assert [(each.kind, each.count) for each in newest_counts(system)] == [("bwv", 124), ("drone", 5)]
    assert (CountedUnits.objects.filter(system=system).count(), TrailEntry.objects.count()) == (4, 5)


@pytest.mark.parametrize(("number", "kind", "on"), [(1, "bwv", today() + DAY), (-1, "bwv", None), (1, "fixed", None)])
def test_what_is_no_count_is_refused(number, kind, on):
    with pytest.raises(Incomplete):
        count(CameraSystemFactory(), number, kind=kind, on=on)
    assert CountedUnits.objects.count() == 0


def test_nothing_is_counted_in_a_closed_system():
    with pytest.raises(IllegalMove):
        count(CameraSystemFactory(status="closed"), 1)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_shows_counts_and_takes_a_new_one(client, django_assert_num_queries, rows):
    system = CameraSystemFactory()
    for n in range(rows):
        count(system, 100 + n)
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    address = f"/workspace/{system.operator.slug}/systems/{system.reference}/counts/"
    with django_assert_num_queries(8):
        page = client.get(address)
    assert [row["count"] for row in page.context["history"]] == [100 + n for n in reversed(range(rows))]
    day = {"counted_on_day": "1", "counted_on_month": "5", "counted_on_year": "2026"}
    assert client.post(address, {"kind": "vehicle", "count": "12", **day}).url == address
    body = client.get(system.get_absolute_url()).content.decode()
    assert "Counted, never mapped" in body
    refused = client.post(address, {"kind": "vehicle", "count": "12", **day, "counted_on_year": "2090"})
    assert (refused.status_code, CountedUnits.objects.count()) == (422, rows + 1)


def test_who_only_reads_counts_nothing(client):
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.VIEWER))
    address = f"/workspace/{system.operator.slug}/systems/{system.reference}/counts/"
    page = client.get(address)
    assert (page.status_code, b"Record the count" in page.content) == (200, False)
    assert client.post(address, {}).status_code == 403

"""Rows that are written in bulk read as if they had been saved one by one, on both databases."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from compliance.models import Camera
from core import bulk
from core.references import ALPHABET, new_references
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db
FIELDS = ("id", "reference", "location", "latitude", "longitude", "installed_on", "purposes", "direction")
HARD = "a\tb\\c\nd\re \x01 é ŵ \\N ' \" %s %"


def written(monkeypatch: pytest.MonkeyPatch) -> list[Camera]:
    monkeypatch.setattr(bulk, "BATCH", 2)
    system = CameraSystemFactory()
    first, second, third = bulk.reserve_keys(Camera, 3)
    rows = [
        (first, "CM-A", HARD, Decimal("53.464515"), Decimal("-2.284777"), dt.date(2024, 2, 29), ["crime"], 0),
        (second, "CM-B", "\x01", None, None, None, [], None),
        (third, "CM-C", "", Decimal("50"), Decimal("0.000001"), None, ["a\tb"], 359),
    ]
    same = {"system_id": system.pk, "status": "operational", "is_public_space": False}
    assert bulk.insert_rows(Camera, FIELDS, iter(rows), same=same) == 3
    return list(Camera.objects.order_by("pk"))


def test_values_come_back_as_they_were(monkeypatch):
    first, second, third = written(monkeypatch)
    assert (first.location, second.location, third.location) == (HARD, "\x01", "")
    assert (first.latitude, first.longitude) == (Decimal("53.464515"), Decimal("-2.284777"))
    assert (second.latitude, second.installed_on, second.direction) == (None, None, None)
    assert (third.latitude, third.longitude) == (Decimal("50.000000"), Decimal("0.000001"))
    assert (first.installed_on, first.purposes, third.purposes) == (dt.date(2024, 2, 29), ["crime"], ["a\tb"])
    assert (first.direction, third.direction, first.status, first.is_public_space) == (0, 359, "operational", False)


def test_what_is_not_named_has_its_default(monkeypatch):
    first, *_rest = written(monkeypatch)
    assert (first.precision, first.version, first.previous_id, first.review_due_on) == ("street", 1, None, None)
    assert first.added_at.tzinfo is not None


def test_keys_that_were_reserved_are_given_to_nobody_else(monkeypatch):
    written(monkeypatch)
    assert CameraFactory().pk not in {camera.pk for camera in Camera.objects.exclude(operator_ref__gt="")}
    assert len(set(Camera.objects.values_list("pk", flat=True))) == 4


def test_rows_that_are_there_are_changed_in_bulk_and_count_up(monkeypatch):
    first, second, third = written(monkeypatch)
    other = CameraFactory()
    rows = [(first.pk, "High Street", None, None), (third.pk, HARD, Decimal("51.5"), Decimal("-0.1"))]
    assert bulk.update_rows(Camera, ("location", "latitude", "longitude"), rows, counts_up="version") == 2
    found = Camera.objects.in_bulk()
    assert (found[first.pk].location, found[first.pk].latitude, found[first.pk].version) == ("High Street", None, 2)
    assert (found[third.pk].location, found[third.pk].latitude) == (HARD, Decimal("51.500000"))
    assert (found[second.pk].version, found[other.pk].version) == (1, 1)


def test_what_the_table_forbids_is_refused_whole():
    system = CameraSystemFactory()
    rows = [(number, f"CM-{number}", latitude) for number, latitude in ((1, None), (2, Decimal("10")))]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert_rows(Camera, ("id", "reference", "latitude"), rows, same={"system_id": system.pk})
    assert Camera.objects.count() == 0


@pytest.mark.once
def test_references_in_bulk_are_each_other_than_the_rest():
    found = new_references("CM", 5000, 10)
    assert len(set(found)) == 5000
    assert {len(reference) for reference in found} == {13}
    assert {letter for reference in found for letter in reference[3:]} == set(ALPHABET)
    assert len(set(new_references("X", 28, 1))) == 28

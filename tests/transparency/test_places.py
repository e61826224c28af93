"""The tables of the map: what of a publication stands in them, and that they are kept as if made anew."""

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Kind, Organisation
from compliance.frozen import canonical, digest
from compliance.models.camera import CameraType
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from transparency.grid import CELL_ZOOMS, degrees, place_of
from transparency.models import GridCell, PlaceCount, PlacedSystem, Publication, PublicCamera
from transparency.services.publish import publish_system, withdraw_publication
from transparency.services.read_models import refresh

pytestmark = pytest.mark.django_db

TABLES: tuple[Any, ...] = (PublicCamera, GridCell, PlaceCount, PlacedSystem)


def camera(ref: str, precision: str = "exact", **given: Any) -> dict[str, Any]:
    """A frozen row of a list."""
    row = {"ref": ref, "ward": "Abbey", "type": "ptz", "precision": precision, "location": "High Street", **given}
    if precision == "exact" and "latitude" not in row:
        row |= {"latitude": "51.500000", "longitude": "-1.250000"}
    return row


def content_of(organisation: Organisation, rows: list[dict[str, Any]], **facts: Any) -> dict[str, Any]:
    technology = {"technology": "cctv", "fixed": len(rows), "ptz": 0, "redeployable": 0, "mobile": 0}
    return {
        "operator": {"kind": organisation.kind},
        "facts": {
            "technologies": [technology | {"total": len(rows)}],
            "cameras_counted": len(rows),
            "cameras": {"list": rows, "by_precision": {"withheld": 0}},
            **facts,
        },
    }


def version_of(organisation: Organisation, reference: str, content: dict[str, Any]) -> Publication:
    """The next version of a frozen page, past the services that gather it."""
    versions = Publication.objects.filter(kind="system", subject_reference=reference)
    versions.current().update(ended_at=timezone.now())
    text = canonical(content)
    return Publication.objects.create(
        kind="system",
        organisation=organisation,
        subject_reference=reference,
        path=f"/authorities/{organisation.slug}/{reference}/",
        title=reference,
        version=versions.count() + 1,
        content=text,
        sha256=digest(text),
    )


def rows_of(organisation: Organisation, *rows: dict[str, Any], **facts: Any) -> list[tuple[Any, ...]]:
    version_of(organisation, "s", content_of(organisation, list(rows), **facts))
    refresh([("system", "s")])
    columns = ("ref", "location", "ward", "technology", "precision", "latitude", "x")
    return list(PublicCamera.objects.order_by("ref").values_list(*columns))


def known() -> dict[str, int]:
    sums: Counter[str] = Counter()
    for known_by, count in PlaceCount.objects.values_list("known_by", "count"):
        sums[known_by] += count
    return dict(sums)


def test_only_exact_cameras_have_coordinates_and_count_in_cells():
    system = system_of(published())
    cameras_of_every_precision(system)
    publish_system(system=system, by=None)
    refresh([("system", system.reference)])
    columns = ("ref", "location", "ward", "precision", "latitude")
    assert list(PublicCamera.objects.order_by("ref").values_list(*columns)) == [
        ("EX1", "Exact Lane", "Abbey", "exact", Decimal("53.464515")),
        ("ST1", "Street Row", "Abbey", "street", None),
        ("WA1", "", "Castle", "ward", None),
    ]
    assert list(GridCell.objects.order_by("zoom").values_list("zoom", "count")) == [(zoom, 1) for zoom in CELL_ZOOMS]
    assert known() == {"exact": 1, "street": 1, "ward": 1, "withheld": 2, "unlisted": 10}
    assert PublicCamera.objects.exclude(precision="exact").filter(x__isnull=False).count() == 0


@pytest.mark.parametrize("moving", [CameraType.BWV, CameraType.DRONE, CameraType.MOBILE_VEHICLE])
def test_what_moves_has_no_place_even_if_the_frozen_list_gives_one(moving):
    [row] = rows_of(OrganisationFactory(), camera("1", type=moving.value))
    assert row[1] == ""
    assert row[-2:] == (None, None)
    assert known() == {"moving": 1}
    assert not GridCell.objects.exists()


@pytest.mark.parametrize("reads", [{"type": "anpr"}, {"anpr_enabled": True}])
def test_number_plate_readers_of_the_police_have_no_row(reads):
    assert rows_of(PoliceForceFactory(), camera("1", **reads), camera("2")) == [
        ("2", "High Street", "Abbey", "cctv", "exact", Decimal("51.5"), place_of(51.5, -1.25).x)
    ]
    assert known() == {"exact": 1, "unlisted": 1}


def test_those_of_a_council_have():
    assert len(rows_of(OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY), camera("1", type="anpr"))) == 1


@pytest.mark.parametrize("precision", ["street", "ward", "withheld"])
def test_a_place_finer_than_its_precision_is_left_out_whatever_the_frozen_list_says(precision):
    rows = rows_of(OrganisationFactory(), camera("1", precision, latitude="52.222222", longitude="-1.333333"))
    assert [row[-2:] for row in rows] == ([] if precision == "withheld" else [(None, None)])
    assert not GridCell.objects.exists()


@pytest.mark.parametrize(
    ("counted", "mobile", "units", "expected"),
    [
        (2, 0, 0, {"exact": 1, "street": 1}),
        (5, 0, 0, {"exact": 1, "street": 1, "unlisted": 3}),
        (5, 2, 0, {"exact": 1, "street": 1, "moving": 2, "unlisted": 1}),
        (1, 0, 0, {"exact": 1, "street": 1}),  # the list is newer than the count
        (2, 0, 7, {"exact": 1, "street": 1, "moving": 7}),
    ],
)
def test_every_counted_camera_is_known_in_one_way(counted, mobile, units, expected):
    technology = {"technology": "cctv", "fixed": counted - mobile, "ptz": 0, "redeployable": 0, "mobile": mobile}
    facts = {
        "technologies": [technology],
        "cameras_counted": counted,
        "counted_units": [{"kind": "bwv", "count": units}],
    }
    rows_of(OrganisationFactory(), camera("1"), camera("2", "street"), **facts)
    assert known() == expected


@pytest.mark.parametrize(
    ("technologies", "camera_type", "expected"),
    [
        (["cctv", "anpr"], "dome", "cctv"),
        (["cctv", "anpr"], "anpr", "anpr"),
        (["anpr"], "fixed", "anpr"),
        (["anpr", "other"], "fixed", "other"),
        (["bwv"], "fixed", "cctv"),
    ],
)
def test_a_camera_belongs_to_a_technology_of_its_system(technologies, camera_type, expected):
    counts = {"fixed": 1, "ptz": 0, "redeployable": 0, "mobile": 0}
    facts = {"technologies": [{"technology": each, **counts} for each in technologies]}
    assert rows_of(OrganisationFactory(), camera("1", type=camera_type), **facts)[0][3] == expected


def test_withdrawing_takes_every_row_away():
    system = system_of(published())
    cameras_of_every_precision(system)
    publication = publish_system(system=system, by=None)
    refresh([("system", system.reference)])
    withdraw_publication(publication=publication, by=None, reason="Wrong.")
    refresh([("system", system.reference)])
    assert [table.objects.count() for table in TABLES] == [0, 0, 0, 0]


def test_rows_that_stay_the_same_are_not_written_again():
    organisation = OrganisationFactory()
    rows_of(organisation, camera("1"), camera("2"), camera("2"))
    before = set(PublicCamera.objects.values_list("pk", flat=True))
    cells = set(GridCell.objects.values_list("pk", flat=True))
    rows_of(organisation, camera("1"), camera("2"), camera("3", location="Low Street"))
    assert len(before & set(PublicCamera.objects.values_list("pk", flat=True))) == 2
    assert set(GridCell.objects.values_list("pk", flat=True)) == cells
    assert set(PublicCamera.objects.values_list("publication__version", flat=True)) == {2}


def everything() -> list[list[tuple[Any, ...]]]:
    """All rows of all tables but for their keys."""
    return [
        sorted(table.objects.values_list(*[field.attname for field in table._meta.fields[1:]]), key=repr)
        for table in TABLES
    ]


@pytest.mark.parametrize("seed", range(4))
def test_kept_by_changes_the_tables_are_as_if_made_anew(seed):
    chance = random.Random(seed)
    organisations = OrganisationFactory.create_batch(2)
    for step in range(40):
        reference = f"s{chance.randrange(5)}"
        current = Publication.objects.current().filter(subject_reference=reference)
        if chance.random() < 0.2:
            current.update(ended_at=timezone.now(), withdrawn_reason="x")
        else:
            rows = [_any_camera(chance) for _row in range(chance.randrange(8))]
            moving = {"counted_units": [{"kind": "bwv", "count": chance.randrange(3)}]}
            owner = chance.choice(organisations)  # a system can go to another organisation
            version_of(owner, reference, content_of(owner, rows, **moving))
        if chance.random() < 0.7 or step == 39:  # some versions are never looked at
            refresh([("system", f"s{number}") for number in range(5)])
    kept = everything()
    assert kept[0]
    assert all(cell.count > 0 for cell in GridCell.objects.all())
    for table in TABLES:
        table.objects.all().delete()
    refresh([("system", f"s{number}") for number in range(5)])
    assert everything() == kept


def _any_camera(chance: random.Random) -> dict[str, Any]:
    precision = chance.choice(["exact", "exact", "street", "ward"])
    place = {"latitude": f"5{chance.randrange(4)}.{chance.randrange(3)}", "longitude": f"-1.{chance.randrange(3)}"}
    kinds = chance.choice(["ptz", "dome", "anpr", "bwv", "unknown"])
    return camera(chance.choice("123"), precision, type=kinds, **(place if precision == "exact" else {}))


@pytest.mark.parametrize("position", [(49.9, -6.4), (55.8, -2.0), (51.5074, -0.1278), (0, 0), (-85, 180)])
def test_a_place_of_the_grid_is_where_it_was(position):
    back = degrees(*place_of(*position))
    assert abs(back[0] - position[0]) < 2e-6
    assert abs(back[1] - position[1]) < 2e-6


@pytest.mark.parametrize("position", [(90, 0), (51, 181)])
def test_what_is_beyond_the_map_is_refused(position):
    with pytest.raises(ValueError, match="not on the map"):
        place_of(*position)

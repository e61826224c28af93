"""Visits, commissioning tests and yearly picture checks: what is recorded, what is refused, and who is due."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from compliance.models import Camera, CameraSystem, CommissioningTest, MaintenanceVisit, PictureCheck
from compliance.picture_classes import editions
from compliance.services import commissioning, picture_checks
from compliance.services.visits import record_visit
from compliance.waiting_upkeep import faults_to_repair
from core.dates import today
from core.errors import IllegalMove, Incomplete
from core.models import TrailEntry
from tests.factories.accounts import UserFactory, member
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

YEAR = dt.timedelta(days=366)
EDITION = "bs-en-62676-4-2015"


@pytest.fixture
def system() -> CameraSystem:
    made: CameraSystem = CameraSystemFactory(status="active")
    return made


def address(name: str, system: CameraSystem, *args: str) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, *args])


def sign_in(client: Any, system: CameraSystem, role: Role = Role.CONTRIBUTOR) -> None:
    client.force_login(member(system.operator, role))


def day(moment: dt.date, name: str = "on") -> dict[str, str]:
    return {f"{name}_day": str(moment.day), f"{name}_month": str(moment.month), f"{name}_year": str(moment.year)}


# --- visits ---


def test_a_visit_names_its_cameras_by_their_numbers(system, client):
    for number in ("12", "13", "20"):
        CameraFactory(system=system, operator_ref=number)
    sign_in(client, system)
    sent = {"kind": "cleaning", "note": "All lenses.", "cameras": "12 - 13", **day(today())}
    assert client.post(address("visit_new", system), sent).status_code == 302
    visit = MaintenanceVisit.objects.get()
    assert sorted(camera.operator_ref for camera in visit.cameras.all()) == ["12", "13"]
    assert "12, 13" in client.get(address("visits", system)).content.decode()


def test_a_number_that_is_no_camera_of_the_system_is_refused_and_what_was_typed_stays(system, client):
    CameraFactory(operator_ref="99")  # of somebody else
    sign_in(client, system)
    sent = {"kind": "repair", "note": "New cable.", "cameras": "99", **day(today())}
    page = client.post(address("visit_new", system), sent)
    assert (page.status_code, "99 is not one camera of this system" in page.content.decode()) == (422, True)
    assert ("New cable." in page.content.decode(), MaintenanceVisit.objects.count()) == (True, 0)


def test_a_visit_in_the_future_or_to_cameras_of_others_is_refused(system):
    given: Any = {"system": system, "kind": "planned", "note": "Service.", "cameras": [], "by": None}
    for wrong in ({"on": today() + YEAR}, {"on": today(), "cameras": [CameraFactory()]}, {"on": today(), "note": " "}):
        with pytest.raises(Incomplete):
            record_visit(**{**given, **wrong})
    assert MaintenanceVisit.objects.count() == 0


# --- commissioning tests ---


def recorded_test(camera: Camera, **different: Any) -> CommissioningTest:
    given: Any = {
        "on": today(),
        "standard": EDITION,
        "picture_class": "recognise",
        "pixels_per_metre": Decimal("130"),
        "recording_works": True,
        "passed": True,
        "by": UserFactory(),
    }
    return commissioning.record_test(camera=camera, **{**given, **different})


def test_the_classes_of_each_edition_are_data():
    known = editions()
    assert [of.pixels_per_metre for of in known[EDITION].classes.values()] == [
        Decimal(figure) for figure in ("12.5", "25", "62.5", "125", "250", "1000")
    ]
    assert dict(known["iec-62676-4-2025"].classes) == {}
    old = known["bs-en-50132-7-2012"].classes.values()
    assert [of.percent_of_height for of in old] == [Decimal(figure) for figure in (5, 10, 25, 50, 100, 400)]


@pytest.mark.parametrize(("measured", "enough"), [("124.9", False), ("125", True), ("125.1", True), (None, None)])
def test_a_measure_is_held_against_the_class_that_is_required(measured, enough):
    test = CommissioningTest(
        standard=EDITION, picture_class="recognise", pixels_per_metre=Decimal(measured) if measured else None
    )
    assert commissioning.enough(test) is enough


def test_a_camera_has_passed_by_its_newest_test():
    camera = CameraFactory(status="approved")
    assert commissioning.camera_passed(camera) is False
    recorded_test(camera, on=today() - YEAR)
    assert commissioning.camera_passed(camera) is True
    recorded_test(camera, passed=False)
    assert commissioning.camera_passed(camera) is False
    assert TrailEntry.objects.filter(verb="tested").count() == 2


def test_who_lets_a_camera_pass_below_the_figure_says_why():
    camera = CameraFactory(status="installed")
    with pytest.raises(Incomplete, match="why it passed"):
        recorded_test(camera, pixels_per_metre=Decimal("90"))
    recorded_test(camera, pixels_per_metre=Decimal("90"), note="Recognised by three people from the picture.")
    recorded_test(camera, pixels_per_metre=Decimal("90"), passed=False)
    with pytest.raises(Incomplete, match="why it passed"):
        recorded_test(camera, standard="iec-62676-4-2025", picture_class="")
    recorded_test(camera, standard="iec-62676-4-2025", picture_class="", note="Plates were read at 20 metres.")


def test_a_test_that_does_not_fit_its_edition_is_refused():
    camera = CameraFactory(status="approved")
    for wrong in (
        {"standard": "bs-1"},
        {"picture_class": "splendid"},
        {"picture_class": ""},
        {"standard": "iec-62676-4-2025"},
        {"recording_works": False},
        {"on": today() + YEAR},
        {"pixels_per_metre": Decimal("-1")},
    ):
        with pytest.raises(Incomplete):
            recorded_test(camera, **wrong)
    with pytest.raises(IllegalMove):
        recorded_test(CameraFactory(status="proposed"))
    assert CommissioningTest.objects.count() == 0


# --- picture checks ---


def looked(camera: Camera, on: dt.date, **different: Any) -> PictureCheck:
    given: Any = {"export_works": True, "time_offset_seconds": -3, "picture": "as_commissioned", "sign_seen": True}
    return picture_checks.record_check(camera=camera, on=on, by=None, **{**given, **different})


def test_cameras_are_due_that_were_never_looked_at_or_not_within_twelve_months(system):
    never, long_ago, lately = CameraFactory.create_batch(3, system=system)
    CameraFactory(system=system, status="decommissioned")
    looked(long_ago, today() - 2 * YEAR)
    looked(long_ago, today() - YEAR)
    looked(lately, today() - 2 * YEAR)
    looked(lately, today())
    own = Camera.objects.filter(system=system)
    assert set(picture_checks.checks_due(own)) == {never, long_ago}


def test_a_check_of_a_camera_that_is_not_in_use_or_to_come_is_refused():
    with pytest.raises(IllegalMove):
        looked(CameraFactory(status="proposed"), today())
    with pytest.raises(Incomplete):
        looked(CameraFactory(), today() + YEAR)
    with pytest.raises(Incomplete):
        looked(CameraFactory(), today(), picture="splendid")


def answers(camera: Camera, **different: str) -> dict[str, str]:
    given = {"picture": "as_commissioned", "export_works": "yes", "time_offset_seconds": "0", "sign_seen": "no"}
    return {f"{camera.reference}-{name}": value for name, value in {**given, **different}.items()}


def test_a_walk_records_each_camera_that_was_filled_in_and_leaves_the_others_due(system, client):
    one, other, left = CameraFactory.create_batch(3, system=system, ward="Gorse Hill")
    sign_in(client, system)
    url = address("check_round", system) + "?ward=Gorse+Hill"
    assert [camera.name in client.get(url).content.decode() for camera in (one, other, left)] == [True] * 3
    references = [camera.reference for camera in (one, other, left)]
    sent = {"camera": references, **day(today()), **answers(one), **answers(other, picture="not_good_enough")}
    assert client.post(url, sent).status_code == 302
    assert dict(PictureCheck.objects.values_list("camera", "picture")) == {
        one.pk: "as_commissioned",
        other.pk: "not_good_enough",
    }
    assert list(picture_checks.checks_due(Camera.objects.filter(system=system))) == [left]


def test_a_walk_with_one_wrong_answer_records_nothing_and_keeps_what_was_typed(system, client):
    one, other = CameraFactory.create_batch(2, system=system)
    sign_in(client, system)
    sent = {
        "camera": [one.reference, other.reference],
        **day(today()),
        **answers(one, note="Very clear."),
        **answers(other, export_works=""),
    }
    page = client.post(address("check_round", system), sent)
    text = page.content.decode()
    assert (page.status_code, f"Camera {other.name}:" in text, "Very clear." in text) == (422, True, True)
    assert PictureCheck.objects.count() == 0


def test_a_walk_never_takes_a_camera_of_another_system(system, client):
    stranger = CameraFactory()
    sign_in(client, system)
    sent = {"camera": [stranger.reference], **day(today()), **answers(stranger)}
    assert client.post(address("check_round", system), sent).status_code == 422
    assert PictureCheck.objects.count() == 0


# --- pages ---


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_upkeep_cost_the_same_for_any_number(system, number, client):
    cameras = CameraFactory.create_batch(number, system=system)
    for camera in cameras:
        FaultFactory(camera=camera)
        recorded_test(camera)
        record_visit(system=system, kind="planned", on=today(), note="Service.", cameras=cameras, by=UserFactory())
    sign_in(client, system, Role.VIEWER)
    costs = {}
    for name, args in (
        ("faults", []),
        ("visits", []),
        ("picture_checks", []),
        ("grants", []),
        ("camera_upkeep", [cameras[0].reference]),
    ):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(name, system, *args)).status_code == 200
        costs[name] = len(found)
    assert costs == {"faults": 10, "visits": 8, "picture_checks": 8, "grants": 6, "camera_upkeep": 10}


def test_the_open_faults_of_a_system_are_listed_by_age_and_the_closed_ones_apart(system, client):
    now = timezone.now()
    for days in (1, 30, 7):
        FaultFactory(
            camera=CameraFactory(system=system, operator_ref=f"{days} days"), reported_at=now - days * YEAR / 366
        )
    closed = CameraFactory(system=system, operator_ref="closed")
    FaultFactory(camera=closed, status="repaired", reported_at=now - YEAR, repaired_at=now)
    sign_in(client, system, Role.VIEWER)
    text = client.get(address("faults", system)).content.decode()
    places = [text.index(f"{days} days") for days in (30, 7, 1)]
    assert (places, "closed, " in text) == (sorted(places), False)
    assert "closed" in client.get(address("faults", system) + "?closed=1").content.decode()


def test_a_camera_page_says_what_is_open_and_leads_to_its_upkeep(system, client):
    camera = CameraFactory(system=system)
    fault = FaultFactory(camera=camera)
    recorded_test(camera)
    sign_in(client, system)
    text = client.get(camera.get_absolute_url()).content.decode()
    for wanted in (
        address("fault", system, fault.reference),
        address("camera_upkeep", system, camera.reference),
        address("fault_new", system, camera.reference),
        address("test_new", system, camera.reference),
        address("check_new", system, camera.reference),
    ):
        assert wanted in text


def test_open_faults_wait_for_those_who_manage_the_system_and_for_nobody_else(system, django_assert_num_queries):
    oldest = timezone.now() - YEAR
    FaultFactory(camera__system=system, reported_at=oldest)
    FaultFactory(camera__system=system, status="attended")
    FaultFactory(camera__system=system, status="repaired")
    FaultFactory()
    manager, contributor = member(system.operator, Role.SCHEME_MANAGER), member(system.operator, Role.CONTRIBUTOR)
    manager.organisation_ids()
    with django_assert_num_queries(1):
        found = list(faults_to_repair(manager))
    assert [(str(item.label), item.url, item.since) for item in found] == [
        (f"Have 2 faults repaired: {system.local_name}", address("faults", system), oldest)
    ]
    contributor.organisation_ids()
    with django_assert_num_queries(0):
        assert list(faults_to_repair(contributor)) == []

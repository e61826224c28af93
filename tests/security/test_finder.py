"""The camera finder: who finds which cameras, what is never found, and nothing is found without a line in the log."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation, Role
from compliance import finder
from compliance.models import Camera, FinderSearch
from compliance.services.control_rooms import choose_room
from compliance.services.finding import find_cameras
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, UserFactory, member
from tests.factories.cameras import ControlRoomFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

POINT = "53.464515, -2.284777"  # where CameraFactory puts cameras
LATITUDE, LONGITUDE = Decimal("53.464515"), Decimal("-2.284777")


@pytest.fixture
def force() -> Organisation:
    made: Organisation = PoliceForceFactory()
    return made


def council(*forces: Organisation) -> Organisation:
    made: Organisation = OrganisationFactory()
    made.police_forces.set(forces)
    return made


def camera(operator: Organisation, **fields: Any) -> Camera:
    system = fields.pop("system", None) or CameraSystemFactory(operator=operator, status="active")
    made: Camera = CameraFactory(system=system, **fields)
    return made


def found_by(organisation: Organisation, place: str = POINT, metres: int = 200) -> list[Camera]:
    result = find_cameras(organisation=organisation, place=place, metres=metres, reason="Incident 7", by=UserFactory())
    return [hit.camera for hit in result.hits]


def test_a_force_finds_the_cameras_of_its_own_territory_and_no_others(force):
    own, policed = camera(force), camera(council(force))
    camera(council(PoliceForceFactory()))
    camera(council())
    assert set(found_by(force)) == {own, policed}


def test_a_hub_finds_what_it_watches_as_long_as_the_operator_says_so():
    hub, operator = OrganisationFactory(), council()
    watched, _not = camera(operator), camera(operator)
    assert found_by(hub) == []
    spoc = member(operator, Role.SPOC)
    room = ControlRoomFactory(organisation=hub)
    choose_room(system=watched.system, room=room, starts_on=today() - dt.timedelta(days=9), by=spoc)
    assert found_by(hub) == [watched]
    choose_room(system=watched.system, room=None, starts_on=today(), by=spoc)
    assert found_by(hub) == []


def test_what_is_withheld_is_never_found_by_number_name_or_distance(force):
    operator = council(force)
    shown = camera(operator)
    reason = {"precision": "withheld", "withheld_reason": "A refuge", "withheld_post": "SPOC"}
    hidden = camera(operator, system=shown.system, operator_ref="R77", location="Rose House", ward="Quiet", **reason)
    assert found_by(force) == [shown]
    for text in ("R77", "Rose House", "Quiet", hidden.reference):
        assert found_by(force, text) == []
    text = search(sign_in(force), force).content.decode()
    assert ("Rose House" in text, "A refuge" in text) == (False, False)
    assert "The place of 1 camera of this system is withheld, here or elsewhere." in text


def test_the_number_of_withheld_cameras_is_the_same_wherever_one_searches(force):
    """Else searching around a refuge in small circles would find it."""
    shown = camera(council(force))
    reason = {"precision": "withheld", "withheld_reason": "A refuge", "withheld_post": "SPOC"}
    camera(shown.system.operator, system=shown.system, latitude="52.1", longitude="-1.5", **reason)
    assert finder.withheld_of([shown.system_id]) == {shown.system_id: 1}
    assert found_by(force, "52.1, -1.5") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "proposed"},
        {"status": "refused"},
        {"status": "decommissioned"},
        {"camera_type": "bwv", "latitude": None, "longitude": None},
        {"camera_type": "drone", "latitude": None, "longitude": None},
    ],
)
def test_what_is_not_in_use_and_what_moves_is_not_found(force, fields):
    made = camera(council(force), **fields)
    assert (found_by(force), found_by(force, made.location)) == ([], [])


def test_cameras_of_a_draft_or_closed_system_are_not_found(force):
    for status in ("draft", "closed", "transferred"):
        system = CameraSystemFactory(operator=council(force), status=status)
        CameraFactory(system=system)
    assert found_by(force) == []


def test_the_nearest_come_first_and_those_beyond_the_distance_not_at_all(force):
    operator = council(force)
    metre = Decimal(1) / Decimal(111_195)
    far, near, out = (camera(operator, latitude=LATITUDE + n * metre) for n in (150, 40, 260))
    result = find_cameras(organisation=force, place=POINT, metres=200, reason="Incident 7", by=UserFactory())
    assert [(hit.camera, hit.metres) for hit in result.hits] == [(near, 40), (far, 150)]
    assert out not in [hit.camera for hit in result.hits]


@pytest.mark.parametrize("text", ["Market Street 7", "market street 7", "C0007X", "c0007x", "M32 0TH", "Gorse"])
def test_number_street_ward_and_postcode_are_found_as_they_are_typed(force, text):
    made = camera(
        council(force), operator_ref="C0007X", location="Market Street 7", postcode="M32 0TH", ward="Gorse Hill"
    )
    camera(council(force), operator_ref="Z1", location="Elsewhere", postcode="M1 1AA", ward="Other")
    assert found_by(force, text) == [made]


def test_two_letters_match_a_number_only(force):
    made = camera(council(force), operator_ref="ar", location="Park")
    camera(council(force), operator_ref="9", location="Market")
    assert found_by(force, "ar") == [made]


def test_easting_and_northing_are_the_same_place_as_its_degrees(force):
    made = camera(council(force))
    place = finder.place_of("381196, 396441")
    assert place is not None
    assert (abs(place.latitude - LATITUDE) < Decimal("0.001"), abs(place.longitude - LONGITUDE) < Decimal("0.001")) == (
        True,
        True,
    )
    assert found_by(force, "381196 396441", 100) == [made]


@pytest.mark.parametrize("text", ["-2.28, 53.46", "0, 0", "55.95, -3.19", "999999, 999999"])
def test_a_point_outside_england_and_wales_is_refused_and_not_logged(force, text):
    with pytest.raises(RuleBroken, match="outside England and Wales"):
        found_by(force, text)
    assert FinderSearch.objects.count() == 0


def test_a_camera_looks_towards_a_place_by_its_direction():
    south_of_it = Camera(latitude=LATITUDE - Decimal("0.001"), longitude=LONGITUDE, camera_type="fixed", direction=10)
    place = finder.place_of(POINT)
    assert finder.looks(south_of_it, place) == "looks towards it"
    south_of_it.direction = 200
    assert finder.looks(south_of_it, place) == "looks elsewhere"
    south_of_it.direction = None
    assert finder.looks(south_of_it, place) == "not recorded"
    south_of_it.camera_type = "ptz"
    assert finder.looks(south_of_it, place) == "can be turned"


# --- the log ---


def sign_in(organisation: Organisation, role: Role = Role.POLICE_SPOC) -> Client:
    client = Client()
    client.force_login(member(organisation, role))
    return client


def search(client: Client, organisation: Organisation, **sent: str) -> Any:
    address = reverse("compliance:finder", args=[organisation.slug])
    return client.post(address, {"place": POINT, "metres": "200", "reason": "Incident 7", **sent})


def test_every_search_is_logged_with_its_reason_also_when_it_finds_nothing(force):
    shown = camera(council(force))
    client = sign_in(force)
    assert search(client, force).status_code == 200
    assert search(client, force, place="Nowhere at all").status_code == 200
    rows = FinderSearch.objects.order_by("pk")
    assert list(rows.values_list("place", "metres", "reason", "found")) == [
        (POINT, 200, "Incident 7", 1),
        ("Nowhere at all", None, "Incident 7", 0),
    ]
    assert list(rows[0].operators.all()) == [shown.system.operator]
    entries = TrailEntry.objects.filter(verb="searched")
    assert [entry.organisation_id for entry in entries] == [force.pk, force.pk]
    assert "Incident 7" not in str([entry.after for entry in entries])  # what could name somebody can be erased


def test_who_finds_nothing_is_shown_whom_to_ask(force):
    operator = council(force)
    room = ControlRoomFactory(organisation=operator)
    choose_room(system=camera(operator).system, room=room, starts_on=today(), by=member(operator, Role.SPOC))
    client = sign_in(force)
    asked = [search(client, force, place=place).context["rooms"] for place in ("Nowhere", POINT)]
    assert [[each["name"] for each in rooms] for rooms in asked] == [[room.name], []]


@pytest.mark.parametrize("missing", [{"reason": ""}, {"reason": "  "}, {"place": ""}, {"metres": "90000"}])
def test_without_a_reason_or_a_place_nothing_is_found(force, missing):
    camera(council(force), location="Visible Street")
    response = search(sign_in(force), force, **missing)
    assert (response.status_code, "Visible Street" in response.content.decode()) == (422, False)
    assert FinderSearch.objects.count() == 0


def test_an_address_alone_finds_nothing(force):
    camera(council(force), location="Visible Street")
    url = reverse("compliance:finder", args=[force.slug])
    text = sign_in(force).get(url, {"place": POINT, "metres": "200", "reason": "x"}).content.decode()
    assert ("Visible Street" in text, FinderSearch.objects.count()) == (False, 0)


def test_the_service_refuses_a_search_without_a_reason(force):
    with pytest.raises(Incomplete):
        find_cameras(organisation=force, place=POINT, metres=200, reason=" ", by=UserFactory())


def test_the_operator_reads_who_looked_for_its_cameras_and_others_do_not(force):
    operator, bystander = council(force), council(force)
    camera(operator)
    search(sign_in(force), force, reason="Incident 4711")

    def log_of(organisation: Organisation, role: Role, query: str = "") -> tuple[int, bool]:
        page = sign_in(organisation, role).get(reverse("compliance:finder_log", args=[organisation.slug]) + query)
        return page.status_code, "Incident 4711" in page.content.decode()

    assert log_of(operator, Role.SPOC) == (200, True)
    assert log_of(operator, Role.VIEWER) == (403, False)
    assert log_of(bystander, Role.SPOC) == (200, False)
    assert log_of(force, Role.POLICE_SPOC) == (200, True)
    assert log_of(force, Role.POLICE_SPOC, "?whose=others") == (200, False)


def test_who_searches_too_often_has_to_wait(force):
    client = sign_in(force)
    statuses = [search(client, force, place="Nowhere").status_code for _number in range(31)]
    assert statuses == [200] * 30 + [429]
    assert FinderSearch.objects.count() == 30


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_costs_the_same_for_any_number_of_systems(force, number):
    for _number in range(number):
        camera(council(force))
    client = sign_in(force)
    with CaptureQueriesContext(connection) as found:
        search(client, force)
    reads = [query for query in found if query["sql"].startswith("SELECT")]
    assert len(reads) == 10


def test_a_results_page_names_room_telephone_and_retention(force):
    operator = council(force)
    shown = camera(operator)
    room = ControlRoomFactory(organisation=operator, how_to_ask="Send form 12.")
    choose_room(system=shown.system, room=room, starts_on=today(), by=member(operator, Role.SPOC))
    client = sign_in(force)
    text = search(client, force).content.decode()
    card = f"/workspace/{force.slug}/control-rooms/{room.reference}/"
    for wanted in ("01632 960001", "Send form 12.", "31 days", operator.name, shown.location, card):
        assert wanted in text
    assert client.get(card).status_code == 200

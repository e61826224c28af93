"""The map and its list: what they show, by what they are narrowed, and what is never sent."""

from typing import Any

import pytest

from tests.factories.accounts import OrganisationFactory
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from tests.transparency.test_places import camera, content_of, version_of
from transparency.grid import LAST_ZOOM, place_of, tile_shift
from transparency.map_tiles import MOST_CAMERAS
from transparency.models import PublicCamera
from transparency.services.publish import publish_system
from transparency.services.read_models import refresh

pytestmark = pytest.mark.django_db

ALL_ZOOMS = (5, 8, 12, 13, 14, 16, LAST_ZOOM)


def publish(reference: str, *rows: dict[str, Any], organisation: Any = None, **named: Any) -> Any:
    """A system's page with these frozen rows, and the map of it."""
    owner = organisation or OrganisationFactory(**named)
    version_of(owner, reference, content_of(owner, list(rows)))
    refresh([("system", reference)])
    return owner


def tile(client, zoom: int, query: str = "", prefix: str = "", **at: str) -> dict[str, Any]:
    x, y = place_of(float(at.get("latitude", 51.5)), float(at.get("longitude", -1.25)))
    shift = tile_shift(zoom)
    answer = client.get(f"{prefix}/map/cells/{zoom}/{x >> shift}/{y >> shift}.json{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def counted(found: dict[str, Any]) -> int:
    return sum(cell[2] for cell in found["cells"]) + len(found["cameras"])


def test_far_away_cameras_are_counted_in_cells_and_near_by_they_are_shown(client):
    owner = publish("s", camera("7", type="ptz"), camera("8", "street"), name="Marlbridge")
    [cell] = tile(client, 8)["cells"]
    assert cell[2:] == [1, "1 camera: Marlbridge"]
    assert tile(client, 13) == {
        "cells": [],
        "systems": [[f"/authorities/{owner.slug}/s/", "Marlbridge"]],
        "cameras": [[51.5, -1.25, "7, High Street, pan, tilt and zoom", 0, "7"]],
    }


def test_a_cell_names_who_has_most_of_its_cameras(client):
    publish("s", camera("1"), camera("2"), name="Marlbridge")
    publish("t", camera("3"), name="Otherby")
    [cell] = tile(client, 6)["cells"]
    assert cell[2:] == [3, "3 cameras: Marlbridge and others"]


def test_in_welsh_a_tile_speaks_welsh(client):
    publish("s", camera("1"), camera("2"), name="Caerphilly", name_cy="Caerffili")
    [cell] = tile(client, 6, prefix="/cy")["cells"]
    assert cell[3] == "2 gamera: Caerffili"


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 4),
        ("?type=ptz", 2),
        ("?technology=anpr", 1),
        ("?type=ptz&technology=anpr", 0),
        ("?authority=one", 3),
        ("?authority=one&type=dome", 1),
        ("?authority=nobody", 0),
        ("?type=absurd&technology=absurd&zoom=x", 4),
    ],
)
@pytest.mark.parametrize("zoom", [6, 12, 15])
def test_what_narrows_the_list_narrows_every_tile(client, query, number, zoom):
    publish("s", camera("1"), camera("2", type="dome"), camera("3", type="anpr"), slug="one")
    publish("t", camera("4"), slug="two")
    assert counted(tile(client, zoom, query)) == number


def test_too_many_cameras_for_one_tile_are_counted_however_near(client):
    rows = [camera(str(number)) for number in range(MOST_CAMERAS)]
    owner = publish("s", *rows)
    assert len(tile(client, LAST_ZOOM)["cameras"]) == MOST_CAMERAS
    publish("s", *rows, camera("one more"), organisation=owner)
    for zoom in (13, 15, LAST_ZOOM):
        found = tile(client, zoom)
        assert [cell[2] for cell in found["cells"]] == [MOST_CAMERAS + 1]
        assert not found["cameras"]


def test_every_zoom_counts_the_same_cameras(client):
    publish("s", *(camera(str(number), latitude=f"51.50000{number % 5}", longitude="-1.25") for number in range(9)))
    assert [counted(tile(client, zoom)) for zoom in ALL_ZOOMS] == [9] * len(ALL_ZOOMS)


def test_a_withheld_camera_and_the_place_of_a_street_or_ward_are_in_no_answer(client):
    system = system_of(published())
    cameras_of_every_precision(system)
    publish_system(system=system, by=None)
    refresh([("system", system.reference)])
    exact = PublicCamera.objects.get(x__isnull=False)
    at = {"latitude": str(exact.latitude), "longitude": str(exact.longitude)}
    answers = [str(tile(client, zoom, **at)) for zoom in ALL_ZOOMS]
    for place in ({"latitude": "52.222222", "longitude": "-1.333333"}, {"latitude": "53.111111", "longitude": "-2"}):
        answers += [str(tile(client, zoom, **place)) for zoom in (13, 16, LAST_ZOOM)]
    for address in ("/map/", f"/map/?authority={system.operator.slug}", f"/cy/map/?authority={system.operator.slug}"):
        answers.append(client.get(address).content.decode())
    for planted in ("SECRET", "52.222", "-1.333", "53.111"):
        assert not [answer for answer in answers if planted in answer]
    assert "2 are withheld" in answers[-2]


@pytest.mark.parametrize(
    "address",
    [
        "/map/cells/3/0/0.json",
        "/map/cells/19/0/0.json",
        "/map/cells/5/16/0.json",
        "/map/cells/5/0/16.json",
        f"/map/cells/{10**30}/{10**30}/{10**30}.json",
        f"/map/cells/5/{10**300}/0.json",
        "/map/cells/-5/0/0.json",
        "/map/cells/5/0/.json",
        "/map/cells/5/0/0.xml",
    ],
)
def test_an_absurd_tile_is_not_there(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "query", ["page=-1", f"page={10**40}", "page=x", "authority=%00", "q=%00%ff", "authority=one&q=%25_%5c", "type[]=1"]
)
def test_an_absurd_question_gets_a_page(client, query):
    publish("s", camera("1"), slug="one")
    assert client.get(f"/map/?{query}").status_code == 200


def test_a_tile_may_be_kept_for_a_minute_and_is_not_sent_twice(client):
    publish("s", camera("1"))
    first = client.get("/map/cells/5/7/5.json")
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in first.get("Vary", "")
    again = client.get("/map/cells/5/7/5.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_large_answer_is_packed(client):
    publish("s", *(camera(str(number)) for number in range(100)))
    x, y = place_of(51.5, -1.25)
    shift = tile_shift(14)
    address = f"/map/cells/14/{x >> shift}/{y >> shift}.json"
    assert client.get(address, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(address)


def shown(client, query: str = "", prefix: str = "") -> str:
    return client.get(f"{prefix}/map/{query}").content.decode()


def test_the_list_has_what_the_map_lacks(client):
    publish("s", camera("7"), camera("8", "street"), camera("9", "ward", location=""), slug="one")
    page = shown(client, "?authority=one")
    assert "Of 3 cameras counted, 1 are on the map, 1 are known by street, 1 by ward" in page
    for link in ("/camera/7/", "/camera/8/", "/camera/9/"):
        assert page.count(f"/authorities/one/s{link}") == 1
    assert page.count("known by street, not on the map") == page.count("only the ward is published") == 1


def test_without_an_authority_the_list_is_one_of_authorities(client):
    publish("s", camera("1"), camera("2", "street"), slug="one", name="Marlbridge")
    publish("t", camera("3", type="dome"), slug="two", name="Otherby")
    assert '<a class="govuk-link" href="/map/?authority=one">Marlbridge</a>' in shown(client)
    narrowed = shown(client, "?type=dome")
    assert "?authority=two&amp;type=dome" in narrowed
    assert "?authority=one&amp;type=dome" not in narrowed


@pytest.mark.parametrize(
    ("words", "refs"), [("high", "12"), ("low st", "3"), ("3", "3"), ("castle low", "3"), ("x", "")]
)
def test_the_list_is_found_in_by_place_and_number(client, words, refs):
    publish("s", camera("1"), camera("2"), camera("3", location="Low Street", ward="Castle"), slug="one")
    page = shown(client, f"?authority=one&q={words}")
    assert [ref for ref in "123" if f"/camera/{ref}/" in page] == list(refs)


def test_the_map_stays_in_its_language(client):
    publish("s", camera("1"), slug="one")
    page = shown(client, "?authority=one&type=ptz", prefix="/cy")
    assert 'href="/map/?authority=one&amp;type=ptz"' in page
    assert 'data-cells="/cy/map/cells/"' in page
    assert '"/cy/authorities/one/s/camera/1/"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_and_its_tiles_cost_few_queries(client, django_assert_num_queries, number):
    for index in range(number):
        publish(f"s{index}", *(camera(str(ref)) for ref in range(number)), slug=f"a{index}")
    with django_assert_num_queries(4):
        client.get("/map/")
    with django_assert_num_queries(6):
        client.get("/map/?authority=a0&type=ptz&q=high")
    with django_assert_num_queries(2):
        tile(client, 8)
    with django_assert_num_queries(2):
        tile(client, 15)


def test_places_of_the_map_are_written_in_as_many_ways_as_in_the_search(client):
    publish("s", camera("1", locality="King's Lynn-on-Sea"), slug="one", name="Marlbridge")
    for words in ("kings lynn on sea", "KING’S LYNN", "lynn-on"):
        assert 'href="/map/?authority=one' in shown(client, f"?q={words}")
    for words in ("—", "'"):
        assert 'href="/map/?authority=one' not in shown(client, f"?q={words}")


@pytest.mark.parametrize("words", ["ynys", "YNYS MON", "Ynys Môn"])
def test_an_authority_is_found_by_a_ward_or_town_of_its_cameras(client, words):
    publish("s", camera("1", locality="Ynys Môn"), slug="one", name="Marlbridge")
    publish("t", camera("2"), slug="two", name="Otherby")
    page = shown(client, f"?q={words}")
    assert "1 authority found" in page
    assert "/map/?authority=one&amp;q=" in page


def test_found_by_its_name_it_is_shown_whole(client):
    publish("s", camera("1"), slug="one", name="Marlbridge")
    publish("t", camera("2"), slug="two", name="Otherby")
    assert 'href="/map/?authority=one">Marlbridge</a>' in shown(client, "?q=marl")
    assert 'href="/map/?authority=two"' not in shown(client, "?q=marl")

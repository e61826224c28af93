"""Tiles of the authorities: one each, where they about are, never two in one place, and what is said of them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Kind, Organisation
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import CertificateFactory
from tests.factories.transparency import WELSH_TEXTS, published
from tests.selection import SHARED_DATA
from transparency import pages
from transparency.pages.tiles import tiled
from transparency.services.publish import withdraw_publication
from transparency.tiles import Cell, Place, assigned, cells_for, lay_out, packaged, position

AUTHORITIES = Path(settings.BASE_DIR) / "accounts" / "data" / "authorities.csv"


def places() -> list[Place]:
    """The lower-tier and unitary authorities of the list that comes with the portal."""
    with AUTHORITIES.open(newline="") as lines:
        rows = [
            row for row in csv.DictReader(lines) if row["kind"] != "county" and row["nation"] in ("England", "Wales")
        ]
    return [Place(row["gss_code"], float(row["latitude"]), float(row["longitude"])) for row in rows]


def test_the_layout_is_that_of_the_listed_authorities_and_comes_out_the_same_again():
    assert lay_out(places()) == packaged()


def test_no_two_share_a_cell_and_none_is_far_from_where_it_is():
    assert len(set(packaged().values())) == len(packaged())
    away = []
    for place in places():
        (x, y), cell = position(place), packaged()[place.code]
        away.append(((x - cell.column) ** 2 + (y - cell.row) ** 2) ** 0.5)
    away.sort()
    assert away[len(away) // 2] < 1.5  # half of them within one and a half cells of their middle
    assert away[-1] < 4  # London needs room


@pytest.mark.shared_data
def test_the_tiles_are_the_areas_that_others_draw():
    drawn = json.loads((SHARED_DATA / "maps" / "uk-local-authority-districts-2023.hexjson").read_text())["hexes"]
    renewed = {"E08000016": "E08000038", "E08000019": "E08000039"}  # Barnsley and Sheffield, 2025
    codes = {renewed.get(code, code) for code in drawn if code.startswith(("E", "W"))}
    assert codes == {renewed.get(code, code) for code in packaged()}
    assert len(codes) == 318


def test_a_new_authority_gets_a_free_cell_near_its_middle():
    layout = {"a": Cell(5, 5), "b": Cell(6, 5)}
    where = {"latitude": 55.9 - 5.5 * 21 / 111.2, "longitude": -6.4 + 5.5 * 21 / (111.2 * 0.6087614)}
    cells = cells_for([Place("new", **where), Place("a", **where), Place("newer", **where)], layout)
    assert cells["a"] == Cell(5, 5)
    assert {cells["new"], cells["newer"]} <= {Cell(4, 5), Cell(5, 4), Cell(5, 6)}
    assert cells["new"] != cells["newer"]


def test_no_free_cell_is_nearer_than_the_one_that_is_given():
    places = [Place(f"p{number:02}", 52.5 + number % 7 / 50, -1.5 + number % 5 / 40) for number in range(60)]
    cells = cells_for(places, {})
    taken: set[Cell] = set()
    for place in places:
        x, y = position(place)
        everywhere = [Cell(column, row) for column in range(-5, 40) for row in range(-5, 40)]
        distances = [(round(((x - c.column) ** 2 + (y - c.row) ** 2) * 1_000_000), c) for c in everywhere]
        assert cells[place.code] == min(pair for pair in distances if pair[1] not in taken)[1]
        taken.add(cells[place.code])
    assert len(taken) == 60


def test_the_sum_of_distances_is_the_least():
    assert assigned([[1, 2, 9], [1, 9, 9]]) == [1, 0]
    assert assigned([[4, 1, 3], [2, 0, 5], [3, 2, 2]]) == [1, 0, 2]


# --- the page ---


def council(name: str, code: str, **fields: Any) -> Organisation:
    fields = {"latitude": "51.5", "longitude": "-3.2", **fields}
    return OrganisationFactory(name=name, slug=name.lower(), gss_code=code, nation="wales", **fields)


@pytest.mark.django_db
def test_a_tile_says_in_words_what_is_public_and_is_a_link_with_the_name():
    publishes, certified, gone = council("Publishes", "W1"), council("Certified", "W2"), council("Gone", "W3")
    council("Unknown", "W4")
    council("Shire", "E10", subkind="county")
    published(operator=publishes, **WELSH_TEXTS)
    CertificateFactory(application__operator=certified)
    withdraw_publication(publication=published(operator=gone, **WELSH_TEXTS), by=None, reason="Wrong.")
    html = " ".join((pages.build("/authorities/") or "").split())
    for name, words in {
        "Publishes": "publishes here",
        "Certified": "not here",
        "Gone": "not here",
        "Unknown": "no data",
    }.items():
        assert f'href="/authorities/{name.lower()}/" aria-label="{name}: {words}"' in html
        pattern = ' fill="url(#no-data)"' if words == "no data" else ""
        drawn = html.split(f'aria-label="{name}: {words}"')[1].split("</a>")[0]
        assert f'rx="4"{pattern}/>' in drawn  # told apart by more than colour
    assert html.count('<pattern id="no-data"') == 1
    assert 'aria-label="Shire' not in html  # its districts have the tiles; it stands in the list
    assert (
        '<a class="govuk-link" href="/authorities/shire/">Shire</a> <span class="ccp-names__state">no data</span>'
        in html
    )
    assert "<strong>publishes here</strong> (1)" in html
    assert "<strong>not here</strong> (2)" in html
    assert "<strong>no data</strong> (1)" in html
    assert " style=" not in html
    assert 'aria-label="Publishes: yn cyhoeddi yma"' in (pages.build("/cy/authorities/") or "")


@pytest.mark.django_db
def test_what_is_made_up_counts_in_a_demonstration_only(settings):
    published(operator=council("Madeup", "X1", is_demonstration=True), **WELSH_TEXTS)
    council("Real", "W1")
    settings.PORTAL_DEMONSTRATION = False
    assert "0 of 1 publish here" in (pages.build("/authorities/") or "")
    assert "0 of 1" in (pages.build("/") or "")
    settings.PORTAL_DEMONSTRATION = True
    assert "1 of 2 publish here" in (pages.build("/authorities/") or "")
    assert "1 of 2" in (pages.build("/") or "")


@pytest.mark.django_db
def test_other_organisations_have_headings_and_tallies_of_their_own():
    for name, kind, subkind in (
        ("Trust", Kind.VOLUNTARY_ADOPTER, "nhs"),
        ("Roads", Kind.OTHER_AUTHORITY, "highways"),
        ("Shops", Kind.VOLUNTARY_ADOPTER, ""),
        ("Little Marl", Kind.PARISH_COUNCIL, ""),
    ):
        published(operator=OrganisationFactory(name=name, kind=kind, subkind=subkind))
    html = " ".join((pages.build("/authorities/") or "").split())
    places = [
        html.index(f'id="{key}">{heading}</h3> <p class="ccp-meta">1 publishes here</p>')
        for key, heading in (
            ("parish-council", "Parish, town and community councils"),
            ("highways", "Highways"),
            ("nhs", "National Health Service"),
            ("voluntary-adopter", "Voluntary adopters of the Code"),
        )
    ]
    assert places == sorted(places)
    assert "0 of 0 publish here" in html


@pytest.mark.django_db
def test_those_without_a_place_or_code_are_in_the_list_only():
    OrganisationFactory(name="Nowhere", latitude=None)
    OrganisationFactory(name="Codeless", gss_code=None, latitude="51", longitude="-1")
    assert {row.name for row in tiled()} == {"Nowhere", "Codeless"}
    html = pages.build("/authorities/") or ""
    assert 'aria-label="Nowhere' not in html
    assert ">Nowhere</a>" in html
    assert ">Codeless</a>" in html

"""The shipped tables of authorities and forces: counts, codes, names, places and the force of each authority."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "accounts" / "data"
AUTHORITY_COLUMNS = [
    "gss_code",
    "name_en",
    "name_cy",
    "official_name",
    "kind",
    "nation",
    "region",
    "latitude",
    "longitude",
    "police_force_gss",
    "former_gss_codes",
    "starts_on",
]
FORCE_COLUMNS = ["gss_code", "slug", "name_en", "name_cy", "principal_authorities"]
KIND_OF_PREFIX = {
    "E06": "unitary",
    "E07": "non_metropolitan_district",
    "E08": "metropolitan_district",
    "E10": "county",
    "W06": "welsh_unitary",
}
# Bounding boxes of the regions (south, north, west, east) in degrees, generous by a few kilometres.
REGION_BOX = {
    "East Midlands": (51.9, 53.7, -2.1, 0.5),
    "East of England": (51.4, 53.1, -0.8, 1.9),
    "London": (51.2, 51.8, -0.6, 0.4),
    "North East": (54.4, 55.9, -2.8, -0.7),
    "North West": (52.9, 55.3, -3.7, -1.8),
    "South East": (50.5, 52.3, -2.0, 1.6),
    "South West": (49.8, 52.2, -6.5, -1.4),
    "Wales": (51.3, 53.5, -5.4, -2.6),
    "West Midlands": (51.8, 53.3, -3.3, -1.1),
    "Yorkshire and The Humber": (53.2, 54.7, -2.7, 0.3),
}


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def authorities() -> list[dict[str, str]]:
    return rows_of("authorities.csv")


@pytest.fixture(scope="module")
def forces() -> list[dict[str, str]]:
    return rows_of("forces.csv")


def test_columns_are_the_contract(authorities: list[dict[str, str]], forces: list[dict[str, str]]) -> None:
    assert list(authorities[0]) == AUTHORITY_COLUMNS
    assert list(forces[0]) == FORCE_COLUMNS


def test_principal_authorities_by_kind(authorities: list[dict[str, str]]) -> None:
    assert Counter(row["kind"] for row in authorities) == {
        "non_metropolitan_district": 164,
        "unitary": 63,
        "metropolitan_district": 36,
        "london_borough": 32,
        "welsh_unitary": 22,
        "county": 21,
        "city_of_london": 1,
    }
    assert Counter(row["nation"] for row in authorities) == {"England": 317, "Wales": 22}


def test_codes_are_unique_sorted_and_agree_with_the_kind(authorities: list[dict[str, str]]) -> None:
    codes = [row["gss_code"] for row in authorities]
    assert codes == sorted(set(codes))
    for row in authorities:
        assert re.fullmatch(r"[EW]\d{8}", row["gss_code"])
        if row["gss_code"].startswith("E09"):
            expected = "city_of_london" if row["gss_code"] == "E09000001" else "london_borough"
        else:
            expected = KIND_OF_PREFIX[row["gss_code"][:3]]
        assert row["kind"] == expected, row["name_en"]


def test_former_codes_are_nobodys_present_code(authorities: list[dict[str, str]]) -> None:
    former = {row["gss_code"]: row["former_gss_codes"].split("|") for row in authorities if row["former_gss_codes"]}
    assert former["E08000038"] == ["E08000016"]  # Barnsley, 2025
    assert former["E08000039"] == ["E08000019"]  # Sheffield, 2025
    past = [code for codes in former.values() for code in codes]
    assert len(past) == len(set(past))
    assert not set(past) & {row["gss_code"] for row in authorities}


def test_every_authority_has_exactly_one_known_force(
    authorities: list[dict[str, str]], forces: list[dict[str, str]]
) -> None:
    counted = Counter(row["police_force_gss"] for row in authorities)
    assert counted == {row["gss_code"]: int(row["principal_authorities"]) for row in forces}
    assert sum(counted.values()) == 339


def test_forces_of_wales_police_wales_only(authorities: list[dict[str, str]]) -> None:
    for row in authorities:
        assert row["police_force_gss"][0] == row["gss_code"][0], row["name_en"]


def test_forces_are_43_with_four_in_wales(forces: list[dict[str, str]]) -> None:
    codes = [row["gss_code"] for row in forces]
    assert len(codes) == 43
    assert codes == sorted(set(codes))
    assert len({row["slug"] for row in forces}) == 43
    assert {row["gss_code"]: row["name_cy"] for row in forces if row["name_cy"]} == {
        "W15000001": "Heddlu Gogledd Cymru",
        "W15000002": "Heddlu Gwent",
        "W15000003": "Heddlu De Cymru",
        "W15000004": "Heddlu Dyfed-Powys",
    }


def test_welsh_names_for_wales_and_nowhere_else(authorities: list[dict[str, str]]) -> None:
    for row in authorities:
        assert bool(row["name_cy"]) == (row["nation"] == "Wales"), row["name_en"]


def test_names_are_present_tidy_and_unique(authorities: list[dict[str, str]]) -> None:
    names = [row["name_en"] for row in authorities]
    assert len(names) == len(set(names))
    for row in authorities:
        for column in ("name_en", "official_name", "name_cy"):
            assert row[column] == " ".join(row[column].split())
            assert "\ufffd" not in row[column]
        assert row["name_en"]
        assert row["official_name"]


def test_centres_lie_in_their_region(authorities: list[dict[str, str]]) -> None:
    """County centres are wrong by up to 190 km in the source; this would notice them."""
    assert {row["region"] for row in authorities} == set(REGION_BOX)
    for row in authorities:
        south, north, west, east = REGION_BOX[row["region"]]
        assert re.fullmatch(r"\d+\.\d{5}", row["latitude"])
        assert re.fullmatch(r"-?\d+\.\d{5}", row["longitude"])
        assert south < float(row["latitude"]) < north, row["name_en"]
        assert west < float(row["longitude"]) < east, row["name_en"]


def test_counties_lie_among_the_districts_of_their_force(authorities: list[dict[str, str]]) -> None:
    for county in (row for row in authorities if row["kind"] == "county"):
        places = [
            (float(row["latitude"]), float(row["longitude"]))
            for row in authorities
            if row["police_force_gss"] == county["police_force_gss"] and row["kind"] != "county"
        ]
        latitudes, longitudes = zip(*places, strict=True)
        assert min(latitudes) < float(county["latitude"]) < max(latitudes), county["name_en"]
        assert min(longitudes) < float(county["longitude"]) < max(longitudes), county["name_en"]


def test_starting_dates_are_first_of_april_or_empty(authorities: list[dict[str, str]]) -> None:
    for row in authorities:
        if row["starts_on"]:
            starts_on = date.fromisoformat(row["starts_on"])
            assert (starts_on.month, starts_on.day) == (4, 1), row["name_en"]

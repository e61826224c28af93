"""The page of surveys: what others reported, in both languages, and as data."""

import csv
import io

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_reported_figures_are_marked_as_reported_without_a_rate(client: Client) -> None:
    page = client.get("/surveys/").content.decode()

    assert "Reported, not counted by the portal" in page
    assert all(text in page for text in ("183", "More than 6,000", "More than 80,000", "20 October 2020"))
    assert "%" not in page.split("<main")[1].split("</main")[0]


def test_the_page_in_welsh(client: Client) -> None:
    page = client.get("/cy/surveys/").content.decode()

    assert "Mwy na 80,000" in page
    assert "awdurdodau a atebodd" in page


def test_the_figures_as_data(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/surveys/reported.csv").content.decode("utf-8-sig"))))
    told = client.get("/surveys/reported.json").json()

    assert [(row["figure"], row["number"], row["more_than"]) for row in rows] == [
        ("answering", "183", "no"),
        ("systems", "6000", "yes"),
        ("cameras", "80000", "yes"),
    ]
    assert told["figures"] == rows
    assert told["counted_by_the_portal"] is False

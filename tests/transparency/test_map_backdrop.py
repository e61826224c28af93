"""What lies behind the cameras: an outline of our own, and pictures of streets only where they were asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ccp_portal.environment import ROOT

OUTLINE = Path(settings.BASE_DIR) / "static/maps/authorities-2025.topo.json"
STREETS = "https://tiles.example/{z}/{x}/{y}.png"


def test_the_outline_has_every_lower_tier_and_unitary_authority():
    areas = json.loads(OUTLINE.read_text())["objects"]["authorities"]["geometries"]
    codes = {area["id"] for area in areas}
    assert (len(areas), len(codes)) == (318, 318)
    assert {code[0] for code in codes} == {"E", "W"}
    assert sum(code[0] == "W" for code in codes) == 22


def test_its_licence_lies_beside_it():
    assert "Open Government Licence v3.0" in (OUTLINE.parent / "LICENCE.md").read_text()


@pytest.mark.django_db
def test_the_map_asks_no_other_server_and_names_whose_outline_it_is(client):
    answer = client.get("/map/")
    page = answer.content.decode()
    assert "data-tiles" not in page
    assert "Contains OS data © Crown copyright and database right 2025." in page
    assert "img-src 'self' data:" in answer["Content-Security-Policy"].split("; ")


@pytest.mark.django_db
def test_pictures_of_streets_are_named_with_the_server_that_learns_who_looks(client, settings):
    settings.PORTAL_TILES_URL, settings.PORTAL_TILES_HOST = STREETS, "tiles.example"
    settings.PORTAL_TILES_ATTRIBUTION = "© Somebody <b>"
    page = client.get("/map/").content.decode()
    assert f'data-tiles="{STREETS}" data-attribution="© Somebody &lt;b&gt;"' in page
    assert "learns your address on the internet: tiles.example" in page


def started_with(**environ: str) -> subprocess.CompletedProcess[str]:
    given = {"SECRET_KEY": "x" * 60, "PATH": "", "PYTHONPATH": str(ROOT), **environ}
    told = "import ccp_portal.settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    command = [sys.executable, "-c", told]
    return subprocess.run(command, env=given, cwd=ROOT, capture_output=True, text=True, check=False)


def test_they_open_the_policy_for_their_server_and_no_other():
    done = started_with(PORTAL_TILES_URL=STREETS, PORTAL_TILES_ATTRIBUTION="© Somebody")
    assert done.stdout.strip() == "[\"'self'\", 'data:', 'https://tiles.example']", done.stderr


@pytest.mark.parametrize(
    "environ",
    [
        {"PORTAL_TILES_URL": STREETS},
        {"PORTAL_TILES_URL": "https://tiles.example/all.png", "PORTAL_TILES_ATTRIBUTION": "x"},
        {"PORTAL_TILES_URL": "https://a.example; script-src */{z}/{x}/{y}", "PORTAL_TILES_ATTRIBUTION": "x"},
        {"PORTAL_TILES_URL": "javascript:{z}{x}{y}", "PORTAL_TILES_ATTRIBUTION": "x"},
    ],
)
def test_half_a_setting_or_a_wrong_one_stops_the_start(environ):
    done = started_with(**environ)
    assert done.returncode != 0
    assert "ImproperlyConfigured: PORTAL_TILES_URL" in done.stderr

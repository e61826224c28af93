"""What was public and is withheld by the next version is in no public byte from then on: not in old versions either."""

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from compliance.models import Camera
from compliance.models.camera import Precision
from core import jobs
from slas.models import Side
from slas.services import negotiation
from slas.services.drafting import send
from slas.services.negotiation import Wording
from slas.services.redacting import set_redaction
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from tests.factories.slas import drafted
from tests.factories.transparency import spoc_of
from tests.security.test_public_leaks import everything_public, unpacked
from transparency.addresses import all_paths
from transparency.grid import LAST_ZOOM, place_of, tile_shift
from transparency.languages import both
from transparency.services import open_data
from transparency.services.publish import publish_system
from transparency.services.publish_agreement import publish_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PLACE, REF, LATITUDE, LONGITUDE = "Zqrefuge Court", "ZQ77", "52.123457", "-1.234568"
SECRETS = [each.lower().encode() for each in (PLACE, REF, LATITUDE, LONGITUDE, "zqrefuge")]


def told(folders: list[Path], *addresses: str) -> set[str]:
    """Public addresses and files in which something of the camera stands, asked from these addresses on."""
    start = iter([*addresses, *both(all_paths())])
    contents = [(urlsplit(address).path, address, content) for address, content in everything_public(start)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    contents += [(path.name, str(path), path.read_bytes()) for path in files]
    return {
        where
        for name, where, content in contents
        for part in unpacked(name, content)
        if any(secret in part.lower() for secret in SECRETS)
    }


def tiles_of(camera: Camera) -> list[str]:
    """The tiles of the map in which it stands by name, at the nearest zooms."""
    x, y = place_of(float(camera.latitude), float(camera.longitude))
    shifts = [(zoom, tile_shift(zoom)) for zoom in (13, LAST_ZOOM)]
    return [f"/map/cells/{zoom}/{x >> shift}/{y >> shift}.json" for zoom, shift in shifts]


def test_a_camera_that_is_withheld_later_is_gone_from_all_that_is_public(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(open_data, "REST", 0)  # the national files do not wait for their turn
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, operator_ref="11", location="High Street", precision=Precision.EXACT)
    camera = CameraFactory(
        system=system,
        operator_ref=REF,
        location=PLACE,
        latitude=LATITUDE,
        longitude=LONGITUDE,
        precision=Precision.EXACT,
    )
    publication = publish_system(system=system, by=spoc_of(system))
    jobs.drain()
    place = f"{publication.path}camera/{REF.lower()}/"
    asked = ["/search/?q=zqrefuge", f"/map/?authority={system.operator.slug}", "/api/v1/cameras/?page_size=500", place]
    asked += [f"{publication.path}versions/", f"{publication.path}cameras/", *tiles_of(camera)]
    public = Path(settings.PUBLIC_ROOT)
    seen = told([public], *asked)
    assert {place, f"{publication.path}cameras/", *tiles_of(camera)} <= seen  # it was there to be seen

    camera.precision, camera.withheld_reason, camera.withheld_post = Precision.WITHHELD, "Refuge", "Head of Safety"
    camera.withheld_review_on = dt.date(2099, 1, 31)
    camera.save()
    publish_system(system=system, by=spoc_of(system))
    jobs.drain()
    call_command("export_open_data", str(tmp_path / "export"))
    left = told([public, tmp_path / "export"], *asked)
    assert left <= set(both(["/search/?q=zqrefuge"]))  # which repeats what was looked for, and has nothing
    assert b"Nothing found" in Client().get("/search/?q=zqrefuge").content


def test_a_clause_that_is_withheld_later_is_gone_from_all_that_is_public(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(open_data, "REST", 0)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    table = drafted()
    words = {"values": {"days": 31, "hold_days": 30}, "text": PLACE, "text_cy": PLACE, "is_own_wording": True}
    clause = table.clause("retention_hold")
    negotiation.save_draft(clause=clause, party=table.council, wording=Wording(**words), by=table.spoc)
    send(agreement=table.again(), party=table.council, by=table.spoc)
    table.accept(Side.POLICE, "purpose", "retention_hold", "term_review")
    for side in Side:
        table.confirm(side)
    for side in Side:
        table.sign(side)
    whose = {"agreement": table.again(), "party": table.council, "by": table.spoc}
    publication = publish_agreement(**whose)
    jobs.drain()
    page = publication.path
    asked = [page, f"{page}versions/", f"{page}agreement.pdf", "/agreements/", "/api/v1/agreements/"]
    asked += [f"/api/v1/publications/{publication.reference}/", "/search/?q=zqrefuge", "/api/v1/publications/"]
    public = Path(settings.PUBLIC_ROOT)
    seen = told([public], *asked)
    assert {page, f"/cy{page}", f"{page}agreement.pdf", f"/api/v1/publications/{publication.reference}/"} <= seen

    set_redaction(**whose, clause_key="retention_hold", reason="operational")
    jobs.drain()
    call_command("export_open_data", str(tmp_path / "export"))
    left = told([public, tmp_path / "export"], *asked)
    assert left <= set(both(["/search/?q=zqrefuge"]))
    assert b"Zqrefuge" not in Client().get(page).content

"""The disclosure bundle: what the public has of one authority, byte for byte, for SPOC and DPO to hand over."""

import hashlib
import io
import json
import zipfile

import pytest
from django.urls import reverse

from accounts.models import Organisation, Role
from core import jobs
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import cameras_of_every_precision, published
from transparency.open_data.places import folder_of
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Organisation:
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    published()  # of somebody else
    return publish_system(system=system, by=None).organisation


def taken(client, operator: Organisation, role: Role = Role.SPOC) -> dict[str, bytes]:
    client.force_login(member(operator, role))
    answer = client.get(reverse("publishing:bundle", args=[operator.slug]))
    assert answer["Content-Disposition"] == f'attachment; filename="open-data-{operator.slug}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_the_public_bytes_with_their_hashes(client, operator):
    jobs.drain()
    files = taken(client, operator, Role.DPO)
    client.logout()
    for name, content in files.items():
        assert client.get(f"{folder_of(operator.slug)}{name}").getvalue() == content, name
    hashes = {entry["name"]: entry["sha256"] for entry in json.loads(files.pop("manifest.json"))["files"]}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == hashes
    assert {"systems.csv", "cameras.csv", "withheld.csv", "publications.csv", "data.jsonld"} <= set(files)
    assert b"Protected premises" in files["withheld.csv"]
    assert not [name for name, content in files.items() if b"SECRET" in content]


def test_before_a_worker_has_made_a_bundle_it_is_promised_and_that_is_said(client, operator):
    client.force_login(member(operator, Role.SPOC))
    answer = client.get(reverse("publishing:bundle", args=[operator.slug]), follow=True)
    assert "The disclosure bundle is being made" in answer.content.decode()
    jobs.drain()
    assert taken(client, operator)


def test_a_bundle_follows_what_is_published_next(client, operator):
    jobs.drain()
    before = taken(client, operator)
    CameraFactory(system=operator.camera_systems.get(), operator_ref="NEW1", location="New Street", precision="exact")
    publish_system(system=operator.camera_systems.get(), by=None)
    jobs.drain()
    after = taken(client, operator)
    assert b"New Street" in after["cameras.csv"]
    assert b"New Street" not in before["cameras.csv"]


def test_who_answers_requests_is_offered_the_bundle(client, operator):
    address = reverse("publishing:bundle", args=[operator.slug])
    offered = {}
    for role in (Role.SPOC, Role.DPO, Role.VIEWER):
        client.force_login(member(operator, role))
        offered[role] = address in client.get(reverse("publishing:publications", args=[operator.slug])).content.decode()
    assert offered == {Role.SPOC: True, Role.DPO: True, Role.VIEWER: False}

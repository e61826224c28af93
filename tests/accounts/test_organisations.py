"""Organisations: addresses that stay, codes that are unique, facts that are recorded; what of them is public."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Kind, Organisation
from accounts.services.organisations import change_facts, create_organisation, link_police_forces, unique_slug
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Trafford", "trafford"),
        ("King's Lynn and West Norfolk", "kings-lynn-and-west-norfolk"),
        ("Ynys Môn", "ynys-mon"),
        ("Inbox", "inbox-2"),
        ("Administration", "administration-2"),
        ("警察", "organisation"),
        ("x" * 200, "x" * 76),
    ],
)
def test_an_address_is_made_from_the_name(name: str, slug: str) -> None:
    assert unique_slug(name) == slug


def test_an_address_is_nobody_elses() -> None:
    OrganisationFactory(slug="kent")
    OrganisationFactory(slug="kent-2")
    assert unique_slug("Kent") == "kent-3"


def test_creating_is_recorded_and_judged() -> None:
    body = create_organisation(kind=Kind.CERTIFICATION_BODY, name=" Assure  Ltd ", by=None)
    assert (body.name, body.slug, body.gss_code, body.runs_cameras) == ("Assure Ltd", "assure-ltd", None, False)
    assert TrailEntry.objects.get().after["name"] == "Assure Ltd"
    OrganisationFactory(gss_code="E99000001")
    for values in (
        {"name": ""},
        {"name": "x", "kind": "kingdom"},
        {"name": "ASSURE LTD"},
        {"name": "x", "gss_code": "E99000001"},
        {"name": "x", "slug": "assure-ltd"},
        {"name": "x", "slug": "inbox"},
    ):
        with pytest.raises(RuleBroken):
            create_organisation(**{"kind": Kind.CERTIFICATION_BODY, "by": None, **values})
    with pytest.raises(TypeError):
        create_organisation(kind=Kind.CERTIFICATION_BODY, name="x", by=None, is_staff=True)
    assert Organisation.objects.count() == 2


def test_only_facts_that_differ_are_written() -> None:
    organisation = OrganisationFactory(region="North West")
    assert not change_facts(organisation=organisation, by=None, region="North West")
    assert change_facts(organisation=organisation, by=None, region="North East", nation=organisation.nation)
    entry = TrailEntry.objects.get()
    assert (entry.before, entry.after) == ({"region": "North West"}, {"region": "North East"})


def test_what_is_made_up_for_training_is_so_from_the_beginning_or_never() -> None:
    practice = create_organisation(kind=Kind.PRINCIPAL_AUTHORITY, name="Practice", is_training=True, by=None)
    assert not practice.is_counted
    for value in (True, False):
        with pytest.raises(TypeError):
            change_facts(organisation=practice, by=None, is_training=value)
    practice.refresh_from_db()
    assert practice.is_training


def test_only_a_force_is_the_force_of_an_area() -> None:
    authority: Any = OrganisationFactory()
    force: Any = PoliceForceFactory()
    council: Any = OrganisationFactory()
    link_police_forces(organisation=authority, forces=[force], by=None)
    assert list(authority.police_forces.all()) == [force]
    with pytest.raises(RuleBroken):
        link_police_forces(organisation=authority, forces=[council], by=None)


# --- the public API ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_api_lists_facts_and_nothing_about_people(
    rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    OrganisationFactory.create_batch(rows, is_demonstration=True, former_gss_codes=["E01000001"])
    PoliceForceFactory()
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/authorities/")
    assert len(answer.json()["results"]) == rows
    assert set(answer.json()["results"][0]) == {
        "slug",
        "kind",
        "gss_code",
        "name",
        "name_cy",
        "official_name",
        "subkind",
        "nation",
        "region",
        "latitude",
        "longitude",
        "starts_on",
        "ends_on",
    }
    assert not answer.cookies


def test_the_api_is_paged_by_cursor_and_capped(client: Client) -> None:
    OrganisationFactory.create_batch(3)
    first = client.get("/api/v1/authorities/?page_size=2").json()
    assert len(first["results"]) == 2
    second = client.get(first["next"]).json()
    assert len(second["results"]) == 1
    assert len({o["slug"] for o in first["results"] + second["results"]}) == 3
    for size in ("100000", "0", "-1", "x", "9" * 40):
        assert client.get(f"/api/v1/authorities/?page_size={size}").status_code == 400
    assert client.get("/api/v1/authorities/?cursor=forged").status_code == 400


def test_the_api_only_reads(client: Client) -> None:
    organisation = OrganisationFactory()
    url = f"/api/v1/authorities/{organisation.slug}/"
    assert client.get(url).json()["slug"] == organisation.slug
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(url)
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/authorities/nowhere/").status_code == 404

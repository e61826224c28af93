"""After a reorganisation old addresses lead to the new ones, for everybody in public, in workspaces for the members."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Organisation, Role
from accounts.services.organisations import create_organisation, unique_slug
from core import jobs
from core.dates import today
from core.errors import RuleBroken
from strategy.reorganisation_files import Plan, Successor
from strategy.services.reorganising import reorganise
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import CameraSystemFactory
from tests.factories.documents import published_document
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from transparency.map_choice import MapChoice
from transparency.models import Subscription
from transparency.services.publish import publish_system
from transparency.services.subscriptions import subscribe

pytestmark = pytest.mark.django_db


def reorganised(kind: str, before: list[Organisation], *after: str, **more: object) -> None:
    successors = tuple(Successor(slug, name=f"{slug.title()} Council") for slug in after)
    plan = Plan(kind, today(), tuple(body.slug for body in before), successors, **{"systems": {}, **more})
    reorganise(plan, None)
    jobs.drain()


@pytest.fixture
def joined():
    """Two councils became one; each had a page, the first a document too."""
    east, west = OrganisationFactory(slug="east"), OrganisationFactory(slug="west")
    first, second = published(operator=east, slug="quay"), published(operator=west, slug="market")
    cameras_of_every_precision(system_of(first))
    first = publish_system(system=system_of(first), by=None)
    document = published_document(organisation=east)
    jobs.drain()
    reorganised("join", [east, west], "both")
    return first, second, document


def leads(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 301, (address, response.status_code)
    assert client.get(response["Location"]).status_code in (200, 302), response["Location"]
    return response["Location"]


def test_every_public_address_leads_to_the_new_one_in_both_languages(client, joined):
    code = joined[2].reference.lower()
    for root in ("", "/cy"):
        assert leads(client, f"{root}/authorities/east/") == f"{root}/authorities/both/"
        assert leads(client, f"{root}/authorities/west/market/") == f"{root}/authorities/both/market/"
        assert leads(client, f"{root}/authorities/east/quay/versions/") == f"{root}/authorities/both/quay/versions/"
        assert leads(client, f"{root}/authorities/east/quay/cameras/").endswith("/authorities/both/quay/cameras/")
        assert leads(client, f"{root}/authorities/east/documents/{code}/").startswith(f"{root}/authorities/both/")
    assert leads(client, "/authorities/east/quay/camera/ex1/") == "/authorities/both/quay/camera/ex1/"
    assert leads(client, "/feeds/authorities/east.atom") == "/feeds/authorities/both.atom"
    assert leads(client, "/authorities/east/open-data/") == "/authorities/both/open-data/"
    assert leads(client, "/authorities/east/?from=sign") == "/authorities/both/?from=sign"


def test_only_reading_is_led_on_and_what_never_was_stays_unknown(client, joined):
    assert client.post("/authorities/east/").status_code != 301
    assert client.head("/authorities/east/").status_code == 301
    for unknown in ("/authorities/north/", "/authorities/both/nothing/", "/certificates/PS-NONE/"):
        assert client.get(unknown).status_code == 404


def test_no_file_stays_at_the_old_addresses_and_the_new_page_says_what_it_came_out_of(client, joined):
    root = Path(settings.PUBLIC_ROOT)
    old = [path for slug in ("east", "west") for path in (root / "authorities" / slug).rglob("*") if path.is_file()]
    assert old == []
    assert (root / "authorities/both/quay/index.html").is_file()
    html = (root / "authorities/both/index.html").read_text()
    for organisation in Organisation.objects.filter(slug__in=["east", "west"]):
        assert organisation.name in html
    index = client.get("/authorities/").content.decode()
    assert "/authorities/both/" in index
    assert "/authorities/east/" not in index
    assert "/authorities/east/" not in client.get("/sitemap.xml").content.decode()


def test_an_address_is_never_given_to_somebody_else(joined):
    with pytest.raises(RuleBroken):
        create_organisation(kind="principal_authority", name="East", slug="east", by=None)
    OrganisationFactory(slug="renamed-from")
    reorganised("rename", [Organisation.objects.get(slug="renamed-from")], "renamed-to")
    assert unique_slug("Renamed from") == "renamed-from-2"
    with pytest.raises(RuleBroken):
        create_organisation(kind="principal_authority", name="Another", slug="renamed-from", by=None)


def test_a_renamed_council_is_found_through_each_name_that_it_had(client):
    council = OrganisationFactory(slug="one")
    published(operator=council, slug="quay")
    reorganised("rename", [council], "two")
    reorganised("rename", [Organisation.objects.get(pk=council.pk)], "three")
    assert leads(client, "/authorities/one/quay/") == "/authorities/three/quay/"
    assert leads(client, "/authorities/two/") == "/authorities/three/"


def test_of_a_split_systems_lead_on_and_the_old_page_names_the_successors(client):
    county = OrganisationFactory(slug="county")
    publication, document = published(operator=county, slug="quay"), published_document(organisation=county)
    reference = publication.subject_reference
    reorganised("split", [county], "north", "south", systems={reference: "north"}, rest="south")
    assert leads(client, "/authorities/county/quay/") == "/authorities/north/quay/"
    code = document.reference.lower()
    assert leads(client, f"/authorities/county/documents/{code}/") == f"/authorities/south/documents/{code}/"
    html = client.get("/authorities/county/").content.decode()
    assert "/authorities/north/" in html
    assert "/authorities/south/" in html


def test_members_are_led_to_the_workspace_of_the_successor_and_nobody_else_is():
    east, west = OrganisationFactory(slug="east"), OrganisationFactory(slug="west")
    system = CameraSystemFactory(operator=east)
    mine, stranger = Client(), Client()
    mine.force_login(member(east, Role.SPOC))
    stranger.force_login(member(OrganisationFactory(), Role.SPOC))
    anonymous = Client()
    address = f"/workspace/east/systems/{system.reference}/"
    assert mine.get(address).status_code == 200
    reorganised("join", [east, west], "both")
    assert mine.get(address)["Location"] == f"/workspace/both/systems/{system.reference}/"
    assert mine.get(f"{address}?page=2")["Location"].endswith("?page=2")
    assert mine.get(address, follow=True).status_code == 200
    assert mine.get("/workspace/west/")["Location"] == "/workspace/both/"
    assert stranger.get(address).status_code == 404
    assert "/workspace/both/" not in anonymous.get(address)["Location"]
    assert mine.post(address).status_code != 302


def test_of_a_split_people_of_both_successors_choose():
    county = OrganisationFactory(slug="county")
    person = member(county, Role.SPOC)
    client = Client()
    client.force_login(person)
    reorganised("split", [county], "north", "south", people={person.email: ("north", "south")}, rest="south")
    assert client.get("/workspace/county/systems/")["Location"] == "/workspace/"


def test_training_organisations_are_not_betrayed(client):
    made_up = OrganisationFactory(slug="practice", is_training=True)
    reorganised("rename", [made_up], "practised")
    assert client.get("/authorities/practice/").status_code == 404


def test_the_day_before_nothing_leads_on(client):
    council = OrganisationFactory(slug="standing")
    plan = Plan("rename", today() + dt.timedelta(days=1), ("standing",), (Successor("gone", name="Gone"),), {})
    with pytest.raises(RuleBroken):
        reorganise(plan, None)
    assert client.get("/authorities/standing/").status_code == 200
    assert council.slug == "standing"


def test_what_names_an_old_address_in_a_parameter_means_the_successor(client, joined):
    both = Organisation.objects.get(slug="both")
    for slug in ("both", "east", "west"):
        assert Organisation.objects.at(slug) == both
        choice = MapChoice.of({"authority": slug})
        assert (choice.authority, choice.organisation) == ("both", both.pk)
        assert both.name in client.get(f"/ask-about-cameras/letter/?authority={slug}").content.decode()
        subscribe(kind="authority", key=slug, email=f"{slug}@reader.example", language="en")
    assert set(Subscription.objects.values_list("key", flat=True)) == {"both"}
    assert MapChoice.of({"authority": "nobody"}).organisation == 0

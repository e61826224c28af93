"""What everybody reads of agreements: the page, the register, uptake, lists, search, open data, the API."""

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from core import jobs
from slas.models import Agreement, NoAgreement
from slas.signals import agreement_changed
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import active_system
from tests.factories.slas import Table, signed
from tests.transparency.test_agreement_publishing import (
    current,
    promise_figures,
    publish,
    published,
    with_figures,
    withhold,
)
from transparency.open_data.places import NATIONAL, folder_of, public_folder
from transparency.pages import build
from transparency.pages.agreements import agreements_on
from transparency.search.finding import find
from transparency.services import open_data
from transparency.services.publish_agreement import withdraw_agreement

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 5, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views.agreements", "api.agreements"):
        monkeypatch.setattr(f"transparency.{module}.today", lambda: DAY)


def page(client: Client, table: Table, root: str = "") -> str:
    return client.get(f"{root}/agreements/{table.agreement.reference}/").content.decode()


def ended(table: Table, **fields: Any) -> None:
    Agreement.objects.filter(pk=table.agreement.pk).update(**fields)
    agreement_changed.send(sender=Agreement, agreement=table.again())
    jobs.drain()


def test_the_page_has_parties_days_clauses_with_anchors_and_the_reason_of_what_is_withheld(client):
    table = signed()
    withhold(table, details="It names the room.")
    publish(table)
    html = page(client, table)
    assert "The agreement is in force today." in html
    assert table.council.organisation.name in html
    assert table.force.organisation.name in html
    assert 'id="clause-purpose"' in html
    assert "Why the cameras are there." in html
    assert "It names the room." in html
    assert "31 days" not in html
    assert "Chief Superintendent" in html
    assert table.signatory.name not in html


def test_the_page_is_in_welsh_with_the_welsh_text(client):
    html = page(client, published(), "/cy")
    assert "Mae&#x27;r cytundeb mewn grym heddiw." in html
    assert "Why the cameras are there. (cy)" in html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": dt.date(2027, 4, 30)}, "Its last day was 30 April 2027."),
        ({"ends_on": dt.date(2027, 5, 20)}, "Its last day is 20 May 2027."),
        ({"starts_on": dt.date(2027, 6, 1)}, "comes into force on 1 June 2027."),
        ({"status": "replaced", "replaced_from": dt.date(2027, 1, 1)}, "took its place on 1 January 2027."),
        ({"status": "terminated", "ends_early_on": dt.date(2027, 2, 1)}, "its last day was 1 February 2027."),
        ({"status": "terminated", "ends_early_on": dt.date(2027, 9, 1)}, "its last day is 1 September 2027."),
        ({"review_on": dt.date(2027, 4, 30)}, "The day on which the parties were to review it has passed."),
    ],
)
def test_the_standing_is_that_of_the_day_and_old_ones_remain(client, fields, words):
    table = published()
    ended(table, **fields)
    assert words in page(client, table)
    assert table.agreement.reference in client.get("/agreements/").content.decode()


def test_a_reference_in_small_letters_leads_on_and_an_unknown_one_is_not_found(client):
    table = published()
    answer = client.get(f"/agreements/{table.agreement.reference.lower()}/")
    assert answer.headers["Location"] == f"/agreements/{table.agreement.reference}/"
    assert client.get("/agreements/AG-NOTHING/").status_code == 404
    assert client.get(f"/agreements/{signed().agreement.reference}/").status_code == 404


def test_a_withdrawn_one_says_so_and_nothing_else(client):
    table = published()
    withdraw_agreement(publication=current(table), party=table.council, by=table.spoc, reason="Names a place.")
    answer = client.get(f"/agreements/{table.agreement.reference}/")
    assert answer.status_code == 410
    assert "Names a place." in answer.content.decode()
    assert "Why the cameras are there." not in answer.content.decode()
    assert table.agreement.reference not in client.get("/agreements/").content.decode()


def test_versions_are_told_without_hashes_of_what_was_withheld_later(client):
    table = published()
    first = current(table)
    withhold(table)
    jobs.drain()
    html = client.get(f"/agreements/{table.agreement.reference}/versions/").content.decode()
    assert "Version 1" in html
    assert "Version 2" in html
    assert first.sha256 not in html


def test_agreed_figures_are_plotted_against_the_target_and_stand_in_a_table(client):
    table = signed()
    promise_figures(table, publish_them=True)
    with_figures(table, status="agreed")
    publish(table)
    html = page(client, table)
    assert 'id="measure-evidence_standard-heading"' in html
    assert "19 of 20" in html
    assert "95%" in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2),
        ({"force": "north-police"}, 1),
        ({"council": "north-council"}, 1),
        ({"council": "north-police"}, 0),
        ({"technology": "cctv"}, 2),
        ({"technology": "anpr"}, 0),
        ({"standing": "in_force"}, 1),
        ({"standing": "expired"}, 1),
        ({"q": "north counc"}, 1),
        ({"q": "nowhere"}, 0),
        ({"standing": "nonsense"}, 2),
    ],
)
def test_the_register_is_filtered_and_the_api_finds_the_same(client, asked, found):
    north = published(
        council=OrganisationFactory(name="North Council", slug="north-council"),
        force=PoliceForceFactory(name="North Police", slug="north-police"),
    )
    ended(published(), ends_on=dt.date(2027, 1, 31))
    html = client.get("/agreements/", asked).content.decode()
    assert (f"{found} agreements" if found != 1 else "1 agreement") in html
    if asked.get("standing") != "nonsense":
        rows = client.get("/api/v1/agreements/", asked).json()["results"]
        assert len(rows) == found
    one = client.get(f"/api/v1/agreements/{north.agreement.reference}/").json()
    assert one["standing"] == "in_force"
    assert one["ends_on"] == "2029-03-31"


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_costs_one_query_however_long(client, number, django_assert_num_queries):
    for _each in range(number):
        published()
    with django_assert_num_queries(1):
        client.get("/agreements/")


@pytest.mark.parametrize("number", [1, 3])
def test_uptake_costs_the_same_for_any_number_of_councils(client, number, django_assert_num_queries):
    force = PoliceForceFactory()
    for council in OrganisationFactory.create_batch(number):
        council.police_forces.add(force)
    for address in ("/agreements/uptake/", f"/agreements/uptake/{force.slug}/"):
        with django_assert_num_queries(5):
            assert client.get(address).status_code == 200


def test_uptake_tells_none_from_no_data(client):
    force = PoliceForceFactory(name="Uptake Police")
    agreed, refused, silent = OrganisationFactory.create_batch(3)
    for council in (agreed, refused, silent):
        council.police_forces.add(force)
    table = published(council=agreed, force=force)
    NoAgreement.objects.create(
        council=refused, force=force, technology="cctv", declared_for=refused, declared_on=dt.date(2027, 3, 4),
        reason="Zqreason",
    )  # fmt: skip
    html = client.get(f"/agreements/uptake/{force.slug}/").content.decode()
    assert table.agreement.reference in html
    assert "4 March 2027" in html
    assert "No data" in html
    assert "Zqreason" not in html
    whole = " ".join(client.get("/agreements/uptake/").content.decode().split())
    assert "In force: 1<br>None: 1<br>No data: 1" in whole
    ended(table, ends_on=dt.date(2027, 4, 1))
    assert "In force: 0<br>None: 1<br>No data: 2" in client.get("/agreements/uptake/").content.decode()


def test_both_parties_and_the_system_list_it_and_search_finds_it(client):
    council, force = OrganisationFactory(name="Found Council"), PoliceForceFactory(name="Found Police")
    table = signed(council=council, force=force, title="Joint eyes")
    publish(table)
    jobs.drain()
    for slug in (council.slug, force.slug):
        html = build(f"/authorities/{slug}/")
        assert html is not None
        assert "Joint eyes" in html
    for words in ("joint eyes", table.agreement.reference, "found police"):
        assert table.agreement.reference in {each.key for each in find(words)}
    assert force.slug in {each.key for each in find("found police")}
    withdraw_agreement(publication=current(table), party=table.council, by=table.spoc, reason="An error.")
    jobs.drain()
    assert not [each for each in find("joint eyes") if each.key == table.agreement.reference]


def test_the_page_of_a_system_lists_the_agreements_that_name_it():
    table = signed()
    system = active_system(table.council.organisation)
    table.agreement.systems.add(system)
    publish(table)
    assert [row["reference"] for row in agreements_on(system.reference)] == [table.agreement.reference]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_open_data_has_it_with_each_party_and_once_for_all(monkeypatch):
    monkeypatch.setattr(open_data, "REST", 0)
    table = signed()
    promise_figures(table, publish_them=True)
    with_figures(table, status="agreed")
    publish(table)
    jobs.drain()
    jobs.drain()
    folders = [folder_of(table.council.organisation.slug), folder_of(table.force.organisation.slug), NATIONAL]
    for folder in folders:
        rows = rows_of(public_folder(folder), "agreements.csv")
        assert [row["reference"] for row in rows] == [table.agreement.reference]
        figures = rows_of(public_folder(folder), "agreement-figures.csv")
        assert [(row["measure"], row["numerator"], row["denominator"]) for row in figures] == [
            ("evidence_standard", "19", "20")
        ]
    package = json.loads((public_folder(NATIONAL) / "datapackage.json").read_text())
    assert {"agreements", "agreement-figures"} <= {each["name"] for each in package["resources"]}


def test_the_sitemap_names_it(client):
    table = published()
    assert "/sitemaps/publications-1.xml" in client.get("/sitemap.xml").content.decode()
    assert f"/agreements/{table.agreement.reference}/" in client.get("/sitemaps/publications-1.xml").content.decode()


def test_a_page_costs_so_many_queries_however_many_clauses(client, django_assert_num_queries):
    table = published()
    jobs.drain()
    with django_assert_num_queries(5):  # and one for its systems, where it names any
        page(client, table)


def begin(client: Client, table: Table, words: str) -> Any:
    """What the page answers to another council that begins from a published agreement of these words."""
    council = OrganisationFactory()
    council.police_forces.add(table.force.organisation)
    client.force_login(member(council, Role.SPOC))
    sent = {
        "version": "0",
        "clause_set": "main",
        "technologies": ["cctv"],
        "title": "Our own",
        "likely": [table.force.organisation.slug],
        "owner": "councils",
        "source": "published",
        "published": words,
    }
    return client.post(f"/workspace/{council.slug}/agreements/new/", sent)


def test_another_council_begins_from_a_published_agreement_that_it_finds_by_words(client):
    table = published()
    answer = begin(client, table, table.council.organisation.name)
    assert answer.status_code == 302
    made = Agreement.objects.get(title="Our own")
    assert (made.begun_from, made.begun_from_reference) == ("published", table.agreement.reference)


def test_words_that_fit_several_or_no_published_agreement_are_answered_with_what_fits(client):
    first, second = published(), published()
    found = begin(client, first, "agreement")
    assert found.status_code == 422
    for table in (first, second):
        assert table.agreement.reference in found.content.decode()
    assert "No published agreement has these words" in begin(client, first, "zebra").content.decode()
    assert "Say which published agreement." in begin(client, first, "").content.decode()
    assert begin(client, first, second.agreement.reference.lower()).status_code == 302


def test_a_reference_leads_to_the_published_agreement_and_tells_nothing_of_others(client):
    table, unpublished = published(), signed()
    reference = table.agreement.reference
    address = f"/agreements/{reference}/"
    for typed in (reference, reference.lower(), reference.replace("-", " "), f"https://example.org{address}"):
        assert client.get("/verify/", {"number": typed}).headers["Location"] == address
    answers = [client.get("/verify/", {"number": each}) for each in (unpublished.agreement.reference, "AG-2222222")]
    assert [answer.status_code for answer in answers] == [404, 404]
    said = [answer.content.decode() for answer in answers]
    assert said[0].replace(unpublished.agreement.reference, "AG-2222222") == said[1]
    assert "No published agreement has this reference" in said[0]

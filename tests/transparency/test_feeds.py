"""Feeds and sitemap: what changed, in both languages, and every public page with its other language."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from accounts.models import Organisation
from core import jobs
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import CertificateFactory
from tests.factories.transparency import published, system_of
from transparency import sitemap
from transparency.models import BakedPage
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def history() -> Organisation:
    """Published, published anew, withdrawn; and another operator that published once."""
    first = published(name="Harbour <b>")
    system = system_of(first)
    system.description = "Words anew."
    system.save()
    second = publish_system(system=system, by=None)
    withdraw_publication(publication=second, by=None, reason="Wrong & old")
    published(name="Elsewhere")
    return first.organisation


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_feed_tells_what_was_published_changed_and_withdrawn(client, prefix):
    organisation = history()
    feed = client.get(f"{prefix}/feeds/authorities/{organisation.slug}.json").json()
    assert [len(feed["items"]), feed["language"]] == [3, "cy" if prefix else "en"]
    assert "Wrong & old" in feed["items"][0]["content_text"]
    assert all(item["url"].startswith(f"http://testserver{prefix}/authorities/") for item in feed["items"])
    atom = ET.fromstring(client.get(f"{prefix}/feeds/authorities/{organisation.slug}.atom").content)
    assert [e.findtext(f"{ATOM}id") for e in atom.iter(f"{ATOM}entry")] == [item["id"] for item in feed["items"]]
    assert [e.findtext(f"{ATOM}title") for e in atom.iter(f"{ATOM}entry")] == [i["title"] for i in feed["items"]]
    assert "Wrong &amp; old" in atom.find(f"{ATOM}entry").findtext(f"{ATOM}summary")
    everything = client.get(f"{prefix}/feeds/changes.json").json()
    assert len(everything["items"]) == 4


def test_an_entry_has_one_name_in_both_languages(client):
    history()
    english, welsh = (client.get(f"{prefix}/feeds/changes.json").json()["items"] for prefix in ("", "/cy"))
    assert [each["id"] for each in english] == [each["id"] for each in welsh]
    assert len({each["id"] for each in english}) == 4
    assert english[0]["title"] != welsh[0]["title"]


@pytest.mark.parametrize("form", ["atom", "json"])
def test_who_has_a_feed_is_not_given_it_again(client, form):
    history()
    answer = client.get(f"/feeds/changes.{form}")
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("public, max-age=60", "*")
    again = client.get(f"/feeds/changes.{form}", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_feed_costs_the_same_for_any_number(client, django_assert_num_queries, rows):
    organisation = OrganisationFactory()
    for _ in range(rows):
        publication = published(operator=organisation)
        CertificateFactory(operator=organisation)
        withdraw_publication(publication=publication, by=None, reason="x")
    with django_assert_num_queries(3):
        client.get("/feeds/changes.atom")
    with django_assert_num_queries(4):
        client.get(f"/feeds/authorities/{organisation.slug}.atom")


def addresses_of(client) -> dict[Any, dict[Any, Any]]:
    """Every address of the sitemap with the addresses that stand beside it by language."""
    index = ET.fromstring(client.get("/sitemap.xml").content)
    found = {}
    for part in index.iter(f"{MAPS}loc"):
        tree = ET.fromstring(client.get(part.text.removeprefix("http://testserver")).content)
        for url in tree.iter(f"{MAPS}url"):
            links = url.iter("{http://www.w3.org/1999/xhtml}link")
            found[url.findtext(f"{MAPS}loc")] = {link.get("hreflang"): link.get("href") for link in links}
    return found


def test_the_sitemap_has_every_page_in_both_languages_and_each_answers(client):
    publication = published()
    CertificateFactory()
    call_command("publish", "--all")
    jobs.drain()
    found = addresses_of(client)
    assert {f"http://testserver{path}" for path in BakedPage.objects.values_list("path", flat=True)} <= set(found)
    assert f"http://testserver/cy{publication.path}" in found
    for address, beside in found.items():
        assert set(beside) == {"en", "cy", "x-default"}
        assert address in beside.values()
        answer = client.get(address.removeprefix("http://testserver"))
        assert answer.status_code == 200
        html = answer.content.decode()
        assert f'<link rel="canonical" href="{address}">' in html
        for language in ("en", "cy"):
            assert f'hreflang="{language}" href="{beside[language]}"' in html


def test_a_part_of_the_sitemap_is_bounded(client, monkeypatch):
    published()
    call_command("publish", "--all")
    jobs.drain()
    whole = addresses_of(client)
    monkeypatch.setattr(sitemap, "PER_PART", 4)
    assert client.get("/sitemaps/pages-1.xml").content.count(b"<url>") == 8
    assert addresses_of(client) == whole
    assert client.get("/sitemaps/pages-9999.xml").status_code == 404
    assert client.get("/sitemaps/secrets-1.xml").status_code == 404
    assert sitemap.PER_PART * 2 <= sitemap.MOST_ADDRESSES


def test_robots_name_nothing_private(client):
    text = client.get("/robots.txt").content.decode()
    assert text == "User-agent: *\nAllow: /\n\nSitemap: http://testserver/sitemap.xml\n"

"""What public pages say and never say, in both languages, whoever looks."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.urls import reverse

from accounts.models import FormerName
from compliance.frozen import canonical
from compliance.models import Camera
from compliance.services.counted_units import record_count
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, UserFactory
from tests.factories.certification import CertificateFactory, active_system, signed_assessment
from tests.factories.compliance import CameraFactory, CameraSystemFactory, EvidenceFactory
from tests.factories.transparency import WELSH_TEXTS, cameras_of_every_precision, published, system_of
from transparency import pages
from transparency.addresses import PLAIN_PAGES, all_paths
from transparency.languages import both
from transparency.models import Publication
from transparency.services.bake import bake_pages
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db


def text_of(html: str) -> str:
    """What a reader reads: words without markup, blanks as one."""
    main = re.split(r'<main[^>]*id="main-content"[^>]*>', html, maxsplit=1)[-1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def read(address: str) -> str:
    html = pages.build(address)
    assert html is not None, address
    return text_of(html)


def test_nothing_that_is_not_public_gets_into_any_public_byte(client, own_folders):
    """Planted: withheld places, a draft, answers, evidence, officers; searched for in everything public."""
    officer = UserFactory(name="SECRET Officer", email="secret.officer@council.example")
    system = active_system(OrganisationFactory(slug="anytown"), created_by=officer, slug="town-centre")
    system.technologies.update(fixed_count=30)
    cameras_of_every_precision(system)
    CameraFactory(system=system, status=Camera.Status.PROPOSED, location="SECRET proposal")
    CameraSystemFactory(operator=system.operator, name="SECRET draft system", slug="secret-draft")
    signed_assessment(system, answer="SECRET answer on principle 9")
    EvidenceFactory(operator=system.operator, systems=[system], title="SECRET penetration test")
    publish_system(system=system, by=officer)
    withdrawn = published(by=officer, operator=system.operator, description="SECRET description of a withdrawn page")
    withdraw_publication(publication=withdrawn, by=officer, reason="The system was taken down.")
    certificate = CertificateFactory(application__operator=system.operator, application__systems=[system])
    certificate.move_to("suspended", by=officer, note="A finding was not closed.")
    active_system(system.operator, name="SECRET unpublished system")
    bake_pages(both(all_paths()))
    client.force_login(officer)
    seen = {path: path.read_text() for path in (own_folders / "public").rglob("*.html")}
    assert len(seen) == 2 * (len(PLAIN_PAGES) + 1 + 5)  # authority; two systems with histories; list
    live = [
        "/certificates/",
        f"/certificates/{certificate.reference}/",
        f"/certificates/{certificate.reference}/mark.svg",
    ]
    live += ["/verify/", "/authorities/?q=draft", "/authorities/?q=any", "/certificates/?q=anytown"]
    live += ["/api/v1/certificates/", f"/api/v1/certificates/{certificate.reference}/", "/api/v1/publications/"]
    live += [f"/api/v1/publications/{row.reference}/" for row in Publication.objects.all()]
    for address in live:
        seen[address] = client.get(address).content.decode()
    leaks = [
        (str(where), found) for where, text in seen.items() for found in re.findall(r"(?i).{0,60}secret.{0,40}", text)
    ]
    assert leaks == []
    exact = {str(where) for where, text in seen.items() if re.search(r"5[23]\.\d{4}|-1\.33", text)}
    assert all("/api/v1/publications/" in where or "/town-centre/" in where for where in exact)  # its own place
    assert not any("52.222" in text or "53.111" in text for text in seen.values())


@pytest.mark.parametrize("name", ["home", "about", "accessibility", "privacy", "cookies", "contact", "authorities"])
def test_public_pages_read_no_session_and_set_no_cookie(client, django_assert_max_num_queries, name):
    client.force_login(UserFactory())
    with django_assert_max_num_queries(6):
        answer = client.get(reverse(f"transparency:{name}"))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert client.post(reverse(f"transparency:{name}")).status_code == 405


@pytest.mark.parametrize("path", ["/certificates/", "/schemes/", "/verify/", "/certificates/X/"])
def test_one_kept_answer_serves_every_browser(client, path):
    """The language is in the address, so caches need not ask for it."""
    for prefix, spoken in (("", "en-gb"), ("/cy", "cy")):
        answer = client.get(prefix + path, headers={"accept-language": "cy, fr;q=0.5"})
        assert (answer.headers.get("Vary"), answer["Content-Language"]) == (None, spoken)


def test_pages_without_a_language_in_their_address_say_that_they_follow_the_browser(client):
    for spoken in ("en-gb", "cy"):
        answer = client.get("/accounts/login/", headers={"accept-language": spoken})
        assert answer["Content-Language"] == spoken
        assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize("path", ["/", "/about/", "/authorities/", "/certificates/", "/verify/"])
def test_each_page_says_where_it_is_and_where_its_other_language_is(client, settings, path):
    settings.PORTAL_ORIGIN = "https://cameras.example"
    for prefix, lang in (("", "en-gb"), ("/cy", "cy")):
        html = client.get(prefix + path).content.decode()
        assert f'<html lang="{lang}"' in html
        assert f'<link rel="canonical" href="https://cameras.example{prefix}{path}">' in html
        for tag, other in (("en", ""), ("cy", "/cy"), ("x-default", "")):
            assert f'<link rel="alternate" hreflang="{tag}" href="https://cameras.example{other}{path}">' in html
        switch = re.findall(r'<a class="govuk-link" href="([^"]+)" lang="(\w+)" hreflang', html)
        assert switch == [("/cy" + path, "cy") if not prefix else (path, "en")]


def test_the_language_switch_stays_on_what_was_searched_for(client):
    html = client.get("/certificates/?q=any&standing=valid").content.decode()
    assert 'href="/cy/certificates/?q=any&amp;standing=valid"' in html


def test_a_demonstration_says_so_on_every_public_page(settings):
    assert "Demonstration: made-up data." not in (pages.build("/about/") or "")
    settings.PORTAL_DEMONSTRATION = True
    for address in both(all_paths()):
        assert "ccp-demonstration" in (pages.build(address) or ""), address


def test_figures_are_parts_of_a_whole_with_their_day():
    OrganisationFactory.create_batch(3)
    published(operator=PoliceForceFactory())
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    signed_assessment(system)
    publish_system(system=system, by=None)
    read_home = read("/")
    assert "principal authorities of England and Wales publish a camera information page here 1 of 4" in read_home
    assert "published camera systems name a signed self-assessment 1 of 2" in read_home
    assert "cameras counted in those systems are in a public list of places 3 of 30" in read_home
    assert "%" not in read_home


def test_an_authority_without_pages_is_no_data():
    OrganisationFactory(
        slug="anytown", name="Anytown", official_name="Anytown Council", subkind="unitary", region="South West"
    )
    told = read("/authorities/anytown/")
    assert told.startswith("Unitary authority, South West Anytown Council")
    assert "This authority has published nothing here. That means that there is no data on this page." in told
    assert "The authority has named nobody here yet." in told


def test_an_authority_page_lists_what_there_is():
    force = PoliceForceFactory(name="Force North")
    operator = OrganisationFactory(
        slug="anytown", name="Anytown", name_cy="Untref", ends_on=dt.date(2027, 3, 31), nation="wales"
    )
    operator.police_forces.add(force)
    FormerName.objects.create(organisation=operator, name="Oldtown", until=dt.date(2008, 5, 1))
    successor = OrganisationFactory(slug="newtown", name="Newtown", starts_on=dt.date(2027, 4, 1))
    successor.predecessors.add(operator)
    publication = publish_system(
        system=active_system(operator, name="Town centre", spoc_post="CCTV lead"), by=None, welsh_missing_reason="Soon."
    )
    certificate = CertificateFactory(application__operator=operator, application__systems=[system_of(publication)])
    told = read("/authorities/anytown/")
    for words in (
        "Town centre 15 cameras counted Published on",
        f"{certificate.reference} {certificate.body_name}",
        "CCTV lead cctv@council.example",
        "Force North",
        "Oldtown, until 1 May 2008",
        "Last day 31 March 2027",
        "Followed by Newtown",
        "In the other language Untref",
    ):
        assert words in told, words
    for word in ("valid", "suspended", "expired"):
        assert word not in told.replace("can be suspended", "").lower()


def test_a_baked_page_never_says_what_a_certificate_is_worth():
    publication = published()
    system = system_of(publication)
    certificate = CertificateFactory(application__operator=system.operator, application__systems=[system])
    paths = [publication.path, f"/authorities/{system.operator.slug}/", "/", "/authorities/"]
    before = [pages.build(path) for path in paths]
    certificate.move_to("withdrawn", by=None, note="SECRET reason")
    assert [pages.build(path) for path in paths] == before


def test_the_information_page_in_words():
    publication = published(
        name="Town centre", reference_database=True, records_audio=True, audio_reason="Help points record callers."
    )
    told = read(publication.path)
    for words in (
        "Town centre Version 1, published on",
        "Cameras in the town centre and its car parks.",
        "cameras counted 15 images are kept for 31 days",
        "Preventing crime Public safety",
        "Public task, UK GDPR Article 6(1)(e)",
        "No facial recognition and no other biometric recognition is used.",
        "Images or number plates are compared with a reference database, such as a list of vehicles.",
        "Sound is recorded. Help points record callers.",
        "CCTV: 31 days",
        "Write to the CCTV manager with date, time and place.",
        "The authority has one month to answer",
        "CCTV manager",
        "Director of Communities",
        "no self-assessment of this system had been signed in the portal",
        publication.sha256,
    ):
        assert words in told, words
    for forbidden in ("compliant", "illegal", "compliance"):
        assert forbidden not in told.lower()


@pytest.mark.parametrize(("kind", "columns"), [("unknown", 2), ("dome", 3)])
def test_types_are_a_column_of_the_list_once_one_is_known(kind, columns):
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, camera_type="unknown")
    CameraFactory(system=system, camera_type=kind)
    html = pages.build(publish_system(system=system, by=None).path) or ""
    assert (html.count(">Type</th>"), html.count(f'colspan="{columns}"')) == (columns - 2, 1)
    assert html.count("Not stated") == columns - 2


def test_withheld_cameras_are_counted_with_their_reason_and_wards_hide_streets():
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    told = read(publish_system(system=system, by=None).path)
    assert "2 cameras. Reason: Protected premises" in told
    assert "Cameras in the list: 3. Cameras whose place is withheld: 2. Cameras counted in all: 15." in told
    assert "Abbey EX1 Exact Lane Latitude and longitude: 53.464515, -2.284777 ST1 Street Row Castle" in told
    assert "Castle WA1 only the ward is published" in told


def test_a_long_list_has_pages_of_its_own():
    system = active_system(OrganisationFactory())
    system.technologies.update(fixed_count=300)
    CameraFactory.create_batch(101, system=system, ward="Abbey")
    path = publish_system(system=system, by=None).path
    assert "Abbey 101" in read(path)
    assert f'href="{path}cameras/"' in (pages.build(path) or "")
    counts = [len(re.findall(r"Market Street", read(f"/cy{path}cameras/{page}"))) for page in ("", "2/")]
    assert counts == [100, 1]
    assert f'href="/cy{path}cameras/2/"' in (pages.build(f"/cy{path}cameras/") or "")
    for page in ("1/x/", "3/", "0/", "99999999999999999999/"):
        assert pages.build(f"{path}cameras/{page}") is None
    short = published().path
    assert pages.build(f"{short}cameras/") is None


def test_a_short_list_has_a_page_of_its_own_too():
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, location="Quay")
    path = publish_system(system=system, by=None).path
    assert ("Quay" in read(f"{path}cameras/"), f'href="{path}cameras/"' in (pages.build(path) or "")) == (True, True)
    assert "Quay" in read(f"/cy{path}cameras/")


def test_a_camera_says_what_it_sees_and_does_in_the_language_of_the_page():
    system = active_system(OrganisationFactory())
    CameraFactory(
        system=system,
        location="Quay",
        postcode="NR1 3DH",
        mount="pole",
        direction=270,
        view_description="The taxi rank",
        view_description_cy="Y safle tacsis",
        purpose_note="Fights at night",
        purposes=["asb"],
        records_audio=True,
        installed_on=dt.date(2019, 5, 1),
        reviewed_on=dt.date(2026, 5, 1),
    )
    record_count(system=system, kind="bwv", count=124, counted_on=dt.date(2026, 5, 1), by=None)
    path = publish_system(system=system, by=None).path
    english, welsh = read(path), read(f"/cy{path}cameras/")
    for words in (
        "Quay, NR1 Mounted on: pole Direction, clockwise from north: 270°",
        "What it sees: The taxi rank Why it is there: Fights at night",
        "Purposes of this camera: dealing with anti-social behaviour It records sound. Installed on: 1 May 2019",
        "Last reviewed on 1 May 2026",
        "Body-worn cameras: 124 counted on 1 May 2026",
    ):
        assert words in english, words
    assert "Yr hyn y mae'n ei weld: Y safle tacsis" in welsh
    assert '<span lang="en">Fights at night</span>' in (pages.build(f"/cy{path}cameras/") or "")


def test_a_list_frozen_before_is_still_shown():
    publication = published()
    content = json.loads(publication.content)
    content["facts"].pop("counted_units")
    content["facts"]["cameras"]["list"] = [{"ref": "A1", "ward": "Abbey", "type": "dome", "precision": "ward"}]
    Publication.objects.update(content=canonical(content))
    assert "Abbey A1 only the ward is published Dome" in read(publication.path)


def test_the_first_page_of_a_list_has_one_address_in_links():
    system = active_system(OrganisationFactory())
    system.technologies.update(fixed_count=300)
    CameraFactory.create_batch(101, system=system)
    path = publish_system(system=system, by=None).path
    assert f'href="{path}cameras/"' in (pages.build(f"{path}cameras/2/") or "")


def test_a_withdrawn_page_stays_and_says_so():
    publication = published(name="Town centre", description="Words that are gone.")
    withdraw_publication(publication=publication, by=None, reason="The cameras were taken down.")
    told = read(publication.path)
    assert "The authority withdrew this page on" in told
    assert "The cameras were taken down." in told
    assert "Words that are gone." not in told
    assert "Withdrawn pages Town centre" in read(f"/authorities/{publication.organisation.slug}/")


def test_a_page_that_moved_leads_to_its_new_address():
    first = published(slug="old-name")
    system = system_of(first)
    type(system).objects.filter(pk=system.pk).update(slug="new-name")
    system.refresh_from_db()
    second = publish_system(system=system, by=None)
    assert "This page has another address now" in read(first.path)
    assert f'href="/cy{second.path}"' in (pages.build(f"/cy{first.path}") or "")
    assert {first.path, second.path} <= set(all_paths())


def test_welsh_pages_show_welsh_and_mark_what_is_english():
    publication = published(name="Town centre", name_cy="Canol y dref")
    html = pages.build(f"/cy{publication.path}") or ""
    assert re.search(r"<h1[^>]*>Canol y dref</h1>", html)
    assert '<p class="ccp-lead ccp-prewrap" lang="en">Cameras in the town centre' in html
    assert 'lang="en">Cameras' not in (pages.build(publication.path) or "")


def test_the_index_puts_the_readers_nation_first_and_names_in_their_language():
    OrganisationFactory(
        slug="cardiff", name="Cardiff", name_cy="Caerdydd", official_name="Cardiff Council", nation="wales"
    )
    OrganisationFactory(slug="adur", name="Adur")
    published(operator=PoliceForceFactory(name="Force North"))
    english, welsh = read("/authorities/"), read("/cy/authorities/")
    assert english.index("Adur") < english.index("Cardiff (Caerdydd)") < english.index("Force North 1 camera system")
    assert welsh.index("Caerdydd (Cardiff Council)") < welsh.index("Adur")


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_any_number(django_assert_num_queries, rows):
    for _ in range(rows):
        publication = published(operator=OrganisationFactory(nation="wales"), **WELSH_TEXTS)
        system = system_of(publication)
        CertificateFactory.create_batch(rows, application__operator=system.operator, application__systems=[system])
    with django_assert_num_queries(5):
        pages.build("/cy/authorities/")
    with django_assert_num_queries(6):
        pages.build("/")
    with django_assert_num_queries(11):
        pages.build(f"/authorities/{publication.organisation.slug}/")
    with django_assert_num_queries(7):
        pages.build(publication.path)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("caerdydd", ["cardiff"]),
        ("CARDIFF", ["cardiff"]),
        ("ynys mon", ["anglesey"]),
        ("Ynys Môn", ["anglesey"]),
        ("w06000001", ["anglesey"]),
        ("coun car", ["cardiff"]),
        ("st helens", ["st-helens"]),
        ("kings lynn", ["kings-lynn"]),
        ("king’s", ["kings-lynn"]),
        ("oldtown", ["st-helens"]),
        ("ardiff", []),
        ("nowhere", []),
        ("'; drop table", []),
        ("%", ["cardiff", "anglesey", "kings-lynn", "st-helens"]),
    ],
)
def test_search_finds_names_in_both_languages_former_ones_and_codes(client, query, found):
    OrganisationFactory(
        slug="cardiff", name="Cardiff", name_cy="Caerdydd", official_name="Cardiff Council", nation="wales"
    )
    OrganisationFactory(slug="anglesey", name="Isle of Anglesey", name_cy="Ynys Môn", gss_code="W06000001")
    OrganisationFactory(slug="kings-lynn", name="King's Lynn and West Norfolk")
    helens = OrganisationFactory(slug="st-helens", name="St. Helens")
    FormerName.objects.create(organisation=helens, name="Oldtown")
    answer = client.get("/authorities/", {"q": query})
    assert answer.status_code == 200
    links = re.findall(r'ccp-tile__title"><a class="govuk-link" href="/authorities/([^/]+)/"', answer.content.decode())
    assert links == found
    assert answer["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_in_the_index_counts_the_pages_of_those_that_are_shown(client, django_assert_num_queries, rows):
    for number in range(rows):
        publish_system(system=active_system(OrganisationFactory(slug=f"marl-{number}", name=f"Marl {number}")), by=None)
    publish_system(system=active_system(OrganisationFactory(slug="other", name="Other")), by=None)
    with django_assert_num_queries(6) as asked:
        told = text_of(client.get("/authorities/?q=marl").content.decode())
    assert told.count("1 camera system") == rows
    assert sum("transparency_publication" in each["sql"] and " IN (" in each["sql"] for each in asked) == 2


def test_search_by_region_and_an_unknown_region(client):
    OrganisationFactory(slug="adur", name="Adur", region="South East")
    OrganisationFactory(slug="leeds", name="Leeds", region="Yorkshire and The Humber")
    told = text_of(client.get("/authorities/?region=South+East").content.decode())
    assert "1 authority found" in told
    assert "Leeds" not in told
    assert "Leeds" in text_of(client.get("/authorities/?region=Nowhere").content.decode())


def test_search_survives_whatever_is_typed(client):
    for query in ("x" * 5000, "\x00", "\u202e\ud7ff", "<script>alert(1)</script>", "  "):
        answer = client.get("/authorities/", {"q": query})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_an_unknown_page_is_a_clear_404(client):
    for path in ("/authorities/nobody/", "/cy/authorities/nobody/", "/authorities/nobody/nothing/"):
        assert client.get(path).status_code == 404


def test_the_contact_page_gives_every_way_to_reach_whoever_runs_the_portal(settings):
    assert "No way to reach them has been entered yet." in pages.build("/contact/")
    settings.PORTAL_OPERATOR = "Portal Trust"
    settings.PORTAL_CONTACT = "ask@portal.example"
    settings.PORTAL_PHONE = "01632 960 001, 9 to 5"
    settings.PORTAL_POST = "Portal Trust\n1 High Street"
    page = pages.build("/contact/")
    for text in ("Portal Trust", "mailto:ask@portal.example", "01632 960 001, 9 to 5", "1 High Street"):
        assert text in page

"""Search for people: what is found by which words, what never is, and that both databases answer alike."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Kind, Organisation
from accounts.models.organisation import FormerName
from certification.models import Certificate
from core import jobs
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory
from tests.factories.documents import published_document
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from tests.transparency.test_places import camera, content_of, version_of
from transparency.addresses import document_path
from transparency.models import Found, Named, SearchEntry, SearchGram, SearchPhrase, SearchWord
from transparency.search import find
from transparency.search.finding import FEW, _beginning
from transparency.search.words import MAX_QUERY, mistakes, words_of
from transparency.services.documents import withdraw_document
from transparency.services.publish import publish_system, withdraw_publication
from transparency.services.read_models import refresh
from transparency.services.search_index import index_authorities

pytestmark = pytest.mark.django_db

WELSH = {
    "Caerphilly": "Caerffili",
    "Swansea": "Abertawe",
    "Newport": "Casnewydd",
    "Isle of Anglesey": "Ynys Môn",
    "Gwynedd": "Gwynedd",
    "Cardiff": "Caerdydd",
}


def council(name: str, name_cy: str = "", **fields: Any) -> Organisation:
    return OrganisationFactory(name=name, name_cy=name_cy, slug="-".join(words_of(name)), **fields)


def system(organisation: Organisation, reference: str, *rows: dict[str, Any], **facts: Any) -> None:
    content = content_of(organisation, list(rows), **facts)
    publication = version_of(organisation, reference, content)
    publication.title = reference.replace("-", " ").capitalize()
    publication.save()
    refresh([("system", reference)])


def keys(query: str, **asked: Any) -> list[str]:
    return [found.key for found in find(query, **asked)]


@pytest.fixture
def wales(db: None) -> None:
    for name, name_cy in WELSH.items():
        council(name, name_cy, nation="wales")
    index_authorities()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Caerphilly", "caerphilly"),
        ("caerffili", "caerphilly"),
        ("Caerfilli", "caerphilly"),
        ("Carephilly", "caerphilly"),
        ("yng Nghaerffili", "caerphilly"),
        ("Nghaerffili", "caerphilly"),
        ("i Gaerffili", "caerphilly"),
        ("Abertawe", "swansea"),
        ("Abertwae", "swansea"),
        ("yn Abertawe", "swansea"),
        ("Swanzea", "swansea"),
        ("Casnewydd", "newport"),
        ("yng Nghasnewydd", "newport"),
        ("Casnewyd", "newport"),
        ("Ynys Môn", "isle-of-anglesey"),
        ("ynys mon", "isle-of-anglesey"),
        ("Anglesey", "isle-of-anglesey"),
        ("Anglesy", "isle-of-anglesey"),
        ("yng Ngwynedd", "gwynedd"),
        ("o Wynedd", "gwynedd"),
        ("yng Nghaerdydd", "cardiff"),
    ],
)
def test_welsh_names_mutations_and_mistakes_are_forgiven(wales, typed, meant):
    assert keys(typed) == [meant]


def test_a_right_spelling_is_not_said_to_be_forgiven(wales):
    assert [found.forgiven for query in ("Abertawe", "Abertwae") for found in find(query)] == [False, True]


def test_whole_names_come_before_beginnings_before_all_words_and_authorities_before_their_systems():
    marl, other = council("Marl"), council("Marlbridge")
    system(other, "marl", camera("1", location="Long Marl Way"))
    system(marl, "riverside", camera("2", location="Quay"))
    index_authorities()
    assert keys("Marl") == ["marl", "marl", "riverside", "marlbridge"]
    assert [found.kind for found in find("marl")] == [Found.AUTHORITY, Found.SYSTEM, Found.SYSTEM, Found.AUTHORITY]


def test_a_street_is_found_with_the_name_of_its_town_and_told_beside_the_system():
    system(council("Marlbridge"), "town-centre", camera("1", location="High Street"), camera("2", location="Quay"))
    system(council("Thornhaven"), "sea-front", camera("3", location="High Street"), camera("4", location="High Rise"))
    assert keys("high street") == ["sea-front", "town-centre"]
    (found,) = find("high street marlbridge")
    assert (found.key, found.named, found.matched, found.authority) == (
        "town-centre",
        Named.STREET,
        "High Street",
        "Marlbridge",
    )


def test_every_word_must_be_there_whether_few_or_many_have_the_first():
    owner = council("Marlbridge")
    for number in range(FEW + 1):
        system(owner, f"system-{number:02}", camera("1", location="Harbour Street" if number % 2 else "Harbour Lane"))
    system(owner, "square", camera("1", location="Square"))
    assert len(keys("harbour street", limit=100)) == FEW // 2
    assert [(found.key, found.matched, found.forgiven) for found in find("harbuor street square")] == []
    assert keys("marlbridge square") == ["square"]
    assert {found.forgiven for found in find("harbuor stret", limit=100)} == {True}


@pytest.mark.once  # PostgreSQL reads a small table from end to end, whatever its indexes
@pytest.mark.parametrize(("model", "column"), [(SearchPhrase, "folded"), (SearchWord, "word")])
def test_a_common_name_is_looked_for_in_the_index_alone(model, column):
    asked = model.objects.filter(_beginning(column, "high street")).order_by().values_list("entry_id", "named")
    assert "USING COVERING INDEX search_by_" in asked.explain()


def test_what_a_publication_and_the_records_of_an_authority_carry_is_found():
    force = PoliceForceFactory(name="Fen Valley Police", name_cy="Heddlu Cwm y Ffen")
    organisation = council("Marlbridge", official_name="Marlbridge Borough Council", gss_code="E07000999")
    organisation.police_forces.add(force)
    FormerName.objects.create(organisation=organisation, name="Old Marl Rural District", name_cy="Hen Farl")
    system(
        organisation,
        "town",
        camera("1", ward="Castle", locality="Fenside", location="Quay Road", postcode_district="MB4"),
        areas_covered=["Bus station"],
        certificates=["CCP-2026-ABCD"],
    )
    index_authorities()
    for query, expected in {
        "borough council": ["marlbridge", "town"],
        "old marl": ["marlbridge", "town"],
        "E07000999": ["marlbridge"],
        "fen valley police": ["marlbridge"],
        "heddlu cwm": ["marlbridge"],
        "castle": ["town"],
        "fenside": ["town"],
        "quay road": ["town"],
        "bus station": ["town"],
        "mb4": ["town"],
        "MB4 2XY": ["town"],
        "ccp 2026 abcd": ["town"],
        "nowhere at all": [],
    }.items():
        assert (query, keys(query)) == (query, expected)
    assert keys("marlbridge", kinds=[Found.SYSTEM]) == ["town"]


def test_a_published_document_is_found_by_its_title_and_by_what_it_is_until_it_is_withdrawn():
    document = published_document(organisation=council("Marlbridge"), kind="agreement", title="Sharing pictures")
    jobs.drain()
    for query in ("sharing pictures", "sharing pictuers", "agreement marlbridge", "cytundeb"):
        assert (query, keys(query)) == (query, [document.reference])
    (found,) = find("agreement police")
    assert (found.kind, found.path, found.named) == (Found.DOCUMENT, document_path(document), Named.DOCUMENT)
    withdraw_document(document=document, reason="Wrong file.", by=None)
    jobs.drain()
    assert keys("sharing pictures") == []
    assert not SearchEntry.objects.filter(kind=Found.DOCUMENT).exists()


def test_a_certificate_is_found_by_its_number_with_the_systems_that_name_it():
    from tests.factories.certification import CertificateFactory

    certificate: Certificate = CertificateFactory()
    assert [(found.kind, found.key) for found in find(certificate.reference.lower())] == [
        (Found.CERTIFICATE, certificate.reference)
    ]
    assert find(certificate.reference, kinds=[Found.SYSTEM]) == []


def test_nothing_withheld_or_finer_than_its_precision_is_in_any_row():
    publication = published()
    record = system_of(publication)
    cameras_of_every_precision(record)
    publish_system(system=record, by=None)
    refresh([("system", record.reference)])
    assert find("Exact Lane")[0].matched == "Exact Lane"
    assert find("Street Row")[0].matched == "Street Row"
    assert keys("castle") == [record.reference]
    for query in ("SECRET", "secret ward place", "refuge", "53.111111"):
        assert keys(query) == []
    assert not SearchPhrase.objects.filter(folded__contains="secret").exists()
    assert not SearchWord.objects.filter(word__contains="secret").exists()
    assert not SearchGram.objects.filter(word__contains="secret").exists()


def test_number_plate_readers_of_the_police_and_what_moves_name_no_street_and_no_postcode():
    force = PoliceForceFactory(name="Fen Police", slug="fen-police")
    plates = camera("1", type="anpr", location="Plate Lane", ward="Platewick", postcode_district="PL8")
    system(force, "plates", plates, camera("2", type="bwv", location="Worn Lane", postcode_district="WR9"))
    assert keys("fen") == ["fen-police", "plates"]
    for query in ("plate lane", "platewick", "pl8", "worn lane", "wr9"):
        assert keys(query) == []


def test_what_is_withdrawn_or_not_published_any_more_leaves_no_word_behind():
    publication = published(name="Zebrafield")
    record = system_of(publication)
    refresh([("system", record.reference)])
    assert keys("zebrafield") == [record.reference]
    record.name = "Giraffefield"
    record.save()
    newer = publish_system(system=record, by=None)
    refresh([("system", record.reference)])
    assert (keys("zebrafield"), keys("giraffefield")) == ([], [record.reference])
    assert not SearchGram.objects.filter(word="zebrafield").exists()
    withdraw_publication(publication=newer, by=None, reason="Wrong.")
    refresh([("system", record.reference)])
    assert keys("giraffefield") == []
    assert not SearchGram.objects.filter(word="giraffefield").exists()
    assert not SearchEntry.objects.filter(kind=Found.SYSTEM).exists()


def test_rows_made_anew_are_those_that_were_kept(django_assert_num_queries):
    system(council("Marlbridge"), "town", camera("1", location="Quay"))
    index_authorities()
    before = [sorted(model.objects.values_list(*fields)) for model, fields in ROWS]
    refresh([("system", "town")])
    index_authorities()
    assert [sorted(model.objects.values_list(*fields)) for model, fields in ROWS] == before
    for model in (SearchGram, SearchPhrase, SearchWord, SearchEntry):
        model.objects.all().delete()
    refresh([("system", "town")])
    index_authorities()
    assert [sorted(model.objects.values_list(*fields)) for model, fields in ROWS] == before


ROWS: Any = (
    (SearchEntry, ("kind", "key", "path", "rank", "sha256")),
    (SearchPhrase, ("entry__key", "named", "folded", "text")),
    (SearchWord, ("entry__key", "word", "named")),
    (SearchGram, ("gram", "word")),
)


def test_an_authority_that_lost_its_page_is_not_found_any_more():
    parish = council("Little Marl", kind=Kind.PARISH_COUNCIL)
    system(parish, "square", camera("1"))
    index_authorities()
    assert keys("little marl", kinds=[Found.AUTHORITY]) == ["little-marl"]
    parish.publications.all().delete()
    index_authorities()
    assert keys("little marl", kinds=[Found.AUTHORITY]) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "a",
        "%",
        "_%",
        "''",
        "\x00",
        "\ud800",
        "a" * 100_000,
        "é " * 5000,
        "*",
        "\\",
        "ﷺ" * 100,
        "🎥",
        "x' OR 1=1",
    ],
)
def test_odd_queries_find_nothing_and_break_nothing(wales, query):
    assert find(query) == []


def test_a_query_is_bounded_in_length_words_and_questions(wales, django_assert_max_num_queries):
    long = " ".join(f"caerfilly{letter}" for letter in "abcdefghijklmnop")
    with django_assert_max_num_queries(20):
        find(long)
    assert keys("Caerphilly" + " " * MAX_QUERY + "never read") == ["caerphilly"]
    assert len(find("c", limit=0) or find("ca", limit=-5)) == 1


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1), ("abcd", "wxyz", 3), ("", "abc", 3)],
)
def test_mistakes_are_letters_left_out_added_wrong_or_swapped(typed, meant, number):
    assert mistakes(typed, meant, 2) == number


# --- the page ---


def page(client: Client, query: str, prefix: str = "") -> tuple[int, str]:
    response = client.get(f"{prefix}/search/", {"q": query})
    return response.status_code, " ".join(response.content.decode().split())


def test_the_page_shows_what_is_found_and_where_it_leads_in_both_languages(client, wales):
    system(Organisation.objects.get(slug="swansea"), "marina", camera("1", location="Fabian Way"))
    status, html = page(client, "Abertawe fabian")
    assert status == 200
    assert '<a class="govuk-link" href="/authorities/swansea/marina/">Marina</a>' in html
    assert "Street: <strong>Fabian Way</strong>" in html
    assert 'id="found-status" role="status">1 result<' in html
    status, html = page(client, "fabian", "/cy")
    assert 'href="/cy/authorities/swansea/marina/" lang="en">Marina</a>' in html
    assert 'href="/search/?q=fabian"' in html  # the other language keeps what was typed


def test_a_place_that_no_page_names_leads_on_kindly(client, wales):
    status, html = page(client, "Zzyzx Lane")
    assert (status, "No page published here names this." in html, "Nothing found." in html) == (200, True, True)
    assert 'href="/ask-about-cameras/' in html
    assert 'href="/authorities/"' in html


def test_another_spelling_is_told(client, wales):
    assert "These names are close to it:" in page(client, "Abertwae")[1]
    assert "These names are close to it:" not in page(client, "Abertawe")[1]


@pytest.mark.parametrize("query", ["", "a", "\x00", "%", "<script>alert(1)</script>", "x" * 50_000, "🎥" * 3000])
def test_odd_queries_get_a_page(client, wales, query):
    status, html = page(client, query)
    assert (status, "<script>alert" in html) == (200, False)
    assert len(html) < 40_000


def test_bytes_that_are_no_text_get_a_page(client):
    assert client.get("/search/?q=%ff%fe%ed%a0%80").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_rows(client, django_assert_num_queries, rows):
    for number in range(rows):
        system(council(f"Marl {number}"), f"town-{number}", camera("1", location="High Street"))
    with django_assert_num_queries(7):
        assert page(client, "high street")[0] == 200


def test_answers_may_be_kept_for_a_minute_and_ask_nobody_who_they_are(client):
    response = client.get("/search/?q=marl")
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies

"""The register, the page of a certificate, its document, its mark, and the check of a number: all as of today."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override

from certification.models import Certificate
from certification.models.certificate import Standing
from certification.services.events import add_event
from core.dates import today
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.certification import (
    ApplicationFactory,
    CertificateFactory,
    CertificationSchemeFactory,
    past_certificate,
    shipped_scheme,
)
from tests.factories.transparency import published, system_of
from tests.transparency.test_pages import text_of
from transparency.marks import WIDEST_LETTER, WORD_WIDTH, word_size
from transparency.register import find, folded
from transparency.standing import WORDS

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 made by a test"


def moved(status: str, **fields) -> Certificate:
    certificate = CertificateFactory(**fields)
    certificate.move_to(status, by=UserFactory(name="SECRET Decider"), note="Two findings were not closed in time.")
    return certificate


def of_closed_scheme() -> Certificate:
    return CertificateFactory(application=ApplicationFactory(scheme=CertificationSchemeFactory(closed=True)))


YESTERDAY, TOMORROW = today() - dt.timedelta(days=1), today() + dt.timedelta(days=1)
STANDINGS: dict[str, Callable[[], Certificate]] = {
    Standing.VALID: CertificateFactory,
    Standing.REVIEW_DUE: lambda: CertificateFactory(next_review_on=YESTERDAY),
    Standing.SUSPENDED: lambda: moved("suspended"),
    Standing.WITHDRAWN: lambda: moved("withdrawn"),
    Standing.REPLACED: lambda: moved("replaced"),
    Standing.EXPIRED: past_certificate,
    Standing.NOT_YET: lambda: CertificateFactory(valid_from=TOMORROW, next_review_on=TOMORROW),
    Standing.HISTORIC: of_closed_scheme,
}
WORD = {
    Standing.VALID: "Valid",
    Standing.REVIEW_DUE: "Review due",
    Standing.SUSPENDED: "Suspended",
    Standing.WITHDRAWN: "Withdrawn",
    Standing.REPLACED: "Replaced",
    Standing.EXPIRED: "Expired",
    Standing.NOT_YET: "Not valid yet",
    Standing.HISTORIC: "Historic: scheme closed",
}


def with_document(certificate: Certificate) -> str:
    certificate.document.save("x.pdf", ContentFile(PDF), save=False)
    sha256 = hashlib.sha256(PDF).hexdigest()
    Certificate.objects.filter(pk=certificate.pk).update(document=certificate.document.name, document_sha256=sha256)
    return sha256


def references(answer) -> list[str]:
    return re.findall(r'data-label="Number"><a [^>]*>([^<]+)</a>', answer.content.decode())


@pytest.mark.parametrize("standing", list(Standing))
def test_every_standing_is_said_in_words_on_the_page_and_in_the_register(client, standing):
    certificate = STANDINGS[standing]()
    assert certificate.standing() == standing
    answer = client.get(f"/certificates/{certificate.reference}/")
    told = text_of(answer.content.decode())
    assert answer.status_code == 200
    assert f"Certificate {certificate.reference} {WORD[standing]} " in told
    assert re.search(rf'<section class="ccp-standing ccp-standing--{standing}"', answer.content.decode())
    words = {
        word
        for word in WORD.values()
        if re.search(rf'class="ccp-standing__word"[^>]*>{word}<', answer.content.decode())
    }
    assert words == {WORD[standing]}
    row = client.get("/certificates/").content.decode()
    assert re.findall(r"govuk-tag--\w+\">([^<]+)<", row) == [WORD[standing]]


@pytest.mark.parametrize("standing", list(Standing))
def test_the_register_filters_by_standing_as_python_says_it(client, standing):
    certificates = [make() for make in STANDINGS.values()]
    certificates.append(moved("suspended", application__scheme=CertificationSchemeFactory(closed=True)))
    certificates.append(CertificateFactory(valid_until=YESTERDAY, valid_from=YESTERDAY, next_review_on=YESTERDAY))
    certificates.append(CertificateFactory(valid_until=None))
    wanted = {each.reference for each in certificates if each.standing(today()) == standing}
    assert wanted
    assert {row.reference for row in Certificate.objects.of_standing(standing, today())} == wanted
    assert set(references(client.get("/certificates/", {"standing": standing}))) == wanted


def test_a_last_day_is_a_valid_day(client):
    certificate = CertificateFactory(valid_until=today(), next_review_on=today())
    assert references(client.get("/certificates/?standing=valid")) == [certificate.reference]


def test_on_a_welsh_page_the_body_s_own_words_are_marked_as_english(client):
    certificate = moved("suspended")
    for prefix, lang in (("", ""), ("/cy", ' lang="en"')):
        html = client.get(f"{prefix}/certificates/{certificate.reference}/").content.decode()
        assert f'<p class="govuk-body ccp-prewrap"{lang}>Two findings were not closed in time.</p>' in html


def test_days_of_which_nothing_is_known_are_said_once_not_to_be(client):
    certificate = of_closed_scheme()
    Certificate.objects.filter(pk=certificate.pk).update(origin="recorded", valid_from=None, valid_until=None)
    told = text_of(client.get(f"/certificates/{certificate.reference}/").content.decode())
    assert "First and last day, as printed not known" in told
    assert "not known – not known" not in told


def test_the_register_filters_by_technology_and_words(client):
    listed = {"reference": "CS-1", "name": "CCTV", "cameras": 3, "counted_on": None}
    bwv = CertificateFactory(systems_listed=[{**listed, "technologies": ["body-worn video"]}])
    anpr = CertificateFactory(
        systems_listed=[{**listed, "technologies": ["CCTV", "automatic number plate recognition (ANPR)"]}],
        operator_name="Anytown",
        body_name="Bright Body",
    )
    assert references(client.get("/certificates/?technology=anpr")) == [anpr.reference]
    assert references(client.get("/certificates/?technology=cctv")) == [anpr.reference]
    assert references(client.get("/certificates/?technology=bwv")) == [bwv.reference]
    assert references(client.get("/certificates/?technology=drone")) == []
    assert references(client.get("/certificates/", {"q": "anytown bright"})) == [anpr.reference]
    assert references(client.get("/certificates/", {"q": bwv.reference.lower()})) == [bwv.reference]
    assert set(references(client.get("/certificates/?technology=nonsense&standing=nonsense"))) == {
        anpr.reference,
        bwv.reference,
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_six_queries(client, django_assert_num_queries, rows):
    CertificateFactory.create_batch(rows)
    with django_assert_num_queries(6):
        assert len(references(client.get("/certificates/"))) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_certificates_page_costs_the_same_for_any_history(client, django_assert_num_queries, rows):
    certificate = CertificateFactory()
    for _ in range(rows):
        certificate.move_to("suspended", by=None, note="x")
        certificate.move_to("valid", by=None, note="y")
    with django_assert_num_queries(6):
        assert client.get(f"/certificates/{certificate.reference}/").status_code == 200


def test_the_register_is_paged_and_survives_absurd_pages(client):
    CertificateFactory.create_batch(2)
    for page in ("2", "0", "-1", "x", "1111805924369776771072", "\x00"):
        assert client.get("/certificates/", {"page": page, "q": "\x00"}).status_code == 200


def test_public_pages_of_certificates_are_shared_for_a_minute_and_know_nobody(client):
    certificate = CertificateFactory()
    with_document(certificate)
    client.force_login(UserFactory())
    home = f"/certificates/{certificate.reference}/"
    for address in ("/certificates/", home, f"{home}certificate.pdf", f"{home}mark.svg", "/verify/", "/cy/verify/"):
        answer = client.get(address)
        assert (address, answer.status_code, answer["Cache-Control"]) == (address, 200, "public, max-age=60")
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert client.post(address).status_code == (422 if "verify" in address else 405)


def test_the_page_says_everything_that_was_copied_at_issue(client):
    certificate = CertificateFactory(
        body_name="Bright Body",
        accreditation_number="UKAS 1234",
        operator_name="Anytown Council",
        sites="Control room",
        next_review_on=today() + dt.timedelta(days=30),
        reviewed_on=dt.date(2026, 3, 2),
    )
    told = text_of(client.get(f"/certificates/{certificate.reference}/").content.decode())
    assert told.startswith("Bright Body Certificate")
    for words in (
        "Issued by Bright Body Accreditation number: UKAS 1234 Holder Anytown Council Scheme",
        "Desktop certification (step 1)",
        "Surveillance Camera Code of Practice, 2021",
        "Scope Public-space cameras in the town centre. Sites Control room Review concluded 2 March 2026",
        "Met: 33 Partly met: 1 Does not apply: 1",
        "It is not the Commissioner's scheme.",
        "Town centre CCTV 15 1 April 2026",
        "Next review ",
    ):
        assert words in told, words
    assert "Next review, as printed" not in told  # it moves on with each surveillance review


def test_history_and_reasons_are_public_and_the_deciders_name_is_not(client):
    certificate = moved("suspended")
    certificate.move_to("valid", by=UserFactory(name="SECRET Decider"), note="Both findings are closed.")
    told = text_of(client.get(f"/certificates/{certificate.reference}/").content.decode())
    day = f"{today().day} {today():%B %Y}"
    assert (
        f"What has happened to it Reinstated {day} Both findings are closed. "
        f"Suspended {day} Two findings were not closed in time. Issued {day}"
    ) in told
    assert "SECRET" not in told


def test_events_are_the_history_of_one_that_has_them(client):
    certificate = CertificateFactory()
    add_event(certificate, "issued", by=None)
    add_event(certificate, "continued", by=UserFactory(name="SECRET Decider"), reason="Nothing of weight changed.")
    told = text_of(client.get(f"/certificates/{certificate.reference}/").content.decode())
    day = f"{today().day} {today():%B %Y}"
    assert (
        f"What has happened to it Continued after a surveillance review {day} Nothing of weight changed. Issued {day}"
    ) in told
    assert "SECRET" not in told


def test_a_replaced_certificate_leads_to_the_other_and_back(client):
    old = moved("replaced")
    new = CertificateFactory(predecessor=old)
    assert f'href="/certificates/{new.reference}/"' in client.get(f"/certificates/{old.reference}/").content.decode()
    assert f'href="/certificates/{old.reference}/"' in client.get(f"/certificates/{new.reference}/").content.decode()


def test_the_page_links_what_the_authority_publishes(client):
    publication = published()
    system = system_of(publication)
    listed = [{"reference": system.reference, "name": "x", "technologies": [], "cameras": 0, "counted_on": None}]
    certificate = CertificateFactory(application__operator=system.operator, systems_listed=listed)
    html = client.get(f"/cy/certificates/{certificate.reference}/").content.decode()
    assert f'href="/cy{publication.path}"' in html


def test_welsh_words_of_the_scheme_stand_only_where_the_scheme_still_says_the_same(client):
    scheme = shipped_scheme()
    same = CertificateFactory(
        application=ApplicationFactory(scheme=scheme), scheme_statement=scheme.statement, operator_name_cy="Cyngor"
    )
    other = CertificateFactory(application=ApplicationFactory(scheme=scheme), scheme_statement="An older sentence.")
    told = client.get(f"/cy/certificates/{same.reference}/").content.decode()
    assert scheme.statement_cy.replace("'", "&#x27;") in told
    assert scheme.name_cy in told
    assert ">Cyngor</a>" in told
    assert (
        'lang="en"><p class="govuk-body">An older sentence.'
        in client.get(f"/cy/certificates/{other.reference}/").content.decode()
    )


def test_the_document_is_the_stored_bytes(client):
    certificate = CertificateFactory()
    sha256 = with_document(certificate)
    home = f"/certificates/{certificate.reference}/"
    page = client.get(home).content.decode()
    assert sha256 in page
    answer = client.get(f"{home}certificate.pdf")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["ETag"] == f'"{sha256}"'
    assert answer["Content-Disposition"] == f'inline; filename="{certificate.reference}.pdf"'
    assert client.get(f"{home}certificate.pdf", headers={"If-None-Match": f'"{sha256}"'}).status_code == 304


def test_a_document_that_is_being_printed_says_so_and_is_not_kept(client):
    certificate = CertificateFactory()
    home = f"/certificates/{certificate.reference}/"
    assert "The document is being printed." in text_of(client.get(home).content.decode())
    answer = client.get(f"{home}certificate.pdf")
    assert (answer.status_code, answer["Cache-Control"], answer["Retry-After"]) == (404, "no-store", "30")
    assert "its PDF is not ready yet" in text_of(answer.content.decode())


def test_a_document_whose_file_is_lost_takes_nothing_else_with_it(client, caplog):
    certificate = CertificateFactory()
    sha256 = with_document(certificate)
    certificate.document.storage.delete(certificate.document.name)
    home = f"/certificates/{certificate.reference}/"
    page = client.get(home)
    told = text_of(page.content.decode())
    assert (page.status_code, f"Certificate {certificate.reference} Valid " in told) == (200, True)
    assert "The file of the document cannot be found at present." in told
    assert (sha256 in told, "certificate.pdf" in page.content.decode()) == (True, False)
    answer = client.get(f"{home}certificate.pdf")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert "the file of its PDF cannot be found at present" in text_of(answer.content.decode())
    lost = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    told = f"the document of certificate {certificate.reference} cannot be read: {certificate.document.name}"
    assert lost == [told, told]


@pytest.mark.parametrize("part", ["", "certificate.pdf", "mark.svg"])
def test_an_unknown_number_is_a_clear_404(client, part):
    answer = client.get(f"/certificates/CC-2099-0001/{part}")
    assert answer.status_code == 404
    told = text_of(answer.content.decode())
    assert "No certificate with this number is in the register: CC-2099-0001" in told
    assert "ask the certification body" in told


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_the_mark_says_the_standing_in_words_shape_and_colour(client, standing, prefix):
    certificate = STANDINGS[standing]()
    answer = client.get(f"{prefix}/certificates/{certificate.reference}/mark.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    svg = answer.content.decode()
    root = ElementTree.fromstring(svg)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    in_force = standing in (Standing.VALID, Standing.REVIEW_DUE)
    assert certificate.reference in texts
    assert ("stroke-dasharray" in svg) is not in_force
    assert ("#14663c" in svg) is (standing == Standing.VALID)
    if not prefix:
        assert texts[0] == WORD[standing]
        assert any(text.startswith("Not valid") for text in texts if text) is not in_force
        assert "Valid" not in texts or standing == Standing.VALID
        assert f"On {today().day} {today():%B %Y}" in texts
    assert not re.search(r"<style|<script|style=|href=|url\(|<image", svg)


def test_a_long_name_of_a_body_fits_and_is_no_markup(client):
    certificate = CertificateFactory(body_name="<b>& " + "Very Long Name of a Body " * 7)
    svg = client.get(f"/certificates/{certificate.reference}/mark.svg").content.decode()
    texts = [element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert max(len(text) for text in texts) <= 36
    assert len(texts) == 6


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_word_of_the_mark_fits_its_place(language):
    with override(language):
        words = [str(word) for word in WORDS.values()]
    assert all(len(word) * word_size(word) * WIDEST_LETTER <= WORD_WIDTH for word in words)
    assert max(map(word_size, words)) == 31


def test_the_commissioners_scheme_shows_no_mark(client):
    certificate = of_closed_scheme()
    page = client.get(f"/certificates/{certificate.reference}/").content.decode()
    assert f"{certificate.reference}/mark.svg" not in page


@pytest.mark.parametrize(
    "typed",
    [
        "CC-2026-0042",
        " cc-2026-0042 ",
        "cc 2026 0042",
        "CC20260042",
        "CC–2026–0042",
        "cc.2026.OO42",
        "CC-2O26-OO42",
        "http://testserver/certificates/CC-2026-0042/",
        "https://elsewhere.example/cy/certificates/cc-2026-0042/certificate.pdf",
    ],
)
def test_a_number_is_found_however_it_is_typed(client, typed):
    CertificateFactory(reference="CC-2026-0042")
    CertificateFactory(reference="CC-2026-0043")
    answer = client.get("/verify/", {"number": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/certificates/CC-2026-0042/")
    assert client.get("/cy/verify/", {"number": typed})["Location"] == "/cy/certificates/CC-2026-0042/"


@pytest.mark.parametrize(
    "typed", ["CC-2026-0099", "CC", "x" * 4000, "\x00CC", "' or 1=1 --", "ＣＣ", "%", "0042", "\ud83d\ude00"]
)
def test_an_unknown_number_is_said_to_be_unknown_and_what_to_do(client, typed):
    CertificateFactory(reference="CC-2026-0042")
    answer = client.get("/verify/", {"number": typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    assert answer.status_code == 404
    told = text_of(answer.content.decode())
    assert "No certificate with this number is in the register:" in told
    assert "Compare it with the printed number" in told


def test_no_number_at_all_is_asked_for(client):
    assert "There is a problem" not in client.get("/verify/").content.decode()
    answer = client.get("/verify/", {"number": "  "})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert '<a href="#number">Enter the number that is printed on the document.</a>' in html
    assert "<title>Error:" in html


def test_a_number_in_small_letters_leads_to_its_page(client):
    CertificateFactory(reference="CC-2026-0042")
    assert client.get("/certificates/cc-2026-oo42/")["Location"] == "/certificates/CC-2026-0042/"


def test_a_number_that_could_be_two_is_neither():
    CertificateFactory(reference="CO-2026-0001")
    CertificateFactory(reference="C0-2026-0001")
    assert folded("CO-2026-0001") == folded("C0-2026-0001")
    assert find("C0-2026-0001") is None or find("C0-2026-0001").reference == "C0-2026-0001"


def test_every_standing_has_its_words():
    assert {standing: str(word) for standing, word in WORDS.items()} == WORD


def test_an_operator_without_a_public_page_gets_one_by_its_certificate(client):
    force = OrganisationFactory(kind="police_force", slug="force-north")
    assert client.get("/authorities/force-north/").status_code == 404
    certificate = CertificateFactory(application=ApplicationFactory(operator=force))
    assert certificate.reference in client.get("/authorities/force-north/").content.decode()

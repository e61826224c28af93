"""The mark: live, in both languages, light and dark, for print; and what it says when it is not in force."""

import datetime as dt
import io
from xml.etree import ElementTree

import pikepdf
import pytest
from django.utils.translation import override

from certification.models.certificate import Standing
from core.dates import today
from tests.factories.certification import CertificateFactory
from tests.transparency.test_certificates import STANDINGS, WORD
from tests.transparency.test_pages import text_of
from transparency.languages import ENGLISH, WELSH
from transparency.marks import COLOURS, DARK, QR_LEFT, mark_of

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
IN_FORCE = (Standing.VALID, Standing.REVIEW_DUE)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_can_be_read_on_every_paper():
    for colours in {*COLOURS.values(), *DARK.values()}:
        assert min(contrast(colours.ink, colours.paper), contrast(colours.text, colours.paper)) >= 4.5


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("name", ["mark.svg", "mark-dark.svg"])
def test_number_expiry_and_code_stand_on_a_mark_in_force_only(client, standing, name):
    certificate = STANDINGS[standing]()
    svg = client.get(f"/certificates/{certificate.reference}/{name}").content.decode()
    last = certificate.valid_until
    until = f"Until {last.day} {last:%B %Y}"
    assert (until in texts(svg)) is (standing in IN_FORCE)
    assert any(text.startswith("Not valid") for text in texts(svg)) is (standing not in IN_FORCE)
    assert certificate.reference in texts(svg)
    assert ("<path" in svg) is (standing != Standing.HISTORIC)  # no artwork and no code under a closed scheme
    assert (DARK[COLOURS[standing]].paper in svg) is (name == "mark-dark.svg")


def test_a_mark_changes_within_a_minute_and_follows_nobody(client):
    certificate = CertificateFactory()
    for name in ("mark.svg", "mark-dark.svg"):
        answer = client.get(f"/certificates/{certificate.reference}/{name}")
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("address", ["mark.svg", "mark-dark.svg"])
def test_a_mark_that_is_opened_by_itself_is_told_in_words(client, standing, address):
    certificate = STANDINGS[standing]()
    svg = ElementTree.fromstring(client.get(f"/cy/certificates/{certificate.reference}/{address}").content)
    told = {element.get("id"): element.text for element in svg.iter() if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert (svg.get("role"), svg.get("aria-labelledby"), svg.get("aria-describedby")) == ("img", "t", "d")
    assert svg.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"
    assert certificate.reference in (told["t"] or "")
    assert told["d"] == " ".join(element.text or "" for element in svg.iter(f"{SVG}text"))


def test_a_mark_without_an_end_says_so(client):
    certificate = CertificateFactory(valid_until=None)
    svg = client.get(f"/certificates/{certificate.reference}/mark.svg").content.decode()
    assert "Without a fixed end" in texts(svg)


def test_the_mark_costs_one_query(client, django_assert_num_queries):
    certificate = CertificateFactory()
    for name in ("mark.svg", "mark-dark.svg", "mark.pdf"):
        with django_assert_num_queries(1):
            assert client.get(f"/certificates/{certificate.reference}/{name}").status_code == 200


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_the_mark_for_print_is_vectors_alone_and_tells_itself(client, prefix):
    certificate = CertificateFactory(body_name="Corff Ardystio Tŷ Ŵyl")
    address = f"{prefix}/certificates/{certificate.reference}/mark.pdf"
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "public, max-age=60")
    assert client.get(address).content == answer.content
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        page = pdf.pages[0]
        width, height = float(page.MediaBox[2]), float(page.MediaBox[3])
        assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (140, 50)
        assert page.TrimBox == page.MediaBox
        assert dict(page.Resources) == {}  # no font, no picture
        assert str(pdf.Root.Lang) == (prefix[1:] or "en")
        alt = str(pdf.Root.StructTreeRoot.K[0].Alt)
        assert certificate.reference in alt
        assert certificate.body_name in alt
        assert (f"Until {certificate.valid_until.day} " in alt) is (not prefix)
        assert pdf.check_pdf_syntax() == [] if hasattr(pdf, "check_pdf_syntax") else pdf.check() == []


@pytest.mark.parametrize("standing", [each for each in Standing if each not in IN_FORCE])
def test_there_is_nothing_to_print_for_one_that_is_not_in_force(client, standing):
    certificate = STANDINGS[standing]()
    answer = client.get(f"/certificates/{certificate.reference}/mark.pdf")
    told = text_of(answer.content.decode())
    assert answer.status_code == 404
    assert WORD[standing] in told
    assert "it must be taken away" in told
    page = client.get(f"/certificates/{certificate.reference}/").content.decode()
    assert "mark.pdf" not in page


def test_one_whose_first_day_is_to_come_says_from_when_it_is_valid(client):
    first = today() + dt.timedelta(days=2)
    certificate = CertificateFactory(valid_from=first)
    page = f"/certificates/{certificate.reference}/"
    assert client.get(f"{page}mark.pdf").status_code == 404
    assert "mark.pdf" not in client.get(page).content.decode()
    assert f"It is valid from {first.day} {first:%B %Y} on." in text_of(client.get(page).content.decode())
    assert texts(client.get(f"{page}mark.svg").content.decode())[:2] == [
        "Not valid yet",
        f"From {first.day} {first:%B %Y}",
    ]
    (row,) = client.get("/certificates/register.json", {"standing": "not_yet"}).json()["certificates"]
    assert (row["number"], row["standing"], row["valid_from"]) == (certificate.reference, "not_yet", first.isoformat())
    assert client.get("/certificates/register.json", {"standing": "valid"}).json()["certificates"] == []


@pytest.mark.parametrize("month", range(1, 13))
def test_the_day_from_which_it_is_valid_stops_before_the_code_in_welsh(month):
    certificate = CertificateFactory(valid_from=dt.date(2099, month, 28), valid_until=None)
    with override("cy"):
        line = mark_of(certificate, today(), WELSH).words[1]
    assert line.text.startswith("O 28 ")
    assert line.x + 0.62 * line.size * len(line.text) < QR_LEFT  # as wide as bold letters of Arial are on average


def test_on_its_first_day_it_is_valid_without_any_act():
    first = today() + dt.timedelta(days=2)
    certificate = CertificateFactory(valid_from=first)
    words = [mark_of(certificate, day, ENGLISH).words[0].text for day in (first - dt.timedelta(days=1), first)]
    assert words == ["Not valid yet", "Valid"]

"""The printed certificate, read back: words, tags, language, title, fonts, header scopes; same row, same bytes."""

import datetime as dt
import hashlib
import html
import io
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import override
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from certification.documents import certificate_context, certificate_html, certificate_pdf, found_words, name_class
from certification.facts import facts_text
from certification.models import Certificate
from certification.services.printing import attach_document
from certification.signals import certificate_changed
from certification.tasks import print_certificate
from core import jobs
from core.models import Job, TrailEntry
from core.printing import html_to_pdf
from core.signing import check_facts, check_pdf, keyring
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory, Parties

pytestmark = pytest.mark.django_db
ADDRESS = "https://portal.example/certificates/CC-2026-0042/"


def row(**values: Any) -> Certificate:
    """A certificate as its row alone, without a database."""
    return Certificate(
        **{
            "reference": "CC-2026-0042",
            "aim": "desktop",
            "body_name": "Meridian Assurance Ltd",
            "operator_name": "Elmsworth Borough Council",
            "scheme_name": "Independent assurance against the Surveillance Camera Code",
            "scheme_statement": "This scheme belongs to the operator of this portal.",
            "edition_title": "Surveillance Camera Code of Practice, amended November 2021",
            "scope": "Public-space cameras of the town centre.",
            "systems_listed": [system(1)],
            "found": {"met": 31, "partly": 3, "na": 1},
            "reviewed_on": dt.date(2026, 11, 18),
            "issued_on": dt.date(2026, 11, 22),
            "valid_from": dt.date(2026, 11, 22),
            "valid_until": dt.date(2027, 11, 21),
            "address": ADDRESS,
            **values,
        }
    )


def system(number: int, **values: Any) -> dict[str, Any]:
    return {
        "reference": f"CS-23K{number:04d}",
        "name": f"Town centre {number}",
        "technologies": ["CCTV"],
        "cameras": 1100 + number,
        "counted_on": "2026-10-02",
        **values,
    }


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every structure element in the order of reading."""

    def below(parent: Any) -> Iterator[Any]:
        kids = parent.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from below(kid)

    return below(pdf.Root.StructTreeRoot)


def test_it_says_who_found_what_on_which_dates_and_what_it_is_not():
    printed = certificate_pdf(row())
    text = text_of(printed)
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        kinds = [str(element.S) for element in elements(pdf)]
    assert kinds.index("/P") < kinds.index("/H1") < kinds.index("/Table")  # the body first, read aloud too
    for words in (
        "Meridian Assurance Ltd",
        "Certification body Certificate of desktop assurance",
        "concluded its desktop review of the surveillance camera systems named below on 18 November 2026",
        "on 22 November 2026 it decided to issue this certificate to Elmsworth Borough Council",
        "under the scheme Independent assurance against the Surveillance Camera Code",
        "Certificate number CC-2026-0042",
        "Valid from 22 November 2026",
        "Valid until 21 November 2027",
        "Public-space cameras of the town centre.",
        "The cameras, the control room and the daily work were not visited.",
        "Of 35 criteria the auditor judged 31 met, 3 partly met and 1 found not to apply.",
        "Town centre 1 CS-23K0001 CCTV 1,101 2 October 2026",
        "It is not a certificate of the Surveillance Camera Commissioner's scheme, which closed on 19 November 2025.",
        "It is not endorsed by government.",
        "It is not accredited by UKAS: no accreditation number is recorded.",
        "This scheme belongs to the operator of this portal.",
        "1 / 1",
    ):
        assert words in text
    assert ADDRESS in text.replace(" ", "")  # in words, over two lines
    assert "compliant" not in text.lower()
    assert "%" not in text


def test_an_accreditation_number_takes_the_place_of_the_sentence_that_there_is_none():
    text = text_of(certificate_pdf(row(accreditation_number="UKAS 1234")))
    assert "Accreditation number UKAS 1234" in text
    assert "no accreditation number is recorded" not in text


def test_a_full_certificate_says_that_there_was_a_visit_and_when_the_next_review_is():
    text = text_of(certificate_pdf(row(aim="full", next_review_on=dt.date(2027, 11, 22), valid_until=None)))
    assert "Certificate of full assurance" in text
    assert "visited the operator" in text
    assert "Next review due 22 November 2027" in text
    assert "No fixed end" in text


def test_it_is_tagged_titled_in_english_with_a_picture_that_speaks():
    with pikepdf.open(io.BytesIO(certificate_pdf(row()))) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == "Certificate CC-2026-0042: Elmsworth Borough Council"
        assert str(pdf.docinfo["/Author"]) == "Meridian Assurance Ltd"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        tags = [str(element.S) for element in elements(pdf)]
        assert tags.count("/H1") == 1
        assert tags.index("/P") < tags.index("/H1")
        figures = [element for element in elements(pdf) if element.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == [f"QR code that opens {ADDRESS}"]


def test_every_header_cell_has_its_scope_and_every_cell_finds_its_header():
    with pikepdf.open(io.BytesIO(certificate_pdf(row()))) as pdf:
        headers = [element for element in elements(pdf) if element.S == "/TH"]
        scopes = [str(header.A.Scope) for header in headers]
        assert scopes == ["/Row"] * 6 + ["/Column"] * 4
        known = {str(name) for name in pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)}
        named = {str(name) for e in elements(pdf) if e.S == "/TD" for name in e.A.Headers}
        assert named == known == {str(header.ID) for header in headers}


def test_the_welsh_name_of_a_welsh_authority_is_tagged_as_welsh():
    welsh = certificate_pdf(row(operator_name="Vale of Helyg Council", operator_name_cy="Cyngor Bro Helyg"))
    assert "Vale of Helyg Council Cyngor Bro Helyg" in text_of(welsh)
    with pikepdf.open(io.BytesIO(welsh)) as pdf:
        languages = [str(element.Lang) for element in elements(pdf) if "/Lang" in element]
        assert languages == ["cy"]
    with pikepdf.open(io.BytesIO(certificate_pdf(row()))) as pdf:
        assert not [element for element in elements(pdf) if "/Lang" in element]


def test_fonts_are_embedded_and_nothing_points_outside():
    with pikepdf.open(io.BytesIO(certificate_pdf(row()))) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary):
                assert found.get("/S") not in ("/URI", "/JavaScript", "/Launch", "/GoToR", "/SubmitForm")
                assert "/JS" not in found
                assert "/EF" not in found


def test_many_systems_fill_pages_with_their_heads_repeated():
    pdf = certificate_pdf(row(systems_listed=[system(number) for number in range(1, 61)]))
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 3
    text = text_of(pdf)
    assert all(f"CS-23K{number:04d}" in text for number in range(1, 61))
    assert "Technologies Cameras Counted on" in " ".join(reader.pages[-1].extract_text().split())
    assert "3 / 3" in text


def test_no_row_stands_alone_at_the_head_or_the_foot_of_a_page():
    for count in range(12, 18):  # what fits on the first page, and a few more
        reader = PdfReader(io.BytesIO(certificate_pdf(row(systems_listed=[system(n) for n in range(1, count + 1)]))))
        rows = [page.extract_text().count("CS-23K") for page in reader.pages]
        assert sum(rows) == count
        assert all(on_page != 1 for on_page in rows)


TERM = "The certificate and the mark are shown whole and unchanged, and only while the certificate is in force."


def letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def lost(certificate: Certificate) -> Counter[str]:
    """What the page says and no sheet of paper shows: off its edge is lost too."""
    page = certificate_html(certificate)
    said = html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<body") :]))
    command = ["pdftotext", "-", "-"]
    shown = subprocess.run(command, input=certificate_pdf(certificate), capture_output=True, check=True).stdout.decode()
    return letters(said) - letters(shown)


@pytest.mark.once
@pytest.mark.parametrize("count", range(2, 6))
def test_nothing_is_lost_where_the_first_sheet_is_full(count):
    listed = [system(number) for number in range(1, count + 1)]
    assert not lost(row(systems_listed=listed, sites="Control room, Corn Hall", terms="\n".join([TERM] * 5)))


@pytest.mark.once
def test_nothing_is_lost_of_terms_that_fill_more_than_a_sheet():
    assert not lost(row(terms="\n".join([TERM] * 90)))


def test_long_names_are_set_smaller_and_stay_whole():
    name = "The Association for the Assurance of Public Space Surveillance Camera Systems " * 2
    context = certificate_context(row(body_name=name.strip(), operator_name="Short"))
    assert (context["body_class"], context["operator_class"]) == ("name-3", "name-1")
    assert [name_class("x" * length) for length in (34, 35, 80, 81)] == ["name-1", "name-2", "name-2", "name-3"]
    assert " ".join(name.split()) in text_of(certificate_pdf(row(body_name=name.strip())))


def test_words_of_people_are_never_markup():
    text = text_of(certificate_pdf(row(scope='<img src="https://example.org/x"> & <b>bold</b>')))
    assert '<img src="https://example.org/x"> & <b>bold</b>' in text


def test_counts_are_said_in_words_and_never_as_a_share():
    assert found_words({}).en == ""
    assert found_words({"met": 1200}).en == "Of 1,200 criteria the auditor judged 1,200 met."
    assert found_words({"not_met": 1, "met": 2}).en == "Of 3 criteria the auditor judged 2 met and 1 not met."


def test_the_same_row_gives_the_same_bytes_in_another_process_too():
    certificate = row()
    here = certificate_pdf(certificate)
    assert certificate_pdf(row()) == here
    program = (
        "import django, sys; django.setup(); from certification.documents import with_full_tags;"
        "from core.printing import html_to_pdf;"
        "sys.stdout.buffer.write(with_full_tags(html_to_pdf(sys.stdin.read()), spans=True))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=certificate_html(certificate).encode(),
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ccp_portal.settings", "PYTHONIOENCODING": "utf-8"},
    )
    assert hashlib.sha256(other.stdout).hexdigest() == hashlib.sha256(here).hexdigest()


def test_the_user_s_language_does_not_change_the_document():
    with override("cy"):
        welsh_page = certificate_html(row())
    assert welsh_page == certificate_html(row())


@pytest.mark.parametrize(
    "address", ["https://example.org/x.png", "http://127.0.0.1:9/x.png", "file:///etc/passwd", "ftp://example.org/x"]
)
def test_the_printer_fetches_nothing_from_outside(address):
    with pytest.raises(FatalURLFetchingError):
        html_to_pdf(f'<html lang="en"><title>x</title><img src="{address}" alt="x"></html>')


# --- printed once ---


def test_printing_stores_the_document_once_with_its_hash():
    certificate = CertificateFactory()
    heard = []
    certificate_changed.connect(receiver := lambda sender, certificate, **_: heard.append(certificate.reference))
    try:
        print_certificate(certificate.pk)
    finally:
        certificate_changed.disconnect(receiver)
    certificate.refresh_from_db()
    assert certificate.document.name == f"certificates/{certificate.reference}.pdf"
    with certificate.document.open("rb") as file:
        stored = file.read()
    assert hashlib.sha256(stored).hexdigest() == certificate.document_sha256
    assert check_pdf(stored).genuine
    assert (certificate.facts, check_facts(certificate.facts_jws).text) == (facts_text(certificate),) * 2
    assert certificate.key_id == keyring().current.key_id
    assert certificate.document_made_at is not None
    assert heard == [certificate.reference]
    assert TrailEntry.objects.get(verb="printed").after == {
        "sha256": certificate.document_sha256,
        "bytes": len(stored),
        "key": certificate.key_id,
    }


def test_a_stored_document_never_changes():
    certificate = CertificateFactory()
    print_certificate(certificate.pk)
    certificate.refresh_from_db()
    before = (certificate.document_sha256, certificate.document_made_at, certificate.facts, certificate.facts_jws)
    print_certificate(certificate.pk)
    assert attach_document(certificate=certificate, pdf=b"%PDF-other", facts="{}", jws="") is False
    certificate.refresh_from_db()
    now = (certificate.document_sha256, certificate.document_made_at, certificate.facts, certificate.facts_jws)
    assert now == before
    with certificate.document.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == certificate.document_sha256
    assert default_storage.listdir("certificates")[1] == [f"{certificate.reference}.pdf"]


def test_a_file_left_by_a_worker_that_died_is_overwritten():
    certificate = CertificateFactory()
    name = f"certificates/{certificate.reference}.pdf"
    default_storage.save(name, ContentFile(b"half a docu"))
    print_certificate(certificate.pk)
    certificate.refresh_from_db()
    assert certificate.document.name == name
    with certificate.document.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == certificate.document_sha256


def test_an_award_promises_its_document_and_the_job_prints_it():
    certificate = Parties.make().awarded().certificate
    job = Job.objects.get(key=f"certification.print_certificate:{certificate.pk}")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    certificate.refresh_from_db()
    assert job.error == ""
    assert job.finished_at is not None
    assert certificate.document_sha256 != ""
    assert jobs.run(job.pk) is False


def test_a_document_is_made_from_the_row_alone(django_assert_num_queries):
    CertificateFactory(application__scheme=CertificationSchemeFactory())
    Certificate.objects.update(is_bilingual=True)
    certificate = Certificate.objects.for_document().get()
    with django_assert_num_queries(0):
        certificate_html(certificate)
        facts_text(certificate)

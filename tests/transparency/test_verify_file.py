"""A file is checked on `/verify/`: without a session, in memory alone, as often as is fair, in both languages."""

import io
import time
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.certification import CertificateFactory, CertificationSchemeFactory
from tests.transparency.test_tampering import one_byte, printed
from transparency.views import verify as page

pytestmark = pytest.mark.django_db


def sent(data: bytes, path: str = "/verify/", **headers: Any) -> Any:
    """As a browser of somebody unknown sends it: no cookie, no token."""
    browser = Client(enforce_csrf_checks=True)
    return browser.post(path, {"file": SimpleUploadedFile("certificate.pdf", data, "application/pdf")}, **headers)


def test_a_genuine_file_an_altered_one_and_a_stranger_s():
    certificate, pdf = printed()
    answer = sent(pdf)
    said = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"], answer.cookies.output()) == (200, "no-store", "")
    for words in (
        "<title>Genuine: Check a certificate",
        "Genuine: the file is as this portal issued it",
        "Yes: signed with a key of this portal, over the whole file.",
        "Yes: the bytes are those that the register recorded.",
        "Yes: the number is in the register.",
        f'href="/certificates/{certificate.reference}/"',
        ">Valid<",
    ):
        assert words in said
    said = sent(one_byte(pdf)).content.decode()
    for words in (
        "Altered: the file is not as it was issued",
        "What was signed has been changed since.",
        "Its hash is not the one in the register.",
        "Not as it was issued: page 1.",
        "Yes: the number is in the register.",
    ):
        assert words in said
    said = sent(b"%PDF-1.7 <script>alert(1)</script>").content.decode()
    assert "Unknown: the file is not one that this portal issued" in said
    assert "No: the file gives no number of a certificate." in said
    assert "<script>alert" not in said
    welsh = sent(pdf, "/cy/verify/").content.decode()
    assert 'lang="cy"' in welsh
    assert f'href="/cy/certificates/{certificate.reference}/"' in welsh
    assert "Genuine" not in welsh


def test_a_file_behind_a_password_is_said_to_be_so():
    _certificate, pdf = printed()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    said = sent(out.getvalue()).content.decode()
    assert "Unknown: the file is not one that this portal issued" in said
    assert "It is protected with a password, and no document of this portal is." in said
    assert "No: the file gives no number of a certificate." in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose the PDF of a certificate."),
        (b"PK\x03\x04" + b"x" * 2000, "This file is not a PDF."),
        (b"%PDF-1.7" + b"\x00" * page.LARGEST, "The file is larger than 5 MB"),
    ],
)
def test_what_is_no_certificate_is_refused_beside_the_form(data, words):
    answer = sent(data)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert words in said
    assert "<title>Error: " in said
    assert 'href="#file"' in said


def test_a_form_without_a_file_is_refused():
    answer = Client(enforce_csrf_checks=True).post("/verify/", {"file": "text"})
    assert answer.status_code == 422
    assert "Choose the PDF of a certificate." in answer.content.decode()


def test_a_large_file_touches_no_disk(monkeypatch):
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    assert sent(b"%PDF-1.7" + b"\x00" * (4 * 1024 * 1024)).status_code == 200


def test_whoever_asks_too_often_waits(monkeypatch):
    monkeypatch.setattr(page, "MOST_OF_A_PLACE", 2)
    answers = [sent(b"%PDF-1.7", REMOTE_ADDR="192.0.2.7") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert "Wait a minute and try again." in answers[2].content.decode()
    assert sent(b"%PDF-1.7", REMOTE_ADDR="192.0.2.8").status_code == 200


def test_hostile_files_raise_nothing_and_take_no_time():
    hostile = (
        b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 50_000,
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n1 0 obj<</Length 10/Filter/FlateDecode>>stream\n" + bytes(range(256)) * 4000,
    )
    for data in hostile:
        begun = time.monotonic()
        assert sent(data).status_code == 200
        assert time.monotonic() - begun < 20


# --- the number ---


def test_a_mistyped_number_is_told_apart_from_an_unknown_one(client):
    CertificationSchemeFactory(number_prefix="IA")
    CertificateFactory(reference="IA-2026-00042-7")
    mistyped = client.get("/verify/", {"number": "IA-2026-00043-7"})
    unknown = client.get("/verify/", {"number": "IA-2026-0042"})
    assert (mistyped.status_code, unknown.status_code) == (404, 404)
    assert "A character seems mistyped" in mistyped.content.decode()
    assert "A character seems mistyped" not in unknown.content.decode()
    assert "No certificate with this number is in the register" in unknown.content.decode()
    assert "A character seems mistyped" in client.get("/certificates/IA-2026-00043-7/").content.decode()


def test_the_page_asks_few_queries(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/verify/")
    with django_assert_num_queries(2):  # the number, the known prefixes
        client.get("/verify/", {"number": "IA-2026-00043-7"})


# --- the data ---


def test_data_are_served_once_printed_and_kept_by_shared_caches(client):
    certificate = CertificateFactory()
    for name in ("certificate.json", "certificate.jws"):
        waiting = client.get(f"/certificates/{certificate.reference}/{name}")
        assert (waiting.status_code, waiting["Retry-After"]) == (404, "30")
        assert client.get(f"/certificates/CC-2099-00001-1/{name}").status_code == 404
    certificate, _pdf = printed()
    for name, kind in (("certificate.json", "application/json"), ("certificate.jws", "application/jose")):
        answer = client.get(f"/certificates/{certificate.reference}/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer["Cache-Control"] == "public, max-age=60"
        again = client.get(f"/certificates/{certificate.reference}/{name}", HTTP_IF_NONE_MATCH=answer["ETag"])
        assert again.status_code == 304

"""A certificate as programs of others see it: genuine and trusted once they know our authority, else not."""

import io
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from core.signing import ca_pem
from tests.certification.test_documents import elements
from tests.other_programs import pdfsig, qpdf_finds_nothing, trusting
from tests.transparency.test_tampering import append_page, appended, one_byte, printed

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return trusting(ca_pem(), tmp_path / "nss")


def written(folder: Path, pdf: bytes) -> Path:
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    return path


def test_pdfsig_and_qpdf_find_a_certificate_valid_trusted_and_whole(tmp_path, store):
    _certificate, pdf = printed()
    path = written(tmp_path, pdf)
    said = pdfsig(path, store)
    assert said["Signature Validation"] == "Signature is Valid."
    assert said["Certificate Validation"] == "Certificate is Trusted."
    assert said["Signature Type"] == "ETSI.CAdES.detached"
    assert "Total document signed" in said
    assert qpdf_finds_nothing(path)


def test_pdfsig_trusts_only_whom_it_is_told_to(settings, tmp_path):
    _certificate, pdf = printed()
    settings.PORTAL_DATA = tmp_path / "elsewhere"
    said = pdfsig(written(tmp_path, pdf), trusting(ca_pem(), tmp_path / "nss"))
    assert said["Signature Validation"] == "Signature is Valid."
    assert said["Certificate Validation"] == "Certificate issuer isn't Trusted."


def test_pdfsig_finds_what_was_changed(tmp_path, store):
    _certificate, pdf = printed()
    changed = pdfsig(written(tmp_path, one_byte(pdf)), store)
    assert changed["Signature Validation"] == "Digest Mismatch."
    more = pdfsig(written(tmp_path, appended(pdf, append_page)), store)
    assert "Not total document signed" in more
    assert "Total document signed" not in more


def test_the_structure_is_whole(tmp_path):
    certificate, pdf = printed()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert (str(document.Root.Lang), str(document.docinfo["/Author"])) == ("en-GB", certificate.body_name)
        assert certificate.reference in str(document.docinfo["/Title"])
        scopes = [str(e.A.Scope) for e in elements(document) if e.S == "/TH"]
        assert set(scopes) == {"/Row", "/Column"}
        assert all("/Alt" in e for e in elements(document) if e.S == "/Figure")
        assert [str(e.Lang) for e in elements(document) if "/Lang" in e] == ["cy"]
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1

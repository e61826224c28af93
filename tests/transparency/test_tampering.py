"""A certificate that somebody changed is found, and the change is named."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from certification.facts import facts_of
from certification.models import Certificate
from certification.tasks import print_certificate
from core.dates import today
from core.signing import Trust, ca_pem, keyring, public_keys, rotate, sign_pdf, withdraw
from tests.certification.test_documents import text_of
from tests.factories.certification import CertificateFactory
from transparency.verification import Outcome, verify, verify_offline

TERMS = "Shown whole and unchanged."


def printed(**values: Any) -> tuple[Certificate, bytes]:
    certificate = CertificateFactory(terms=TERMS, operator_name_cy="Cyngor Elmsworth", **values)
    print_certificate(certificate.pk)
    certificate.refresh_from_db()
    with certificate.document.open("rb") as file:
        return certificate, file.read()


def rewritten(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """As an editor saves it: the whole file anew."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def appended(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """As an incremental update: the signed bytes stay, others come behind them."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def one_byte(pdf: bytes) -> bytes:
    """In the middle of what the first page draws."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        drawn = document.pages[0].Contents.read_raw_bytes()
    place = pdf.index(drawn) + len(drawn) // 2
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def one_word(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    page.Contents = document.make_stream(page.Contents.read_bytes() + b" BT ET")


def strip_signature(document: pikepdf.Pdf) -> None:
    del document.Root.AcroForm
    del document.Root.Perms
    for page in document.pages:
        if "/Annots" in page:
            del page["/Annots"]


def of_nobody(document: pikepdf.Pdf) -> None:
    """Another number, in no register."""
    strip_signature(document)
    document.docinfo["/Title"] = "Certificate CC-2026-99999"
    for name in list(document.attachments):
        del document.attachments[name]


def swap_data(document: pikepdf.Pdf) -> None:
    facts = json.loads(document.attachments["certificate.json"].get_file().read_bytes())
    facts["operator"]["name"] = "Another council"
    swapped: Any = pikepdf.AttachedFileSpec
    document.attachments["certificate.json"] = swapped(
        document, json.dumps(facts).encode(), filename="certificate.json"
    )


def append_page(writer: Any) -> None:
    from pyhanko.pdf_utils.content import RawContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.writer import PageObject

    content = RawContent(b"", box=BoxConstraints(width=595, height=842))
    writer.insert_page(PageObject(contents=writer.add_object(content.as_form_xobject()), media_box=(0, 0, 595, 842)))


def append_swapped_data(writer: Any) -> None:
    files = writer.root["/AF"]
    stream = files[0]["/EF"].raw_get("/F")
    changed = stream.get_object()
    changed._data = b'{"number":"another"}'
    changed._encoded_data = None
    writer.mark_update(stream)


@pytest.mark.django_db
def test_each_change_is_named():
    certificate, pdf = printed()
    cases: dict[str, tuple[bytes, set[str]]] = {
        "one byte": (one_byte(pdf), {"altered", "not_recorded", "page_changed"}),
        "one word": (rewritten(pdf, one_word), {"rewritten", "not_recorded", "page_changed"}),
        "written anew": (rewritten(pdf, lambda document: None), {"rewritten", "not_recorded"}),
        "a page more": (rewritten(pdf, lambda d: d.add_blank_page()), {"rewritten", "not_recorded", "pages_added"}),
        "a page behind": (appended(pdf, append_page), {"appended", "pages_appended", "not_recorded", "pages_added"}),
        "other data": (rewritten(pdf, swap_data), {"rewritten", "not_recorded", "facts_swapped"}),
        "other data behind": (appended(pdf, append_swapped_data), {"appended", "not_recorded", "facts_swapped"}),
        "no signature": (rewritten(pdf, strip_signature), {"unsigned", "not_recorded"}),
        "bytes behind": (pdf + b"\n", {"appended", "not_recorded"}),
    }
    for name, (data, codes) in cases.items():
        verdict = verify(data)
        assert (name, {reason.code for reason in verdict.reasons}) == (name, codes)
        assert (name, verdict.outcome, verdict.reference) == (name, Outcome.ALTERED, certificate.reference)
        assert (verdict.signature, verdict.hash, verdict.register) == (False, False, True)
        assert verdict.standing == "valid"
        offline = verify_offline(data, Trust.from_file(json.dumps(public_keys()).encode()))
        assert (name, offline.genuine, offline.register, offline.standing) == (name, False, None, None)


@pytest.mark.django_db
def test_a_page_changed_for_another_is_named_by_its_number():
    _certificate, pdf = printed(
        systems_listed=[
            {"reference": f"CS-{n}", "name": f"System {n}", "technologies": ["CCTV"], "cameras": 1, "counted_on": None}
            for n in range(60)
        ]
    )

    def change(document: pikepdf.Pdf) -> None:
        document.pages[1].Contents = document.pages[2].Contents

    verdict = verify(rewritten(pdf, change))
    assert [str(reason.text) for reason in verdict.reasons if reason.code == "page_changed"] == [
        "Not as it was issued: page 2."
    ]


@pytest.mark.django_db
def test_a_document_that_somebody_else_signs_is_named(settings, tmp_path):
    certificate, pdf = printed()
    bare, own = rewritten(pdf, strip_signature), settings.PORTAL_DATA
    settings.PORTAL_DATA = tmp_path / "forger"
    forged = sign_pdf(bare, reason=f"Certificate {certificate.reference}")
    other = ca_pem()
    settings.PORTAL_DATA = own
    verdict = verify(forged)
    assert (verdict.outcome, verdict.signature, verdict.hash, verdict.register) == (Outcome.ALTERED, False, False, True)
    assert {reason.code for reason in verdict.reasons} == {"unknown_key", "not_recorded"}
    assert not verify_offline(forged, Trust.from_file(ca_pem())).genuine
    assert not verify_offline(pdf, Trust.from_file(other)).genuine
    assert verify_offline(pdf, Trust.from_file(ca_pem())).genuine


@pytest.mark.django_db
def test_of_what_a_withdrawn_key_signed_only_the_register_tells_the_genuine(client, tmp_path, capsys):
    certificate, pdf = printed()
    stranger = sign_pdf(rewritten(pdf, of_nobody), reason="stolen")
    other = sign_pdf(rewritten(pdf, strip_signature), reason=f"Certificate {certificate.reference}")
    old = keyring().current.key_id
    rotate()
    assert verify(pdf).reasons == []
    withdraw(old, "It was stolen.")
    told = f"It was signed with a key that was withdrawn on {today().day} {today():%B %Y}, because: It was stolen."

    known = verify(pdf)
    assert (known.outcome, known.signature, known.hash, known.register) == (Outcome.GENUINE, False, True, True)
    assert [(reason.code, str(reason.text)) for reason in known.reasons] == [("withdrawn_key", told)]
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf)
    call_command("verify_certificate", str(file))
    assert f"withdrawn_key: {told}" in capsys.readouterr().out
    page = client.post("/verify/", {"file": SimpleUploadedFile("c.pdf", pdf, "application/pdf")}).content.decode()
    assert told in page
    assert "its key was withdrawn and proves nothing any more" in page

    found = verify(other)
    assert (found.outcome, found.signature, found.hash) == (Outcome.ALTERED, False, False)
    assert {reason.code for reason in found.reasons} >= {"withdrawn_key", "not_recorded"}
    forged = verify(stranger)
    assert (forged.outcome, forged.signature, forged.register) == (Outcome.UNKNOWN, False, False)
    assert [reason.code for reason in forged.reasons] == ["withdrawn_key", "unknown_number"]
    offline = verify_offline(pdf, Trust.from_file(json.dumps(public_keys()).encode()))
    assert (offline.outcome, offline.signature, offline.hash) == (Outcome.UNKNOWN, False, True)
    assert [(reason.code, str(reason.text)) for reason in offline.reasons] == [("withdrawn_key", told)]


@pytest.mark.django_db
def test_genuine_whatever_the_standing_and_unknown_otherwise():
    certificate, pdf = printed()
    assert verify(pdf).genuine
    Certificate.objects.filter(pk=certificate.pk).update(valid_until="2026-01-02", valid_from="2026-01-01")
    verdict = verify(pdf)
    assert (verdict.genuine, verdict.standing, verdict.reference) == (True, "expired", certificate.reference)
    for stranger in (b"", b"%PDF-1.7\n", b"\x00" * 5000, Path(__file__).read_bytes()):
        found = verify(stranger)
        assert (found.outcome, found.signature, found.hash, found.register) == (Outcome.UNKNOWN, False, False, False)
    Certificate.objects.filter(pk=certificate.pk).update(document_sha256="", reference="CC-2026-09999-X")
    lost = verify(pdf)
    assert (lost.outcome, lost.signature, lost.register) == (Outcome.UNKNOWN, True, False)
    assert [reason.code for reason in lost.reasons] == ["unknown_number"]


@pytest.mark.django_db
def test_pages_data_mark_and_register_say_the_same(client):
    certificate, pdf = printed(reference="CC-2026-00042-7")
    facts = facts_of(Certificate.objects.for_document().get())
    text, page = text_of(pdf), client.get(f"/certificates/{certificate.reference}/").content.decode()
    mark = client.get(f"/certificates/{certificate.reference}/mark.svg").content.decode()
    served = client.get(f"/certificates/{certificate.reference}/certificate.json")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        attached = document.attachments["certificate.json"].get_file().read_bytes()
        assert [str(file.AFRelationship) for file in document.Root.AF] == ["/Data", "/Data"]
        jws = document.attachments["certificate.jws"].get_file().read_bytes()
    assert served.content == attached == certificate.facts.encode()
    assert served.json() == facts
    assert client.get(f"/certificates/{certificate.reference}/certificate.jws").content == jws
    for value in (facts["number"], facts["operator"]["name"], facts["body"]["name"], facts["scope"]):
        assert value in text
        assert value in page
    assert facts["number"] in mark
    for system in facts["systems"]:
        assert f"{system['name']} {system['reference']}" in text
        assert system["name"] in page
    assert facts["scheme"]["terms"] == [TERMS]
    assert TERMS in text


# --- the command ---


def run_command(*arguments: str, capsys: Any) -> tuple[int, str, str]:
    code = 0
    try:
        call_command("verify_certificate", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.django_db
def test_the_command_prints_six_values_and_ends_with_0_or_1(tmp_path, capsys):
    certificate, pdf = printed()
    good, bad, stranger = tmp_path / "good.pdf", tmp_path / "bad.pdf", tmp_path / "stranger.pdf"
    good.write_bytes(pdf)
    bad.write_bytes(one_byte(pdf))
    stranger.write_bytes(b"%PDF-1.4 nothing")
    keys, authority = tmp_path / "keys.json", tmp_path / "ca.pem"
    keys.write_text(json.dumps(public_keys()))
    authority.write_bytes(ca_pem())
    values = {"genuine": True, "signature": True, "hash": True, "register": True, "standing": "valid"}
    values["reference"] = certificate.reference
    code, out, err = run_command(str(good), "--json", capsys=capsys)
    assert (code, json.loads(out), err) == (0, values, "")
    code, out, err = run_command(str(bad), "--json", capsys=capsys)
    assert (code, json.loads(out)) == (1, {**values, "genuine": False, "signature": False, "hash": False})
    assert "altered: What was signed has been changed since." in err
    code, out, err = run_command(str(stranger), "--json", capsys=capsys)
    assert (code, json.loads(out)["register"], json.loads(out)["reference"]) == (1, False, None)
    for key in (keys, authority):
        code, out, err = run_command(str(good), "--key", str(key), "--json", capsys=capsys)
        assert (code, json.loads(out)) == (0, {**values, "register": None, "standing": None})
        assert run_command(str(bad), "--key", str(key), capsys=capsys)[0] == 1
    code, out, err = run_command(str(good), capsys=capsys)
    assert (code, out.splitlines()[0]) == (0, f"Genuine: {certificate.reference}")


def test_with_a_key_it_needs_no_database_and_wrong_use_is_2(tmp_path, settings):
    signed, authority = tmp_path / "signed.pdf", tmp_path / "ca.pem"
    blank = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(blank)
    signed.write_bytes(sign_pdf(blank.getvalue(), reason="Certificate CC-2026-00042-7"))
    authority.write_bytes(ca_pem())
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ccp_portal.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PORTAL_DATA": str(tmp_path / "elsewhere"),
    }

    def run(*arguments: object) -> int:
        command = [sys.executable, "manage.py", "verify_certificate", *map(str, arguments)]
        return subprocess.run(command, env=environ, cwd=settings.BASE_DIR, capture_output=True, check=False).returncode

    assert run(signed, "--key", authority) == 0
    assert run(tmp_path / "none.pdf", "--key", authority) == 2
    assert run(signed, "--key", signed) == 2
    assert run() == 2

"""The document of an agreement: read back from the PDF, checked by its hash, made once."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from core import jobs
from core.signing import check_pdf
from slas.models import AgreementText, Side
from slas.services import signing
from slas.services.printing import attach_document, print_document
from tests.compliance.test_exports import validate
from tests.factories.slas import drafted, negotiating, signed, signed_by_one
from transparency.verification import Outcome, verify

pytestmark = pytest.mark.django_db


def printed(**given) -> AgreementText:
    table = signed(**given)
    jobs.drain()
    return AgreementText.objects.for_document().get(agreement=table.agreement)


def content_of(text: AgreementText) -> bytes:
    with text.document.open("rb") as file:
        return bytes(file.read())


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_document_says_what_was_signed_by_whom():
    text = printed()
    shown = words(content_of(text))
    for each in ("Why the cameras are there.", "Footage is kept for 31 days.", "Superintendent", text.sha256[:20]):
        assert each in shown
    for signature in text.signatures.all():
        assert signature.name in shown
        assert signature.party.organisation.name in shown
    assert "(cy)" not in shown


def test_it_is_tagged_and_signed_by_the_portal():
    pdf = content_of(printed(is_bilingual=True))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang).lower().startswith("en")
        assert set(document.attachments) == {"agreement.json", "agreement.jws"}
    check = check_pdf(pdf)
    assert (check.genuine, check.covers_whole) == (True, True)


def test_a_bilingual_one_has_both_languages():
    shown = words(content_of(printed(is_bilingual=True)))
    assert "Footage is kept for 31 days. (cy)" in shown


def test_the_attached_data_are_the_text_that_was_signed():
    text = printed()
    facts = json.loads(text.facts)
    assert facts["text"] == json.loads(text.content)
    assert facts["sha256"] == text.sha256
    assert len(facts["signatures"]) == 2


@pytest.mark.parametrize("given", [{}, {"is_bilingual": True}])
def test_the_attached_data_hold_to_the_written_schema(given):
    schema = json.loads((Path(settings.BASE_DIR) / "docs" / "agreement.schema.json").read_text())
    facts = json.loads(printed(**given).facts)
    validate(facts, schema, schema)
    clause = facts["text"]["clauses"][0]
    for broken in ({"colour": "red"}, {"left_out": True}, {"reason": "Because."}):
        with pytest.raises(AssertionError):
            validate({**clause, **broken}, schema["$defs"]["clause"], schema)


def test_it_is_printed_once():
    text = printed()
    before = content_of(text)
    assert print_document(text) is False
    assert attach_document(text=text, pdf=b"%PDF-other", facts=text.facts, jws=text.facts_jws) is False
    assert content_of(AgreementText.objects.get(pk=text.pk)) == before


def test_a_void_text_is_never_printed():
    table = signed_by_one()
    signing.reopen(agreement=table.again(), party=table.force, by=table.police_spoc, reason="A change.")
    text = AgreementText.objects.for_document().get(agreement=table.agreement)
    assert print_document(text) is False
    assert not text.document


def test_a_copy_is_known_and_an_altered_one_is_not(tmp_path, capsys):
    text = printed()
    pdf = content_of(text)
    verdict = verify(pdf)
    assert (verdict.outcome, verdict.standing, verdict.reference) == (
        Outcome.GENUINE,
        "in_force",
        text.agreement.reference,
    )
    altered = pdf.replace(b"/Producer", b"/Prodncer", 1) if b"/Producer" in pdf else pdf[:-200] + b" " + pdf[-199:]
    assert verify(altered).outcome == Outcome.ALTERED
    path = tmp_path / "agreement.pdf"
    path.write_bytes(pdf)
    call_command("verify_certificate", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "genuine": True,
        "signature": True,
        "hash": True,
        "register": True,
        "standing": "in_force",
        "reference": text.agreement.reference,
    }


def test_the_verify_page_knows_an_agreement_without_showing_its_text(client):
    text = printed()
    upload = io.BytesIO(content_of(text))
    upload.name = "agreement.pdf"
    shown = client.post("/verify/", {"file": upload}).content.decode()
    assert "Genuine" in shown
    assert "It is not published." in shown
    assert "Why the cameras are there." not in shown


def test_both_parties_take_the_document_from_their_pages(client):
    table = signed()
    jobs.drain()
    text = AgreementText.objects.get(agreement=table.agreement)
    for side in Side:
        client.force_login(table.negotiator(side))
        names = [table.party(side).organisation.slug, table.agreement.reference]
        overview = client.get(reverse("slas:agreement", args=names)).content.decode()
        url = reverse("slas:agreement_document", args=names)
        assert url in overview
        assert b"".join(client.get(url)) == content_of(text)


def test_what_is_not_signed_by_all_has_no_document():
    for make in (drafted, negotiating, signed_by_one):
        make()
    jobs.drain()
    assert not AgreementText.objects.exclude(document="").exists()
    assert Side.POLICE.other == Side.COUNCILS

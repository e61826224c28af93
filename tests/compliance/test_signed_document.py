"""The document of a signature: promised with it, printed once by a worker, its bytes never change."""

import hashlib
import io
import json

import pikepdf
import pytest
from pypdf import PdfReader

from compliance import frozen
from compliance.documents import signed_pdf
from compliance.models import Answer, EvidenceUse, SignedAssessment
from compliance.services.printing import PRINT_SIGNED, attach_signed_document
from compliance.views.rows import whole_signed
from core import jobs
from core.models import Job, TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import member
from tests.factories.compliance import (
    ActionItemFactory,
    EvidenceFactory,
    finished_assessment,
    signed_assessment,
)
from tests.processes import Worker, wait_until

from accounts.models import Role  # isort: skip
from compliance.services.signing import send_for_sign_off, sign  # isort: skip


def signed_with_evidence() -> SignedAssessment:
    """A Welsh answer, an action, a file as evidence; the file is replaced in the records afterwards."""
    assessment = finished_assessment()
    question = assessment.edition.questions.get(number=1)
    Answer.objects.filter(assessment=assessment, question=question).update(text="Ateb yn Gymraeg.", language="cy")
    evidence = EvidenceFactory(operator=assessment.system.operator, title="Code of practice", version=3)
    EvidenceUse.objects.create(evidence=evidence, assessment=assessment, question=question)
    ActionItemFactory(assessment=assessment, description="Put up new signs.")
    send_for_sign_off(assessment=assessment, by=member(assessment.system.operator, Role.SPOC))
    sro = member(assessment.system.operator, Role.SRO)
    return sign(
        assessments=[assessment], by=sro, typed_name="Mair Rees", post="Director of Place", password_checked=True
    )


@pytest.mark.django_db
def test_language_and_evidence_of_each_answer_are_signed():
    signed = signed_with_evidence()
    part = json.loads(signed.content)["assessments"][0]
    first = part["principles"][0]["questions"][0]
    evidence = EvidenceUse.objects.get().evidence
    assert first["answer"]["language"] == "cy"
    assert first["evidence"] == [
        {
            "reference": evidence.reference,
            "title": "Code of practice",
            "kind": evidence.kind,
            "file_name": evidence.file_name,
            "sha256": evidence.sha256,
            "version": 3,
            "url": "",
        }
    ]
    assert part["principles"][0]["questions"][1]["evidence"] == []


@pytest.mark.django_db
def test_texts_signed_under_the_first_schema_are_still_read(client):
    assessment = signed_assessment()
    signed = assessment.signed_as.get()
    content = json.loads(signed.content)
    content["schema"] = "ccp/self-assessment/1"
    for principle in content["assessments"][0]["principles"]:
        for question in principle["questions"]:
            del question["evidence"]
            for new in ("language", "carried_from"):
                (question["answer"] or {}).pop(new, None)
    text = frozen.canonical(content)
    SignedAssessment.objects.filter(pk=signed.pk).update(content=text, sha256=frozen.digest(text))
    signed.refresh_from_db()
    assert frozen.holds(signed)
    assert whole_signed(content, assessment.reference)[0]["rows"][0]["text"] == "About question 1."
    assert "About question 1." in text_of(signed_pdf(signed))
    sign_in(client, assessment)
    for ending in ("csv", "xlsx", "docx", "json"):
        assert client.get(at(assessment, f"take/answers.{ending}")).status_code == 200


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.django_db
def test_the_document_says_the_whole_and_is_tagged():
    signed = signed_with_evidence()
    pdf = signed_pdf(signed)
    assert pdf == signed_pdf(signed)
    text = text_of(pdf)
    evidence = EvidenceUse.objects.get().evidence
    for number in range(1, 10):
        assert f"{number}. Title of question {number}" in text
    for number in (2, 3, 4, 5, 7, 9):
        assert f"About question {number}." in text
    for wanted in ("Mair Rees", "Director of Place", "Put up new signs.", "Code of practice", "Ateb yn Gymraeg."):
        assert wanted in text
    joined = text.replace(" ", "")
    assert signed.sha256 in joined
    assert evidence.sha256 in joined
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert bool(document.Root.MarkInfo.Marked)
        assert "Signed self-assessment" in str(document.docinfo["/Title"])
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        welsh = [element for element in elements(document.Root.StructTreeRoot) if element.get("/Lang") == "cy"]
    assert len(welsh) == 1


def elements(parent):
    kids = parent.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


@pytest.mark.django_db
def test_a_signature_promises_its_document_once_and_its_bytes_stay(client):
    signed = signed_with_evidence()
    assessment = signed.assessments.get()
    sign_in(client, assessment)
    waiting = client.get(at(assessment, "signed.pdf"))
    assert (waiting.status_code, waiting["Retry-After"]) == (404, "5")
    assert "being printed" in waiting.content.decode()
    assert Job.objects.filter(kind=PRINT_SIGNED).count() == 1
    jobs.drain()
    signed.refresh_from_db()
    answer = client.get(at(assessment, "signed.pdf"))
    pdf = b"".join(answer.streaming_content)
    assert hashlib.sha256(pdf).hexdigest() == signed.document_sha256
    assert answer["Content-Type"] == "application/pdf"
    assert not attach_signed_document(signed=signed, pdf=b"%PDF-other")
    jobs.HANDLERS[PRINT_SIGNED](signed_id=signed.pk)
    assert b"".join(client.get(at(assessment, "signed.pdf")).streaming_content) == pdf
    assert TrailEntry.objects.filter(verb="printed", subject_id=signed.pk).count() == 1
    page = client.get(at(assessment, "signed/")).content.decode()
    assert at(assessment, "signed.pdf") in page
    assert signed.document_sha256 in page


@pytest.mark.django_db
def test_no_unsigned_copy_is_made_of_what_is_signed(client):
    assessment = signed_with_evidence().assessments.get()
    sign_in(client, assessment)
    before = Job.objects.count()
    for answer in (
        client.post(at(assessment, "take/"), {"what": "answers"}),
        client.get(at(assessment, "take/answers.pdf")),
    ):
        assert answer["Location"] == at(assessment, "signed.pdf")
    assert Job.objects.count() == before


@pytest.mark.django_db
def test_a_lost_file_is_said_to_be_lost(client):
    signed = signed_with_evidence()
    jobs.drain()
    signed.refresh_from_db()
    signed.document.storage.delete(signed.document.name)
    sign_in(client, signed.assessments.get())
    answer = client.get(at(signed.assessments.get(), "signed.pdf"))
    assert answer.status_code == 404
    assert "cannot be found" in answer.content.decode()


@pytest.mark.django_db
def test_strangers_and_drafts_have_no_document(client):
    signed = signed_with_evidence()
    sign_in(client, finished_assessment())
    assert client.get(at(signed.assessments.get(), "signed.pdf")).status_code == 404


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_worker_prints_it(worker: Worker):
    signed = signed_with_evidence()
    wait_until(
        lambda: SignedAssessment.objects.exclude(document="").filter(pk=signed.pk).exists(),
        seconds=60,
        what="the document is printed",
    )
    signed.refresh_from_db()
    with signed.document.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == signed.document_sha256

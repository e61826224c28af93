"""The application as a Word document: what stands in it, what is read back, and that nothing is taken unseen."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from certification.models import Application
from certification.services import applications
from certification.services.found_documents import asked_for
from certification.word_form import read, write
from core.errors import RuleBroken
from tests.factories.accounts import member
from tests.factories.certification import Parties
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def written(application: Application) -> bytes:
    return write(application, list(application.systems.all()), asked_for(application))


def filled(content: bytes, **answers: str) -> bytes:
    """The document with answers typed beside the questions that begin so."""
    document = docx.Document(io.BytesIO(content))
    for table in document.tables:
        for row in table.rows:
            for start, answer in answers.items():
                if row.cells[0].text.startswith(start):
                    row.cells[1].text = answer
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def own_making(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def address(application: Application, name: str) -> str:
    return reverse(f"certification:{name}", args=[application.operator.slug, application.reference])


def test_the_form_has_terms_systems_questions_and_documents(parties):
    application = parties.draft(systems=2)
    document = docx.Document(io.BytesIO(written(application)))
    facts, questions, systems, documents = (
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    )
    assert ["Certification body", parties.body.name] in facts
    assert questions[1] == ["Scope, as it is to be printed on the certificate", application.scope]
    assert questions[2] == ["Sites, such as the control room", ""]
    assert [row[0] for row in systems[1:]] == [system.reference for system in application.systems.all()]
    assert [row[3] for row in systems[1:]] == ["15", "15"]
    assert documents[3][:2] == ["DPIA", ""]  # an empty line for what is not there
    assert len(documents) == 4


def test_what_was_typed_beside_the_questions_is_found_and_the_rest_is_no_news(parties):
    application = parties.draft()
    own = written(application)
    assert [offer.after for offer in read(own, application, own)[0]] == [application.scope]
    offers, loose = read(filled(own, Scope="New scope.\nSecond line.", Sites="Depot"), application, own)
    assert [(offer.key, offer.before, offer.after) for offer in offers] == [
        ("scope", application.scope, "New scope.\nSecond line."),
        ("sites", "", "Depot"),
    ]
    assert loose == []


def test_a_form_of_a_councils_own_making_is_read_and_what_belongs_nowhere_is_listed(parties):
    application = parties.draft()
    content = own_making(
        "Scope: The harbour and its car parks", "Our contractor changes in May.", "Sites: Harbour office"
    )
    offers, loose = read(content, application, written(application))
    assert {offer.key: offer.after for offer in offers} == {
        "scope": "The harbour and its car parks",
        "sites": "Harbour office",
    }
    assert [each.text for each in loose] == ["Our contractor changes in May."]


def test_what_is_no_word_document_is_refused(parties):
    application = parties.draft()
    with pytest.raises(RuleBroken):
        read(b"PK\x03\x04 nothing", application, written(application))


def test_from_the_download_to_what_is_taken_over_by_a_contributor(client, parties):
    application = parties.draft()
    client.force_login(member(parties.operator, Role.CONTRIBUTOR))
    answer = client.get(address(application, "application_word_file"))
    own = b"".join(answer.streaming_content)
    sent = filled(own, Scope="New scope.", Sites="Depot")
    page = client.post(address(application, "application_word"), {"file": SimpleUploadedFile("form.docx", sent)})
    assert page.status_code == 200
    assert [offer["label"] for offer in page.context["offers"]] == [
        "Scope, as it is to be printed on the certificate",
        "Sites, such as the control room",
    ]
    application.refresh_from_db()
    assert application.sites == ""  # nothing is taken over silently
    form = page.context["form"]
    values = {name: form[name].value() for name in ("version", "scope", "sites")}
    take = address(application, "application_word_take")
    assert not form["take"].value()
    assert client.post(take, values).status_code == 422
    assert client.post(take, {**values, "take": ["sites"]}).status_code == 302
    application.refresh_from_db()
    assert (application.scope, application.sites) == ("Public-space cameras in the town centre.", "Depot")


def test_what_somebody_changed_meanwhile_is_shown_beside_it(client, parties):
    application = parties.draft()
    seen = application.version
    applications.choose_documents(application=application, evidence=[], version=seen, by=parties.spoc)
    client.force_login(parties.spoc)
    take = address(application, "application_word_take")
    page = client.post(take, {"version": seen, "scope": "From Word", "take": ["scope"]})
    assert page.status_code == 409
    text = page.content.decode()
    assert application.scope in text
    assert "From" in text
    again = {"version": page.context["form"]["version"].value(), "scope": "From Word", "take": ["scope"]}
    assert client.post(take, again).status_code == 302


def test_another_kind_of_file_is_refused_with_a_sentence(client, parties):
    application = parties.draft()
    client.force_login(parties.spoc)
    page = client.post(address(application, "application_word"), {"file": SimpleUploadedFile("form.pdf", PDF)})
    assert page.status_code == 422
    assert "Bring a Word document (docx)." in page.content.decode()

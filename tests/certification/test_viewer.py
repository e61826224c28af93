"""Files opened in place: under a sandbox, with the recorded hash, for those who may read them whenever they ask."""

import hashlib
import io

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from certification.models import Application, MatterFile
from certification.services import matter_files
from compliance.models import Evidence
from compliance.services.evidence_changes import replace_file
from core.errors import RuleBroken
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import Parties
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db
HASH = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def address(application: Application, name: str, *args: object, side: str = "body") -> str:
    return reverse(f"certification:{name}", args=[getattr(application, side).slug, application.reference, *args])


def kept(parties: Parties, application: Application, name: str = "a.pdf", content: bytes = PDF) -> MatterFile:
    return matter_files.add_file(
        application=application,
        purpose="other",
        title="",
        upload=SimpleUploadedFile(name, content),
        organisation=parties.operator,
        by=parties.spoc,
    )


@pytest.mark.parametrize(
    ("name", "argument"), [("application_document", 1), ("submitted_evidence", HASH), ("matter_file", 1)]
)
def test_a_pdf_opens_in_a_sandbox_in_our_own_pages_only(client, parties, name, argument):
    application = parties.in_review()
    kept(parties, application)
    client.force_login(parties.auditor)
    page = client.get(address(application, f"{name}_view", argument))
    assert page.status_code == 200
    url = address(application, name, argument)
    text = page.content.decode()
    assert f'<iframe class="ccp-viewer" src="{url}"' in text
    assert HASH in text
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Security-Policy"] == "sandbox; frame-ancestors 'self'"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "private, no-store"


def test_no_other_page_frames_anything(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    page = client.get(address(application, "review"))
    assert "frame-src" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_what_no_browser_shows_is_an_attachment_under_the_sandbox(client, parties):
    application = parties.in_review()
    kept(parties, application, "notes.txt", b"Words about scripts, in plain text")
    client.force_login(parties.auditor)
    page = client.get(address(application, "matter_file_view", 1)).content.decode()
    assert "<iframe" not in page
    assert "Save the file" in page
    answer = client.get(address(application, "matter_file", 1))
    answer.getvalue()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["X-Frame-Options"] == "DENY"


def pdf_with_script() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(script)
    kept_ = io.BytesIO()
    document.save(kept_)
    return kept_.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("script.pdf", pdf_with_script()),
    ],
)
def test_what_holds_a_program_never_comes_in(parties, name, content):
    application = parties.in_review()
    with pytest.raises(RuleBroken):
        kept(parties, application, name, content)
    assert not MatterFile.objects.exists()


@pytest.mark.parametrize("side", ["operator", "body"])
def test_access_is_asked_each_time(client, parties, side):
    application = parties.assigned()
    kept(parties, application)
    urls = [
        address(application, name, argument, side=side)
        for base, argument in (("application_document", 1), ("submitted_evidence", HASH), ("matter_file", 1))
        for name in (base, f"{base}_view")
    ]
    people = {
        "stranger": (member(OrganisationFactory(), Role.SPOC), 404),
        "undeclared auditor": (parties.auditor, 403 if side == "body" else 404),
        "other auditor": (member(parties.body, Role.AUDITOR), 403 if side == "body" else 404),
        "manager": (parties.manager, 200 if side == "body" else 404),
        "viewer": (member(parties.operator, Role.VIEWER), 200 if side == "operator" else 404),
    }
    for who, (person, status) in people.items():
        client.force_login(person)
        for url in urls:
            answer = client.get(url)
            if answer.streaming:
                answer.getvalue()  # a file is read to its end, and so closed
            assert answer.status_code == status, (who, url)


def test_evidence_that_was_replaced_since_opens_as_it_was_signed(client, parties):
    application = parties.in_review()
    evidence = Evidence.objects.filter(uses__isnull=False).get()
    replace_file(evidence=evidence, upload=SimpleUploadedFile("new.txt", b"New words"), version=1, by=parties.spoc)
    client.force_login(parties.auditor)
    answer = client.get(address(application, "submitted_evidence", HASH))
    assert b"".join(answer.streaming_content) == PDF
    new = hashlib.sha256(b"New words").hexdigest()
    assert client.get(address(application, "submitted_evidence", new)).status_code == 404


@pytest.mark.parametrize("name", ["submitted_evidence", "matter_file"])
def test_bytes_that_changed_are_not_shown(client, parties, name):
    application = parties.in_review()
    stored = kept(parties, application).file
    if name == "submitted_evidence":
        stored = Evidence.objects.filter(uses__isnull=False).get().file
    stored.storage.delete(stored.name)
    argument = HASH if name == "submitted_evidence" else 1
    client.force_login(parties.auditor)
    assert client.get(address(application, name, argument)).status_code == 409
    stored.storage.save(stored.name, ContentFile(PDF + b"\n"))
    answer = client.get(address(application, name, argument))
    assert answer.status_code == 409
    assert "its hash differs" in answer.content.decode()


@pytest.mark.parametrize("sha256", ["0" * 64, "abc", "z" * 64])
def test_a_hash_that_was_not_submitted_is_nothing(client, parties, sha256):
    application = parties.in_review()
    client.force_login(parties.auditor)
    assert client.get(address(application, "submitted_evidence", sha256)).status_code == 404


@pytest.mark.parametrize(
    ("back", "kept_"),
    [("{here}review/principles/1/", True), ("https://elsewhere.example/", False), ("//elsewhere.example", False)],
)
def test_the_way_back_stays_within_the_application(client, parties, back, kept_):
    application = parties.in_review()
    here = address(application, "application")
    client.force_login(parties.auditor)
    url = address(application, "application_document_view", 1)
    page = client.get(url, {"back": back.format(here=here)})
    assert page.context["back_url"] == (f"{here}review/principles/1/" if kept_ else here)

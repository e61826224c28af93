"""Evidence: what is taken and what is refused, who gets the bytes and how, and where other apps find it."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import CameraSystem, Evidence
from compliance.services.evidence import add_file, add_link
from compliance.sockets.assessments import documents_of
from core.errors import Incomplete, RuleBroken
from core.files import EXCEL, WORD
from core.models import TrailEntry
from core.registry import documents, sections
from tests.factories.accounts import (
    CertificationBodyFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member,
)
from tests.factories.compliance import PDF, CameraSystemFactory, EvidenceFactory

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a"
    "7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64


def office(part: str, *more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
MACRO = office("word/document.xml", "word/vbaProject.bin")


def upload(name: str = "code.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(system: CameraSystem, file: SimpleUploadedFile | None = None, **values: Any) -> Evidence:
    defaults = {
        "operator": system.operator,
        "upload": file or upload(),
        "kind": "code_of_practice",
        "title": "Code of practice",
        "systems": [system],
        "by": None,
    }
    return add_file(**{**defaults, **values})


def test_a_file_is_kept_under_its_hash_and_said_in_the_trail(own_folders):
    system, user = CameraSystemFactory(), UserFactory()
    evidence = add(system, by=user)
    assert (evidence.file_name, evidence.media_type, evidence.size) == ("code.pdf", "application/pdf", len(PDF))
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()
    with evidence.file.open() as kept:
        assert kept.read() == PDF
    assert "code" not in evidence.file.name
    stored = own_folders / "files" / evidence.file.name
    assert stored.stat().st_mode & 0o777 == 0o600
    entry = TrailEntry.objects.last()
    assert (entry.verb, entry.actor_id, entry.after["sha256"], entry.after["systems"]) == (
        "added",
        user.pk,
        evidence.sha256,
        [system.reference],
    )


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PNG", PNG, "image/png"),
        ("a.docx", DOCX, WORD),
        ("a.xlsx", XLSX, EXCEL),
        ("a.csv", b"a,b\n1,2\n", "text/csv"),
        ("a.txt", "Café".encode(), "text/plain"),
        ("a.txt", "Café".encode("cp1252"), "text/plain"),
    ],
)
def test_what_is_taken(name, content, media_type):
    assert add(CameraSystemFactory(), upload(name, content)).media_type == media_type


# The many kinds stand in tests/security/test_uploads_bad.py.
REFUSED = [
    ("clip.mp4", MP4, "never holds footage"),
    ("sound.wav", WAV, "never holds sound"),
    ("empty.pdf", b"", "The file is empty"),
    ("code.pdf", PNG, "not what its name ending says (pdf)"),
    ("code.docx", XLSX, "of another Office program"),
    ("code.docx", MACRO, "holds macros"),
]


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED)
def test_what_is_refused_and_why(name, content, reason, own_folders):
    with pytest.raises(RuleBroken) as refusal:
        add(CameraSystemFactory(), upload(name, content))
    assert reason in str(refusal.value.sentence)
    assert (Evidence.objects.count(), TrailEntry.objects.count()) == (0, 0)
    assert [path for path in (own_folders / "files").rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused(settings):
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1
    with pytest.raises(RuleBroken, match="larger than"):
        add(CameraSystemFactory())


def test_a_name_keeps_its_letters():
    assert add(CameraSystemFactory(), upload("Co\u0302d ymarfer.pdf")).file_name == "Côd ymarfer.pdf"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "Title: This field cannot be blank."),
        ({"title": "x" * 151}, "Title: Ensure this value has at most 150 characters (it has 151)."),
        ({"kind": "poem"}, "Kind of document: Value 'poem' is not a valid choice."),
        (
            {"title": "a\x07"},
            "Title: The text has a character that cannot be shown (U+0007, at position 2). "
            "Delete it or type the text again.",
        ),
    ],
)
def test_values_are_checked_and_no_file_is_left_behind(values, sentence, own_folders):
    with pytest.raises(Incomplete) as refusal:
        add(CameraSystemFactory(), **values)
    assert [str(problem.text) for problem in refusal.value.problems] == [sentence]
    assert [path for path in (own_folders / "files").rglob("*") if path.is_file()] == []


def test_evidence_is_about_systems_of_the_same_operator():
    with pytest.raises(RuleBroken, match="same operator"):
        add(CameraSystemFactory(), systems=[CameraSystemFactory()])
    with pytest.raises(RuleBroken, match="not of a kind that runs cameras"):
        add_link(
            operator=CertificationBodyFactory(), url="https://a.example", kind="dpia", title="T", systems=[], by=None
        )


def test_a_link_has_no_file():
    system = CameraSystemFactory()
    values: dict[str, Any] = {
        "operator": system.operator,
        "kind": "dpia",
        "title": "DPIA",
        "systems": [system],
        "by": None,
    }
    evidence = add_link(url="https://council.example/dpia.pdf", **values)
    assert (bool(evidence.file), evidence.url, evidence.sha256) == (False, "https://council.example/dpia.pdf", "")
    for url in ("javascript:alert(1)", "ftp://council.example", "data:text/html,x", ""):
        with pytest.raises(RuleBroken):
            add_link(url=url, **values)


def test_documents_of_a_system_are_found_through_the_socket():
    system = CameraSystemFactory()
    about = EvidenceFactory(operator=system.operator, systems=[system], kind="dpia")
    EvidenceFactory(operator=system.operator, systems=[CameraSystemFactory(operator=system.operator)])
    EvidenceFactory(operator=system.operator)
    assert documents_of in list(documents)
    found = list(documents_of(system))
    assert [(d.kind, d.title, d.sha256, d.size, d.dated, d.record) for d in found] == [
        ("dpia", about.title, about.sha256, about.size, about.dated, about)
    ]


def test_sections_are_shown_to_those_who_run_cameras():
    own = [section for section in sections if section.url_name in {"compliance:systems", "compliance:evidence_list"}]
    assert [section.prefix for section in sorted(own, key=lambda s: s.order)] == ["systems/", "evidence/"]
    operator, body = OrganisationFactory(), CertificationBodyFactory()
    assert [section.shown(member(operator, Role.VIEWER), operator) for section in own] == [True, True]
    assert [section.shown(member(body, Role.OBSERVER), body) for section in own] == [False, False]


class TestPages:
    def login(self, client: Client, operator: Any, role: Role = Role.CONTRIBUTOR) -> None:
        client.force_login(member(operator, role))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_list_shows_own_evidence_at_constant_cost(self, client, django_assert_num_queries, rows):
        system = CameraSystemFactory()
        own = [EvidenceFactory(operator=system.operator, systems=[system]) for _n in range(rows)]
        EvidenceFactory(title="Another authority's")
        self.login(client, system.operator, Role.VIEWER)
        with django_assert_num_queries(8):
            page = client.get(reverse("compliance:evidence_list", args=[system.operator.slug]))
        assert [row["reference"] for row in page.context["rows"]] == [e.reference for e in own[::-1]]
        assert (b"Another authority" in page.content, b"Add evidence" in page.content) == (False, False)

    def test_list_is_narrowed_and_paged(self, client):
        system = CameraSystemFactory()
        EvidenceFactory.create_batch(21, operator=system.operator)
        one = EvidenceFactory(operator=system.operator, systems=[system], kind="dpia")
        self.login(client, system.operator)
        address = reverse("compliance:evidence_list", args=[system.operator.slug])
        assert len(client.get(address, {"page": "2"}).context["rows"]) == 2
        for query in ({"system": system.reference}, {"kind": "dpia"}):
            assert [row["reference"] for row in client.get(address, query).context["rows"]] == [one.reference]
        assert client.get(address, {"system": CameraSystemFactory().reference}).status_code == 422

    def test_what_is_past_its_review_says_so(self, client):
        evidence = EvidenceFactory(review_on="2020-01-01")
        self.login(client, evidence.operator)
        page = client.get(reverse("compliance:evidence_list", args=[evidence.operator.slug]))
        assert ">review due<" in page.content.decode()

    def add(self, client: Client, system: CameraSystem, **values: Any) -> Any:
        sent = {"kind": "dpia", "title": "DPIA", "systems": [system.reference], "url": "", **values}
        return client.post(reverse("compliance:evidence_add", args=[system.operator.slug]), sent)

    def test_a_contributor_adds_a_file(self, client):
        system = CameraSystemFactory()
        self.login(client, system.operator)
        page = self.add(client, system, file=upload(), dated_day="1", dated_month="April", dated_year="2026")
        assert (page.status_code, page.url) == (302, reverse("compliance:evidence_list", args=[system.operator.slug]))
        evidence = Evidence.objects.get()
        assert (list(evidence.systems.all()), str(evidence.dated), evidence.added_by) == (
            [system],
            "2026-04-01",
            system.operator.memberships.get().user,
        )

    def test_a_link_may_stand_instead(self, client):
        system = CameraSystemFactory()
        self.login(client, system.operator)
        assert self.add(client, system, url="council.example/dpia.pdf").status_code == 302
        assert Evidence.objects.get().url == "https://council.example/dpia.pdf"

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({}, "Choose a file or enter a link."),
            ({"file": upload(), "url": "https://a.example"}, "Give a file or a link, not both."),
            ({"file": upload("clip.mp4", MP4)}, "never holds footage"),
            ({"file": upload("code.pdf", b"")}, "The file is empty"),
            ({"url": "javascript:alert(1)"}, "Enter a web address that begins with https://"),
            ({"url": "https://a.example", "title": ""}, "Enter an answer: Title"),
            ({"url": "https://a.example", "systems": ["CS-2222222"]}, "Choose one of the answers shown."),
            ({"url": "https://a.example", "systems": []}, "Which systems is it about?"),
            (
                {"url": "https://a.example", "dated_day": "31", "dated_month": "2", "dated_year": "2026"},
                "Enter a real date",
            ),
            (
                {"url": "https://a.example", "dated_day": "1", "dated_month": "2", "dated_year": "2999"},
                "must be today or earlier",
            ),
        ],
    )
    def test_what_is_wrong_is_said(self, client, values, sentence):
        system = CameraSystemFactory()
        self.login(client, system.operator)
        page = self.add(client, system, **values)
        assert (page.status_code, sentence in page.content.decode(), Evidence.objects.count()) == (422, True, 0)

    def test_systems_of_others_cannot_be_named(self, client):
        system, other = CameraSystemFactory(), CameraSystemFactory()
        self.login(client, system.operator)
        page = self.add(client, system, url="https://a.example", systems=[other.reference])
        assert (page.status_code, Evidence.objects.count()) == (422, 0)

    def test_a_viewer_adds_nothing_and_a_stranger_finds_nothing(self, client):
        system = CameraSystemFactory()
        self.login(client, system.operator, Role.VIEWER)
        assert self.add(client, system, url="https://a.example").status_code == 403
        client.force_login(MembershipFactory().user)
        assert self.add(client, system, url="https://a.example").status_code == 404
        assert client.get(reverse("compliance:evidence_list", args=[system.operator.slug])).status_code == 404

    def test_the_form_says_up_to_which_marking(self, client):
        system = CameraSystemFactory()
        self.login(client, system.operator)
        page = client.get(reverse("compliance:evidence_add", args=[system.operator.slug]))
        assert "Marking up to OFFICIAL." in page.content.decode()


class TestBytes:
    def address(self, evidence: Evidence) -> str:
        return evidence.get_absolute_url()

    def get(self, client: Client, evidence: Evidence, role: Role = Role.VIEWER) -> Any:
        """The answer, its bytes read as `body`."""
        client.force_login(member(evidence.operator, role))
        answer = client.get(self.address(evidence))
        answer.body = b"".join(answer) if answer.streaming else b""
        return answer

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.SRO, Role.DPO, Role.CONTRIBUTOR])
    def test_everybody_of_the_operator_gets_them_in_a_sandbox(self, client, role):
        answer = self.get(client, EvidenceFactory(file_name="Côd ymarfer.pdf"), role)
        assert answer.body == PDF
        assert {
            name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")
        } == {
            "Content-Type": "application/pdf",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        assert answer["Content-Disposition"] == "inline; filename*=utf-8''C%C3%B4d%20ymarfer.pdf"
        assert (answer["Cache-Control"], answer["Content-Length"]) == ("private, no-store", str(len(PDF)))

    @pytest.mark.parametrize(
        ("media_type", "disposition"),
        [
            ("image/png", "inline"),
            ("image/jpeg", "inline"),
            ("text/plain", "attachment"),
            ("text/csv", "attachment"),
            (WORD, "attachment"),
        ],
    )
    def test_only_pdf_and_images_open_in_the_browser(self, client, media_type, disposition):
        answer = self.get(client, EvidenceFactory(media_type=media_type, file_name="a.bin"))
        assert answer["Content-Disposition"] == f'{disposition}; filename="a.bin"'

    def test_a_stranger_gets_nothing(self, client):
        evidence = EvidenceFactory()
        client.force_login(MembershipFactory(role=Role.SPOC).user)
        assert client.get(self.address(evidence)).status_code == 404
        client.logout()
        assert client.get(self.address(evidence)).status_code == 302

    def test_who_left_gets_nothing(self, client):
        evidence = EvidenceFactory()
        user = MembershipFactory(organisation=evidence.operator, ends_on="2020-12-31").user
        client.force_login(user)
        assert client.get(self.address(evidence)).status_code == 404

    def test_a_link_and_a_lost_file_are_not_found(self, client):
        assert self.get(client, EvidenceFactory(link=True)).status_code == 404
        lost = EvidenceFactory()
        lost.file.storage.delete(lost.file.name)
        assert self.get(client, lost).status_code == 404

    def test_bytes_are_only_asked_for(self, client):
        evidence = EvidenceFactory()
        client.force_login(member(evidence.operator, Role.SPOC))
        assert client.post(self.address(evidence)).status_code == 405

"""Files that are not what they say: polyglots, packed bombs, programs under other names, and uploads without an end."""

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from accounts.models import Role
from compliance.models import Evidence
from core.errors import RuleBroken
from core.files import CheckedFile, check_upload, office
from core.uploads import takes_files
from tests.factories.accounts import member
from tests.factories.compliance import CameraSystemFactory

TYPES = "[Content_Types].xml"
PLAIN_TYPES = '<Types><Override PartName="/word/document.xml" ContentType="…document.main+xml"/></Types>'
WORD = {"word/document.xml": "<document/>", TYPES: PLAIN_TYPES}


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_version(data: bytes, version: int) -> bytes:
    """The same archive, saying of its first part that it needs another version of the format to be unpacked."""
    place = data.find(b"PK\x01\x02") + 6
    return data[:place] + struct.pack("<H", version) + data[place + 2 :]


def check(name: str, content: bytes) -> CheckedFile:
    return check_upload(SimpleUploadedFile(name, content), max_bytes=1024 * 1024)


def types_naming(content_type: str) -> str:
    return f'<Types><Override PartName="/word/other.bin" ContentType="{content_type}"/></Types>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("version.docx", with_version(packed(WORD), 99), "damaged or not whole"),
        ("cut.docx", packed(WORD)[:-30], "damaged or not whole"),
        ("capitals.docx", packed({**WORD, "word/VBAPROJECT.BIN": "x"}), "holds macros"),
        ("renamed.docx", packed({**WORD, TYPES: types_naming("application/vnd.ms-office.vbaProject")}), "holds macros"),
        (
            "docm.docx",
            packed({**WORD, TYPES: types_naming("application/vnd.ms-word.document.macroEnabled.main+xml")}),
            "holds macros",
        ),
        (
            "wide.docx",
            packed({**WORD, TYPES: types_naming("application/vnd.ms-office.vbaProject").encode("utf-16")}),
            "holds macros",
        ),
        ("late.txt", b"a" * 9000 + b"\x00", "null bytes"),
        ("late.csv", b"a,b\n" * 30_000 + b"MZ\x90\x00\x03", "null bytes"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_a_sentence(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(RuleBroken, match=reason):
        check(name, content)


def test_a_document_is_taken_whatever_the_case_of_its_parts() -> None:
    assert check("plain.docx", packed(WORD)).name == "plain.docx"
    assert check("capitals.docx", packed({"Word/Document.xml": "<document/>", TYPES: PLAIN_TYPES})).size > 0


def test_what_unpacks_to_more_than_can_be_opened_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_UNPACKED_BYTES", 100_000)
    bomb = packed({**WORD, "word/media/image1.bmp": b"\x00" * 200_000})
    assert len(bomb) < 2000
    with pytest.raises(RuleBroken, match="Unpacked, the file"):
        check("bomb.docx", bomb)
    monkeypatch.setattr(office, "MOST_PARTS", 5)
    with pytest.raises(RuleBroken, match="more than 5 parts"):
        check("parts.docx", packed({**WORD, **{f"word/{number}.xml": "" for number in range(10)}}))


def test_of_an_endless_upload_no_more_is_kept_than_shows_it(settings: Any) -> None:
    settings.UPLOAD_KEPT_BYTES = 200_000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("long.pdf", b"%PDF-" + b"x" * 3_000_000)})
    kept = request.FILES["file"].size or 0
    request.close()
    assert 200_000 < kept <= 200_000 + 64 * 1024


@pytest.mark.django_db
def test_an_endless_upload_is_refused_in_a_sentence(client: Client, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = settings.UPLOAD_KEPT_BYTES = 200_000
    system = CameraSystemFactory()
    sent = {"kind": "other", "title": "Long", "systems": [system.reference]}
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    endless = SimpleUploadedFile("long.pdf", b"%PDF-" + b"x" * 3_000_000)
    page = client.post(reverse("compliance:evidence_add", args=[system.operator.slug]), {**sent, "file": endless})
    assert (page.status_code, Evidence.objects.count()) == (422, 0)
    assert "The file is larger than" in page.content.decode()


def test_files_of_a_request_count_together_and_a_cut_one_is_refused(settings: Any) -> None:
    settings.UPLOAD_KEPT_BYTES = 200_000
    sent = [SimpleUploadedFile(f"{number}.txt", b"x" * 150_000) for number in range(3)]
    request = RequestFactory().post("/", {"file": sent})
    request.resolver_match = ResolverMatch(takes_files(3)(lambda request: None), (), {})
    kept = request.FILES.getlist("file")
    assert sum(one.size or 0 for one in kept) <= 200_000 + 64 * 1024
    assert check_upload(kept[0], max_bytes=200_000).size == 150_000
    for cut in kept[1:]:
        with pytest.raises(RuleBroken, match="The files together are larger than"):
            check_upload(cut, max_bytes=200_000)
    request.close()


@pytest.mark.django_db
def test_no_form_takes_two_files_unless_it_says_so(client: Client) -> None:
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    two = {"file": SimpleUploadedFile("a.txt", b"a"), "other": SimpleUploadedFile("b.txt", b"b")}
    assert client.post(reverse("compliance:evidence_add", args=[system.operator.slug]), two).status_code == 400

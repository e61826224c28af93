"""What a file that is to be public gives away, found in files made here."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
import pytest

from compliance.leaks import WORDS, leaks_of, words_of

pytestmark = pytest.mark.once

OOXML = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OOXML}.wordprocessingml.document", f"{OOXML}.spreadsheetml.sheet"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAME = "BT /F1 12 Tf 100 700 Td (Reported by Jane Smith of 4 Market Street) Tj ET"


def found(data: bytes, media_type: str) -> list[tuple[str, str]]:
    return [(leak["kind"], leak["detail"]) for leak in leaks_of(io.BytesIO(data), media_type)]


def drawn(content: str, change: Any = None) -> bytes:
    """A PDF of one page with that content."""
    document, buffer = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = document.make_stream(content.encode())
    if change:
        change(document)
    document.save(buffer)
    return buffer.getvalue()


def in_pdf(content: str, change: Any = None) -> list[tuple[str, str]]:
    return found(drawn(content, change), "application/pdf")


UNDER = [("text_under_box", "1")]


@pytest.mark.parametrize(
    "content",
    [
        f"{NAME} 0 g 160 695 80 16 re f",
        f"{NAME} 0.1 0.1 0.2 rg 90 690 300 30 re f*",
        f"{NAME} 0 0 0 1 k 90 690 m 390 690 l 390 720 l 90 720 l h f",
        f"{NAME} q 2 0 0 2 0 0 cm 0 g 80 347 40 8 re B Q",
        "q 1 0 0 1 50 0 cm BT /F1 12 Tf 1 0 0 1 50 700 Tm [(Jane) -200 (Smith)] TJ ET Q 0 g 90 690 90 30 re f",
        "BT /F1 12 Tf 14 TL 100 714 Td (Dear all) Tj T* (Jane Smith) Tj ET 0 g 90 695 90 16 re f",
        "BT /F1 12 Tf 3 Tr 100 700 Td (read by a scanner) Tj ET 0 g 90 690 200 30 re f",
    ],
)
def test_text_under_a_dark_box_is_found(content):
    assert in_pdf(content) == UNDER


@pytest.mark.parametrize(
    "content",
    [
        NAME,
        f"0 g 90 690 300 30 re f 1 g {NAME}",  # white on black, a heading of a table
        f"{NAME} 1 g 90 690 300 30 re f 0 g",  # a light area: what it hides is not marked as secret
        f"{NAME} 0 g 100 697 220 1 re f",  # a line under the text
        f"{NAME} 0 g 90 600 300 30 re f",  # elsewhere
        f"{NAME} 0 g 90 690 300 30 re S",  # a frame
        f"{NAME} 0 g 90 690 300 30 re W n",  # a window
        "BT /F1 12 Tf 100 700 Td (     ) Tj ET 0 g 90 690 300 30 re f",
    ],
)
def test_what_hides_no_text_is_none(content):
    assert in_pdf(content) == []


def test_a_box_may_be_a_drawing_of_its_own_or_a_note():
    def as_form(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"0 g 0 0 200 20 re f")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox, form.Matrix = [0, 0, 200, 20], [1, 0, 0, 1, 100, 695]
        document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Box=form)

    def as_note(**values: Any) -> Any:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[90, 690, 300, 720], **values)
        return lambda document: document.pages[0].obj.__setattr__("Annots", pikepdf.Array([note]))

    assert in_pdf(f"{NAME} /Box Do", as_form) == UNDER
    assert in_pdf(NAME, as_note(Subtype=pikepdf.Name.Redact)) == UNDER
    assert in_pdf(NAME, as_note(Subtype=pikepdf.Name.Square, IC=[0, 0, 0])) == UNDER
    assert in_pdf(NAME, as_note(Subtype=pikepdf.Name.Square, IC=[1, 1, 0])) == []
    note = as_note(Subtype=pikepdf.Name.Text, Contents="Is this right?", T="J Smith")
    assert in_pdf(NAME, note) == [("comments", "J Smith")]


def test_a_pdf_names_its_author_and_its_past():
    def named(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = "Jane Smith"
        with document.open_metadata(update_docinfo=False) as metadata:
            metadata["dc:creator"] = ["Jane Smith", "Sam Jones"]

    assert in_pdf(NAME, named) == [("author", "Jane Smith, Sam Jones")]
    once = drawn(NAME)
    assert found(once + b"\n% changed\nstartxref\n0\n%%EOF\n", "application/pdf")[0] == ("earlier_versions", "")


def test_more_than_can_be_followed_is_said(monkeypatch):
    monkeypatch.setattr("compliance.leaks.pdf.Budget.__init__", lambda budget: setattr(budget, "left", 3))
    assert in_pdf(NAME) == [("unseen", "1")]


def packed(**parts: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def body(content: str) -> dict[str, str]:
    return {"word/document.xml": f"<w:document {W}><w:body><w:p>{content}</w:p></w:body></w:document>"}


CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Jane Smith</dc:creator>'
    "<cp:lastModifiedBy>Sam Jones</cp:lastModifiedBy></cp:coreProperties>"
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (body("<w:r><w:t>Plain</w:t></w:r>"), []),
        (body("x") | {"docProps/core.xml": CORE}, [("author", "Jane Smith"), ("last_changed_by", "Sam Jones")]),
        (body('<w:del w:author="A"><w:r/></w:del><w:ins w:author="B"/>'), [("tracked_changes", "A, B")]),
        (body("<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"), [("hidden_text", "")]),
        (body('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr></w:r>'), []),
        (
            body("x") | {"word/comments.xml": f'<w:comments {W}><w:comment w:author="C"/></w:comments>'},
            [("comments", "C")],
        ),
        (body("x") | {"word/document.xml": "<broken"}, [("unseen", "")]),
    ],
)
def test_word(parts, expected):
    assert found(packed(**parts), DOCX) == expected


def test_excel():
    workbook = (
        '<workbook xmlns="m"><sheets><sheet name="Names" state="veryHidden"/><sheet name="A"/></sheets></workbook>'
    )
    rows = '<cols><col hidden="1"/></cols><sheetData><row r="1" hidden="true"/></sheetData>'
    sheet = f'<worksheet xmlns="m">{rows}</worksheet>'
    plain = '<worksheet xmlns="m"><sheetData><row r="1" hidden="0"/></sheetData></worksheet>'
    parts = {"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": sheet, "xl/worksheets/sheet2.xml": plain}
    assert found(packed(**parts), XLSX) == [("hidden_sheets", "Names"), ("hidden_rows", "sheet1")]


def exif(order: str = "<") -> bytes:
    """Make, model and a place."""
    mark = {"<": b"II", ">": b"MM"}[order]
    entries = [
        struct.pack(f"{order}HHII", 0x010F, 2, 6, 100),
        struct.pack(f"{order}HHI", 0x0110, 2, 3) + b"X1\x00\x00",
        struct.pack(f"{order}HHII", 0x8825, 4, 1, 60),
    ]
    first = struct.pack(f"{order}H", 3) + b"".join(entries)
    block = mark + struct.pack(f"{order}HI", 42, 8) + first
    block = (
        block.ljust(60, b"\x00") + struct.pack(f"{order}H", 1) + struct.pack(f"{order}HHI", 1, 2, 2) + b"N\x00\x00\x00"
    )
    return block.ljust(100, b"\x00") + b"Nikon\x00"


def jpeg() -> bytes:
    content = b"Exif\x00\x00" + exif()
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(content) + 2) + content + b"\xff\xda\x00\x02\xff\xd9"


def png(block: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", b"\x00" * 13)
        + (chunk(b"eXIf", block) if block else b"")
        + chunk(b"IEND", b"")
    )


def webp() -> bytes:
    block = exif()
    body = b"WEBPVP8X\x0a\x00\x00\x00" + b"\x08" + b"\x00" * 9 + b"EXIF" + struct.pack("<I", len(block)) + block
    return b"RIFF" + struct.pack("<I", len(body)) + body


TAKEN = [("place", "EXIF"), ("camera", "Nikon X1")]


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (jpeg(), "image/jpeg", TAKEN),
        (png(exif(">")), "image/png", TAKEN),
        (webp(), "image/webp", TAKEN),
        (png(), "image/png", []),
        (png(exif()[:30]), "image/png", [("unseen", "EXIF")]),
        (
            packed(**body("x"), **{"word/media/image1.jpg": jpeg()}),
            DOCX,
            [("place", "image1.jpg"), ("camera", "image1.jpg")],
        ),
        (b"a,b\n", "text/csv", []),
    ],
)
def test_pictures_say_where_and_with_what_they_were_taken(data, media_type, expected):
    assert found(data, media_type) == expected


def test_each_kind_has_words_and_what_stands_in_a_file_is_shown_harmlessly():
    assert {len(words) for words in WORDS.values()} == {2}
    author = packed(**body("x"), **{"docProps/core.xml": CORE.replace("Jane Smith", "J\u202eane" + "x" * 400)})
    (leak, _other) = leaks_of(io.BytesIO(author), DOCX)
    assert (len(leak["detail"]), "\u202e" in leak["detail"]) == (300, False)
    assert str(words_of(leak)["what"]) == "It names who wrote it"

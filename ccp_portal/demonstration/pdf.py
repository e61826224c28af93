"""A small PDF of a title and paragraphs, made without a library: enough to be opened, read and searched."""

import textwrap
from collections.abc import Sequence

PAGE = (595, 842)  # A4 in points
MARGIN = 64
SIZE, LEADING = 11, 16
COLUMNS = 84  # characters of Helvetica 11 that fit between the margins
NOTICE = "DEMONSTRATION - made-up document of a made-up authority"

Line = tuple[str, int, str]  # font, size, text


def write_pdf(*, title: str, subtitle: str, paragraphs: Sequence[str]) -> bytes:
    """The bytes of the document, with a notice on each page that it is made up. Latin characters only."""
    pages = _paginate(title, subtitle, paragraphs)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) /Producer (CCTV Compliance Portal, demonstration) >>" % _escaped(title),
    ]
    for number, lines in enumerate(pages, start=1):
        content = _content(lines, number, len(pages))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (*PAGE, 5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _paginate(title: str, subtitle: str, paragraphs: Sequence[str]) -> list[list[Line]]:
    lines: list[Line] = [("F2", 18, part) for part in textwrap.wrap(title, 48)]
    lines += [("F1", SIZE, subtitle), ("F1", SIZE, "")]
    for paragraph in paragraphs:
        lines += [("F1", SIZE, part) for part in textwrap.wrap(paragraph, COLUMNS)] + [("F1", SIZE, "")]
    per_page = (PAGE[1] - 2 * MARGIN) // LEADING - 3
    return [lines[start : start + per_page] for start in range(0, len(lines), per_page)]


def _content(lines: Sequence[Line], number: int, count: int) -> bytes:
    """The drawing of one page: notice at the head, text, number of the page at the foot."""
    parts = [
        b"BT /F2 9 Tf %d %d Td (%s) Tj ET" % (MARGIN, PAGE[1] - MARGIN // 2, _escaped(NOTICE)),
        b"BT /F1 9 Tf %d %d Td (Page %d of %d) Tj ET" % (MARGIN, MARGIN // 2, number, count),
        b"BT %d %d Td" % (MARGIN, PAGE[1] - MARGIN - LEADING),
    ]
    for font, size, text in lines:
        down = LEADING if size == SIZE else LEADING + 8
        parts.append(b"/%s %d Tf (%s) Tj 0 -%d Td" % (font.encode(), size, _escaped(text), down))
    return b"\n".join([*parts, b"ET"])


def _escaped(text: str) -> bytes:
    """A PDF string in the encoding of the fonts; what they lack becomes a question mark."""
    for character in "\\()":
        text = text.replace(character, "\\" + character)
    return text.encode("cp1252", "replace")


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)

"""PDF: whole, readable by everybody, and a document only: no programs, no files inside, nothing before or behind."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleBroken, Text

MOST_OBJECTS = 300_000
MOST_STREAM_BYTES = 256 * 1024 * 1024
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_NESTING = 60
STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")  # that begin as zlib does
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe)\b|<\?php", re.I)
HEAD = 2048
CHUNK = 4 * 1024 * 1024
PIECE = 16 * 1024
MOST_STREAMS = 50_000

JAVASCRIPT = gettext_lazy("The PDF holds JavaScript, which is a program. Print it to a new PDF and add that.")
LAUNCH = gettext_lazy("The PDF starts another program when it is opened or clicked. Print it to a new PDF.")
SENDS = gettext_lazy("The PDF holds a form that sends what is typed elsewhere. Print it to a new PDF.")
ATTACHED = gettext_lazy("The PDF has files attached. Add them one by one, and the PDF without them.")
MEDIA = gettext_lazy("The PDF holds a film, sound or a model in three dimensions. Take it out and save it again.")
XFA = gettext_lazy("The PDF is a form of Adobe LiveCycle (XFA), which holds programs. Print it to a new PDF.")

KEYS: dict[str, Text] = {
    "/JS": JAVASCRIPT,
    "/JavaScript": JAVASCRIPT,
    "/EmbeddedFiles": ATTACHED,
    "/EF": ATTACHED,
    "/Collection": ATTACHED,
    "/XFA": XFA,
}
ACTIONS: dict[str, Text] = {
    "/JavaScript": JAVASCRIPT,
    "/Launch": LAUNCH,
    "/SubmitForm": SENDS,
    "/ImportData": SENDS,
    "/GoToE": ATTACHED,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
}
ANNOTATIONS: dict[str, Text] = {
    "/RichMedia": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/Screen": MEDIA,
    "/3D": MEDIA,
    "/FileAttachment": ATTACHED,
}

# What reading may take: the portal opens documents of strangers in the process that serves pages.
pikepdf.settings.set_qpdf_limits(flate_max_memory=MOST_STREAM_BYTES, run_length_max_memory=MOST_STREAM_BYTES)
pikepdf.settings.set_qpdf_limits(png_max_memory=MOST_STREAM_BYTES, max_stream_filters=4, parser_max_nesting=200)


def check_pdf(data: bytes) -> None:
    """Raises RuleBroken for what is more, or less, than a document that everybody can read."""
    _refuse_outside(data)
    _refuse_bombs(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise RuleBroken(_("The PDF forbids copying or printing, so it is encrypted. Save it without limits."))
            _refuse_inside(document)
    except pikepdf.PasswordError as error:
        raise RuleBroken(_("The PDF opens with a password only. Save it without one and add it again.")) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise RuleBroken(_("The PDF is damaged or not whole. Open it, save it again and add the new file.")) from error


def refuse_late_start(data: bytes) -> None:
    """Raises RuleBroken for a PDF that begins behind something else, as readers of PDF allow (ISO 32000-1, H)."""
    if b"%PDF-" in data[:1024]:
        raise RuleBroken(_("Something stands before the beginning of the PDF. Print it to a new PDF and add that."))


def _refuse_outside(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise RuleBroken(_("The PDF breaks off before its end. Save it again, it may not have been whole."))
    tail = data[end + 5 :]
    if b"PK\x05\x06" in data[-66_000:]:
        raise RuleBroken(_("The PDF is an archive at the same time. Print it to a new PDF and add that."))
    if tail.strip(b"\x00\r\n\t "):
        raise RuleBroken(_("Something is hung on behind the end of the PDF. Print it to a new PDF and add that."))
    if MARKUP.search(data[:HEAD]):
        raise RuleBroken(_("The PDF is a web page at the same time. Print it to a new PDF and add that."))


def _refuse_bombs(data: bytes) -> None:
    """Unpack every packed stream as it lies there, in small pieces, and count."""
    whole = 0
    for number, found in enumerate(STREAM.finditer(data)):
        if number >= MOST_STREAMS:
            raise _too_many()
        for size in _unpacked(data, found.end()):
            whole += size
            if size > MOST_STREAM_BYTES or whole > MOST_UNPACKED_BYTES:
                raise RuleBroken(_("Unpacked, the PDF would be far larger than a document is. Save it smaller."))


def _too_many() -> RuleBroken:
    return RuleBroken(_("The PDF has more parts than can be looked through. Print it to a new PDF, or split it."))


def _unpacked(data: bytes, start: int) -> Iterator[int]:
    """The size of one stream, or more than the limit as soon as it is passed."""
    unpacker, view, size, place = zlib.decompressobj(), memoryview(data), 0, start
    try:
        while not unpacker.eof and size <= MOST_STREAM_BYTES and (place < len(data) or unpacker.unconsumed_tail):
            piece: Any = unpacker.unconsumed_tail
            if not piece:
                piece, place = view[place : place + PIECE], place + PIECE
            size += len(unpacker.decompress(piece, CHUNK))
    except zlib.error:
        pass  # not zlib after all, or it breaks off: a reader gets no further either
    yield size


def _refuse_inside(document: pikepdf.Pdf) -> None:
    number = len(document.objects)
    if number > MOST_OBJECTS:
        raise _too_many()
    for each in document.objects:
        _refuse_object(each, 0)


def _refuse_object(value: Any, depth: int) -> None:
    """Look through one object and all that stands directly in it; what it refers to has its own turn."""
    if depth > MOST_NESTING:
        raise RuleBroken(_("The parts of the PDF are nested too deeply to be looked through. Print it to a new PDF."))
    if isinstance(value, pikepdf.Array):
        for item in value:
            if not getattr(item, "is_indirect", False):
                _refuse_object(item, depth + 1)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        for key, item in value.items():
            if key in KEYS:
                raise RuleBroken(KEYS[key])
            if isinstance(item, pikepdf.Name):
                _refuse_word(key, str(item))
            elif not getattr(item, "is_indirect", False):
                _refuse_object(item, depth + 1)


def _refuse_word(key: str, word: str) -> None:
    table = {"/S": ACTIONS, "/Subtype": ANNOTATIONS}.get(key, {})
    if word in table:
        raise RuleBroken(table[word])

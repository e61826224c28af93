"""PDF: whole, readable by everybody, and a document only: no programs, no files inside, nothing before or behind."""

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.apart import Bounds, GaveUp, apart
from core.errors import RuleBroken, Text
from core.pdf_parts import MOST_STREAM_BYTES

BOUNDS = Bounds(memory=1024 * 1024 * 1024, seconds=20, patience=40)
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
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

MANY = gettext_lazy("The PDF has more parts than can be looked through. Print it to a new PDF, or split it.")
SENTENCES: Mapping[str, Text] = {
    "javascript": JAVASCRIPT,
    "launch": LAUNCH,
    "sends": SENDS,
    "attached": ATTACHED,
    "media": MEDIA,
    "xfa": XFA,
    "too_many": MANY,
    "nested": gettext_lazy("The parts of the PDF are nested too deeply to be looked through. Print it to a new PDF."),
    "encrypted": gettext_lazy("The PDF forbids copying or printing, so it is encrypted. Save it without limits."),
    "password": gettext_lazy("The PDF opens with a password only. Save it without one and add it again."),
    "damaged": gettext_lazy("The PDF is damaged or not whole. Open it, save it again and add the new file."),
}


def check_pdf(data: bytes) -> None:
    """Raises RuleBroken for what is more, or less, than a document that everybody can read."""
    _refuse_outside(data)
    _refuse_bombs(data)
    try:
        wrong = apart("core.pdf_parts:what_is_wrong", data, bounds=BOUNDS)
    except GaveUp as error:
        raise RuleBroken(MANY) from error
    if wrong:
        raise RuleBroken(SENTENCES[wrong])


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
            raise RuleBroken(MANY)
        for size in _unpacked(data, found.end()):
            whole += size
            if size > MOST_STREAM_BYTES or whole > MOST_UNPACKED_BYTES:
                raise RuleBroken(_("Unpacked, the PDF would be far larger than a document is. Save it smaller."))


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

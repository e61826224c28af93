"""Pictures: whole, of a size that can be shown, still, and with nothing hung on behind them."""

import re
import struct
import zlib

from django.utils.translation import gettext as _

from core.errors import RuleBroken

MOST_PIXELS = 100_000_000
MARKUP = re.compile(rb"<\s*(?:script|html|iframe|\?php)\b|<\?php", re.I)
LOOKED_AT = 1024 * 1024  # of a picture's own words, which stand at its beginning
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE = frozenset([0x01, *range(0xD0, 0xD8)])  # markers without a length
JPEG_MARKER = re.compile(
    rb"\xff[^\x00\x01\xd0-\xd7\xff]"
)  # within scans an FF may also be followed by 00, or a restart
MOST_SEGMENTS = 20_000


def check_png(data: bytes) -> None:
    """Raises RuleBroken unless it is one whole, still PNG and no more."""
    place = 8
    for number in range(MOST_SEGMENTS):
        if place + 12 > len(data):
            raise _damaged()
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, end = data[place + 4 : place + 8], place + 12 + length
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]) != struct.unpack(">I", data[end - 4 : end])[0]:
            raise _damaged()
        if number == 0:
            _refuse_pixels(*struct.unpack(">II", data[place + 8 : place + 16]))
        if name == b"acTL":
            raise _moves()
        place = end
        if name == b"IEND":
            break
    else:
        raise _damaged()
    _refuse_tail(data[place:])
    _refuse_markup(data)


def check_jpeg(data: bytes) -> None:
    """Raises RuleBroken unless it is one whole JPEG, with nothing behind it but the smaller copies of cameras."""
    place = 2
    for _number in range(MOST_SEGMENTS):
        if place + 4 > len(data) or data[place] != 0xFF:
            raise _damaged()
        marker = data[place + 1]
        if marker == 0xFF or marker in JPEG_BARE:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if marker in JPEG_SIZES and place + 9 <= len(data):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            _refuse_pixels(width, height)
        place += 2 + length
        if marker == 0xDA:
            break
    end = _end_of_scans(data, place)
    tail = data[end:]
    if not tail.startswith(b"\xff\xd8\xff") or b"PK\x05\x06" in tail or b"ftyp" in tail:
        _refuse_tail(tail)
    _refuse_markup(data)


def _end_of_scans(data: bytes, place: int) -> int:
    """Where the picture ends: at its end marker, past the segments that stand between scans."""
    for _number in range(MOST_SEGMENTS):
        found = JPEG_MARKER.search(data, place)
        if found is None:
            break
        place = found.start()
        if data[place + 1] == 0xD9:
            return place + 2
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    raise _damaged()


def check_webp(data: bytes) -> None:
    """Raises RuleBroken unless it is one whole, still WebP and no more."""
    size = int.from_bytes(data[4:8], "little") + 8
    if size > len(data) or len(data) < 30:
        raise _damaged()
    kind = data[12:16]
    if kind == b"VP8X":
        if data[20] & 0x02:
            raise _moves()
        _refuse_pixels(int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1)
    elif kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        _refuse_pixels(width & 0x3FFF, height & 0x3FFF)
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        _refuse_pixels((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    else:
        raise _damaged()
    _refuse_tail(data[size + size % 2 :])
    _refuse_markup(data)


def _damaged() -> RuleBroken:
    return RuleBroken(_("The picture is damaged or not whole. Open it, save it again and add the new file."))


def _moves() -> RuleBroken:
    return RuleBroken(_("The picture moves: it is a film in small. Save one still picture of it."))


def _refuse_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise RuleBroken(
            _("The picture has more than %(number)d million dots: unpacked it fills the memory. Save it smaller.")
            % {"number": MOST_PIXELS // 1_000_000}
        )
    if not width or not height:
        raise _damaged()


def _refuse_tail(tail: bytes) -> None:
    if b"PK\x05\x06" in tail:
        raise RuleBroken(_("An archive is hidden behind the picture. Open the picture, save it again, and add that."))
    if tail.strip(b"\x00\r\n "):
        raise RuleBroken(_("Something is hung on behind the picture. Open the picture, save it again, and add that."))


def _refuse_markup(data: bytes) -> None:
    if MARKUP.search(data[:LOOKED_AT]) or MARKUP.search(data[-LOOKED_AT:]):
        raise RuleBroken(_("The picture holds a program in its description. Save it again without its properties."))

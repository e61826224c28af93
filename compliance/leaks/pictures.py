"""Where and with what a picture was taken: EXIF and XMP in JPEG, PNG and WebP (EXIF 2.32, 4.6)."""

import re
import struct
from collections.abc import Iterator

from compliance.leaks.kinds import Found

MAKE, MODEL, ARTIST, GPS = 0x010F, 0x0110, 0x013B, 0x8825
ASCII = 2
MOST_ENTRIES = 500
XMP_PLACE = re.compile(rb"exif:GPSL(?:at|ong)itude")
XMP_CREATOR = re.compile(rb"<dc:creator>.{0,200}?<rdf:li[^>]{0,200}>([^<]{1,100})</rdf:li>", re.S)


def find_in_picture(data: bytes) -> Iterator[Found]:
    """Place, device and author."""
    for block in _exif_blocks(data):
        try:
            yield from _find_in_exif(block)
        except (struct.error, IndexError):
            yield "unseen", "EXIF"
    if XMP_PLACE.search(data):
        yield "place", "XMP"
    for creator in XMP_CREATOR.findall(data):
        yield "author", creator.decode("utf-8", "replace").strip()


def _exif_blocks(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"\xff\xd8"):
        yield from _of_jpeg(data)
    elif data.startswith(b"\x89PNG"):
        yield from _chunks(data, 8, b"eXIf", ">", is_png=True)
    elif data[8:12] == b"WEBP":
        yield from _chunks(data, 12, b"EXIF", "<", is_png=False)


def _of_jpeg(data: bytes) -> Iterator[bytes]:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] == 0xE1 and data[place + 4 : place + 10] == b"Exif\x00\x00":
            yield data[place + 10 : place + 2 + length]
        place += 2 + length


def _chunks(data: bytes, place: int, wanted: bytes, order: str, *, is_png: bool) -> Iterator[bytes]:
    """PNG names a chunk behind its length and adds a sum of four bytes; WebP names it before and pads to even."""
    while place + 8 <= len(data):
        name = data[place + 4 : place + 8] if is_png else data[place : place + 4]
        (length,) = struct.unpack(f"{order}I", data[place : place + 4] if is_png else data[place + 4 : place + 8])
        if name == wanted:
            yield data[place + 8 : place + 8 + length].removeprefix(b"Exif\x00\x00")
        place += 8 + length + (4 if is_png else length % 2)


def _find_in_exif(block: bytes) -> Iterator[Found]:
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return
    entries = dict(_entries(block, struct.unpack(f"{order}I", block[4:8])[0], order))
    if GPS in entries:
        pointer = struct.unpack(f"{order}I", entries[GPS][1])[0]
        if any(tag in {1, 2, 3, 4} for tag, _entry in _entries(block, pointer, order)):
            yield "place", "EXIF"
    device = " ".join(filter(None, (_text(block, entries.get(tag), order) for tag in (MAKE, MODEL))))
    if device:
        yield "camera", device
    if artist := _text(block, entries.get(ARTIST), order):
        yield "author", artist


Entry = tuple[tuple[int, int], bytes]  # kind and count; the value, or where it stands


def _entries(block: bytes, place: int, order: str) -> Iterator[tuple[int, Entry]]:
    (number,) = struct.unpack(f"{order}H", block[place : place + 2])
    for start in range(place + 2, place + 2 + 12 * min(number, MOST_ENTRIES), 12):
        tag, kind, count = struct.unpack(f"{order}HHI", block[start : start + 8])
        yield tag, ((kind, count), block[start + 8 : start + 12])


def _text(block: bytes, entry: Entry | None, order: str) -> str:
    if entry is None or entry[0][0] != ASCII:
        return ""
    count, value = entry[0][1], entry[1]
    if count > 4:
        place = struct.unpack(f"{order}I", value)[0]
        value = block[place : place + min(count, 200)]
    return value[:count].split(b"\x00")[0].decode("utf-8", "replace").strip()

"""What a PDF that a stranger brings says of itself: its title, texts that are attached to it, what its pages draw."""

import hashlib
import io
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.apart import Bounds, GaveUp, apart

BOUNDS = Bounds(memory=384 * 1024 * 1024, seconds=2, patience=6)
MOST_UNPACKED = 4 * 1024 * 1024  # bytes of one page's part or one attachment
MOST_DRAWN = 32 * 1024 * 1024  # bytes of all that pages draw, together
MOST_PAGES, MOST_PARTS, MOST_FILES, LONGEST_TITLE = 200, 50, 20, 500


@dataclass(frozen=True)
class Inside:
    """`files` by name, those asked for alone. `pages`: a hash of what each draws, for the first ones, the same however
    the file is written; `page_count` counts all.
    """

    title: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    pages: Sequence[str] = ()
    page_count: int = 0


def look_inside(data: bytes, files: Iterable[str] = ()) -> Inside | None:
    """What a stranger's file says; None where it cannot be read, or not within the bounds."""
    try:
        return Inside(**apart("core.pdf_inside:said", data, *files, bounds=BOUNDS))
    except GaveUp:
        return None


def said(data: bytes, *files: str) -> dict[str, Any]:
    """What `look_inside` asks for, as plain values."""
    return asdict(read_inside(data, files))


def read_inside(data: bytes, files: Iterable[str] = ()) -> Inside:
    """The same in this process, for a file that the portal itself has made. Raises ValueError for a damaged one."""
    import pikepdf  # noqa: PLC0415  (who only asks does without it)

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            title = str(document.docinfo.get("/Title", ""))[:LONGEST_TITLE]
            return Inside(title, _attached(document, set(files)), _pages(document), len(document.pages))
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from error


def _pages(document: Any) -> list[str]:
    import pikepdf  # noqa: PLC0415

    left, pages = MOST_DRAWN, []
    for page in list(document.pages)[:MOST_PAGES]:
        contents = page.obj.get("/Contents")
        parts = list(contents)[:MOST_PARTS] if isinstance(contents, pikepdf.Array) else [contents]
        drawn, left = _drawn(parts, left)
        pages.append(drawn)
    return pages


def _attached(document: Any, wanted: set[str]) -> dict[str, str]:
    import pikepdf  # noqa: PLC0415

    names = document.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    found: dict[str, str] = {}
    if names is None:
        return found
    for name, specification in list(pikepdf.NameTree(names).items())[:MOST_FILES]:
        if str(name) in wanted:
            content = _unpacked(specification.EF.F, MOST_UNPACKED)
            found[str(name)] = content.decode("utf-8", "replace") if content is not None else ""
    return found


def _drawn(parts: Sequence[Any], left: int) -> tuple[str, int]:
    """The hash of what the parts of one page draw, and how many bytes may still be unpacked afterwards."""
    seen = hashlib.sha256()
    for part in parts:
        if part is not None:
            drawn = _unpacked(part, min(MOST_UNPACKED, left)) if left > 0 else None
            left -= len(drawn or b"")
            seen.update((drawn or b"?").strip())
    return seen.hexdigest(), left


def _unpacked(stream: Any, most: int) -> bytes | None:
    """The bytes of a stream, at most so many; None for another way of packing than the one that the portal uses."""
    raw, packed = stream.read_raw_bytes(), stream.get("/Filter")
    if packed is None:
        return bytes(raw[:most])
    if str(packed) != "/FlateDecode" or "/DecodeParms" in stream:
        return None
    try:
        return zlib.decompressobj().decompress(raw, most)
    except zlib.error:
        return None

"""What a PDF gives to people who cannot see it: tags, a language, a title (ISO 32000-1, 14.7 to 14.9)."""

import io
from typing import NamedTuple

import pikepdf

from compliance.leaks import Leak, leaks_of

PDF = "application/pdf"


class Examined(NamedTuple):
    """None each where the file is no PDF or could not be read."""

    is_tagged: bool | None
    has_language: bool | None
    has_title: bool | None


UNKNOWN = Examined(None, None, None)


def examine(data: bytes, media_type: str) -> Examined:
    """Whether it has a tree of tags and says so, names its language, and has a title. No verdict on their quality."""
    if media_type != PDF:
        return UNKNOWN
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            root = document.Root
            marked = "/MarkInfo" in root and bool(root.MarkInfo.get("/Marked", False))
            title = str(document.docinfo.get("/Title", "")) or document.open_metadata().get("dc:title", "")
            return Examined(
                is_tagged=marked and "/StructTreeRoot" in root,
                has_language=bool(str(root.get("/Lang", "")).strip()),
                has_title=bool(str(title or "").strip()),
            )
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        return UNKNOWN


def found_in(data: bytes, media_type: str) -> list[Leak]:
    """What the file gives away that its pages do not show."""
    return leaks_of(io.BytesIO(data), media_type)

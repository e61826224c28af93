"""What a file says that nobody meant to publish: text under black boxes, names, tracked changes, places in pictures.

An approximation: it finds what office programs and cameras leave behind by themselves and what a drawn box fails to
hide. It cannot tell that a picture shows a face. What cannot be looked into is said, too.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import IO, TypedDict

from django.utils.translation import gettext_lazy as _

from compliance.leaks.kinds import Found
from compliance.leaks.office import find_in_excel, find_in_word
from compliance.leaks.pdf import find_in_pdf
from compliance.leaks.pictures import find_in_picture
from core.errors import Text
from core.files import EXCEL, WORD

LOOKS: Mapping[str, Callable[[bytes], Iterator[Found]]] = {
    "application/pdf": find_in_pdf,
    "image/jpeg": find_in_picture,
    "image/png": find_in_picture,
    "image/webp": find_in_picture,
    WORD: find_in_word,
    EXCEL: find_in_excel,
}
MOST_DETAIL = 300

# Kind: what was found, and what to do about it.
WORDS: Mapping[str, tuple[Text, Text]] = {
    "text_under_box": (
        _("Text lies under a dark box and can be copied out, on page"),
        _("Take the text out with a redaction tool, not by drawing over it, then replace the file."),
    ),
    "earlier_versions": (
        _("The PDF keeps what it said before it was changed"),
        _("Print it to a new PDF, then replace the file."),
    ),
    "author": (
        _("It names who wrote it"),
        _("In Word or Excel: File, Info, Inspect document. For a PDF: empty the author in its properties."),
    ),
    "last_changed_by": (
        _("It names who changed it last"),
        _("In Word or Excel: File, Info, Inspect document, remove document properties."),
    ),
    "comments": (_("It holds comments"), _("Delete the comments, then replace the file.")),
    "tracked_changes": (
        _("It holds tracked changes, so that deleted text can be read"),
        _("Accept or reject all changes and turn tracking off, then replace the file."),
    ),
    "hidden_text": (_("It holds hidden text"), _("Show hidden text and delete it, then replace the file.")),
    "hidden_sheets": (_("It holds hidden sheets"), _("Unhide the sheets and delete them, then replace the file.")),
    "hidden_rows": (
        _("It holds hidden rows or columns"),
        _("Unhide the rows and columns and delete them, then replace the file."),
    ),
    "place": (
        _("A picture says where it was taken (GPS)"),
        _("Save the picture without its properties, then replace the file."),
    ),
    "camera": (
        _("A picture says with which device it was taken"),
        _("Save the picture without its properties, then replace the file."),
    ),
    "unseen": (
        _("Parts of it could not be looked into"),
        _("Read it page by page before you publish it, or print it to a new PDF."),
    ),
}


class Leak(TypedDict):
    """One kind of thing that a file gives away, and which (names, pages, sheets), as it stands in the file."""

    kind: str
    detail: str


def leaks_of(file: IO[bytes], media_type: str) -> list[Leak]:
    """What a look inside finds, each kind once; the file stands at its beginning again. Plain text hides nothing."""
    if not (look := LOOKS.get(media_type)):
        return []
    file.seek(0)
    data = file.read()
    file.seek(0)
    found: dict[str, list[str]] = {}
    for kind, detail in look(data):
        details = found.setdefault(kind, [])
        if detail and detail not in details:
            details.append(detail)
    return [Leak(kind=kind, detail=_short(", ".join(details))) for kind, details in found.items()]


def _short(text: str) -> str:
    """One line of characters that can be shown: what stands in a file is not to be trusted."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown if len(shown) <= MOST_DETAIL else shown[: MOST_DETAIL - 1] + "…"


def words_of(leak: Leak) -> dict[str, Text]:
    """What was found, which, and what to do, for a page."""
    what, advice = WORDS.get(leak["kind"], WORDS["unseen"])
    return {"what": what, "detail": leak["detail"], "advice": advice}

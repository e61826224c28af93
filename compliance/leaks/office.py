"""What Word and Excel keep about who wrote a document and what it said before (ECMA-376)."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from compliance.leaks.kinds import Found
from compliance.leaks.pictures import find_in_picture

MOST_XML = 60 * 1024 * 1024  # of all parts together
MOST_PICTURE = 25 * 1024 * 1024
TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo"})
PROPERTIES = {
    "creator": "author",
    "lastModifiedBy": "last_changed_by",
    "Company": "author",
    "Manager": "author",
}
UNREADABLE = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OSError, EOFError, RuntimeError, ValueError)
OFF = frozenset({"0", "false", "off", "none"})


def find_in_word(data: bytes) -> Iterator[Found]:
    """Names, comments, tracked changes, hidden text, places in its pictures."""
    yield from _find(data, _word_part)


def find_in_excel(data: bytes) -> Iterator[Found]:
    """Names, comments, hidden sheets, rows and columns, places in its pictures."""
    yield from _find(data, _excel_part)


def _find(data: bytes, look) -> Iterator[Found]:  # type: ignore[no-untyped-def]
    try:
        left = MOST_XML
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.infolist():
                name = part.filename.lower()
                if name.endswith(".xml"):
                    left -= part.file_size
                    if left < 0:
                        yield "unseen", part.filename
                        continue
                    yield from _properties(package, part) if name.startswith("docprops/") else look(package, part)
                elif "/media/" in name and part.file_size <= MOST_PICTURE:
                    found = find_in_picture(package.read(part))
                    yield from ((kind, part.filename.rsplit("/", 1)[-1]) for kind, _which in found)
    except UNREADABLE:
        yield "unseen", ""


def _elements(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[str, ElementTree.Element]]:
    """Each element with its name without the namespace. Entities were refused when the file was added."""
    above: list[ElementTree.Element] = []
    with package.open(part) as file:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314
            if event == "start":
                above.append(element)
                continue
            yield element.tag.rpartition("}")[2], element
            above.pop()
            if above:
                above[-1].remove(element)  # what was looked at needs no memory


def _attribute(element: ElementTree.Element, wanted: str) -> str:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == wanted), "")


def _properties(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Found]:
    for name, element in _elements(package, part):
        text = (element.text or "").strip()
        if text and name in PROPERTIES:
            yield PROPERTIES[name], text


def _word_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Found]:
    if not part.filename.lower().startswith("word/"):
        return
    for name, element in _elements(package, part):
        if name in TRACKED:
            yield "tracked_changes", _attribute(element, "author")
        elif name == "comment":
            yield "comments", _attribute(element, "author")
        elif name == "vanish" and _attribute(element, "val") not in OFF and "styles" not in part.filename:
            yield "hidden_text", ""


def _excel_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[Found]:
    path = part.filename.lower()
    for name, element in _elements(package, part):
        if name == "sheet" and path == "xl/workbook.xml" and _attribute(element, "state") in {"hidden", "veryHidden"}:
            yield "hidden_sheets", _attribute(element, "name")
        elif name in {"row", "col"} and path.startswith("xl/worksheets/") and _is_on(_attribute(element, "hidden")):
            yield "hidden_rows", path.rsplit("/", 1)[-1].removesuffix(".xml")
        elif name in {"comment", "threadedComment"}:
            yield "comments", ""
        elif name == "author" and "comments" in path:
            yield "comments", (element.text or "").strip()


def _is_on(value: str) -> bool:
    return bool(value) and value not in OFF

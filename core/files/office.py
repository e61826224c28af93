"""Word and Excel files: packages that hold what they say, no programs, and no more than can be opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import RuleBroken

MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
OTHER_PACKAGES = {"ppt/presentation.xml", "word/document.xml", "xl/workbook.xml"}
CONTENT_TYPES = "[content_types].xml"
# What makes a part a program, under whatever name it lies (ECMA-376 part 2, 10.1.2: names are equal in either case).
MACRO_NAME = "vbaproject.bin"
MACRO_WORDS = (b"vbaproject", b"macroenabled")
MOST_PARTS = 10_000
MOST_UNPACKED_BYTES = 500 * 1024 * 1024
MOST_RATIO = 400  # of a part of RATIO_FROM bytes and more: text of markup packs to a fiftieth, never to this
RATIO_FROM = 20 * 1024 * 1024
MOST_READ = 2 * 1024 * 1024
HEAD = 4096
RECORDINGS = (".mp4", ".m4v", ".mov", ".avi", ".wmv", ".mp3", ".wav", ".m4a", ".wma")
ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"PK\x03\x04")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
OLE_PACKAGE = "Ole10Native".encode("utf-16-le")
REMOTE_TEMPLATE = re.compile(
    rb"attachedTemplate[^>]{0,400}(?:https?:|\\\\)|(?:https?:|\\\\)[^>]{0,400}attachedTemplate"
)
UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, TypeError, OSError, EOFError, RuntimeError)


def check_office(data: bytes, kind: str) -> None:
    """Raises RuleBroken unless it is a package of that kind ("docx" or "xlsx") without programs, secrets or bombs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_package(package, data, kind)
    except UNREADABLE as error:
        # RuntimeError: a way of packing that no office program uses
        raise RuleBroken(_("The file is damaged or not whole. Open it, save it again and add the new file.")) from error


def _check_package(package: zipfile.ZipFile, data: bytes, kind: str) -> None:
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    _refuse_outside(package, data)
    _refuse_bombs(parts, len(data))
    _refuse_names(names)
    if any(part.flag_bits & 1 for part in parts):
        raise RuleBroken(_("Parts of the file are locked with a password. Save it without one and add it again."))
    if MAIN_PARTS[kind] not in names:
        raise _not_of_this_kind(names, kind)
    for part in parts:
        _check_part(package, part)


def _not_of_this_kind(names: Iterable[str], kind: str) -> RuleBroken:
    if OTHER_PACKAGES.intersection(names):
        return RuleBroken(
            _("The file is of another Office program than its name ending says (%(ending)s). Give it the right ending.")
            % {"ending": kind}
        )
    return RuleBroken(
        _("The file is an archive under the name of a document (%(ending)s). Unpack it and add its documents.")
        % {"ending": kind}
    )


def _refuse_outside(package: zipfile.ZipFile, data: bytes) -> None:
    """Nothing before the first part and nothing behind the last: two programs would read two different files."""
    end = data.rfind(b"PK\x05\x06")
    starts = min((part.header_offset for part in package.infolist()), default=0)
    if starts != 0 or end < 0 or data[end + 22 + len(package.comment) :]:
        raise RuleBroken(_("Something is hung on before or behind the document. Open it, save it again and add that."))


def _refuse_bombs(parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        raise RuleBroken(
            _("The file has more than %(number)d parts. Split the document and add its pieces.")
            % {"number": MOST_PARTS}
        )
    if sum(part.compress_size for part in parts) > size:
        raise RuleBroken(_("The parts of the file lie over each other, which is how files are made that burst."))
    unpacked = sum(part.file_size for part in parts)
    bursts = any(p.file_size > RATIO_FROM and p.file_size > MOST_RATIO * max(p.compress_size, 1) for p in parts)
    if unpacked > MOST_UNPACKED_BYTES or bursts:
        raise RuleBroken(_("Unpacked, the file would be far larger than a document is. Save it with smaller pictures."))


def _refuse_names(names: list[str]) -> None:
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise RuleBroken(_("A part of the file has a name that leads out of it. Open it, save it again and add that."))
    if len(names) != len(set(names)):
        raise RuleBroken(_("Two parts of the file have the same name. Open it, save it again and add that."))
    if any(name.endswith(MACRO_NAME) or name.startswith("xl/macrosheets/") for name in names):
        raise _macros()
    if any("/activex/" in f"/{name}" for name in names):
        raise RuleBroken(_("The document holds ActiveX controls, which are programs. Save it without them."))
    if any(name.endswith(RECORDINGS) for name in names):
        raise RuleBroken(_("The document holds a film or a sound recording. Take it out and save it again."))


def _macros() -> RuleBroken:
    return RuleBroken(_("The document holds macros, which are programs. Save it without macros."))


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    with package.open(part) as file:
        head = file.read(HEAD)
        rest = file.read(MOST_READ) if _is_read(name) else b""
    if head.startswith(PROGRAMS) and not name.endswith((".xml", ".rels")):
        raise RuleBroken(_("The document has a program packed into it. Take it out and save it again."))
    if head.startswith(ARCHIVES) and not _is_embedded_office(name):
        raise RuleBroken(_("The document has an archive packed into it. Take it out and save it again."))
    plain = (head + rest).replace(b"\x00", b"")  # UTF-16 reads as ASCII then
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in plain or b"<!ENTITY" in plain):
        raise RuleBroken(_("The document declares entities, which can burst on reading. Open it and save it again."))
    if name == CONTENT_TYPES and any(word in plain.lower() for word in MACRO_WORDS):
        raise _macros()
    if name.endswith(".rels") and REMOTE_TEMPLATE.search(plain):
        raise RuleBroken(_("The document fetches its template from elsewhere. Detach the template and save it again."))
    if name == "word/document.xml" and b"DDEAUTO" in plain:
        raise _starts_program()
    if name.startswith("xl/externallinks/") and b"ddeLink" in plain:
        raise _starts_program()
    if "/embeddings/" in name:
        _check_embedded(package, part)


def _is_read(name: str) -> bool:
    return (
        name.endswith(".rels") or name in {CONTENT_TYPES, "word/document.xml"} or name.startswith("xl/externallinks/")
    )


def _starts_program() -> RuleBroken:
    return RuleBroken(_("The document starts another program when it is opened (DDE). Break the link and save it."))


def _is_embedded_office(name: str) -> bool:
    return "/embeddings/" in name and name.endswith((".docx", ".xlsx", ".pptx", ".vsdx"))


def _check_embedded(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A table behind a chart is a package of its own; a file that was dragged in is a compound one."""
    with package.open(part) as file:
        data = file.read(MOST_UNPACKED_BYTES // 10)
    if OLE_PACKAGE in data:
        raise RuleBroken(_("Another file is packed into the document. Take it out and add it by itself."))
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as inner:
        names = [each.filename.lower() for each in inner.infolist()]
        _refuse_bombs(inner.infolist(), len(data))
        _refuse_names(names)
        if CONTENT_TYPES not in names or any("/embeddings/" in name for name in names):
            raise RuleBroken(_("Files are packed into each other in the document. Take them out and save it again."))

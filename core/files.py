"""Files are what they say: size, real type by content, a safe name, a hash (design 8)."""

import hashlib
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.errors import RuleBroken

# Ending → media type by which it is served. The content must agree with the ending.
ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
}
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
TEXT_ENDINGS = frozenset({"csv", "txt"})
CONTENT_TYPES = "[content_types].xml"
# What makes a part a program, under whatever name it lies (ECMA-376 part 2, 10.1.2: names are equal in either case).
MACRO_NAME = "vbaproject.bin"
MACRO_WORDS = (b"vbaproject", b"macroenabled")
MOST_PARTS = 10_000
MOST_UNPACKED_BYTES = 500 * 1024 * 1024
MOST_CONTENT_TYPES_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class CheckedFile:
    """What is known of an accepted upload: safe name, ending, media type, size in bytes, SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


def check_upload(upload: UploadedFile, *, max_bytes: int) -> CheckedFile:
    """Read the whole upload once and judge it. Raises RuleBroken with a sentence that says why it is refused."""
    name = safe_name(upload.name or "")
    ending = PurePath(name).suffix.lower().removeprefix(".")
    size = upload.size or 0
    if size == 0:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if size > max_bytes:
        raise RuleBroken(_("The file is larger than %(megabytes)s MB.") % {"megabytes": max_bytes // (1024 * 1024)})
    head = upload.read(8192)
    upload.seek(0)
    kind = filetype.guess(head)
    if kind is not None and kind.mime.split("/")[0] in {"video", "audio"}:
        raise RuleBroken(_("This is a recording. The portal never holds footage or sound, only records about them."))
    if ending not in ACCEPTED:
        raise RuleBroken(
            _("Files of this kind are not taken. Use PDF, Word (docx), Excel (xlsx), CSV, plain text, PNG or JPEG.")
        )
    agrees = _content_agrees(upload, ending, head)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        agrees = agrees and not (ending in TEXT_ENDINGS and b"\x00" in chunk)  # text that goes on as something else
        digest.update(chunk)
    upload.seek(0)
    if not agrees:
        raise RuleBroken(
            _("The content of the file is not what its name ending says (%(ending)s).") % {"ending": ending}
        )
    return CheckedFile(name=name, media_type=ACCEPTED[ending], size=size, sha256=digest.hexdigest())


def safe_name(name: str) -> str:
    """The last part of a path, without control characters, at most 150 characters, its ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    path = PurePath(name or "file")
    return path.stem[:130] + path.suffix[:20]


def _content_agrees(upload: UploadedFile, ending: str, head: bytes) -> bool:
    if ending == "pdf":
        return head.startswith(b"%PDF-")
    if ending == "png":
        return head.startswith(b"\x89PNG\r\n\x1a\n")
    if ending in {"jpg", "jpeg"}:
        return head.startswith(b"\xff\xd8\xff")
    if ending in OFFICE_PARTS:
        return _office_file(upload.file, OFFICE_PARTS[ending])
    return b"\x00" not in head and filetype.guess(head) is None and _is_text(head)


def _office_file(file: IO[bytes] | None, part: str) -> bool:
    """A zip with the part that makes it Word or Excel, of a size that can be opened, and no macros."""
    try:
        with zipfile.ZipFile(file) as archive:  # type: ignore[arg-type]
            parts = archive.infolist()
            sizes_fit = len(parts) <= MOST_PARTS and sum(info.file_size for info in parts) <= MOST_UNPACKED_BYTES
            is_there = any(info.filename.lower() == part for info in parts)
            return is_there and sizes_fit and not any(_is_macro(archive, info) for info in parts)
    except (zipfile.BadZipFile, zlib.error, ValueError, TypeError, OSError, EOFError, RuntimeError):
        return False  # RuntimeError: a password, or a way of packing that no office program uses
    finally:
        if file is not None:
            file.seek(0)


def _is_macro(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether this part is a program, or the list of parts that calls another one a program."""
    name = info.filename.lower()
    if name != CONTENT_TYPES:
        return name.endswith(MACRO_NAME)
    with archive.open(info) as types:
        text = types.read(MOST_CONTENT_TYPES_BYTES).replace(b"\x00", b"").lower()  # UTF-16 reads as ASCII then
    return any(word in text for word in MACRO_WORDS)


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8", "cp1252"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and error.start > len(head) - 4:
                return True  # a character cut at the end of what was read
            continue
        return True
    return False

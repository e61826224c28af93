"""Files are what they say: size, real type by content, a safe name, a hash (design 8)."""

import hashlib
import unicodedata
import zipfile
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
MACRO_PART = "vbaProject.bin"


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
    if not _content_agrees(upload, ending, head):
        raise RuleBroken(
            _("The content of the file is not what its name ending says (%(ending)s).") % {"ending": ending}
        )
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
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
    """A zip with the part that makes it Word or Excel, and no macros."""
    try:
        with zipfile.ZipFile(file) as archive:  # type: ignore[arg-type]
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, TypeError):
        return False
    finally:
        if file is not None:
            file.seek(0)
    return part in names and not any(name.endswith(MACRO_PART) for name in names)


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

"""Files are what they say: size, real type by content, a safe name, a hash (design 8).

`check_upload` is the one door. What it refuses it refuses before anything is kept, in a sentence that says why and
what to do instead.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core import antivirus
from core.errors import RuleBroken
from core.files.names import refuse_name, safe_name
from core.files.office import check_office
from core.files.pdf import check_pdf, refuse_late_start
from core.files.pictures import check_jpeg, check_png, check_webp
from core.files.sniffing import refuse_content, refuse_ending, what_is
from core.files.texts import check_text
from core.uploads import was_cut

__all__ = ["ACCEPTED", "EXCEL", "WORD", "CheckedFile", "check_upload", "safe_name"]


@dataclass(frozen=True)
class Accepted:
    """An ending that is taken: the media type by which it is served, what its content must be, and a closer look."""

    media_type: str
    content: str
    look: Callable[[bytes], None]


def _word(data: bytes) -> None:
    check_office(data, "docx")


def _excel(data: bytes) -> None:
    check_office(data, "xlsx")


_OOXML = "application/vnd.openxmlformats-officedocument"
WORD, EXCEL = f"{_OOXML}.wordprocessingml.document", f"{_OOXML}.spreadsheetml.sheet"
ACCEPTED: Mapping[str, Accepted] = {
    "pdf": Accepted("application/pdf", "pdf", check_pdf),
    "png": Accepted("image/png", "png", check_png),
    "jpg": Accepted("image/jpeg", "jpeg", check_jpeg),
    "jpeg": Accepted("image/jpeg", "jpeg", check_jpeg),
    "webp": Accepted("image/webp", "webp", check_webp),
    "docx": Accepted(WORD, "zip", _word),
    "xlsx": Accepted(EXCEL, "zip", _excel),
    "csv": Accepted("text/csv", "text", check_text),
    "txt": Accepted("text/plain", "text", check_text),
}


@dataclass(frozen=True)
class CheckedFile:
    """What is known of an accepted upload: safe name, ending, media type, size in bytes, SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


def check_upload(upload: UploadedFile, *, max_bytes: int) -> CheckedFile:
    """Read the whole upload once and judge it; it stands at its beginning again afterwards.

    Raises RuleBroken with a sentence that says why it is refused.
    """
    name = upload.name or ""
    size = upload.size or 0
    if was_cut(upload):
        megabytes = settings.UPLOAD_KEPT_BYTES // (1024 * 1024)
        raise RuleBroken(
            _("The files together are larger than %(megabytes)s MB. Send some of them later.")
            % {"megabytes": megabytes}
        )
    if size == 0:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if size > max_bytes:
        raise RuleBroken(_("The file is larger than %(megabytes)s MB.") % {"megabytes": max_bytes // (1024 * 1024)})
    refuse_name(name)
    name = safe_name(name)
    ending = PurePath(name).suffix.lower().removeprefix(".")
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    content = what_is(data)
    refuse_content(content, ending)
    refuse_ending(ending, ACCEPTED)
    accepted = ACCEPTED[ending]
    if content != accepted.content:
        if ending == "pdf":
            refuse_late_start(data)
        raise RuleBroken(
            _("The content of the file is not what its name ending says (%(ending)s). Save it again as what it is.")
            % {"ending": ending}
        )
    accepted.look(data)
    antivirus.refuse_infected(data)
    return CheckedFile(name=name, media_type=accepted.media_type, size=size, sha256=hashlib.sha256(data).hexdigest())

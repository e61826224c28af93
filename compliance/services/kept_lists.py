"""Files that somebody brought in to be looked at: kept for a day, readable by the portal alone."""

import contextlib
import hashlib
import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.errors import RuleBroken

MAX_BYTES = 25 * 1024 * 1024
KEEP_SECONDS = 24 * 3600
HASH = re.compile(r"[0-9a-f]{64}")


def keep_upload(*, upload: UploadedFile) -> str:
    """Keep an uploaded file until a day has passed. Returns its SHA-256. Raises RuleBroken."""
    if not upload.size:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if upload.size > MAX_BYTES:
        raise RuleBroken(_("The file is larger than %(megabytes)d MB.") % {"megabytes": MAX_BYTES // (1024 * 1024)})
    folder = kept_folder()
    _clear_away(folder)
    draft = folder / f"draft-{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    with open(draft, "xb", opener=private) as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    draft.replace(folder / digest.hexdigest())
    return digest.hexdigest()


def kept_upload(sha256: str) -> Path:
    """Where a kept file lies. Raises RuleBroken when it is there no more."""
    path = kept_folder() / sha256
    if not HASH.fullmatch(sha256) or not path.is_file():
        raise RuleBroken(_("This list is not kept any longer. Upload it again."))
    return path


def kept_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def private(path: str, flags: int) -> int:
    """An opener: what it makes nobody else on the machine can read."""
    return os.open(path, flags, 0o600)


def _clear_away(folder: Path) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # somebody else clears away, too
            if path.stat().st_mtime < oldest:
                path.unlink()

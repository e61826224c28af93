"""Files that people gave us, on their way out: shown only where showing is harmless, else saved (design 8)."""

from typing import IO

from django.http import FileResponse

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
SANDBOX = "sandbox"


def download(file: IO[bytes], *, name: str, media_type: str) -> FileResponse:
    """The file under its media type. PDF and pictures open in a sandbox without scripts; all else is an attachment.

    Who may have it is asked before. No cache keeps it.
    """
    shown = media_type in SHOWN
    response = FileResponse(
        file,
        content_type=media_type or "application/octet-stream",
        as_attachment=not shown,
        filename=name,
    )
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

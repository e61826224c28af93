"""Files on their way out: those that people gave us are shown only where that is harmless, else saved (design 8)."""

from typing import IO

from django.http import FileResponse, HttpResponse

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})
SANDBOX = "sandbox"
# In a frame of our own pages too. The header makes the sandbox: Chromium shows no PDF in an <iframe sandbox>.
SANDBOX_IN_OWN_PAGES = "sandbox; frame-ancestors 'self'"


def download(file: IO[bytes], *, name: str, media_type: str, in_own_pages: bool = False) -> FileResponse:
    """The file under its media type. PDF and pictures open in a sandbox without scripts; all else is an attachment.
    With `in_own_pages` a page of the portal may frame it.

    Who may have it is asked before. No cache keeps it.
    """
    shown = media_type in SHOWN
    response = FileResponse(
        file,
        content_type=media_type or "application/octet-stream",
        as_attachment=not shown,
        filename=name,
    )
    response["Content-Security-Policy"] = SANDBOX_IN_OWN_PAGES if in_own_pages and shown else SANDBOX
    if in_own_pages and shown:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def frozen_text(content: str, *, name: str) -> HttpResponse:
    """A frozen text to be saved: the exact bytes that were hashed. No cache keeps it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content.encode(), content_type="application/json; charset=utf-8", headers=headers)

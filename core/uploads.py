"""Uploads on their way in: no more of a file is kept than shows that it is too large."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep. What goes on after UPLOAD_KEPT_BYTES is read and dropped, so that the page
    still answers with its sentence, and nobody fills the disk, signed in or not.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_KEPT_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""

"""Uploads on their way in: no more of a file is kept than shows that it is too large."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep. What goes on after UPLOAD_KEPT_BYTES is read and dropped, so that the page
    still answers with its sentence, and nobody fills the disk, signed in or not.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_KEPT_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


class MemoryUploadHandler(FileUploadHandler):
    """Keeps a file in memory alone, at most `most` bytes: nothing of it ever reaches a disk. What goes on after that is
    read and dropped, and the file reads as one byte too large.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = self.most + 1 - self.kept.tell()
        self.kept.write(raw_data[: max(room, 0)])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "", self.content_type or "", size, self.charset
        )

"""Uploads on their way in: no more of a file is kept than shows that it is too large."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
CUT = "ccp-cut"  # stands beside the content type of a file of which not all was kept


def takes_files(most: int) -> Callable[[View], View]:
    """Mark a view whose form takes so many files in one request; every other one takes one."""

    def mark(view: View) -> View:
        view.most_files = most  # type: ignore[attr-defined]
        return view

    return mark


def _most_files(request: HttpRequest | None) -> int:
    match = request.resolver_match if request is not None else None
    return int(getattr(match.func, "most_files", 1)) if match else 1


def was_cut(upload: UploadedFile) -> bool:
    """Whether not all of the file was kept, because the files of its request together are too large."""
    return CUT in (getattr(upload, "content_type_extra", None) or {})


class CountingUploadHandler(FileUploadHandler):
    """Refuses a file more than the page at the request's address takes (`takes_files`)."""

    files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raises TooManyFilesSent, which answers 400: no form of ours sends so many."""
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > _most_files(self.request):
            raise TooManyFilesSent("The page takes fewer files than were sent.")


class CappedUploadHandler(CountingUploadHandler):
    """Stands before the handlers that keep. What goes on after UPLOAD_KEPT_BYTES, all files of the request together, is
    read and dropped, so that the page still answers with its sentence, and nobody fills the disk, signed in or not.
    """

    kept = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.kept > settings.UPLOAD_KEPT_BYTES:
            if self.files > 1 and self.content_type_extra is not None:
                self.content_type_extra[CUT] = b"1"  # the uploaded file has it too
            return None
        self.kept += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


class MemoryUploadHandler(CountingUploadHandler):
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

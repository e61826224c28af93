"""Mail without SMTP: each message is one file in the data folder."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

UNSAFE = re.compile(r"[^A-Za-z0-9@._-]+")


class FolderBackend(BaseEmailBackend):
    """Writes `<Message-ID>.eml` into settings.MAIL_ROOT, whole or not at all; the same again replaces itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_ROOT)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            self._write(folder / file_name(str(message["Message-ID"])), message.as_bytes())
        return len(email_messages)

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise


def file_name(message_id: str) -> str:
    """The file name of a Message-ID: its safe characters, at most 180 of them, and `.eml`."""
    return (UNSAFE.sub("_", message_id.strip("<> ")).lstrip(".")[:180] or "message") + ".eml"

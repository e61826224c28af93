"""What tests of people and organisations share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import jobs


@pytest.fixture
def letters(settings: Any, own_folders: Path) -> Callable[[], list[str]]:
    """Does all due jobs and returns every mail that lies in the data folder by then, in the order of the file names."""
    settings.EMAIL_BACKEND = "accounts.mail.FolderBackend"

    def read() -> list[str]:
        jobs.drain()
        return [path.read_text("utf-8") for path in sorted((own_folders / "mail").iterdir())]

    return read

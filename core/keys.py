"""Keys that the portal makes for itself and keeps in `<data>/keys/`, readable by its own user alone."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def kept_key(name: str, make: Callable[[], bytes]) -> bytes:
    """The key of that name, made at first use; two processes that start together read the same one."""
    path = Path(settings.PORTAL_DATA) / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
            os.link(draft, path)  # refuses to replace a key that another process made meanwhile
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_bytes().strip()

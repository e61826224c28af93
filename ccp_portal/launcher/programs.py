"""Programs that are looked for on this machine."""

import os
import shutil

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """The browser of the browser tests: PORTAL_CHROMIUM, else one on the PATH."""
    if named := os.environ.get("PORTAL_CHROMIUM"):
        return named
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
